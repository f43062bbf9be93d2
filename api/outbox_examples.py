"""Examples of messages and tasks for the description of the API; whoever is in them is invented."""

from typing import Any

from registry import texts
from registry.aggregates.outgoing.state import LEADS_TO

OUTBOX = "/api/v1/outbox"
ONE = OUTBOX + "/{outgoing}"
ID = "0b6f2f7e-7d0e-5c35-9d0a-2a4f3f6c1d58"
_AT = "2025-03-11T08:02:11.654321Z"
_BY = {"id": "local", "name": "Місцевий оператор"}
_SAID = {
    "sent": {"on": "2025-03-11", "how": "post", "number": "вих. 17", "handed_to": "відділення пошти"},
    "done": {"on": "2025-03-14", "outcome": "вручено", "number": "розписка 8"},
    "failed": {"on": "2025-03-14", "how": "post", "reason": "повернулося: за цією адресою органу немає"},
    "reopened": {"reason": "позначено не те повідомлення"},
    "drawn": {},
}

REQUESTS: dict[str, Any] = {f"{ONE}/{name}": said for name, said in _SAID.items()}
REQUESTS |= {f"{OUTBOX}/{name}": {"items": [ID], **_SAID[name]} for name in ("sent", "done")}


def _recorded(name: str) -> dict[str, Any]:
    act = {"command": "5f4dcc3b-5aa7-4d61-8d83-27deb882cf99", "position": 48, "recorded_at": _AT}
    return {**act, "outgoing": ID, "version": 1, "facts": [48], "state": LEADS_TO[f"outgoing-{name}"]}


ACTS: dict[str, Any] = {f"{ONE}/{name}": _recorded(name) for name in _SAID}
ACTS |= {
    f"{OUTBOX}/{name}": {
        **{key: value for key, value in _recorded(name).items() if key in ("command", "position", "recorded_at")},
        "items": [{"outgoing": ID, "version": 1, "state": LEADS_TO[f"outgoing-{name}"]}],
    }
    for name in ("sent", "done")
}


def row(follows: dict[str, Any], application: str, made_at: str) -> dict[str, Any]:
    """A message that follows from a decision, as the outbox tells it."""
    return {
        "id": ID,
        "version": 0,
        "position": 46,
        **{name: value for name, value in follows.items() if name != "person"},
        **{"person": None, "residence": None, "application": application, "extract": None},
        "addressee": {"kind": "applicant", "name": texts.label("outgoing_addressees", "applicant"), "address": None},
        **{"made_at": made_at, "sent_at": None, "state": "waiting"},
        "state_uk": texts.label("outgoing_states", "waiting"),
        "overdue": False,
        "last": None,
    }


def responses(waiting: dict[str, Any]) -> dict[str, Any]:
    """The answers to questions; `waiting` is a row."""
    sent = {
        "name": "outgoing-sent",
        "label_uk": texts.label("facts", "outgoing-sent"),
        **_SAID["sent"],
        "how_uk": texts.label("outgoing_how", "post"),
        **{"by": _BY, "recorded_at": _AT, "version": 1},
    }
    stands = {"state": "sent", "state_uk": texts.label("outgoing_states", "sent"), "sent_at": _AT, "version": 1}
    return {
        OUTBOX: {"waiting": [waiting], "next": f"46.{ID}"},
        ONE: {**waiting, **stands, "last": sent, "history": [sent]},
    }
