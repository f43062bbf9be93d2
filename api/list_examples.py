"""Examples of the list of territories and of protected absentees for the description of the API; all is invented."""

from typing import Any

from registry import texts

PERSON, MARK = "3f0c2a52-9d1b-4a55-8c0f-5f2f7c0a1b11", "5c2f9e0d-1a7b-4f7e-8a55-0d6f3c1b9e21"
ENTRY = "d0b6b3f1-6c1f-5a3e-9a27-1f0f7f3b2c11"
AT = "2024-06-01T20:59:59.999999Z"
ABSENCES = "/api/v1/persons/{person}/absences"
ONE = ABSENCES + "/{mark}"
_SERVES = {
    "ground": "military_service",
    "since": "2024-05-01",
    "until": None,
    "paper": texts.say("api", "a_certificate"),
}

REQUESTS: dict[str, Any] = {
    ABSENCES: _SERVES,
    ONE + "/end": {"until": "2025-03-01", "paper": texts.say("api", "an_order")},
    ONE + "/correction": {"since": "2024-05-02", "reason": texts.say("api", "a_slip")},
    ONE + "/annulment": {"basis": texts.say("api", "a_slip")},
}
ASKED_FOR = {ONE + "/correction": "absence-protection-corrected", ONE + "/annulment": "absence-protection-annulled"}
RESPONSES: dict[str, Any] = {
    ABSENCES: {
        **{"on": None, "known_at": AT, "position": 42},
        "answer": [{"mark": MARK, **_SERVES, "ground_uk": texts.label("absence_grounds", "military_service")}],
    },
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
}
