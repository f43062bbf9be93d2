"""The decisions about an application, pure: taken in, checked, decided for good; and what its facts fold to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, ClassVar
from uuid import UUID

import pytest
from given import CLERK, HOURS, entries, uid
from hypothesis import given
from hypothesis import strategies as st
from test_decisions import ENTERED, FLAT, HOME, R1, registered, version
from test_decisions import HERE as LIVED_IN
from test_services import ELSEWHERE, HERE, OWNER, PERMIT, decided, everything, facts

from registry.aggregates.case import second_person
from registry.aggregates.case.case import Case, open_faults, supposing, take_in
from registry.aggregates.case.coming import Coming
from registry.aggregates.case.events import (
    ApplicationBarred,
    ApplicationGranted,
    ApplicationReceived,
    ApplicationRefused,
    Bar,
    ChangeApproved,
    ChangeRejected,
    ChangeRequested,
    Charge,
    CheckAnswered,
    Concerned,
    Following,
    PaperJournal,
    Part,
)
from registry.aggregates.case.past import acted_earlier
from registry.aggregates.case.ruling import Holdings, Ruling, rule
from registry.aggregates.case.state import NO_CASE, STATUSES, CaseRecord, Outcome, fold
from registry.aggregates.case.unfinished import (
    ApplicationLeftWithoutMovement,
    ApplicationMovesAgain,
    ApplicationWithdrawn,
)
from registry.aggregates.person import state as person_state
from registry.aggregates.person.events import Deceased
from registry.aggregates.values import Actor, Fault, Impossible, refuse
from registry.services import decision as law
from registry.services import fees
from registry.services.adopted import AS_DECIDED, Readings
from registry.services.application import NotAnApplication, read
from registry.services.catalogue import NoCard, card
from registry.services.fees import NoPublishedAmount
from registry.services.offices import PLAIN_WEEK, Timetable

NOW = datetime(2025, 3, 13, 18, 0)
DAY = date(2025, 3, 13)
HEAD = Actor("head", "Керівник Вигадана Г. Г.")
MOVE, STAY, CHILDS = "register_residence", "register_stay", "register_child_residence"
KEPT = {"subject": {"current_residence": {"kept": True}}}
NOT_MINE: dict[str, Any] = {"ground": "death_data", "channel": "notice", "applicant": {"kind": "civil_registry"}}
DIED = {"death_registered_on": "2025-03-10"}
LEFT = ApplicationLeftWithoutMovement(
    lacking=(), bring_by="2025-03-23", due_by="2025-03-24", consent="заява", text="без руху"
)
TAKEN_BACK = ApplicationWithdrawn(parts=(1,), said_by="applicant")
CHANGE = ChangeRequested(person=uid(1), asked_for="residence-corrected", after=1, facts=())


def part(asked: dict[str, Any], *persons: int, **said: Any) -> Part:
    """A part as it is asked for, about these people; one if none is named."""
    concerned = tuple(Concerned(person=uid(number)) for number in persons or (1,))
    return Part(**{"asked": asked, "card": "", "due_by": "", "concerned": concerned, **said})


def whole(service: str, *without: str, **said: Any) -> Part:
    """A part with everything that its card asks for, but for what it goes without."""
    return part(everything(service, *without, **said), *range(1, said.get("persons", 1) + 1))


def case_of(state: CaseRecord) -> Case:
    return Case.of(uid(900), state)


def receive(state: CaseRecord, *, parts: list[Part], now: datetime, **said: Any) -> list[ApplicationReceived]:
    """What taking in an application records."""
    return list(take_in(uid(900), parts=parts, now=now, record=state, **said).new_facts)


def answer_check(state: CaseRecord, **said: Any) -> list[CheckAnswered]:
    """What an answer to an open application records."""
    refuse(open_faults(state))
    return list(case_of(state).answered(**said).new_facts)


def required(state: CaseRecord, number: int) -> tuple[str, ...]:
    return case_of(state).services[number - 1].required


def unanswered(state: CaseRecord, number: int) -> tuple[str, ...]:
    return case_of(state).services[number - 1].unanswered


def decide(
    state: CaseRecord, settings: Readings = AS_DECIDED, *, acted_on: date, today: date, reason: str | None = None
) -> Ruling:
    """The ruling on an open application, if nothing stands in the way."""
    refuse(open_faults(state))
    ruling = rule(case_of(state), settings, on=acted_on, today=today, reason=reason)
    ruling.insist_on_deciding()
    return ruling


def received(
    *parts: Part, now: datetime | None = None, coming: Coming | None = None, timetable: Timetable = HOURS
) -> CaseRecord:
    """An application as taken in, as soon as it came or on the day of the tests."""
    at = now or datetime.fromisoformat(parts[0].asked["received"])
    return supposing(NO_CASE, receive(NO_CASE, parts=parts, now=at, coming=coming, timetable=timetable))


def said_so(state: CaseRecord, number: int, check: str, **said: Any) -> CaseRecord:
    """The application with one more answer."""
    return supposing(state, answer_check(state, part=number, check=check, said=said, source="clerk"))


def checked(
    *parts: Part,
    kopiykas: int = 4542,
    now: datetime | None = None,
    coming: Coming | None = None,
    **said: dict[str, Any],
) -> CaseRecord:
    """An application with every check answered: as the applicant says, or what is said."""
    state = received(*parts, now=now, coming=coming)
    for number in range(1, len(parts) + 1):
        for check in required(state, number):
            answer = {"kopiykas": kopiykas} if check == "payment" else {}
            state = said_so(state, number, check, **{**answer, **said.get(check, {})})
    return state


def outcomes(state: CaseRecord, on: date | None = None, settings: Readings = AS_DECIDED) -> list[Outcome]:
    """What is decided on each part on a day, the day of receipt if none is named."""
    on = on or date.fromisoformat(state.received.received[:10])
    return decide(state, settings, acted_on=on, today=on).outcomes


def outcome(service: str, *without: str, kopiykas: int = 4542, **said: Any) -> Outcome:
    """What is decided on an application for one service with everything submitted but that."""
    (found,) = outcomes(checked(whole(service, *without, **said), kopiykas=kopiykas))
    return found


def faults(decision, *args: Any, **said: Any) -> list[Fault]:
    with pytest.raises(Impossible) as refused:
        decision(*args, **said)
    return list(refused.value.faults)


def follows(found: Outcome, id: str) -> list[tuple[Any, str]]:
    """Whom a message or a task of this id is about, and its deadline."""
    return [(one.person, one.deadline) for one in found.follows if one.id == id]


NOBODY_ELSE: Mapping[UUID, Any] = {}


def ruled(
    asked: Part, *, life: Sequence[Any], outside: frozenset[UUID] = frozenset(), more: Mapping[UUID, Any] = NOBODY_ELSE
) -> Ruling:
    """The ruling on a new application about one person who lived so; `outside` are dwellings of elsewhere, `more` are
    other people."""
    born = ENTERED.particulars.birth_date
    asked = replace(asked, asked={**asked.asked, "subject": {**asked.asked["subject"], "born": born}})
    people = {uid(1): person_state.fold(entries(life)), **more}
    homes = {HOME: LIVED_IN, FLAT: LIVED_IN}
    holdings = Holdings(people=people, homes=homes, ids=map(uid, count(500)), outside=outside)
    return rule(take_in(uid(900), parts=[asked], now=NOW), on=DAY, today=DAY, holdings=holdings)


class TestReceiving:
    def test_each_part_gets_its_card_and_its_term(self):
        first, second = part(facts(MOVE)), part(facts(CHILDS), 2)
        said = {"office": "saksahanskyi", "applicant": "Вигадана Олена", "phone": "+380000000000"}
        assert receive(NO_CASE, parts=[first, second], now=NOW, timetable=HOURS, **said) == [
            ApplicationReceived(
                code="",
                received="2025-03-13T09:00",
                channel="office",
                parts=(
                    replace(first, card="card_1", due_by="2025-03-13"),
                    replace(second, card="card_3", due_by="2025-03-13"),
                ),
                **said,
            )
        ]

    def test_where_who_and_how_to_call_them_may_be_left_out(self):
        (fact,) = receive(NO_CASE, parts=[part(facts(MOVE))], now=NOW)
        assert (fact.office, fact.applicant, fact.phone) == (None, None, None)

    @pytest.mark.parametrize(
        ("service", "at", "card", "due_by"),
        [
            ("declare_residence", "2025-03-13T07:59", "card_8", "2025-03-14"),
            ("declare_residence", "2025-03-13T08:00", "card_8", "2025-03-13"),
            ("declare_residence", "2025-03-13T15:29", "card_8", "2025-03-13"),
            ("declare_residence", "2025-03-13T15:30", "card_8", "2025-03-14"),
            ("declare_child_residence", "2025-03-11T19:59", "card_9", "2025-03-11"),
            ("declare_child_residence", "2025-03-11T20:00", "card_9", "2025-03-12"),
            ("declare_residence", "2025-03-15T15:30", "card_8", "2025-03-17"),
            ("register_residence", "2021-11-30T23:59", "card_71_01", "2021-11-30"),
            ("register_residence", "2021-12-01T00:00", "card_1", "2021-12-01"),
            ("register_stay", "2021-11-30T23:59", "card_71_05", "2021-11-30"),
            ("register_stay", "2021-12-01T00:00", "card_5", "2021-12-01"),
        ],
    )
    def test_by_the_minute(self, service, at, card, due_by):
        (only,) = received(part(facts(service, received=at))).received.parts
        assert (only.card, only.due_by) == (card, due_by)

    @pytest.mark.parametrize(("at", "due_by"), [("15:29", "2025-03-13"), ("15:30", "2025-03-14")])
    def test_a_removal_by_wire_is_due_the_next_day_after_closing(self, at, due_by):
        asked = facts("deregister_residence", received=f"2025-03-13T{at}", channel="diia")
        assert received(part(asked)).received.parts[0].due_by == due_by

    @pytest.mark.parametrize("office", [None, *sorted(HOURS.offices)])
    def test_any_office_takes_any_address(self, office):
        (fact,) = receive(NO_CASE, parts=[part(facts(MOVE))], office=office, timetable=HOURS, now=NOW)
        assert fact.office == office

    def test_an_office_is_one_of_the_community(self):
        known = {"offices": ", ".join(sorted(HOURS.offices))}
        for timetable, wanted in (
            (HOURS, Fault("office-unknown", "office", known)),
            (PLAIN_WEEK, Fault("offices-unknown", "office")),
        ):
            with pytest.raises(Impossible) as refused:
                receive(NO_CASE, parts=[part(facts(MOVE))], office="nowhere", timetable=timetable, now=NOW)
            assert refused.value.faults == (wanted,)

    def test_a_term_runs_by_the_hours_of_the_community(self):
        asked = facts("deregister_residence", received="2025-03-14T16:00", channel="diia")
        due = [received(part(asked), timetable=one).received.parts[0].due_by for one in (HOURS, PLAIN_WEEK)]
        assert due == ["2025-03-15", "2025-03-14"]

    @pytest.mark.parametrize(
        ("parts", "wanted"),
        [
            ([], [Fault("parts-missing", "service")]),
            ([part(facts(MOVE, received="2025-03-13T18:01"))], [Fault("received-in-future", "received")]),
            ([part(facts(MOVE), concerned=())], [Fault("person-missing", "register")]),
            ([part({**facts(MOVE), "subject": {}})], [Fault("born-unsaid", "subject.born")]),
            ([part(facts(MOVE), 1, 2)], [Fault("persons-differ", "persons")]),
            ([part(facts(MOVE, documents=["driving_licence"]))], [Fault("paper-unknown", "documents")]),
            (
                [part(facts(MOVE, ground="court_eviction"))],
                [Fault("ground-unknown", "ground", {"grounds": "application"})],
            ),
            ([part(facts(MOVE, consents=["owner_1", "neighbour"]))], [Fault("paper-unknown", "documents")]),
            ([part(facts(MOVE) | {"subject": {}})], [Fault("born-unsaid", "subject.born")]),
            ([part(facts(MOVE, dwelling={"owners": 0}))], [Fault("owners-missing", "dwelling.owners")]),
            ([part(facts("deregister_residence", **OWNER, persons=2))], [Fault("persons-differ", "persons")]),
            ([part(facts("deregister_residence", **OWNER, persons=2), 1, 1)], [Fault("persons-differ", "persons")]),
            ([part(facts("deregister_residence", **OWNER), 1, 1)], [Fault("persons-differ", "persons")]),
            (
                [part(facts(MOVE)), part(facts(CHILDS, channel="emaliatko"), 2)],
                [Fault("not-one-visit", "received")],
            ),
            (
                [part(facts(MOVE)), part(facts(CHILDS, received="2025-03-13T09:01"), 2)],
                [Fault("not-one-visit", "received")],
            ),
        ],
    )
    def test_what_stands_in_the_way(self, parts, wanted):
        assert faults(receive, NO_CASE, parts=parts, now=NOW) == wanted

    @pytest.mark.parametrize(
        ("service", "dwelling", "taken"),
        [("issue_extract", uid(101), True), ("issue_extract", None, False), (MOVE, uid(101), False)],
    )
    def test_only_an_extract_of_a_dwelling_is_about_nobody(self, service, dwelling, taken):
        asked = part(facts(service), concerned=(), dwelling=dwelling)
        if taken:
            assert received(asked).received.parts[0].concerned == ()
        else:
            wanted = [Fault("person-missing", "register")]
            assert faults(receive, NO_CASE, parts=[asked], now=NOW) == wanted

    def test_all_of_it_at_once(self):
        parts = [
            part(facts(MOVE, received="2025-03-14T09:00"), 1, 1),
            part(facts(CHILDS, received="2025-03-15T09:00"), concerned=()),
        ]
        found = faults(receive, replace(NO_CASE, version=1), parts=parts, now=NOW)
        assert [one.code for one in found] == [
            *("already-entered", "received-in-future", "not-one-visit", "persons-differ", "person-missing"),
        ]

    def test_at_this_very_minute_it_is_not_in_the_future(self):
        assert receive(NO_CASE, parts=[part(facts(MOVE, received="2025-03-13T18:00"))], now=NOW)

    def test_a_day_without_a_card_and_what_is_no_application_are_said_as_such(self):
        with pytest.raises(NoCard):
            received(part(facts("declare_residence", received="2021-11-30T12:00")))
        for wrong in ({"unheard": 1}, {"persons": -1}, {"dwelling": {"owners": -1}}):
            with pytest.raises(NotAnApplication):
                received(part(facts(MOVE, **wrong)))


class TestChecks:
    @pytest.mark.parametrize(
        ("service", "said", "wanted"),
        [
            (MOVE, {}, ("ownership", "encumbrance", "payment")),
            (CHILDS, {}, ("ownership", "encumbrance", "payment")),
            ("declare_residence", {}, ("ownership", "encumbrance", "payment")),
            (STAY, {}, ("ownership", "encumbrance")),
            ("deregister_residence", {}, ("payment",)),
            ("deregister_residence", {"ground": "court_eviction", "applicant": {"kind": "court"}}, ()),
            ("deregister_residence", {"ground": "court_removal", "applicant": {"kind": "court"}}, ("payment",)),
            ("deregister_residence", {"ground": "death_certificate"}, ("civil_status",)),
            ("deregister_residence", {**NOT_MINE, "channel": "office"}, ("civil_status",)),
            ("deregister_child_residence", {"ground": "death_certificate"}, ("civil_status",)),
            ("deregister_residence", NOT_MINE, ()),
            ("amend_record", {}, ()),
            ("issue_extract", {}, ()),
            (MOVE, {"received": "2021-11-30T10:00"}, ("payment",)),
            (MOVE, {"received": "2016-06-01T10:00"}, ("payment",)),
            (MOVE, {"received": "2027-01-01T10:00"}, ("ownership", "encumbrance", "payment")),
            (STAY, {"received": "2027-01-01T10:00"}, ("ownership", "encumbrance")),
        ],
    )
    def test_what_is_asked_of_other_registers(self, service, said, wanted):
        state = received(part(facts(service, **said)))
        assert required(state, 1) == unanswered(state, 1) == wanted

    def test_an_answer_is_stored_as_it_was_given(self):
        state = received(part(facts(MOVE)))
        said = {"kopiykas": 4542, "receipt": "К-7", "payments": None}
        assert answer_check(state, part=1, check="payment", said=said, source="bank") == [
            CheckAnswered(part=1, check="payment", said={"kopiykas": 4542, "receipt": "К-7"}, source="bank")
        ]
        died = received(part(facts("deregister_residence", ground="death_certificate")))
        said = {"death_registered_on": "2025-03-10"}
        (fact,) = answer_check(died, part=1, check="civil_status", said=said, source="clerk")
        assert fact.said == said

    def test_nobody_asks_a_second_time_for_what_was_answered(self):
        state = said_so(received(part(facts(MOVE))), 1, "encumbrance")
        assert (required(state, 1), unanswered(state, 1)) == (
            ("ownership", "encumbrance", "payment"),
            ("ownership", "payment"),
        )

    @pytest.mark.parametrize(
        ("number", "check", "said", "wanted"),
        [
            (0, "ownership", {}, Fault("part-unknown", "part")),
            (2, "ownership", {}, Fault("part-unknown", "part")),
            (1, "civil_status", {}, Fault("check-not-asked", "check")),
            (1, "unheard", {}, Fault("check-not-asked", "check")),
            (1, "ownership", {"mortgaged": True}, Fault("value-unknown", "mortgaged")),
            (1, "ownership", {"kind": "dormitory_school"}, Fault("value-unknown", "kind")),
            (1, "ownership", {"owners": "2"}, Fault("value-unknown", "owners")),
            (1, "ownership", {"owners": -1}, Fault("value-unknown", "owners")),
            (1, "encumbrance", {"encumbrance": "perhaps"}, Fault("value-unknown", "encumbrance")),
            (1, "payment", {"kopiykas": -1}, Fault("value-unknown", "kopiykas")),
            (1, "payment", {"payments": 1}, Fault("paid-missing", "kopiykas")),
            (1, "payment", {}, Fault("paid-missing", "kopiykas")),
        ],
    )
    def test_what_is_no_answer(self, number, check, said, wanted):
        state = received(part(facts(MOVE)))
        assert faults(answer_check, state, part=number, check=check, said=said, source="clerk") == [wanted]

    def test_nothing_is_answered_to_nothing_to_what_is_decided_or_waits(self):
        granted = checked(whole(STAY))
        granted = supposing(granted, outcomes(granted))
        waits = supposing(received(whole(STAY)), [CHANGE])
        for state, code in (
            (NO_CASE, "application-unknown"),
            (granted, "application-decided"),
            (waits, "change-waiting"),
        ):
            found = faults(answer_check, state, part=1, check="ownership", said={}, source="clerk")
            assert code in [one.code for one in found]

    @pytest.mark.parametrize(
        ("service", "check", "said", "grounds", "missing"),
        [
            (MOVE, "encumbrance", {"encumbrance": "forbids_registration"}, [1], ()),
            (MOVE, "encumbrance", {"encumbrance": "other"}, [], ()),
            (MOVE, "encumbrance", {"mortgaged": True}, [1, 3], ("mortgagee",)),
            (MOVE, "ownership", {"property_register_agrees": False}, [2], ()),
            (MOVE, "ownership", {"is_dwelling": False}, [7], ()),
            (MOVE, "payment", {"kopiykas": 0, "payments": 0}, [3], ("fee_evidence",)),
            ("declare_residence", "ownership", {"subject_is_owner": False}, [3], ("owner_data_1", "owner_1")),
            ("declare_residence", "payment", {"kopiykas": 0, "payments": 0}, [3], ("payment",)),
            (STAY, "encumbrance", {"mortgaged": True}, [1, 3], ("mortgagee",)),
        ],
    )
    def test_the_register_outweighs_the_applicant(self, service, check, said, grounds, missing):
        (found,) = outcomes(checked(whole(service), **{check: said}))
        if not grounds:
            assert isinstance(found, ApplicationGranted)
            return
        assert isinstance(found, ApplicationRefused)
        assert ([one.number for one in found.grounds], found.missing) == (grounds, missing)

    def test_what_is_left_out_is_as_the_applicant_says(self):
        (found,) = outcomes(checked(whole(MOVE, dwelling={"property_register_agrees": False})))
        assert [one.id for one in found.grounds] == ["property_mismatch"]
        (found,) = outcomes(checked(whole(MOVE, "owner_2", dwelling={"right_document_held": False, "owners": 2})))
        assert found.missing == ("owner_2",)
        (found,) = outcomes(checked(whole("deregister_residence", ground="death_certificate", subject=DIED)))
        assert found.effective_on == "2025-03-10"

    def test_but_the_register_may_take_back_what_the_applicant_says(self):
        mortgaged = everything(MOVE, "mortgagee", dwelling={"mortgaged": True})
        (found,) = outcomes(checked(part(mortgaged), encumbrance={"mortgaged": False}))
        assert isinstance(found, ApplicationGranted)

    def test_an_answer_given_again_takes_the_place_of_the_one_before(self):
        state = checked(whole(MOVE), encumbrance={"encumbrance": "forbids_registration"})
        state = said_so(state, 1, "encumbrance", encumbrance="none")
        assert [one.check for one in state.answers] == ["ownership", "payment", "encumbrance"]
        assert isinstance(outcomes(state)[0], ApplicationGranted)

    def test_an_answer_is_about_its_own_part(self):
        state = checked(whole(MOVE), whole(STAY))
        state = said_so(state, 2, "encumbrance", encumbrance="forbids_registration")
        assert [type(one) for one in outcomes(state)] == [ApplicationGranted, ApplicationRefused]

    def test_what_was_declared_stays_as_it_was_declared(self):
        """R-120: nothing but a register's own fields is ever answered, and even they are kept apart."""
        state = checked(whole("declare_residence"), ownership={"owners": 2})
        assert state.received.parts[0].asked["dwelling"] == {"subject_is_owner": True}
        assert case_of(state).services[0].asked.dwelling.owners == 2

    def test_the_date_of_a_death_is_the_civil_registers(self):
        asked = everything("deregister_residence", ground="death_certificate", applicant={"kind": "parent"})
        (found,) = outcomes(checked(part(asked), civil_status={"death_registered_on": "2025-03-10"}))
        assert (found.effective_on, found.decided_on) == ("2025-03-10", "2025-03-13")


