"""How the API refuses (RFC 9457): the shape of every refusal."""

from typing import NotRequired

from typing_extensions import TypedDict


class SimilarPerson(TypedDict):
    """Somebody of the register who may be whoever is entered."""

    person: str
    ref: str | None
    surname: str | None
    given_names: str | None
    patronymic: str | None
    birth_date: str | None
    died: str | None
    address: str | None


class ProblemFault(TypedDict):
    """One cause; `named` are what it is about, by name: ids, days, numbers."""

    code: str
    field: str | None
    detail: str
    named: NotRequired[dict[str, str]]
    candidate: NotRequired[SimilarPerson]


class Problem(TypedDict):
    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemFault]
