"""What is asked of the outbox, and said of what became of a message or a task."""

import re
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from api.fields import Line, Name, Text, WholeDay, Words, one_of, refuse
from api.forms import Form
from registry.aggregates.outgoing.state import OPEN

_CURSOR = re.compile(r"(?a:(\d{1,18})(?:\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))?)")
How = Literal["electronic", "paper", "post", "phone", "sms", "portal", "in_person", "other"]


def _cursor(text: str) -> str:
    if not _CURSOR.fullmatch(text):
        raise refuse("cursor-shape")
    return text


class Outbox(Form):
    """A page of the outbox, by position or by deadline; without a state that what has yet to be done."""

    role: Literal["message", "task"] | None = Field(default=None)
    item: Annotated[Line, one_of("messages", "tasks")] | None = Field(default=None)
    state: Literal["waiting", "failed", "sent", "done"] | None = Field(default=None)
    overdue: bool = Field(default=False)
    order: Literal["position", "deadline"] = Field(default="position")
    after: Annotated[Line, AfterValidator(_cursor)] | None = Field(default=None)
    limit: int = Field(default=100, ge=1, le=500)

    @property
    def nearest_first(self) -> bool:
        """Whether it is what has yet to be done, by deadline."""
        return self.order == "deadline" and self.state in (None, *OPEN)

    def begins(self) -> dict[str, Any]:
        """Behind which row the page begins: the position alone is the whole of it."""
        found = _CURSOR.fullmatch(self.after or "0")
        position, id = found.groups() if found else ("0", None)
        if self.nearest_first:
            return {"after": UUID(id) if id else None}
        return {"after_position": int(position), "after": UUID(id) if id else UUID(int=2**128 - 1)}


class LetterNumber(Form):
    number: Text = Field(default=None)


class Sent(Form):
    on: WholeDay | None = Field(default=None)
    how: How
    number: Text = None
    handed_to: Name = None
    note: Words = None


class Done(Form):
    on: WholeDay | None = Field(default=None)
    how: How | None = None
    outcome: Words = None
    number: Text = None
    handed_to: Name = None


class Failed(Form):
    on: WholeDay | None = Field(default=None)
    how: How | None = None
    reason: Words = None


class Reopened(Form):
    reason: Words = None


class Drawn(Form):
    """Nothing is said of a paper that is drawn up: it is filled in from what is on record."""


def _some(items: list[UUID]) -> list[UUID]:
    if not items:
        raise refuse("missing")
    return list(dict.fromkeys(items))


Items = Annotated[list[UUID], Field(max_length=500), AfterValidator(_some)]


class SentTogether(Sent):
    items: Items


class DoneTogether(Done):
    items: Items