class TestDeciding:
    def test_a_granted_part(self):
        assert outcome(MOVE) == ApplicationGranted(
            part=1,
            card="card_1",
            decided_on="2025-03-13",
            effective_on="2025-03-13",
            late=False,
            charge=Charge(
                due=4542,
                rule=fees.amount(MOVE, DAY).rule,
                reference=fees.amount(MOVE, DAY).reference,
                paid=4542,
            ),
            follows=(
                Following(id="dms", role="message", deadline="2025-03-13", person=uid(1)),
                Following(id="applicant_sms", role="message", deadline="2025-03-13"),
            ),
            card_sha256=card(MOVE, DAY).sha256,
        )

    def test_a_refused_part_has_every_ground_with_its_number_wording_and_what_triggered_it(self):
        subject = {"deregistered_on": "2025-01-01"}
        found = outcome(MOVE, "mortgagee", kopiykas=7570, dwelling={"mortgaged": True}, subject=subject)
        by = {one.id: one for one in decided(MOVE, ("mortgagee",), dwelling={"mortgaged": True}).grounds}
        assert isinstance(found, ApplicationRefused) and found.late and found.text == ""
        assert (found.part, found.card, found.decided_on) == (1, "card_1", "2025-03-13")
        assert [one.id for one in found.grounds] == ["encumbrance", "incomplete"] == list(by)
        for one in found.grounds:
            said = by[one.id]
            assert (one.number, one.wording, one.reference) == (said.number, said.wording, said.reference)
            assert (one.facts, one.said) == (said.facts, said.said) and one.facts
        assert found.missing == ("mortgagee",)
        assert {one.id for one in found.follows} == {"applicant_sms", "offence_protocol"}

    def test_what_is_not_possible_is_said_without_asking_any_register(self):
        (found,) = outcomes(received(whole(MOVE, **KEPT)))
        (bar,) = decided(MOVE, **KEPT).barred
        assert found == ApplicationBarred(
            part=1,
            card="card_1",
            decided_on="2025-03-13",
            barred=(Bar(id="one_address_only", wording=bar.wording, reference=bar.reference),),
            text="",
            card_sha256=card(MOVE, DAY).sha256,
        )

    def test_every_check_that_is_still_unanswered_is_named_with_its_part(self):
        state = said_so(received(whole(MOVE), whole(STAY)), 1, "encumbrance")
        assert faults(decide, state, acted_on=DAY, today=DAY) == [
            Fault("check-unanswered", "checks", {"part": number, "check": check})
            for number, check in (("1", "ownership"), ("1", "payment"), ("2", "ownership"), ("2", "encumbrance"))
        ]

    def test_a_part_that_is_not_possible_asks_nothing_and_the_others_do(self):
        found = faults(decide, received(whole(MOVE, **KEPT), whole(STAY)), acted_on=DAY, today=DAY)
        assert {one.named["part"] for one in found} == {"2"}

    def test_not_nothing_not_twice_and_not_while_a_change_waits(self):
        state = checked(whole(MOVE))
        for again, code in (
            (NO_CASE, "application-unknown"),
            (supposing(state, outcomes(state)), "application-decided"),
            (supposing(state, [CHANGE]), "change-waiting"),
        ):
            assert faults(decide, again, acted_on=DAY, today=DAY) == [Fault(code)]

    def test_after_a_rejected_change_it_is_open_again(self):
        state = supposing(checked(whole("amend_record")), [CHANGE, ChangeRejected(person=uid(1), reason="ні")])
        assert state.status == "received"
        assert isinstance(outcomes(state)[0], ApplicationGranted)

    @pytest.mark.parametrize(("acted_on", "possible"), [(12, False), (13, True), (17, True), (18, False)])
    def test_the_entry_is_made_between_the_receipt_and_today(self, acted_on, possible):
        state, on, today = checked(whole(MOVE)), date(2025, 3, acted_on), date(2025, 3, 17)
        if possible:
            ruling = decide(state, acted_on=on, today=today, reason="на папері")
            (found,) = ruling.outcomes
            assert found.decided_on == found.effective_on == on.isoformat()
        else:
            assert faults(decide, state, acted_on=on, today=today) == [Fault("acted-on-impossible", "acted_on")]

    @pytest.mark.parametrize(
        ("service", "said", "journal", "last"),
        [
            (MOVE, {}, None, 13),
            (STAY, {}, None, 13),
            ("declare_residence", {"channel": "diia", "received": "2025-03-13T20:00"}, None, 14),
            ("declare_residence", {"channel": "diia"}, None, 13),
            (MOVE, {}, "field_visit", 14),
            (MOVE, {"received": "2025-03-15T10:00"}, "outage", 17),
        ],
    )
    def test_a_day_that_is_over_needs_a_reason_and_a_second_person_once_its_term_is_over(
        self, service, said, journal, last
    ):
        paper = PaperJournal(kind=journal, number="7") if journal else None
        coming = Coming(machine=None if paper or service != "declare_residence" else "diia", paper=paper)
        state = checked(whole(service, **said), coming=coming)
        on = date.fromisoformat(state.received.received[:10])
        for today in range(on.day, 20):
            now = date(2025, 3, today)
            late = today > last
            if late:
                assert faults(decide, state, acted_on=on, today=now) == [Fault("acted-earlier", "reason")]
            ruling = decide(state, acted_on=on, today=now, reason="на папері")
            assert ruling.waits_for == (("acted_on",) if late else ())
            assert ruling.outcomes[0].recorded_later == ("на папері" if late else None)
            assert decide(state, acted_on=now, today=now).waits_for == ()

    def test_a_receipt_of_an_earlier_day_waits_with_its_own_reason(self):
        coming, today = Coming(reason="світла не було"), date(2025, 3, 18)
        state = checked(whole(STAY), coming=coming, now=datetime(2025, 3, 17, 9, 0))
        assert state.received.recorded_later == "світла не було"
        for on, waits in ((today, ("received",)), (DAY, ("received", "acted_on"))):
            ruling = decide(state, acted_on=on, today=today)
            assert (ruling.waits_for, ruling.reason) == (waits, "світла не було")
            assert ruling.outcomes[0].recorded_later == (ruling.reason if on == DAY else None)
        assert decide(state, acted_on=DAY, today=today, reason="і друга").outcomes[0].recorded_later == "і друга"

    def test_a_reason_that_nothing_needs_is_not_kept(self):
        assert decide(checked(whole(STAY)), acted_on=DAY, today=DAY, reason="про всяк випадок").reason is None

    def test_the_term_of_one_part_is_enough(self):
        parts = [replace(whole(STAY), due_by=day) for day in ("2025-03-14", "2025-03-17")]
        said = {"paper": None, "on": DAY, "timetable": HOURS}
        found = [acted_earlier(parts, DAY, today=date(2025, 3, day), **said) for day in (13, 14, 15, 17, 18)]
        assert found == [False, False, True, True, True]

    def test_approved_it_is_as_it_was_asked_for_on_whichever_day(self):
        state = checked(whole(MOVE))
        for because, reason in ((("acted_on",), "на папері"), (("correction",), None)):
            asked = ChangeRequested(asked_for="x", after=0, facts=(), because=because, recorded_later=reason)
            ruling = rule(case_of(state), on=DAY, today=date(2025, 4, 1), asked=asked)
            ruling.insist_on_deciding()
            assert (ruling.earlier, ruling.outcomes[0].recorded_later) == (reason is not None, reason)

    def test_a_declaration_of_the_evening_may_be_entered_at_once(self):
        state = checked(whole("declare_residence", received="2025-03-13T20:00"))
        assert state.received.parts[0].due_by == "2025-03-14"
        assert [outcomes(state, on)[0].effective_on for on in (DAY, date(2025, 3, 14))] == ["2025-03-13", "2025-03-14"]

    def test_a_setting_of_the_community_decides_too(self):
        papers = ["identity_document", "representative_identity", "representative_authority"]
        state = checked(part(facts("issue_extract", applicant={"kind": "proxy_representative"}, documents=papers)))
        found = [outcomes(state, settings=Readings(proxy_gets_extract=admits))[0] for admits in (False, True)]
        assert [type(one) for one in found] == [ApplicationRefused, ApplicationGranted]

    def test_the_decision_that_is_stored_is_the_one_of_the_dry_run(self):
        state = checked(whole(MOVE, subject={"current_residence": ELSEWHERE}))
        (ruled,) = decide(state, acted_on=DAY, today=DAY).parts
        asked = read(state.received.parts[0].asked)
        assert ruled.decision == law.decide(asked, law.card_for(asked), acted_on=DAY)
        assert ruled.service.part == state.received.parts[0]


