"""Examples of applications for the description of the API; the law in them is as it is, the people are invented."""

from datetime import date
from typing import Any

from api import outbox_examples
from api.case_forms import NewApplication
from api.shapes import cases as shapes
from api.shapes import law as law_shapes
from registry import texts
from registry.aggregates.case.events import ApplicationGranted, Charge, Following
from registry.aggregates.community.state import Here
from registry.services.application import read
from registry.services.decision import card_for, decide

APPLICATIONS = "/api/v1/applications"
ONE = APPLICATIONS + "/{application}"
ID = "c7a90be2-3d0f-4a43-9b1e-61f0d4c8ab44"
PERSON, DWELLING = "3f0c2a52-9d1b-4a55-8c0f-5f2f7c0a1b11", "8a5d6a0e-2b7c-4f0a-9a53-0c6f2d9e4c22"
AT = "2025-03-11T07:40:42.123456Z"
BY = {"id": "local", "name": "Місцевий оператор"}
_HEAD_OF_OFFICE = {"id": "head", "name": "Керівник Вигадана О. О."}

QUESTION: dict[str, Any] = {
    "service": "register_residence",
    "received": "2025-03-11T09:40",
    "subject": {"born": "1990-05-04"},
    "dwelling": {"owners": 2, "mortgaged": True},
    "documents": ["application", "identity_document", "fee_evidence"],
    "consents": ["owner_1", "owner_2"],
}
"""Only the law is asked."""
FACTS: dict[str, Any] = {
    **QUESTION,
    "dwelling": {"right_document_held": True},
    "documents": ["application", "identity_document", "dwelling_right_document", "fee_evidence"],
    "consents": [],
}
FILED: dict[str, Any] = {
    **FACTS,
    "register": {"persons": [{"person": PERSON}], "dwelling": DWELLING},
    "office": "tsentralnyi",
    "checks": [
        {"check": "ownership", "said": {"owners": 1}},
        {"check": "encumbrance", "said": {"encumbrance": "none", "mortgaged": False}},
        {"check": "payment", "said": {"payments": 1, "kopiykas": 4542, "receipt": "квитанція 17"}},
    ],
    "decide": True,
}
"""A visit that is received and decided."""

CHANGED: dict[str, Any] = {
    "service": "deregister_residence",
    "ground": "owner_application",
    "applicant": {"kind": "dwelling_owner"},
    "subject": {"born": "1990-05-04"},
    "documents": ["application", "owner_identity", "ownership_document", "fee_evidence"],
    "register": {
        "persons": [{"person": PERSON}],
        "dwelling_changed": {
            "paper": "угода про розірвання договору оренди від 01.03.2025",
            "lease": {"until": "2027-05-01", "terminated_on": "2025-03-01"},
        },
    },
    "office": "metalurhiinyi",
}
"""The register holds a lease that runs; a paper shows that it was terminated."""
WRONG: dict[str, Any] = {
    **FILED,
    "register": {
        "persons": [
            {
                "person": PERSON,
                "changed": {
                    "paper": "паспорт громадянина України № 000000002",
                    "particulars": {"birth_date": "1990-05-04"},
                    "documents": [{"kind": "passport_card", "number": "000000002", "valid_until": "2035-01-01"}],
                    "corrects": True,
                },
            }
        ],
        "dwelling": DWELLING,
    },
}
"""The register has another birth date: the visit waits for a second person."""

