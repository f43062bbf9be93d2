"""Answers of a guided page → the body of an application, as the API takes it. Pure: nothing is looked up."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from types import NoneType
from typing import Any, get_args, get_type_hints

from api.guided.path import NEWCOMER, GuidedPart
from api.guided.shape import GuidedQuestion
from registry import gate
from registry.services.checks import CHECKS

Typed = Mapping[str, Sequence[str]]
"""A form as sent: every value of each field."""
_INDEX = re.compile(r"[0-9]+")
CERTIFICATE = "social_institution_certificate"
"""The paper that is told of beside a court's decision, if it was brought."""
_OF_VISIT = ("channel", "applicant_name", "phone", "received", "acted_on", "reason", "notice", "paper_journal")


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What is ticked in the list of papers and checks of one part, and said of people who look alike."""

    documents: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    checks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    distinct_from: tuple[str, ...] = ()
    distinct_reason: str = ""


def ticked(typed: Typed, number: int) -> Ticked:
    """The same of a form, of the part of a number."""

    def many(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(typed.get(f"{number}-{name}", ())))

    said = {check: {name: one(typed, f"{number}-{check}-{name}") for name in fields_of(check)} for check in CHECKS}
    return Ticked(
        documents=many("documents"),
        consents=many("consents"),
        invalid=many("invalid"),
        checks={check: {name: text for name, text in of.items() if text} for check, of in said.items()},
        distinct_from=many("distinct_from"),
        distinct_reason=one(typed, f"{number}-distinct_reason"),
    )


def one(typed: Typed, name: str) -> str:
    """The last value of a field, without blanks around it."""
    return next(iter(typed.get(name, ())[-1:]), "").strip()


def fields_of(check: str) -> dict[str, Any]:
    """The fields of the answer to a check, each with its type."""
    hints = get_type_hints(CHECKS[check])
    return {name: next(kind for kind in get_args(hint) if kind is not NoneType) for name, hint in hints.items()}


def body_of(parts: Sequence[tuple[GuidedPart, Ticked]], *, office: str | None, confirmed: bool) -> dict[str, Any]:
    """The application of a visit; what was not answered is not there."""
    whole: dict[str, Any] = {}
    for number, (part, marks) in enumerate(parts):
        said = _part(part, marks)
        if number:
            whole.setdefault("children", []).append({name: said[name] for name in said if name not in _OF_VISIT})
        else:
            whole = said
    checks = [row for number, (_, marks) in enumerate(parts, 1) for row in _checks(number, marks)]
    more = {"checks": checks, "office": office, "confirmed": confirmed}
    return whole | {name: value for name, value in more.items() if value}


def _part(part: GuidedPart, marks: Ticked) -> dict[str, Any]:
    said: dict[str, Any] = {"service": part.service.id, "subject": {}, "register": {"persons": [{}]}}
    for path, value in _always(part):
        put(said, path, value)
    for question in part.asked():
        for path, value in filled(question, part.answer(question.id)):
            put(said, path, value)
    listed = {"documents": marks.documents, "consents": marks.consents, "invalid_documents": marks.invalid}
    said |= {name: list(ids) for name, ids in listed.items() if ids}
    if marks.distinct_from and part.newcomer:
        said["register"]["persons"][0] |= {"distinct_from": list(marks.distinct_from)}
        if marks.distinct_reason:
            said["register"]["persons"][0]["distinct_reason"] = marks.distinct_reason
    return _named(said)


def _always(part: GuidedPart) -> list[tuple[str, Any]]:
    """What is said though nobody is asked: it is the only way."""
    channel = part.answer("channel")
    always = [("ground", part.answer("ground")), ("applicant.kind", part.answer("applicant_kind"))]
    always += [("channel", channel)]
    if part.newcomer and (shown := part.answer("identity_document")):
        always.append(("subject.identity_document", shown))
    return [*always, *([("transcribed", True)] if part.first and channel in ("diia", "emaliatko") else [])]


def filled(question: GuidedQuestion, answer: str) -> list[tuple[str, Any]]:
    """The fields that an answer fills, each with its value."""
    if not answer or answer == NEWCOMER:
        return []
    if question.sets:
        return list(question.sets.get(answer, {}).items())
    value: Any = answer
    if not question.path:
        return []
    if question.kind == "yes_no":
        value = {"yes": True, "no": False}.get(answer, answer)
    elif question.kind == "day":
        value = gate.day(answer).value or answer
    return [(path, value) for path in (question.path, question.also) if path]


def put(said: dict[str, Any], path: str, value: Any) -> None:
    """Puts a value where a path leads; a number in it is a place in a list."""
    names = path.split(".")
    at: Any = said
    for name, following in pairwise(names):
        empty: Any = [] if _INDEX.fullmatch(following) else {}
        if isinstance(at, list):
            at.extend({} for _ in range(int(name) + 1 - len(at)))
            at = at[int(name)]
        else:
            at = at.setdefault(name, empty)
    at[names[-1]] = value


def _named(said: dict[str, Any]) -> dict[str, Any]:
    """With the paper that is told of called what it is, and without a person of whom nothing is said."""
    for paper in said.get("papers", []):
        paper["id"] = "court_decision" if said.get("ground", "").startswith("court_") else CERTIFICATE
    if said.get("papers") and said["papers"][0]["id"] == CERTIFICATE not in said.get("documents", ()):
        del said["papers"]
    if said["register"]["persons"] == [{}]:
        said["register"]["persons"] = []
    return said


def _checks(number: int, marks: Ticked) -> list[dict[str, Any]]:
    return [
        {"part": number, "check": check, "said": said_of_check(check, of)} for check, of in marks.checks.items() if of
    ]


def said_of_check(check: str, of: Mapping[str, str]) -> dict[str, Any]:
    """The answer to a check as typed, each field in its form."""
    return {name: _typed(fields_of(check)[name], name, of[name]) for name in of}


def _typed(kind: Any, name: str, text: str) -> Any:
    """What was typed as an answer to a check, in the form of its field; what cannot be read stays, to be refused."""
    if name == "kopiykas":
        return kopiykas(text)
    if kind is bool:
        return {"yes": True, "no": False}.get(text, text)
    if kind is int:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    return (gate.day(text).value or text) if kind is date else text


def kopiykas(text: str) -> int | str:
    """A sum in hryvnias as typed, in kopiykas."""
    try:
        sum_ = Decimal(text.replace(" ", "").replace("\u00a0", "").replace(",", ".")) * 100
        return int(sum_) if sum_.is_finite() and sum_ == int(sum_) and abs(sum_) < 10**12 else text
    except (InvalidOperation, ValueError):
        return text
