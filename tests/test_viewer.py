"""A viewer who may not see somebody: whatever the program answers, shows, writes or logs, nothing of them leaves.

The canary: a person all of whose values are words that stand nowhere else. Every route and every command is asked by a
viewer who may not see her, and no word comes; asked by one who sees all, the same questions bring every word, so that
this test can fail. The routes are asked once more by each role. A new route or command must be written here.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from callers import bearer, key_of
from clerks import Clerk
from conftest import _database
from extracting import text
from filing import DAY, MOVE, NEXT, about, filed
from given import CLERK, EXAMPLE, entries, founded, installation, uid
from running import Command
from starlette.testclient import TestClient
from test_api import API, Desk, routes_of
from test_house import commands

from api import errors, rights
from api.commands import cli
from api.main import create_app
from registry import protected, seals, viewer
from registry.aggregates.dwelling.events import Owner, OwnersRecorded
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.person.events import FamilyLinkEntered
from registry.aggregates.person.family_requests import SealIdentity
from registry.aggregates.person.protection_events import AddressProtected
from registry.aggregates.street.events import REGISTER, StreetEntered, StreetName
from registry.aggregates.values import Fault
from registry.extracts import content
from registry.opening import opened
from registry.roles import NOBODY, ROLES, Role, Who
from registry.storage.embedded import Embedded

PARTICULARS = {
    **{"surname": "Щиглевська", "given_names": "Пташина", "patronymic": "Дроздівна", "birth_date": "1987-06-05"},
    **{"unzr": "19870605-07779", "rnokpp": "3193212344", "birth_place": "с. Гніздове", "phone": "+380000777111"},
    **{"email": "shchyhlyk@example.ua", "sex": "female", "citizenship": "ua"},
}
PAPER = {"kind": "id_card", "number": "ЩГ777111", "issued_by": "Гніздівський відділ", "latin": "Shchyhlevska"}
ASKS = {"requester": "Синичко Олелько", "contact": "synychka@example.ua"}
ADDRESSES = ("Пернатова", "Крилата")
CANARIES = (
    *("Щиглевська", "Шиглевська", "Пташина", "Дроздівна", "1987-06-05", "05.06.1987", "19870605-07779", "3193212344"),
    *("Гніздове", "+380000777111", "shchyhlyk", "ЩГ777111", "Гніздівський", "Shchyhlevska", "ЩИГ-7", "Горобчик"),
    *("Синичко", "synychka", "Дятленко", "+380000777222", "Одуд-7", "перепілки", "чаплі", "Журавлине", *ADDRESSES),
    *("Дрохвинський", "Одуд-8", "Одуд-9", "горлички", "Пелікан-5", "Зозулин", "Шпаківна", "Сойка-6"),
    "Соловейко",
)
"""What says who she is, where she lived, what she brought and who came for her; and somebody whom nobody entered."""


PICTURE = b"\x89PNG\r\n\x1a\n"
SCAN = hashlib.sha256(PICTURE).hexdigest()


class Denies:
    """Whoever may not see some people."""

    sees_everything = False

    def __init__(self, *people: str):
        self.people = {UUID(one) for one in people}

    def sees(self, person: UUID) -> bool:
        return person not in self.people


class SeesNobody(Denies):
    def sees(self, person: UUID) -> bool:
        return False


class World:
    """The canary among others: two homes, an application of each outcome, a change that waits, extracts, one of them
    superseded. What is asked names things by `ids`."""

    key = ""
    """With which its desk and its commands come, if with one."""

    def __init__(self, desk: Desk, url: str, folder: Path):
        self.desk, self.url, self.folder = desk, url, folder
        self.ids = {"out": str(folder / "out"), "keys": str(folder / "keys.json"), "cards": str(folder)}
        self.ids["example"] = str(EXAMPLE)
        self.ids["territories"] = str(folder / "territories.csv")
        founded(desk.registry)
        self.ids["admin_key"] = key_of(desk.registry, "admin")
        self.ids |= {"service": "register_residence", "office": "metalurhiinyi", "new": str(uuid4())}
        self.applied: dict[str, Any] = {}
        self._lives()
        self._holds_an_extract_that_is_untrue_now()
        self._applies()
        self._has_others_beside_her()
        self.hidden = (self.ids["person"], self.ids["newcomer"])

    def _lives(self) -> None:
        desk, ids = self.desk, self.ids
        ids["before"], ids["other"] = desk.dwelling(street="Крилата"), desk.dwelling(street="Проста")
        ids["home"] = ids["dwelling"] = desk.dwelling(street="Пернатова", ref="Ж-7")
        street = StreetEntered(
            settlement=ADDRESS["settlement"], names=(StreetName(name="вул. Пернатова"),), source=REGISTER
        )
        desk.registry.append([(uuid4(), [street], 0)], by=CLERK, command=uuid4())
        ids["street"] = desk.get("/streets").json()["answer"][0]["street"]
        wrong = {**PARTICULARS, "surname": "Шиглевська"}
        person = desk.act("/persons", {"particulars": wrong, "documents": [PAPER], "ref": "ЩИГ-7", "confirmed": True})[
            "person"
        ]
        ids["residence"] = desk.settled(person, ids["before"], "2010-07-15", basis="довідка чаплі")
        desk.core("note_occupied_address", person, list_entry="II.5", address="с. Журавлине")
        ids["person"] = person
        ids["entered"] = str(desk.registry.entries(UUID(person))[0].position)

    def _holds_an_extract_that_is_untrue_now(self) -> None:
        ids, who = self.ids, f"/persons/{self.ids['person']}"
        ids["issue"] = str(uuid4())
        said = self.desk.act(who + "/extracts", ASKS, Idempotency_Key=ids["issue"])
        ids["extract"], ids["paper"] = said["number"], said["code"]
        ids["year"], ids["number"] = said["number"].split("/")
        changes = {"changes": {"surname": "Щиглевська"}, "basis": "довідка чаплі"}
        self.desk.core("change_particulars", ids["person"], corrects=True, **changes)

    def _applies(self) -> None:
        """Granted, received, refused to somebody who is not in the register, and a change that waits."""
        ids, by = self.ids, {"applicant_name": "Дятленко Горислава", "phone": "+380000777222"}
        move = filed(self.desk, **MOVE, **BORN, **by, register=about(ids["person"], dwelling=ids["home"]))
        for one in move["checks"]:
            one["said"] |= {"receipt": "квитанція Одуд-7"} if one["check"] == "payment" else {}
        who = {"surname": "Горобчик", "birth_date": PARTICULARS["birth_date"]}
        newcomer = about({"particulars": who, "documents": [{"kind": "birth_certificate", "number": "1"}]})
        written = {"number": "Пелікан-5", "issuer": "Зозулин відділ", "shown_by": "Шпаківна", "scan": SCAN}
        move["papers"] = [{"id": "identity_document", **written}]
        bare = filed(self.desk, **MOVE, **BORN, **by, register=newcomer, documents=[])
        bare["subject"] |= {"deregistered_on": "2024-11-01", "deregistered_from": "other_community"}
        for name, body in {"granted": move, "refused": bare}.items():
            self.applied[name], ids[f"{name}_by"] = {**body, "decide": True}, str(uuid4())
            said = self.desk.act("/applications", self.applied[name], Idempotency_Key=ids[f"{name}_by"])
            assert said["status"] == name
            ids[name] = said["application"]
        [shown] = self.desk.get(f"/applications/{ids['granted']}").json()["parts"][0]["papers"]
        ids["shown"] = shown["paper"]
        self.desk.client.put(f"{API}/scans/{SCAN}", content=PICTURE)
        told = self.desk.get(f"/applications/{ids['granted']}").json()["follows"]
        ids["item"] = next(one["id"] for one in told if one["item"] == "dms")
        self.desk.act(f"/outbox/{ids['item']}/sent", {"how": "post", "handed_to": "Щиглевська П. С."})
        told = self.desk.get(f"/applications/{ids['refused']}").json()
        [part], [ids["task"]] = told["parts"], [one["id"] for one in told["follows"] if one["role"] == "task"]
        self.desk.act(f"/outbox/{ids['task']}/drawn")
        ids["newcomer"] = part["register"]["persons"][0]["person"]
        back = filed(self.desk, **MOVE, **BORN, **by, register=about(ids["person"], dwelling=ids["before"]))
        back |= {"paper_journal": {"kind": "outage", "number": "Одуд-9"}}
        said = self.desk.act("/applications", back)
        ids["application"], ids["code"] = said["application"], said["code"]
        where = self.named("/persons/{person}/residences/{residence}/correction")
        said = self.desk.post(where, {"since": "2010-07-16", "reason": "описка перепілки"}).json()
        ids["change"] = said["application"]
        notice = {"sender": "Суд Дрохвинський", "number": "Одуд-8", "dated": "2025-03-01"}
        evicted = {"service": "deregister_residence", "ground": "court_eviction", "applicant": {"kind": "court"}}
        told = filed(self.desk, **evicted, **BORN, channel="notice", notice=notice, register=about(ids["person"]))
        self.desk.clock.moment = f"{NEXT}T10:00"
        ids["told"] = self.desk.act("/applications", {**told, "reason": "через горлички"})["application"]
        self.desk.clock.moment = None

    def _has_others_beside_her(self) -> None:
        ids = self.ids
        ids["neighbour"] = self.desk.person(surname="Сусідська")
        self.desk.settled(ids["neighbour"], ids["home"], "2011-01-01")
        ids["child"], ids["link"] = self.desk.person(surname="Дитяча", birth_date="2015-01-01"), str(uuid4())
        self._linked(ids["child"], link=uid(7), relative=UUID(ids["person"]))
        self._linked(ids["person"], link=UUID(ids["link"]), relative_name="Соловейко Тьох")
        hers = {"id": "owner_1", "whose": ids["person"], "number": "Сойка-6"}
        body = filed(self.desk, **MOVE, register=about(ids["neighbour"], dwelling=ids["other"]), consents=["owner_1"])
        self.desk.act("/applications", {**body, "papers": [hers]})
        owner = Owner(name="Щиглевська П. С.", share="1/2", person=UUID(ids["person"]))
        owned = OwnersRecorded(owners=(owner, Owner(name="Інша Власниця")))
        self.desk.registry.append([(UUID(ids["home"]), [owned], 1)], by=CLERK, command=uuid4())
        asks = {"basis": "dwelling_owner", "requester": "Власник Придуманий"}
        asks |= {"documents": ["identity_document", "ownership_document"]}
        ids["asked"] = self.desk.act("/household-requests", HOUSEHOLD)["household"]
        ids["of_home"] = self.desk.act(f"/dwellings/{ids['home']}/extracts", asks)["number"]

    def _linked(self, child: str, **said: Any) -> None:
        line = (UUID(child), [FamilyLinkEntered(role="parent", **said)], self.desk.registry.person(UUID(child)).version)
        self.desk.registry.append([line], by=CLERK, command=uuid4())

    def named(self, said: Any) -> Any:
        """What is to be asked, with the ids of this world."""
        match said:
            case str():
                return said.format_map(self.ids)
            case dict():
                return {name: self.named(one) for name, one in said.items()}
            case list():
                return [self.named(one) for one in said]
        return said


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    settings = installation(data=tmp_path / "data", actor_id="clerk-1", actor_name="Реєстратор Вигадана О. О.")
    with opened(database_url) as registry:
        client = TestClient(create_app(registry, settings), raise_server_exceptions=False)
        yield World(Streets(client, registry), database_url, tmp_path)


class Streets(Desk):
    def dwelling(self, house: str = "7", street: str = "Калинова", **more: Any) -> str:
        address = {"settlement": "смт Вигадівка", "street": f"вул. {street}", "house": house}
        return self.act("/dwellings", {"address": address, "kind": "private", "confirmed": True, **more})["dwelling"]


@pytest.fixture
def denied(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The same, and from now on whoever acts may not see the canary and the newcomer."""
    monkeypatch.setattr(viewer, "viewer_of", lambda who: Denies(*world.hidden))
    monkeypatch.setattr(seals, "told_by_law", lambda registry, who: Denies(*world.hidden))
    return world


