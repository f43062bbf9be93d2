"""Examples of the answers to other departments for the description of the API; the people are invented, the card is as
it is."""

from datetime import date
from typing import Any

from registry import texts
from registry.services.adjacent import adjacent_card

WAY, TAKEN_IN = "/api/v1/household-answers", "/api/v1/household-requests"
ONE = TAKEN_IN + "/{household}"
_CARD = adjacent_card("17-39", date(2024, 6, 1))
_WHO = {"surname": "Вигадана", "given_names": "Оксана", "patronymic": "Тестівна", "birth_date": "1990-05-04"}

REQUESTS: dict[str, Any] = {
    WAY: {
        "card": _CARD.number,
        "notice": {"sender": "Відділ обліку житла", "number": "12/1-45", "dated": "2024-05-31"},
        "applicant": _WHO,
        "address": {
            "settlement": texts.say("api", "a_settlement"),
            "street": texts.say("api", "a_street"),
            "house": "7",
        },
    }
}
REQUESTS |= {
    TAKEN_IN: {**REQUESTS[WAY], "received": "2024-06-03"},
    ONE + "/answer": {"reason": "заявник подає інший документ"},
}
_ID, _OUT = "3f0c2a52-9d1b-4a55-8c0f-5f2f7c0a1b77", "8a5d6a0e-2b7c-4f0a-9a53-0c6f2d9e4c88"
_ACT = {
    "command": "5f4dcc3b-5aa7-4d61-8d83-27deb882cf77",
    "position": 43,
    "recorded_at": "2024-06-03T09:15:42.123456Z",
    "household": _ID,
    "version": 1,
    "facts": [43],
}
ACTS: dict[str, Any] = {
    TAKEN_IN: {**_ACT, "due_by": "2024-06-10"},
    ONE + "/answer": {**_ACT, "version": 2, "outgoing": _OUT},
}
RESPONSES: dict[str, Any] = {
    ONE: {
        "request": _ID,
        "version": 1,
        **{"card": _CARD.number, "title": _CARD.title, "reference": _CARD.reference},
        **REQUESTS[WAY]["notice"],
        **{"received": "2024-06-03", "due_by": "2024-06-10", "status": "waiting", "overdue": False, "hidden": False},
        **{"applicant": {**_WHO, "unzr": None}, "applicant_is": None, "member": None, "answer": None},
        "address": ", ".join([texts.say("api", "a_settlement"), texts.say("api", "a_street"), "7"]),
    },
    WAY: {
        **{"card": _CARD.number, "title": _CARD.title, "reference": _CARD.reference},
        **{"on": "2024-06-01", "known_at": "2024-06-01T20:59:59.999999Z", "position": 42},
        **{"registered": True, "hidden": 0, "text": texts.say("household", "residents", 1, 0)},
        "persons": [{**_WHO, "since": "2024-03-01", "certain": True}],
    },
}
