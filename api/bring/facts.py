"""Answers as the facts of an application about nobody, which the law decides like any other."""

from datetime import date, timedelta
from typing import Any

from api.bring.questions import BY_ID, applying
from api.bring.shape import Ago, Context

GROWN = Ago(14_700)
"""When somebody was born whose age decides nothing."""


def plain(context: Context, moment: str, today: date) -> dict[str, Any]:
    """The application that the answers amount to, as plain data of `application.read` and of the API; `moment` is now,
    by the clock of Kyiv."""
    said: dict[str, Any] = {"service": context.card.service.id, "received": moment}
    if not applying(context):
        said["applicant"] = {"kind": "other"}
    for question, answer in context.answers.items():
        for path, value in BY_ID[question].facts(answer).items():
            _put(said, _holders(context, path), _dated(value, today))
    for path, value in _implied(context).items():
        _put(said, path, value)
    said.setdefault("subject", {}).setdefault("born", _dated(GROWN, today))
    return said


def _implied(context: Context) -> dict[str, Any]:
    """Of age, whoever has a legal representative is without full capacity, and under guardianship or care."""
    represented = context.said("who", "legal_representative") and context.said("age", "adult")
    if represented or (context.said("ward", "yes") and context.said("age", "adult")):
        return {"subject.capacity": "incapable", "subject.guardianship": True}
    return {}


def _holders(context: Context, path: str) -> str:
    """Whose permit it is: of a child that of the parent who files (`Facts.permit_received_on`)."""
    if path != "permit_received_on":
        return path
    return f"{'applicant' if context.card.service.of_children else 'subject'}.{path}"


def _put(said: dict[str, Any], path: str, value: Any) -> None:
    *within, last = path.split(".")
    for name in within:
        said = said.setdefault(name, {})
    said[last] = value


def _dated(value: Any, today: date) -> Any:
    if isinstance(value, Ago):
        return (today - timedelta(days=value.days)).isoformat()
    return {name: _dated(one, today) for name, one in value.items()} if isinstance(value, dict) else value
