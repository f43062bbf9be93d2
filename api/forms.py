"""HTTP → what the acts take: forms of fields from `fields.py`, each one a request that the API understands.

What is a date, the gate says; whether a dwelling is a dwelling, and everything else that stands in the way, the
decisions.
"""

from functools import partial
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from api.fields import (
    MOST,
    Building,
    Citizenship,
    Confirmed,
    Cursor,
    Day,
    Email,
    Flat,
    House,
    Instant,
    Katottg,
    Kind,
    Line,
    LocalMoment,
    Name,
    Phone,
    Position,
    Rnokpp,
    Room,
    Sex,
    Text,
    Unzr,
    WholeDay,
    Words,
    through,
)
from registry import gate
from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Document, Particulars
from registry.aggregates.person.requests import CorrectParticulars, EnterPerson, EnterResident, UpdateParticulars
from registry.aggregates.street.matching import STATES
from registry.seals import GROUNDS
from registry.writing import in_line


def _says_nothing(text: str) -> bool:
    """Whether a text is blank; one of marks that no text may have is not, it is a fault."""
    return not in_line(text) and not gate.line(text).faults


class Form(BaseModel):
    """What a request may say: these fields and no others."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, said: Any) -> Any:
        if not isinstance(said, dict):
            return said
        return {name: value for name, value in said.items() if not (isinstance(value, str) and _says_nothing(value))}

    def given(self, *names: str) -> dict[str, Any]:
        """The named fields that were sent, with their values (null too)."""
        return {name: getattr(self, name) for name in names if name in self.model_fields_set}


class PersonalData(Form):
    surname: Name = None
    given_names: Name = None
    patronymic: Name = None
    sex: Sex = None
    birth_date: Day = None
    birth_country: Name = None
    birth_place: Name = None
    citizenship: Citizenship = None
    unzr: Unzr = None
    rnokpp: Rnokpp = None
    phone: Phone = None
    email: Email = None


class DocumentForm(Form):
    kind: Text = None
    number: Text = None
    issued_on: Day = None
    issued_by: Name = None
    valid_until: Day = None
    latin: Text = None

    @model_validator(mode="after")
    def _as_printed(self) -> Self:
        """The number as it is printed on a document of the kind."""
        self.number = through(partial(gate.document, self.kind))(self.number) if self.number else None
        return self


class AddressForm(Form):
    katottg: Katottg = None
    settlement: Name = None
    district: Name = None
    street: Name = None
    house: House = None
    building: Building = None
    flat: Flat = None
    room: Room = None

    def address(self) -> Address:
        return Address(**self.model_dump())


Others = Annotated[list[UUID], Field(max_length=MOST)]
"""Who looks like the same person and is another one."""
Documents = Annotated[list[DocumentForm], Field(max_length=20)]


def documents(forms: list[DocumentForm] | None) -> tuple[Document, ...] | None:
    """The documents as facts keep them; None stays None: not spoken of."""
    return None if forms is None else tuple(Document(**form.model_dump()) for form in forms)


class NewPerson(Form):
    particulars: PersonalData
    documents: Documents = []
    ref: Text = None
    person: UUID | None = Field(default=None)
    distinct_from: Others = []
    distinct_reason: Words = None
    confirmed: Confirmed = False

    def request(self) -> EnterPerson:
        return EnterPerson(
            person=self.person,
            particulars=Particulars(**self.particulars.model_dump()),
            documents=documents(self.documents) or (),
            ref=self.ref,
            distinct_from=tuple(self.distinct_from),
            distinct_reason=self.distinct_reason,
            confirmed=self.confirmed,
        )


class NewResident(Form):
    """Somebody registered here by an old paper, whom the register has not."""

    particulars: PersonalData
    documents: Documents = []
    ref: Text = None
    distinct_from: Others = []
    distinct_reason: Words = None
    kind: Literal["registered", "stay"] = Field(default="registered")
    dwelling: Text = None
    since: Day = None
    basis: Words = None
    confirmed: Confirmed = False

    def request(self, home: UUID) -> EnterResident:
        return EnterResident(
            particulars=Particulars(**self.particulars.model_dump()),
            documents=documents(self.documents) or (),
            ref=self.ref,
            distinct_from=tuple(self.distinct_from),
            distinct_reason=self.distinct_reason,
            kind=self.kind,
            dwelling=home,
            since=self.since,
            basis=self.basis,
            confirmed=self.confirmed,
        )


class Merge(Form):
    into: Text = None
    keep: Annotated[list[UUID], Field(max_length=MOST)] = []
    reason: Words = None
    confirmed: Confirmed = False


class NewAbsence(Form):
    ground: Line
    since: Day = None
    until: Day = None
    paper: Text = None


class AbsenceEnd(Form):
    until: Day = None
    paper: Text = None


class AbsenceCorrection(Form):
    """Only what differs; a null `until` says that it has not ended."""

    ground: Line | None = None
    since: Day = None
    until: Day = None
    paper: Text = None
    reason: Words = None


class AbsenceAnnulment(Form):
    basis: Words = None


class NewProtection(Form):
    basis: Text = None
    since: Day = None
    until: Day = None


class ProtectionEnd(Form):
    until: Day = None
    basis: Text = None


class OnKnown(Form):
    on: WholeDay | None = Field(default=None)
    known_at: Instant = None
    position: Position = Field(default=None)


class PastResidence(Form):
    kind: Kind
    dwelling: Text = Field(default=None)
    since: Day = None
    until: Day = None
    basis: Words = None
    confirmed: Confirmed = False


class ResidenceCorrection(Form):
    """Only what differs; a null `since` or `until` says that it is unknown, or that it has not ended."""

    kind: Kind | None = None
    dwelling: Text = None
    since: Day = None
    until: Day = None
    reason: Words = None
    confirmed: Confirmed = False


class Annulment(Form):
    basis: Words = None
    revives: StrictBool = Field()
    revived_until: Day = None
    confirmed: Confirmed = False


class TakingBack(Form):
    basis: Words = None
    confirmed: Confirmed = False


class DeregistrationTakingBack(TakingBack):
    residence: UUID | None = Field(default=None)


class DeathTakingBack(Form):
    basis: Words = None


class MergeTakingBack(Form):
    basis: Words = None


class ParticularsCorrection(Form):
    changes: PersonalData = PersonalData()
    documents: Documents | None = None
    basis: Words = None
    confirmed: Confirmed = False

    def request(self, person: UUID) -> CorrectParticulars:
        return CorrectParticulars(
            person=person,
            changes=self.changes.given(*PersonalData.model_fields),
            documents=documents(self.documents),
            basis=self.basis,
            confirmed=self.confirmed,
        )


class ParticularsUpdate(Form):
    """What has changed, by a document that was shown; what is absent has not."""

    changes: PersonalData = PersonalData()
    documents: Documents = []
    basis: Words = None
    confirmed: Confirmed = False

    def request(self, person: UUID) -> UpdateParticulars:
        return UpdateParticulars(
            person=person,
            changes=self.changes.given(*PersonalData.model_fields),
            documents=documents(self.documents) or (),
            basis=self.basis,
            confirmed=self.confirmed,
        )


class Withdrawal(Form):
    reason: Words = None


class Changes(Form):
    limit: int = Field(default=100, ge=1, le=500)


class Rejection(Form):
    reason: Words = None


class NewDwelling(Form):
    address: AddressForm = AddressForm()
    kind: Text = None
    ref: Text = None
    confirmed: Confirmed = False


class NewName(Form):
    address: AddressForm = AddressForm()
    since: Day = None
    basis: Words = None
    confirmed: Confirmed = False


class DwellingCorrection(Form):
    address: AddressForm = AddressForm()
    kind: Text = None
    reason: Words = None
    confirmed: Confirmed = False


class Readdressing(Form):
    successor: Text = Field(default=None)
    since: Day = None
    reason: Words = None
    confirmed: Confirmed = False


class Search(Form):
    q: Text = Field(default=None)
    limit: int = Field(default=20, ge=1, le=100)
    after: Cursor = Field(default=None)
    ground: Literal[GROUNDS] | None = Field(default=None)  # type: ignore[valid-type]  # the list is data


class Times(Form):
    """Both times of a question."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)

    on: Day = Field(default=None)
    start: Day = Field(default=None, alias="from")
    until: Day = Field(default=None)
    known_at: Instant = Field(default=None)
    position: Position = Field(default=None)


