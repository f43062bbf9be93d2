"""Every fact there is, by its stored name, and the heads that the log keeps beside it (design 4)."""

from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from datetime import date
from functools import cache
from typing import Any, get_args, get_type_hints
from uuid import UUID

from registry.aggregates.case import every_fact as application
from registry.aggregates.community import events as community
from registry.aggregates.dwelling import events as dwelling
from registry.aggregates.extract import events as extract
from registry.aggregates.household import events as household
from registry.aggregates.letter import events as letter
from registry.aggregates.outgoing import events as outgoing
from registry.aggregates.person import events as person
from registry.aggregates.street import events as street
from registry.aggregates.territory import events as territory
from registry.aggregates.values import BEFORE_ALL, DateText, NotADate, first_day

AGGREGATES: dict[str, tuple[type[Any], ...]] = {
    "person": get_args(person.PersonFact),
    "dwelling": get_args(dwelling.DwellingFact),
    "extract": get_args(extract.ExtractFact),
    "application": get_args(application.ApplicationFact),
    "community": get_args(community.CommunityFact),
    "outgoing": get_args(outgoing.OutgoingFact),
    "territory": get_args(territory.TerritoryFact),
    "letter": get_args(letter.LetterFact),
    "street": get_args(street.StreetFact),
    "household": get_args(household.HouseholdFact),
}
"""Each fact class under the aggregate whose streams hold it."""

FACTS: dict[str, type] = {fact.NAME: fact for facts in AGGREGATES.values() for fact in facts}
AGGREGATE_OF: dict[str, str] = {fact.NAME: name for name, facts in AGGREGATES.items() for fact in facts}

RESIDENCE_KINDS = {"residence-declared": "declared", "residence-registered": "registered", "stay-registered": "stay"}
"""The kind of residence that a fact of this name begins; for a past one the kind is in the fact."""


@dataclass(frozen=True, slots=True)
class Heads:
    """The typed columns of the log: what set-based questions need without opening the body. Dates as written.

    `ref` is what an entry or a dwelling is entered under; `born` the first possible day of birth, of who is entered and
    where particulars change it: of one that is not known the first of all days.
    """

    since: str | None
    until: str | None
    person: UUID | None
    dwelling: UUID | None
    residence: UUID | None
    kind: str | None
    target: int | None
    kept: bool | None
    revives: bool | None
    ref: str | None
    born: date | None


def heads(stream: UUID, fact: Any) -> Heads:
    """The heads of a fact on a stream, derived from the fact alone."""
    said = getattr(fact, "now", fact)
    aggregate = AGGREGATE_OF[fact.NAME]
    return Heads(
        since=getattr(said, "since", None) or getattr(said, "registered_on", None) or getattr(said, "on", None),
        until=getattr(said, "until", None) or getattr(said, "revived_until", None),
        person=stream if aggregate == "person" else getattr(fact, "person", None),
        dwelling=stream if aggregate == "dwelling" else getattr(said, "dwelling", None),
        residence=getattr(fact, "residence", None),
        kind=RESIDENCE_KINDS.get(fact.NAME) or getattr(said, "kind", None),
        target=getattr(fact, "takes_back", getattr(fact, "succession", None)),
        kept=fact.list_until is None if fact.NAME == "occupied-address-noted" and fact.residence else None,
        revives=getattr(fact, "revives", None),
        ref=getattr(fact, "ref", None),
        born=_born(fact),
    )


def _born(fact: Any) -> date | None:
    if isinstance(fact, person.PersonEntered):
        return _first_day(fact.particulars.birth_date)
    if isinstance(fact, person.ParticularsUpdated | person.ParticularsCorrected):
        return next((_first_day(one.now) for one in reversed(fact.changes) if one.field == "birth_date"), None)
    return None


def _first_day(text: str | None) -> date:
    """The first day that a date of birth can mean; of what is no date, the first of all."""
    try:
        return first_day(text) if text else BEFORE_ALL
    except NotADate:
        return BEFORE_ALL


def written_dates(said: Any) -> Iterator[str]:
    """Every date as written in a fact, in the parts that it is made of too."""
    kind: type = type(said)
    for name, is_date in _parts(kind):
        value = getattr(said, name)
        if value is None:
            continue
        if is_date:
            yield value
        elif isinstance(value, tuple):
            for part in value:
                yield from written_dates(part)
        else:
            yield from written_dates(value)


@cache
def _parts(said: type) -> tuple[tuple[str, bool], ...]:
    """Which fields of a class can hold a date as written (or else what is made of parts); none of what is no class of
    ours."""
    if not is_dataclass(said):
        return ()
    hints = get_type_hints(said, include_extras=True)
    kinds = {name: (hint, *get_args(hint)) for name, hint in hints.items() if name != "NAME"}
    return tuple((name, DateText in held) for name, held in kinds.items() if not set(held[1:] or held) <= _PLAIN)


_PLAIN = {str, int, bool, UUID, type(None)}
