"""The nine services, each as a clerk answers its page and as a program asks the API: the same story, told twice."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any
from uuid import UUID

from test_api import Desk

from registry.aggregates.values import id_of

ADULT, CHILD = "1990-05-04", "2019-03-02"
NEWCOMER = {
    "1-surname": "Вигаданенко",
    "1-given_names": "Тест",
    "1-patronymic": "Тестович",
    "1-birth_date": "03.02.1988",
    "1-document_kind": "passport_card",
    "1-document_number": "000900003",
}
BABY = {**NEWCOMER, "1-surname": "Вигаданенчук", "1-birth_date": "02.03.2019", "1-document_kind": "birth_certificate"}
DECLARED = {"channel": "diia", "transcribed": True}
CHECKED = {
    "1-ownership-owners": "1",
    "1-encumbrance-encumbrance": "none",
    "1-payment-receipt": "118",
    "1-absence-reason": "запис",
}
"""What the clerk says to each check that a page asks for."""


@dataclass(frozen=True)
class DeskStory:
    """A page, what is answered there in its order, what the page of the application then shows (a selector), and the
    body by which a program asks the same."""

    page: str
    answers: Mapping[str, str]
    shows: str
    body: Mapping[str, Any]


def _newcomer(surname: str, born: str, kind: str) -> dict[str, Any]:
    said = {"surname": surname, "given_names": "Тест", "patronymic": "Тестович", "birth_date": born}
    return {"particulars": said, "documents": [{"kind": kind, "number": "000900003"}]}


def lives(desk: Desk, born: str = ADULT) -> str:
    """Somebody who lives in house 7."""
    person = desk.person(birth_date=born)
    desk.settled(person, desk.dwelling(), since="2020-07-15")
    return person


def settles(service: str, shows: str) -> Callable[[Desk], DeskStory]:
    def told(desk: Desk) -> DeskStory:
        home = desk.dwelling()
        answers = {**NEWCOMER, "1-dwelling_find": "Калинова 7", "1-dwelling": home, "1-right": "owner"}
        one = _newcomer("Вигаданенко", "1988-02-03", "passport_card")
        body = {
            "subject": {"born": "1988-02-03", "identity_document": "passport_card"},
            "dwelling": {"right_document_held": True, "subject_is_owner": True},
            "register": {"persons": [one], "dwelling": home},
            **(DECLARED if service.startswith("declare") else {}),
        }
        return DeskStory(f"/services/{service}", answers, shows, body)

    return told


def settles_a_child(service: str, shows: str) -> Callable[[Desk], DeskStory]:
    def told(desk: Desk) -> DeskStory:
        parent = lives(desk)
        home = desk.residences(parent)[0]["dwelling_id"]
        answers = {
            **{"1-applicant_find": "Вигадана", "1-applicant": parent, **BABY},
            **{"1-dwelling_find": "Калинова 7", "1-dwelling": home, "1-right": "paper"},
            **{"1-parents": "one", "1-where_from": "never"},
        }
        one = _newcomer("Вигаданенчук", CHILD, "birth_certificate")
        body = {
            "applicant": {"kind": "parent"},
            "subject": {"born": CHILD, "first_registration": True},
            "parents": {"other_exists": False},
            "dwelling": {"right_document_held": True},
            "register": {"persons": [one], "dwelling": home, "applicant": parent},
            **(DECLARED if service.startswith("declare") else {}),
        }
        return DeskStory(f"/services/{service}", answers, shows, body)

    return told


def leaves(desk: Desk) -> DeskStory:
    person = lives(desk)
    body = {"register": {"persons": [{"person": person}]}}
    return DeskStory(f"/persons/{person}/services/deregister_residence", {}, "text=Знято", body)


def child_leaves(desk: Desk) -> DeskStory:
    person = lives(desk, CHILD)
    answers = {"1-applicant_name": "Вигаданенко Оксана", "1-parents": "one"}
    body = {
        "applicant": {"kind": "parent"},
        "applicant_name": "Вигаданенко Оксана",
        "parents": {"other_exists": False},
        "register": {"persons": [{"person": person}]},
    }
    return DeskStory(f"/persons/{person}/services/deregister_child_residence", answers, "text=Знято", body)


def mistake(desk: Desk) -> DeskStory:
    person, other = lives(desk), desk.dwelling("8")
    residence = desk.residences(person)[0]["residence_id"]
    answers = {
        **{"1-ground": "residence_mistake", "1-residence": residence, "1-now_kind": "registered"},
        **{"1-now_dwelling_find": "Калинова 8", "1-now_dwelling": other, "1-now_since": "15.07.2020"},
        "1-mistake": "не той будинок",
    }
    body = {
        "ground": "residence_mistake",
        "register": {
            "persons": [{"person": person, "residence": residence}],
            "now": {"kind": "registered", "dwelling": other, "since": "2020-07-15"},
            "reason": "не той будинок",
        },
    }
    return DeskStory(f"/persons/{person}/services/amend_record", answers, "section.wait", body)


def extract(desk: Desk) -> DeskStory:
    person = lives(desk)
    body = {"register": {"persons": [{"person": person}]}}
    return DeskStory(f"/persons/{person}/services/issue_extract", {}, "a[href^='/extracts/']", body)


STORIES: dict[str, Callable[[Desk], DeskStory]] = {
    "register_residence": settles("register_residence", "text=Зареєстровано місце проживання"),
    "register_stay": settles("register_stay", "text=Зареєстровано місце перебування"),
    "declare_residence": settles("declare_residence", "text=Задекларовано місце проживання"),
    "register_child_residence": settles_a_child("register_child_residence", "text=Зареєстровано місце проживання"),
    "declare_child_residence": settles_a_child("declare_child_residence", "text=Задекларовано місце проживання"),
    "deregister_residence": leaves,
    "deregister_child_residence": child_leaves,
    "amend_record": mistake,
    "issue_extract": extract,
}


def asks_api(desk: Desk, service: str, body: Mapping[str, Any]) -> None:
    """The same by the API: with all papers that the dry run asks for, and the same word on each check, decided."""
    asked: dict[str, Any] = {**AT_DESK, "service": service, **body}
    for _ in range(3):
        tried = desk.post("/applications?dry_run=1", asked)
        assert tried.status_code == 200, tried.text
        [part] = tried.json()["parts"]
        for name in ("documents", "consents"):
            if ids := [one["id"] for one in part[f"{name}_required"]]:
                asked[name] = ids
        said = {check: of(part["fee"]["kopiykas"]) for check, of in API_CHECKED.items()}
        asked["checks"] = [{"check": one["check"], "said": said[one["check"]]} for one in part["checks"]]
    told = desk.post("/applications", {**asked, "decide": True})
    assert told.status_code in (201, 202), told.text
    assert told.json()["status"] in ("granted", "awaiting-approval"), told.text


AT_DESK = {"channel": "office", "ground": "application", "applicant": {"kind": "person"}}
"""What a page says by itself of whoever comes."""
API_CHECKED: dict[str, Callable[[int], dict[str, Any]]] = {
    "ownership": lambda fee: {"owners": 1},
    "encumbrance": lambda fee: {"encumbrance": "none"},
    "payment": lambda fee: {"kopiykas": fee, "receipt": "118"},
    "absence": lambda fee: {"reason": "запис"},
}
OF_ITS_ACT = {"salt", "code", "received", "by", "at", "known_at", "recorded_at", "sha256", "key"}
"""What is another's in every act: who, when, and what is given at random or signed."""
CODE = re.compile(r"код [0-9]{6}")


def stored(desk: Desk, since: int) -> list[tuple[str, Any]]:
    """The facts of a register behind a position, in their order; each id is the number of its first place."""
    found = [one for stream in desk.registry.streams(desk.registry.position()) for one in stream]
    ids: dict[str, int] = {}

    def plain(value: Any) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            value = asdict(value)
        if isinstance(value, dict):
            return {str(plain(name)): plain(of) for name, of in value.items() if name not in OF_ITS_ACT}
        if isinstance(value, list | tuple | set | frozenset):
            return [plain(one) for one in value]
        if isinstance(value, UUID) or (isinstance(value, str) and id_of(value)):
            return f"id {ids.setdefault(str(value), len(ids))}"
        return CODE.sub("код", value) if isinstance(value, str) else value

    facts = sorted((one for one in found if one.position > since), key=lambda one: one.position)
    return [(type(one.fact).__name__, plain(one.fact)) for one in facts]
