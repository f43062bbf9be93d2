"""Examples of visits and of the access journal, for the description of the API. All is invented."""

from typing import Any

from registry import texts

PERSON, VISIT = "3f0c2a52-9d1b-4a55-8c0f-5f2f7c0a1b11", "2e8a1c55-7b0d-4c3e-9f10-6d1b8a4f7c33"
_BY = {"id": "o.vyhadana", "name": texts.say("api", "a_clerk")}
_VISIT = {
    **{"visit": VISIT, "purpose": "extract", "purpose_uk": texts.label("purposes", "extract"), "office": "tsentralnyi"},
    **{"by": _BY, "began_at": "2024-06-01T09:12:00.000000Z", "ended_at": None},
}
_LOOK = {
    "position": 1042,
    "recorded_at": "2024-06-01T09:15:42.123456Z",
    "by": _BY,
    "action": "looked",
    "action_uk": texts.label("access", "looked"),
    "route": "get_person",
    "route_uk": texts.TEXTS["routes"]["GET /api/v1/persons/{person}"].partition("\n")[0],
    "visit": VISIT,
    "reason": "extract",
    "reason_uk": texts.label("purposes", "extract"),
    "shown": 1,
    "question": False,
    "about": {},
}

REQUESTS: dict[str, Any] = {"/api/v1/visits": {"purpose": "extract", "office": "tsentralnyi"}}
RESPONSES: dict[str, Any] = {
    "/api/v1/visits": _VISIT,
    "/api/v1/visits/{visit}/end": {**_VISIT, "ended_at": "2024-06-01T09:21:30.000000Z"},
    "/api/v1/persons/{person}/looks": {"person": PERSON, "looks": [_LOOK], "next": None},
    "/api/v1/looks": {"looks": [{**_LOOK, "persons": [PERSON]}], "next": 1042},
}
