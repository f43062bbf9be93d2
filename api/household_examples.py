"""Examples of the answers to other departments for the description of the API; the people are invented, the card is as
it is."""

from datetime import date
from typing import Any

from registry import texts
from registry.services.adjacent import adjacent_card

WAY = "/api/v1/household-answers"
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
RESPONSES: dict[str, Any] = {
    WAY: {
        **{"card": _CARD.number, "title": _CARD.title, "reference": _CARD.reference},
        **{"on": "2024-06-01", "known_at": "2024-06-01T20:59:59.999999Z", "position": 42},
        **{"registered": True, "hidden": 0, "text": texts.say("household", "residents", 1, 0)},
        "persons": [{**_WHO, "since": "2024-03-01", "certain": True}],
    }
}
