"""What holds of every application whatever, drawn from the vocabulary itself: all services, channels, grounds, ages
around the limits, days around the change of the cards.

No example is checked for what is decided on it: only for what no decision may do.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass, replace
from datetime import date, datetime, timedelta
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from test_services import LAW, OLDER_ONLY, SERVICES, VOCABULARY, complete
from tiers import tries

from registry.aggregates.values import sure
from registry.services.application import Application, read
from registry.services.catalogue import NoCard
from registry.services.decision import Decision, Dues, card_for, decide, dues
from registry.services.offices import PLAIN_WEEK

DAYS = st.one_of(
    st.sampled_from([date(2021, 11, 29), date(2021, 11, 30), LAW, date(2022, 1, 1), date(2024, 2, 29)]),
    st.dates(date(2021, 1, 1), date(2026, 12, 31)),
)
MINUTES = st.one_of(
    st.sampled_from([0, 479, 480, 840, 870, 929, 930, 1019, 1020, 1199, 1200, 1439]), st.integers(0, 1439)
)
"""Of a day: the opening and closing of every timetable, the last hour, and all others."""
AROUND = st.one_of(st.sampled_from([-1, 0, 1, 29, 30, 31, 59, 89, 90, 91, 92, 93]), st.integers(-3, 1200))
"""So many days before the receipt something happened."""
YEARS = st.one_of(st.sampled_from([0, 13, 14, 15, 16, 17, 18]), st.integers(0, 90))
PAPERS = sorted((VOCABULARY["documents"] | OLDER_ONLY) - {"owner_data_N"} | {f"owner_data_{n}" for n in (1, 2, 3)})
CONSENTS = sorted(VOCABULARY["consents"] - {"owner_N"} | {f"owner_{n}" for n in (1, 2, 3)})
PLACES = st.sampled_from(["this_community", "other_community"])
IDENTITIES = {"identity_document", "parent_identity_document"}
COUNTED = {"owners": st.integers(0, 3), "persons": st.integers(1, 3), "payments": st.integers(0, 3)}


def leaves(kind: type, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Everything that an application may say, with its type; of what may be absent also that it is there."""
    for name, hint in get_type_hints(kind).items():
        parts = [one for one in get_args(hint) if one is not NoneType]
        hint = parts[0] if get_origin(hint) in (UnionType, Union) else hint
        if not is_dataclass(hint) or parts:
            yield (*path, name), hint
        if is_dataclass(hint):
            yield from leaves(hint, *path, name)


THINGS = dict(leaves(Application))
for said_of_all in (("service",), ("received",), ("subject", "born")):
    del THINGS[said_of_all]


def values(hint: Any, name: str, day: date) -> st.SearchStrategy[Any]:
    """Plain data of a type."""
    ago = AROUND.map(lambda days: day - timedelta(days))
    match get_origin(hint) or hint:
        case kind if kind is Literal:
            return st.sampled_from(get_args(hint))
        case kind if kind is frozenset:
            return st.lists(st.sampled_from(CONSENTS if name == "consents" else PAPERS), max_size=6)
        case kind if kind is Mapping:
            return st.dictionaries(st.sampled_from(PAPERS), ago, max_size=2)
        case kind if kind is tuple and name == "family_formed":
            return st.lists(st.integers(0, 3000).map(lambda back: _at(day, -back)), max_size=3)
        case kind if kind is tuple:
            return st.lists(st.fixed_dictionaries({"id": st.sampled_from("abc"), "place": PLACES}), max_size=3)
        case kind if is_dataclass(kind):
            return st.just({})
    return {bool: st.booleans(), int: COUNTED.get(name, st.nothing()), date: ago}[hint]