@dataclass(frozen=True)
class Call:
    """How a route is called, at its own address unless `at` says otherwise: `status` is what a viewer gets who may not
    see the canary; one who sees all is told of her, if it `tells`. With `own` it is about a dwelling, whose address is
    nobody's secret; with `of_desk` it tells of what whoever asks has at their own desk, and is 200 without it."""

    body: Any = None
    status: int = 403
    at: str = ""
    tells: bool = False
    own: bool = False
    of_desk: bool = False
    headers: Mapping[str, str] | None = None


SHOWN = ("--document", "identity_document", "--document", "status_proof")
MORTGAGEE = {"basis": "mortgagee", "documents": ["identity_document", "status_proof"]}
OPEN_TO_ALL = Call(status=200)
ADDRESSES_ONLY = Call(status=200, own=True)
ADDRESS = {"settlement": "смт Вигадівка", "street": "вул. Нова", "house": "7"}
FAMILY = "/persons/{person}/family/{link}"
MARKED = "/persons/{person}/absences/00000000-0000-4000-8000-000000000000"
PROTECTS = "/persons/{person}/address-protection"
SETTLED = {"kind": "registered", "dwelling": "{other}", "since": "2024-01-01"}
NAMED = {name: PARTICULARS[name] for name in ("surname", "given_names", "patronymic", "birth_date")}
RESIDENT = {"dwelling": "{other}", "since": "1998", "basis": "картка реєстрації"}
HOUSEHOLD: dict[str, Any] = {
    **{"card": "17-07", "notice": {"sender": "Відділ", "number": "1", "dated": "2025-01-02"}, "applicant": NAMED},
    "address": {"settlement": "смт Вигадівка", "street": "вул. Пернатова", "house": "7"},
}
HOUSEHOLD_TYPED = {
    f"{part}_{name}": text for part in ("notice", "applicant", "address") for name, text in HOUSEHOLD[part].items()
} | {"card": "17-07"}
NEW, BORN = {"surname": "Нова"}, {"subject": {"born": PARTICULARS["birth_date"]}}
BY_ADMIN = {"Authorization": "Bearer {admin_key}"}
OF_ADMIN = {
    **{f"GET {path}": Call(status=200, headers=BY_ADMIN) for path in ("/staff", "/sessions", "/keys", "/state")},
    **{f"GET {path}": OPEN_TO_ALL for path in ("/substitutes", "/staff-events")},
    **{f"POST {path}": Call({}, 422, headers=BY_ADMIN) for path in ("/staff", "/keys", "/keys/end")},
    **{f"POST {path}": Call({}, 422) for path in ("/substitutes", "/substitutes/end")},
    "GET /api/v1/state": Call(status=200, headers=BY_ADMIN),
    "POST /sessions/end": Call({}, 404, headers=BY_ADMIN),
    "GET /staff/{login}": Call(status=404, at="/staff/nobody", headers=BY_ADMIN),
    "POST /staff/{login}": Call({}, 404, at="/staff/nobody", headers=BY_ADMIN),
    "POST /staff/{login}/reset": Call({}, 404, at="/staff/nobody/reset", headers=BY_ADMIN),
    "POST /staff/{login}/disable": Call({}, 404, at="/staff/nobody/disable", headers=BY_ADMIN),
}
"""What shows no person to anybody."""
ROUTES = {
    **OF_ADMIN,
    "GET /healthz": OPEN_TO_ALL,
    "GET /readyz": OPEN_TO_ALL,
    "GET /static": Call(status=200, at="/static/style.css"),
    "GET /api/v1/openapi.json": OPEN_TO_ALL,
    "GET /docs": OPEN_TO_ALL,
    "GET /v": OPEN_TO_ALL,
    "GET /v/": OPEN_TO_ALL,
    "POST /v": Call({"code": "?"}, 422),
    "POST /v/": Call({"code": "{paper}"}, 200),
    "GET /status": OPEN_TO_ALL,
    "GET /status/": OPEN_TO_ALL,
    "POST /status": Call({"code": "?"}, 422),
    "POST /status/": Call({"code": "12"}, 422),
    # Whoever holds the paper sees the first letters of a name there, and none of the words.
    "GET /v/{code}": Call(status=200, at="/v/{paper}"),
    "GET /v/{code}.jws": Call(status=200, at="/v/{paper}.jws"),
    "GET /.well-known/jwks.json": OPEN_TO_ALL,
    "GET /status/{code}": OPEN_TO_ALL,
    "GET /bring": OPEN_TO_ALL,
    "GET /api/v1/status/{code}": OPEN_TO_ALL,
    "GET /api/v1/services": OPEN_TO_ALL,
    "GET /api/v1/services/{service}": OPEN_TO_ALL,
    "GET /api/v1/community": OPEN_TO_ALL,
    "GET /api/v1/territories": OPEN_TO_ALL,
    "GET /dwellings/{dwelling}/extracts": Call(status=200, tells=True, own=True),
    "POST /dwellings/{dwelling}/extracts": Call({"what": "issue", "command": "{new}"}, 422, own=True),
    "GET /dwellings/{dwelling}/address": Call(status=200, tells=True, own=True),
    "POST /dwellings/{dwelling}/address": Call({"command": "{new}", "version": "1"}, 409, tells=True, own=True),
    "GET /dwellings/{dwelling}/rights": Call(status=200, tells=True, own=True),
    "POST /dwellings/{dwelling}/rights": Call(
        {"command": "{new}", "version": "1", "way": "lease"}, 422, tells=True, own=True
    ),
    "GET /dwellings/{dwelling}/readdress": Call(status=200, tells=True, own=True),
    "POST /dwellings/{dwelling}/readdress": Call(
        {"successor": "{other}", "since": "2024-01-01", "reason": "поділ", "command": "{new}", "version": "1"},
        409,
        tells=True,
        own=True,
    ),
    "POST /dwellings/{dwelling}/readdress/new": Call({"command": "{new}", "version": "1"}, 422, tells=True, own=True),
    "GET /addresses": ADDRESSES_ONLY,
    "GET /addresses/{street}": ADDRESSES_ONLY,
    "GET /addresses/{street}/homes": Call(status=200, at="/addresses/{street}/homes?house=7", own=True),
    "GET /addresses/{street}/new": ADDRESSES_ONLY,
    "POST /addresses/{street}/new": Call({"command": "{new}"}, 422, own=True),
    "GET /api/v1/streets": ADDRESSES_ONLY,
    "GET /api/v1/streets/reconciliation": ADDRESSES_ONLY,
    "GET /api/v1/streets/unlisted": ADDRESSES_ONLY,
    "GET /api/v1/streets/{street}": ADDRESSES_ONLY,
    "GET /api/v1/streets/{street}/houses": ADDRESSES_ONLY,
    "GET /api/v1/streets/{street}/reconciliation": ADDRESSES_ONLY,
    "GET /api/v1/offices": OPEN_TO_ALL,
    "GET /api/v1/offices/{office}": OPEN_TO_ALL,
    # Signing in, and what whoever is in has of their own: no person of the register.
    "GET /sign-in": OPEN_TO_ALL,
    "POST /sign-in": Call({}, 422),
    "POST /sign-out": Call({}, 200),
    "POST /lock": Call({}, 200),
    "GET /unlock": OPEN_TO_ALL,
    "POST /unlock": Call({}, 200),
    "POST /seen": Call({}, 204),
    "POST /visit": Call({"purpose": "extract"}, 200),
    "POST /visit/end": Call({}, 200),
    "GET /password": Call(status=404),
    "POST /password": Call({}, 404),
    "GET /pin": Call(status=404),
    "POST /pin": Call({}, 404),
    "GET /me": Call(status=404),
    "POST /me/end": Call({}, 404),
    "GET /help": OPEN_TO_ALL,
    "POST /me/keys": Call({"letters": "off"}, 200),
    "GET /help/{service}": Call(status=200, at="/help/register_residence"),
    "GET /kept": OPEN_TO_ALL,
    "POST /kept/send": Call({"form": "{new}"}, 404),
    "POST /kept/drop": Call({"form": "{new}"}, 200),
    "GET /": Call(status=200, tells=True, of_desk=True),
    "POST /": Call({"q": "Щигл"}, 200, tells=True),
    "GET /coming/{name}": Call(status=200, at="/coming/fourteen"),
    "GET /persons/{person}": Call(at="/persons/{person}?all=1", tells=True),
    "POST /persons/{person}/extracts": Call({"command": "{new}"}, tells=True),
    # Whoever comes back to it comes to the card.
    "GET /persons/{person}/extracts": Call(tells=True),
    "GET /extracts/{year}/{number}": Call(tells=True),
    "GET /services": OPEN_TO_ALL,
    "GET /services/{service}": Call(status=200, at="/services/register_residence"),
    "POST /services/{service}": Call({"1-person_find": "Щигл"}, 200, at="/services/register_residence", tells=True),
    "GET /residents/new": OPEN_TO_ALL,
    "POST /residents/new": Call({"surname": "Вигадана", **RESIDENT, "what": "try", "command": "{new}"}, 200),
    "GET /persons/{person}/particulars": Call(tells=True),
    "POST /persons/{person}/particulars": Call(
        {"what": "try", "basis": "паспорт", "phone": "+380000777333", "command": "{new}", "version": "2"}, tells=True
    ),
    "GET /persons/{person}/services": Call(tells=True),
    "GET /persons/{person}/services/{service}": Call(at="/persons/{person}/services/issue_extract", tells=True),
    "POST /persons/{person}/services/{service}": Call({}, at="/persons/{person}/services/issue_extract", tells=True),
    "GET /notices": OPEN_TO_ALL,
    "GET /notices/{notice}": Call(status=200, at="/notices/court"),
    "POST /notices/{notice}": Call({"1-person": "{person}"}, at="/notices/court", tells=True),
    "GET /batches/{batch}": Call(status=200, at="/batches/arrivals"),
    "POST /batches/{batch}": Call({"rows": "1", "1-person": "{person}"}, 200, at="/batches/arrivals", tells=True),
    "GET /applications/{application}": Call(at="/applications/{granted}", tells=True),
    "POST /applications/{application}": Call({"press": "?"}, at="/applications/{refused}"),
    "GET /dwellings/{dwelling}": Call(status=200, tells=True, own=True),
    "GET /applications/{application}/letter": Call(at="/applications/{refused}/letter", tells=True),
    "GET /api/v1/applications/{application}/letters": Call(at=API + "/applications/{refused}/letters"),
    "GET /api/v1/applications/{application}/letters/{part}/document": Call(
        at=API + "/applications/{refused}/letters/1/document", tells=True
    ),
    "POST /api/v1/search/people": Call({"q": "Щигл"}, 200, tells=True),
    "POST /api/v1/search/dwellings": Call({"q": "Пернат"}, 200, own=True),
    "GET /api/v1/persons/{person}": Call(tells=True),
    "GET /api/v1/persons/{person}/facts": Call(tells=True),
    "GET /api/v1/persons/{person}/papers": Call(tells=True),
    "POST /api/v1/applications/{application}/papers/{paper}/correction": Call(
        {"number": "1", "reason": "описка"}, at=API + "/applications/{granted}/papers/{shown}/correction"
    ),
    "POST /api/v1/applications/{application}/papers/{paper}/annulment": Call(
        {"reason": "не той"}, at=API + "/applications/{granted}/papers/{shown}/annulment"
    ),
    "PUT /api/v1/scans/{sha256}": Call({}, 422, at=f"{API}/scans/{SCAN}"),
    "GET /api/v1/scans/{sha256}": Call(at=f"{API}/scans/{SCAN}"),
    "GET /api/v1/persons/{person}/residences": Call(at=API + "/persons/ЩИГ-7/residences", tells=True),
    "GET /api/v1/persons/{person}/family": Call(tells=True),
    "POST /api/v1/persons/{person}/family/{link}/end": Call({}, at=API + FAMILY + "/end"),
    "POST /api/v1/persons/{person}/family/{link}/correction": Call({}, at=API + FAMILY + "/correction"),
    "POST /api/v1/persons/{person}/family/{link}/annulment": Call({}, at=API + FAMILY + "/annulment"),
    "POST /api/v1/persons/{person}/identity-seal": Call({}),
    "POST /api/v1/persons/{person}/identity-seal-annulment": Call({}),
    "GET /api/v1/dwellings/{dwelling}": Call(status=200, tells=True, own=True),
    "GET /api/v1/dwellings/{dwelling}/residents": Call(status=200, tells=True),
    "GET /api/v1/moved": Call(status=200, at=API + "/moved?least=2", tells=True),
    "GET /api/v1/applications": OPEN_TO_ALL,
    "POST /api/v1/applications": Call({**MOVE, **BORN, "register": about("{person}")}),
    "GET /api/v1/applications/{application}": Call(tells=True),
    "POST /api/v1/applications/{application}/checks": Call({"check": "ownership", "said": {}}),
    "GET /api/v1/applications/{application}/decision": Call(),
    "POST /api/v1/applications/{application}/decision": Call({"acted_on": DAY}),
    "POST /api/v1/applications/{application}/approval": Call(at=API + "/applications/{change}/approval"),
    "POST /api/v1/applications/{application}/rejection": Call(
        {"reason": "помилка"}, at=API + "/applications/{change}/rejection"
    ),
    "GET /applications/{application}/without-movement": Call(),
    "POST /api/v1/applications/{application}/papers": Call({"documents": ["application"]}),
    "POST /api/v1/applications/{application}/without-movement": Call({"agreed": True, "consent": "заява"}),
    "POST /api/v1/applications/{application}/movement": Call({"reason": "просить"}),
    "POST /api/v1/applications/{application}/withdrawal": Call({"said_by": "applicant"}),
    "POST /api/v1/applications/{application}/amendment": Call(
        {**MOVE, **BORN, "register": about("{person}"), "reason": "описка"}
    ),
    "POST /api/v1/applications/{application}/comparison": Call({"reason": "такої дати немає"}),
    "POST /api/v1/visits": Call({"purpose": "extract"}, 201),
    "POST /api/v1/visits/{visit}/end": Call(status=404, at=API + "/visits/{new}/end"),
    "GET /api/v1/persons/{person}/looks": Call(),
    "GET /api/v1/looks": OPEN_TO_ALL,
    "GET /api/v1/changes": Call(status=200, tells=True),
    "GET /day": Call(status=200, at="/day"),
    "GET /day/movement.csv": Call(status=200, at="/day/movement.csv"),
    "GET /day/decisions/{application}": Call(at="/day/decisions/{granted}", tells=True),
    "GET /day/lists/{name}": Call(status=200, at="/day/lists/decisions?span=month"),
    "GET /day/journal": Call(status=200, at="/day/journal", tells=True, of_desk=True),
    "GET /day/cash": Call(status=200, at="/day/cash", tells=True, of_desk=True),
    "GET /blanks": OPEN_TO_ALL,
    "GET /blanks/{blank}": Call(status=200, at="/blanks/register_residence"),
    "GET /drafts": OPEN_TO_ALL,
    "POST /drafts": Call({}, 422),
    "GET /drafts/{draft}": Call(status=404, at="/drafts/{new}"),
    "GET /drafts/{draft}/application": Call(status=404, at="/drafts/{new}/application"),
    "GET /applications/{application}/application": Call(tells=True),
    "GET /applications/{application}/receipt": Call(tells=True),
    "POST /drafts/{draft}/drop": Call({}, 200, at="/drafts/{new}/drop"),
    "GET /outbox": Call(status=200, tells=True),
    "GET /outbox/{outgoing}": Call(at="/outbox/{item}", tells=True),
    "GET /approvals": Call(status=200, tells=True),
    "GET /approvals/{change}": Call(tells=True),
    "POST /approvals/{change}/approval": Call({"command": "{new}", "version": "1"}),
    "POST /approvals/{change}/rejection": Call({"command": "{new}", "version": "1", "reason": "помилка"}),
    "GET /outbox/{outgoing}/paper": Call(at="/outbox/{task}/paper", tells=True),
    "POST /outbox/{outgoing}": Call({"what": "failed"}, at="/outbox/{item}"),
    "GET /api/v1/outbox": Call(status=200, tells=True),
    "GET /api/v1/outbox/{outgoing}": Call(at=API + "/outbox/{item}", tells=True),
    "GET /api/v1/outbox/{outgoing}/document": Call(at=API + "/outbox/{item}/document", tells=True),
    "POST /api/v1/outbox/sent": Call({"items": ["{item}"], "how": "post"}),
    "POST /api/v1/outbox/done": Call({"items": ["{item}"]}),
    "POST /api/v1/outbox/{outgoing}/sent": Call({"how": "post"}, at=API + "/outbox/{item}/sent"),
    "POST /api/v1/outbox/{outgoing}/done": Call({}, at=API + "/outbox/{item}/done"),
    "POST /api/v1/outbox/{outgoing}/failed": Call({"reason": "ні"}, at=API + "/outbox/{item}/failed"),
    "POST /api/v1/outbox/{outgoing}/reopened": Call({"reason": "ні"}, at=API + "/outbox/{item}/reopened"),
    "POST /api/v1/outbox/{outgoing}/drawn": Call({}, at=API + "/outbox/{task}/drawn"),
    "GET /api/v1/past-entries": Call(status=200, tells=True),
    "GET /api/v1/extracts/superseded": Call(status=200, at=API + "/extracts/superseded?since=2020-01-01", tells=True),
    "GET /api/v1/extracts/{year}/{number}": Call(tells=True),
    "GET /api/v1/extracts/{year}/{number}/document": Call(tells=True),
    "POST /api/v1/dwellings/{dwelling}/extracts": Call({**ASKS, **MORTGAGEE}),
    "POST /api/v1/persons/{person}/extracts": Call({}),
    "POST /api/v1/residents": Call({"particulars": NEW, **RESIDENT, "basis": ""}, 422),
    "POST /api/v1/persons": Call({"particulars": NEW, "person": "{person}"}),
    "GET /api/v1/persons/{person}/absences": Call(),
    "POST /api/v1/persons/{person}/absences": Call({"ground": "custody", "since": "2024", "paper": "довідка"}),
    "POST /api/v1/persons/{person}/absences/{mark}/end": Call({}, at=API + MARKED + "/end"),
    "POST /api/v1/persons/{person}/absences/{mark}/correction": Call({}, at=API + MARKED + "/correction"),
    "POST /api/v1/persons/{person}/absences/{mark}/annulment": Call({}, at=API + MARKED + "/annulment"),
    "GET /api/v1/persons/{person}/address-protection": Call(),
    "POST /api/v1/persons/{person}/address-protection": Call({"since": "2024-01-01", "basis": "рішення"}),
    "POST /api/v1/persons/{person}/address-protection/{mark}/end": Call({}, at=f"{API}{PROTECTS}/{uid(9)}/end"),
    "POST /api/v1/persons/{person}/address-protection/{mark}/annulment": Call(
        {}, at=f"{API}{PROTECTS}/{uid(9)}/annulment"
    ),
    "POST /api/v1/persons/{person}/past-residences": Call({**SETTLED, "until": "2024"}),
    "POST /api/v1/persons/{person}/particulars-correction": Call({}),
    "POST /api/v1/persons/{person}/particulars-update": Call({}),
    "POST /api/v1/persons/{person}/residences/{residence}/correction": Call({}),
    "POST /api/v1/persons/{person}/residences/{residence}/annulment": Call({"revives": True}),
    "POST /api/v1/persons/{person}/residences/{residence}/carry-over-annulment": Call({}),
    "POST /api/v1/persons/{person}/deregistration-annulment": Call({}),
    "POST /api/v1/persons/{person}/death-annulment": Call({}),
    "POST /api/v1/persons/{person}/withdrawal": Call({}),
    "POST /api/v1/persons/{person}/merge": Call({"into": "{person}"}),
    "POST /api/v1/persons/{person}/merge-annulment": Call({}),
    "POST /api/v1/household-answers": Call(HOUSEHOLD, tells=True, own=True),
    "POST /api/v1/household-requests": Call(HOUSEHOLD, 201),
    "GET /api/v1/household-requests/{household}": Call(status=200, at=API + "/household-requests/{asked}", tells=True),
    "POST /api/v1/household-requests/{household}/answer": Call({}, at=API + "/household-requests/{asked}/answer"),
    "GET /requests/{household}": Call(status=200, at="/requests/{asked}", tells=True),
    "POST /requests/{household}": Call({"what": "answer", "command": "{new}", "version": "1"}, at="/requests/{asked}"),
    "GET /household-answer": OPEN_TO_ALL,
    "POST /household-answer": Call(HOUSEHOLD_TYPED, tells=True, own=True),
    "POST /api/v1/dwellings": Call({"address": ADDRESS, "kind": "private"}, 201),
    "POST /api/v1/dwellings/{dwelling}/names": Call(
        {"address": ADDRESS, "since": "2020-01-01", "confirmed": True}, 201, at=API + "/dwellings/{other}/names"
    ),
    "POST /api/v1/dwellings/{dwelling}/correction": Call(
        {"address": ADDRESS, "kind": "private", "reason": "описка", "confirmed": True},
        201,
        at=API + "/dwellings/{other}/correction",
    ),
    # An owner whom whoever asks may not see is not replaced.
    "POST /api/v1/dwellings/{dwelling}/owners": Call({"owners": [], "basis": "витяг"}),
    "POST /api/v1/dwellings/{dwelling}/encumbrances": Call(
        {"kind": "mortgage", "number": "1"}, 201, at=API + "/dwellings/{other}/encumbrances"
    ),
    "POST /api/v1/dwellings/{dwelling}/leases": Call(
        {"number": "1", "basis": "договір"}, 201, at=API + "/dwellings/{other}/leases"
    ),
    # Its fault names a resident, their address and since when they live there.
    "POST /api/v1/dwellings/{dwelling}/readdressing": Call(
        {"successor": "{other}", "since": "2015-01-01", "reason": "поділ"}, 409, tells=True
    ),
}
RESIDENTS = "/dwellings/{home}/residents"
PEOPLE = API + "/search/people"
MORE = {
    "GET who lived there in a period": Call(status=200, at=API + RESIDENTS + "?from=2000-01-01", tells=True),
    "GET her paper among a neighbour's": Call(status=200, at=API + "/persons/{neighbour}/papers", tells=True),
    "POST an application with her paper": Call(
        {
            **MOVE,
            "documents": ["identity_document"],
            "papers": [{"id": "identity_document", "paper": "{shown}"}],
            "register": about("{neighbour}", dwelling="{other}"),
        },
        at=API + "/applications?dry_run=1",
    ),
    "GET the application of a newcomer": Call(at=API + "/applications/{refused}", tells=True),
    "GET one that was granted": Call(at=API + "/applications/{granted}", tells=True),
    "GET the notice of a court": Call(at=API + "/applications/{told}", tells=True),
    "GET its decision": Call(at=API + "/applications/{granted}/decision"),
    "GET its letter": Call(at="/applications/{granted}/letter"),
    "GET all of hers": Call(at=API + "/applications?person={person}"),
    "GET the change that waits": Call(at=API + "/applications/{change}"),
    "GET an extract of where she lives": Call(at=API + "/extracts/{of_home}", tells=True),
    "GET its document": Call(at=API + "/extracts/{of_home}/document", tells=True),
    "GET the family of her child": Call(status=200, at=API + "/persons/{child}/family", tells=True),
    "POST a search by her number": Call({"q": "19870605-07779"}, 200, at=PEOPLE, tells=True),
    "POST one by another": Call({"q": "3193212344"}, 200, at=PEOPLE, tells=True),
    "POST one by her ref": Call({"q": "ЩИГ-7"}, 200, at=PEOPLE, tells=True),
    "POST one by her birth": Call({"q": "05.06.1987"}, 200, at=PEOPLE, tells=True),
    "POST an application by her number": Call(
        {**MOVE, **BORN, "register": about("19870605-07779")}, at=API + "/applications?dry_run=1"
    ),
    "POST somebody else with her number": Call(
        {"particulars": {**NEW, "unzr": "19870605-07779"}, "confirmed": True}, 422, at=API + "/persons"
    ),
    "POST the same extract again": Call(
        {**ASKS}, at=API + "/persons/{person}/extracts", headers={"Idempotency-Key": "{issue}"}
    ),
    "POST an extract of a neighbour": Call({}, 201, at=API + "/persons/{neighbour}/extracts", own=True),
}


