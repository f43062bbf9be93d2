"""The answers to other departments of the municipality: what their card lets them know, and nothing else."""

from typing_extensions import TypedDict

from api.answers.plain import Day, Instant


class HouseholdResident(TypedDict):
    """Somebody who is registered in the dwelling; no id and no number."""

    surname: str | None
    given_names: str | None
    patronymic: str | None
    birth_date: str | None
    since: str | None
    certain: bool


class HouseholdHead(TypedDict):
    card: str
    title: str
    reference: str
    on: Day
    known_at: Instant
    position: int
    registered: bool
    text: str


class HouseholdOfDwelling(HouseholdHead):
    persons: list[HouseholdResident]
    hidden: int


class HouseholdOfMember(HouseholdHead):
    applicant_registered: bool
    together: bool
