"""Words for tests of applications over HTTP: a visit with all its papers, its decision, what then holds."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from given import CLERK, installation
from starlette.testclient import TestClient
from test_api import Desk, as_others

from api.main import create_app
from registry.aggregates.territory.events import TerritoryEntered, entry_id
from registry.opening import opened

VISIT = "2025-03-11T09:40"
DAY, NEXT = "2025-03-11", "2025-03-12"
BORN, CHILD_BORN = "1990-05-04", "2018-02-03"
NOTICE = {"sender": "Вигадівський орган", "number": "17/2", "dated": "2020-01-09"}
MOVE = {"service": "register_residence", "dwelling": {"right_document_held": True}}
LEAVE = {"service": "deregister_residence"}
PHONE = "+380000000001"
PROOF = [{"kind": "birth_certificate", "number": "І-ВГ 000001"}]
"""What a newcomer shows, so that they can be recognised."""


def came(body: dict[str, Any]) -> dict[str, Any]:
    """What a desk says of how an application came: a notice has a sender, what came by a portal is transcribed."""
    channel = body.get("channel", "office")
    return {"notice": NOTICE} if channel == "notice" else {} if channel == "office" else {"transcribed": True}


def filed(desk: Desk, **body: Any) -> dict[str, Any]:
    """The application with every document, consent and check that the law asks for, decided on the day of the visit;
    of several people in one part with all that any of them needs, and the fee of everybody at once."""
    of_visit = {"received": VISIT, "subject": {"born": BORN}, "phone": PHONE}
    body = _numbered({**of_visit, **came(body), **deepcopy(body)})
    body |= {"acted_on": body["received"][:10]}
    parts = [body, *body.get("children", [])]
    tried = desk.post("/applications?dry_run=1", body)
    if "perhaps-the-same" in tried.text:
        body = as_others(body, tried.json())
        parts = [body, *body.get("children", [])]
        tried = desk.post("/applications?dry_run=1", body)
    assert tried.status_code == 200, tried.text
    checks, ruled = [], iter(tried.json()["parts"])
    for number, part in enumerate(parts, 1):
        said = _of_part(part, ruled)
        for name in ("documents", "consents"):
            needed = [one["id"] for each in said for one in each[f"{name}_required"] if not one["optional"]]
            part.setdefault(name, list(dict.fromkeys(needed)))
        fee = {"kopiykas": sum(each["fee"]["kopiykas"] for each in said)}
        checks += [
            {"part": number, "check": check, "said": fee if check == "payment" else {}}
            for check in dict.fromkeys(one["check"] for each in said for one in each["checks"])
        ]
    body.setdefault("checks", checks)
    return body


def _numbered(body: dict[str, Any]) -> dict[str, Any]:
    """With a document of every newcomer, where the test names none."""
    for part in (body, *body.get("children", [])):
        for one in part.get("register", {}).get("persons", []):
            if "particulars" in one:
                one.setdefault("documents", PROOF)
    return body


def _of_part(part: dict[str, Any], ruled: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is ruled on a part that was asked for: once, or for each whom it names."""
    said = [next(ruled)]
    while sum(len(one["persons"]) for one in said) < part.get("persons", 1) and said[0]["persons"]:
        said.append(next(ruled))
    return said


def decided(desk: Desk, **body: Any) -> dict[str, Any]:
    """The answer to an application that is received and decided at once."""
    answer = desk.post("/applications", {**filed(desk, **body), "decide": True})
    assert answer.status_code == 201, answer.text
    return answer.json()


def granted(desk: Desk, **body: Any) -> dict[str, Any]:
    said = decided(desk, **body)
    assert said["status"] == "granted", said["decision"]["parts"]
    return said


def received(desk: Desk, **body: Any) -> str:
    return desk.act("/applications", filed(desk, **body))["application"]


def about(*persons: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    """What is to be recorded of whom."""
    return {"persons": [{"person": one} if isinstance(one, str) else one for one in persons], **more}


def recorded(said: dict[str, Any], person: str) -> list[str]:
    """The names of the facts that a decision recorded about a person."""
    return [fact["name"] for fact in said["decision"]["recorded"].get(person, [])]


def follows(desk: Desk, said: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    """What follows from an application: what, about whom, by when."""
    listed = desk.get(f"/applications/{said['application']}").json()["follows"]
    return [(one["item"], one["person"], one["deadline"]) for one in listed]


def alive(desk: Desk, person: str, **times: Any) -> list[tuple[str, str | None]]:
    return [(row["since"], row["until"]) for row in desk.residences(person, **times)]


def everything(desk: Desk, person: str) -> list[dict[str, Any]]:
    return desk.residences(person, **{"from": "1990-01-01"})


def listed(desk: Desk, code: str, name: str = "II.4", until: str | None = None) -> str:
    """The name of an entry that the list of territories has, for a territory of this code."""
    said = {"name": name, "code": code, "kind": "occupied", "since": "2022-03-01", "until": until}
    line = (entry_id(code, "occupied", "2022-03-01"), [TerritoryEntered(**said, source="list")], 0)
    desk.registry.append([line], by=CLERK, command=uuid4())
    return name


def filed_anyway(desk: Desk, **body: Any) -> dict[str, Any]:
    """With the papers of an ordinary removal, for what a dry run would refuse."""
    documents = ["application", "identity_document", "fee_evidence"]
    return {"received": VISIT, "subject": {"born": BORN}, "documents": documents, **came(body), **body}


def amendment(desk: Desk, **more: Any) -> tuple[str, dict[str, Any]]:
    """Somebody whose residence is recorded wrongly, and the application that corrects it."""
    person, wrong, right = desk.person(), desk.dwelling(), desk.dwelling("9")
    residence = desk.settled(person, wrong)
    now = {"kind": "registered", "dwelling": right, "since": "2010-07-16"}
    one = {"person": person, "residence": residence}
    register = about(one, now=now, reason="описка в номері будинку")
    return person, filed(desk, service="amend_record", register=register, **more)


@pytest.fixture
def strict(database_url: str, tmp_path: Any) -> Iterator[tuple[Desk, Desk]]:
    """Two actors at one register where corrections need the second."""
    with opened(database_url) as registry:
        desks = []
        for id in ("clerk", "head"):
            app = create_app(registry, installation(data=tmp_path, actor_id=id, actor_name=f"Вигадана {id}"))
            desks.append(Desk(TestClient(app), registry))
        yield desks[0], desks[1]
