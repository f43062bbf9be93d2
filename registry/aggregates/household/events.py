"""The facts of an official request of another department (запит про зареєстрованих осіб): received with its term, then
answered. What it may ask and be told is the law of its card (`registry/services/adjacent.py`; R-154 to R-156)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRequested:
    """By the `card` of a number, the paper of a `sender`; it came on the day `came_on`, is answered by `due_by`. Who
    applied there and where they live, or of which `member` it is asked, as the paper says; `applicant_is`: somebody who
    brings another paper by the card."""

    NAME: ClassVar[str] = "household-requested"
    card: str
    sender: str
    number: str
    dated: DateText
    came_on: DateText
    due_by: DateText
    applicant: Particulars
    applicant_is: str | None = None
    address: Address | None = None
    member: Particulars | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdAnswered:
    """What was answered `on` a day, as it goes out (`text`), from the register as it was read at a position; `people`
    are those of whom it tells. With a `reason` nothing of the register is told, and why."""

    NAME: ClassVar[str] = "household-answered"
    sender: str
    number: str
    dated: DateText
    on: DateText
    due_by: DateText
    read_at: int
    text: str
    people: tuple[UUID, ...] = ()
    reason: str | None = None


HouseholdFact = HouseholdRequested | HouseholdAnswered
