"""HTTP → what another department of the municipality asks by an official request: by which card, of whom, of where."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, StrictBool, model_validator

from api.case_forms import NoticeSent
from api.fields import Line, Name, Unzr, WholeDay, Words, refuse
from api.forms import AddressForm, Form
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import Fault
from registry.services.adjacent import INSTEAD, NUMBERS, AdjacentCard


class OfficialRequest(NoticeSent):
    """By which paper a department asks."""

    number: Line


class PersonNamed(Form):
    """Somebody by what their document says."""

    surname: Name = None
    given_names: Name = None
    patronymic: Name = None
    birth_date: WholeDay
    unzr: Unzr = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not (self.surname or self.given_names):
            raise refuse("name-missing")
        return self

    def particulars(self) -> Particulars:
        return Particulars(**self.model_dump())


class HouseholdAsked(Form):
    """`applicant_is`: somebody who brings another paper, by the card. `address` is for the cards that ask of a
    dwelling, `member` for the one that asks of a member of the applicant's family."""

    card: Literal[NUMBERS]  # type: ignore[valid-type]  # the list is data
    notice: OfficialRequest
    applicant: PersonNamed
    applicant_is: Literal[INSTEAD] | None = None  # type: ignore[valid-type]  # as above
    address: AddressForm | None = None
    member: PersonNamed | None = None

    def faults(self, card: AdjacentCard, today: date, *, taken_in: bool = False) -> list[Fault]:
        """What the card does not let be asked so; what it does not ask for is not taken either. What is only `taken_in`
        may be of somebody who brings another paper: that is answered."""
        of = {"dwelling": "address", "member": "member"}
        found = [Fault("date-in-future", "notice.dated")] if date.fromisoformat(self.notice.dated) > today else []
        if not taken_in and self.applicant_is and self.applicant_is in card.instead:
            found.append(Fault("brings-instead", "applicant_is", {"wording": card.instead[self.applicant_is]}))
        for asks, name in of.items():
            said = getattr(self, name) is not None
            if said != (asks == card.asks):
                found.append(Fault("household-unasked" if said else "household-unsaid", name))
        return found


class HouseholdRequest(HouseholdAsked):
    """The same, to be answered by a term: it came on the day `received`, today without it."""

    received: WholeDay | None = Field(default=None)

    @staticmethod
    def day(said: str) -> date:
        """A whole day as written."""
        return date.fromisoformat(said)


class HouseholdReply(Form):
    """The answer: from the register, or without it for a `reason`."""

    reason: Words = Field(default=None)
    without: StrictBool = Field(default=False)

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.without and not self.reason:
            raise refuse("reason-missing")
        return self
