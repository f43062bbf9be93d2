"""Every decision about a dwelling, by example; `test_decisions.py` says how to read them.

Renumbering is tried with every kind of resident: current, kept, dead, gone before, and one whose own since is later.
"""

from functools import partial
from itertools import count

import pytest
from given import entries, uid
from test_decisions import (
    DEAD,
    ENTERED,
    FLAT,
    HOME,
    R1,
    R2,
    TODAY,
    annulled,
    carried,
    ended,
    kept,
    past,
    registered,
    told,
)
from test_decisions import When as Asked

from registry.aggregates.dwelling import decisions
from registry.aggregates.dwelling.events import (
    Address,
    AddressRenameAnnulled,
    AddressRenamed,
    DwellingCorrected,
    DwellingEntered,
    DwellingKindChanged,
    DwellingSucceeded,
    EncumbranceRecorded,
    LeaseRecorded,
    Owner,
    OwnersRecorded,
)
from registry.aggregates.dwelling.state import dated_names, fold
from registry.aggregates.person.events import (
    CarryOverAnnulled,
    EntryWithdrawn,
    ResidenceCarriedOver,
    ResidenceDeclared,
    StayRegistered,
)
from registry.aggregates.person.state import fold as fold_person
from registry.aggregates.person.timeline import standing, timeline
from registry.aggregates.values import Fault, Impossible, NeedsConfirmation

FIRST, SECOND = Address(street="вулиця Перша", house="1"), Address(street="вулиця Друга", house="2")
ENTERED_HOME = DwellingEntered(address=FIRST, kind="private", ref="Ж-1")


class given:
    """A dwelling as some facts make it."""

    def __init__(self, *facts):
        self.dwelling = fold(entries(facts, HOME))

    def when(self, decision, **asked):
        return Asked(self.dwelling, decision, asked)


class TestEnter:
    @pytest.mark.parametrize("kind", [None, *decisions.KINDS])
    def test_of_each_kind(self, kind):
        given().when(decisions.enter_dwelling, address=FIRST, kind=kind, ref="Ж-1").then(
            DwellingEntered(address=FIRST, kind=kind, ref="Ж-1")
        )

    @pytest.mark.parametrize("kind", ["elsewhere", "abroad"])
    def test_a_place_outside_may_have_no_address(self, kind):
        given().when(decisions.enter_dwelling, address=Address(), kind=kind).then(
            DwellingEntered(address=Address(), kind=kind)
        )

    def test_all_faults_at_once(self):
        given(ENTERED_HOME).when(decisions.enter_dwelling, address=Address(), kind="castle").refused(
            Fault("already-entered"), Fault("kind-unknown", "kind"), Fault("address-missing", "address")
        )


class TestRename:
    @pytest.mark.parametrize("since", ["1900-01-01", "2024-06-20", "2024-06", "2024"])
    def test_up_to_today(self, since):
        given(ENTERED_HOME).when(decisions.rename_address, address=SECOND, since=since, basis="рішення").then(
            AddressRenamed(address=SECOND, since=since, basis="рішення")
        )

    @pytest.mark.parametrize(
        ("since", "code"),
        [
            ("2024-06-21", "date-in-future"),
            ("2023-02-29", "not-a-date"),
            ("так", "not-a-date"),
            (None, "since-missing"),
        ],
    )
    def test_neither_tomorrow_nor_without_a_date(self, since, code):
        given(ENTERED_HOME).when(decisions.rename_address, address=SECOND, since=since).refused(Fault(code, "since"))

    def test_all_faults_at_once(self):
        given().when(decisions.rename_address, address=Address(), since="2024-06-21").refused(
            Fault("dwelling-unknown", "dwelling"), Fault("date-in-future", "since"), Fault("address-missing", "address")
        )


DECISION = "рішення ради № 5"
RENAMED = AddressRenamed(address=SECOND, since="2024-01-01", basis=DECISION)
MERGED = Address(settlement="м. Вигадів", street="вулиця Перша", house="1")