def asked(world: World, name: str, call: Call) -> Any:
    """The answer to a call; a page's form is sent as one."""
    method, where = name.split()[:2]
    path = world.named(call.at or where)
    sent = {} if call.body is None else {"json" if path.startswith(API) else "data": world.named(call.body)}
    return world.desk.client.request(method, path, headers=world.named(call.headers or {}), **sent)


def told(answer: Any) -> str:
    """All that an answer says, a document as it is read."""
    read = text(answer.content) if answer.content.startswith(b"%PDF") else answer.text
    return f"{read}\n{dict(answer.headers)}"


def leaks(said: str, own: bool = False) -> set[str]:
    return {word for word in CANARIES if word in said} - (set(ADDRESSES) if own else set())


class TestRoutes:
    def test_each_is_asked(self, world: World) -> None:
        assert routes_of(world.desk.client.app) == set(ROUTES)

    def test_none_tells_of_a_hidden_person(self, denied: World, capsys: pytest.CaptureFixture[str]) -> None:
        for name, call in {**ROUTES, **MORE}.items():
            before = denied.desk.registry.position()
            answer = asked(denied, name, call)
            assert (name, answer.status_code) == (name, call.status), answer.text
            assert (name, leaks(told(answer), call.own)) == (name, set())
            if call.status == 403:
                assert viewer.HIDDEN in answer.text.lower() and denied.desk.registry.position() == before, name
        logged = capsys.readouterr().err
        assert "/api/v1/persons/{person}/facts" in logged and leaks(logged) == set()

    def test_each_tells_whoever_sees_all(self, world: World) -> None:
        found: set[str] = set()
        for name, call in {**ROUTES, **MORE}.items():
            if call.tells:
                said = leaks(told(asked(world, name, call)), call.own)
                assert said, name
                found |= said
        assert found == set(CANARIES)

    @pytest.mark.parametrize("name", ["granted", "refused"])
    def test_a_repeated_application_neither(self, denied: World, name: str) -> None:
        key = denied.ids[f"{name}_by"]
        answer = denied.desk.post("/applications", denied.applied[name], Idempotency_Key=key)
        assert answer.status_code == 403 and leaks(told(answer)) == set()

    def test_nor_any_to_who_sees_nobody(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(viewer, "viewer_of", lambda who: SeesNobody())
        monkeypatch.setattr(seals, "told_by_law", lambda registry, who: SeesNobody())
        for name, call in {**ROUTES, **MORE}.items():
            answer = asked(world, name, call)
            assert answer.status_code < 500 and leaks(told(answer), call.own) == set(), name

    def test_rows_of_others_stay(self, denied: World) -> None:
        there = denied.desk.get(denied.named(RESIDENTS)).json()["answer"]
        assert sorted(row["name"] for row in there) == ["Сусідська Оксана", viewer.HIDDEN]
        [hidden] = [row for row in there if row["person_id"] is None]
        assert (hidden["person_ref"], hidden["residence_id"], hidden["kind"]) == (viewer.HIDDEN, None, "registered")
        stretches = denied.desk.get(denied.named(RESIDENTS), **{"from": "2000-01-01"}).json()["answer"]
        assert [len(one["persons"]) for one in stretches] == [1, 2] and viewer.HIDDEN in stretches[1]["persons"]
        [change] = denied.desk.get("/changes").json()["changes"]
        assert change["person"] == denied.ids["person"] and set(change["facts"][0]["body"].values()) == {viewer.HIDDEN}
        [superseded] = denied.desk.get("/extracts/superseded", since="2020-01-01").json()["answer"]
        assert (superseded["requester"], superseded["contact"]) == (viewer.HIDDEN, viewer.HIDDEN)
        waiting = denied.desk.get("/outbox").json()["waiting"]
        assert {row["text"] for row in waiting if row["item"] != "answer_household"} == {viewer.HIDDEN}
        [moved] = denied.desk.get("/moved", least=2).json()["answer"]
        assert moved == {"person_ref": viewer.HIDDEN, "name": viewer.HIDDEN, "residences": 2}
        [owner, other] = denied.desk.get(denied.named("/dwellings/{home}")).json()["owners"]["owners"]
        assert owner == {"name": viewer.HIDDEN, "share": "1/2", "person": None} and other["name"] == "Інша Власниця"

    def test_a_search_finds_none_of_the_hidden_and_says_that_there_may_be_some(self, denied: World) -> None:
        for number in range(3):
            denied.desk.person(surname=f"Щигленко{number}")
        for typed in ("Щ", "Щигл", "Щиглевськ", "19870605-07779", "1987", "ЩИГ-7"):
            rows = denied.desk.post("/search/people", {"q": typed}).json()["people"]
            assert denied.ids["person"] not in [row["id"] for row in rows], typed
        first = denied.desk.post("/search/people", {"q": "Щиг", "limit": 1}).json()
        second = denied.desk.post("/search/people", {"q": "Щиг", "limit": 2, "after": first["next"]}).json()
        assert [row["surname"] for row in first["people"] + second["people"]] == [f"Щигленко{n}" for n in range(3)]
        assert second["next"] is None
        assert "пошук не показує" in denied.desk.client.post("/", data={"q": "Щигл"}).text


CARDS = (
    "dwelling_ref,settlement,street,house,kind\n",
    "person_ref,surname,given_names,birth_date,death_registered_on\n",
    "person_ref,dwelling_ref,kind,since,until\n",
)
COMMANDS = {
    # Those that serve are asked by their routes, above.
    ("demo",): (["demo", "--no-serve"], 0),
    ("serve",): (["serve", "--host", "0.0.0.0"], 2),
    ("db", "start"): (["db", "start"], 2),
    ("db", "stop"): (["db", "stop"], 2),
    ("db", "status"): (["db", "status"], 2),
    ("import",): (["import", "{cards}"], 0),
    ("readdress",): (["readdress", "--take-back", "б"], 2),
    ("export",): (["export", "{out}"], 4),
    ("proof",): (["proof", "{entered}", "--show", "/body"], 4),
    ("extract",): (["extract", "19870605-07779", "--history", "--out", "{out}"], 4),
    ("ask", "residence"): (["ask", "residence", "ЩИГ-7", "--json"], 4),
    ("ask", "occupancy"): (["ask", "occupancy", "Ж-7"], 0),
    ("ask", "moved"): (["ask", "moved", "--least", "2", "--first", "9"], 0),
    ("ask", "superseded"): (["ask", "superseded", "--since", "2020-01-01"], 0),
    ("replay",): (["replay", "--json"], 4),
    ("user", "add"): (["user", "add", "new", "--name", "Н", "--role", "nobody"], 2),
    ("user", "list"): (["user", "list"], 0),
    ("user", "disable"): (["user", "disable", "nobody"], 2),
    ("user", "reset"): (["user", "reset", "nobody"], 2),
    ("key", "add"): (["key", "add", "new", "--role", "nobody"], 2),
    ("key", "list"): (["key", "list"], 0),
    ("key", "end"): (["key", "end", "{new}"], 2),
    ("access",): (["access", "--person", "ЩИГ-7"], 4),
    ("verify",): (["verify"], 0),
    ("rebuild",): (["rebuild", "people", "residences"], 0),
    ("upgrade",): (["upgrade"], 0),
    ("keys", "list"): (["keys", "list"], 0),
    ("keys", "rotate"): (["keys", "rotate"], 0),
    ("keys", "end"): (["keys", "end", "nothing", "--because", "lost"], 2),
    ("check",): (["check", "{keys}", "--keys", "{keys}"], 1),
    ("fee",): (["fee", "register_residence", "--on", "2026-01-12"], 0),
    ("office",): (["office", "metalurhiinyi", "--at", "2026-01-12T10:00"], 0),
    ("init",): (["init", "{example}"], 0),
    ("community", "show"): (["community", "show"], 0),
    ("community", "approve"): (["community", "approve"], 2),
    ("community", "reject"): (["community", "reject", "ні"], 2),
    ("territories", "import"): (["territories", "import", "{territories}", "--dry-run"], 0),
    ("territories", "show"): (["territories", "show", "--on", "2024-01-01"], 0),
    ("territories", "annul"): (["territories", "annul", "none", "описка"], 2),
    ("territories", "approve"): (["territories", "approve"], 2),
    ("territories", "reject"): (["territories", "reject", "ні"], 2),
    ("streets", "import"): (["streets", "import", "--from-register", "--dry-run"], 0),
    ("streets", "show"): (["streets", "show"], 0),
    ("streets", "reconcile"): (["streets", "reconcile"], 0),
    ("streets", "rename"): (["streets", "rename", "none", "н", "--since", "2024-01-01", "--basis", "б"], 2),
    ("streets", "carry"): (["streets", "carry", "none", "б"], 2),
    ("streets", "annul"): (["streets", "annul", "none", "б"], 2),
    ("streets", "approve"): (["streets", "approve"], 2),
    ("streets", "reject"): (["streets", "reject", "ні"], 2),
    # Of a register that it makes itself; `test_bench` has it measure.
    ("bench",): (["bench", "--rounds", "0"], 2),
    ("version",): (["version"], 0),
}
AGAIN = {
    "one person replayed": (["replay", "--person", "{person}"], 4),
    "an extract again": (["extract", "--again", "{extract}", "--out", "{out}"], 4),
    "an extract of a home": (
        ["extract", "--dwelling", "Ж-7", "--for", "mortgagee", "--requester", "Б", *SHOWN, "--out", "{out}"],
        4,
    ),
    "in a period": (["ask", "occupancy", "Ж-7", "--from", "2000-01-01", "--json"], 0),
}
ALL_AT_ONCE = [("export",), ("replay",)]
TELLING = [("export",), ("proof",), ("extract",), ("ask", "residence"), ("ask", "occupancy"), ("ask", "moved")]
TELLING += [("ask", "superseded"), ("replay",), *AGAIN]


def typed(world: World, words: list[str], **variables: str) -> tuple[int, str]:
    """The exit status of a command, and all that it wrote: into the terminal and into a file."""
    hromada = Command(**variables, DATABASE_URL=world.url, HROMADA_DATA=str(world.folder / "data"), COLUMNS="200")
    done, out = hromada(*world.named(words)), Path(world.ids["out"])
    written = out.read_bytes() if out.exists() else b""
    out.unlink(missing_ok=True)
    return done.returncode, done.stdout + done.stderr + (text(written) if written[:4] == b"%PDF" else written.decode())


class TestCommands:
    @pytest.fixture(autouse=True)
    def _files(self, world: World) -> None:
        Path(world.ids["keys"]).write_text(json.dumps({"keys": []}))
        for name, head in zip(("dwellings", "persons", "residences"), CARDS, strict=True):
            (world.folder / f"{name}.csv").write_text(head)
        (world.folder / "territories.csv").write_text("code,name,kind,from,until\n")

    def test_each_is_asked(self) -> None:
        assert set(commands()) == set(COMMANDS) and cli.app.registered_groups

    def test_none_tells_of_a_hidden_person(self, denied: World) -> None:
        for name, (words, status) in {**COMMANDS, **AGAIN}.items():
            ended, said = typed(denied, words)
            assert (name, ended) == (name, status), said
            assert (name, leaks(said, own=name[0] == "streets")) == (name, set())
            if status == 4:
                assert ("усіх осіб" if name in ALL_AT_ONCE else "цієї особи") in said, name

    def test_each_tells_whoever_sees_all(self, world: World) -> None:
        for name in TELLING:
            words, _ = {**COMMANDS, **AGAIN}[name]
            ended, said = typed(world, words)
            assert (name, ended) == (name, 0), said
            assert leaks(said), name

    def test_nor_does_a_difference_that_verify_finds(self, denied: World) -> None:
        with psycopg.connect(denied.url, autocommit=True) as connection:
            connection.execute("UPDATE people SET surname = 'Перепис' WHERE surname = 'Щиглевська'")
        ended, said = typed(denied, ["verify"])
        assert ended == 1 and denied.ids["person"] in said and leaks(said) == set()


SEES = {
    **dict.fromkeys(("clerk", "head", "auditor"), (True, True)),
    **{"admin": (False, False), "reader": (False, False), "machine": (True, False)},
}
"""By role: whether somebody of the register is seen, and whether everything."""
ANSWER = {"POST /api/v1/household-answers", "POST /household-answer"}
NAMES_AND_DATES = {"Щиглевська", "Пташина", "Дроздівна", "1987-06-05", "05.06.1987", *ADDRESSES}
"""What an answer to another department may hold of whoever lives there; the address is the one that it typed."""
SEALED = {"surname": "Сипушенко", "given_names": "Сич", "birth_date": "2016-01-02"}
OF_SEALED = {
    "GET her card": Call(at=API + "/persons/{sealed}"),
    "GET her page": Call(at="/persons/{sealed}"),
    "GET her facts": Call(at=API + "/persons/{sealed}/facts"),
    "GET her homes": Call(at=API + "/persons/Сова-3/residences"),
    "POST a search of her": Call({"q": "Сипушенко"}, at=PEOPLE),
    "GET who lived with her": Call(at=API + RESIDENTS + "?from=2000-01-01"),
    "POST an answer about her": Call({**HOUSEHOLD, "applicant": SEALED}, at=API + "/household-answers"),
}


@pytest.fixture(scope="module")
def roles(server: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, World]]:
    """One world, as whoever comes with a key of each role; and somebody in it whose identity is sealed."""
    folder = tmp_path_factory.mktemp("roles")
    for url in _database(server, template="hromada"):
        with opened(url) as registry:
            app = create_app(registry, installation(data=folder / "data", actor_id="clerk-1"))
            world = World(Streets(TestClient(app, raise_server_exceptions=False), registry), url, folder)
            desk, ids = world.desk, world.ids
            ids["sealed"] = desk.person(ref="Сова-3", **SEALED)
            lived = desk.settled(ids["sealed"], ids["home"], "2016-02-01")
            desk.core("deregister_residence", ids["sealed"], residence=lived, until="2018-01-01")
            seal = SealIdentity(person=UUID(ids["sealed"]), basis="рішення", successor=UUID(ids["child"]))
            Clerk(registry, CLERK).act(seal, command=uuid4())
            found = {role: copy(world) for role in ROLES}
            for role, one in found.items():
                one.key = key_of(registry, role, f"{role}-key")
                client = TestClient(app, raise_server_exceptions=False, headers=bearer(one.key))
                one.desk = Desk(client, registry)
            yield found


