"""What answers are made of: ids, days, instants and who did something, as JSON has them."""

from typing import Annotated, Any

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

Id = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
"""A whole day. Of a day whose parts may be unknown, or that may be hidden, it is plainly said that it is a text."""
Instant = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment in UTC, of the register."""
Minute = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$"})]
"""A moment by the clock of Kyiv, to the minute and without an offset: of people and offices."""
Sha256 = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{64}$"})]
Open = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "additionalProperties": True})]
"""What is stored as it was said, in the form that it had then: the body of a fact, what was asked for. Its fields are
those of the form that it was said in, of that release."""


class By(TypedDict):
    id: str
    name: str


class Named(TypedDict):
    """A stored code in words."""

    id: str
    label_uk: str


class Reading(TypedDict):
    id: str
    text: str


class FactName(TypedDict):
    name: str
    label_uk: str


class RecordedFact(FactName):
    position: int


class RegisterMark(TypedDict):
    mark: str
    text: str


class Recorder(TypedDict):
    by: By
    at: Instant


class FormedExtract(TypedDict):
    """An extract that an act formed, or why there is no document of it."""

    number: str
    code: str
    document: str | None
    error: str | None


class FormedLetter(TypedDict):
    number: str
    code: str
    parts: list[int]
    document: str


class FellAway(TypedDict):
    part: int
    check: str
    name: str


class Lacking(TypedDict):
    part: int
    papers: list[str]


class StandsStill(TypedDict):
    """Without movement: what is missing, and until when to bring it."""

    lacking: list[Lacking]
    bring_by: Day
    consent: str
    reason: str | None
    text: str


class PaperKept(TypedDict):
    """What is written on a paper that was shown."""

    id: str
    kind: str | None
    kind_uk: str | None
    number: str | None
    dated: str | None
    issuer: str | None
    valid_until: str | None
    in_force_on: str | None
    powers: list[str] | None
    whose: str | None
    holder: str | None
    scan: str | None
    text: str


class PaperByKey(PaperKept):
    paper: Id


class PaperOfPart(PaperByKey):
    shown_by: str | None
    annulled: bool


class Kept(TypedDict):
    """A scan that was put beside the register."""

    sha256: Sha256
    bytes: int


class Alive(TypedDict):
    status: str


class Ready(TypedDict):
    status: str
    position: int
