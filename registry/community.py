"""Who we are, where the store meets the decisions: read for a day, entered, and changed by two persons.

A register that knows nothing of its community yet is as the old variables of the environment say (`of_variables`);
they become its first facts with its first act (`Registry.founding`), or by `upgrade`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from registry.aggregates.community import decisions
from registry.aggregates.community.events import (
    COMMUNITY,
    CommunityChangeRequested,
    CommunityDescribed,
    CommunityFact,
    OfficesDescribed,
    ReadingsAdopted,
)
from registry.aggregates.community.keys import Uses
from registry.aggregates.community.state import Community, Here, Matter, fold
from registry.aggregates.values import Actor, supposed, sure
from registry.app import Act, LostRace, Registry
from registry.appending import Raced
from registry.roles import PROGRAM
from registry.services.adopted import Readings
from registry.settings import Settings
from registry.storage import mapper

VARIABLES = {
    "community": "HROMADA_COMMUNITY",
    "community_name": "HROMADA_COMMUNITY_NAME",
    "office_name": "HROMADA_OFFICE_NAME",
    "public_url": "HROMADA_PUBLIC_URL",
    "proxy_gets_extract": "HROMADA_PROXY_GETS_EXTRACT",
    "foreign_death_document": "HROMADA_FOREIGN_DEATH_DOCUMENT",
    "consents_by_age": "HROMADA_CONSENTS_BY_AGE",
}
"""The old variables, by their fields in `Settings`."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of entering: the act, None if all of it was on record; `waits` for a second person."""

    act: Act | None = None
    waits: bool = False


@lru_cache(maxsize=16)
def of_variables(settings: Settings) -> tuple[Matter, ...]:
    """What the old variables say that are set, of all days."""
    described = CommunityDescribed(
        code=settings.community,
        name=settings.community_name,
        body=settings.office_name,
        public_url=settings.public_url,
    )
    names = [one.name for one in fields(Readings) if getattr(settings, one.name, None) is not None]
    adopted = ReadingsAdopted(readings={name: getattr(settings, name) for name in names})
    said: list[Matter] = [described] if described != CommunityDescribed() else []
    return (*said, *([adopted] if names else []))


def here(registry: Registry, settings: Settings, day: date, position: int | None = None, *, again: bool = True) -> Here:
    """Who we are on a day, as known now or at a position; without `again` as was last read, asking no database."""
    community = registry.community(position) if again else registry.community_read
    if not community.known:
        community = fold(supposed(of_variables(settings), 0, day))
    return community.on(day)


def public_url(here: Here, settings: Settings) -> str:
    """The address of the public pages, in QR codes; without one of its own their listener on this machine."""
    return here.identity.public_url or settings.local_public_url


def enter(
    registry: Registry,
    asked: Sequence[Matter],
    *,
    by: Actor,
    settings: Settings,
    today: date,
    second_person: bool = True,
) -> Entered:
    """Records the first facts of the community; later ones wait for a second person.

    Raises `Impossible`, `LostRace`.
    """
    community = registry.community()
    if not community.known:
        facts: Sequence[Any] = decisions.founded(asked, of_variables(settings))
        return Entered(_append(registry, facts, community.version, by))
    facts = decisions.changed(community, asked, today=today)
    if not facts:
        return Entered()
    if second_person:
        facts = [CommunityChangeRequested(facts=tuple(mapper.as_logged(fact) for fact in facts))]
    return Entered(_append(registry, facts, community.version, by), waits=second_person)


def approve(registry: Registry, by: Actor, *, command: UUID | None = None, version: int | None = None) -> Act:
    """The second person agrees: the waiting facts are recorded. A repeated `command` returns the first result;
    `version`, if given, is that of the community as it was seen. Raises `Impossible`, `LostRace`."""
    if command and (done := registry.of_command(command)):
        return done
    community = _seen(registry, version)
    approved = decisions.approve(community, by)
    return _append(registry, [*approved, *waiting(sure(community.change))], community.version, by, command)


