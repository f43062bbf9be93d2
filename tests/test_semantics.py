"""The rules of semantics 1-4 by hand-checked examples: one class a paragraph.

Each example goes both ways, by intervals (`fold` + `timeline`) and day by day (`replay.engine.stretches`), and both
must give exactly the expected rows, newest first: residence, dwelling, `since`, `until`, how exactly each is known,
whether the whole row is certain, and the positions of the facts behind it. Everybody is born on 4 May 2000 unless said
otherwise; that is fact 1, so that the first fact of an example is fact 2.
"""

from datetime import date

import pytest
from given import entries, uid

from registry.aggregates.person.events import (
    CardRow,
    CarryOverAnnulled,
    Change,
    DeathAnnulled,
    Deceased,
    DeregistrationAnnulled,
    EntryWithdrawn,
    OccupiedAddressNoted,
    Particulars,
    ParticularsCorrected,
    ParticularsUpdated,
    PastResidenceEntered,
    PersonEntered,
    ResidenceAnnulled,
    ResidenceCarriedOver,
    ResidenceCorrected,
    ResidenceDeclared,
    ResidenceDeregistered,
    ResidenceRegistered,
    ResidenceVersion,
    StayRegistered,
)
from registry.aggregates.person.state import fold
from registry.aggregates.person.timeline import current, standing, timeline
from registry.aggregates.values import AFTER_ALL, BEFORE_ALL
from replay.engine import Life, idle, stretches

BORN = "2000-05-04"


def born(birth=BORN):
    return PersonEntered(particulars=Particulars(surname="Вигадана", birth_date=birth))


def home(letter):
    return uid(ord(letter))


def reg(number, at, since, fact=ResidenceRegistered, **more):
    return fact(residence=uid(number), dwelling=home(at), since=since, **more)


def past(number, at, since, until):
    return PastResidenceEntered(residence=uid(number), kind="registered", dwelling=home(at), since=since, until=until)


def dereg(number, until):
    return ResidenceDeregistered(residence=uid(number), dwelling=home("A"), until=until)


def correct(number, at, since, until=None, kind="registered"):
    was = ResidenceVersion(kind="registered", dwelling=home("A"))
    now = ResidenceVersion(kind=kind, dwelling=home(at), since=since, until=until)
    return ResidenceCorrected(residence=uid(number), was=was, now=now, reason="описка")


def annul(number, revives, revived=None, revived_until=None):
    return ResidenceAnnulled(
        residence=uid(number),
        dwelling=home("A"),
        basis="висновок",
        revives=revives,
        revived=uid(revived) if revived else None,
        revived_until=revived_until,
    )


def carry(left, number, at, since):
    return ResidenceCarriedOver(
        from_residence=uid(left), residence=uid(number), dwelling=home(at), since=since, succession=1
    )


def keep(number, list_until=None):
    return OccupiedAddressNoted(residence=uid(number), list_entry="99", list_until=list_until)


def row(number, at, since, until, *facts, known="day", until_known=None, certain=True):
    """An expected row; `until_known` is by itself `day`, or `none` where there is no end."""
    return (
        uid(number),
        home(at),
        day(since),
        day(until),
        known,
        until_known or ("day" if until else "none"),
        certain,
        facts,
    )


def day(text):
    return date.fromisoformat(text) if text else None


def seen(residence, dwelling, one):
    certain = one.certain_since <= (one.since or BEFORE_ALL) and (one.until or AFTER_ALL) <= (
        one.certain_until or AFTER_ALL
    )
    return (residence, dwelling, one.since, one.until, one.since_known, one.until_known, certain, one.facts)


class lived:
    """Facts of one person after their entry, and what both ways say of them."""

    def __init__(self, *facts, birth=BORN, acts=None):
        self.person = fold(entries([born(birth), *facts], acts=acts))
        self.rows = timeline(self.person)
        by_intervals = [seen(one.residence, one.dwelling, one) for one in standing(self.rows)]
        by_days = [seen(one.residence.id, one.residence.dwelling, one) for one in stretches(self.person)]
        assert by_intervals == by_days
        self.standing = by_intervals

    def rows_are(self, *rows):
        assert self.standing == list(rows)
        return self

    def without_a_day(self, **states):
        """These residences (as `r2="superseded"`) and no others count on no day, both ways."""
        expected = {uid(int(name[1:])): state for name, state in states.items()}
        assert {one.residence: one.state for one in self.rows if one.state != "standing"} == expected
        assert {one.id: state for one, state in idle(self.person)} == expected
        return self

    def on(self, text):
        """Where the person lives on a day, asked day by day and by the rows: both the letter of the dwelling."""
        asked = day(text)
        holder = Life(self.person).holder(asked)
        there = [
            dwelling
            for one, (_, dwelling, since, until, *_) in zip(standing(self.rows), self.standing, strict=True)
            if not one.kept and (since or BEFORE_ALL) <= asked < (until or AFTER_ALL)
        ]
        assert there == ([holder.dwelling] if holder else [])
        return chr(there[0].int) if there else None


