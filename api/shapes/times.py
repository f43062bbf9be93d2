"""Both times of a question, as a request types them."""

from datetime import datetime

from api.forms import Times
from registry import questions


def question_of(times: Times, moment: datetime) -> questions.Asked:
    """The times of a question as typed. Raises `BadQuestion`."""
    return questions.asked(on=times.on, start=times.start, end=times.until, known_at=times.known_at, now=moment)
