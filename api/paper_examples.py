"""Examples of papers for the description of the API; people, numbers and courts are invented."""

from typing import Any
from uuid import UUID

from registry import papers
from registry.aggregates.papers import Paper

PERSON, ID = "3f0c2a52-9d1b-4a55-8c0f-5f2f7c0a1b11", "c7a90be2-3d0f-4a43-9b1e-61f0d4c8ab44"
KEY = "6e1d0f9a-7c55-4b7e-9f0a-2f3f5a0c7d55"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
AT = "2025-03-11T07:40:42.123456Z"
ONE = "/api/v1/applications/{application}/papers/{paper}"

JUDGMENT = Paper(
    paper=UUID(KEY),
    id="court_decision",
    number="127/4567/24",
    dated="2025-01-20",
    issuer="Вигадівський районний суд",
    in_force_on="2025-02-21",
    shown_by="Власниця Вигадана",
    scan=SHA256,
)
EVICTED: dict[str, Any] = {
    "service": "deregister_residence",
    "ground": "court_eviction",
    "applicant": {"kind": "dwelling_owner"},
    "documents": ["application", "identity_document", "court_decision"],
    "papers": [
        {
            "id": "court_decision",
            "number": JUDGMENT.number,
            "dated": JUDGMENT.dated,
            "issuer": JUDGMENT.issuer,
            "in_force_on": JUDGMENT.in_force_on,
            "shown_by": JUDGMENT.shown_by,
            "scan": SHA256,
        }
    ],
    "register": {"persons": [{"person": PERSON}]},
    "office": "metalurhiinyi",
}
"""A decision of a court, with what is written on it."""
REQUESTS: dict[str, Any] = {
    ONE + "/correction": {"number": "127/4568/24", "reason": "описка в номері"},
    ONE + "/annulment": {"reason": "внесено не те рішення"},
}
ACTS: dict[str, Any] = {"/api/v1/scans/{sha256}": {"sha256": SHA256, "bytes": 184_320}}
RESPONSES: dict[str, Any] = {
    "/api/v1/persons/{person}/papers": {
        "person": PERSON,
        "known_at": AT,
        "position": 47,
        "papers": [
            {
                "paper": KEY,
                "held": False,
                "annulled": False,
                **papers.as_json(JUDGMENT, "card_2"),
                "shown": [
                    {
                        "application": ID,
                        "code": "048213",
                        "received": "2025-03-11T09:40",
                        "part": 1,
                        "id": JUDGMENT.id,
                        "name_uk": papers.named(JUDGMENT.id, "card_2"),
                        "shown_by": JUDGMENT.shown_by,
                        "position": 45,
                        "recorded_at": AT,
                    }
                ],
            }
        ],
    }
}