class Test11TheHighestRankedWithSinceByThenDecides:
    def test_one_lives_there_from_its_first_day_on(self):
        life = lived(reg(1, "A", "2020-01-01")).rows_are(row(1, "A", "2020-01-01", None, 2))
        assert (life.on("2019-12-31"), life.on("2020-01-01"), life.on("2999-01-01")) == (None, "A", "A")

    def test_until_the_since_of_the_next_which_is_not_its_day_any_more(self):
        life = lived(reg(1, "A", "2020-01-01"), reg(2, "B", "2021-06-15", ResidenceDeclared)).rows_are(
            row(2, "B", "2021-06-15", None, 3),
            row(1, "A", "2020-01-01", "2021-06-15", 2, 3),
        )
        assert (life.on("2021-06-14"), life.on("2021-06-15")) == ("A", "B")

    def test_until_its_own_end(self):
        life = lived(reg(1, "A", "2020-01-01", StayRegistered), dereg(1, "2021-01-01"))
        life.rows_are(row(1, "A", "2020-01-01", "2021-01-01", 2, 3))
        assert (life.on("2020-12-31"), life.on("2021-01-01")) == ("A", None)

    def test_the_last_recorded_ranks_highest_also_when_it_began_earlier(self):
        lived(reg(1, "A", "2021-01-01"), reg(2, "B", "2020-01-01"), reg(3, "C", "2022-01-01")).rows_are(
            row(3, "C", "2022-01-01", None, 4),
            row(2, "B", "2020-01-01", "2022-01-01", 3, 4),
        ).without_a_day(r1="superseded")

    def test_one_that_ended_still_stands_in_the_way_of_lower_ranks(self):
        life = lived(reg(1, "A", "2020-01-01"), reg(2, "B", "2021-01-01"), dereg(2, "2022-01-01")).rows_are(
            row(2, "B", "2021-01-01", "2022-01-01", 3, 4),
            row(1, "A", "2020-01-01", "2021-01-01", 2, 3),
        )
        assert life.on("2022-01-01") is None

    def test_the_earliest_of_several_higher_ones_ends_it(self):
        lived(reg(1, "A", "2018-01-01"), reg(2, "B", "2022-01-01"), reg(3, "C", "2020-01-01")).rows_are(
            row(3, "C", "2020-01-01", None, 4),
            row(1, "A", "2018-01-01", "2020-01-01", 2, 4),
        ).without_a_day(r2="superseded")

    def test_two_from_the_same_day_leave_the_earlier_recorded_without_a_day(self):
        lived(reg(1, "A", "2020-01-01"), reg(2, "B", "2020-01-01")).rows_are(
            row(2, "B", "2020-01-01", None, 3)
        ).without_a_day(r1="superseded")

    def test_rank_is_the_order_of_recording_within_one_act_too(self):
        lived(reg(1, "A", "2020-01-01"), reg(2, "B", "2020-01-01"), acts=[0, 1, 1]).rows_are(
            row(2, "B", "2020-01-01", None, 3)
        )

    def test_the_same_dwelling_twice_is_two_rows(self):
        lived(reg(1, "A", "2020-01-01"), reg(2, "A", "2021-01-01")).rows_are(
            row(2, "A", "2021-01-01", None, 3), row(1, "A", "2020-01-01", "2021-01-01", 2, 3)
        )