@st.composite
def applications(draw: st.DrawFn) -> Application:
    """Any application that the vocabulary can say: an ordinary one in which up to a dozen things are otherwise; one of
    two has all that its card asks for."""
    day = draw(DAYS)
    born = _years_before(day, draw(YEARS)) - timedelta(draw(st.integers(-1, 1)))
    said: dict[str, Any] = {"service": draw(st.sampled_from(SERVICES)), "received": _at(day, draw(MINUTES))}
    said["subject"] = {"born": min(born, day)}
    for path in draw(st.lists(st.sampled_from(sorted(THINGS)), max_size=12, unique=True)):
        *way, last = path
        where = said
        for name in way:
            where = where.setdefault(name, {})
        where.setdefault(last, draw(values(THINGS[path], last, day)))
    asked = read(said)
    return completed(asked) if draw(st.booleans()) else asked


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


def of_law(asked: Application) -> Decision:
    """The decision; an application of a day on which no card knew the service is none."""
    try:
        return decide(asked, card_for(asked))
    except NoCard:
        assert asked.received.date() < LAW
        reject()


def grounds(decision: Decision) -> set[str]:
    """Whatever is against it."""
    return {one.id for one in (*decision.grounds, *decision.barred)}


def unspoiled(asked: Application, papers: frozenset[str]) -> frozenset[str]:
    """Those of the papers that are valid: neither said to be invalid nor over."""
    return (
        papers
        - asked.invalid_documents
        - {one for one, last in asked.valid_until.items() if last < asked.received.date()}
    )


whatever = settings(max_examples=tries(1500), deadline=None, suppress_health_check=list(HealthCheck))


class TestMore:
    """More of what is good takes nothing away."""

    @whatever
    @given(applications(), st.frozensets(st.sampled_from(PAPERS)), st.frozensets(st.sampled_from(CONSENTS)))
    def test_valid_papers_and_consents_never_turn_a_grant_into_a_refusal(self, asked, papers, consents):
        more = replace(asked, documents=asked.documents | unspoiled(asked, papers), consents=asked.consents | consents)
        before, after = of_law(asked), of_law(more)
        assert grounds(after) <= grounds(before)
        assert set(after.missing) - set(before.missing) <= set() or before.decision != "granted"
        assert (after.fee, after.late, after.due_by) == (before.fee, before.late, before.due_by)

    @whatever
    @given(applications(), st.integers(0, 3))
    def test_nor_do_payments(self, asked, payments):
        assert grounds(of_law(replace(asked, payments=sure(asked.payments) + payments))) <= grounds(of_law(asked))

    @whatever
    @given(applications(), st.data())
    def test_a_true_word_or_a_sound_paper_in_place_of_another_never_hurts(self, asked, data):
        better = replace(asked, false_data=False)
        if asked.invalid_documents:
            bad = data.draw(st.sampled_from(sorted(asked.invalid_documents)))
            sound = {name: last for name, last in asked.valid_until.items() if name != bad}
            others = asked.invalid_documents - {bad}
            better = replace(better, invalid_documents=others, documents=asked.documents | {bad}, valid_until=sound)
        assert grounds(of_law(better)) <= grounds(of_law(asked))

    @whatever
    @given(applications(), st.sampled_from(PAPERS), st.booleans())
    def test_nor_does_the_lack_of_a_bad_paper_that_nobody_asks_for(self, asked, paper, over):
        """A bad one that is asked for is at least submitted: without it something is missing instead."""
        without = replace(
            asked, documents=asked.documents - {paper}, invalid_documents=asked.invalid_documents - {paper}
        )
        before = of_law(without)
        if over:
            yesterday = asked.received.date() - timedelta(1)
            bad = replace(
                without,
                documents=without.documents | {paper},
                valid_until={**without.valid_until, paper: yesterday},
            )
        else:
            bad = replace(without, invalid_documents=without.invalid_documents | {paper})
        needed = {one.id for one in before.documents_required}
        assert grounds(before) - ({"incomplete", "under_14_or_unauthorised"} if paper in needed else set()) <= grounds(
            of_law(bad)
        )


