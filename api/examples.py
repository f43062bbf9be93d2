"""Examples for the description of the API. Every person, number and dwelling is invented; the law is as it is."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from api import (
    case_examples,
    dwelling_examples,
    household_examples,
    list_examples,
    look_examples,
    paper_examples,
    parameter_examples,
    state_examples,
)
from api.shapes import law as law_shapes
from registry import community as identity
from registry import demo, texts
from registry.aggregates.community.state import fold
from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Particulars
from registry.aggregates.values import supposed
from registry.storage.mapper import as_plain

PERSON = "3f0c2a52-9d1b-4a55-8c0f-5f2f7c0a1b11"
DWELLING = "8a5d6a0e-2b7c-4f0a-9a53-0c6f2d9e4c22"
RESIDENCE = "b1f3c7d4-64f1-4f3b-8b55-7f7e9d8a5e33"
ASKED = "c7a90be2-3d0f-4a43-9b1e-61f0d4c8ab44"
PERSONS, DWELLINGS, RESIDENTS = "/api/v1/persons", "/api/v1/dwellings", "/api/v1/residents"
ONE = PERSONS + "/{person}"
THERE = ONE + "/residences/{residence}"
CHANGE = "/api/v1/applications/{application}"
ASKED_FOR = {
    **list_examples.ASKED_FOR,
    RESIDENTS: "person-entered",
    THERE + "/correction": "residence-corrected",
    THERE + "/annulment": "residence-annulled",
    THERE + "/carry-over-annulment": "carry-over-annulled",
    ONE + "/deregistration-annulment": "deregistration-annulled",
    ONE + "/death-annulment": "death-annulled",
    ONE + "/particulars-correction": "particulars-corrected",
    ONE + "/withdrawal": "entry-withdrawn",
    ONE + "/merge": "entry-merged",
    ONE + "/merge-annulment": "merge-annulled",
    ONE + "/family/{link}/correction": "family-link-corrected",
    ONE + "/family/{link}/annulment": "family-link-annulled",
    ONE + "/identity-seal": "former-identity-sealed",
    ONE + "/identity-seal-annulment": "former-identity-seal-annulled",
}
"""The fact that each act which needs a second person asks for; an application can ask only for a correction."""

ADDRESS = {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "7", "flat": "12"}
WHO = {
    "surname": "Вигадана",
    "given_names": "Оксана",
    "patronymic": "Тестівна",
    "sex": "female",
    "birth_date": "1990-05-04",
    "citizenship": "ua",
    "unzr": "19900504-00018",
}

DAY, MOMENT = date(2025, 3, 11), datetime(2025, 3, 11, 9, 40)
OFFICE, SERVICE = "tsentralnyi", "amend_record"
OURS = fold(supposed(demo.described(), 0, DAY))
HERE = OURS.on(DAY)

REQUESTS: dict[str, dict[str, Any]] = {
    "/api/v1/search/people": {"q": "вигадана оксана 1990", "limit": 20},
    "/api/v1/search/dwellings": {"q": "калинова 7"},
    PERSONS: {"particulars": WHO, "documents": [{"kind": "passport", "number": "000000001"}]},
    RESIDENTS: {
        "particulars": WHO,
        "documents": [{"kind": "passport_booklet", "number": "АА 000001"}],
        "kind": "registered",
        "dwelling": DWELLING,
        "since": "1998-07",
        "basis": "картка реєстрації, ящик 3",
    },
    ONE + "/past-residences": {
        "kind": "registered",
        "dwelling": DWELLING,
        "since": "2010-07-15",
        "until": "2018-03-15",
    },
    THERE + "/correction": {"since": "2024-03-02", "reason": "описка в даті"},
    THERE + "/annulment": {"basis": "рішення суду", "revives": True},
    THERE + "/carry-over-annulment": {"basis": "помилкова перенумерація"},
    ONE + "/deregistration-annulment": {"basis": "рішення суду"},
    ONE + "/death-annulment": {"basis": "смерть тезки"},
    ONE + "/particulars-correction": {"changes": {"surname": "Придумана"}, "basis": "паспорт, показаний знову"},
    ONE + "/particulars-update": {
        "changes": {"surname": "Придумана"},
        "documents": [{"kind": "passport_card", "number": "000000002", "valid_until": "2035-01-01"}],
        "basis": "свідоцтво про шлюб № 7 від 01.02.2025",
    },
    ONE + "/withdrawal": {"reason": "внесено за чужим паспортом"},
    ONE + "/merge": {"into": DWELLING, "keep": [RESIDENCE], "reason": "одну особу внесено двічі"},
    ONE + "/merge-annulment": {"basis": "це дві різні особи: паспорти звірено"},
    ONE + "/family/{link}/end": {"until": "2025-03-01", "basis": "рішення про припинення опіки"},
    ONE + "/family/{link}/correction": {"since": None, "reason": "описка в даті"},
    ONE + "/family/{link}/annulment": {"basis": "свідоцтво іншої дитини"},
    ONE + "/identity-seal": {"basis": "рішення суду про усиновлення"},
    ONE + "/identity-seal-annulment": {"basis": "закрито не той запис"},
    ONE + "/extracts": {"history": True, "contact": "+380000000000"},
    DWELLINGS + "/{dwelling}/extracts": {
        "basis": "dwelling_owner",
        "requester": "Власник Вигаданий",
        "documents": ["identity_document", "ownership_document"],
    },
    **case_examples.REQUESTS,
    **paper_examples.REQUESTS,
    **list_examples.REQUESTS,
    **look_examples.REQUESTS,
    **household_examples.REQUESTS,
    **dwelling_examples.REQUESTS,
    CHANGE + "/rejection": {"reason": "рішення суду не набрало законної сили"},
    DWELLINGS: {"address": ADDRESS, "kind": "private"},
    DWELLINGS + "/{dwelling}/names": {"address": {**ADDRESS, "street": "вул. Вільна"}, "since": "2024-02-01"},
    DWELLINGS + "/{dwelling}/correction": {"address": ADDRESS, "kind": "private", "reason": "описка"},
    DWELLINGS + "/{dwelling}/readdressing": {
        "successor": RESIDENCE,
        "since": "2024-09-01",
        "reason": "об’єднання квартир",
    },
}

ACT = {
    "command": "5f4dcc3b-5aa7-4d61-8d83-27deb882cf99",
    "position": 42,
    "recorded_at": "2024-03-01T09:15:42.123456Z",
    "person": PERSON,
    "version": 2,
    "facts": [42],
    "residence": RESIDENCE,
}
WAITING = {
    **{name: ACT[name] for name in ("command", "position", "recorded_at", "person")},
    "application": ASKED,
    "version": 1,
    "status": "awaiting-approval",
    "persons": [PERSON],
}
ROW = {
    "residence_id": RESIDENCE,
    "kind": "registered",
    "dwelling_id": DWELLING,
    "dwelling_ref": DWELLING,
    "address": "смт Вигадівка, вул. Калинова, буд. 7, кв. 12",
    "since": "2024-03-01",
    "until": None,
    "since_known": "day",
    "until_known": "none",
    "certain": True,
    "kept": False,
    "carried": False,
    "facts": [42],
}
TIMES = {"on": "2024-06-01", "known_at": "2024-06-01T20:59:59.999999Z", "position": 42}
RESIDENT = {
    "person_ref": PERSON,
    "person_id": PERSON,
    "name": "Вигадана Оксана Тестівна",
    **{name: ROW[name] for name in ("residence_id", "kind", "since", "until", "since_known", "until_known", "certain")},
    "kept": False,
    "facts": [42],
}
RELATIVE = {
    **{"link_id": ASKED, "role": "parent", "role_uk": texts.label("family_roles", "parent")},
    **{"person_id": PERSON, "person_ref": PERSON, "name": "Вигадана Оксана Тестівна"},
    **{"since": None, "until": None, "since_known": "none", "until_known": "none", "certain": True, "facts": [7]},
}
RESPONSES: dict[str, Any] = {
    **paper_examples.RESPONSES,
    **household_examples.RESPONSES,
    **list_examples.RESPONSES,
    **state_examples.RESPONSES,
    "/healthz": {"status": "ok"},
    "/readyz": {"status": "ready", "position": 42},
    "/api/v1/search/people": {
        "people": [
            {
                "id": PERSON,
                "ref": None,
                **{name: WHO[name] for name in ("surname", "given_names", "patronymic", "birth_date", "unzr")},
                "died": None,
                "former_names": ["Придумана Оксана Тестівна"],
                "address": ROW["address"],
                "kind": "registered",
                "dwelling_id": DWELLING,
                "kept_addresses": [],
                "match": "surname",
            }
        ],
        "next": None,
        "total": 1,
        "total_exact": True,
    },
    "/api/v1/search/dwellings": {
        "dwellings": [
            {
                "id": DWELLING,
                "ref": None,
                "address": ROW["address"],
                "until": None,
                "address_now": ROW["address"],
                "kind": "private",
                "kind_uk": "житло приватної форми власності",
                "successor": None,
                "match": "exact",
            }
        ],
        "next": None,
        "total": 1,
        "total_exact": True,
    },
    ONE: {
        "id": PERSON,
        "ref": None,
        "version": 2,
        "particulars": asdict(Particulars(**WHO)),
        "documents": [],
        "former": [],
        "death": None,
        "occupied_addresses": [],
        "merged": [],
        "marks": [],
    },
    ONE + "/residences": {**TIMES, "answer": [ROW]},
    ONE + "/family": {**TIMES, "answer": [RELATIVE]},
    ONE + "/facts": {
        "person": PERSON,
        "facts": [
            {
                "position": 42,
                "version": 2,
                "name": "residence-registered",
                "label_uk": "Зареєстровано місце проживання",
                "recorded_at": ACT["recorded_at"],
                "by": {"id": "local", "name": "Місцевий оператор"},
                "command": ACT["command"],
                "body": {"residence": RESIDENCE, "dwelling": DWELLING, "since": "2024-03-01"},
            }
        ],
    },
    DWELLINGS + "/{dwelling}": {
        "id": DWELLING,
        "ref": None,
        "version": 1,
        "kind": "private",
        "kind_uk": "житло приватної форми власності",
        "address": ROW["address"],
        "names": [{"since": None, "until": None, "address": ROW["address"], "parts": asdict(Address(**ADDRESS))}],
        "successor": None,
        "owners": None,
        "encumbrances": [],
        "leases": [],
    },
    DWELLINGS + "/{dwelling}/residents": {**TIMES, "answer": [RESIDENT], "next": None},
    "/api/v1/services": {"on": DAY.isoformat(), "services": law_shapes.listed(DAY)},
    "/api/v1/services/{service}": law_shapes.service_on(SERVICE, DAY),
    **case_examples.RESPONSES,
    "/api/v1/community": {
        "on": DAY.isoformat(),
        "known": True,
        "community": as_plain(HERE.identity),
        "offices": identity.offices_of(OURS, DAY),
        "readings": as_plain(HERE.readings),
        "payees": [],
        "bodies": as_plain(HERE.bodies),
        "appeal": as_plain(HERE.appeal),
        "signatory": as_plain(HERE.signatory),
        "waiting": None,
    },
    "/api/v1/offices": {
        "on": DAY.isoformat(),
        "offices": [law_shapes.office_on(office, DAY, HERE.timetable) for office in HERE.timetable.offices.values()],
    },
    "/api/v1/offices/{office}": law_shapes.office_at(OFFICE, MOMENT, HERE.timetable),
    "/api/v1/changes": {
        "changes": [
            {
                "application": ASKED,
                "version": 1,
                "asked_for": "death-annulled",
                "person": PERSON,
                "persons": [PERSON],
                "after": 4,
                "label_uk": "Скасовано запис про смерть",
                "facts": [
                    {
                        "label_uk": "Скасовано запис про смерть",
                        "name": "death-annulled",
                        "schema": 1,
                        "body": {"takes_back": 4, "basis": "смерть тезки"},
                        "person": PERSON,
                    }
                ],
                "recorded_at": ACT["recorded_at"],
                "asked_by": {"id": "local", "name": "Місцевий оператор"},
            }
        ]
    },
    **look_examples.RESPONSES,
    "/api/v1/moved": {**TIMES, "answer": [{"person_ref": PERSON, "name": "Вигадана Оксана Тестівна", "residences": 3}]},
}
STATED = {
    **{name: ROW[name] for name in ("residence_id", "address", "since", "until", "since_known", "until_known", "kept")},
    "kind_id": "registered",
    "kind": "зареєстроване місце проживання",
    "address_now": None,
    "note_id": None,
    "note": None,
}
EXTRACT = {
    "number": "2024/000000017",
    "code": "K7MPQ2RS9TVW",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "position": 42,
    "fact": 43,
    "residences": [STATED],
}
CONTENT = {
    "title": {"name": "Витяг", "of": "з реєстру територіальної громади"},
    "kind": "поточне задеклароване/зареєстроване місце проживання (перебування)",
    "on": "2024-06-01",
    "residences": EXTRACT["residences"],
    "previous": None,
}
RESPONSES["/api/v1/extracts/{year}/{number}"] = {
    **{name: EXTRACT[name] for name in ("number", "code", "sha256", "position")},
    **{"status": "issued", "reason": None, "person": PERSON, "dwelling": None, "about": None, "history": False},
    **{"on": "2024-06-01", "as_known": False, "basis": "person", "requester": "Вигадана Оксана Тестівна"},
    **{"contact": None, "application": ASKED, "formed_at": "2024-06-01T09:15:42.123456Z"},
    **{"superseded_on": "2024-06-12", "content": CONTENT},
}
RESPONSES["/api/v1/extracts/superseded"] = {
    "since": "2024-06-09T21:00:00.000000Z",
    "position": 57,
    "answer": [
        {
            "number": EXTRACT["number"],
            "kind": CONTENT["kind"],
            "on": "2024-06-01",
            "formed_at": "2024-06-01T09:15:42.123456Z",
            "basis": "заява особи",
            "requester": "Вигадана Оксана Тестівна",
            "contact": None,
            "person_id": PERSON,
            "dwelling_id": None,
            "superseded_on": "2024-06-12",
            "fact": 57,
            "because": "Виправлено відомості про місце проживання (перебування)",
        }
    ],
}
RESIDENTS_EXTRACT = {
    **{name: value for name, value in EXTRACT.items() if name != "residences"},
    "residents": [
        {
            "person_id": PERSON,
            **{name: WHO[name] for name in ("surname", "given_names", "patronymic")},
            **{"kind": "зареєстроване місце проживання", "since": "2024-03-01", "since_known": "day"},
            **{"note": None, "kept": False},
        }
    ],
}
_ACTS = {**case_examples.ACTS, **paper_examples.ACTS, **household_examples.ACTS}


def add_to(schema: dict[str, Any]) -> dict[str, Any]:
    """The description with an example for every parameter, request and answer."""
    schema["components"]["schemas"]["NewApplication"]["examples"] = [
        case_examples.FILED,
        case_examples.CHANGED,
        case_examples.WRONG,
        paper_examples.EVICTED,
    ]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", []):
                parameter["example"] = parameter_examples.example(operation["operationId"], parameter["name"])
            if "application/json" in operation.get("requestBody", {}).get("content", ()):
                operation["requestBody"]["content"]["application/json"]["example"] = REQUESTS[path]
            _answer(path, method, operation["responses"])
    return schema


def _answer(path: str, method: str, responses: dict[str, Any]) -> None:
    ok = (responses.get("201") or responses["200"])["content"].get("application/json")
    if ok is None:
        return
    if "202" in responses:
        example = {**WAITING, "asked_for": ASKED_FOR.get(path, "residence-corrected")}
        responses["202"]["content"]["application/json"]["example"] = case_examples.WAITING.get(path, example)
    if "201" in responses and "200" in responses:
        ok["example"] = _act(path)
        again = responses["200"]["content"]["application/json"]
        again["example"] = case_examples.TRIED.get(path, ok["example"])
    else:
        ok["example"] = RESPONSES[path]


def _act(path: str) -> dict[str, Any]:
    if path in _ACTS:
        return _ACTS[path]
    if path.endswith("/extracts"):
        return RESIDENTS_EXTRACT if path.startswith(DWELLINGS) else EXTRACT
    plain = {name: ACT[name] for name in ACT if name not in ("person", "residence")}
    if path.startswith(DWELLINGS):
        return {**plain, "dwelling": DWELLING}
    if path.startswith(CHANGE):
        return {**(ACT if path.endswith("/approval") else plain), "application": ASKED}
    about_residence = "residence" in path or "deregistration" in path
    return {name: value for name, value in ACT.items() if name != "residence" or about_residence}
