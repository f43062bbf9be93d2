"""The JSON API on a real database: every act once, every bad input, nothing echoed, nothing changed by a refusal."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from clocks import desk_clock
from given import installation
from starlette.testclient import TestClient

from api.main import create_app
from api.rights import ROUTES
from registry.aggregates.facts import FACTS
from registry.aggregates.person.events import ParticularsCorrected
from registry.aggregates.values import Actor
from registry.app import Act, Registry
from registry.opening import opened
from registry.questions import find_dwelling

API = "/api/v1"
NOBODY = "00000000-0000-4000-8000-000000000000"
SECRET = "Таємниця"
"""Part of what is typed in bad requests: no answer may repeat it."""

BODILESS = {"/api/v1/applications/{application}/approval", "/api/v1/visits/{visit}/end"}
"""Where there is nothing to say but yes."""


class Desk:
    """A client of one register, with the words that tests need."""

    def __init__(self, client: TestClient, registry: Registry):
        self.client, self.registry, self.clock = client, registry, desk_clock(registry)

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(API + path, params=params)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.clock.on_its_day(body or {} if path.startswith("/applications") else {}):
            return self.client.post(API + path, json=body or {}, headers=named)

    def act(self, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        answer = self.post(path, body, **headers)
        if answer.status_code == 409 and path in ("/persons", "/applications"):
            answer = self.post(path, as_others(body, answer.json()), **headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def person(self, ref: str | None = None, **particulars: Any) -> str:
        said = {"surname": "Вигадана", "given_names": "Оксана", "birth_date": "1990-05-04", **particulars}
        return self.act("/persons", {"particulars": said, "ref": ref, "confirmed": True})["person"]

    def dwelling(self, house: str = "7", **more: Any) -> str:
        address = {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": house}
        return self.act("/dwellings", {"address": address, "kind": "private", "confirmed": True, **more})["dwelling"]

    def core(self, act: str, person: str, **said: Any) -> Act:
        """An act of the register itself, which no route is for: how somebody came to stand where a test begins."""
        said = {name: UUID(value) if name in ("residence", "dwelling") else value for name, value in said.items()}
        clerk = Clerk(self.registry, Actor("local", "Реєстратор Вигадана О. О."))
        return getattr(clerk, act)(UUID(person), command=uuid4(), **said)

    def settled(self, person: str, dwelling: str, since: str = "2010-07-15", **more: Any) -> str:
        home = find_dwelling(self.registry, dwelling, self.registry.position())
        said = {"kind": "registered", "dwelling": str(home), "since": since, **more}
        act = self.core("settle", person, **said)
        return str(next(entry for entry in act.entries if entry.stream == UUID(person)).fact.residence)

    def refused(self, path: str, body: Any, status: int = 422, **headers: str) -> dict[str, Any]:
        """A refusal: a problem in Ukrainian that echoes nothing and changes nothing."""
        before = self.registry.position()
        answer = self.post(path, body, **headers)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert self.registry.position() == before
        assert SECRET not in answer.text and SECRET.encode("unicode_escape").decode() not in answer.text
        problem = answer.json()
        assert problem["type"].startswith("/problems/") and problem["status"] == status
        assert all(has_cyrillic(text) for text in (problem["title"], problem["detail"]))
        assert all(has_cyrillic(one["detail"]) and one["code"] for one in problem["errors"])
        return problem

    def residences(self, person: str, **times: Any) -> list[dict[str, Any]]:
        return self.get(f"/persons/{person}/residences", **times).json()["answer"]


@pytest.fixture
def desk(database_url: str, tmp_path: Any) -> Iterator[Desk]:
    with opened(database_url) as registry:
        settings = installation(data=tmp_path, actor_name="Реєстратор Вигадана О. О.", second_person=False)
        with TestClient(create_app(registry, settings), raise_server_exceptions=True) as client:
            yield Desk(client, registry)


def as_others(body: dict[str, Any], problem: dict[str, Any]) -> dict[str, Any]:
    """The same body once it is said that whoever looks like a newcomer is another person."""
    alike = [one["named"]["person"] for one in problem["errors"] if one["code"] == "perhaps-the-same"]
    said = {"distinct_from": alike, "distinct_reason": "паспорти звірено"}
    if "register" not in body:
        return {**body, **said}

    def told(part: dict[str, Any]) -> dict[str, Any]:
        people = [{**one, **said} if one.get("particulars") else one for one in part["register"].get("persons", ())]
        return {**part, "register": {**part["register"], "persons": people}}

    return told({**body, **({"children": list(map(told, body["children"]))} if "children" in body else {})})


def has_cyrillic(text: str) -> bool:
    return any("а" <= char <= "я" or char in "іїєґ" for char in text.lower())


def codes(problem: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one["code"], one["field"]) for one in problem["errors"]]


class TestRoutes:
    def test_every_operation_is_described_in_ukrainian_with_examples(self, desk: Desk) -> None:
        schema = desk.get("/openapi.json").json()
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                assert has_cyrillic(operation["summary"]), path
                if method == "post" and path not in BODILESS:
                    example = operation["requestBody"]["content"]["application/json"]["example"]
                    assert example or path.endswith("/drawn"), path  # it asks nothing
                assert path not in BODILESS or "requestBody" not in operation
                if "202" in operation["responses"]:
                    example = operation["responses"]["202"]["content"]["application/json"]["example"]
                    asked_for = {**example, **example.get("decision", {})}["asked_for"]
                    assert example["status"] == "awaiting-approval" and asked_for in FACTS
                ok = operation["responses"].get("201") or operation["responses"]["200"]
                assert "application/pdf" in ok["content"] or ok["content"]["application/json"]["example"], path
        assert "HTTPValidationError" not in json.dumps(schema["paths"])

    def test_health(self, desk: Desk) -> None:
        assert desk.client.get("/healthz").json() == {"status": "ok"}
        assert desk.client.get("/readyz").json() == {"status": "ready", "position": 0}

    def test_without_a_database_it_is_not_ready(self, database_url: str) -> None:
        registry = opened(database_url)
        registry.datastore.pool_open_timeout = 1
        registry.close()
        answer = TestClient(create_app(registry, installation()), raise_server_exceptions=False).get("/readyz")
        assert answer.status_code in (500, 503) and "problem+json" in answer.headers["content-type"]


def routes_of(app: Any) -> set[str]:
    """`METHOD /path` of everything that the application answers."""
    found = set()
    for path, operations in app.openapi()["paths"].items():
        found |= {f"{method.upper()} {path}" for method in operations}
    pending = list(app.routes)
    while pending:
        route = pending.pop()
        if hasattr(route, "path"):
            methods = (getattr(route, "methods", None) or {"GET"}) - {"HEAD"}
            found |= {f"{method} {route.path}" for method in methods}
        else:
            pending += route.original_router.routes
    return found


class TestActs:
    def test_a_new_person_and_their_first_residence(self, desk: Desk) -> None:
        home = desk.dwelling()
        answer = desk.post("/persons", {"particulars": {"surname": "Вигадана", "birth_date": "04.05.1990"}})
        assert answer.status_code == 201
        said = answer.json()
        assert said["position"] == 2 and said["version"] == 1 and said["facts"] == [2]
        assert answer.headers["location"] == f"{API}/persons/{said['person']}" and answer.headers["etag"] == '"1"'
        settled = desk.settled(said["person"], home, kind="declared")
        row = desk.residences(said["person"])[0]
        assert (row["residence_id"], row["kind"], row["since"]) == (settled, "declared", "2010-07-15")
        read = desk.get(f"/persons/{said['person']}")
        assert read.headers["etag"] == '"2"' and read.json()["particulars"]["birth_date"] == "1990-05-04"

    def test_a_past_residence_a_deregistration_and_taking_it_back(self, desk: Desk) -> None:
        person, home, old = desk.person(), desk.dwelling(), desk.dwelling("9")
        past = {"kind": "registered", "dwelling": old, "since": "2001", "until": "2010-07-15"}
        desk.act(f"/persons/{person}/past-residences", past)
        residence = desk.settled(person, home)
        desk.core("deregister_residence", person, residence=residence, until="2018-03-15", ground="заява")
        assert [(row["since"], row["until"]) for row in desk.residences(person, **{"from": "2000-01-01"})] == [
            ("2010-07-15", "2018-03-15"),
            ("2001-01-01", "2010-07-15"),
        ]
        assert desk.residences(person) == []
        desk.act(f"/persons/{person}/deregistration-annulment", {"basis": "рішення суду", "residence": residence})
        assert desk.residences(person)[0]["until"] is None

    def test_correcting_and_annulling(self, desk: Desk) -> None:
        person, home, other = desk.person(), desk.dwelling(), desk.dwelling("9")
        first = desk.settled(person, home)
        second = desk.settled(person, other, "2020-01-01")
        desk.act(
            f"/persons/{person}/residences/{first}/correction", {"since": "2010-07-16", "reason": "описка", "until": ""}
        )
        desk.act(f"/persons/{person}/residences/{second}/annulment", {"basis": "рішення суду", "revives": True})
        assert [(row["residence_id"], row["since"]) for row in desk.residences(person)] == [(first, "2010-07-16")]

    def test_death_its_annulment_and_withdrawal(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        desk.core("record_death", person, registered_on="2021-02-03")
        assert desk.get(f"/persons/{person}").json()["death"] == {"registered_on": "2021-02-03"}
        desk.act(f"/persons/{person}/death-annulment", {"basis": "смерть тезки"})
        assert len(desk.residences(person)) == 1
        desk.act(f"/persons/{person}/withdrawal", {"reason": "внесено двічі"})
        assert desk.get(f"/persons/{person}").status_code == 404
        facts = desk.get(f"/persons/{person}/facts").json()["facts"]
        assert [fact["name"] for fact in facts][-1] == "entry-withdrawn" and has_cyrillic(facts[0]["label_uk"])
        again = desk.act("/persons", {"particulars": {"surname": "Вигадана"}, "person": person})
        assert again["person"] == person and again["version"] == 6

    def test_particulars_change_or_are_corrected(self, desk: Desk) -> None:
        person = desk.person(patronymic="Тестівна")
        desk.core("change_particulars", person, corrects=False, changes={"surname": "Придумана"}, basis="шлюб")
        desk.act(
            f"/persons/{person}/particulars-correction",
            {"changes": {"patronymic": None}, "documents": [{"number": "1"}], "basis": "паспорт"},
        )
        read = desk.get(f"/persons/{person}").json()
        assert read["particulars"]["surname"] == "Придумана" and read["particulars"]["patronymic"] is None
        assert read["documents"][0]["number"] == "1" and read["former"][0]["surname"] == "Вигадана"
        assert desk.post("/search/people", {"q": "вигадана"}).json()["people"][0]["former_names"]

    def test_an_occupied_address(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        residence = desk.settled(person, home)
        desk.core("note_occupied_address", person, list_entry="II.4", residence=residence)
        assert desk.residences(person)[0]["kept"] is True
        desk.settled(person, desk.dwelling("9"), "2023-01-01")
        assert {row["kept"] for row in desk.residences(person)} == {True, False}
        desk.core("note_occupied_address", person, list_entry="II.5", address="м. Неіснуюче")
        assert len(desk.get(f"/persons/{person}").json()["occupied_addresses"]) == 2

    def test_a_dwelling_renamed_corrected_and_readdressed(self, desk: Desk) -> None:
        person, home, new = desk.person(), desk.dwelling(ref="Ж-1"), desk.dwelling("7-А", ref="Ж-2")
        residence = desk.settled(person, "Ж-1")
        address = {"settlement": "смт Вигадівка", "street": "вул. Вільна", "house": "7"}
        desk.act("/dwellings/Ж-1/names", {"address": address, "since": "2020-01-01"})
        desk.act(f"/dwellings/{home}/correction", {"address": address, "kind": "dormitory_other", "reason": "описка"})
        act = desk.act("/dwellings/Ж-1/readdressing", {"successor": "Ж-2", "since": "2022-01-01", "reason": "поділ"})
        assert act["dwelling"] == home and act["version"] == 4 and len(act["facts"]) == 2
        read = desk.get(f"/dwellings/{home}")
        assert read.headers["etag"] == '"4"' and read.json()["successor"]["successor"] == new
        assert len(read.json()["names"]) == 2
        row = desk.residences(person)[0]
        assert row["carried"] and row["dwelling_ref"] == "Ж-2"
        assert [one["person_id"] for one in desk.get("/dwellings/Ж-2/residents").json()["answer"]] == [person]
        desk.act(f"/persons/{person}/residences/{row['residence_id']}/carry-over-annulment", {"basis": "помилка"})
        assert desk.residences(person)[0]["residence_id"] == residence

    def test_an_extract_and_its_document(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        key = str(uuid4())
        issued = desk.post(f"/persons/{person}/extracts", {"history": True}, Idempotency_Key=key)
        assert issued.status_code == 201 and len(issued.json()["residences"]) == 1
        document = desk.client.get(issued.headers["location"])
        assert document.headers["content-type"] == "application/pdf" and document.content.startswith(b"%PDF")
        again = desk.post(f"/persons/{person}/extracts", {"history": True}, Idempotency_Key=key)
        assert again.headers["idempotency-replayed"] == "true" and again.json() == issued.json()
        moment = desk.get(f"/persons/{person}/facts").json()["facts"][0]["recorded_at"]
        for other in ({}, {"history": True, "on": "2020-01-01"}, {"history": True, "known_at": moment}):
            problem = desk.refused(f"/persons/{person}/extracts", other, Idempotency_Key=key)
            assert problem["type"] == "/problems/key-reused"
        assert desk.get("/extracts/2020/000000001/document").status_code == 404
        assert desk.get("/extracts/x/y/document").status_code == 404
        assert desk.refused(f"/persons/{person}/extracts", {"on": "2199-01-01"})["type"] == "/problems/cannot-issue"
        desk.refused(f"/persons/{person}/extracts", {"on": SECRET})
        desk.refused(f"/persons/{person}/extracts", {"known_at": SECRET})


class TestQuestions:
    def test_both_times(self, desk: Desk) -> None:
        assert desk.get(f"/persons/{NOBODY}/residences").json()["answer"] == "реєстр ще не вівся"
        person = desk.person(ref="К-1")
        residence = desk.settled(person, desk.dwelling())
        moment = desk.get(f"/persons/{person}/facts").json()["facts"][0]["recorded_at"]
        assert len(desk.residences(person, on="2015-01-01")) == 1
        known = desk.get(f"/persons/{person}/residences", on="01.01.2015", known_at=moment).json()
        assert known["answer"] == [] and known["position"] == 1 and known["on"] == "2015-01-01"
        assert desk.residences(person, until="2010-07-15") == []
        assert desk.residences(person)[0]["residence_id"] == residence
        assert desk.get("/moved", least=1).json()["answer"][0]["residences"] == 1

    @pytest.mark.parametrize(
        "params",
        [
            {"on": "2024-13-01"},
            {"on": "2024-01-01", "from": "2020-01-01"},
            {"from": "2020-01-01", "until": "2020-01-01"},
            {"known_at": "2199-01-01"},
            {"known_at": SECRET},
            {"on": SECRET},
            {"unknown": SECRET},
            {SECRET: "1"},
        ],
    )
    def test_bad_times(self, desk: Desk, params: dict[str, str]) -> None:
        person = desk.person()
        answer = desk.get(f"/persons/{person}/residences", **params)
        assert answer.status_code == 422 and SECRET not in answer.text and has_cyrillic(answer.json()["detail"])

    def test_search_pages_by_key(self, desk: Desk) -> None:
        names = ["Ґава", "Гай", "Єрмак", "Їжак", "Яр"]
        for name in reversed(names):
            desk.person(surname=name, unzr=None)
        seen, after = [], None
        while True:
            answer = desk.post("/search/people", {"q": "04.05.1990", "limit": 2, "after": after}).json()
            seen += [row["surname"] for row in answer["people"]]
            after = answer["next"]
            if after is None:
                break
        assert seen == ["Гай", "Ґава", "Єрмак", "Їжак", "Яр"]
        assert desk.refused("/search/people", {"q": "x", "after": SECRET})["errors"][0]["field"] == "after"
        assert desk.refused("/search/people", {"limit": 0})["errors"][0]["field"] == "limit"

    def test_search_by_numbers_and_by_address(self, desk: Desk) -> None:
        person = desk.person(unzr="19900504-00018", rnokpp="3299712345")
        desk.settled(person, desk.dwelling())
        for q in ("19900504-00018", "3299712345", "dbuflfyf", "vyhadana oksana"):
            found = desk.post("/search/people", {"q": q}).json()["people"]
            assert [row["id"] for row in found] == [person] and found[0]["address"].endswith("буд. 7")
        assert len(desk.post("/search/dwellings", {"q": "калинова 7"}).json()["dwellings"]) == 1
        nobody = {"people": [], "next": None, "total": 0, "total_exact": True}
        assert desk.post("/search/people", {"q": " "}).json() == nobody

    def test_a_url_never_carries_unzr(self, desk: Desk) -> None:
        desk.person(unzr="19900504-00018")
        answer = desk.get("/persons/19900504-00018")
        assert answer.status_code == 400 and answer.json()["type"] == "/problems/unzr-in-url"
        assert "19900504" not in answer.text


class TestRefusals:
    """What stands in the way is said in Ukrainian, with its field; nothing is changed, nothing echoed."""

    @pytest.mark.parametrize(
        ("body", "wanted"),
        [
            ({"until": None}, [("until-missing", "until")]),
            ({"since": "2199-01-01", "until": "2199"}, [("date-in-future", "since"), ("date-in-future", "until")]),
            ({"since": "1980-01-01"}, [("before-birth", "since")]),
            ({"since": SECRET}, [("not-a-date", "since")]),
            ({"since": "2020-02-30"}, [("not-a-date", "since")]),
            ({"since": "31.02.2020"}, [("not-a-date", "since")]),
            ({"since": "2020-01-01", "dwelling": SECRET}, [("dwelling-unknown", "dwelling")]),
            (
                {"since": "1980-01-01", "dwelling": NOBODY},
                [("dwelling-unknown", "dwelling"), ("before-birth", "since")],
            ),
            ({"since": "2020-01-01", "kind": SECRET}, [("kind-unknown", "kind")]),
            ({"since": "2020-01-01", "kind": 7}, [("not-a-text", "kind")]),
            ({"since": "2020-01-01", "confirmed": "так"}, [("not-a-boolean", "confirmed")]),
            ({"since": "2020-01-01", SECRET: SECRET}, [("field-unknown", None)]),
            ({"since": "2020-01-01", "basis": SECRET * 100}, [("text-too-long", "basis")]),
            ({"since": "2020-01-01", "basis": SECRET + "\0"}, [("text-broken", "basis")]),
            ({"since": "2020-01-01", "basis": SECRET + "\x07x"}, [("text-broken", "basis")]),
            ({"since": "2020-01-01", "basis": SECRET + "\u202e"}, [("text-broken", "basis")]),
        ],
    )
    def test_a_residence(self, desk: Desk, body: dict[str, Any], wanted: list[Any]) -> None:
        person, home = desk.person(), desk.dwelling()
        past = {"kind": "registered", "dwelling": home, "until": "2020-02-02", **body}
        problem = desk.refused(f"/persons/{person}/past-residences", past)
        assert codes(problem) == wanted
        assert problem["type"] == f"/problems/{wanted[0][0] if len(wanted) == 1 else 'several-faults'}"

    def test_half_a_character(self, desk: Desk) -> None:
        body = b'{"particulars": {"surname": "\\ud800"}}'
        answer = desk.client.post(API + "/persons", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422
        assert codes(answer.json()) == [("text-broken", "particulars.surname")]

    def test_after_a_death(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        desk.core("record_death", person, registered_on="2021-02-03")
        past = {"kind": "registered", "dwelling": home, "since": "2020-01-01", "until": "2022-01-01"}
        assert codes(desk.refused(f"/persons/{person}/past-residences", past)) == [("ends-after-death", "until")]

    def test_an_end_before_the_start(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        residence = desk.settled(person, home)
        place = f"/persons/{person}/residences/{residence}"
        past = {"kind": "registered", "dwelling": home, "since": "2005-01-01", "until": "2004-01-01"}
        assert codes(desk.refused(f"/persons/{person}/past-residences", past)) == [("ends-before-start", "until")]
        assert codes(desk.refused(place + "/correction", {"until": "2009", "reason": "описка"})) == [
            ("ends-before-start", "until")
        ]

    def test_an_overlap_names_the_residence(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        desk.settled(person, home)
        past = {"kind": "registered", "dwelling": home, "since": "2011-01-01", "until": "2012-01-01"}
        problem = desk.refused(f"/persons/{person}/past-residences", past)
        assert codes(problem) == [("overlaps", "since")]
        assert "вул. Калинова, буд. 7" in problem["detail"] and "15.07.2010" in problem["detail"]

    @pytest.mark.parametrize(
        ("particulars", "wanted"),
        [
            ({}, ("name-missing", "surname")),
            ({"surname": " "}, ("name-missing", "surname")),
            ({"surname": "А", "birth_date": "2199"}, ("date-in-future", "birth_date")),
            ({"surname": "А", "birth_date": "вчора " + SECRET}, ("not-a-date", "particulars.birth_date")),
            ({"surname": "А", "unzr": SECRET}, ("unzr-shape", "particulars.unzr")),
            ({"surname": "А", "rnokpp": "12"}, ("rnokpp-shape", "particulars.rnokpp")),
            ({"surname": "А", "sex": SECRET}, ("value-unknown", "particulars.sex")),
            ({"surname": ["А"]}, ("not-a-text", "particulars.surname")),
            (SECRET, ("not-an-object", "particulars")),
        ],
    )
    def test_a_person(self, desk: Desk, particulars: Any, wanted: tuple[str, str]) -> None:
        assert codes(desk.refused("/persons", {"particulars": particulars})) == [wanted]

    def test_unzr_is_taken(self, desk: Desk) -> None:
        desk.person(unzr="19900504-00018")
        body = {"particulars": {"surname": "А", "unzr": "19900504-00018"}, "confirmed": True}
        assert codes(desk.refused("/persons", body)) == [("unzr-taken", "unzr")]

    @pytest.mark.parametrize(
        ("path", "body", "wanted"),
        [
            ("/residences/{r}/correction", {}, ("reason-missing", "reason")),
            ("/residences/{r}/annulment", {"revives": True}, ("basis-missing", "basis")),
            ("/residences/{r}/annulment", {"basis": "суд"}, ("missing", "revives")),
            (
                "/residences/{r}/annulment",
                {"basis": "суд", "revives": False, "revived_until": "2020"},
                ("nobody-revives",),
            ),
            ("/residences/{r}/carry-over-annulment", {"basis": "суд"}, ("not-carried-over", "residence")),
            (
                f"/residences/{NOBODY}/correction",
                {"since": "2020-01-01", "reason": "описка"},
                ("residence-unknown", "residence"),
            ),
            ("/deregistration-annulment", {"basis": "суд"}, ("no-deregistration", None)),
            ("/death-annulment", {"basis": "суд"}, ("no-death", None)),
            ("/particulars-correction", {"basis": "паспорт"}, ("nothing-changed", "changes")),
            ("/particulars-correction", {"changes": {"surname": "Б"}}, ("basis-missing", "basis")),
            ("/particulars-correction", {"corrects": False, "basis": "шлюб"}, ("field-unknown", "corrects")),
            ("/withdrawal", {}, ("reason-missing", "reason")),
        ],
    )
    def test_every_other_act(self, desk: Desk, path: str, body: dict[str, Any], wanted: tuple[str, ...]) -> None:
        person = desk.person()
        residence = desk.settled(person, desk.dwelling())
        problem = desk.refused(f"/persons/{person}" + path.format(r=residence), body)
        assert codes(problem)[0][: len(wanted)] == wanted

    def test_dwellings(self, desk: Desk) -> None:
        home = desk.dwelling()
        assert codes(desk.refused("/dwellings", {})) == [("address-missing", "address")]
        assert codes(desk.refused("/dwellings", {"address": {"house": "1"}, "kind": SECRET})) == [
            ("kind-unknown", "kind")
        ]
        assert codes(desk.refused("/dwellings", {"address": {"katottg": SECRET}})) == [
            ("katottg-shape", "address.katottg")
        ]
        bad = {"address": {"house": "1"}, "since": "2199-01-01"}
        assert codes(desk.refused(f"/dwellings/{home}/names", bad)) == [("date-in-future", "since")]
        body = {"successor": NOBODY, "since": "2020-01-01", "reason": "поділ"}
        assert codes(desk.refused(f"/dwellings/{home}/readdressing", body)) == [("dwelling-unknown", "successor")]
        body = {"successor": home, "since": "2020-01-01", "reason": "поділ"}
        assert codes(desk.refused(f"/dwellings/{home}/readdressing", body)) == [("same-dwelling", "successor")]
        assert codes(desk.refused("/dwellings/" + home + "/correction", {"reason": ""}))[0] == (
            "reason-missing",
            "reason",
        )

    @pytest.mark.parametrize("id", [NOBODY, "К-404", "%00", "%ED%A0%80", "а" * 300])
    def test_nobody_and_nowhere(self, desk: Desk, id: str) -> None:
        desk.dwelling()
        for path in (f"/persons/{id}", f"/persons/{id}/residences", f"/persons/{id}/facts", f"/dwellings/{id}"):
            answer = desk.client.get(API + path)
            assert answer.status_code == 404 and answer.json()["type"] == "/problems/not-found", path
        desk.refused(f"/persons/{id}/withdrawal", {"reason": "двічі"}, status=404)
        assert desk.post(f"/persons/{desk.dwelling('8')}/withdrawal", {"reason": "двічі"}).status_code == 404

    def test_another_aggregate_is_not_a_person_nor_a_dwelling(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        assert codes(desk.refused("/persons", {"particulars": {"surname": "А"}, "person": home})) == [
            ("person-unknown", "person")
        ]
        body = {"kind": "stay", "dwelling": person, "since": "2020-01-01", "until": "2021-01-01"}
        assert codes(desk.refused(f"/persons/{person}/past-residences", body)) == [("dwelling-unknown", "dwelling")]


class TestConfirmation:
    def test_it_is_asked_and_given(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        desk.settled(person, home, "2020-01-01")
        later = desk.settled(person, desk.dwelling("9"), "2021-01-01")
        body = {"since": "2019-01-01", "reason": "описка"}
        problem = desk.refused(f"/persons/{person}/residences/{later}/correction", body, 409)
        assert problem["type"] == "/problems/confirmation-needed" and "буд. 7" in problem["errors"][0]["detail"]
        desk.act(f"/persons/{person}/residences/{later}/correction", {**body, "confirmed": True})
        assert len(desk.residences(person, until="2030-01-01")) == 1

    def test_readdressing_names_everybody_carried_before_their_start(self, desk: Desk) -> None:
        person, home, new = desk.person(), desk.dwelling(), desk.dwelling("9")
        desk.settled(person, home, "2020-01-01")
        body = {"successor": new, "since": "2019-01-01", "reason": "поділ"}
        problem = desk.refused(f"/dwellings/{home}/readdressing", body, 409)
        assert problem["errors"][0]["named"]["person"] == person and "01.01.2020" in problem["errors"][0]["detail"]
        desk.act(f"/dwellings/{home}/readdressing", {**body, "confirmed": True})


class TestRepeating:
    def acts(self, desk: Desk) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
        """(path, body, another body) of each act in an order in which all are possible."""
        person, _, other = desk.person(ref="К-1"), desk.dwelling(ref="Ж-1"), desk.dwelling("9", ref="Ж-2")
        where = f"/persons/{person}"
        particulars = {"surname": "Придумана"}
        yield "/persons", {"particulars": particulars}, {"particulars": {"surname": "Інша"}}
        yield "/dwellings", {"address": {"house": "1"}}, {"address": {"house": "2"}}
        residence = desk.settled(person, "Ж-1")
        body = {"kind": "stay", "dwelling": other, "since": "2001", "until": "2009"}
        yield where + "/past-residences", body, {**body, "until": "2008"}
        desk.core("deregister_residence", person, residence=residence, until="2018-03-15")
        yield where + "/deregistration-annulment", {"basis": "суд"}, {"basis": "інше"}
        right = f"{where}/residences/{residence}/correction"
        yield right, {"since": "2010-07-17", "reason": "описка"}, {"since": "2010-07-18", "reason": "описка"}
        body = {"changes": {"surname": "Б"}, "basis": "паспорт"}
        yield where + "/particulars-correction", body, {**body, "changes": {"surname": "Б", "patronymic": "В"}}
        desk.core("record_death", person, registered_on="2021")
        yield where + "/death-annulment", {"basis": "тезка"}, {"basis": "інше"}
        yield (
            "/dwellings/Ж-1/names",
            {"address": {"house": "1"}, "since": "2020"},
            {"address": {"house": "1"}, "since": "2021"},
        )
        body = {"address": {"house": "3"}, "reason": "описка"}
        yield "/dwellings/Ж-1/correction", body, {**body, "kind": "private"}
        body = {"owners": [{"name": "Власник Вигаданий"}], "basis": "витяг № 1"}
        yield "/dwellings/Ж-1/owners", body, {**body, "basis": "витяг № 2"}
        body = {"kind": "mortgage", "number": "99-1"}
        yield "/dwellings/Ж-1/encumbrances", body, {**body, "until": "2024-01-01"}
        body = {"number": "14", "tenant": "Орендар Вигаданий", "basis": "договір № 14"}
        yield "/dwellings/Ж-1/leases", body, {**body, "until": "2030-01-01"}
        body = {"successor": "Ж-2", "since": "2022-01-01", "reason": "поділ"}
        yield "/dwellings/Ж-1/readdressing", body, {**body, "reason": "інша"}
        carried = desk.residences(person)[0]["residence_id"]
        undo = f"{where}/residences/{carried}/carry-over-annulment"
        yield undo, {"basis": "помилка"}, {"basis": "інша"}
        void = f"{where}/residences/{residence}/annulment"
        yield void, {"basis": "суд", "revives": True, "confirmed": True}, {"basis": "суд", "revives": False}
        yield "/persons/К-1/withdrawal", {"reason": "двічі"}, {"reason": "інша"}

    def test_a_repeated_key_returns_the_first_result_and_only_for_the_same_act(self, desk: Desk) -> None:
        for path, body, other in self.acts(desk):
            key = str(uuid4())
            first = desk.post(path, body, Idempotency_Key=key)
            assert first.status_code == 201, (path, first.text)
            again = desk.post(path, body, Idempotency_Key=key)
            assert (again.status_code, again.json()) == (200, first.json()), path
            assert again.headers["idempotency-replayed"] == "true"
            problem = desk.refused(path, other, Idempotency_Key=key)
            assert problem["type"] == "/problems/key-reused", path

    def test_a_key_of_another_stream_or_act(self, desk: Desk) -> None:
        person, other, key = desk.person(), desk.person(), str(uuid4())
        desk.act(f"/persons/{person}/withdrawal", {"reason": "двічі"}, Idempotency_Key=key)
        for path in (f"/persons/{other}/withdrawal", f"/persons/{NOBODY}/withdrawal"):
            assert desk.refused(path, {"reason": "двічі"}, Idempotency_Key=key)["type"] == "/problems/key-reused"
        body = {"particulars": {"surname": "А"}}
        assert desk.refused("/persons", body, Idempotency_Key=key)["type"] == "/problems/key-reused"

    def test_a_bad_key(self, desk: Desk) -> None:
        body = {"particulars": {"surname": "А"}}
        assert desk.refused("/persons", body, 400, Idempotency_Key="abc")["type"] == "/problems/bad-header"


class TestVersions:
    def test_a_stale_version_is_412_and_says_who_and_when(self, desk: Desk) -> None:
        person = desk.person()
        body = {"reason": "двічі"}
        desk.act(f"/persons/{person}/particulars-correction", {"changes": {"surname": "Б"}, "basis": "паспорт"})
        problem = desk.refused(f"/persons/{person}/withdrawal", body, 412, If_Match='"1"')
        assert "Реєстратор Вигадана О. О." in problem["detail"]
        assert any(part.count(".") == 2 for part in problem["detail"].split())
        desk.act(f"/persons/{person}/withdrawal", body, If_Match='"2"')

    def test_of_a_dwelling_too(self, desk: Desk) -> None:
        home, new = desk.dwelling(), desk.dwelling("9")
        body = {"address": {"house": "1"}, "since": "2020"}
        desk.act(f"/dwellings/{home}/names", body, If_Match='"1"')
        desk.refused(f"/dwellings/{home}/names", body, 412, If_Match='"1"')
        desk.refused(f"/dwellings/{home}/correction", {"address": {"house": "5"}, "reason": "x"}, 412, If_Match='"1"')
        body = {"successor": new, "since": "2020-01-01", "reason": "поділ"}
        desk.refused(f"/dwellings/{home}/readdressing", body, 412, If_Match='"9"')

    @pytest.mark.parametrize("header", ["1", '""', 'W/"1"', '"1", "2"', '"x"', '"-1"', '"²"'])
    def test_a_malformed_header(self, desk: Desk, header: str) -> None:
        path = f"/persons/{desk.person()}/withdrawal"
        before = desk.registry.position()
        answer = desk.client.post(API + path, json={"reason": "двічі"}, headers={b"If-Match": header.encode()})
        assert answer.status_code == 400 and desk.registry.position() == before

    def test_a_race_without_a_version_is_409(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        person = desk.person()
        rival = Clerk(desk.registry, Actor("2", "Суперник"))
        seen = Registry.person

        def read_then_lose(registry: Registry, id: Any) -> Any:
            state = seen(registry, id)
            monkeypatch.setattr(Registry, "person", seen)
            changes = {"surname": "Б"}
            rival.change_particulars(id, command=uuid4(), corrects=True, changes=changes, basis="паспорт")
            return state

        monkeypatch.setattr(Registry, "person", read_then_lose)
        answer = desk.post(f"/persons/{person}/withdrawal", {"reason": "двічі"})
        assert answer.status_code == 409 and "Суперник" in answer.json()["detail"]
        assert isinstance(desk.registry.entries(UUID(person))[-1].fact, ParticularsCorrected)


class TestHttp:
    def test_broken_json(self, desk: Desk) -> None:
        headers = {"Content-Type": "application/json"}
        for body in (b"{", b'{"q": "\xff"}', b"[" * 100_000, b'{"limit": ' + b"9" * 5000 + b"}"):
            answer = desk.client.post(API + "/search/people", content=body, headers=headers)
            assert answer.status_code == 400 and answer.json()["type"] == "/problems/broken-json", body[:20]

    @pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"7", b""])
    def test_not_an_object(self, desk: Desk, body: bytes) -> None:
        answer = desk.client.post(API + "/persons", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422 and has_cyrillic(answer.json()["detail"])

    def test_not_json(self, desk: Desk) -> None:
        answer = desk.client.post(API + "/persons", content=SECRET.encode(), headers={"Content-Type": "text/plain"})
        assert answer.status_code == 422 and SECRET not in answer.text

    def test_too_large(self, desk: Desk) -> None:
        assert desk.post("/search/people", {"q": "а" * 2_000_000}).status_code == 413

    def test_no_such_address_and_no_such_method(self, desk: Desk) -> None:
        answer = desk.get("/nothing")
        assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
        answer = desk.client.delete(API + "/persons")
        assert answer.status_code == 405 and answer.headers["allow"] == "POST, OPTIONS"

    def test_the_unexpected_says_only_an_incident(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fail(registry: Registry) -> int:
            raise RuntimeError(SECRET)

        monkeypatch.setattr(Registry, "last_act", fail)
        answer = desk.get(f"/persons/{NOBODY}")
        assert answer.status_code == 500 and SECRET not in answer.text
        assert answer.headers["x-incident"] in answer.json()["detail"]
        logged = capsys.readouterr().err
        assert answer.headers["x-incident"] in logged and "RuntimeError" in logged and SECRET not in logged

    def test_the_log_holds_no_names_and_no_queries(self, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
        person = desk.person(surname=SECRET, ref="К-77")
        desk.post("/search/people", {"q": SECRET})
        desk.client.get(f"{API}/persons/К-77/residences", params={"on": "2021-09-09"})
        logged = capsys.readouterr().err
        assert "/api/v1/persons/{person}/residences" in logged
        assert not any(word in logged for word in (SECRET, "К-77", "2021-09-09", person))

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Host": "evil.example"}, 400),
            ({"Host": "127.0.0.1.evil.example:8080"}, 400),
            ({"Host": "localhost:8080"}, 200),
            ({"Host": "[::1]:8080"}, 200),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site"}, 403),
            ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
            ({"Origin": "http://evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"Origin": "http://127.0.0.1:8080"}, 200),
            ({"Host": "testserver", "Origin": "http://testserver"}, 400),
            ({"X-Forwarded-For": "203.0.113.7"}, 400),
            ({"Host": "reiestr.example.ua", "X-Forwarded-Host": "127.0.0.1"}, 400),
            ({"Forwarded": "for=127.0.0.1;host=localhost"}, 400),
            ({"Via": "1.1 proxy"}, 400),
            ({}, 200),
        ],
    )
    def test_only_this_computer_and_only_our_pages(self, desk: Desk, headers: dict[str, str], status: int) -> None:
        answer = desk.client.post(API + "/search/people", json={"q": "а"}, headers=headers)
        assert answer.status_code == status
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")

    def test_what_is_public_answers_at_the_public_address_too(self, database_url, tmp_path) -> None:
        settings = installation(data=tmp_path, public_url="https://reiestr.example.ua")
        with opened(database_url) as registry:
            client = TestClient(create_app(registry, settings), headers={"Host": "reiestr.example.ua"})
            for path in ("/v/AAAAAAAAAAAA", "/status/000000", "/static/style.css", "/.well-known/jwks.json", "/bring"):
                assert client.get(path).status_code in (200, 404), path
            for path in ("/", "/api/v1/services", "/api/v1/openapi.json", "/vx", "/v/../"):
                assert client.get(path).status_code == 400, path
            assert client.get("/v/AAAAAAAAAAAA", headers={"Host": "evil.example"}).status_code == 400


ASKED_DRY = ("decision", "papers", "amendment")
WITH_A_QUESTION = {
    f"POST /api/v1/applications{path}" for path in ("", *(f"/{{application}}/{one}" for one in ASKED_DRY))
} | {
    f"POST /api/v1/{one}"
    for one in ("persons", "persons/{person}/merge", "persons/{person}/particulars-update", "residents")
}


@pytest.mark.parametrize(
    "act",
    sorted(
        one for one in ROUTES if one.startswith(f"POST {API}") and "/search/" not in one and one not in WITH_A_QUESTION
    ),
)
def test_an_act_that_has_no_dry_run_is_not_done_by_one(desk: Desk, act: str) -> None:
    """A clerk who tries what cannot be tried has not acted."""
    before = desk.registry.position()
    path = re.sub(r"\{\w+\}", NOBODY, act.removeprefix(f"POST {API}"))
    problem = desk.post(f"{path}?dry_run=1", {}).json()
    assert codes(problem) == [("query-unasked", None)] and desk.registry.position() == before