class TestSecondPerson:
    def test_what_corrects_the_record_waits_and_nothing_else_does(self):
        for service, waits in (("amend_record", ("correction",)), (STAY, ())):
            assert decide(checked(whole(service)), acted_on=DAY, today=DAY).waits_for == waits

    def test_refused_it_changes_nothing_so_nobody_has_to_agree(self):
        refused = checked(whole("amend_record", false_data=True))
        assert not decide(refused, acted_on=DAY, today=DAY).waits_for

    def test_what_goes_with_a_correction_waits_with_it(self):
        for parts in ((whole("amend_record"), whole(STAY)), (whole(STAY), whole("amend_record"))):
            assert decide(checked(*parts), acted_on=DAY, today=DAY).waits_for == ("correction",)


class TestCharge:
    def test_what_was_paid_is_stored_as_it_was_said_beside_what_was_due(self):
        (found,) = outcomes(checked(whole(MOVE), payment={"kopiykas": 4600, "receipt": "К-7"}))
        assert (found.charge.due, found.charge.paid, found.charge.receipt) == (4542, 4600, "К-7")

    def test_where_nothing_is_due_nothing_is_said_to_be_paid(self):
        charge = outcome(STAY).charge
        assert (charge.due, charge.paid, charge.receipt) == (0, None, None)
        assert charge.rule and charge.reference

    def test_of_a_refused_part_too(self):
        (found,) = outcomes(checked(whole(MOVE, false_data=True), kopiykas=4542))
        assert (found.charge.due, found.charge.paid) == (4542, 4542)

    def test_each_removed_person_is_paid_for(self):
        found = outcome("deregister_residence", persons=3, kopiykas=13626, **OWNER)
        assert (found.charge.due, found.charge.paid) == (3 * 4542, 13626)

    @pytest.mark.parametrize(
        ("persons", "said", "paid"),
        [
            (1, {"kopiykas": 4542}, True),
            (1, {"kopiykas": 4541}, False),
            (1, {"kopiykas": 4541, "payments": 1}, False),
            (1, {"kopiykas": 4542, "payments": 0}, False),
            (3, {"kopiykas": 13626}, True),
            (3, {"kopiykas": 13625}, False),
            (3, {"kopiykas": 13626, "payments": 2}, False),
        ],
    )
    def test_too_little_is_not_paid_whatever_is_said_of_payments(self, persons, said, paid):
        (found,) = outcomes(checked(whole("deregister_residence", persons=persons, **OWNER), payment=said))
        assert getattr(found, "missing", ()) == (() if paid else ("fee_evidence",))
        assert found.charge.paid == said["kopiykas"]

    def test_by_the_year_of_the_receipt_whenever_it_is_decided(self):
        state = checked(whole(MOVE, received="2025-12-31T10:00"))
        assert outcomes(state, date(2026, 1, 2))[0].charge.due == 4542

    def test_a_new_minimum_changes_no_fact_that_is_stored(self, monkeypatch):
        before = checked(whole(MOVE))
        after = supposing(before, outcomes(before))
        monkeypatch.setitem(fees.MINIMUMS, 2025, {**fees.MINIMUMS[2025], "hryvnias": 10_000})
        assert outcomes(before)[0].charge.due == 15_000
        assert after.outcome(1).charge.due == 4542

    @pytest.mark.parametrize("year", [2016, 2027])
    def test_of_a_year_without_a_published_amount_the_clerk_says_what_was_paid(self, year):
        on = date(year, 6, 1)
        state = received(whole_of(year, MOVE))
        with pytest.raises(NoPublishedAmount):
            rule(case_of(state), on=on, today=on).insist(priced=True)
        for check in set(required(state, 1)) - {"payment"}:
            state = said_so(state, 1, check)
        wanted = Fault("paid-missing", "checks", {"part": "1", "check": "payment"})
        assert faults(decide, state, acted_on=on, today=on) == [wanted]
        (found,) = outcomes(said_so(state, 1, "payment", kopiykas=5100, receipt="К-7"))
        assert isinstance(found, ApplicationGranted)
        charge = found.charge
        assert (charge.due, charge.paid, charge.receipt, charge.reference) == (5100, 5100, "К-7", "")
        assert str(year) in charge.rule

    def test_beside_it_every_other_check_is_named(self):
        on = date(2027, 6, 1)
        found = faults(decide, received(whole_of(2027, MOVE)), acted_on=on, today=on)
        assert [(one.code, one.named["check"]) for one in found] == [
            ("check-unanswered", "ownership"),
            ("check-unanswered", "encumbrance"),
            ("paid-missing", "payment"),
        ]

    def test_what_is_not_possible_is_so_in_any_year(self):
        (found,) = outcomes(received(whole_of(2027, MOVE, **KEPT)))
        assert [one.id for one in found.barred] == ["one_address_only"]

    def test_what_is_free_is_free_in_any_year(self):
        assert outcomes(checked(whole_of(2027, STAY)))[0].charge.due == 0