class Test12PastResidences:
    def test_rank_below_all_others_whenever_recorded(self):
        lived(reg(1, "A", "2020-01-01"), past(2, "B", "2018-01-01", "2021-01-01")).rows_are(
            row(1, "A", "2020-01-01", None, 2),
            row(2, "B", "2018-01-01", "2020-01-01", 2, 3),
        )
        lived(past(2, "B", "2018-01-01", "2021-01-01"), reg(1, "A", "2020-01-01")).rows_are(
            row(1, "A", "2020-01-01", None, 3),
            row(2, "B", "2018-01-01", "2020-01-01", 2, 3),
        )

    def test_cut_in_two_each_part_is_a_row_of_the_same_residence(self):
        life = lived(
            reg(1, "A", "2019-01-01"), dereg(1, "2020-01-01"), past(2, "B", "2018-01-01", "2021-01-01")
        ).rows_are(
            row(2, "B", "2020-01-01", "2021-01-01", 2, 3, 4),
            row(1, "A", "2019-01-01", "2020-01-01", 2, 3),
            row(2, "B", "2018-01-01", "2019-01-01", 2, 4),
        )
        assert [(one.residence, one.part) for one in life.rows] == [(uid(1), 1), (uid(2), 1), (uid(2), 2)]

    def test_cut_in_three(self):
        life = lived(
            reg(1, "A", "2011-01-01"),
            dereg(1, "2012-01-01"),
            reg(2, "B", "2013-01-01"),
            dereg(2, "2014-01-01"),
            past(3, "C", "2010-01-01", "2015-01-01"),
        )
        assert [chr(dwelling.int) for _, dwelling, *_ in life.standing] == ["C", "B", "C", "A", "C"]

    def test_wholly_covered_it_is_superseded(self):
        lived(reg(1, "A", "2018-01-01"), past(2, "B", "2018-01-01", "2021-01-01")).rows_are(
            row(1, "A", "2018-01-01", None, 2)
        ).without_a_day(r2="superseded")

    def test_among_them_the_later_since_decides(self):
        lived(past(1, "A", "2010-01-01", "2015-01-01"), past(2, "B", "2012-01-01", "2013-01-01")).rows_are(
            row(1, "A", "2013-01-01", "2015-01-01", 2, 3),
            row(2, "B", "2012-01-01", "2013-01-01", 3),
            row(1, "A", "2010-01-01", "2012-01-01", 2, 3),
        )

    def test_whenever_it_was_recorded(self):
        lived(past(2, "B", "2012-01-01", "2013-01-01"), past(1, "A", "2010-01-01", "2015-01-01")).rows_are(
            row(1, "A", "2013-01-01", "2015-01-01", 2, 3),
            row(2, "B", "2012-01-01", "2013-01-01", 2),
            row(1, "A", "2010-01-01", "2012-01-01", 2, 3),
        )

    def test_then_the_earlier_until(self):
        for facts in (
            [past(1, "A", "2010-01-01", "2015-01-01"), past(2, "B", "2010-01-01", "2012-01-01")],
            [past(2, "B", "2010-01-01", "2012-01-01"), past(1, "A", "2010-01-01", "2015-01-01")],
        ):
            life = lived(*facts)
            assert (life.on("2010-01-01"), life.on("2011-12-31"), life.on("2012-01-01")) == ("B", "B", "A")

    def test_then_the_later_recorded(self):
        lived(past(1, "A", "2010-01-01", "2012-01-01"), past(2, "B", "2010-01-01", "2012-01-01")).rows_are(
            row(2, "B", "2010-01-01", "2012-01-01", 3)
        ).without_a_day(r1="superseded")

    def test_the_later_first_possible_since_of_partial_ones(self):
        life = lived(past(1, "A", "2010-06", "2012-01-01"), past(2, "B", "2010", "2012-01-01"))
        assert (life.on("2010-05-31"), life.on("2010-06-01")) == ("B", "A")

    def test_their_own_ends_do_not_end_the_ranked(self):
        lived(reg(1, "A", "2020-01-01"), past(2, "B", "2022-01-01", "2023-01-01")).rows_are(
            row(1, "A", "2020-01-01", None, 2)
        ).without_a_day(r2="superseded")


