"""The facts of marks of protected absentees, on the stream of the person: no logic.

`since` and `until` are the law's days, half-open, as written. Source: card 2, row 9 (point 61 of the Procedure).
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceVersion:
    """What a mark of a protected absence says: its ground (`absences.GROUNDS`), its days, the paper that shows it."""

    ground: str
    since: DateText
    until: DateText | None = None
    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceProtected:
    """The person is away for a reason that an owner's removal has to reckon with (Порядок 265, п. 61)."""

    NAME: ClassVar[str] = "absence-protected"
    mark: UUID
    ground: str
    since: DateText
    until: DateText | None = None
    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceProtectionEnded:
    """The person is back: the mark holds no more from `until` on."""

    NAME: ClassVar[str] = "absence-protection-ended"
    mark: UUID
    until: DateText
    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceProtectionCorrected:
    """What a mark said wrongly, and what it says: the complete new version."""

    NAME: ClassVar[str] = "absence-protection-corrected"
    mark: UUID
    was: AbsenceVersion
    now: AbsenceVersion
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceProtectionAnnulled:
    """There was no such absence."""

    NAME: ClassVar[str] = "absence-protection-annulled"
    mark: UUID
    basis: str


AbsenceFact = AbsenceProtected | AbsenceProtectionEnded | AbsenceProtectionCorrected | AbsenceProtectionAnnulled