class TestRenameByDecision:
    def asked(self, *facts, **said):
        parts = {"settlement": "м. Вигадів"}
        asked = {"parts": parts, "since": "2024-01-01", "basis": DECISION, "within": "UA9902", **said}
        return given(*facts).when(decisions.rename_by_decision, **asked)

    def test_only_what_the_decision_changes(self):
        self.asked(ENTERED_HOME).then(AddressRenamed(address=MERGED, since="2024-01-01", basis=DECISION))
        self.asked(ENTERED_HOME, parts={"settlement": "м. Вигадів", "street": None, "house": None}).then(
            AddressRenamed(address=Address(settlement="м. Вигадів"), since="2024-01-01", basis=DECISION)
        )

    def test_nothing_where_it_is_called_so_already(self):
        self.asked(ENTERED_HOME, AddressRenamed(address=MERGED, since="2023-01-01")).then()

    def test_a_name_of_a_later_day_a_successor_and_a_code_outside_are_in_the_way(self):
        later = AddressRenamed(address=SECOND, since="2024-02-01", basis="інше рішення")
        gone = DwellingSucceeded(successor=FLAT, since="2024-03-01", reason="рішення")
        self.asked(ENTERED_HOME, later, gone, parts={"katottg": "UA01020030040012345"}).refused(
            Fault("dwelling-renumbered", "dwelling"),
            Fault("renamed-later", "since"),
            Fault("address-leaves-community", "katottg"),
        )
        self.asked(ENTERED_HOME, parts={"katottg": "UA99020010100000021"}).then(
            AddressRenamed(
                address=Address(street="вулиця Перша", house="1", katottg="UA99020010100000021"),
                since="2024-01-01",
                basis=DECISION,
            )
        )

    def test_neither_tomorrow_nor_nowhere(self):
        self.asked(since="2024-06-21").refused(Fault("dwelling-unknown", "dwelling"), Fault("date-in-future", "since"))
        self.asked(ENTERED_HOME, parts=dict.fromkeys(("street", "house"))).refused("address-missing")


class TestAnnulRenames:
    def asked(self, *facts):
        return given(*facts).when(partial(decisions.annul_renames, decision=DECISION), basis="рішення суду")

    def test_every_name_of_the_decision_and_no_other(self):
        other = AddressRenamed(address=MERGED, since="2023-01-01", basis="інше рішення")
        self.asked(ENTERED_HOME, other, RENAMED).then(AddressRenameAnnulled(takes_back=3, basis="рішення суду"))
        self.asked(ENTERED_HOME, other).then()

    def test_once(self):
        self.asked(ENTERED_HOME, RENAMED, AddressRenameAnnulled(takes_back=2)).then()
        again = (ENTERED_HOME, RENAMED, AddressRenameAnnulled(takes_back=2), RENAMED)
        self.asked(*again).then(AddressRenameAnnulled(takes_back=4, basis="рішення суду"))

    def test_a_later_name_of_another_decision_goes_first(self):
        later = AddressRenamed(address=MERGED, since="2024-02-01", basis="інше рішення")
        self.asked(ENTERED_HOME, RENAMED, later).refused(Fault("renamed-later", "since"))
        self.asked(ENTERED_HOME, RENAMED, later, AddressRenameAnnulled(takes_back=3)).then(
            AddressRenameAnnulled(takes_back=2, basis="рішення суду")
        )
        self.asked().refused("dwelling-unknown")

    def test_it_is_called_as_if_there_had_been_no_name(self):
        before, same_day = (ENTERED_HOME,), AddressRenamed(address=MERGED, since="2024-01-01")
        taken = AddressRenameAnnulled(takes_back=2)
        assert dated_names(fold(entries([*before, RENAMED, taken]))) == dated_names(fold(entries(before)))
        # What it hid of the same day stands again, and what is corrected of the first name is corrected for ever.
        hidden = fold(entries([ENTERED_HOME, same_day, RENAMED, AddressRenameAnnulled(takes_back=3)]))
        assert [address for _, _, address in dated_names(hidden)] == [FIRST, MERGED]
        corrected = DwellingCorrected(address=SECOND, kind="private", reason="описка")
        now = fold(entries([*before, RENAMED, taken, corrected]))
        assert dated_names(now) == [(None, None, SECOND)]

    def test_what_names_no_name_is_kept_as_that(self):
        for facts in ([ENTERED_HOME, AddressRenameAnnulled(takes_back=1)], [AddressRenameAnnulled(takes_back=7)]):
            assert fold(entries(facts)).unmatched == (len(facts),)