def whole_of(year: int, service: str, **said: Any) -> Part:
    """A complete part of a year without a published amount: of its card's documents and one more, the payment's."""
    papers = ["application", "identity_document", "dwelling_right_document", "passport_copy", "fee_evidence"]
    return part(facts(service, **{"received": f"{year}-06-01T10:00", "documents": papers, **said}))


class TestWhatFollows:
    def test_others_are_told_of_everybody_and_the_applicant_once(self):
        found = outcome("deregister_residence", persons=2, kopiykas=9084, **OWNER)
        assert follows(found, "dms") == [(uid(1), "2025-03-13"), (uid(2), "2025-03-13")]
        assert follows(found, "applicant_sms") == [(None, "2025-03-13")]

    def test_a_task_is_about_everybody_too(self):
        found = outcome("deregister_residence", persons=2, invalid_documents=["owner_identity"], **OWNER)
        assert follows(found, "offence_protocol") == [(uid(1), "2025-03-13"), (uid(2), "2025-03-13")]

    @pytest.mark.parametrize("days", [0, 3])
    def test_where_the_cards_are_silent_a_setting_gives_the_days(self, days):
        state = checked(whole(MOVE, subject={"deregistered_on": "2025-01-01"}), kopiykas=7570)
        (found,) = outcomes(state, settings=Readings(days_where_silent=days))
        assert {(one.id, one.role, one.deadline) for one in found.follows} == {
            (id, role, (DAY + timedelta(days=days)).isoformat())
            for id, role in (("dms", "message"), ("applicant_sms", "message"), ("offence_protocol", "task"))
        }

    @pytest.mark.parametrize(
        ("electronic", "told", "deadline"),
        [(True, "previous_office_electronic", "2024-06-09"), (False, "previous_office_paper", "2024-06-08")],
    )
    def test_the_previous_office_by_the_next_calendar_day_or_on_paper_the_same(self, electronic, told, deadline):
        residence = {**ELSEWHERE, "electronic_exchange": electronic}
        state = checked(whole(MOVE, received="2024-06-08T10:00", subject={"current_residence": residence}))
        (found,) = outcomes(state, settings=Readings(days_where_silent=5))
        assert follows(found, told) == [(uid(1), deadline)]

    def test_the_guardianship_body_the_same_day(self):
        said = {"subject": {"orphan": True}, "applicant": {"kind": "guardianship_body"}}
        (found,) = outcomes(checked(whole(CHILDS, **said)), settings=Readings(days_where_silent=5))
        assert follows(found, "guardianship_body") == [(uid(1), "2025-03-13")]

    def test_days_count_from_the_entry(self):
        (found,) = outcomes(checked(whole(MOVE, subject={"current_residence": ELSEWHERE})), date(2025, 3, 20))
        assert follows(found, "previous_office_electronic") == [(uid(1), "2025-03-21")]
        assert follows(found, "dms") == [(uid(1), "2025-03-20")]

    def test_of_a_notice_nobody_is_told_but_the_service_of_migration(self):
        said = {**NOT_MINE, "subject": {"death_registered_on": "2025-03-10"}}
        assert [one.id for one in outcome("deregister_residence", **said).follows] == ["dms"]

    def test_through_diia_to_who_declared(self):
        ids = [one.id for one in outcome("declare_residence").follows]
        assert ids == ["dms", "applicant_diia"]
        refused = outcome("declare_residence", false_data=True)
        assert [(one.id, one.person) for one in refused.follows] == [("applicant_diia", None)]


