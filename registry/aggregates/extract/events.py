"""The facts of an extract (витяг): asked for, then either issued or its number voided (semantics 9)."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequested:
    """`year` and `number` are given under the log's lock (`number` 0 until then); `content` is all that is printed."""

    NAME: ClassVar[str] = "extract-requested"
    person: UUID
    year: int
    number: int
    code: str
    on: DateText
    read_at: int
    history: bool
    basis: str
    requester: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractIssued:
    """`sha256` is of the document's file, lower-case hex; `renderer` the version that can draw it again."""

    NAME: ClassVar[str] = "extract-issued"
    person: UUID
    sha256: str
    renderer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractNumberVoided:
    """The document never came; the number is closed with a reason, so that numbers have no gap."""

    NAME: ClassVar[str] = "extract-number-voided"
    person: UUID
    reason: str


ExtractFact = ExtractRequested | ExtractIssued | ExtractNumberVoided
