"""How the server is, as the administrator is told it."""

from typing import Annotated, Any, Literal

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from api.answers.plain import Instant

Found = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "additionalProperties": True})]
"""What was found of a line: counts, sizes (`…_bytes`), durations (`…_seconds`), moments (`…_at`), versions, names of
keys and projections. Which there are depends on the line, and on how it stands."""


class StateLine(TypedDict):
    """`todo_uk`: what to do where it is not well."""

    id: str
    title_uk: str
    status: Literal["ok", "warn", "bad"]
    status_uk: str
    text_uk: str
    todo_uk: str | None
    values: Found


class State(TypedDict):
    """`status` is the worst of the lines'."""

    status: Literal["ok", "warn", "bad"]
    status_uk: str
    at: Instant
    lines: list[StateLine]