class TestSeveralParts:
    def test_each_is_judged_by_its_own_card(self):
        mother = whole(MOVE)
        first = part(everything(CHILDS), 2)
        apart = everything(CHILDS, "other_parent", parents={"same_address": False})
        found = outcomes(checked(mother, first, part(apart, 3)))
        assert [(one.part, one.card, one.NAME) for one in found] == [
            (1, "card_1", "application-granted"),
            (2, "card_3", "application-granted"),
            (3, "card_3", "application-refused"),
        ]
        assert found[2].missing == ("other_parent",)
        assert [follows(one, "dms") for one in found] == [[(uid(1), "2025-03-13")], [(uid(2), "2025-03-13")], []]

    def test_each_has_a_fee_of_its_own(self):
        late = part(everything(CHILDS, subject={"born": "2024-11-01", "birth_registered_on": "2024-12-01"}), 2)
        assert [one.charge.due for one in outcomes(checked(whole(MOVE), late))] == [4542, 7570]


class TestAgesAndTerms:
    """A day on each side, through the aggregate: what is stored."""

    @pytest.mark.parametrize(
        ("service", "born", "kind", "wanted"),
        [
            (MOVE, "2011-03-13", "person", "application-granted"),
            (MOVE, "2011-03-14", "person", "application-refused"),
            (MOVE, "2011-03-14", "parent", "application-barred"),
            (CHILDS, "2011-03-14", "parent", "application-granted"),
            (CHILDS, "2011-03-13", "parent", "application-barred"),
            ("declare_residence", "2011-03-13", "person", "application-granted"),
            ("declare_residence", "2011-03-14", "person", "application-refused"),
        ],
    )
    def test_the_fourteenth_birthday_itself_counts(self, service, born, kind, wanted):
        said = {"subject": {"born": born}, "applicant": {"kind": kind}}
        assert outcome(service, **said).NAME == wanted

    @pytest.mark.parametrize(("born", "missing"), [("2007-03-14", ("any_parent",)), ("2007-03-13", ())])
    def test_consent_ends_on_the_eighteenth(self, born, missing):
        (found,) = outcomes(checked(part({**everything(MOVE), "subject": {"born": born}})))
        assert getattr(found, "missing", ()) == missing

    @pytest.mark.parametrize(
        ("received", "wanted"),
        [("2022-02-28T23:59", "application-refused"), ("2022-03-01T00:00", "application-granted")],
    )
    def test_who_is_born_on_29_february_is_14_on_1_march(self, received, wanted):
        assert outcome(MOVE, received=received, subject={"born": "2008-02-29"}).NAME == wanted

    @pytest.mark.parametrize(
        ("received", "missing"),
        [("2026-02-28T10:00", ("any_parent",)), ("2026-03-01T10:00", ())],
    )
    def test_and_18_on_1_march(self, received, missing):
        asked = {**everything(MOVE, received=received), "subject": {"born": "2008-02-29"}}
        (found,) = outcomes(checked(part(asked), kopiykas=4992))
        assert getattr(found, "missing", ()) == missing

    @pytest.mark.parametrize(
        ("subject", "late"),
        [
            ({"deregistered_on": "2025-02-11"}, False),
            ({"deregistered_on": "2025-02-10"}, True),
            ({**PERMIT, "permit_received_on": "2025-02-11"}, False),
            ({**PERMIT, "permit_received_on": "2025-02-10"}, True),
            ({"deregistered_on": "2025-02-10", "current_residence": HERE}, False),
        ],
    )
    def test_thirty_days_after_the_removal_or_the_permit(self, subject, late):
        found = outcome(MOVE, subject=subject)
        task = "dms_referral" if "citizenship" in subject else "offence_protocol"
        assert (found.late, found.charge.due) == (late, 7570 if late else 4542)
        assert bool(follows(found, task)) == late

    @pytest.mark.parametrize(("registered", "late"), [("2024-12-13", False), ("2024-12-12", True)])
    def test_three_months_after_the_registration_of_the_birth(self, registered, late):
        found = outcome(CHILDS, subject={"born": "2024-12-01", "birth_registered_on": registered})
        assert (found.late, found.charge.due) == (late, 7570 if late else 4542)

    @pytest.mark.parametrize(
        ("received", "in_time", "late"),
        [("2021-11-30T23:59", 1360, 4080), ("2021-12-01T00:00", 3405, 5675), ("2022-01-01T00:00", 3722, 6203)],
    )
    def test_the_fee_changes_at_midnight(self, received, in_time, late):
        removed = {"subject": {"deregistered_on": "2020-01-01"}}
        dues = [outcome(MOVE, received=received, **said).charge.due for said in ({}, removed)]
        assert dues == [in_time, late]


