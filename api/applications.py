"""HTTP → the facts of an application: the form of the cases, made field by field from the dataclasses that decide.

A fact added to `registry/services/application.py` is a field here too, and in the description of the API.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pydantic
from pydantic import StrictBool, StrictInt, create_model

from api.fields import MOST, DaysById, Line, LocalMoment, WholeDay
from api.forms import Form
from registry.services.application import Application, read

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
def _form_of(kind: Any) -> Any:
    """A form with the fields of a dataclass, their defaults and closed lists; nested ones are forms too."""
    hints = get_type_hints(kind)
    said: dict[str, Any] = {one.name: (_typed(hints[one.name]), _default(one)) for one in fields(kind)}
    return create_model(kind.__name__, __base__=Form, **said)


def _typed(hint: Any) -> Any:
    parts = get_args(hint)
    if NoneType in parts:
        return Union[_typed(next(one for one in parts if one is not NoneType)), None]  # noqa: UP007  # worked out
    if is_dataclass(hint):
        return _form_of(hint)  # type: ignore[arg-type]  # the type of a dataclass is hashable
    if get_origin(hint) in (frozenset, tuple):
        return Annotated[list[_typed(parts[0])], pydantic.Field(max_length=MOST)]  # type: ignore[misc]
    return PLAIN.get(hint, hint)


def _default(one: Field) -> Any:
    if one.default_factory is not MISSING:
        return pydantic.Field(default_factory=one.default_factory)
    if one.default is MISSING:
        return ...
    plain = one.default is None or isinstance(one.default, str | int)
    return one.default if plain else pydantic.Field(default_factory=type(one.default))


_Facts: Any = _form_of(Application)


class NewApplication(_Facts):
    """Заява, декларація або повідомлення: факти, на які дивиться картка. Чого не названо, те звичайне."""

    def asked(self) -> Application:
        """The application; what was not said has the default of the vocabulary."""
        return read(self.model_dump(exclude_unset=True))
