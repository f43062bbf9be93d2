"""For random histories and visits: an extract asked for at a visit is the one asked for right after it, word for word,
and replay agrees with both."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from clerks import Clerk
from given import CLERK, installation
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from test_extract_states import agrees
from test_random_acts import HEAD, Told, a_register, asks
from test_services import everything
from tiers import tries

from registry import texts
from registry.aggregates.case.events import ChangeRequested, Concerned, Part
from registry.aggregates.dwelling.events import Address
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.person.events import Document, Particulars, ResidenceVersion
from registry.aggregates.person.state import Person
from registry.aggregates.values import Entry, Impossible, first_day, known
from registry.app import Act
from registry.cases.cases import Cases
from registry.cases.intake import Visit
from registry.extracts.requesting import CannotIssue, Wanted, requested
from registry.extracts.superseding import superseded_on
from registry.storage.mapper import kyiv_day
from registry.viewer import OPEN
from replay.compare import verify

pytestmark = pytest.mark.slow

BORN, RECEIVED, FEES = "1990-05-04", "2025-03-13T10:00", 100_000
LATER = "прийнято на папері, внесено згодом"
SERVICES = ("register_residence", "register_residence", "register_stay", "deregister_residence", "amend_record")
NEW = Particulars(surname="Нова", given_names="Людина", birth_date=BORN)
LATIN = Document(kind="passport_card", number="1", latin="Nova")
TIMES = ("requested_at", "known_at")


@dataclass(frozen=True)
class Asked:
    """A visit: the service, whom and which dwelling; what extract, in the part itself or by a part of its own, and
    whether one of the dwelling too; `later`: decided by a second request."""

    service: str
    who: int
    which: int
    home: int
    state: str
    history: bool
    beside: bool
    of_home: bool
    later: bool
    two: bool


visits = st.builds(
    Asked,
    service=st.sampled_from(SERVICES),
    who=st.integers(0, 2),
    which=st.integers(0, 5),
    home=st.integers(0, 5),
    state=st.sampled_from(["active", "active", "removed", "cancelled"]),
    history=st.booleans(),
    beside=st.booleans(),
    of_home=st.booleans(),
    later=st.booleans(),
    two=st.booleans(),
)


def lived(told: Told) -> None:
    """Two people have moved about, and every street has had other names since."""
    for number, home in enumerate(told.homes):
        for year in (2002, 2004, 2010)[number % 2 :]:
            street = Address(street=f"вул. Нова {year}, {number}")
            told.clerk.rename_address(home, command=uuid4(), address=street, since=f"{year}-0{1 + number}-01")
    for person, homes in zip(told.people, ((0, 1, 5), (1, 0)), strict=False):
        for year, number in enumerate(homes, 2001):
            said = {"dwelling": told.homes[number], "since": f"{year}-03", "kind": "registered"}
            told.clerk.settle(person, command=uuid4(), **said)


def part(service: str, born: str, one: Concerned | None, **said: Any) -> Part:
    facts = {name: said.pop(name) for name in ("extract", "applicant") if name in said}
    asked = {**everything(service, subject={"born": born}, **facts), "received": RECEIVED}
    return Part(asked=asked, card="", due_by="", concerned=(one,) if one else (), **said)


def visit_of(told: Told, asked: Asked) -> Visit:
    """The visit with every paper and every answer."""
    person, home = told.people[asked.who], told.home(asked.home)
    now = told.registry.person(person)
    birth = now.particulars.birth_date
    born = first_day(birth).isoformat() if birth and known(birth) == "day" else BORN
    one = Concerned(person=person) if now.entered else newcomer()
    wants = {"extract": {"state": asked.state, "history_requested": asked.history}}
    first = part(asked.service, born, _named(asked, one, now), dwelling=home, **({} if asked.beside else wants))
    if asked.service == "amend_record":
        corrected = ResidenceVersion(kind="registered", dwelling=home, since="2001-02-03")
        return Visit(
            parts=[replace(first, now=corrected, reason="описка", asked={**first.asked, **wants})], reason=LATER
        )
    parts = [first]
    if asked.beside:
        parts.insert(asked.which % 2, part("issue_extract", born, one, **wants))
    if asked.of_home:
        parts.append(part("issue_extract", BORN, None, dwelling=home, applicant={"kind": "dwelling_owner"}))
    return Visit(parts=parts, applicant="Заявниця Вигадана", reason=LATER)


def newcomer() -> Concerned:
    """Somebody of the day that everybody is born on, and nobody who came before: another name, another passport."""
    new, number = uuid4(), uuid4().int
    called = "".join("абвгдежзиклмнопр"[int(one, 16)] for one in new.hex)
    paper = replace(LATIN, number=str(number % 10**9))
    return Concerned(person=new, particulars=replace(NEW, surname=called.capitalize()), documents=(paper,))


def _named(asked: Asked, one: Concerned, now: Person) -> Concerned:
    lived = now.residences
    corrects = asked.service == "amend_record" and lived
    return replace(one, residence=lived[asked.which % len(lived)].id) if corrects else one


def acted(told: Told, asked: Asked) -> Act | None:
    """The act that formed what was asked for; None of a visit that could not be."""
    where = installation()
    cases = Cases(Clerk(told.registry, CLERK, second_person=asked.two), where)
    cases.with_documents = lambda act: act  # the paper itself is drawn elsewhere
    head = Cases(Clerk(told.registry, HEAD), where)
    head.with_documents = cases.with_documents
    try:
        visit = visit_of(told, asked)
        receipt, ruling = cases.receive(visit, command=uuid4())
        case, said = receipt.entries[0].stream, {"ownership": {}, "encumbrance": {}, "payment": {"kopiykas": FEES}}
        answers = [(one.number, check, said.get(check, {})) for one in ruling.case.services for check in one.unanswered]
        if asked.later:
            for number, check, answer in answers:
                cases.answer(case, part=number, check=check, said=answer, command=uuid4())
            act = cases.decide(case, confirmed=True, command=uuid4())
        else:
            whole = replace(visit, answers=answers)
            act, _ = cases.receive_and_decide(whole, acted_on=None, confirmed=True, command=uuid4())
    except (Impossible, CannotIssue):
        return None
    waits = next((entry for entry in act.entries if isinstance(entry.fact, ChangeRequested)), None)
    return head.approve(waits.stream, command=uuid4()) if waits else act


def is_the_one_of_right_after(told: Told, act: Act, entry: Entry) -> None:
    """The extract of a visit, against one that is asked for once the visit is over."""
    fact: ExtractRequested = entry.fact
    assert (fact.read_at, fact.number > 0) == (act.position, True)
    of_same = {name: getattr(fact, name) for name in ("person", "dwelling", "asked_for", "history", "basis")}
    wanted = Wanted(**of_same, requester=fact.requester, application=fact.application)
    after = requested(
        told.registry, wanted, settings=installation(), by=entry.by, now=datetime.now(UTC), seen_by=OPEN
    ).content
    assert _timeless(fact.content) == _timeless(after)
    today = kyiv_day(datetime.now(UTC))
    with told.registry.snapshot() as connection:
        assert superseded_on(connection, entry, today=today) is None
    if fact.person:
        agrees(told.registry, fact.person, act.position, today)


def _timeless(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in TIMES}


@settings(max_examples=tries(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(before=st.lists(asks, min_size=4, max_size=12), asked=st.lists(visits, min_size=3, max_size=8))
def test_an_extract_of_a_visit_is_the_one_asked_for_right_after_it(server, before, asked):
    with a_register(server) as registry:
        told = Told(registry)
        lived(told)
        for ask in before:
            told.does(ask)
        for one in asked:
            if act := acted(told, one):
                formed = [entry for entry in act.entries if isinstance(entry.fact, ExtractRequested)]
                granted = [entry.fact.part for entry in act.entries if entry.fact.NAME == "application-granted"]
                assert bool(formed) == bool(granted)
                for entry in formed:
                    is_the_one_of_right_after(told, act, entry)
                    event(entry.fact.content["kind"])
                    earlier = entry.fact.content["previous"] or []
                    event(f"an old name: {any(row['address_now'] for row in earlier)}")
        # What is told here comes from behind the gate, which alone says what a number is like.
        past_the_gate = texts.TEXTS["differences"]["number"]
        assert [one for one in verify(registry).differences if not one.endswith(past_the_gate)] == []


@pytest.mark.parametrize("service", sorted(set(SERVICES)))
@pytest.mark.parametrize("later", [False, True])
def test_every_service_takes_part(server, service, later):
    """Whom the property above draws from: each service forms an extract, however it is asked for."""
    with a_register(server) as registry:
        told = Told(registry)
        told.clerk.settle(
            told.people[0], command=uuid4(), dwelling=told.homes[0], since="2001-01-01", kind="registered"
        )
        beside = service != "amend_record"
        said = {"state": "active", "history": True, "beside": beside, "of_home": beside, "two": True, "later": later}
        act = acted(told, Asked(service=service, who=0, which=0, home=1, **said))
        formed = [entry for entry in act.entries if isinstance(entry.fact, ExtractRequested)]
        assert len(formed) == 1 + beside
        for entry in formed:
            is_the_one_of_right_after(told, act, entry)


def test_of_rows_that_began_on_one_day_the_last_recorded_stands_first(server):
    """As every other answer has them: by when each was believed so, whatever its id is."""
    with a_register(server) as registry:
        told = Told(registry)
        person, begun = told.people[0], {"since": "2001-01-01", "kind": "registered", "confirmed": True}
        for home in (0, 1, 5, 0, 1):
            act = told.clerk.settle(person, command=uuid4(), dwelling=told.homes[home], **begun)
            residence = act.entries[0].fact.residence
            told.clerk.annul_residence(person, command=uuid4(), residence=residence, basis="суд", revives=False)
            said = {"history": False, "beside": True, "of_home": False, "two": False, "later": False}
            act = acted(told, Asked(service="register_stay", who=0, which=0, home=2, state="cancelled", **said))
            (entry,) = [one for one in act.entries if isinstance(one.fact, ExtractRequested)]
            assert [row["residence_id"] for row in entry.fact.content["residences"]] == [str(residence)]
            is_the_one_of_right_after(told, act, entry)