class TestEvery:
    """Every application is decided, once and for a reason."""

    @whatever
    @given(applications())
    def test_is_decided_the_same_again_and_says_why(self, asked):
        by = of_law(asked)
        assert by == of_law(replace(asked))
        assert {
            "granted": not by.grounds and not by.barred,
            "refused": bool(by.grounds),
            "not_possible": bool(by.barred),
        }[by.decision]
        assert all(one.wording and one.reference and one.facts and all(one.said) for one in by.grounds)
        assert all(one.wording and one.reference for one in by.barred)
        printed = {rule.id for rule in card_for(asked).rules["refusals"]}
        assert {one.id for one in by.grounds} <= printed
        assert not (by.barred and by.grounds)

    @whatever
    @given(applications())
    def test_lacks_only_what_is_asked_for_and_asks_only_for_what_the_card_lists(self, asked):
        by, listed = of_law(asked), card_for(asked).rules
        needed = {one.id for one in (*by.documents_required, *by.consents_required)}
        assert set(by.missing) <= needed | {"payment"}
        names = {re.sub(r"_\d$", "_N", one) if one.startswith("owner_") else one for one in needed}
        assert names <= {rule.id for section in ("documents", "consents") for rule in listed[section]}
        if asked.received.date() >= LAW and by.decision == "granted":
            assert by.missing == ()

    @whatever
    @given(applications())
    def test_takes_effect_only_if_granted_and_is_told_of_by_its_deadlines(self, asked):
        by, day = of_law(asked), asked.received.date()
        assert (by.effective_on is None) == (by.decision != "granted")
        assert by.due_by in (day, PLAIN_WEEK.next_working_day(day))
        assert all(
            one.deadline is None or one.deadline - by.due_by in (timedelta(0), timedelta(1)) for one in by.messages
        )
        assert by.decision == "granted" or not {one.id for one in by.messages} - {"applicant_sms", "applicant_diia"}

    @whatever
    @given(applications())
    def test_completed_is_missing_nothing(self, asked):
        sound = replace(asked, invalid_documents=frozenset(), valid_until={}, payments=asked.persons)
        # A document outside the closed list, or a proof that proves nothing, is as good as none.
        assert set(of_law(completed(sound)).missing) <= {*IDENTITIES, "representative_authority"}


class TestLimits:
    """A later event is never worse, a day more never better."""

    EVENTS = ("deregistered_on", "permit_received_on", "birth_registered_on")

    @whatever
    @given(applications(), st.sampled_from(EVENTS), AROUND, st.integers(0, 120))
    def test_an_earlier_event_never_makes_a_late_application_one_in_time(self, asked, name, ago, earlier):
        day = asked.received.date() - timedelta(ago)
        later, sooner = (_since(asked, name, on) for on in (day, day - timedelta(earlier)))
        assert sooner.late >= later.late
        assert sooner.fee.kopiykas >= later.fee.kopiykas

    @whatever
    @given(applications(), st.integers(2, 4))
    def test_a_fee_is_that_of_one_for_each(self, asked, persons):
        one, several = (of_law(replace(asked, persons=count, payments=count)) for count in (1, persons))
        assert several.fee.kopiykas == persons * one.fee.kopiykas

    @whatever
    @given(applications(), st.integers(0, 1439))
    def test_the_last_day_is_never_before_that_of_the_same_day_in_working_time(self, asked, minutes):
        noon, other = (
            replace(
                asked, received=datetime.combine(asked.received.date(), datetime.min.time()) + timedelta(minutes=at)
            )
            for at in (12 * 60, minutes)
        )
        assert of_law(noon).due_by <= of_law(other).due_by


def completed(asked: Application) -> Application:
    try:
        return complete(asked)
    except NoCard:
        reject()


def _since(asked: Application, name: str, on: date) -> Dues:
    """What is due if an event was on a day: of the subject, and of a parent who received the permit."""
    changed = replace(asked, subject=replace(asked.subject, **{name: on}))
    if name == "permit_received_on":
        changed = replace(changed, applicant=replace(asked.applicant, permit_received_on=on))
    try:
        return dues(changed)
    except NoCard:
        reject()
