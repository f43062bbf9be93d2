"""How the API refuses, for its description: the shape of a problem (RFC 9457) and one as an example."""

from registry import texts

PROBLEM = {
    "type": "/problems/ends-before-start",
    "title": "Запит не можна виконати",
    "status": 422,
    "detail": "Закінчення раніше за початок. Перевірте обидві дати.",
    "errors": [
        {
            "code": "ends-before-start",
            "field": "until",
            "detail": "Закінчення раніше за початок. Перевірте обидві дати.",
        }
    ],
}
PROBLEM_SHAPE = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": texts.say("api", "problem_type")},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": texts.say("api", "problem_detail")},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "field", "detail"],
                "properties": {
                    "code": {"type": "string"},
                    "field": {"type": ["string", "null"]},
                    "detail": {"type": "string"},
                    "named": {"type": "object", "additionalProperties": {"type": "string"}},
                    "candidate": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
                },
            },
        },
    },
}
