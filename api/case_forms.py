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
from pydantic import ConfigDict, Discriminator, StrictBool, StrictInt, Tag, create_model, model_validator

from api.fields import (
    MOST,
    Confirmed,
    DaysById,
    Katottg,
    Kind,
    KnownDay,
    Line,
    LocalMoment,
    Name,
    Text,
    WholeDay,
    as_stored,
)
from api.forms import Documents, Form, PersonalData
from registry.services.application import Application, read
from registry.services.checks import CHECKS
from registry.services.headers import SERVICES
from registry.services.offices import OFFICES

MOST_PERSONS, MOST_CHILDREN, MOST_CHECKS = 50, 20, 100
"""Of one visit."""
MOST_MONEY = 100_000_000
"""Kopiykas that one application may be paid with."""
BY_NAME: dict[str, Any] = {
    "kopiykas": Annotated[StrictInt, pydantic.Field(ge=0, le=MOST_MONEY)],
    "service": Literal[tuple(SERVICES)],
}
"""What the type of a field does not say: the limit of a sum, and the closed list that the cards are."""
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
def _form_of(kind: Any, without: frozenset[str] = frozenset()) -> Any:
    """A form with the fields of a dataclass, their defaults and closed lists; nested ones are forms too."""
    hints = get_type_hints(kind)
    said: dict[str, Any] = {
        one.name: (_typed(hints[one.name], one.name), _default(one)) for one in fields(kind) if one.name not in without
    }
    return create_model(kind.__name__, __base__=Form, **said)


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
Office: Any = Literal[tuple(OFFICES)]
_Facts: Any = _form_of(Application)
_FurtherFacts: Any = _form_of(Application, OF_VISIT)
_NAMES = {one.name for one in fields(Application)}


class PersonConcerned(Form):
    """Особа з реєстру (`person`) або та, якої в ньому ще немає (`particulars`)."""

    person: Text = pydantic.Field(default=None, description="Ідентифікатор особи або позначка картки.")
    particulars: PersonalData | None = None
    documents: Documents = pydantic.Field(default=[])
    residence: UUID | None = pydantic.Field(
        default=None, description="Яке місце проживання закінчується, лишається чи виправляється; без нього нинішнє."
    )


class LeftElsewhere(Form):
    """Чинне місце проживання в іншій громаді: його знімають тією самою дією, а за записом переліку лишають."""

    address: Annotated[str, pydantic.AfterValidator(as_stored)]
    katottg: Katottg = None
    since: KnownDay = None
    list_entry: Text = None
    list_since: KnownDay = None


class Corrected(Form):
    """Яким місце проживання має бути записане, цілком; без `until` воно триває."""

    kind: Kind
    dwelling: Line
    since: KnownDay
    until: KnownDay = None


class ToRecord(Form):
    """Що записати до реєстру, якщо послугу буде надано."""

    persons: list[PersonConcerned] = pydantic.Field(default=[], max_length=MOST_PERSONS)
    dwelling: Text = pydantic.Field(default=None, description="Де селяться: ідентифікатор житла або позначка картки.")
    elsewhere: LeftElsewhere | None = None
    list_entry: Text = pydantic.Field(default=None, description="Запис переліку територій для житла цієї громади.")
    country: Text = pydantic.Field(default=None, description="Країна, якщо особа виїжджає за кордон.")
    now: Corrected | None = None
    reason: Name = None


class _Part(Form):
    """One service asked for: its facts, and what is to be recorded."""

    # The alias, because a class of Python has a `register` of its own.
    to_record: ToRecord | None = pydantic.Field(default=None, alias="register")

    def facts(self) -> dict[str, Any]:
        """The facts that were said, as plain data."""
        return self.model_dump(include=_NAMES, exclude_unset=True)


class FurtherPart(_Part, _FurtherFacts):
    """Ще одна послуга того самого відвідування: надходження і канал спільні."""


def _check(check: str, kind: type) -> Any:
    said: dict[str, Any] = {
        "part": (Annotated[StrictInt, pydantic.Field(ge=1, le=MOST)], 1),
        "check": (Literal[check], ...),
        "said": (_form_of(kind), ...),
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
"""Відповідь реєстру, якого ми не ведемо: кожна перевірка має власні поля."""


class NewApplication(_Part, _Facts):
    """Заява, декларація або повідомлення: факти, на які дивиться картка. Чого не названо, те звичайне.

    `received` можна не називати, якщо названо `register`: тоді заява надійшла щойно."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema["required"].remove("received"))

    received: LocalMoment | None = pydantic.Field(description="За київським часом, без зміщення.")
    children: list[FurtherPart] = pydantic.Field(default=[], max_length=MOST_CHILDREN)
    office: Office | None = None
    applicant_name: Name = pydantic.Field(default=None, description="Ім’я або назва заявника, якщо це не сама особа.")
    phone: Text = None
    checks: list[CheckSaid] = pydantic.Field(default=[], max_length=MOST_CHECKS)
    acted_on: WholeDay | None = pydantic.Field(default=None, description="День запису; без нього сьогодні.")
    confirmed: Confirmed = False
    decide: StrictBool = pydantic.Field(default=False, description="Одразу й вирішити: друга дія слідом за першою.")

    @model_validator(mode="before")
    @classmethod
    def _now_for_the_register(cls, said: Any) -> Any:
        """A question to the law alone has to name its day; what is to be recorded may have come just now."""
        absent = isinstance(said, dict) and said.get("register") is not None and not said.get("received")
        return {**said, "received": None} if absent else said

    @property
    def about_nobody(self) -> bool:
        """Whether only the law is asked: nobody is named, and nothing to record."""
        return self.to_record is None and not self.children

    def asked(self) -> Application:
        """The application; what was not said has the default of the vocabulary."""
        return read(self.facts())

    def answers(self) -> list[tuple[int, str, dict[str, Any]]]:
        """The checks that are answered with it."""
        return [one.said_of() for one in self.checks]


class ToDecide(Form):
    """Рішення за всіма частинами заяви."""

    acted_on: WholeDay | None = pydantic.Field(default=None, description="День запису; без нього сьогодні.")
    confirmed: Confirmed = False