class TestRoles:
    """The canary once a role, by real keys."""

    @pytest.mark.parametrize("role", ["admin", "reader", "machine"])
    def test_who_sees_nobody_is_told_of_nobody(self, roles: dict[str, World], role: Role) -> None:
        for name, call in {**ROUTES, **MORE, **OF_SEALED}.items():
            answer = asked(roles[role], name, replace(call, headers=None) if call.headers == BY_ADMIN else call)
            said = leaks(told(answer), call.own)
            if name in ANSWER and role == "reader":
                assert answer.status_code == 200 and said and said <= NAMES_AND_DATES, name
            elif role == "machine" and said:
                assert said <= leaks(str(roles[role].named(call.body))), name
            else:
                assert (name, answer.status_code < 500, said) == (name, True, set())

    @pytest.mark.parametrize("role", ["clerk", "head", "auditor"])
    def test_who_reads_the_register_is_told_what_their_role_may_ask(self, roles: dict[str, World], role: Role) -> None:
        refused = 0
        for name, call in {**ROUTES, **MORE}.items():
            if call.tells:
                answer = asked(roles[role], name, call)
                refused += answer.status_code == 403
                assert leaks(told(answer), call.own) or call.of_desk or answer.status_code == 403, name
        assert (refused > 0) == (role != "head")

    @pytest.mark.parametrize("role", ROLES)
    def test_a_command_tells_only_a_role_that_may_type_it(self, roles: dict[str, World], role: Role) -> None:
        for name in TELLING:
            words, _ = {**COMMANDS, **AGAIN}[name]
            command = " ".join(words[:2]) if words[0] == "ask" else words[0]
            ended, said = typed(roles[role], words, HROMADA_KEY=roles[role].key)
            may = role in rights.COMMANDS[command]
            assert (name, ended, bool(leaks(said))) == (name, 0 if may else 2, may), said

    @pytest.mark.parametrize("role", ROLES)
    def test_a_former_identity_is_told_to_no_role_without_a_ground(self, roles: dict[str, World], role: Role) -> None:
        world = roles[role]
        for name, call in OF_SEALED.items():
            said = told(asked(world, name, call))
            assert "Сипушенко" not in said and "Сич" not in said, name
        for ground in seals.GROUNDS:
            headers = {"Access-Ground": ground}
            answer = asked(world, "GET her card", Call(at=API + "/persons/{sealed}", headers=headers))
            opened_to = ground in seals.GROUNDS_OF.get(role, ())
            assert ("Сипушенко" in answer.text, answer.status_code) == (opened_to, 200 if opened_to else 403)


