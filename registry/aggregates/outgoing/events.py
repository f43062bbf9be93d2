"""The facts of what goes out (вихідне): a message or a task of the outbox sent, done, failed, taken back, or its paper
drawn up.

A sixth aggregate: the five of semantics 6 are what the register is about, this one is what the office did because of
it. A stream of its own for each item is what loses nothing: neither a person's version nor a case's may move because a
letter was posted, and who posts letters never races whoever registers people.

Each fact names its item whole, as the outbox keys it: so an imported journal finds its rows again (semantics 7), and a
fact of no item is seen to be one (semantics 1.8). Sources: the service cards, rows 14 to 16.
"""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid5

from registry.aggregates.values import DateText

OUTGOING = UUID("68726f6d-6164-4161-8000-000000000006")
"""The namespace of the ids of items."""


def item_id(position: int, item: str, person: UUID | None, residence: UUID | None, extract: UUID | None) -> UUID:
    """The stream of an item: of the fact that it follows from, what it is and about whom."""
    return uuid5(OUTGOING, "/".join(str(one or "") for one in (position, item, person, residence, extract)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingSent:
    """It went out `on` a day, by one of `HOW`; `number` is that of our letter, `handed_to` who took it for delivery."""

    NAME: ClassVar[str] = "outgoing-sent"
    position: int
    item: str
    person: UUID | None = None
    residence: UUID | None = None
    extract: UUID | None = None
    application: UUID | None = None
    on: DateText
    how: str
    number: str | None = None
    handed_to: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingDone:
    """A message was received («вручено»), a task is done: `outcome` in words, `number` of the paper that says so (a
    protocol, a receipt), `handed_to` who received it."""

    NAME: ClassVar[str] = "outgoing-done"
    position: int
    item: str
    person: UUID | None = None
    residence: UUID | None = None
    extract: UUID | None = None
    application: UUID | None = None
    on: DateText
    how: str | None = None
    outcome: str | None = None
    number: str | None = None
    handed_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingFailed:
    """It was tried and did not succeed, or came back, and why. It waits to be tried again."""

    NAME: ClassVar[str] = "outgoing-failed"
    position: int
    item: str
    person: UUID | None = None
    residence: UUID | None = None
    extract: UUID | None = None
    application: UUID | None = None
    on: DateText
    how: str | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingReopened:
    """What was recorded of it last was a mistake, and why: it waits again."""

    NAME: ClassVar[str] = "outgoing-reopened"
    position: int
    item: str
    person: UUID | None = None
    residence: UUID | None = None
    extract: UUID | None = None
    application: UUID | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingDrawn:
    """The paper that a task asks for was drawn up (складено), and the task is done by it. `kind` is one of `PAPERS`;
    `on`, a day of Kyiv, and `number` are given under the log's lock: each kind of a year has its own numbers, without a
    gap. `applicant` is who filed, of the register, where the paper names them beside the person; `content` is all that
    is printed but the number (`letters/content.py`)."""

    NAME: ClassVar[str] = "outgoing-drawn"
    position: int
    item: str
    person: UUID | None = None
    residence: UUID | None = None
    extract: UUID | None = None
    application: UUID | None = None
    applicant: UUID | None = None
    kind: str
    on: DateText
    number: int
    content: dict[str, Any]


OutgoingFact = OutgoingSent | OutgoingDone | OutgoingFailed | OutgoingReopened | OutgoingDrawn

HOW = ("electronic", "paper", "post", "phone", "sms", "portal", "in_person", "other")
"""How something is sent or handed over (cards, rows 14 to 16: in electronic form, on paper, by phone, by post, by SMS,
through Дія); each has a label."""

PAPERS = {"offence_protocol": "protocol", "dms_referral": "referral", "dms_new_document": "referral"}
"""The tasks that ask for a paper to be drawn up, by item, and which kind of paper it is (cards 1 to 3, row 16)."""


def named_by(fact: Any) -> UUID:
    """The stream of the item that a fact names."""
    return item_id(fact.position, fact.item, fact.person, fact.residence, fact.extract)