class Test13DeregistrationAndDeath:
    def test_registering_later_starts_anew(self):
        lived(reg(1, "A", "2020-01-01"), dereg(1, "2021-01-01"), reg(2, "A", "2022-01-01")).rows_are(
            row(2, "A", "2022-01-01", None, 4), row(1, "A", "2020-01-01", "2021-01-01", 2, 3)
        )

    def test_death_ends_everything_on_its_date(self):
        life = lived(reg(1, "A", "2020-01-01"), Deceased(registered_on="2023-03-01"))
        life.rows_are(row(1, "A", "2020-01-01", "2023-03-01", 2, 3))
        assert (life.on("2023-02-28"), life.on("2023-03-01")) == ("A", None)

    def test_the_earlier_of_death_and_deregistration(self):
        for facts in (
            [dereg(1, "2022-01-01"), Deceased(registered_on="2023-03-01")],
            [Deceased(registered_on="2023-03-01"), dereg(1, "2022-01-01")],
        ):
            life = lived(reg(1, "A", "2020-01-01"), *facts)
            assert [one[3] for one in life.standing] == [date(2022, 1, 1)]
        lived(reg(1, "A", "2020-01-01"), dereg(1, "2023-06-01"), Deceased(registered_on="2023-03-01")).rows_are(
            row(1, "A", "2020-01-01", "2023-03-01", 2, 3, 4)
        )

    def test_what_starts_on_the_day_of_death_or_after_is_superseded(self):
        for since in ("2023-03-01", "2023-03-02"):
            life = lived(reg(1, "A", "2020-01-01"), reg(2, "B", since), Deceased(registered_on="2023-03-01"))
            life.without_a_day(r2="superseded")
            assert life.on("2023-02-28") == "A"
        lived(reg(2, "B", "2023-02-28"), Deceased(registered_on="2023-03-01")).without_a_day()

    def test_death_stays_with_the_person_whatever_is_corrected(self):
        facts = [reg(1, "A", "2020-01-01"), Deceased(registered_on="2023-03-01"), correct(1, "B", "2019-01-01")]
        lived(*facts).rows_are(row(1, "B", "2019-01-01", "2023-03-01", 2, 3, 4))
        lived(*facts, annul(1, revives=True)).rows_are().without_a_day(r1="annulled")

    def test_it_ends_a_past_one_and_a_kept_one_too(self):
        lived(past(1, "A", "2020-01-01", "2023-06-01"), Deceased(registered_on="2023-03-01")).rows_are(
            row(1, "A", "2020-01-01", "2023-03-01", 2, 3)
        )
        lived(reg(1, "A", "2020-01-01"), keep(1), Deceased(registered_on="2023-03-01")).rows_are(
            row(1, "A", "2020-01-01", "2023-03-01", 2, 3, 4)
        )

    def test_a_second_death_that_got_into_the_log_changes_nothing(self):
        facts = [reg(1, "A", "2020-01-01"), Deceased(registered_on="2023-03-01"), Deceased(registered_on="2022-01-01")]
        life = lived(*facts).rows_are(row(1, "A", "2020-01-01", "2023-03-01", 2, 3))
        assert life.person.unmatched == (4,)


class Test14Correcting:
    def test_keeps_the_id_and_the_rank(self):
        lived(reg(1, "A", "2020-01-01"), reg(2, "B", "2021-01-01"), correct(1, "C", "2022-01-01")).rows_are(
            row(2, "B", "2021-01-01", None, 3)
        ).without_a_day(r1="superseded")

    def test_dwelling_kind_since_and_end(self):
        life = lived(reg(1, "A", "2020-01-01"), correct(1, "B", "2019-01-01", "2021-01-01", kind="stay")).rows_are(
            row(1, "B", "2019-01-01", "2021-01-01", 2, 3)
        )
        assert life.rows[0].kind == "stay"

    def test_what_the_wrong_version_had_ended_stands_again(self):
        lived(reg(1, "A", "2020-01-01"), reg(2, "B", "2021-01-01"), correct(2, "B", "2022-01-01")).rows_are(
            row(2, "B", "2022-01-01", None, 3, 4), row(1, "A", "2020-01-01", "2022-01-01", 2, 3, 4)
        )

    def test_and_what_it_had_superseded(self):
        lived(reg(1, "A", "2020-01-01"), reg(2, "B", "2019-01-01"), correct(2, "B", "2021-01-01")).rows_are(
            row(2, "B", "2021-01-01", None, 3, 4), row(1, "A", "2020-01-01", "2021-01-01", 2, 3, 4)
        )

    def test_an_end_taken_away_opens_it_again(self):
        lived(reg(1, "A", "2020-01-01"), dereg(1, "2021-01-01"), correct(1, "A", "2020-01-01")).rows_are(
            row(1, "A", "2020-01-01", None, 2, 3, 4)
        )

    def test_a_past_one_stays_a_past_one(self):
        lived(
            reg(1, "A", "2020-01-01"),
            past(2, "B", "2010-01-01", "2012-01-01"),
            correct(2, "C", "2011-01-01", "2021-01-01"),
        ).rows_are(row(1, "A", "2020-01-01", None, 2), row(2, "C", "2011-01-01", "2020-01-01", 2, 3, 4))

    def test_the_last_correction_holds(self):
        lived(reg(1, "A", "2020-01-01"), correct(1, "B", "2020-01-01"), correct(1, "C", "2020-01-01")).rows_are(
            row(1, "C", "2020-01-01", None, 2, 3, 4)
        )


