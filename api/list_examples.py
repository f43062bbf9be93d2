"""Examples of the lists of territories and of streets, and of protected absentees, for the description of the API.

All is invented.
"""

from typing import Any

from registry import texts
from registry.aggregates.dwelling.events import Address

PERSON, MARK = "3f0c2a52-9d1b-4a55-8c0f-5f2f7c0a1b11", "5c2f9e0d-1a7b-4f7e-8a55-0d6f3c1b9e21"
ENTRY = "d0b6b3f1-6c1f-5a3e-9a27-1f0f7f3b2c11"
AT = "2024-06-01T20:59:59.999999Z"
ABSENCES = "/api/v1/persons/{person}/absences"
ONE = ABSENCES + "/{mark}"
PROTECTS = "/api/v1/persons/{person}/address-protection"
STREET, HOME = "9b2b6f52-2f0e-5c0e-8a55-3d0b9f1c7a21", "8a5d6a0e-2b7c-4f0a-9a53-0c6f2d9e4c22"
_TIMES = {"on": "2024-06-01", "known_at": AT, "position": 42}
_PLACE = texts.say("api", "a_settlement")
_NAMES = [
    {"name": texts.say("api", "a_street_before"), "since": None, "until": "2016-02-19"},
    {"name": texts.say("api", "a_street"), "since": "2016-02-19", "until": None},
]
_STREET = {
    **{"street": STREET, "settlement": _PLACE, "district": None, "katottg": "UA99020010400000014"},
    **{"name": _NAMES[-1]["name"], "names": _NAMES, "source": "list", "houses": 1},
}
_COUNTS = {"verified": 40, "proposed": 0, "differing": 1, "missing": 0, "without_dwelling": 2}
_ADDRESS = {"settlement": _PLACE, "house": "7", "flat": "12"}
_WAS, _IS = (texts.address_label(Address(**_ADDRESS, street=one["name"])) for one in _NAMES)
_DIFFERS = {
    **{"dwelling": HOME, "address": _WAS, "state": "differing", "right": _IS},
    "reasons": [{"id": "street-renamed", "text": texts.label("street_reasons", "street-renamed")}],
    "act": {
        "post": f"/api/v1/dwellings/{HOME}/names",
        "body": {"address": {**_ADDRESS, "street": _NAMES[-1]["name"]}, "since": "2016-02-19"},
    },
}
_MISSING = {
    **{"dwelling": HOME, "address": _WAS, "state": "missing", "right": None, "act": None},
    "reasons": [{"id": "street-unlisted", "text": texts.label("street_reasons", "street-unlisted")}],
}
_HOUSE = {
    "key": "7",
    "house": "7",
    "building": None,
    "flats_in_short": "1-3",
    "flats": ["1", "2", "3"],
    "source": "list",
}
_SERVES = {
    "ground": "military_service",
    "since": "2024-05-01",
    "until": None,
    "paper": texts.say("api", "a_certificate"),
}
_HIDES = {"basis": texts.say("api", "a_decision"), "since": "2024-05-01", "until": None}

REQUESTS: dict[str, Any] = {
    ABSENCES: _SERVES,
    ONE + "/end": {"until": "2025-03-01", "paper": texts.say("api", "an_order")},
    ONE + "/correction": {"since": "2024-05-02", "reason": texts.say("api", "a_slip")},
    ONE + "/annulment": {"basis": texts.say("api", "a_slip")},
    PROTECTS: _HIDES,
    PROTECTS + "/{mark}/end": {"until": "2025-03-01", "basis": texts.say("api", "a_court_lifts")},
    PROTECTS + "/{mark}/annulment": {"basis": texts.say("api", "a_wrong_mark")},
}
ASKED_FOR = {
    ONE + "/correction": "absence-protection-corrected",
    ONE + "/annulment": "absence-protection-annulled",
    PROTECTS + "/{mark}/annulment": "address-protection-annulled",
}
RESPONSES: dict[str, Any] = {
    ABSENCES: {
        **{"on": None, "known_at": AT, "position": 42},
        "answer": [{"mark": MARK, **_SERVES, "ground_uk": texts.label("absence_grounds", "military_service")}],
    },
    PROTECTS: {**{"on": None, "known_at": AT, "position": 42}, "answer": [{"mark": MARK, **_HIDES}]},
    "/api/v1/territories": {
        **{"on": None, "known_at": AT, "position": 42},
        "answer": [
            {
                **{"entry": ENTRY, "code": "UA14060030000098371", "name": texts.say("api", "a_territory")},
                **{"kind": "occupied", "kind_uk": texts.label("territory_kinds", "occupied")},
                **{"from": "2022-03-01", "until": None, "source": "list"},
                "order": {"number": "309", "dated": "2022-12-22"},
            }
        ],
        "next": None,
    },
    "/api/v1/streets": {**_TIMES, "answer": [_STREET], "next": None},
    "/api/v1/streets/reconciliation": {**_TIMES, "answer": [{**_STREET, "counts": _COUNTS}], "next": None},
    "/api/v1/streets/unlisted": {**_TIMES, "answer": [_MISSING], "next": None},
    "/api/v1/streets/{street}": {**_TIMES, **_STREET},
    "/api/v1/streets/{street}/houses": {**_TIMES, "street": STREET, "answer": [_HOUSE], "next": None},
    "/api/v1/streets/{street}/reconciliation": {
        **{**_TIMES, **_STREET, "counts": _COUNTS},
        "answer": [_DIFFERS],
        "next": None,
    },
}
