"""The facts of an extract (витяг): asked for, then either issued or its number voided (semantics 9)."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequested:
    """`year` and `number` are given under the log's lock (`number` 0 until then); `content` is all that is printed.
    `read_at` is the position of which it states the register: of one asked for at a visit the last of its own act,
    given under the lock too (0 until then).

    It is about a person, or about a dwelling and who is registered there. `as_known`: as the register stood at a past
    moment. `contact` is where whoever got it can be told that it was superseded.
    """

    NAME: ClassVar[str] = "extract-requested"
    person: UUID | None = None
    year: int
    number: int
    code: str
    on: DateText
    read_at: int
    history: bool
    basis: str
    requester: str
    content: dict[str, Any]
    dwelling: UUID | None = None
    asked_for: str | None = None
    as_known: bool | None = None
    contact: str | None = None
    application: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractIssued:
    """`sha256` is of the document's file, lower-case hex; `renderer` (a version) and `key` (the signing key, by its
    name) can make it again."""

    NAME: ClassVar[str] = "extract-issued"
    person: UUID | None = None
    sha256: str
    renderer: str
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractNumberVoided:
    """The document never came; the number is closed with a reason, so that numbers have no gap."""

    NAME: ClassVar[str] = "extract-number-voided"
    person: UUID | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractContinued:
    """More of the content of an extract that has more than one fact holds, in the act that asked for it: `rows` stand
    behind those that its lists have already, by the name of the list."""

    NAME: ClassVar[str] = "extract-continued"
    person: UUID | None = None
    rows: dict[str, Any]


ExtractFact = ExtractRequested | ExtractContinued | ExtractIssued | ExtractNumberVoided
