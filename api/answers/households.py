"""The answers to other departments of the municipality: what their card lets them know, and nothing else."""

from typing import Literal

from typing_extensions import TypedDict

from api.answers.acts import Recorded
from api.answers.plain import Day, Id, Instant


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


class HouseholdReceived(Recorded):
    household: Id
    due_by: Day


class HouseholdReplied(Recorded):
    household: Id
    outgoing: Id


class HouseholdNamed(TypedDict):
    """Somebody as the request names them."""

    surname: str | None
    given_names: str | None
    patronymic: str | None
    birth_date: Day
    unzr: str | None


class HouseholdAnswerSent(TypedDict):
    """What was answered, and the message that it goes out by; no text of whoever is hidden."""

    on: Day
    text: str | None
    reason: str | None
    outgoing: Id
    state: Literal["waiting", "failed", "sent", "done"]


class HouseholdAnswerable(TypedDict):
    request: Id
    version: int
    card: str
    title: str
    reference: str
    sender: str
    number: str
    dated: Day
    received: Day
    due_by: Day
    status: Literal["waiting", "answered"]
    overdue: bool
    hidden: bool
    applicant: HouseholdNamed | None
    applicant_is: str | None
    address: str | None
    member: HouseholdNamed | None
    answer: HouseholdAnswerSent | None