class KnownAt(Form):
    known_at: Instant = Field(default=None)
    position: Position = Field(default=None)


class Since(Form):
    since: Instant = Field()


class PastEntries(Form):
    """Days between which something was recorded, and the position behind which a page begins."""

    start: WholeDay | None = Field(default=None, alias="from")
    until: WholeDay | None = Field(default=None)
    before: int | None = Field(default=None, ge=1, le=2**63 - 1)
    limit: int = Field(default=100, ge=1, le=500)


class Movers(Form):
    least: int = Field(default=2, ge=1, le=1000)
    first: int = Field(default=100, ge=1, le=10_000)
    on: Day = None
    known_at: Instant = None
    position: Position = Field(default=None)


class OnDay(Form):
    on: WholeDay | None = Field(default=None)


class Territories(Form):
    on: WholeDay | None = Field(default=None)
    known_at: Instant = None
    position: Position = Field(default=None)
    code: Katottg = None
    name: Text = None
    limit: int = Field(default=100, ge=1, le=1000)
    after: UUID | None = Field(default=None)


class Streets(Form):
    """Streets of the list, page by page."""

    on: WholeDay | None = Field(default=None)
    known_at: Instant = None
    position: Position = Field(default=None)
    name: Name = None
    settlement: Name = None
    limit: int = Field(default=100, ge=1, le=500)
    after: UUID | None = Field(default=None)


class Houses(Form):
    """The houses of a street, those whose number begins so."""

    known_at: Instant = None
    position: Position = Field(default=None)
    number: Text = None
    limit: int = Field(default=100, ge=1, le=500)
    after: Cursor = None


class Reconciliation(Form):
    """The dwellings on a street, those of one state."""

    on: WholeDay | None = Field(default=None)
    known_at: Instant = None
    position: Position = Field(default=None)
    state: Literal[(*STATES, "without_dwelling")] = Field(default="differing")  # type: ignore[valid-type]  # data
    limit: int = Field(default=100, ge=1, le=500)
    after: Cursor = None


class Unlisted(Form):
    """The dwellings of streets that the list has not, street by street."""

    on: WholeDay | None = Field(default=None)
    known_at: Instant = None
    position: Position = Field(default=None)
    limit: int = Field(default=100, ge=1, le=500)
    after: Cursor = None


class AtMoment(Form):
    at: LocalMoment | None = Field(default=None)


class DryRun(Form):
    dry_run: bool = Field(default=False)
