"""HTTP → an application: the form of the cases, made field by field from the dataclasses that decide, and what the
register is to record of it.

A fact added to `registry/services/application.py`, or to an answer in `checks.py`, is a field here too, and in the
description of the API.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pydantic
from pydantic import (
    ConfigDict,
    Discriminator,
    StrictBool,
    StrictInt,
    Tag,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)

from api.as_sent import AsSent, FromPortal
from api.family_forms import MOST_RELATIVES, FamilyShown
from api.fields import (
    MOST,
    Confirmed,
    Day,
    DaysById,
    Katottg,
    KatottgCode,
    Kind,
    Line,
    LocalMoment,
    Name,
    Phone,
    Said,
    Text,
    WholeDay,
    Words,
)
from api.forms import Documents, Form, Others, PersonalData, documents
from api.paper_forms import Papers, short_enough
from registry.aggregates.case.events import Changed, ChangedDwelling, Lease, Notice, PaperJournal
from registry.aggregates.case.past import JOURNALS
from registry.aggregates.dwelling.events import Owner
from registry.aggregates.military import MilitaryData
from registry.aggregates.territory.events import KINDS as KINDS_OF_TERRITORY
from registry.aggregates.territory.events import Order, TypedTerritory
from registry.services.application import Application, DwellingKind, read
from registry.services.checks import CHECKS
from registry.services.headers import SERVICES

MOST_PERSONS, MOST_CHILDREN, MOST_CHECKS = 50, 20, 100
"""Of one visit."""
MOST_MONEY = 100_000_000
"""Kopiykas that one application may be paid with."""
BY_NAME: dict[str, Any] = {
    "kopiykas": Annotated[StrictInt, pydantic.Field(ge=0, le=MOST_MONEY)],
    "service": Literal[tuple(SERVICES)],
}
"""What the type of a field does not say: the limit of a sum, and the closed list that the cards are."""
KNOWN = {"born"}
"""What may be left out of somebody whom the register holds, and of nobody else."""
PLAIN: dict[Any, Any] = {
    str: Line,
    bool: StrictBool,
    int: Annotated[StrictInt, pydantic.Field(ge=0, le=MOST)],
    date: WholeDay,
    datetime: LocalMoment,
    Mapping[str, date]: DaysById,
}
"""What a value of each type may look like in a request; closed lists (`Literal`) stay what they are."""


@cache
def _form_of(kind: Any, without: frozenset[str] = frozenset(), said: str = "") -> Any:
    """A form with the fields of a dataclass, their defaults and closed lists; nested ones are forms too. It is called
    as the dataclass is, and `said`."""
    hints = get_type_hints(kind)
    asked: dict[str, Any] = {
        one.name: (_typed(hints[one.name], one.name), _default(one)) for one in fields(kind) if one.name not in without
    }
    asked |= {name: (asked[name][0] | None, pydantic.Field(default=None)) for name in KNOWN & asked.keys()}
    return create_model(kind.__name__ + said, __base__=Form, **asked)


def _typed(hint: Any, name: str) -> Any:
    parts = get_args(hint)
    if NoneType in parts:
        return Union[_typed(next(one for one in parts if one is not NoneType), name), None]  # noqa: UP007  # worked out
    if is_dataclass(hint):
        return _form_of(hint)  # type: ignore[arg-type]  # the type of a dataclass is hashable
    if get_origin(hint) in (frozenset, tuple):
        return Annotated[list[_typed(parts[0], name)], pydantic.Field(max_length=MOST)]  # type: ignore[misc]
    return BY_NAME.get(name) or PLAIN.get(hint, hint)


def _default(one: Field) -> Any:
    if one.default_factory is not MISSING:
        return pydantic.Field(default_factory=one.default_factory)
    if one.default is MISSING:
        return ...
    plain = one.default is None or isinstance(one.default, str | int)
    return one.default if plain else pydantic.Field(default_factory=type(one.default))


OF_VISIT = frozenset({"received", "channel"})
"""What all parts of a visit have in common."""
WORKED_OUT = frozenset({"shown_on"})
"""What nobody says of an application: the register knows it of the papers that came later."""
_Facts: Any = _form_of(Application, WORKED_OUT)
_FurtherFacts: Any = _form_of(Application, OF_VISIT | WORKED_OUT)
_NAMES = {one.name for one in fields(Application)} - WORKED_OUT


class PersonChanged(Form):
    """What a paper shown says of a person otherwise than the register."""

    paper: Line
    particulars: PersonalData | None = None
    documents: Documents = pydantic.Field(default=[])
    corrects: StrictBool = pydantic.Field(default=False)

    def as_fact(self) -> Changed:
        said = self.particulars.given(*PersonalData.model_fields) if self.particulars else None
        return Changed(
            paper=self.paper,
            particulars=said or None,
            documents=documents(self.documents) or (),
            corrects=True if self.corrects else None,
        )


class MilitaryDeclared(Form):
    """What a declaration says of the military record of whoever is liable."""

    record: Text = pydantic.Field(default=None)
    kind: Text = pydantic.Field(default=None)
    centre: Text = pydantic.Field(default=None)
    series: Text = pydantic.Field(default=None)
    number: Text = pydantic.Field(default=None)

    def as_fact(self) -> MilitaryData | None:
        said = MilitaryData(**self.model_dump())
        return said if said.says_something else None


class PersonConcerned(AsSent):
    """A person of the register, or one who is not in it yet."""

    person: Text = pydantic.Field(default=None)
    particulars: PersonalData | None = None
    documents: Documents = pydantic.Field(default=[])
    residence: UUID | None = pydantic.Field(default=None)
    changed: PersonChanged | None = pydantic.Field(default=None)
    family: Annotated[list[FamilyShown], pydantic.Field(max_length=MOST_RELATIVES)] = pydantic.Field(default=[])
    military: MilitaryDeclared | None = pydantic.Field(default=None)
    distinct_from: Others = pydantic.Field(default=[])
    distinct_reason: Words = pydantic.Field(default=None)


class LeaseNow(Form):
    """How the contract on which the person lives in the dwelling stands now."""

    number: Text = pydantic.Field(default=None)
    until: WholeDay | None = pydantic.Field(default=None)
    terminated_on: WholeDay | None = pydantic.Field(default=None)


class OwnerNow(Form):
    """An owner by the paper shown."""

    name: Said
    share: Text = pydantic.Field(default=None)
    person: UUID | None = pydantic.Field(default=None)


class DwellingChanged(Form):
    """What a paper shown says of the dwelling otherwise than the register; what is absent has not changed."""

    paper: Line
    kind: Literal[get_args(DwellingKind)] | None = pydantic.Field(default=None)  # type: ignore[valid-type]  # data
    lease: LeaseNow | None = pydantic.Field(default=None)
    owners: Annotated[list[OwnerNow], pydantic.Field(max_length=MOST)] | None = pydantic.Field(default=None)

    def as_fact(self) -> ChangedDwelling:
        return ChangedDwelling(
            paper=self.paper,
            kind=self.kind,
            lease=Lease(**self.lease.model_dump()) if self.lease else None,
            owners=None if self.owners is None else tuple(Owner(**one.model_dump()) for one in self.owners),
        )


class LeftElsewhere(Form):
    """The residence in another community that ends by the same act, or is kept by an entry of the list."""

    address: Said
    katottg: Katottg = None
    since: Day = None
    list_entry: Text = None
    list_since: Day = None


class OrderOfList(Form):
    """The order that says so."""

    number: Line
    dated: WholeDay


class TerritoryTyped(Form):
    """An entry of the list of territories, typed from the order that says so."""

    name: Line
    code: KatottgCode
    kind: Literal[KINDS_OF_TERRITORY]  # type: ignore[valid-type]  # the list is data
    since: WholeDay = pydantic.Field(alias="from")
    order: OrderOfList

    def as_fact(self) -> TypedTerritory:
        return TypedTerritory(
            name=self.name, code=self.code, kind=self.kind, since=self.since, order=Order(**self.order.model_dump())
        )


class Corrected(Form):
    """How a residence is to be recorded, whole; without `until` it goes on."""

    kind: Kind
    dwelling: Line
    since: Day
    until: Day = None


class ToRecord(Form):
    """What to record if the service is granted."""

    persons: list[PersonConcerned] = pydantic.Field(default=[], max_length=MOST_PERSONS)
    dwelling: Text = pydantic.Field(default=None)
    elsewhere: LeftElsewhere | None = None
    list_entry: Text = pydantic.Field(default=None)
    country: Text = pydantic.Field(default=None)
    destination: Text = pydantic.Field(default=None)
    now: Corrected | None = None
    reason: Words = None
    applicant: Text = pydantic.Field(default=None)
    dwelling_changed: DwellingChanged | None = pydantic.Field(default=None)
    territory: TerritoryTyped | None = pydantic.Field(default=None)


class NoticeSent(Form):
    """Which paper a notice is; without a number it is «б/н»."""

    sender: Line
    dated: WholeDay
    number: Text = pydantic.Field(default=None)


class WrittenFirst(Form):
    """Where it was written first, on paper."""

    kind: Literal[JOURNALS]  # type: ignore[valid-type]  # the list is data
    number: Line


class _Part(Form):
    """One service asked for: its facts, and what is to be recorded."""

    # The alias, because a class of Python has a `register` of its own.
    to_record: ToRecord | None = pydantic.Field(default=None, alias="register")
    papers: Papers = pydantic.Field(default=[])

    def facts(self) -> dict[str, Any]:
        """The facts that were said, as plain data."""
        said = self.model_dump(include=_NAMES, exclude_unset=True)
        if said["subject"].get("born", "") is None:
            del said["subject"]["born"]
        return said

    @model_validator(mode="before")
    @classmethod
    def _subject_of_the_register(cls, said: Any) -> Any:
        """Of whom the register holds nothing need be said."""
        absent = isinstance(said, dict) and said.get("register") is not None and said.get("subject") is None
        return {**said, "subject": {}} if absent else said


class FurtherPart(_Part, _FurtherFacts):
    """One more service of the same visit."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(required=["service"]))


