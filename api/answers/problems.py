"""How the API refuses (RFC 9457): the shape of every refusal."""

from typing import NotRequired

from typing_extensions import TypedDict


class ProblemFault(TypedDict):
    """One cause; `named` are what it is about, by name: ids, days, numbers."""

    code: str
    field: str | None
    detail: str
    named: NotRequired[dict[str, str]]


class Problem(TypedDict):
    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemFault]