class TestCorrect:
    def test_the_complete_right_version(self):
        given(ENTERED_HOME).when(decisions.correct_dwelling, address=SECOND, kind=None, reason="описка").then(
            DwellingCorrected(address=SECOND, kind=None, reason="описка")
        )

    def test_it_is_the_first_name_that_is_corrected(self):
        renamed = AddressRenamed(address=SECOND, since="2020-01-01")
        given(ENTERED_HOME, renamed).when(
            decisions.correct_dwelling, address=SECOND, kind="private", reason="описка"
        ).then(DwellingCorrected(address=SECOND, kind="private", reason="описка"))
        given(ENTERED_HOME, renamed).when(
            decisions.correct_dwelling, address=FIRST, kind="private", reason="описка"
        ).refused("nothing-changed")

    def test_all_faults_at_once(self):
        given(ENTERED_HOME).when(decisions.correct_dwelling, address=FIRST, kind="private", reason="").refused(
            Fault("reason-missing", "reason"), Fault("nothing-changed", "address")
        )
        given().when(decisions.correct_dwelling, address=FIRST, kind="castle", reason=None).refused(
            "dwelling-unknown", "reason-missing", "kind-unknown"
        )


class TestProperty:
    def test_all_owners_at_once_or_nobody_known(self):
        owners = (Owner(name="Вигаданий В. В.", share="1/2"), Owner(name="Громада", share="1/2"))
        given(ENTERED_HOME).when(decisions.record_owners, owners=owners, since="2024-06-20", basis="витяг").then(
            OwnersRecorded(owners=owners, since="2024-06-20", basis="витяг")
        )
        given(ENTERED_HOME).when(decisions.record_owners, owners=[], since=None, basis=None).then(
            OwnersRecorded(owners=())
        )
        given().when(decisions.record_owners, owners=[], since="2024-06-21", basis=None).refused(
            "dwelling-unknown", "date-in-future"
        )

    @pytest.mark.parametrize("kind", decisions.ENCUMBRANCES)
    def test_an_encumbrance(self, kind):
        said = {"kind": kind, "number": "77", "since": "2024-06-20", "until": "2030-01-01", "holder": "Банк"}
        given(ENTERED_HOME).when(decisions.record_encumbrance, **said).then(EncumbranceRecorded(**said))

    def test_all_faults_of_an_encumbrance_at_once(self):
        given().when(decisions.record_encumbrance, kind="curse", number="", since="2024-06-21").refused(
            Fault("dwelling-unknown", "dwelling"),
            Fault("date-in-future", "since"),
            Fault("kind-unknown", "kind"),
            Fault("number-missing", "number"),
        )

    def test_a_lease(self):
        said = {"number": "12", "since": "2024-01-01", "until": None, "tenant": "Вигадана О. О."}
        given(ENTERED_HOME).when(decisions.record_lease, **said).then(LeaseRecorded(**said))
        given().when(decisions.record_lease, number=None, since="2024-06-31").refused(
            "dwelling-unknown", "not-a-date", "number-missing"
        )

    def test_a_lease_of_a_resident_needs_no_number(self):
        said = {"lessee": uid(1), "until": "2027-05-01"}
        given(ENTERED_HOME).when(decisions.record_lease, number=None, since=None, **said).then(
            LeaseRecorded(number="", **said)
        )
        given(ENTERED_HOME).when(
            decisions.record_lease, number=None, since=None, lessee=uid(1), terminated_on="2999-01-01"
        ).refused("date-in-future")

    @pytest.mark.parametrize("end", ["until", "terminated_on"])
    def test_a_lease_does_not_end_before_it_begins(self, end):
        said = {"number": "12", "since": "2024-01-02"}
        wrong = Fault("ends-before-start", end)
        given(ENTERED_HOME).when(decisions.record_lease, **said, **{end: "2024-01-01"}).refused(wrong)
        given(ENTERED_HOME).when(decisions.record_lease, **said, **{end: "2024-01"}).then(
            LeaseRecorded(**said, **{end: "2024-01"})
        )

    @pytest.mark.parametrize("day", ["учора", "2001-13", "2001-02-30"])
    def test_no_end_is_a_day_that_never_was(self, day):
        wrong = Fault("not-a-date", "until")
        lease = {"number": "12", "since": None, "until": day}
        given(ENTERED_HOME).when(decisions.record_lease, **lease).refused(wrong)
        given(ENTERED_HOME).when(decisions.record_encumbrance, kind="mortgage", **lease).refused(wrong)

    def test_of_the_same_contract_the_last_says_how_it_stands(self):
        first = LeaseRecorded(number="", lessee=uid(1), until="2027-05-01")
        ended = LeaseRecorded(number="", lessee=uid(1), until="2027-05-01", terminated_on="2026-01-01")
        other = LeaseRecorded(number="", lessee=uid(2))
        assert fold(entries([ENTERED_HOME, first, other, ended])).leases == (other, ended)

    def test_a_kind_that_changed_is_no_correction(self):
        said = {"kind": "state_or_communal", "basis": "рішення"}
        given(ENTERED_HOME).when(decisions.change_kind, **said).then(DwellingKindChanged(**said))
        assert fold(entries([ENTERED_HOME, DwellingKindChanged(**said)])).kind == "state_or_communal"
        same = {"kind": ENTERED_HOME.kind, "basis": "рішення"}
        given(ENTERED_HOME).when(decisions.change_kind, **same).refused("nothing-changed")
        given().when(decisions.change_kind, kind="палац", basis=None).refused(
            "dwelling-unknown", "basis-missing", "kind-unknown"
        )


