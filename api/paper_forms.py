"""HTTP → what is written on a paper: a row beside the ids of an application, and what of it was taken down wrongly."""

import re
from typing import Annotated, Any, Literal
from uuid import UUID

import pydantic

from api.fields import Day, Line, Name, Text, WholeDay, Words, refuse
from api.forms import Form
from registry.services.headers import SERVICES

MOST_PAPERS = 50
"""Of one part."""
LONGEST = 30_000
"""Bytes of what is written on the papers of one request: a line of the journal is shorter than 65,536 (semantics 7)."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
DETAILS = ("kind", "number", "dated", "issuer", "valid_until", "in_force_on", "powers", "holder", "scan")
"""What is written on a paper, and in no need of the register to be understood."""


def _sha256(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise refuse("not-a-sha256")
    return text


class _Details(Form):
    kind: Text = pydantic.Field(default=None)
    number: Text = pydantic.Field(default=None)
    dated: Day = pydantic.Field(default=None)
    issuer: Name = pydantic.Field(default=None)
    valid_until: WholeDay | None = pydantic.Field(default=None)
    in_force_on: WholeDay | None = pydantic.Field(default=None)
    powers: Annotated[list[Literal[tuple(SERVICES)]], pydantic.Field(max_length=MOST_PAPERS)] | None = pydantic.Field(  # type: ignore[valid-type]  # data
        default=None
    )
    whose: Text = pydantic.Field(default=None)
    holder: Name = pydantic.Field(default=None)
    shown_by: Name = pydantic.Field(default=None)
    scan: Annotated[Line, pydantic.AfterValidator(_sha256)] | None = pydantic.Field(default=None)

    def details(self) -> dict[str, Any]:
        """What was said of the paper itself, as facts keep it; null where it has none."""
        said = self.given(*DETAILS)
        return {**said, "powers": tuple(said["powers"])} if said.get("powers") is not None else said


class PaperShown(_Details):
    """What is written on a paper that was shown."""

    id: Line
    paper: UUID | None = pydantic.Field(default=None)


def short_enough(rows: list[PaperShown]) -> list[PaperShown]:
    """The rows, if a line of the journal surely holds them."""
    if sum(len(row.model_dump_json(exclude_none=True).encode()) for row in rows) > LONGEST:
        raise refuse("text-too-long")
    return rows


Papers = Annotated[list[PaperShown], pydantic.Field(max_length=MOST_PAPERS), pydantic.AfterValidator(short_enough)]


class PaperCorrection(_Details):
    """Only what differs; null takes a detail away."""

    reason: Words = None


class PaperAnnulment(Form):
    """Why nothing of it counts."""

    reason: Words = None