_ASKED = read(FACTS)
_DECISION = decide(_ASKED, card_for(_ASKED), acted_on=date(2025, 3, 11))
_ANSWERS = NewApplication.model_validate(FILED).answers()
_CHECKS = shapes.checks(
    1, {(part, check): {"said": said, "source": "clerk", "by": BY, "at": AT} for part, check, said in _ANSWERS}, ()
)
_FACT = {"name": "residence-registered", "label_uk": "Зареєстровано місце проживання"}
_HEAD = {
    "application": ID,
    "version": 5,
    "status": "granted",
    "status_uk": "надано",
    "code": "048213",
    "received": FACTS["received"],
    "due_by": "2025-03-11",
}
_ACT = {"command": "5f4dcc3b-5aa7-4d61-8d83-27deb882cf99", "position": 47, "recorded_at": AT}
_GRANTED = ApplicationGranted(
    part=1,
    card="card_1",
    decided_on="2025-03-11",
    effective_on="2025-03-11",
    late=False,
    charge=Charge(
        due=4542, rule=_DECISION.fee.rule, reference=_DECISION.fee.reference, paid=4542, receipt="квитанція 17"
    ),
    follows=(
        Following(id="applicant_sms", role="message", deadline="2025-03-11", text="Послугу надано (код 048213)."),
    ),
)
_OUTCOME = {**shapes.outcome(_GRANTED), "persons": [PERSON], "by": BY, "recorded_at": AT, "position": 46}
_SENT = outbox_examples.row(_OUTCOME["follows"][0], ID, AT)
_DECIDED = {
    **_ACT,
    **_HEAD,
    "facts": [46, 47],
    "parts": [_OUTCOME],
    "recorded": {PERSON: [{"position": 47, **_FACT}]},
    "extracts": [],
    "letters": [],
}
_LAW = law_shapes.explained(_ASKED, _DECISION, card_for(_ASKED))
_JUDGED = {"part": 1, "persons": [PERSON], **_LAW, "checks": _CHECKS, "would_record": {PERSON: [_FACT]}}
_LISTED = {name: _HEAD[name] for name in ("application", "status", "code", "received", "due_by")}

_LACKING = {"lacking": [{"part": 1, "papers": ["dwelling_right_document"]}], "bring_by": "2025-03-21"}
_CONSENT = {"consent": "заява від 11.03.2025 про згоду", "reason": None}
_LEFT = {**_LACKING, **_CONSENT, "text": "Заяву (код 048213) залишено без руху до 21.03.2025 включно\n…"}
_UNDECIDED = {"facts": [45], **_ACT, **_HEAD, "status": "received", "status_uk": texts.label("statuses", "received")}
_UNDECIDED |= {"without_movement": None, "withdrawn": []}