@pytest.fixture
def protected_world(world: World) -> World:
    """The same, where the address of the canary and of the newcomer is protected; its desk is that of the test's
    actor, who has every role."""
    for number, person in enumerate(world.hidden):
        fact = AddressProtected(mark=uid(number), basis="рішення суду", since="2024-01-01")
        after = world.desk.registry.person(UUID(person)).version
        world.desk.registry.append([(UUID(person), [fact], after)], by=CLERK, command=uuid4())
    return world


def comes_as(world: World, role: Role) -> None:
    """From now on the world is asked with a key of this role alone."""
    world.key = key_of(world.desk.registry, role, f"{role}-key")
    world.desk.client.headers |= bearer(world.key)


class TestAProtectedAddress:
    """The canary where a mark hides her, by real keys: a role that sees her is told, any other is not."""

    @pytest.mark.parametrize("role", ["clerk", "machine"])
    def test_hides_her_from_every_route(self, protected_world: World, role: Role) -> None:
        world = protected_world
        comes_as(world, role)
        for name, call in {**ROUTES, **MORE}.items():
            answer = asked(world, name, replace(call, headers=None) if call.headers == BY_ADMIN else call)
            said = leaks(told(answer), call.own)
            if name in ANSWER:
                assert said <= set(ADDRESSES), name
            elif role == "machine" and said:
                assert said <= leaks(str(world.named(call.body))), name
            else:
                assert (name, answer.status_code < 500, said) == (name, True, set()), answer.text
            if role == "clerk" and call.status == 403:
                assert answer.status_code == 403, name

    @pytest.mark.parametrize("role", sorted(protected.PROTECTED_SEEN_BY))
    def test_does_not_from_who_may_see_her(self, protected_world: World, role: Role) -> None:
        comes_as(protected_world, role)
        for name, call in {**ROUTES, **MORE}.items():
            if call.tells and name not in ANSWER:
                answer = asked(protected_world, name, call)
                assert leaks(told(answer), call.own) or call.of_desk or answer.status_code in (403, 409), name

    def test_hides_her_from_every_command_of_a_clerk(self, protected_world: World) -> None:
        comes_as(protected_world, "clerk")
        for name in TELLING:
            words, _ = {**COMMANDS, **AGAIN}[name]
            ended, said = typed(protected_world, words, HROMADA_KEY=protected_world.key)
            assert (name, ended < 5, leaks(said)) == (name, True, set()), said


