"""Every decision about a person, by example: given facts, when it is asked, then facts, or every fault by its code.

The day of all examples is `TODAY`; the person was born on `BORN`. Each date is tried on the first day that is allowed
and on the day before it, or on the last and on the day after.
"""

import ast
import re
from dataclasses import replace
from datetime import date
from inspect import signature
from pathlib import Path
from typing import ClassVar

import pytest
from given import entries, uid

from registry import texts
from registry.aggregates.dwelling.events import Address, DwellingEntered, DwellingSucceeded
from registry.aggregates.dwelling.state import NOWHERE
from registry.aggregates.dwelling.state import fold as fold_dwelling
from registry.aggregates.person import decisions
from registry.aggregates.person.events import (
    CardRow,
    CarryOverAnnulled,
    Change,
    DeathAnnulled,
    Deceased,
    DeregistrationAnnulled,
    Document,
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
from registry.aggregates.person.merge_events import EntryMerged
from registry.aggregates.person.state import NOBODY, MergedEntry, fold
from registry.aggregates.person.timeline import standing, timeline
from registry.aggregates.values import Fault, Impossible, NeedsConfirmation
from registry.projections.runner import GUARDS

TODAY = date(2024, 6, 20)
BORN = "2000-05-10"
ROOT = Path(__file__).parent.parent
NEW, R1, R2, R3, R4 = uid(50), uid(51), uid(52), uid(53), uid(54)
HOME, FLAT = uid(101), uid(102)
HERE = fold_dwelling(entries([DwellingEntered(address=Address(street="вулиця Перша", house="1"))], HOME))
GONE = replace(HERE, succession=DwellingSucceeded(successor=FLAT, since="2024-01-01", reason="рішення"))

ENTERED = PersonEntered(particulars=Particulars(surname="Вигадана", birth_date=BORN))
UNBORN = PersonEntered(particulars=Particulars(surname="Вигадана"))
DEAD = Deceased(registered_on="2024-03-01")


def state(*facts):
    """A person as some facts make them."""
    return fold(entries(facts), NOBODY)


def registered(residence, since, dwelling=HOME, **more):
    return ResidenceRegistered(residence=residence, dwelling=dwelling, since=since, **more)


def past(residence, since, until, dwelling=HOME):
    return PastResidenceEntered(residence=residence, kind="registered", dwelling=dwelling, since=since, until=until)


def ended(residence, until, dwelling=HOME, **more):
    return ResidenceDeregistered(residence=residence, dwelling=dwelling, until=until, **more)


def annulled(residence, revives=True, dwelling=HOME, **more):
    return ResidenceAnnulled(residence=residence, dwelling=dwelling, basis="висновок", revives=revives, **more)


def carried(left, residence, since, dwelling=FLAT):
    return ResidenceCarriedOver(from_residence=left, residence=residence, dwelling=dwelling, since=since, succession=2)


def kept(residence, list_until=None):
    return OccupiedAddressNoted(residence=residence, dwelling=HOME, list_entry="99", list_until=list_until)


def corrected(residence, was, now, reason="описка"):
    return ResidenceCorrected(residence=residence, was=was, now=now, reason=reason)


def version(since, until=None, dwelling=HOME, kind="registered"):
    return ResidenceVersion(kind=kind, dwelling=dwelling, since=since, until=until)


class given:
    """A person as some facts make them."""

    def __init__(self, *facts):
        self.facts = facts

    def when(self, decision, **asked):
        return When(fold(entries(self.facts), NOBODY), decision, asked)


class When:
    """What is asked of the person; `today` is given to decisions that want it."""

    def __init__(self, state, decision, asked):
        wants = set(signature(decision).parameters)
        today = {"today": TODAY} if "today" in wants else {}
        self.state, self.decision, self.asked = state, decision, {**today, **asked}
        self.can_confirm = "confirmed" in wants

    def then(self, *facts):
        """The decision gives these facts, and asks for nothing."""
        assert self.decision(self.state, **self.asked) == list(facts)

    def refused(self, *faults):
        """It is impossible for all these reasons, confirmed or not; a code stands for its fault."""
        for confirmed in ({}, {"confirmed": True}) if self.can_confirm else ({},):
            with pytest.raises(Impossible) as refusal:
                self.decision(self.state, **self.asked, **confirmed)
            assert told(refusal.value.faults, faults) == list(faults)

    def asks(self, *faults):
        """It asks for a confirmation of all these; the facts come once it is given."""
        with pytest.raises(NeedsConfirmation) as question:
            self.decision(self.state, **self.asked)
        assert told(question.value.faults, faults) == list(faults)
        return Confirmed(self.decision(self.state, **self.asked, confirmed=True))


class Confirmed:
    def __init__(self, facts):
        self.facts = facts

    def then(self, *facts):
        assert self.facts == list(facts)


def told(found, wanted):
    """The found faults in the form in which they are wanted: whole, or by code only."""
    whole = [isinstance(fault, Fault) for fault in wanted] + [False] * len(found)
    return [fault if as_fault else fault.code for fault, as_fault in zip(found, whole, strict=False)]


def named(code, residence, field=None):
    return Fault(code, field, {"residence": str(residence)})


class TestEnterPerson:
    asked: ClassVar = {"particulars": Particulars(surname="Вигадана", birth_date=BORN)}

    def test_a_new_person(self):
        document = Document(kind="паспорт", number="000000001")
        given().when(decisions.enter_person, **self.asked, documents=[document], ref="П-1").then(
            PersonEntered(particulars=self.asked["particulars"], documents=(document,), ref="П-1")
        )

    @pytest.mark.parametrize("said", [Particulars(surname="Вигадана"), Particulars(given_names="Вигадана")])
    def test_one_name_is_enough(self, said):
        given().when(decisions.enter_person, particulars=said).then(PersonEntered(particulars=said))

    @pytest.mark.parametrize("birth", ["2024-06-20", "2024-06", "2024", "1900", None])
    def test_born_today_at_the_latest(self, birth):
        said = Particulars(surname="Вигадана", birth_date=birth)
        given().when(decisions.enter_person, particulars=said).then(PersonEntered(particulars=said))

    @pytest.mark.parametrize("birth", ["2024-06-21", "2024-07", "2025"])
    def test_not_born_tomorrow(self, birth):
        said = Particulars(surname="Вигадана", birth_date=birth)
        given().when(decisions.enter_person, particulars=said).refused(Fault("date-in-future", "birth_date"))

    @pytest.mark.parametrize("birth", ["2023-02-29", "2023-02-30", "20.06.2000", "2000-6", "2000-13", "0000", "ні"])
    def test_birth_is_a_real_date(self, birth):
        said = Particulars(surname="Вигадана", birth_date=birth)
        given().when(decisions.enter_person, particulars=said).refused(Fault("not-a-date", "birth_date"))

    def test_all_faults_at_once(self):
        nameless = Particulars(birth_date="2024-06-21")
        given(ENTERED).when(decisions.enter_person, particulars=nameless).refused(
            "already-entered", "name-missing", "date-in-future"
        )

    def test_another_person_than_somebody_is_one_for_a_reason(self):
        said = Particulars(surname="Вигадана")
        given().when(decisions.enter_person, particulars=said, distinct_from=[uid(9)]).refused(
            Fault("distinct-reason-missing", "distinct_reason")
        )

    def test_an_entry_that_was_merged_is_not_entered_anew(self):
        merged = replace(
            NOBODY, merged=MergedEntry(version=2, says=EntryMerged(survivor=uid(9), reason="двічі"), before=NOBODY)
        )
        with pytest.raises(Impossible) as refused:
            decisions.enter_person(merged, particulars=Particulars(surname="Вигадана"), today=date(2024, 6, 20))
        assert [fault.code for fault in refused.value.faults] == ["entry-merged"]

    def test_after_a_withdrawn_entry_the_person_enters_anew(self):
        given(ENTERED, DEAD, EntryWithdrawn(reason="помилка")).when(decisions.enter_person, **self.asked).then(
            PersonEntered(particulars=self.asked["particulars"])
        )


class TestSettle:
    asked: ClassVar = {"residence": NEW, "dwelling": HOME, "home": HERE, "since": "2024-06-20"}

    @pytest.mark.parametrize(
        ("decision", "fact"),
        [
            (decisions.declare_residence, ResidenceDeclared),
            (decisions.register_residence, ResidenceRegistered),
            (decisions.register_stay, StayRegistered),
        ],
    )
    def test_each_kind_is_a_fact_of_its_own(self, decision, fact):
        more = {"basis": "заява", "application": uid(7), "row": CardRow(person_ref="1", dwelling_ref="2", kind="stay")}
        given(ENTERED).when(decision, **self.asked, **more).then(
            fact(residence=NEW, dwelling=HOME, since="2024-06-20", **more)
        )

    @pytest.mark.parametrize("since", ["2024-06-20", "2024-06", "2024", "2000-05-10", "2000-05", "2000"])
    def test_from_birth_to_today(self, since):
        asked = {**self.asked, "since": since}
        given(ENTERED).when(decisions.register_residence, **asked).then(registered(NEW, since))

    @pytest.mark.parametrize(
        ("since", "code"),
        [
            ("2024-06-21", "date-in-future"),
            ("2024-07", "date-in-future"),
            ("2025", "date-in-future"),
            ("2000-05-09", "before-birth"),
            ("2000-04", "before-birth"),
            ("1999", "before-birth"),
            (None, "since-missing"),
            ("", "since-missing"),
            ("2023-02-30", "not-a-date"),
        ],
    )
    def test_neither_tomorrow_nor_before_birth_nor_without_a_date(self, since, code):
        given(ENTERED).when(decisions.register_residence, **{**self.asked, "since": since}).refused(
            Fault(code, "since")
        )

    def test_a_birth_of_which_only_the_year_is_known_refuses_what_is_certainly_before_it(self):
        person = PersonEntered(particulars=Particulars(surname="Вигадана", birth_date="2001"))
        asked = {**self.asked, "since": "2001-01-01"}
        given(person).when(decisions.register_residence, **asked).then(registered(NEW, "2001-01-01"))
        asked = {**self.asked, "since": "2000-12-31"}
        given(person).when(decisions.register_residence, **asked).refused("before-birth")

    def test_all_faults_at_once(self):
        facts = [ENTERED, registered(R1, "2020-01-01"), kept(R1, "2024-01-01"), DEAD]
        asked = {**self.asked, "home": NOWHERE, "since": None}
        given(*facts).when(decisions.register_residence, **asked).refused(
            Fault("person-deceased", None, {"registered_on": "2024-03-01"}),
            Fault("dwelling-unknown", "dwelling"),
            named("kept-must-end", R1),
            Fault("since-missing", "since"),
        )

    def test_nobody_settles(self):
        given().when(decisions.register_residence, **self.asked).refused("person-unknown")
        given(ENTERED, EntryWithdrawn(reason="помилка")).when(decisions.register_residence, **self.asked).refused(
            "person-unknown"
        )

    def test_a_dwelling_that_was_renumbered_asks_and_names_its_successor(self):
        given(ENTERED).when(decisions.register_residence, **{**self.asked, "home": GONE}).asks(
            Fault("dwelling-succeeded", "dwelling", {"dwelling": str(FLAT)})
        ).then(registered(NEW, "2024-06-20"))

    def test_a_day_after_the_one_before_ends_it_silently(self):
        asked = {**self.asked, "since": "2020-01-02"}
        given(ENTERED, registered(R1, "2020-01-01")).when(decisions.register_residence, **asked).then(
            registered(NEW, "2020-01-02")
        )

    @pytest.mark.parametrize("since", ["2020-01-01", "2019-12-31", "2020"])
    def test_what_would_be_left_without_a_day_is_named(self, since):
        facts = [ENTERED, registered(R1, "2020-01-01"), registered(R2, "2021-01-01")]
        asked = {**self.asked, "since": since}
        given(*facts).when(decisions.register_residence, **asked).asks(
            named("would-supersede", R1), named("would-supersede", R2)
        ).then(registered(NEW, since))

    def test_everything_to_confirm_at_once(self):
        asked = {**self.asked, "since": "2020-01-01", "home": GONE}
        given(ENTERED, registered(R1, "2020-01-01")).when(decisions.register_residence, **asked).asks(
            "dwelling-succeeded", "would-supersede"
        )

    def test_a_kept_residence_whose_list_entry_ended_is_deregistered_first(self):
        facts = [ENTERED, registered(R1, "2020-01-01"), kept(R1)]
        given(*facts).when(decisions.register_residence, **self.asked).then(registered(NEW, "2024-06-20"))
        facts.append(kept(R1, "2024-01-01"))
        given(*facts).when(decisions.register_residence, **self.asked).refused(named("kept-must-end", R1))
        facts.append(ended(R1, "2024-01-02"))
        given(*facts).when(decisions.register_residence, **self.asked).then(registered(NEW, "2024-06-20"))


class TestPast:
    asked: ClassVar = {"kind": "registered", "residence": NEW, "dwelling": HOME, "home": HERE}
    NOW = registered(R1, "2015-01-01")

    def enter(self, *facts, since, until, **more):
        return given(*facts).when(
            decisions.enter_past_residence, **{**self.asked, "since": since, "until": until, **more}
        )

    def test_from_old_papers(self):
        self.enter(ENTERED, since="2010-01-01", until="2012-01-01", basis="картка", application=uid(7)).then(
            replace(past(NEW, "2010-01-01", "2012-01-01"), basis="картка", application=uid(7))
        )

    @pytest.mark.parametrize(
        ("since", "until"),
        [("2000-05-10", "2015-01-01"), (None, "2015-01-01"), ("2000", "2015"), ("2014", "2015-01")],
    )
    def test_from_birth_to_the_day_the_next_begins_and_what_only_may_overlap(self, since, until):
        self.enter(ENTERED, self.NOW, since=since, until=until).then(past(NEW, since, until))

    @pytest.mark.parametrize(
        ("since", "until"),
        [("2014-01-01", "2015-01-02"), ("2015-01-01", "2016-01-01"), ("2014", "2015-02"), ("2015", "2016")],
    )
    def test_what_certainly_overlaps_is_refused_and_named(self, since, until):
        self.enter(ENTERED, self.NOW, since=since, until=until).refused(named("overlaps", R1, "since"))

    def test_past_ones_certainly_overlap_each_other_too(self):
        facts = [ENTERED, past(R1, "2010-01-01", "2012-01-01"), past(R2, "2012-01-01", "2014-01-01")]
        self.enter(*facts, since="2011-12-31", until="2012-01-02").refused(
            named("overlaps", R1, "since"), named("overlaps", R2, "since")
        )
        self.enter(*facts, since="2014-01-01", until="2015-01-01").then(past(NEW, "2014-01-01", "2015-01-01"))

    def test_a_kept_residence_is_not_in_the_way(self):
        self.enter(ENTERED, self.NOW, kept(R1), since="2016-01-01", until="2017-01-01").then(
            past(NEW, "2016-01-01", "2017-01-01")
        )

    def test_neither_is_an_annulled_nor_a_superseded_one(self):
        facts = [ENTERED, registered(R1, "2010-01-01"), annulled(R1)]
        self.enter(*facts, since="2010-01-01", until="2012-01-01").then(past(NEW, "2010-01-01", "2012-01-01"))
        facts = [ENTERED, registered(R1, "2010-01-01"), registered(R2, "2009-01-01"), ended(R2, "2009-06-01")]
        self.enter(*facts, since="2010-01-01", until="2012-01-01").then(past(NEW, "2010-01-01", "2012-01-01"))

    @pytest.mark.parametrize(
        ("since", "until", "fault"),
        [
            ("2010-01-01", None, Fault("until-missing", "until")),
            ("2010-01-02", "2010-01-01", Fault("ends-before-start", "until")),
            ("2011", "2010", Fault("ends-before-start", "until")),
            ("2010-01-01", "2024-06-21", Fault("date-in-future", "until")),
            ("2000-05-09", "2001-01-01", Fault("before-birth", "since")),
            (None, "2000-05-09", Fault("before-birth", "until")),
            ("2010-02-30", "2011-01-01", Fault("not-a-date", "since")),
            ("2010-02-01", "2011-02-29", Fault("not-a-date", "until")),
        ],
    )
    def test_what_no_completion_allows(self, since, until, fault):
        self.enter(ENTERED, since=since, until=until).refused(fault)

    @pytest.mark.parametrize(("since", "until"), [("2010-06", "2010"), ("2010", "2010-01-15"), ("2010", "2010-01")])
    def test_unknown_dates_that_some_completion_allows(self, since, until):
        self.enter(ENTERED, since=since, until=until).then(past(NEW, since, until))

    def test_all_faults_at_once(self):
        self.enter(since="2024-06-21", until=None, home=NOWHERE).refused(
            "person-unknown", "dwelling-unknown", "until-missing", "date-in-future"
        )

    def test_an_end_equal_to_the_start_has_no_day_and_asks(self):
        self.enter(ENTERED, since="2010-01-01", until="2010-01-01").asks(Fault("without-a-day", "until")).then(
            past(NEW, "2010-01-01", "2010-01-01")
        )

    def test_one_that_leaves_another_without_a_day_asks_and_names_it(self):
        nobody_knows_since = past(R1, None, "2005-01-01")
        self.enter(ENTERED, nobody_knows_since, since=BORN, until="2005-01-01").asks(named("would-supersede", R1)).then(
            past(NEW, BORN, "2005-01-01")
        )

    def test_after_a_death_one_that_ends_by_its_date(self):
        self.enter(ENTERED, DEAD, since="2024-01-01", until="2024-03-01").then(past(NEW, "2024-01-01", "2024-03-01"))
        self.enter(ENTERED, DEAD, since="2024-01-01", until="2024").then(past(NEW, "2024-01-01", "2024"))
        self.enter(ENTERED, DEAD, since="2024-01-01", until="2024-03-02").refused(Fault("ends-after-death", "until"))


class TestDeregister:
    def end(self, *facts, residence=R1, until, **more):
        return given(*facts).when(decisions.deregister_residence, residence=residence, until=until, **more)

    LIVES = (ENTERED, registered(R1, "2020-01-01"))

    def test_a_named_residence_ends(self):
        said = {"ground": "emigrated", "application": uid(7), "country": "PL"}
        self.end(*self.LIVES, until="2024-06-20", **said).then(ended(R1, "2024-06-20", **said))

    @pytest.mark.parametrize("until", ["2020-01-02", "2020-02", "2020", "2024-06-20", "2024"])
    def test_from_its_second_day_to_today(self, until):
        self.end(*self.LIVES, until=until).then(ended(R1, until))

    def test_on_its_first_day_it_is_left_without_one_and_asks(self):
        self.end(*self.LIVES, until="2020-01-01").asks(named("would-supersede", R1)).then(ended(R1, "2020-01-01"))

    @pytest.mark.parametrize(
        ("until", "code"),
        [
            ("2019-12-31", "ends-before-start"),
            ("2019", "ends-before-start"),
            ("2024-06-21", "date-in-future"),
            ("2024-06-31", "not-a-date"),
            (None, "until-missing"),
        ],
    )
    def test_neither_before_it_began_nor_tomorrow_nor_without_a_date(self, until, code):
        self.end(*self.LIVES, until=until).refused(Fault(code, "until"))

    def test_a_start_of_which_only_the_year_is_known(self):
        lives = (ENTERED, registered(R1, "2020"))
        self.end(*lives, until="2020-01-02").then(ended(R1, "2020-01-02"))
        self.end(*lives, until="2019-12-31").refused("ends-before-start")

    def test_one_that_already_ended_is_refused_with_its_end(self):
        fault = Fault("residence-ended", "residence", {"residence": str(R1), "until": "2022-01-01"})
        fault = replace(fault, named={"until": "2022-01-01"})
        self.end(*self.LIVES, ended(R1, "2022-01-01"), until="2023-01-01").refused(fault)
        self.end(*self.LIVES, registered(R2, "2022-01-01"), until="2023-01-01").refused(fault)
        self.end(ENTERED, past(R1, "2020-01-01", "2022-01-01"), until="2023-01-01").refused("residence-ended")

    def test_one_that_lives_on_nowhere(self):
        self.end(*self.LIVES, until="2023-01-01", residence=R2).refused(Fault("residence-unknown", "residence"))
        self.end(*self.LIVES, annulled(R1), until="2023-01-01").refused(Fault("residence-annulled", "residence"))
        self.end(*self.LIVES, registered(R2, "2019-01-01"), until="2023-01-01").refused(
            Fault("residence-superseded", "residence")
        )

    def test_a_kept_one_ends_beside_the_current_one(self):
        facts = [*self.LIVES, kept(R1), registered(R2, "2022-01-01"), kept(R1, "2024-01-01")]
        self.end(*facts, until="2024-02-01").then(ended(R1, "2024-02-01"))

    def test_all_faults_at_once(self):
        self.end(ENTERED, DEAD, until=None).refused("person-deceased", "residence-unknown", "until-missing")
        self.end(until="2024-06-21").refused("person-unknown", "date-in-future")


class TestCorrect:
    LIVES = (ENTERED, registered(R1, "2020-01-01"))

    def correct(self, *facts, now, residence=R1, home=HERE, reason="описка", **more):
        return given(*facts).when(
            decisions.correct_residence, residence=residence, now=now, home=home, reason=reason, **more
        )

    def test_what_was_and_what_is(self):
        now = version("2019-01-01", "2023-01-01", FLAT, "stay")
        self.correct(*self.LIVES, now=now, application=uid(7)).then(
            replace(corrected(R1, version("2020-01-01"), now), application=uid(7))
        )

    def test_what_was_is_the_last_correction(self):
        facts = [*self.LIVES, corrected(R1, version("2020-01-01"), version("2021-01-01"))]
        self.correct(*facts, now=version("2022-01-01")).then(
            corrected(R1, version("2021-01-01"), version("2022-01-01"))
        )

    @pytest.mark.parametrize("now", [version(BORN), version("2024-06-20"), version("2000"), version("2020", "2020")])
    def test_dates_from_birth_to_today(self, now):
        self.correct(*self.LIVES, now=now).then(corrected(R1, version("2020-01-01"), now))

    @pytest.mark.parametrize(
        ("now", "fault"),
        [
            (version("2000-05-09"), Fault("before-birth", "since")),
            (version("2024-06-21"), Fault("date-in-future", "since")),
            (version("2020-01-01", "2024-06-21"), Fault("date-in-future", "until")),
            (version("2020-01-02", "2020-01-01"), Fault("ends-before-start", "until")),
            (version("2020-02-30"), Fault("not-a-date", "since")),
            (version(None), Fault("since-missing", "since")),
            (version("2020-01-01", kind="abode"), Fault("kind-unknown", "kind")),
        ],
    )
    def test_what_it_cannot_be(self, now, fault):
        self.correct(*self.LIVES, now=now).refused(fault)

    def test_a_since_may_stay_unknown_for_a_card_and_for_a_past_one(self):
        row = CardRow(person_ref="1", dwelling_ref="2", kind="registered")
        self.correct(ENTERED, registered(R1, None, row=row), now=version(None, dwelling=FLAT)).then(
            corrected(R1, version(None), version(None, dwelling=FLAT))
        )
        self.correct(ENTERED, past(R1, "2010-01-01", "2012-01-01"), now=version(None, "2012-01-01")).then(
            corrected(R1, version("2010-01-01", "2012-01-01"), version(None, "2012-01-01"))
        )

    def test_a_past_one_has_an_end(self):
        self.correct(ENTERED, past(R1, "2010-01-01", "2012-01-01"), now=version("2010-01-01")).refused(
            Fault("until-missing", "until")
        )

    def test_all_faults_at_once(self):
        self.correct(
            *self.LIVES, now=version("2000-05-09", "2024-06-21", kind=""), home=NOWHERE, reason="", residence=R2
        ).refused(
            "residence-unknown", "reason-missing", "dwelling-unknown", "kind-unknown", "date-in-future", "before-birth"
        )
        self.correct(*self.LIVES, annulled(R1), now=version("2020-01-01")).refused("residence-annulled")
        self.correct(now=version("2020-01-01")).refused("person-unknown")

    def test_nothing_changed_asks(self):
        same = version("2020-01-01")
        self.correct(*self.LIVES, now=same).asks(Fault("nothing-changed")).then(corrected(R1, same, same))

    def test_one_that_leaves_a_standing_one_without_a_day_names_it(self):
        facts = [*self.LIVES, registered(R2, "2022-01-01", FLAT)]
        now = version("2020-01-01", dwelling=FLAT)
        self.correct(*facts, now=version("2020-01-02", dwelling=FLAT), residence=R2).then(
            corrected(R2, version("2022-01-01", dwelling=FLAT), version("2020-01-02", dwelling=FLAT))
        )
        self.correct(*facts, now=now, residence=R2).asks(named("would-supersede", R1)).then(
            corrected(R2, version("2022-01-01", dwelling=FLAT), now)
        )
        self.correct(*facts, now=version("2022-01-01")).asks(named("would-supersede", R1))

    def test_possible_after_a_death(self):
        self.correct(*self.LIVES, DEAD, now=version("2019-01-01")).then(
            corrected(R1, version("2020-01-01"), version("2019-01-01"))
        )


class TestAnnulResidence:
    LIVES = (ENTERED, registered(R1, "2020-01-01"), registered(R2, "2022-01-01"))

    def annul(self, *facts, residence=R2, revives=True, basis="висновок", **more):
        return given(*facts).when(decisions.annul_residence, residence=residence, revives=revives, basis=basis, **more)

    def test_the_one_before_revives_and_is_named(self):
        self.annul(*self.LIVES).then(annulled(R2, revived=R1))

    def test_also_where_it_was_left_without_a_day(self):
        facts = [ENTERED, registered(R1, "2022-01-01"), registered(R2, "2022-01-01")]
        self.annul(*facts).then(annulled(R2, revived=R1))

    def test_or_does_not(self):
        self.annul(*self.LIVES, revives=False).then(annulled(R2, revives=False))

    def test_nobody_before_it(self):
        self.annul(ENTERED, registered(R2, "2022-01-01")).then(annulled(R2))

    def test_one_that_ended_by_then_does_not_revive(self):
        facts = [ENTERED, registered(R1, "2020-01-01"), ended(R1, "2022-01-01"), registered(R2, "2022-01-01")]
        self.annul(*facts).then(annulled(R2))
        facts[2] = ended(R1, "2022-01-02")
        self.annul(*facts).then(annulled(R2, revived=R1))

    @pytest.mark.parametrize("until", ["2020-01-02", "2022-06-01", "2024-06-20", "2020"])
    def test_the_end_of_the_one_that_revives(self, until):
        self.annul(*self.LIVES, revived_until=until).then(annulled(R2, revived=R1, revived_until=until))

    @pytest.mark.parametrize(
        ("until", "code"),
        [
            ("2019-12-31", "ends-before-start"),
            ("2019", "ends-before-start"),
            ("2024-06-21", "date-in-future"),
            ("ніколи", "not-a-date"),
        ],
    )
    def test_its_end_is_neither_before_it_began_nor_tomorrow(self, until, code):
        self.annul(*self.LIVES, revived_until=until).refused(Fault(code, "revived_until"))

    def test_its_end_on_its_first_day_asks(self):
        self.annul(*self.LIVES, revived_until="2020-01-01").asks(named("would-supersede", R1)).then(
            annulled(R2, revived=R1, revived_until="2020-01-01")
        )

    def test_an_end_for_nobody(self):
        nobody = Fault("nobody-revives", "revived_until")
        self.annul(*self.LIVES, revives=False, revived_until="2023-01-01").refused(nobody)
        self.annul(ENTERED, registered(R2, "2022-01-01"), revived_until="2023-01-01").refused(nobody)
        self.annul(ENTERED, past(R2, "2001-01-01", "2002-01-01"), revived_until="2023-01-01").refused(nobody)

    def test_all_faults_at_once(self):
        self.annul(*self.LIVES, annulled(R2), basis="", revives=False, revived_until="2024-06-21").refused(
            "residence-annulled", "basis-missing", "date-in-future", "nobody-revives"
        )
        self.annul(*self.LIVES, residence=R3).refused("residence-unknown")
        self.annul().refused("person-unknown")

    def test_what_revives_may_leave_a_past_one_without_a_day(self):
        facts = [
            ENTERED,
            registered(R1, "2010-01-01"),
            registered(R2, "2009-01-01"),
            ended(R2, "2009-06-01"),
            past(R3, "2012-01-01", "2013-01-01"),
        ]
        self.annul(*facts).asks(named("would-supersede", R3)).then(annulled(R2, revived=R1))

    def test_possible_after_a_death(self):
        self.annul(*self.LIVES, DEAD).then(annulled(R2, revived=R1))


class TestTakingBack:
    ENDED = (ENTERED, registered(R1, "2020-01-01"), ended(R1, "2022-01-01"))

    def test_a_deregistration_by_its_version(self):
        given(*self.ENDED).when(decisions.annul_deregistration, basis="рішення суду").then(
            DeregistrationAnnulled(takes_back=3, residence=R1, dwelling=HOME, basis="рішення суду")
        )

    def test_the_latest_that_stands(self):
        facts = [*self.ENDED, registered(R2, "2022-06-01", FLAT), ended(R2, "2023-01-01", FLAT)]
        latest = DeregistrationAnnulled(takes_back=5, residence=R2, dwelling=FLAT, basis="суд")
        given(*facts).when(decisions.annul_deregistration, basis="суд").then(latest)
        given(*facts).when(decisions.annul_deregistration, basis="суд", residence=R2).then(latest)
        given(*facts).when(decisions.annul_deregistration, basis="суд", residence=R1).refused(
            named("not-the-latest", R2, "residence")
        )
        before = DeregistrationAnnulled(takes_back=3, residence=R1, dwelling=HOME, basis="суд")
        given(*facts, latest).when(decisions.annul_deregistration, basis="суд").then(before)
        given(*facts, annulled(R2, dwelling=FLAT)).when(decisions.annul_deregistration, basis="суд").then(before)

    def test_what_stands_again_may_leave_a_past_one_without_a_day(self):
        given(*self.ENDED, past(R2, "2022-03-01", "2022-04-01")).when(decisions.annul_deregistration, basis="суд").asks(
            named("would-supersede", R2)
        ).then(DeregistrationAnnulled(takes_back=3, residence=R1, dwelling=HOME, basis="суд"))

    def test_none_to_take_back(self):
        taken = DeregistrationAnnulled(takes_back=3, residence=R1, dwelling=HOME, basis="суд")
        given(ENTERED).when(decisions.annul_deregistration, basis="").refused(
            Fault("basis-missing", "basis"), Fault("no-deregistration")
        )
        given(*self.ENDED, taken).when(decisions.annul_deregistration, basis="суд").refused("no-deregistration")
        given().when(decisions.annul_deregistration, basis="суд").refused("person-unknown", "no-deregistration")

    def test_one_that_was_corrected_away_is_no_more(self):
        opened = corrected(R1, version("2020-01-01", "2022-01-01"), version("2020-01-01"))
        given(*self.ENDED, opened).when(decisions.annul_deregistration, basis="суд").refused("no-deregistration")
        moved = corrected(R1, version("2020-01-01", "2022-01-01"), version("2020-01-01", "2022-02-01"))
        given(*self.ENDED, moved).when(decisions.annul_deregistration, basis="суд").then(
            DeregistrationAnnulled(takes_back=3, residence=R1, dwelling=HOME, basis="суд")
        )

    def test_a_deregistration_after_the_death_too(self):
        given(*self.ENDED, DEAD).when(decisions.annul_deregistration, basis="суд").then(
            DeregistrationAnnulled(takes_back=3, residence=R1, dwelling=HOME, basis="суд")
        )

    def test_a_death_by_its_version(self):
        given(ENTERED, DEAD).when(decisions.annul_death, basis="тезка").then(DeathAnnulled(takes_back=2, basis="тезка"))
        given(ENTERED, DEAD, DeathAnnulled(takes_back=2, basis="тезка")).when(
            decisions.annul_death, basis=None
        ).refused(Fault("basis-missing", "basis"), Fault("no-death"))
        given().when(decisions.annul_death, basis="тезка").refused("person-unknown", "no-death")

    CARRIED = (ENTERED, registered(R1, "2020-01-01"), carried(R1, R2, "2022-01-01"))

    def test_a_carry_over_by_its_version(self):
        given(*self.CARRIED).when(decisions.annul_carry_over, residence=R2, basis="суд").then(
            CarryOverAnnulled(takes_back=3, residence=R2, dwelling=FLAT, basis="суд")
        )
        given(*self.CARRIED, DEAD).when(decisions.annul_carry_over, residence=R2, basis="суд").then(
            CarryOverAnnulled(takes_back=3, residence=R2, dwelling=FLAT, basis="суд")
        )

    def test_only_of_what_was_carried_over(self):
        given(*self.CARRIED).when(decisions.annul_carry_over, residence=R1, basis="").refused(
            Fault("basis-missing", "basis"), Fault("not-carried-over", "residence")
        )
        given(*self.CARRIED).when(decisions.annul_carry_over, residence=R3, basis="суд").refused("residence-unknown")
        taken = CarryOverAnnulled(takes_back=3, residence=R2, dwelling=FLAT, basis="суд")
        given(*self.CARRIED, taken).when(decisions.annul_carry_over, residence=R2, basis="суд").refused(
            "residence-annulled"
        )
        given().when(decisions.annul_carry_over, residence=R2, basis="суд").refused("person-unknown")

    def test_what_stands_again_after_a_carry_over_may_leave_a_past_one_without_a_day(self):
        facts = [*self.CARRIED, ended(R2, "2022-02-01", FLAT), past(R3, "2022-03-01", "2022-04-01")]
        given(*facts).when(decisions.annul_carry_over, residence=R2, basis="суд").asks(
            named("would-supersede", R3)
        ).then(CarryOverAnnulled(takes_back=3, residence=R2, dwelling=FLAT, basis="суд"))


class TestDeath:
    def die(self, *facts, on, **more):
        return given(*facts).when(decisions.record_death, registered_on=on, **more)

    @pytest.mark.parametrize("on", [BORN, "2024-06-20", "2024-06", "2000", "2024"])
    def test_from_birth_to_today(self, on):
        self.die(ENTERED, on=on, basis="актовий запис").then(Deceased(registered_on=on, basis="актовий запис"))

    @pytest.mark.parametrize(
        ("on", "code"),
        [
            ("2000-05-09", "before-birth"),
            ("1999", "before-birth"),
            ("2024-06-21", "date-in-future"),
            ("2024-06-31", "not-a-date"),
            (None, "death-date-missing"),
        ],
    )
    def test_neither_before_birth_nor_tomorrow_nor_without_a_date(self, on, code):
        self.die(ENTERED, on=on).refused(Fault(code, "registered_on"))

    def test_a_second_death_is_refused_while_one_stands(self):
        stands = Fault("death-stands", "registered_on", {"registered_on": "2024-03-01"})
        self.die(ENTERED, DEAD, on=None).refused(stands, Fault("death-date-missing", "registered_on"))
        self.die(ENTERED, DEAD, DeathAnnulled(takes_back=2, basis="тезка"), on="2024-03-02").then(
            Deceased(registered_on="2024-03-02")
        )
        self.die(on="2024-03-02").refused("person-unknown")

    def test_not_refused_for_other_facts_but_a_residence_from_that_day_is_named(self):
        lives = (ENTERED, registered(R1, "2020-01-01"), registered(R2, "2024-03-01"))
        self.die(*lives, on="2024-03-02").then(Deceased(registered_on="2024-03-02"))
        dead = Deceased(registered_on="2024-03-01", supersedes=(R2,))
        self.die(*lives, on="2024-03-01").asks(named("would-supersede", R2)).then(dead)
        self.die(*lives, ended(R2, "2024-04-01"), on="2024-05-01").then(Deceased(registered_on="2024-05-01"))


class TestOccupiedAddress:
    LIVES = (ENTERED, registered(R1, "2020-01-01"))

    def note(self, *facts, **asked):
        return given(*facts).when(decisions.note_occupied_address, **{"list_entry": "99", **asked})

    @pytest.mark.parametrize("where", [{"address": "місто Вигадане"}, {"katottg": "UA01"}])
    def test_outside_this_community_it_is_text_or_code(self, where):
        self.note(ENTERED, **where, list_since="2022-02-24").then(
            OccupiedAddressNoted(list_entry="99", list_since="2022-02-24", **where)
        )

    def test_inside_it_names_the_residence_that_is_kept(self):
        self.note(*self.LIVES, residence=R1).then(kept(R1))

    def test_only_one_that_has_not_ended(self):
        over = Fault("residence-ended", "residence")
        self.note(*self.LIVES, ended(R1, "2022-01-01"), residence=R1).refused(over)
        self.note(*self.LIVES, registered(R2, "2022-01-01"), residence=R1).refused(over)
        self.note(*self.LIVES, registered(R2, "2019-01-01"), residence=R1).refused(over)
        self.note(*self.LIVES, annulled(R1), residence=R1).refused("residence-annulled")
        self.note(*self.LIVES, residence=R2).refused("residence-unknown")

    def test_a_list_entry_with_an_end_is_no_reason_to_keep_and_ends_what_was_kept(self):
        self.note(*self.LIVES, residence=R1, list_until="2024-01-01").refused(Fault("list-entry-ended", "list_until"))
        self.note(*self.LIVES, kept(R1), residence=R1, list_until="2024-01-01").then(kept(R1, "2024-01-01"))

    def test_what_the_kept_one_had_ended_gets_an_end_of_its_own(self):
        facts = [ENTERED, registered(R1, "2018-01-01", FLAT), registered(R2, "2020-01-01")]
        first = ended(R1, "2020-01-01", FLAT, ground="moved")
        self.note(*facts, residence=R2).then(first, kept(R2))
        person = fold(entries([*facts, first, kept(R2)]))
        assert [(row.residence, row.until) for row in standing(timeline(person))] == [
            (R2, None),
            (R1, date(2020, 1, 1)),
        ]

    def test_what_the_kept_one_had_superseded_stays_without_a_day(self):
        facts = [ENTERED, registered(R1, "2018-01-01", FLAT), registered(R2, "2017-01-01")]
        first = ended(R1, "2018-01-01", FLAT, ground="moved")
        self.note(*facts, residence=R2).then(first, kept(R2))
        person = fold(entries([*facts, first, kept(R2)]))
        assert [row.residence for row in standing(timeline(person))] == [R2]

    def test_once_its_list_entry_ended_nothing_new_comes_before_its_deregistration(self):
        lives = (*self.LIVES, kept(R1), registered(R2, "2021-01-01"), kept(R1, "2024-01-01"))
        bar = named("kept-must-end", R1)
        self.note(*lives, residence=R2).refused(bar)
        ask = given(*lives).when
        ask(decisions.update_particulars, changes={"phone": "+380"}, basis="заява").refused(bar)
        ask(decisions.deregister_residence, residence=R2, until="2024-06-01").refused(bar)
        ask(decisions.deregister_residence, residence=R1, until="2024-06-01").then(ended(R1, "2024-06-01"))
        ask(decisions.record_death, registered_on="2024-06-01").then(Deceased(registered_on="2024-06-01"))

    def test_what_had_ended_by_itself_or_was_carried_over_does_not(self):
        facts = [ENTERED, registered(R1, "2018-01-01"), ended(R1, "2020-01-01"), registered(R2, "2020-01-01")]
        self.note(*facts, residence=R2).then(kept(R2))
        facts = [ENTERED, registered(R1, "2018-01-01"), carried(R1, R2, "2020-01-01", HOME)]
        self.note(*facts, residence=R2).then(kept(R2))

    def test_all_faults_at_once(self):
        dates = {"list_since": "2024-06-21", "list_until": "2024-06-31"}
        self.note(ENTERED, DEAD, list_entry="", **dates).refused(
            Fault("person-deceased", None, {"registered_on": "2024-03-01"}),
            Fault("list-entry-missing", "list_entry"),
            Fault("date-in-future", "list_since"),
            Fault("not-a-date", "list_until"),
            Fault("address-missing", "address"),
        )
        self.note(residence=R1).refused("person-unknown")


class TestParticulars:
    WAYS = pytest.mark.parametrize(
        ("decision", "fact"),
        [
            (decisions.update_particulars, ParticularsUpdated),
            (decisions.correct_particulars, ParticularsCorrected),
        ],
    )

    @WAYS
    def test_only_what_differs_with_what_it_said(self, decision, fact):
        changes = {"surname": "Нова", "birth_date": BORN, "phone": "+380", "email": None}
        given(ENTERED).when(decision, changes=changes, basis="заява").then(
            fact(
                changes=(
                    Change(field="surname", was="Вигадана", now="Нова"),
                    Change(field="phone", was=None, now="+380"),
                ),
                basis="заява",
            )
        )

    @WAYS
    def test_documents_alone(self, decision, fact):
        document = Document(kind="паспорт", number="1")
        given(ENTERED).when(decision, changes={}, documents=[document], basis="заява").then(
            fact(documents=(document,), basis="заява")
        )
        given(ENTERED).when(decision, changes={}, documents=[], basis="заява").then(fact(documents=(), basis="заява"))

    @WAYS
    def test_what_cannot_be(self, decision, fact):
        given(ENTERED).when(decision, changes={"surname": "Вигадана"}, basis="заява").refused(
            Fault("nothing-changed", "changes")
        )
        given(ENTERED).when(decision, changes={"surname": None}, basis="заява").refused(
            Fault("name-missing", "surname")
        )
        given().when(decision, changes={"shoe_size": "42", "birth_date": "2024-06-21"}, basis=None).refused(
            "person-unknown", "basis-missing", "field-unknown", "date-in-future"
        )

    @WAYS
    def test_numbers_that_disagree_are_confirmed(self, decision, fact):
        asked = {"changes": {"unzr": "20000511-00019"}, "basis": "заява"}
        given(ENTERED).when(decision, **asked).asks(Fault("unzr-check-digit", "unzr"), Fault("unzr-birth-date", "unzr"))
        [made] = decision(state(ENTERED), **asked, today=TODAY, confirmed=True)
        assert type(made) is fact and made.confirmed == ("unzr-check-digit", "unzr-birth-date")
        [made] = decision(state(ENTERED), changes={"phone": "1"}, basis="заява", today=TODAY, confirmed=True)
        assert made.confirmed is None

    @pytest.mark.parametrize("born", ["2024-03-02", "2024-04", "2025"])
    def test_nobody_is_born_after_the_death(self, born):
        asked = {"changes": {"birth_date": born}, "basis": "акт", "today": date(2026, 1, 1)}
        with pytest.raises(Impossible) as refused:
            decisions.correct_particulars(state(ENTERED, DEAD), **asked)
        assert refused.value.faults == (Fault("born-after-death", "birth_date", {"registered_on": "2024-03-01"}),)

    @pytest.mark.parametrize("born", ["2024-03-01", "2024-03", "2024", "1900", None])
    def test_but_perhaps_on_its_day(self, born):
        asked = {"changes": {"birth_date": born}, "basis": "акт"}
        [made] = decisions.correct_particulars(state(ENTERED, DEAD), **asked, today=TODAY)
        assert made.changes[0].now == born

    @pytest.mark.parametrize(
        ("since", "until", "born", "possible"),
        [
            ("2010-07-15", None, "2010-07-16", False),
            ("2010-07-15", None, "2010-08", False),
            ("2010", None, "2011", False),
            ("2010-07-15", None, "2010-07-15", True),
            ("2010-07", None, "2010-07-31", True),
            ("2010-07-15", None, "2010", True),
            (None, "2012-01-01", "2012-01-02", False),
            (None, "2012-01-01", "2012-01-01", True),
        ],
    )
    def test_nobody_is_born_after_living_here(self, since, until, born, possible):
        lived = past(R1, since, until or "2015")
        asked = {"changes": {"birth_date": born}, "basis": "акт", "today": TODAY}
        if possible:
            assert decisions.correct_particulars(state(UNBORN, lived), **asked)
            return
        with pytest.raises(Impossible) as refused:
            decisions.correct_particulars(state(UNBORN, lived), **asked)
        assert refused.value.faults == (Fault("born-after-residence", "birth_date", {"residence": str(R1)}),)

    def test_what_was_annulled_was_never(self):
        facts = (ENTERED, registered(R1, "2010-01-01"), annulled(R1))
        asked = {"changes": {"birth_date": "2012"}, "basis": "акт", "today": TODAY}
        assert decisions.correct_particulars(state(*facts), **asked)

    @pytest.mark.parametrize(
        ("said", "code", "field"),
        [
            ({"issued_on": "2000-05-09"}, "issued-before-birth", "issued_on"),
            ({"issued_on": "1999"}, "issued-before-birth", "issued_on"),
            ({"issued_on": "2000-05"}, None, None),
            ({"issued_on": "2000-05-10"}, None, None),
            ({"issued_on": "2024-06-21"}, "date-in-future", "issued_on"),
            ({"issued_on": "2020-01-02", "valid_until": "2020-01-01"}, "paper-days-cross", "valid_until"),
            ({"issued_on": "2020", "valid_until": "2020-01-01"}, None, None),
            ({"valid_until": "1990-01-01"}, None, None),
        ],
    )
    def test_a_document_is_not_older_than_whom_it_names(self, said, code, field):
        papers = [Document(number="1"), Document(number="2", **said)]
        who = Particulars(surname="Вигадана", birth_date=BORN)
        ways = (
            lambda: decisions.enter_person(state(), particulars=who, documents=papers, today=TODAY),
            lambda: decisions.correct_particulars(
                state(ENTERED), changes={}, documents=papers, basis="акт", today=TODAY
            ),
        )
        for decide in ways:
            if code is None:
                assert decide()
                continue
            with pytest.raises(Impossible) as refused:
                decide()
            assert refused.value.faults == (Fault(code, f"documents.1.{field}"),)

    def test_a_birth_up_to_today(self):
        given(UNBORN).when(decisions.correct_particulars, changes={"birth_date": "2024-06-20"}, basis="акт").then(
            ParticularsCorrected(changes=(Change(field="birth_date", now="2024-06-20"),), basis="акт")
        )

    def test_after_a_death_only_a_correction(self):
        asked = {"changes": {"surname": "Нова"}, "basis": "акт"}
        given(ENTERED, DEAD).when(decisions.update_particulars, **asked).refused("person-deceased")
        given(ENTERED, DEAD).when(decisions.correct_particulars, **asked).then(
            ParticularsCorrected(changes=(Change(field="surname", was="Вигадана", now="Нова"),), basis="акт")
        )


class TestWithdraw:
    def test_an_entry_that_was_an_error_dead_or_alive(self):
        for facts in ([ENTERED], [ENTERED, DEAD]):
            given(*facts).when(decisions.withdraw_entry, reason="двійник").then(EntryWithdrawn(reason="двійник"))

    def test_with_a_reason_and_once(self):
        given(ENTERED).when(decisions.withdraw_entry, reason="").refused(Fault("reason-missing", "reason"))
        given(ENTERED, EntryWithdrawn(reason="двійник")).when(decisions.withdraw_entry, reason=None).refused(
            "person-unknown", "reason-missing"
        )

    def test_what_was_withdrawn_is_unknown_to_the_next_entry(self):
        facts = [ENTERED, registered(R1, "2020-01-01"), DEAD, EntryWithdrawn(reason="двійник"), ENTERED]
        given(*facts).when(decisions.deregister_residence, residence=R1, until="2024-01-01").refused(
            "residence-unknown"
        )
        given(*facts).when(decisions.record_death, registered_on="2024-05-01").then(
            Deceased(registered_on="2024-05-01")
        )


def codes_in(path):
    """The codes of all faults that a module makes."""
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    first = [call.args[0] for call in calls if getattr(call.func, "id", "") == "Fault"]
    return {node.value for one in first for node in ast.walk(one) if isinstance(node, ast.Constant)}


def codes_expected_in(path):
    """The codes that the examples of a module expect of `refused` and `asks`, in their calls and their parameters."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


EXAMPLES = {
    "aggregates/person/decisions.py": "test_decisions.py",
    "aggregates/person/checks.py": "test_decisions.py",
    "aggregates/person/family.py": "test_family.py",
    "aggregates/person/merging.py": "test_merge.py",
    "aggregates/street/decisions.py": "test_streets.py",
    "cases/extract_warnings.py": "test_pages_agree.py",
    "aggregates/person/sealing.py": "test_adoption.py",
    "aggregates/case/family_shown.py": "test_family.py",
    "aggregates/dwelling/decisions.py": "test_dwelling_decisions.py",
    "aggregates/case/case.py": "test_application_decisions.py",
    "aggregates/case/coming.py": "test_machines.py",
    "aggregates/case/correcting.py": "test_papers.py",
    "aggregates/case/written.py": "test_papers.py",
    "aggregates/case/hours.py": "test_counter_rest.py",
    "aggregates/case/ruling.py": "test_application_decisions.py",
    "aggregates/case/finishing.py": "test_unfinished.py",
    "aggregates/case/effects.py": "test_application_effects.py",
    "aggregates/case/shown.py": "test_counter.py",
    "aggregates/outgoing/decisions.py": "test_outbox_acts.py",
    "aggregates/household/decisions.py": "test_household_requests.py",
    "aggregates/person/requests.py": "test_updating.py",
    "aggregates/case/found.py": "test_sent_beside.py",
    "aggregates/case/the_dead.py": "test_application_decisions.py",
    "cases/comparing.py": "test_sent_beside.py",
    "aggregates/community/decisions.py": "test_community.py",
    "aggregates/community/payees.py": "test_counter_rest.py",
    "aggregates/community/reading.py": "test_community.py",
    "aggregates/community/rotating.py": "test_key_history.py",
    "aggregates/case/second_person.py": "test_second_person.py",
    "cases/at_desk.py": "test_counter.py",
    "cases/by_person.py": "test_counter.py",
    "cases/extracts_asked.py": "test_counter.py",
    "cases/cases.py": "test_waiting_cases.py",
    "cases/intake.py": "test_applications_input.py",
    "aggregates/case/witness.py": "test_witness.py",
    "aggregates/person/absences.py": "test_absentees.py",
    "aggregates/person/away.py": "test_absentees.py",
    "aggregates/person/protections.py": "test_protected_address.py",
    "aggregates/case/kept.py": "test_territories.py",
    "aggregates/territory/decisions.py": "test_territories.py",
    "aggregates/territory/listing.py": "test_territories.py",
}
"""The modules whose faults stand in the way of an act, and their examples."""
CODES = {module: codes_in(ROOT / "registry" / module) for module in EXAMPLES}
OF_ACTS = set().union(*CODES.values())


@pytest.mark.parametrize("module", EXAMPLES)
def test_every_code_of_a_decision_is_in_an_example(module):
    assert CODES[module] - codes_expected_in(Path(__file__).with_name(EXAMPLES[module])) == set()


def test_no_module_of_decisions_is_left_out():
    found = {
        str(path.relative_to(ROOT / "registry"))
        for house in ("aggregates", "cases")
        for path in (ROOT / "registry" / house).rglob("*.py")
        if codes_in(path)
    }
    assert found == set(EXAMPLES)


def test_every_code_has_a_text_and_every_text_a_code():
    decided = OF_ACTS | {fault.code for fault in GUARDS.values()}
    assert decided - set(texts.TEXTS["faults"]) == set()
    at_the_door = [*(ROOT / "api").rglob("*.py"), ROOT / "registry" / "scans.py"]
    at_the_door += [*(ROOT / "registry" / "outgoing").glob("*.py"), *(ROOT / "registry").glob("*.py")]
    at_the_door += [ROOT / "registry" / "card_index" / "street_list.py", ROOT / "registry" / "storage" / "recorder.py"]
    # What is asked about before a merge is put together from its own names.
    at_the_door += [ROOT / "registry" / "aggregates" / "person" / "merging.py"]
    of_forms = set().union(*map(codes_expected_in, at_the_door))
    assert set(texts.TEXTS["faults"]) - decided - of_forms == set()


@pytest.mark.parametrize("code", sorted(OF_ACTS))
def test_a_text_says_what_to_do_and_leaves_no_brace(code):
    said = texts.fault_text(Fault(code, None, {"registered_on": "2024-03-01"}))
    assert re.fullmatch(r"[^{}]+\.", said)
