"""The kinds of value that a request may hold: each is a gate of `registry/gate.py`, and pydantic's way to call it.

What is refused is refused by the code of the gate; what is kept is its one form. Warnings of the gate are for whoever
decides on all fields together.
"""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StrictBool, WithJsonSchema
from pydantic_core import PydanticCustomError

from registry import gate
from registry.gate import Gate
from registry.texts import TEXTS

MOST = 500
"""Of anything that is counted or listed in an application."""


def refuse(code: str) -> PydanticCustomError:
    """A refusal by one of the register's own codes: its text is in `texts.toml` under [faults], or in `INPUT`."""
    return PydanticCustomError(code, "refused")


def through(called: Gate) -> Callable[[str], str | None]:
    """The one form of a text by a gate; None where it says that there is no value. Refuses by the code of the gate."""

    def check(text: str) -> str | None:
        found = called(text)
        if found.faults:
            raise refuse(found.faults[0])
        return found.value

    check.gate = called  # type: ignore[attr-defined]  # for the test that asks which gate a field has
    return check


def must(called: Gate, code: str = "missing") -> AfterValidator:
    """The same of a value that is needed, or of one that is no placeholder where it is said: refused where there is
    none."""
    checked = through(called)

    def check(text: str) -> str:
        found = checked(text)
        if found is None:
            raise refuse(code)
        return found

    check.gate = called  # type: ignore[attr-defined]  # as above
    return AfterValidator(check)


def may(called: Gate) -> AfterValidator:
    """The same of a value that may be absent."""
    return AfterValidator(through(called))


def one_of(*groups: str, code: str = "value-unknown") -> AfterValidator:
    """A code of a closed list of `texts.toml`."""
    known = {value for group in groups for value in TEXTS[group]}

    def check(text: str) -> str:
        if text not in known:
            raise refuse(code)
        return text

    return AfterValidator(check)


def _days_by_id(said: Any) -> dict[str, str]:
    # As one value: a fault inside would name its place by the key, which somebody typed.
    if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
        raise refuse("not-days-by-id")
    if len(said) > MOST:
        raise refuse("not-days-by-id")
    name, day = through(gate.line), through(gate.whole_day)
    found = {name(key): day(text) for key, text in said.items()}
    if None in found or None in found.values():
        raise refuse("not-days-by-id")
    return found  # type: ignore[return-value]  # neither is None


Line = Annotated[str, must(gate.line)]
Text = Annotated[str, may(gate.line)] | None
Name = Annotated[str, may(gate.name)] | None
Words = Annotated[str, may(gate.words)] | None
Said = Annotated[str, must(gate.words)]
Day = Annotated[str, may(gate.day)] | None
Instant = Annotated[str, may(gate.instant)] | None
Position = Annotated[int | None, Field(ge=1, le=2**63 - 1)]
"""In place of an instant: as this fact, and all of its act, left the register."""
Sex = Annotated[str, may(gate.sex)] | None
Citizenship = Annotated[str, may(gate.citizenship)] | None
Kind = Annotated[Line, one_of("kinds", code="kind-unknown")]
Unzr = Annotated[str, may(gate.unzr)] | None
Rnokpp = Annotated[str, may(gate.rnokpp)] | None
Phone = Annotated[str, may(gate.phone)] | None
Email = Annotated[str, may(gate.email)] | None
House = Annotated[str, may(gate.ADDRESS["house"])] | None
Building = Annotated[str, may(gate.ADDRESS["building"])] | None
Flat = Annotated[str, may(gate.ADDRESS["flat"])] | None
Room = Annotated[str, may(gate.ADDRESS["room"])] | None
KatottgCode = Annotated[str, must(gate.katottg)]
Katottg = Annotated[str, may(gate.katottg)] | None
Cursor = Annotated[str, must(gate.line, "cursor-shape")] | None
"""Behind which row a page begins, as the answer before it said."""
Confirmed = StrictBool
"""«Yes, just so»: the answer to the problem `confirmation-needed`."""
_DATE = WithJsonSchema({"type": "string", "format": "date"})
_MOMENT = WithJsonSchema({"type": "string", "examples": ["2025-03-11T09:40"]})
WholeDay = Annotated[str, must(gate.whole_day, "not-a-day"), _DATE]
LocalMoment = Annotated[str, must(gate.local_moment, "not-a-moment"), _MOMENT]
DaysById = Annotated[
    Any,
    AfterValidator(_days_by_id),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "string", "format": "date"}}),
]
