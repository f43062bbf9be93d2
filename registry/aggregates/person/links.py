"""The family links of a person: looks at them, without any decision."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from registry.aggregates.person.events import FamilyLinkVersion
from registry.aggregates.person.state import OF_LINK, FamilyLink, Person
from registry.aggregates.values import first_day, last_day

BY_BIRTH = ("parent", "adopter")
"""The roles of whoever is older, and no descendant."""
ROLES = (*BY_BIRTH, "guardian")


def version_of(link: FamilyLink) -> FamilyLinkVersion:
    """What a link says now."""
    return FamilyLinkVersion(**{name: getattr(link, name) for name in OF_LINK})


def links_on(person: Person, day: date) -> list[FamilyLink]:
    """The links that hold on a day: from the first day that their beginning can mean, until the last of their end."""
    return [
        one
        for one in person.links
        if not one.annulled
        and (one.since is None or first_day(one.since) <= day)
        and (one.until is None or day < last_day(one.until))
    ]


def holds_surely(link: FamilyLink, day: date) -> bool:
    """Whether a link that holds on a day does so whatever the unknown parts of its dates are."""
    begun = link.since is None or last_day(link.since) <= day
    return begun and (link.until is None or day < first_day(link.until))


def same_relative(one: FamilyLink | FamilyLinkVersion, other: FamilyLink | FamilyLinkVersion) -> bool:
    """Whether two links say the same of the same person, whatever their days."""
    if one.role != other.role or one.relative != other.relative:
        return False
    return one.relative is not None or _plain(one.relative_name) == _plain(other.relative_name)


def ancestors(start: set[UUID], person: Callable[[UUID], Person]) -> dict[UUID, Person]:
    """People and everybody who stands above them: parents, adopters and guardians, theirs in turn."""
    found: dict[UUID, Person] = {}
    while start:
        found |= {id: person(id) for id in start}
        start = {one.relative for id in start for one in found[id].links if one.relative} - found.keys()
    return found


def _plain(name: str | None) -> str:
    return " ".join((name or "").casefold().split())