class Test15Annulling:
    TWO = (reg(1, "A", "2020-01-01"), reg(2, "B", "2021-01-01"))

    def test_the_one_before_revives_as_if_it_had_never_been(self):
        lived(*self.TWO, annul(2, revives=True, revived=1)).rows_are(row(1, "A", "2020-01-01", None, 2)).without_a_day(
            r2="annulled"
        )

    def test_or_until_a_day(self):
        lived(*self.TWO, annul(2, revives=True, revived=1, revived_until="2022-01-01")).rows_are(
            row(1, "A", "2020-01-01", "2022-01-01", 2, 4)
        )

    def test_or_not_then_nothing_of_lower_rank_runs_past_its_since(self):
        life = lived(*self.TWO, annul(2, revives=False)).rows_are(row(1, "A", "2020-01-01", "2021-01-01", 2, 3, 4))
        assert (life.on("2020-12-31"), life.on("2021-01-01")) == ("A", None)

    def test_but_a_past_one_does(self):
        lived(past(1, "A", "2020-01-01", "2022-01-01"), reg(2, "B", "2021-01-01"), annul(2, revives=False)).rows_are(
            row(1, "A", "2020-01-01", "2022-01-01", 2)
        )

    def test_nor_does_it_end_those_of_higher_rank(self):
        lived(*self.TWO, annul(1, revives=False)).rows_are(row(2, "B", "2021-01-01", None, 3)).without_a_day(
            r1="annulled"
        )

    def test_a_past_one_annulled_gives_its_days_to_another(self):
        lived(
            past(1, "A", "2010-01-01", "2015-01-01"), past(2, "B", "2012-01-01", "2013-01-01"), annul(2, revives=True)
        ).rows_are(row(1, "A", "2010-01-01", "2015-01-01", 2))

    def test_all_annulled_leaves_nobody_anywhere(self):
        lived(*self.TWO, annul(2, revives=True, revived=1), annul(1, revives=True)).rows_are().without_a_day(
            r1="annulled", r2="annulled"
        )


class Test16TakingBack:
    def test_a_deregistration(self):
        back = DeregistrationAnnulled(takes_back=3, residence=uid(1), dwelling=home("A"), basis="суд")
        lived(reg(1, "A", "2020-01-01"), dereg(1, "2021-01-01"), back).rows_are(
            row(1, "A", "2020-01-01", None, 2, 3, 4)
        )

    def test_but_not_past_a_later_registration(self):
        back = DeregistrationAnnulled(takes_back=3, residence=uid(1), dwelling=home("A"), basis="суд")
        lived(reg(1, "A", "2020-01-01"), dereg(1, "2021-01-01"), reg(2, "B", "2022-01-01"), back).rows_are(
            row(2, "B", "2022-01-01", None, 4), row(1, "A", "2020-01-01", "2022-01-01", 2, 3, 4, 5)
        )

    def test_a_death_and_what_it_ended_stands_again(self):
        facts = [reg(1, "A", "2020-01-01"), Deceased(registered_on="2023-03-01")]
        lived(*facts, DeathAnnulled(takes_back=3, basis="тезка")).rows_are(row(1, "A", "2020-01-01", None, 2))

    def test_a_wrong_date_of_death_is_taken_back_and_recorded_right(self):
        facts = [reg(1, "A", "2020-01-01"), Deceased(registered_on="2023-03-01")]
        facts += [DeathAnnulled(takes_back=3, basis="дата"), Deceased(registered_on="2023-03-11")]
        lived(*facts).rows_are(row(1, "A", "2020-01-01", "2023-03-11", 2, 5))

    def test_a_carry_over(self):
        back = CarryOverAnnulled(takes_back=3, residence=uid(2), dwelling=home("B"), basis="суд")
        lived(reg(1, "A", "2020-01-01"), carry(1, 2, "B", "2021-01-01"), back).rows_are(
            row(1, "A", "2020-01-01", None, 2)
        ).without_a_day(r2="annulled")

    def test_one_that_names_another_fact_changes_nothing_and_is_noticed(self):
        for fact in (
            DeathAnnulled(takes_back=2, basis="тезка"),
            DeregistrationAnnulled(takes_back=2, residence=uid(1), dwelling=home("A"), basis="суд"),
            CarryOverAnnulled(takes_back=2, residence=uid(1), dwelling=home("A"), basis="суд"),
        ):
            life = lived(reg(1, "A", "2020-01-01"), fact).rows_are(row(1, "A", "2020-01-01", None, 2))
            assert life.person.unmatched == (3,)