def _check(check: str, kind: type) -> Any:
    said: dict[str, Any] = {
        "part": (Annotated[StrictInt, pydantic.Field(ge=1, le=MOST)], 1),
        "check": (Literal[check], ...),
        "said": (_form_of(kind, said="Said"), ...),
    }
    return create_model(f"Check{kind.__name__}", __base__=_Answer, **said)


class _Answer(Form):
    def said_of(self) -> tuple[int, str, dict[str, Any]]:
        """The part, the check, and what the register says as it is stored."""
        one: Any = self
        said = one.said.model_dump(exclude_unset=True, exclude_none=True)
        return one.part, one.check, said


class _NoCheck(Form):
    """What names none of the checks: refused for its name alone."""

    model_config = ConfigDict(extra="ignore")

    check: Literal[tuple(CHECKS)]  # type: ignore[valid-type]  # the list is data


def _which(said: Any) -> str:
    """The tag of an answer; capital, so that no field of a refusal is named by it."""
    name = said.get("check") if isinstance(said, dict) else getattr(said, "check", None)
    return name.title() if isinstance(name, str) and name in CHECKS else "None"


_ANSWERS = [Annotated[_check(name, kind), Tag(name.title())] for name, kind in CHECKS.items()]
CheckSaid: Any = Annotated[Union[*_ANSWERS, Annotated[_NoCheck, Tag("None")]], Discriminator(_which)]
"""The answer of a register that is not ours: each check has fields of its own."""


