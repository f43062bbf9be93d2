"""Both times of a question, as a request types them."""

from datetime import datetime
from typing import Any

from api.forms import KnownAt, Times
from registry import questions
from registry.aggregates.values import sure
from registry.app import Registry
from registry.storage.mapper import instant_text


def question_of(times: Times, moment: datetime) -> questions.Asked:
    """The times of a question as typed. Raises `BadQuestion`."""
    return questions.asked(
        on=times.on,
        start=times.start,
        end=times.until,
        known_at=times.known_at,
        position=times.position,
        now=moment,
    )


def recorded(registry: Registry, asked: KnownAt, moment: datetime) -> tuple[datetime, int]:
    """The recorded time of a question and its last position, by the instant or by the position (semantics 5). Raises
    `BadQuestion` where both are said, or what has not come yet."""
    question = questions.asked(known_at=asked.known_at, position=asked.position, now=moment)
    question = questions.settled(registry, question, moment)
    return sure(question.known_at), sure(question.position)


def known_then(asked: KnownAt, told: datetime, position: int) -> dict[str, Any]:
    """What an answer says of its recorded time, where one was asked for."""
    then = asked.known_at or asked.position
    return {"known_at": instant_text(told), "position": position} if then else {}
