"""What is remembered of a register, read at once, says of every position what the register says when it is asked; and
since when an extract is superseded is found so as by asking at every moment. On random lives, lawful or not; and for
a dormitory with as few queries as for one person."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from clocks import KYIV, StoppedClock
from conftest import _database
from given import CLERK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_api import Desk, desk
from test_dwelling_card import crowd
from test_pages_agree import OWNER, SHOWN
from test_random_acts import Told, asks
from tiers import tries

from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.values import Entry, Impossible, NeedsConfirmation, sure
from registry.app import LostRace, Registry
from registry.extracts import content, issuing, stated, superseding
from registry.extracts.remembered import remembered
from registry.opening import opened
from registry.projections import dwellings, extracts
from registry.storage.mapper import kyiv_day
from registry.storage.recorder import SQL as LOG

__all__ = ["desk"]

OFTEN = ("settle", "settle", "deregister_residence", "correct_residence", "annul_residence", "annul_deregistration")
OFTEN += ("readdress", "correct_dwelling", "change_particulars", "record_death", "annul_death", "enter_past_residence")
lives = st.builds(
    lambda ask, act, home: replace(ask, act=act, home=home, other=ask.other % 2, confirmed=True),
    *(asks, st.sampled_from(OFTEN), st.integers(0, 1)),
)
"""Acts among few, so that most of them come to something and some of it is taken back."""
FIRST, STEP, LATER = datetime(2002, 9, 1, 9, tzinfo=UTC), timedelta(35), timedelta(700)
PAST = date(2001, 2, 1)
"""The day that extracts of an earlier day are of."""


@dataclass(frozen=True)
class Asking:
    """The register as known at a position, asked anew each time."""

    connection: Any
    position: int

    def of_person(self, id: UUID, **asked: Any) -> stated.Stated:
        return stated.of_person(self.connection, id, position=self.position, **asked)

    def of_dwelling(self, id: UUID, *, on: date) -> stated.Stated:
        return stated.of_dwelling(self.connection, id, position=self.position, on=on)

    def called(self, dwelling: UUID, on: date) -> str | None:
        asked = {"dwelling": dwelling, "position": self.position}
        names = self.connection.execute(dwellings.SQL["names"], asked).fetchall()
        held = [row for row in names if row["since"] is None or row["since"] <= on]
        return held[-1]["address"] if held else None


def by_asking(connection: Any, asked: Entry, today: date) -> date | None:
    """The rule itself: back from today, moment by moment, as long as the register states something else."""
    said: ExtractRequested = asked.fact
    told = sure(content.of(said))
    own = told.day if told.past else None
    last = connection.execute(LOG["last_position"]).fetchone()["position"]
    if superseding.still_so(Asking(connection, last), asked, today=today):
        return None
    which = ("dwelling", "in_dwelling") if said.dwelling else ("person", "of_person")
    params = {"person": said.person, "dwelling": said.dwelling, "position": said.read_at}
    facts = connection.execute(extracts.SQL[f"touched_{which[0]}_after"], params).fetchall()
    moments = [(kyiv_day(row["recorded_at"]), row["position"]) for row in facts]
    between = {**params, "from": told.day, "today": today}
    for row in [] if own else connection.execute(extracts.SQL[f"ends_{which[1]}_between"], between).fetchall():
        begins = datetime.combine(row["until"], time.min, KYIV)
        known = connection.execute(LOG["position_known_at"], {"known_at": begins}).fetchone()
        moments.append((row["until"], known["position"]))
    since = today
    for day, position in sorted(moments, reverse=True):
        if superseding._still_states(Asking(connection, position), said, told, on=own or day):
            break
        since = day
    return since


def lived(registry: Registry, acts: list[Any]) -> Told:
    """A register in which all that was asked is done, as far as it may be, each some weeks after the one before."""
    told = Told(registry)
    for person in told.people[:2]:
        told.clerk.settle(person, kind="registered", dwelling=told.homes[0], since="2000", command=uuid4())
    for number, ask in enumerate(acts, 1):
        registry.clock.set(f"{FIRST + number * STEP:%Y-%m-%dT%H:%M}")
        try:
            getattr(told, ask.act)(ask, command=uuid4())
        except (Impossible, NeedsConfirmation, LostRace):
            continue
    return told


def extracts_of(told: Told, connection: Any, position: int, day: date) -> Iterator[Entry]:
    """What could have been issued at a position: about everybody and every dwelling, of the day and of an earlier."""
    register = Asking(connection, position)
    for on in (day, PAST):
        for number, stream in enumerate((*told.people, *told.homes[:2])):
            about = {"dwelling": stream} if stream in told.homes else {"person": stream}
            history = bool(number % 2)
            if "dwelling" in about:
                found = register.of_dwelling(stream, on=on)
            else:
                found = register.of_person(stream, on=on, within="", history=history, asked_for=None)
                if found.person is None:
                    continue
            kept = {
                **dict.fromkeys(("kind", "register", "community", "office", "basis", "requester", "clerk"), ""),
                **{"requested_at": "", "known_at": "", "past": on != day, "on": on.isoformat(), "schema": 3},
                **{"person": found.person, "died": found.died, "residences": list(found.residences)},
                **{"previous": None if found.previous is None else list(found.previous), "no_data": False},
                "dwelling": {"address": register.called(stream, on)} if "dwelling" in about else None,
                "residents": None if found.residents is None else list(found.residents),
            }
            said = {"year": 2001, "number": 1, "code": "", "basis": "person", "requester": "", "history": history}
            fact = ExtractRequested(**about, **said, on=on.isoformat(), read_at=position, content=kept)
            yield Entry(position + 1, uuid4(), 1, FIRST, day, CLERK, uuid4(), fact)


@settings(max_examples=tries(12), suppress_health_check=list(HealthCheck), deadline=None)
@given(acts=st.lists(lives, min_size=8, max_size=16), take=st.integers(0, 2))
def test_on_random_lives(server, acts, take):
    for url in _database(server, template="hromada"):
        with opened(url, clock=StoppedClock(f"{FIRST:%Y-%m-%dT%H:%M}")) as registry:
            told = lived(registry, acts)
            last, today = registry.position(), kyiv_day(registry.clock())
            days = {one: kyiv_day(sure(registry.recorded_at(one))) for one in range(9 + take, last + 1, 3)}
            with registry.snapshot() as connection:
                says_the_same(told, connection, last)
                for position, day in days.items():
                    for asked in extracts_of(told, connection, position, day):
                        for on in (today, today + LATER):
                            found = superseding.superseded_on(connection, asked, today=on)
                            assert found == by_asking(connection, asked, on), asked


def says_the_same(told: Told, connection: Any, last: int) -> None:
    """What is remembered since a position says what is asked, at it and at each later one."""
    said = {"year": 1, "number": 1, "code": "", "on": "2001-01-01", "read_at": 1, "history": True, "basis": ""}
    about = [{"person": one} for one in told.people] + [{"dwelling": one} for one in told.homes]
    everything = [ExtractRequested(**one, **said, requester="", content={}) for one in about]
    since = last // 2
    register = remembered(connection, everything, since=since)
    for position in range(since, last + 1, 3):
        one, other = register.at(position), Asking(connection, position)
        for on in (date(2001, 7, 1), date(2002, 1, 1), date(2030, 1, 1)):
            for home in told.homes:
                assert one.called(home, on) == other.called(home, on)
                assert one.of_dwelling(home, on=on) == other.of_dwelling(home, on=on)
            for person in told.people:
                asked = {"on": on, "within": "", "history": True, "asked_for": None}
                assert one.of_person(person, **asked) == other.of_person(person, **asked)


class Counting:
    """A connection that counts what is asked of it."""

    def __init__(self, connection: Any):
        self.connection, self.asked = connection, 0

    def execute(self, *query: Any) -> Any:
        self.asked += 1
        return self.connection.execute(*query)


@pytest.mark.parametrize("each", [False, True], ids=["renumbered", "each-of-them-moves"])
def test_a_dormitory_is_as_many_queries_as_one_person(desk: Desk, each: bool) -> None:
    """Whoever holds a paper may ask, as often as they like: it must not cost a query a resident."""
    took = []
    for house, count in (("40", 2), ("41", 60)):
        home, new = desk.dwelling(house), desk.dwelling(f"{house}-А")
        crowd(desk, home, count)
        number = desk.act(f"/dwellings/{home}/extracts", {**OWNER, **SHOWN})["number"]
        if each:
            for one in desk.get(f"/dwellings/{home}/residents").json()["answer"]:
                desk.settled(one["person_id"], new, since="2024-01-01")
        else:
            desk.act(f"/dwellings/{home}/readdressing", {"successor": new, "since": "2024-01-01", "reason": "рішення"})
        entry = desk.registry.entries(issuing.by_number(desk.registry, number)["extract"])[0]
        today = kyiv_day(desk.registry.clock())
        with desk.registry.snapshot() as connection:
            counting = Counting(connection)
            assert superseding.superseded_on(counting, entry, today=today) == today
            took.append(counting.asked)
    assert took[0] == took[1] < 15, took
