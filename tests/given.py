"""Lives for tests: entries from facts, and Hypothesis strategies of random facts, lawful or not; and who we are."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from registry.aggregates.case.events import ApplicationReceived, Concerned, Part
from registry.aggregates.community.events import COMMUNITY
from registry.aggregates.community.reading import facts_of
from registry.aggregates.community.state import fold
from registry.aggregates.person import events, merge_events
from registry.aggregates.values import Actor, Entry, supposed
from registry.app import Registry
from registry.roles import Role
from registry.services.adopted import AS_DECIDED, Readings
from registry.services.application import Application
from registry.services.decision import Decision, card_for, decide
from registry.services.terms import entry_by
from registry.settings import Settings

CLERK = Actor("clerk-1", "Адміністратор Вигадана О. О.")
PERSON = UUID(int=1)
BEGINNING = datetime(2024, 6, 3, 9, 0, tzinfo=UTC)


NAMED = {
    "community_name": "Вигадівська територіальна громада",
    "office_name": "Виконавчий комітет Вигадівської міської ради",
}
"""In whose name extracts of tests are issued."""
_FOLDERS = TemporaryDirectory(prefix="hromada-anywhere-")


def anywhere() -> Path:
    """A data folder of no matter, empty and of nobody else; gone when the run ends."""
    return Path(mkdtemp(dir=_FOLDERS.name))


VARIABLES = {
    "HROMADA_COMMUNITY_NAME": NAMED["community_name"],
    "HROMADA_OFFICE_NAME": NAMED["office_name"],
}
"""The same for a command."""
EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "kryvyi-rih.toml"
OURS = facts_of(tomllib.loads(EXAMPLE.read_text("utf-8")))
KRYVYI_RIH = fold(supposed(OURS, 0, date.min))
"""The community of the cards, whose offices and hours the sample cases rest on."""
HOURS = KRYVYI_RIH.on(date.max).timetable


def judged(asked: Application, settings: Readings = AS_DECIDED, **how: Any) -> Decision:
    """The decision by the card of the day and the hours of that community."""
    card = card_for(asked)
    due_by = entry_by(card.terms, asked.received, asked.channel, HOURS)
    return decide(asked, card, settings, due_by=due_by, **how)


def founded(registry: Registry, facts: Sequence[Any] = OURS) -> None:
    """Enters that community, or another."""
    registry.append([(COMMUNITY, facts, 0)], by=CLERK, command=uuid4())


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation(Settings):
    """What tests say besides: who comes (`callers.py`), with which roles, and whether a correction waits."""

    actor_id: str = "local"
    actor_name: str = "Місцевий оператор"
    roles: frozenset[Role] = frozenset({"clerk", "head", "auditor"})
    second_person: bool = True


def installation(**said: Any) -> Installation:
    """Settings of a community that has a name: nothing is issued without one."""
    return Installation(**{**NAMED, **said})


def waiting(registry: Registry, role: str | None = None, limit: int = 100) -> list[Any]:
    """The rows of the outbox in which something has yet to be done, the nearest deadline first."""
    return registry.query("outbox", "nearest", role=role, item=None, state=None, overdue=None, after=None, limit=limit)


def uid(number: int) -> UUID:
    """An id for tests."""
    return UUID(int=number)


def entries(facts: Sequence[Any], stream: UUID = PERSON, acts: Sequence[int] | None = None) -> list[Entry]:
    """Facts as entries of one stream; `acts` numbers the act of each (default: each its own)."""
    listed = []
    for number, fact in enumerate(facts):
        act = acts[number] if acts else number
        at = BEGINNING + timedelta(hours=act)
        listed.append(Entry(number + 1, stream, number + 1, at, at.date(), CLERK, uid(1000 + act), fact))
    return listed


def application(*persons: UUID, **said: Any) -> ApplicationReceived:
    """An application for one service, about these people; `said` are fields of its own or of its part."""
    part = {"card": "1", "due_by": "2026-01-12", "concerned": tuple(Concerned(person=one) for one in persons)}
    part |= {"asked": {"service": said.pop("service", "register_residence")}}
    part |= {name: said.pop(name) for name in ("card", "due_by", "papers") if name in said}
    whole = {"code": "", "received": "2026-01-12T10:30", "channel": "office", "office": "cnap-1"}
    return ApplicationReceived(**{**whole, "parts": (Part(**part),), **said})


_days = st.dates(date(2000, 1, 1), date(2003, 12, 31)).map(date.isoformat)
_rough = st.sampled_from([*(str(year) for year in range(2000, 2004)), "2001-02", "2001-07", "2002-01", "2002-12"])
days = st.one_of(_days, st.sampled_from(["2001-01-01", "2001-07-01", "2002-01-01", "2003-01-01"]))
dates = st.one_of(days, days, _rough)
dwellings = st.integers(100, 104).map(uid)


@st.composite
def lives(draw: st.DrawFn, longest: int = 12) -> list[Any]:
    """A sequence of facts of one person: any order, any dates, naming residences that exist or do not."""
    born = draw(st.one_of(st.none(), st.just("1999-05-04"), st.just("2001"), st.just("2000-06")))
    facts: list[Any] = [events.PersonEntered(particulars=events.Particulars(surname="Вигадана", birth_date=born))]
    made: list[UUID] = []
    for number in range(draw(st.integers(1, longest))):
        version = len(facts) + 1
        new = uid(200 + number)
        known = st.sampled_from(made) if made else st.just(uid(299))
        match draw(st.integers(0, 18)):
            case 0 | 1 | 2 | 3:
                kind = draw(
                    st.sampled_from([events.ResidenceDeclared, events.ResidenceRegistered, events.StayRegistered])
                )
                since = draw(st.one_of(dates, dates, dates, st.none()))
                facts.append(kind(residence=new, dwelling=draw(dwellings), since=since))
                made.append(new)
            case 4 | 5 | 6:
                since = draw(st.one_of(dates, dates, st.none()))
                facts.append(
                    events.PastResidenceEntered(
                        residence=new, kind="registered", dwelling=draw(dwellings), since=since, until=draw(dates)
                    )
                )
                made.append(new)
            case 7:
                facts.append(
                    events.ResidenceDeregistered(residence=draw(known), dwelling=draw(dwellings), until=draw(dates))
                )
            case 8:
                facts.append(
                    events.ResidenceCorrected(
                        residence=draw(known),
                        was=events.ResidenceVersion(kind="stay", dwelling=draw(dwellings)),
                        now=events.ResidenceVersion(
                            kind="declared",
                            dwelling=draw(dwellings),
                            since=draw(st.one_of(dates, dates, st.none())),
                            until=draw(st.one_of(st.none(), dates)),
                        ),
                        reason="описка",
                    )
                )
            case 9:
                revives = draw(st.booleans())
                facts.append(
                    events.ResidenceAnnulled(
                        residence=draw(known),
                        dwelling=draw(dwellings),
                        basis="висновок",
                        revives=revives,
                        revived=draw(known) if revives else None,
                        revived_until=draw(st.one_of(st.none(), dates)) if revives else None,
                    )
                )
            case 10:
                facts.append(
                    events.ResidenceCarriedOver(
                        from_residence=draw(known),
                        residence=new,
                        dwelling=draw(dwellings),
                        since=draw(days),
                        succession=1,
                    )
                )
                made.append(new)
            case 11:
                facts.append(events.OccupiedAddressNoted(residence=draw(known), list_entry="1", list_until=None))
            case 12:
                facts.append(events.Deceased(registered_on=draw(dates)))
            case 13:
                facts.append(events.DeathAnnulled(takes_back=draw(st.integers(1, version)), basis="тезка"))
            case 14:
                taken = draw(st.integers(1, version))
                facts.append(
                    draw(
                        st.sampled_from(
                            [
                                events.DeregistrationAnnulled(
                                    takes_back=taken, residence=draw(known), dwelling=uid(100), basis="суд"
                                ),
                                events.CarryOverAnnulled(
                                    takes_back=taken, residence=draw(known), dwelling=uid(100), basis="суд"
                                ),
                            ]
                        )
                    )
                )
            case 16:
                facts.append(events.FamilyLinkEntered(link=uid(400 + number), role="parent", relative_name="Мати"))
            case 17:
                link = uid(400 + draw(st.integers(0, number)))
                ended = events.FamilyLinkEnded(link=link, until=draw(dates))
                facts.append(draw(st.sampled_from([ended, events.FamilyLinkAnnulled(link=link, basis="помилка")])))
            case 18:
                merged = merge_events.EntryMerged(survivor=uid(500), reason="двійник")
                taken = draw(st.sampled_from([version, draw(st.integers(1, version))]))
                facts += draw(st.sampled_from([[merged], [], []]))
                facts.append(merge_events.MergeAnnulled(takes_back=taken, basis="двоє"))
            case 15:
                if draw(st.integers(0, 4)) == 0:
                    facts.append(events.EntryWithdrawn(reason="помилковий запис"))
                    facts.append(events.PersonEntered(particulars=events.Particulars(surname="Вигадана")))
                    made = []
    return facts