PEOPLE = [uid(1), uid(2), uid(3)]
N1, N2, N3 = uid(901), uid(902), uid(903)
RENUMBERED = "2022-01-01"


def lives(*facts):
    return fold_person(entries([ENTERED, *facts]))


class Confirmed:
    def __init__(self, asked, facts):
        self.asked, self.facts = asked, facts

    def then(self, *of_people):
        assert self.facts == expected(self.asked, of_people)


class readdress:
    """HOME renumbered into FLAT with these residents."""

    def __init__(self, *residents, old=(ENTERED_HOME,), new=(ENTERED_HOME,), **asked):
        self.asked = {
            "old_id": HOME,
            "old": fold(entries(old, HOME)),
            "new_id": FLAT,
            "new": fold(entries(new, FLAT)),
            "residents": dict(zip(PEOPLE, residents, strict=False)),
            "since": RENUMBERED,
            "reason": "рішення виконкому",
            "today": TODAY,
            **asked,
        }

    def decide(self, **more):
        return decisions.readdress(**self.asked, ids=map(uid, count(901)), **more)

    def then(self, *of_people):
        """The dwelling's fact, and these facts of each person in turn, none for None."""
        assert self.decide() == expected(self.asked, of_people)

    def asks(self, *faults):
        with pytest.raises(NeedsConfirmation) as question:
            self.decide()
        assert told(question.value.faults, faults) == list(faults)
        facts = self.decide(confirmed=True)
        return Confirmed(self.asked, facts)

    def refused(self, *faults):
        for confirmed in (False, True):
            with pytest.raises(Impossible) as refusal:
                self.decide(confirmed=confirmed)
            assert told(refusal.value.faults, faults) == list(faults)


def expected(asked, of_people):
    succeeded = DwellingSucceeded(successor=FLAT, since=asked["since"], reason=asked["reason"])
    people = {person: list(facts) for person, facts in zip(PEOPLE, of_people, strict=False) if facts}
    return {HOME: [succeeded], **people}


def over(left, new, since=RENUMBERED, succession=2):
    return ResidenceCarriedOver(from_residence=left, residence=new, dwelling=FLAT, since=since, succession=succession)


