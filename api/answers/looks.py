"""What the access journal answers, and visits."""

from typing import NotRequired

from typing_extensions import TypedDict

from api.answers.plain import By, Id, Instant, Open


class VisitRecord(TypedDict):
    """A visit, by the id that a request names it by."""

    visit: Id
    purpose: str
    purpose_uk: str
    office: str | None
    by: By
    began_at: Instant
    ended_at: Instant | None


class Look(TypedDict):
    """One entry: what was done, why, and how many people it showed. `about` is what else was written."""

    position: int
    recorded_at: Instant
    by: By
    action: str
    action_uk: str
    route: str | None
    route_uk: str | None
    visit: Id | None
    reason: str | None
    reason_uk: str | None
    shown: int
    question: bool
    about: Open
    persons: NotRequired[list[Id]]


class LooksAtPerson(TypedDict):
    """Who saw a person, newest first; of the others whom the same look showed only how many there were."""

    person: Id
    looks: list[Look]
    next: int | None


class AccessEntries(TypedDict):
    """The entries of an actor or of a visit, or all, newest first."""

    looks: list[Look]
    next: int | None