class TestStatus:
    def test_every_one_is_reached(self):
        open_, waits = received(whole(MOVE)), supposing(received(whole("amend_record")), [CHANGE])
        alone = fold(entries([CHANGE]))
        granted, refused, barred = whole(STAY), whole(STAY, false_data=True), whole(MOVE, **KEPT)

        def decided_on(*parts: Part) -> CaseRecord:
            state = checked(*parts)
            return supposing(state, outcomes(state))

        found = [
            (open_, "received"),
            (supposing(open_, [CheckAnswered(part=1, check="ownership", said={}, source="clerk")]), "received"),
            (waits, "awaiting-approval"),
            (alone, "awaiting-approval"),
            (supposing(alone, second_person.approve(alone, HEAD)), "approved"),
            (supposing(alone, second_person.reject(alone, reason="ні")), "rejected"),
            (supposing(waits, second_person.reject(waits, reason="ні")), "received"),
            (decided_on(granted), "granted"),
            (decided_on(granted, granted), "granted"),
            (decided_on(granted, refused), "partly-granted"),
            (decided_on(barred, granted), "partly-granted"),
            (decided_on(refused), "refused"),
            (decided_on(refused, barred), "refused"),
            (decided_on(barred), "not-possible"),
            (supposing(open_, [LEFT]), "left-without-movement"),
            (supposing(open_, [LEFT, ApplicationMovesAgain(due_by="2026-01-14")]), "received"),
            (supposing(open_, [LEFT, TAKEN_BACK]), "withdrawn"),
        ]
        assert [state.status for state, _ in found] == [wanted for _, wanted in found]
        assert {wanted for _, wanted in found} == set(STATUSES)

    def test_what_was_withdrawn_is_not_open_and_a_part_of_it_is_none(self):
        two = received(whole(MOVE), whole(STAY))
        one_left, none_left = supposing(two, [TAKEN_BACK]), supposing(received(whole(MOVE)), [TAKEN_BACK])
        assert [fault.code for fault in open_faults(none_left)] == ["application-withdrawn"]
        assert open_faults(one_left) == []
        case = Case.of(uid(1), one_left)
        assert [service.number for service in case.services] == [2]
        assert [fault.code for fault in case.part_faults(1)] == ["part-withdrawn"] and case.part_faults(2) == []

    def test_an_approved_change_of_an_application_grants_it_in_the_same_act(self):
        waits = supposing(checked(whole("amend_record")), [CHANGE])
        approved = supposing(waits, second_person.approve(waits, HEAD))
        assert supposing(approved, outcomes(approved)).status == "granted"

    def test_until_every_part_has_its_outcome_it_is_not_decided(self):
        state = checked(whole(STAY), whole(STAY))
        first, second = outcomes(state)
        half = supposing(state, [first])
        assert (half.decided, half.outcome(1), half.outcome(2), half.status) == (False, first, None, "received")
        assert supposing(half, [second]).decided