class NewApplication(FromPortal, _Part, _Facts):
    """An application, declaration or notice: the facts that a card looks at; it may have come just now."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(required=["service"]))

    received: LocalMoment | None = pydantic.Field()
    children: list[FurtherPart] = pydantic.Field(default=[], max_length=MOST_CHILDREN)
    office: Text = pydantic.Field(default=None)
    applicant_name: Name = pydantic.Field(default=None)
    phone: Phone = None
    notice: NoticeSent | None = None
    transcribed: StrictBool = False
    paper_journal: WrittenFirst | None = None
    reason: Words = pydantic.Field(default=None)
    checks: list[CheckSaid] = pydantic.Field(default=[], max_length=MOST_CHECKS)
    acted_on: WholeDay | None = pydantic.Field(default=None)
    confirmed: Confirmed = False
    decide: StrictBool = pydantic.Field(default=False)

    @model_validator(mode="before")
    @classmethod
    def _just_now(cls, said: Any) -> Any:
        """What does not say when it came has come just now."""
        return {**said, "received": None} if isinstance(said, dict) and not said.get("received") else said

    @field_validator("children")
    @classmethod
    def _papers_of_all(cls, children: list[FurtherPart], visit: ValidationInfo) -> list[FurtherPart]:
        """What is written on all papers of a visit is kept in one line."""
        short_enough([*visit.data.get("papers", []), *(row for one in children for row in one.papers)])
        return children

    @property
    def about_nobody(self) -> bool:
        """Whether only the law is asked: nobody is named, and nothing to record."""
        return self.to_record is None and not self.children

    def asked(self) -> Application:
        """The application; what was not said has the default of the vocabulary."""
        return read(self.facts())

    def notice_sent(self) -> Notice | None:
        """The notice, if it is one."""
        return Notice(**self.notice.model_dump()) if self.notice else None

    def written_first(self) -> PaperJournal | None:
        """The journal of paper that it was written into first, if it was."""
        return PaperJournal(**self.paper_journal.model_dump()) if self.paper_journal else None

    def answers(self) -> list[tuple[int, str, dict[str, Any]]]:
        """The checks that are answered with it."""
        return [one.said_of() for one in self.checks]


class ToDecide(Form):
    """The decision on all parts of an application."""

    acted_on: WholeDay | None = pydantic.Field(default=None)
    confirmed: Confirmed = False
    reason: Words = pydantic.Field(default=None)
    distinct_from: Others = pydantic.Field(default=[])
    distinct_reason: Words = pydantic.Field(default=None)