class Test17Withdrawn:
    def test_nothing_of_it_counts(self):
        facts = [
            reg(1, "A", "2020-01-01"),
            past(2, "B", "2010-01-01", "2011-01-01"),
            Deceased(registered_on="2023-03-01"),
        ]
        life = lived(*facts, EntryWithdrawn(reason="двійник")).rows_are().without_a_day()
        assert (life.person.entered, life.person.death, life.person.version) == (False, None, 5)

    def test_the_next_entry_is_an_empty_life_with_new_ranks(self):
        facts = [reg(1, "A", "2021-01-01"), Deceased(registered_on="2022-01-01"), EntryWithdrawn(reason="двійник")]
        lived(*facts, born("1990-01-01"), reg(2, "B", "1995-01-01")).rows_are(row(2, "B", "1995-01-01", None, 6))


class Test2CarriedOver:
    def test_the_residence_goes_on_in_the_new_dwelling(self):
        life = lived(reg(1, "A", "2020-01-01", StayRegistered), carry(1, 2, "B", "2021-01-01")).rows_are(
            row(2, "B", "2021-01-01", None, 3), row(1, "A", "2020-01-01", "2021-01-01", 2, 3)
        )
        assert [(one.kind, one.carried) for one in life.rows] == [("stay", False), ("stay", True)]

    def test_a_date_before_its_own_since_supersedes_it(self):
        for since in ("2020-01-01", "2019-01-01"):
            lived(reg(1, "A", "2020-01-01"), carry(1, 2, "B", since)).rows_are(
                row(2, "B", since, None, 3)
            ).without_a_day(r1="superseded")

    def test_it_is_the_carried_one_that_later_ends(self):
        lived(reg(1, "A", "2020-01-01"), carry(1, 2, "B", "2021-01-01"), dereg(2, "2022-01-01")).rows_are(
            row(2, "B", "2021-01-01", "2022-01-01", 3, 4), row(1, "A", "2020-01-01", "2021-01-01", 2, 3)
        )

    def test_a_kept_one_is_kept_there_too(self):
        life = lived(reg(1, "A", "2020-01-01"), keep(1), reg(2, "C", "2022-01-01"), carry(1, 3, "B", "2023-01-01"))
        life.rows_are(
            row(3, "B", "2023-01-01", None, 5),
            row(2, "C", "2022-01-01", None, 4),
            row(1, "A", "2020-01-01", "2023-01-01", 2, 3, 5),
        )
        assert [(one.residence, one.kept) for one in life.rows] == [(uid(1), True), (uid(2), False), (uid(3), True)]
        assert current(life.rows).residence == uid(2)

    def test_and_on_and_on(self):
        lived(reg(1, "A", "2020-01-01"), carry(1, 2, "B", "2021-01-01"), carry(2, 3, "C", "2022-01-01")).rows_are(
            row(3, "C", "2022-01-01", None, 4),
            row(2, "B", "2021-01-01", "2022-01-01", 3, 4),
            row(1, "A", "2020-01-01", "2021-01-01", 2, 3),
        )