_NUMBERS = st.integers(0, 3)
_CHARGE = Charge(due=0, rule="без збору", reference="")
_JUDGED: dict[str, Any] = {"card": "card_1", "decided_on": "2025-03-13"}
FACTS = st.one_of(
    st.builds(
        lambda parts: ApplicationReceived(
            code="000001", received="2025-03-13T09:00", channel="office", parts=(part(facts(MOVE)),) * parts
        ),
        _NUMBERS,
    ),
    st.builds(
        CheckAnswered, part=_NUMBERS, check=st.sampled_from(["ownership", "x"]), said=st.just({}), source=st.just("")
    ),
    st.builds(lambda number: ApplicationBarred(part=number, barred=(), text="", **_JUDGED), _NUMBERS),
    st.builds(
        lambda number: ApplicationGranted(
            part=number, effective_on="2025-03-13", late=False, charge=_CHARGE, **_JUDGED
        ),
        _NUMBERS,
    ),
    st.builds(
        lambda number: ApplicationRefused(part=number, late=False, charge=_CHARGE, grounds=(), text="", **_JUDGED),
        _NUMBERS,
    ),
    st.just(CHANGE),
    st.just(ChangeApproved(person=uid(1))),
    st.just(ChangeRejected(person=uid(2), reason="ні")),
)