REQUESTS: dict[str, Any] = {
    APPLICATIONS: QUESTION,
    ONE + "/papers": {"documents": ["dwelling_right_document"], "brought": "2025-03-13T10:20"},
    ONE + "/without-movement": {"agreed": True, "consent": _CONSENT["consent"], "bring_by": _LACKING["bring_by"]},
    ONE + "/movement": {"reason": "заявник просить вирішити без цього документа"},
    ONE + "/withdrawal": {"said_by": "applicant", "paper": "заява від 13.03.2025", "parts": [1]},
    ONE + "/amendment": {
        **{name: said for name, said in FILED.items() if name not in ("received", "office", "decide", "checks")},
        "reason": "описка: обрано інше житло",
    },
    ONE + "/comparison": {"newcomer": DWELLING[:-1] + "3", "person": PERSON, "reason": "збігаються паспорт і РНОКПП"},
    ONE + "/checks": FILED["checks"][1],
    ONE + "/decision": {"acted_on": "2025-03-11"},
    **outbox_examples.REQUESTS,
}
TRIED: dict[str, Any] = {
    APPLICATIONS: {**law_shapes.decided(read(QUESTION), Here()), "warnings": []},
    ONE + "/decision": {"dry_run": True, "application": ID, "waits_for": [], "warnings": [], "parts": [_JUDGED]},
    ONE + "/papers": {"dry_run": True, "application": ID, "warnings": [], "parts": [_JUDGED]},
    ONE + "/amendment": {
        "dry_run": True,
        "application": ID,
        "waits_for": [],
        "fell_away": [],
        "warnings": [],
        "parts": [_JUDGED],
    },
}
"""What a dry run answers."""
ACTS: dict[str, Any] = {
    APPLICATIONS: {
        **_HEAD,
        **_ACT,
        "position": 45,
        "warnings": [],
        "parts": [{**_JUDGED, "papers": []}],
        "decision": _DECIDED,
    },
    ONE + "/decision": _DECIDED,
    ONE + "/papers": {**_UNDECIDED, "due_by": "2025-03-13"},
    ONE + "/without-movement": {
        **_UNDECIDED,
        "status": "left-without-movement",
        "status_uk": texts.label("statuses", "left-without-movement"),
        "due_by": "2025-03-24",
        "without_movement": _LEFT,
    },
    ONE + "/movement": {**_UNDECIDED, "due_by": "2025-03-13"},
    ONE + "/withdrawal": {
        **_UNDECIDED,
        "status": "withdrawn",
        "status_uk": texts.label("statuses", "withdrawn"),
        "withdrawn": [1],
        "paid": None,
    },
    ONE + "/comparison": _UNDECIDED,
    ONE + "/amendment": {
        **_UNDECIDED,
        "fell_away": [{"part": 1, "check": "ownership", "name": texts.label("checks", "ownership")}],
    },
    **outbox_examples.ACTS,
}
_PUT_OFF = {**_HEAD, "status": "awaiting-approval", "status_uk": texts.label("statuses", "awaiting-approval")}
_ASKED_FOR = {
    **{"asked_for": "residence-registered", "person": PERSON, "persons": [PERSON], "acted_on": "2025-03-11"},
    **{"outcomes": ["granted"], "waits_for": [{"id": "received", "label_uk": texts.label("waits_for", "received")}]},
    "recorded_later": "заяву прийнято на папері, а внести забули",
}
_WAITS = {**_ACT, **_PUT_OFF, **_ASKED_FOR}
WAITING: dict[str, Any] = {
    APPLICATIONS: {**ACTS[APPLICATIONS], **_PUT_OFF, "decision": _WAITS},
    ONE + "/decision": _WAITS,
}
"""What a decision answers that another person has yet to approve."""
RESPONSES: dict[str, Any] = {
    APPLICATIONS: {
        "applications": [
            {
                **_LISTED,
                "persons": [PERSON],
                "services": [FACTS["service"]],
                "channel": "office",
                "office": FILED["office"],
            }
        ]
    },
    ONE: {
        **_HEAD,
        "recorded_at": AT,
        "by": BY,
        "channel": "office",
        "office": {"id": FILED["office"], "name": "Металургійний район: вул. Галатова, буд.2"},
        "applicant_name": None,
        "phone": None,
        "notice": None,
        "transcribed": False,
        "paper_journal": None,
        "recorded_later": None,
        "without_movement": None,
        "withdrawn": [],
        "went_on": [],
        "parts": [
            {
                "part": 1,
                "service": FACTS["service"],
                "card": _OUTCOME["card"],
                "due_by": "2025-03-11",
                "asked": FACTS,
                "known": {"dwelling": {"kind": "private"}},
                "papers": [],
                "register": FILED["register"],
                "checks": _CHECKS,
                "outcome": _OUTCOME,
            }
        ],
        "change": None,
        "follows": [_SENT],
    },
    ONE + "/decision": {**_HEAD, "parts": [_OUTCOME], "letters": []},
    ONE + "/letters": {
        "application": ID,
        "letters": [
            {
                "number": "048213/1",
                "code": "K7QM3XFB9D2A",
                "parts": [1],
                "document": f"/api/v1/applications/{ID}/letters/1/document",
            }
        ],
    },
    **outbox_examples.responses(_SENT),
    "/api/v1/past-entries": {
        "entries": [
            {
                "position": 46,
                **_HEAD,
                "services": [FACTS["service"]],
                "persons": [PERSON],
                "past": [{"id": "received", "label_uk": texts.label("waits_for", "received")}],
                "reasons": ["заяву прийнято на папері, а внести забули"],
                "paper_journal": None,
                "recorded": {"by": BY, "at": AT},
                "acted_on": "2025-03-11",
                "asked": {"by": BY, "at": AT},
                "decided": {"by": _HEAD_OF_OFFICE, "at": AT},
                "approved": {"by": _HEAD_OF_OFFICE, "at": AT},
                "approval": "approved",
                "approval_uk": texts.label("approvals", "approved"),
            }
        ],
        "next": None,
    },
    "/api/v1/status/{code}": {
        "status": "granted",
        "status_uk": "Заяву розглянуто: послугу надано",
        "due_by": "2025-03-11",
        "office": "Металургійний район: вул. Галатова, буд.2",
    },
}