class Test3Kept:
    def test_it_neither_ends_nor_is_ended(self):
        life = lived(reg(1, "A", "2020-01-01"), keep(1), reg(2, "B", "2022-01-01")).rows_are(
            row(2, "B", "2022-01-01", None, 4), row(1, "A", "2020-01-01", None, 2, 3)
        )
        assert (life.on("2021-01-01"), life.on("2022-01-01")) == (None, "B")

    def test_what_it_had_ended_stands_again_unless_an_end_was_recorded(self):
        lived(reg(1, "A", "2018-01-01"), reg(2, "B", "2020-01-01"), keep(2)).rows_are(
            row(2, "B", "2020-01-01", None, 3, 4), row(1, "A", "2018-01-01", None, 2)
        )
        lived(reg(1, "A", "2018-01-01"), reg(2, "B", "2020-01-01"), dereg(1, "2020-01-01"), keep(2)).rows_are(
            row(2, "B", "2020-01-01", None, 3, 5), row(1, "A", "2018-01-01", "2020-01-01", 2, 4)
        )

    def test_until_its_own_deregistration(self):
        facts = [reg(1, "A", "2020-01-01"), keep(1), reg(2, "B", "2022-01-01"), keep(1, "2023-01-01")]
        life = lived(*facts).rows_are(row(2, "B", "2022-01-01", None, 4), row(1, "A", "2020-01-01", None, 2, 3, 5))
        assert life.person.residences[0].kept_until == "2023-01-01"
        lived(*facts, dereg(1, "2023-02-01")).rows_are(
            row(2, "B", "2022-01-01", None, 4), row(1, "A", "2020-01-01", "2023-02-01", 2, 3, 5, 6)
        )

    def test_outside_this_community_it_is_no_residence(self):
        note = OccupiedAddressNoted(address="місто Вигадане", list_entry="99")
        life = lived(reg(1, "A", "2020-01-01"), note).rows_are(row(1, "A", "2020-01-01", None, 2))
        assert life.person.occupied == (note,)

    def test_one_at_a_time_of_either_kind(self):
        lived(reg(1, "A", "2020-01-01"), reg(2, "B", "2021-01-01", StayRegistered)).rows_are(
            row(2, "B", "2021-01-01", None, 3), row(1, "A", "2020-01-01", "2021-01-01", 2, 3)
        )


class Test4DatesThatAreNotKnown:
    def test_since_is_its_first_possible_day(self):
        lived(reg(1, "A", "2020-06")).rows_are(row(1, "A", "2020-06-01", None, 2, known="month", certain=False))
        lived(reg(1, "A", "2020")).rows_are(row(1, "A", "2020-01-01", None, 2, known="year", certain=False))

    def test_never_before_the_first_possible_birth(self):
        for birth, since in (("2000-05-04", "2000-05-04"), ("2000-05", "2000-05-01"), ("2000", "2000-01-01")):
            lived(reg(1, "A", "2000"), birth=birth).rows_are(row(1, "A", since, None, 2, known="year", certain=False))
        lived(reg(1, "A", "2000"), birth=None).rows_are(row(1, "A", "2000-01-01", None, 2, known="year", certain=False))

    def test_a_corrected_birth_moves_what_it_bounds(self):
        later = ParticularsCorrected(changes=(Change(field="birth_date", was=BORN, now="2000-09-01"),), basis="акт")
        lived(reg(1, "A", "2000"), later).rows_are(row(1, "A", "2000-09-01", None, 2, known="year", certain=False))
        lived(reg(1, "A", "2000"), ParticularsUpdated(basis="заява")).rows_are(
            row(1, "A", "2000-05-04", None, 2, known="year", certain=False)
        )

    def test_until_is_its_last_possible_day_half_open(self):
        lived(reg(1, "A", "2020-01-01"), dereg(1, "2021-02")).rows_are(
            row(1, "A", "2020-01-01", "2021-02-28", 2, 3, until_known="month", certain=False)
        )
        life = lived(reg(1, "A", "2020-01-01"), dereg(1, "2021")).rows_are(
            row(1, "A", "2020-01-01", "2021-12-31", 2, 3, until_known="year", certain=False)
        )
        assert (life.on("2021-12-30"), life.on("2021-12-31")) == ("A", None)

    def test_and_no_later_than_the_next_since(self):
        life = lived(reg(1, "A", "2020-01-01"), dereg(1, "2021"), reg(2, "B", "2021-06-01"))
        assert [one[2:4] for one in life.standing] == [
            (date(2021, 6, 1), None),
            (date(2020, 1, 1), date(2021, 6, 1)),
        ]
        life = lived(past(1, "A", "2010-01-01", "2012"), past(2, "B", "2012-03-01", "2013-01-01"))
        assert [one[2:4] for one in life.standing] == [
            (date(2012, 3, 1), date(2013, 1, 1)),
            (date(2010, 1, 1), date(2012, 3, 1)),
        ]

    def test_days_that_are_certain_and_days_that_are_not(self):
        life = lived(reg(1, "A", "2020"), dereg(1, "2022"))
        assert [(one.certain_since, one.certain_until) for one in life.rows] == [(date(2020, 12, 31), date(2022, 1, 1))]
        life = lived(reg(1, "A", "2020"), dereg(1, "2020"))
        assert life.rows[0].certain_since == life.rows[0].certain_until

    def test_nothing_begins_after_it_was_recorded(self):
        life = lived(reg(1, "A", "2024"))
        assert life.rows[0].certain_since == date(2024, 6, 3)

    def test_30_february_is_any_day_of_its_month(self):
        lived(past(1, "A", "2010-02-30", "2011-02-31")).rows_are(
            row(1, "A", "2010-02-01", "2011-02-28", 2, known="month", until_known="month", certain=False)
        )
        lived(past(1, "A", "2010-02-28", "2011-04-31")).rows_are(
            row(1, "A", "2010-02-28", "2011-04-30", 2, until_known="month", certain=False)
        )

    def test_an_end_equal_to_its_start_has_no_day(self):
        lived(past(1, "A", "2010-01-01", "2010-01-01")).rows_are().without_a_day(r1="superseded")

    def test_a_partial_death_is_its_last_possible_day(self):
        life = lived(reg(1, "A", "2020-01-01"), Deceased(registered_on="2023-02")).rows_are(
            row(1, "A", "2020-01-01", "2023-02-28", 2, 3, until_known="month", certain=False)
        )
        assert life.rows[0].certain_until == date(2023, 2, 1)
        assert (life.on("2023-02-27"), life.on("2023-02-28")) == ("A", None)