class TestFold:
    @given(st.lists(FACTS, max_size=12))
    def test_never_refuses_and_always_has_a_status(self, listed):
        state = fold(entries(listed))
        assert state.version == len(listed)
        assert state.status in STATUSES
        assert [one for one in listed if isinstance(one, Outcome)] == list(state.outcomes)
        assert len({(one.part, one.check) for one in state.answers}) == len(state.answers)

    @given(st.lists(FACTS, max_size=6), st.lists(FACTS, max_size=6))
    def test_supposing_is_recording(self, before, more):
        recorded, supposed = fold(entries([*before, *more])), supposing(fold(entries(before)), more)
        assert replace(supposed, asked_by=None) == replace(recorded, asked_by=None)

    def test_who_asked_for_a_change_is_in_the_envelope(self):
        assert fold(entries([CHANGE])).asked_by == CLERK


class TestOfTheRegister:
    """What nobody says and the register knows."""

    DEAD: ClassVar[Any] = (ENTERED, registered(R1, "2020-01-01"), Deceased(registered_on="2025-03-01"))

    @pytest.mark.parametrize(
        ("service", "said", "fault"),
        [
            (MOVE, {}, ("person-deceased", "register.persons")),
            ("deregister_residence", {}, ("person-deceased", "register.persons")),
            ("amend_record", {}, ("dead-apply-for-nothing", "applicant.kind")),
            ("issue_extract", {"applicant": {"kind": "parent"}}, ("dead-apply-for-nothing", "applicant.kind")),
            ("issue_extract", {"applicant": {"kind": "dwelling_owner"}}, None),
            ("deregister_residence", {**NOT_MINE, "subject": DIED}, ("death-stands", "subject.death_registered_on")),
        ],
    )
    def test_the_dead_apply_for_nothing(self, service: str, said: dict[str, Any], fault: Any) -> None:
        asked = replace(whole(service, **said), dwelling=HOME)
        (part,) = ruled(asked, life=self.DEAD).parts
        named = {"person": str(uid(1)), "registered_on": "2025-03-01"}
        assert part.impossible == ((Fault(*fault, named),) if fault else ())

    def test_nor_do_they_file_for_others(self) -> None:
        asked = replace(whole(MOVE, applicant={"kind": "proxy_representative"}), dwelling=HOME, applicant=uid(7))
        files = person_state.fold(entries(self.DEAD, uid(7)))
        (part,) = ruled(asked, life=self.DEAD[:2], more={uid(7): files}).parts
        assert part.impossible == (Fault("applicant-deceased", "register.applicant", {"registered_on": "2025-03-01"}),)

    def test_an_owner_says_which_dwelling_is_owned(self) -> None:
        asked = whole("issue_extract", applicant={"kind": "dwelling_owner"})
        (part,) = ruled(asked, life=self.DEAD[:2]).parts
        assert part.impossible == (Fault("owned-dwelling-missing", "register.dwelling"),)
        (part,) = ruled(replace(asked, dwelling=HOME), life=self.DEAD[:2]).parts
        assert part.impossible == () and part.decision.decision == "granted"

    def test_they_are_not_refused_for_a_missing_paper_at_the_receipt(self) -> None:
        (part,) = ruled(whole(MOVE, "application"), life=self.DEAD).parts
        assert part.decision.decision == "refused" and [one.code for one in part.impossible] == ["person-deceased"]

    def test_a_dwelling_outside_bars(self) -> None:
        asked = replace(whole(MOVE), dwelling=FLAT)
        for outside, bars in ((frozenset({FLAT}), ["outside_community"]), (frozenset({HOME}), [])):
            (part,) = ruled(asked, outside=outside, life=self.DEAD[:2]).parts
            assert [one.id for one in part.decision.barred] == bars

    @pytest.mark.parametrize(
        ("outside", "bars"),
        [({FLAT}, ["outside_community"]), ({FLAT, HOME}, []), ({HOME}, []), (set(), [])],
    )
    def test_a_correction_leads_nobody_outside_who_was_here(self, outside: set[Any], bars: list[str]) -> None:
        now = version("2020-01-01", dwelling=FLAT)
        one = Concerned(person=uid(1), residence=R1)
        asked = replace(whole("amend_record"), concerned=(one,), now=now, reason="описка")
        (part,) = ruled(asked, outside=frozenset(outside), life=self.DEAD[:2]).parts
        assert [one.id for one in part.decision.barred] == bars
        unnamed = replace(asked, concerned=(Concerned(person=uid(1)),))
        (part,) = ruled(unnamed, outside=frozenset(outside), life=self.DEAD[:2]).parts
        assert [one.id for one in part.decision.barred] == (["outside_community"] if FLAT in outside else [])