class TestReaddress:
    def test_an_empty_dwelling(self):
        readdress().then()

    def test_each_resident_is_carried_over_in_their_own_stream(self):
        readdress(
            lives(registered(R1, "2020-01-01")),
            lives(ResidenceDeclared(residence=R1, dwelling=HOME, since="2021-01-01")),
            lives(StayRegistered(residence=R2, dwelling=HOME, since="2021-12-31")),
        ).then([over(R1, N1)], [over(R1, N2)], [over(R2, N3)])

    def test_kind_and_basis_go_along_and_it_is_no_move(self):
        facts = [ENTERED, StayRegistered(residence=R1, dwelling=HOME, since="2020-01-01", basis="довідка")]
        facts += readdress(lives(*facts[1:])).decide()[PEOPLE[0]]
        person = fold_person(entries(facts))
        now, before = standing(timeline(person))
        assert (now.kind, now.dwelling, now.carried, person.residences[1].basis) == ("stay", FLAT, True, "довідка")
        assert (before.until, before.carried) == (now.since, False)

    def test_the_fact_of_the_dwelling_is_named_by_its_version(self):
        renamed = (ENTERED_HOME, AddressRenamed(address=SECOND, since="2019-01-01"))
        readdress(lives(registered(R1, "2020-01-01")), old=renamed).then([over(R1, N1, succession=3)])

    def test_a_kept_one_too_beside_the_current_one(self):
        both = lives(registered(R1, "2019-01-01"), kept(R1), registered(R2, "2020-01-01"))
        elsewhere = lives(registered(R1, "2019-01-01"), kept(R1), registered(R2, "2020-01-01", uid(103)))
        readdress(both, elsewhere).then([over(R1, N1), over(R2, N2)], [over(R1, N3)])

    def test_neither_the_dead_nor_who_left_before(self):
        gone = lives(registered(R1, "2020-01-01"), ended(R1, "2021-01-01"))
        moved = lives(registered(R1, "2020-01-01"), registered(R2, "2021-01-01", uid(103)))
        dead = lives(registered(R1, "2020-01-01"), DEAD)
        readdress(dead, gone, moved).then()

    def test_neither_the_past_nor_annulled_nor_superseded_nor_withdrawn(self):
        annulled_one = lives(registered(R1, "2020-01-01"), annulled(R1))
        superseded = lives(registered(R1, "2020-01-01"), registered(R2, "2019-01-01", uid(103)))
        withdrawn = lives(registered(R1, "2020-01-01"), EntryWithdrawn(reason="двійник"))
        readdress(annulled_one, superseded, withdrawn).then()
        readdress(lives(past(R1, "2010-01-01", "2024-01-01"))).then()

    def test_one_who_left_after_its_date_stays_where_they_were(self):
        readdress(lives(registered(R1, "2020-01-01"), ended(R1, "2023-01-01"))).then()

    def test_one_carried_over_before_is_carried_on_and_one_taken_back_is_not(self):
        here_since = lives(registered(R1, "2019-01-01", uid(103)), carried(R1, R2, "2020-01-01", HOME))
        back = CarryOverAnnulled(takes_back=3, residence=R2, dwelling=HOME, basis="суд")
        taken_back = lives(registered(R1, "2019-01-01", uid(103)), carried(R1, R2, "2020-01-01", HOME), back)
        readdress(here_since, taken_back).then([over(R2, N1)])

    @pytest.mark.parametrize("since", ["2022-01-01", "2022-01-02", "2024-06-20"])
    def test_a_date_not_after_a_residents_own_since_asks_and_names_them(self, since):
        fault = Fault("carried-before-since", "since", {"person": str(PEOPLE[1]), "residence": str(R2)})
        readdress(lives(registered(R1, "2021-12-31")), lives(registered(R2, since))).asks(fault).then(
            [over(R1, N1)], [over(R2, N2)]
        )

    def test_then_it_supersedes_that_one(self):
        facts = [ENTERED, registered(R1, "2022-01-01")]
        facts += readdress(lives(*facts[1:])).decide(confirmed=True)[PEOPLE[0]]
        assert {row.residence: row.state for row in timeline(fold_person(entries(facts)))} == {
            R1: "superseded",
            N1: "standing",
        }

    def test_a_dwelling_that_was_renumbered_already_asks(self):
        gone = DwellingSucceeded(successor=uid(104), since="2020-01-01", reason="рішення")
        fault = Fault("dwelling-succeeded", "dwelling", {"dwelling": str(uid(104))})
        readdress(old=(ENTERED_HOME, gone)).asks(fault).then()
        readdress(old=(ENTERED_HOME, gone), new=(ENTERED_HOME, gone)).asks(fault, fault).then()

    @pytest.mark.parametrize("since", ["2024-06-20", "2024-06", "2024"])
    def test_up_to_today(self, since):
        readdress(since=since).then()

    def test_all_faults_at_once(self):
        readdress(old=(), new=(), since="2024-06-21", reason="", new_id=HOME).refused(
            Fault("dwelling-unknown", "dwelling"),
            Fault("date-in-future", "since"),
            Fault("same-dwelling", "successor"),
            Fault("reason-missing", "reason"),
        )
        readdress(since=None).refused("since-missing")