class Test4ASinceThatIsNull:
    CARD = CardRow(person_ref="1", dwelling_ref="2", kind="registered")

    def test_begins_at_the_latest_known_end_before_its_own(self):
        lived(
            past(1, "A", "2010-01-01", "2012-01-01"),
            past(2, "B", "2012-01-01", "2013-06-01"),
            past(3, "C", None, "2015-01-01"),
        ).rows_are(
            row(3, "C", "2013-06-01", "2015-01-01", 4, known="none", certain=False),
            row(2, "B", "2012-01-01", "2013-06-01", 3),
            row(1, "A", "2010-01-01", "2012-01-01", 2),
        )

    def test_failing_that_at_the_latest_known_start(self):
        life = lived(past(1, "A", "2010-01-01", "2016-01-01"), past(3, "C", None, "2015-01-01"))
        life.rows_are(row(1, "A", "2010-01-01", "2016-01-01", 2)).without_a_day(r3="superseded")

    def test_those_that_begin_after_its_own_end_do_not_matter(self):
        lived(past(1, "A", "2016-01-01", "2017-01-01"), past(3, "C", None, "2015-01-01")).rows_are(
            row(1, "A", "2016-01-01", "2017-01-01", 2),
            row(3, "C", BORN, "2015-01-01", 3, known="none", certain=False),
        )

    def test_else_at_birth_else_unbounded(self):
        lived(past(3, "C", None, "2015-01-01")).rows_are(
            row(3, "C", BORN, "2015-01-01", 2, known="none", certain=False)
        )
        lived(past(3, "C", None, "2015-01-01"), birth=None).rows_are(
            row(3, "C", None, "2015-01-01", 2, known="none", certain=False)
        )

    def test_an_open_card_row_begins_after_everything_known(self):
        lived(past(1, "A", "2010-01-01", "2012-01-01"), reg(2, "B", None, row=self.CARD)).rows_are(
            row(2, "B", "2012-01-01", None, 3, known="none", certain=False),
            row(1, "A", "2010-01-01", "2012-01-01", 2),
        )

    def test_and_never_supersedes(self):
        lived(reg(1, "A", "2010-01-01"), reg(2, "B", None, row=self.CARD)).rows_are(
            row(1, "A", "2010-01-01", None, 2)
        ).without_a_day(r2="superseded")

    def test_it_ends_at_the_since_of_a_higher_rank(self):
        lived(reg(1, "A", None, row=self.CARD), reg(2, "B", "2020-01-01")).rows_are(
            row(2, "B", "2020-01-01", None, 3),
            row(1, "A", BORN, "2020-01-01", 2, 3, known="none", certain=False),
        )

    def test_it_is_certain_once_recorded(self):
        life = lived(reg(1, "A", None, row=self.CARD))
        assert (life.rows[0].certain_since, life.rows[0].certain_until) == (date(2024, 6, 3), None)


@pytest.mark.parametrize("text", ["2020-01-01", "2020-01", "2020"])
def test_dates_stay_as_written(text):
    person = fold(entries([born(), reg(1, "A", text)]))
    assert person.residences[0].since == text
