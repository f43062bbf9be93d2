"""What an extract states, for random histories: the same as replay says at its log position and on its day; and a later
look at it finds it superseded exactly where replay would state something else."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from given import installation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_random_acts import Told, a_register, asks
from tiers import tries

from registry import texts
from registry.aggregates.dwelling.state import address_on, in_community
from registry.aggregates.dwelling.state import fold as dwelling_fold
from registry.aggregates.person.state import Person, fold
from registry.app import Registry
from registry.extracts import stated
from registry.extracts.requesting import CannotIssue, Wanted, requested
from registry.extracts.superseding import superseded_on
from registry.storage.mapper import kyiv_day
from registry.viewer import OPEN
from replay.engine import Stretch, idle, stretches

DAYS = (date(2000, 8, 1), date(2001, 7, 1), date(2002, 1, 1), date(2003, 12, 31), date(2024, 1, 1))


def state_at(registry: Registry, person: UUID, position: int) -> Person:
    return fold(entry for entry in registry.entries(person) if entry.position <= position)


def here(registry: Registry, dwelling: UUID, position: int) -> bool:
    """Whether a dwelling was in this community as known at a position: its kind may be corrected later."""
    known = dwelling_fold(entry for entry in registry.entries(dwelling) if entry.position <= position)
    return in_community(known.kind, None, "")


def by_replay(registry: Registry, person: Person, position: int, day: date) -> tuple[str, list, list]:
    """Kind, what is stated and what is earlier, from the log alone: card 7, row 16, by the stretches of replay."""
    found = [one for one in stretches(person) if here(registry, one.residence.dwelling, position)]
    begun = [one for one in found if one.since is None or one.since <= day]
    now = [one for one in begun if one.until is None or day < one.until]
    earlier = [one for one in begun if one not in now]
    if now:
        return "current", [said(one, day) for one in now], [said(one, day) for one in earlier]
    if earlier:
        return "left", [said(one, day) for one in earlier[:1]], [said(one, day) for one in earlier[1:]]
    annulled = [one for one, why in idle(person) if why == "annulled" and here(registry, one.dwelling, position)]
    return ("annulled", [], []) if annulled else ("none", [], [])


def said(one: Stretch, day: date) -> tuple:
    ended = one.until is not None and one.until <= day
    return (
        str(one.residence.id),
        texts.label("kinds", one.residence.kind),
        written(one.since, one.since_known),
        written(one.until, one.until_known) if ended else None,
        one.residence.kept,
    )


def written(day: date | None, known: str) -> str | None:
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[known]] if day and known != "none" else None


def printed(rows) -> list[tuple]:
    return [(row["residence_id"], row["kind"], row["since"], row["until"], row["kept"]) for row in rows]


def agrees(registry: Registry, person: UUID, position: int, day: date) -> None:
    with registry.snapshot() as connection:
        told = stated.of_person(connection, person, position=position, on=day, within="", history=True)
    kind, now, earlier = by_replay(registry, state_at(registry, person, position), position, day)
    if kind == "annulled":
        # A residence without a since, or one that had begun by the day; replay does not date what never counted.
        assert told.kind in ("annulled", "none")
        return
    assert told.kind == kind
    everything = sorted([*printed(told.residences), *printed(told.previous or ())], key=str)
    assert everything == sorted([*now, *earlier], key=str)
    if kind == "current":
        assert sorted(printed(told.residences), key=str) == sorted(now, key=str)


@settings(max_examples=tries(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=st.lists(asks, min_size=10, max_size=24))
def test_an_extract_states_what_replay_says_at_its_position_and_day(server, asked):
    with a_register(server) as registry:
        told = Told(registry)
        for ask in asked:
            told.does(ask)
        last = registry.position()
        for person in told.people:
            for position in sorted({last, last // 2, last - 3}):
                for day in DAYS:
                    agrees(registry, person, position, day)


@settings(max_examples=tries(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(before=st.lists(asks, min_size=6, max_size=14), after=st.lists(asks, min_size=1, max_size=8))
def test_it_is_superseded_exactly_when_it_would_state_something_else(server, before, after):
    with a_register(server) as registry:
        told = Told(registry)
        for ask in before:
            told.does(ask)
        extracts = [found for person in told.people if (found := asked_for(registry, told, person))]
        for ask in after:
            told.does(ask)
        today = kyiv_day(datetime.now(UTC))
        for entry in extracts:
            with registry.snapshot() as connection:
                found = superseded_on(connection, entry, today=today)
            person, read_at = entry.fact.person, entry.fact.read_at
            same = core(registry, person, read_at, today) == core(registry, person, registry.position(), today)
            assert found == (None if same else today)


def core(registry: Registry, person: UUID, position: int, day: date) -> tuple:
    """All that an extract with history states of a person, from the log alone as known at a position."""
    state = state_at(registry, person, position)
    kind, now, earlier = by_replay(registry, state, position, day)
    places = {str(one.id): called(registry, one.dwelling, position, day) for one in state.residences}
    stated = [sorted([(*row, places[row[0]]) for row in rows], key=str) for rows in (now, earlier)]
    if kind == "annulled":
        stated.append([str(one.id) for one, why in idle(state) if why == "annulled"])
    about = state.particulars
    names = (about.surname, about.given_names, about.patronymic, about.birth_date, about.unzr)
    return kind, stated, state.entered and names, state.entered and state.death and state.death.registered_on


def called(registry: Registry, dwelling: UUID, position: int, day: date) -> str:
    home = dwelling_fold(entry for entry in registry.entries(dwelling) if entry.position <= position)
    return texts.address_label(address_on(home, day))


def asked_for(registry: Registry, told: Told, person: UUID):
    """The entry of an extract with history about a person, or None where none can be given."""
    now = datetime.now(UTC)
    try:
        wanted = Wanted(person=person, history=True, basis="legal_representative", requester="Опікун Вигаданий")
        fact = requested(registry, wanted, settings=installation(), by=told.clerk.by, now=now, seen_by=OPEN)
    except CannotIssue:
        return None
    return registry.append([(uuid4(), [fact], 0)], by=told.clerk.by, command=uuid4()).entries[0]
