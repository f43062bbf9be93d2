"""What a decision rests on: a document, a consent or a decision of somebody, as it was shown.

The cards say which papers there may be (row 9); what is written on them is kept as far as it is known, so that an
appeal finds it. Every detail may be absent.
"""

from dataclasses import dataclass
from uuid import UUID

from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper: `paper` is its key, by which it is named ever after, `id` what of the card it stands for: the id of a
    document or of a consent.

    `dated` is its own day; `valid_until` the last day on which it is good, `in_force_on` the day from which a decision
    of a court holds; `powers` the services that a proxy may act for, None where nobody said. Whose it is, is `whose`,
    of the register, or `holder`, by name; `shown_by` is the name of whoever showed it. `scan` is the sha256 of a
    picture of it, in lower-case hex.
    """

    paper: UUID
    id: str
    kind: str | None = None
    number: str | None = None
    dated: DateText | None = None
    issuer: str | None = None
    valid_until: DateText | None = None
    in_force_on: DateText | None = None
    powers: tuple[str, ...] | None = None
    whose: UUID | None = None
    holder: str | None = None
    shown_by: str | None = None
    scan: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPaper:
    """A paper as it was shown for a part of an application, counted from 1, and as it is now believed."""

    part: int
    paper: Paper
    annulled: bool = False
