"""Messages and tasks as answers have them, and what became of each."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from api.answers.plain import By, Day, Id, Instant


class Addressee(TypedDict):
    kind: str
    name: str | None
    address: str | None


class DeliveryStep(TypedDict):
    """What was recorded of a message or a task, by whom and when."""

    name: str
    label_uk: str
    on: NotRequired[Day]
    how: NotRequired[str]
    how_uk: NotRequired[str]
    number: NotRequired[str]
    handed_to: NotRequired[str]
    note: NotRequired[str]
    outcome: NotRequired[str]
    reason: NotRequired[str]
    by: By
    recorded_at: Instant
    version: int


class Outgoing(TypedDict):
    id: Id
    version: int
    position: int
    item: str
    role: Literal["message", "task"]
    label_uk: str
    person: Id | None
    residence: Id | None
    application: Id | None
    extract: Id | None
    deadline: Day
    text: str | None
    addressee: Addressee
    made_at: Instant
    sent_at: Instant | None
    state: Literal["waiting", "failed", "sent", "done"]
    state_uk: str
    overdue: bool
    last: DeliveryStep | None


class WholeOutgoing(Outgoing):
    history: list[DeliveryStep]


class Outbox(TypedDict):
    waiting: list[Outgoing]
    next: str | None