class TestWhoIsNotNamedById:
    def test_an_extract_that_does_not_say_whom_it_shows_is_for_who_sees_everything(self) -> None:
        said = {"year": 2026, "number": 1, "code": "", "on": "2026-01-01", "read_at": 1, "history": False}
        asked = ExtractRequested(person=None, dwelling=uid(7), basis="", requester="", content={}, **said)
        assert content.is_seen(asked, viewer.OPEN) and not content.is_seen(asked, Denies())

    def test_an_owner_without_an_id_is_no_person_of_the_register(self) -> None:
        facts = entries([OwnersRecorded(owners=(Owner(name="Інша Власниця"),))])
        assert viewer.shown_owners(facts, Denies()) == facts

    def test_a_fault_about_a_hidden_person_says_nothing_of_them(self, world: World) -> None:
        named = {"person": world.ids["person"], "residence": world.ids["residence"]}
        [said] = errors.told(
            world.desk.registry, [Fault("carried-before-since", "since", named)], None, seen_by=Denies(*world.hidden)
        )
        assert "named" not in said and f"{viewer.HIDDEN}, {viewer.HIDDEN}" in said["detail"]


def test_of_several_roles_the_one_that_sees_most_counts_and_the_program_itself_sees_all() -> None:
    for role in ROLES:
        seen = viewer.viewer_of(Who(actor=CLERK, roles=frozenset({role})))
        assert (seen.sees(uid(1)), seen.sees_everything) == SEES[role], role
    assert viewer.viewer_of(Who(actor=CLERK, roles=frozenset({"reader", "clerk"}))) is viewer.OPEN
    assert viewer.viewer_of(NOBODY) is viewer.NOBODY and viewer.viewer_of(CLERK) is viewer.OPEN


def test_what_a_clerk_may_see_is_asked_of_the_same_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    denies = Denies()
    who = Who(actor=CLERK, roles=frozenset({"clerk"}))
    monkeypatch.setattr(viewer, "viewer_of", lambda asking: denies if asking == who else viewer.OPEN)
    assert Clerk(world.desk.registry, CLERK, who=who).viewer is denies
