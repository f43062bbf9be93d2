"""An example of every parameter, for the description of the API."""

from typing import Any

from api.list_examples import MARK, PERSON, STREET
from registry import addresses, texts

DWELLING = "8a5d6a0e-2b7c-4f0a-9a53-0c6f2d9e4c22"
RESIDENCE = "b1f3c7d4-64f1-4f3b-8b55-7f7e9d8a5e33"
ASKED = "c7a90be2-3d0f-4a43-9b1e-61f0d4c8ab44"
ANOTHER = "0d9e5a57-4f2f-4a50-8f45-1d5f6d5f7a66"
KALYNOVA = addresses.found_by(texts.say("api", "a_street"))

PARAMETERS: dict[str, Any] = {
    "person": PERSON,
    "dwelling": DWELLING,
    "residence": RESIDENCE,
    "application": ASKED,
    "link": ANOTHER,
    "mark": MARK,
    "paper": ANOTHER,
    "outgoing": ANOTHER,
    "street": STREET,
    "settlement": texts.say("api", "a_settlement"),
    "part": 1,
    "service": "register_residence",
    "office": "tsentralnyi",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "year": "2024",
    "number": "000000017",
    "code": "UA14060030000098371",
    "name": "Вигад",
    "on": "2024-06-01",
    "from": "2024-01-01",
    "until": "2025-01-01",
    "known_at": "2024-06-01T12:00:00Z",
    "position": 42,
    "since": "2024-06-01",
    "at": "2024-06-04T19:59",
    "least": 3,
    "first": 100,
    "limit": 100,
    "before": 1042,
    "status": "open",
    "household": "3f0c2a52-9d1b-4a55-8c0f-5f2f7c0a1b77",
    "visit": "2e8a1c55-7b0d-4c3e-9f10-6d1b8a4f7c33",
    "by": "o.vyhadana",
    "dry_run": True,
    "role": "message",
    "item": "dms",
    "state": "waiting",
    "overdue": True,
    "order": "deadline",
    "idempotency-key": "5f4dcc3b-5aa7-4d61-8d83-27deb882cf99",
    "if-match": '"3"',
}
OF_ONE: dict[str, Any] = {
    "get_status.code": "735104",
    "ask_residents.after": "17.500",
    "list_outbox.after": f"17.{ANOTHER}",
    "list_territories.after": ANOTHER,
    "list_streets.after": STREET,
    "list_streets.name": KALYNOVA,
    "count_streets.after": STREET,
    "count_streets.name": KALYNOVA,
    "list_unlisted_dwellings.after": KALYNOVA,
    "list_houses.after": "7",
    "list_houses.number": "7",
    "get_street_reconciliation.state": "missing",
    "get_street_reconciliation.after": DWELLING,
    "download_message.number": "02-17/123",
}
"""Those that are called alike and are something else in one operation."""


def example(operation: str, name: str) -> Any:
    """The example of a parameter of an operation. Raises KeyError for one that has none."""
    return OF_ONE.get(f"{operation}.{name}") or PARAMETERS[name]