def reject(
    registry: Registry, by: Actor, reason: str | None, *, command: UUID | None = None, version: int | None = None
) -> Act:
    """The waiting change is not to be; the rest as for `approve`."""
    if command and (done := registry.of_command(command)):
        return done
    community = _seen(registry, version)
    return _append(registry, decisions.reject(community, reason=reason), community.version, by, command)


def waiting(change: CommunityChangeRequested) -> list[Any]:
    """The facts that a change asks for."""
    return [mapper.from_logged(one) for one in change.facts]


def found(registry: Registry, by: Actor) -> Act | None:
    """Records what the old variables say in a register that holds facts, and none of its community."""
    community = registry.community()
    if not registry.founding or community.known or not registry.position():
        return None
    return _append(registry, registry.founding, community.version, by)


def tell_of_keys(registry: Registry, decide: Callable[[Uses], Sequence[CommunityFact]]) -> int:
    """Records, by the program, what is decided of the keys that sign by those on record, anew if somebody wrote
    meanwhile; returns the version of the community that says so. Raises what `decide` does."""
    while True:
        community = registry.community()
        facts = decide(community.keys)
        if not facts:
            return community.version
        founding = () if community.known else registry.founding
        with suppress(LostRace):
            return _append(registry, [*founding, *facts], community.version, PROGRAM).entries[-1].version


def ignored(registry: Registry, settings: Settings, today: date) -> list[str]:
    """The old variables that say otherwise than the facts of today, by their fields: nobody asks them any more."""
    if not registry.community().known:
        return []
    now = registry.community().on(today)
    said = {"community": "code", "community_name": "name", "office_name": "body", "public_url": "public_url"}
    recorded = {**{name: getattr(now.identity, one) for name, one in said.items()}, **_plain(now.readings)}
    set_ = {name: getattr(settings, name, None) for name in recorded}
    return [VARIABLES[name] for name, value in set_.items() if value is not None and value != recorded[name]]


def described(registry: Registry, settings: Settings, day: date) -> dict[str, Any]:
    """Who we are on a day, and the change that waits, as JSON values."""
    community, today = registry.community(), here(registry, settings, day)
    change = community.change if community.awaiting else None
    asked = registry.entries(COMMUNITY)[community.asked_at - 1] if change else None
    return {
        "on": day.isoformat(),
        "known": community.known,
        "community": _values(today.identity),
        "offices": offices_of(community, day),
        "readings": _plain(today.readings),
        "payees": [_values(one) for one in today.payees.payees] if today.payees else [],
        "bodies": _values(today.bodies),
        "appeal": _values(today.appeal) if today.appeal else None,
        "signatory": _values(today.signatory) if today.signatory else None,
        "waiting": {
            "facts": [dict(one) for one in change.facts],
            "asked_by": {"id": asked.by.id, "name": asked.by.name},
            "recorded_at": mapper.instant_text(asked.recorded_at),
        }
        if change and asked
        else None,
    }


def offices_of(community: Community, day: date) -> dict[str, Any]:
    """The offices and hours that the community describes for a day, as JSON values."""
    return _values(community.deciding(OfficesDescribed, day) or OfficesDescribed())


def _values(fact: Any) -> dict[str, Any]:
    values: dict[str, Any] = mapper.as_plain(fact)
    return values


def _plain(readings: Readings) -> dict[str, Any]:
    values: dict[str, Any] = mapper.as_plain(readings)
    return values


def _seen(registry: Registry, version: int | None) -> Community:
    """The community, if nothing was recorded of it since a version that somebody saw."""
    community = registry.community()
    if version not in (None, community.version):
        last = registry.entries(COMMUNITY)[-1]
        raise LostRace([Raced(COMMUNITY, last.by.name, last.recorded_at)])
    return community


def _append(registry: Registry, facts: Sequence[Any], after: int, by: Actor, command: UUID | None = None) -> Act:
    return registry.append([(COMMUNITY, facts, after)], by=by, command=command or uuid4())
