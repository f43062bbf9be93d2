"""The services over HTTP: the cards of a day, offices, and the dry run of an application, which stores nothing."""

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clocks import StoppedClock
from given import HOURS, founded, installation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.testclient import TestClient
from test_api import API, SECRET, Desk, codes, desk, has_cyrillic
from test_service_cases import ABOUT_THE_CASE, compared
from test_services import SERVICES
from tiers import tries

from api import examples
from api.case_forms import NewApplication
from api.main import create_app
from api.routes import services
from api.shapes import law as law_shapes
from registry import demo
from registry.aggregates.community.state import Here
from registry.opening import opened
from registry.services import headers
from registry.services.application import read
from registry.services.catalogue import SECTIONS, card

__all__ = ["desk"]

DRY = "/applications?dry_run=1"
SAMPLE = Path(__file__).parent / "cases" / "services" / "services_sample.json"
CASES = json.loads(SAMPLE.read_text("utf-8"))["cases"]
OLD, NEW = "2021-11-30", "2021-12-01"
GRANTED: dict[str, Any] = {
    "service": "register_residence",
    "received": "2025-03-11T09:40",
    "subject": {"born": "1990-05-04"},
    "dwelling": {"right_document_held": True},
    "documents": ["application", "identity_document", "dwelling_right_document", "fee_evidence"],
}


def asked(**changed: Any) -> dict[str, Any]:
    """The granted application with what is said changed; None leaves a field out."""
    return {name: value for name, value in {**deepcopy(GRANTED), **changed}.items() if value is not None}


def decided(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    answer = desk.post(DRY, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(listed: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in listed]


def not_found(answer: Any) -> str:
    """The detail of a 404 that repeats nothing."""
    assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
    assert SECRET not in answer.text and has_cyrillic(answer.json()["detail"])
    return answer.json()["detail"]


class TestServices:
    def test_in_force_on_the_last_day_of_the_older_cards_and_on_the_first_of_the_newer(self, desk: Desk) -> None:
        old, new = (desk.get("/services", on=on).json() for on in (OLD, NEW))
        assert (old["on"], new["on"]) == (OLD, NEW)
        assert {one["card"] for one in old["services"]} == {"71-01", "71-02", "71-03", "71-04", "71-05"}
        assert {one["until"] for one in old["services"]} == {NEW}
        assert [one["card"] for one in new["services"]] == list("123456789")
        assert set(ids(new["services"])) == set(SERVICES) > set(ids(old["services"]))
        first = new["services"][0]
        assert (first["title"], first["reference"], first["since"], first["until"]) == (
            "Реєстрація місця проживання",
            "003 c1",
            NEW,
            None,
        )

    def test_today_in_kyiv_unless_a_day_is_named(self, database_url: str) -> None:
        with opened(database_url, clock=StoppedClock("2021-11-29T22:30")) as registry:
            desk = Desk(TestClient(create_app(registry, installation())), registry)
            assert desk.get("/services").json() == desk.get("/services", on="30.11.2021").json()
            assert desk.get("/services/register_stay").json()["on"] == OLD

    def test_none_before_the_first_card(self, desk: Desk) -> None:
        assert desk.get("/services", on="2016-04-03").json()["services"] == []
        assert desk.get("/services", on="2016-04-04").json()["services"]

    @pytest.mark.parametrize("service", SERVICES)
    def test_a_whole_card_says_everything_with_its_wording_and_reference(self, desk: Desk, service: str) -> None:
        said = desk.get(f"/services/{service}", on=NEW).json()
        one, rules = said["cards"][0], card(service, date(2021, 12, 1)).rules
        for section in SECTIONS:
            assert [rule["wording"] for rule in one[section]] == [rule.uk for rule in rules[section]]
            assert all(rule["reference"] and rule["since"] == NEW for rule in one[section])
        assert all(rule["name"] and rule["reason"] for rule in (*one["documents"], *one["consents"]))
        assert [rule["number"] for rule in one["refusals"]] == [rule.number for rule in rules["refusals"]]
        assert all(has_cyrillic(text) for rule in one["refusals"] for text in rule["facts"].values())

    def test_conditions_have_their_names(self, desk: Desk) -> None:
        one = desk.get("/services/register_residence", on=NEW).json()["cards"][0]
        found = next(rule for rule in one["consents"] if rule["id"] == "mortgagee")
        assert (found["when"], found["unless"]) == (["mortgaged"], [])
        assert next(rule for rule in one["refusals"] if rule["id"] == "encumbrance")["inferred"].startswith("T-01")

    @pytest.mark.parametrize(
        ("service", "on", "in_time", "late"),
        [
            ("register_residence", OLD, 1360, 4080),
            ("register_residence", NEW, 3405, 5675),
            ("declare_child_residence", "2026-01-01", 4992, 8320),
            ("deregister_residence", NEW, 3405, 3405),
            ("issue_extract", NEW, 0, 0),
        ],
    )
    def test_what_it_costs_that_day(self, desk: Desk, service: str, on: str, in_time: int, late: int) -> None:
        amounts = desk.get(f"/services/{service}", on=on).json()["amounts"]
        assert (amounts["in_time"]["kopiykas"], amounts["late"]["kopiykas"]) == (in_time, late)
        assert amounts["in_time"]["rule"] and amounts["in_time"]["reference"] and amounts["late"]["error"] is None

    def test_what_the_service_does_by_which_channels_and_by_which_text(self, desk: Desk) -> None:
        one = desk.get("/services/deregister_child_residence", on=NEW).json()["cards"][0]
        assert [one[name] for name in ("settles", "removes", "corrects", "informs")] == [None, True, False, False]
        assert one["of_children"] and one["channels"] == ["diia", "notice", "office"]
        assert one["sha256"] == card("deregister_child_residence", date(2021, 12, 1)).sha256

    def test_a_fee_a_term_and_a_lateness_say_what_is_decided_by_them(self, desk: Desk) -> None:
        one = desk.get("/services/register_child_residence", on=NEW).json()["cards"][0]
        late, together, free = one["fees"][1:]
        assert (late["per_mille"], late["kopiykas"], late["late"]) == (25, None, True)
        assert (together["counted"], together["when"]) == ("once", ["moves_with_removal"])
        assert (free["kopiykas"], free["when"]) == (0, ["orphan", "in_childrens_institution"])
        assert one["terms"][1]["channels"] == ["diia", "emaliatko", "notice"]
        assert [(rule["days"], rule["months"]) for rule in one["lateness"]] == [(30, 0), (0, 3), (30, 0)]

    def test_where_no_amount_is_published_it_says_so(self, desk: Desk) -> None:
        said = desk.get("/services/register_residence", on="2016-12-31").json()
        assert said["cards"] and said["amounts"]["in_time"]["kopiykas"] is None
        assert "Внесіть суму, яку сплачено" in said["amounts"]["late"]["error"]

    def test_two_certificates_before_the_law(self, desk: Desk) -> None:
        old = desk.get("/services/issue_extract", on=OLD).json()["cards"]
        assert [(one["card"], one["when"]) for one in old] == [
            ("71-03", ["about_standing_residence"]),
            ("71-04", ["about_removed_residence"]),
        ]
        assert [one["card"] for one in desk.get("/services/issue_extract", on=NEW).json()["cards"]] == ["7"]

    def test_no_such_service_and_no_card_that_day(self, desk: Desk) -> None:
        assert "register_residence" in not_found(desk.get(f"/services/{SECRET}"))
        assert "01.12.2021" in not_found(desk.get("/services/declare_residence", on=OLD))
        assert "04.04.2016" in not_found(desk.get("/services/register_residence", on="2016-04-03"))

    @pytest.mark.parametrize("path", ["/services", "/services/register_stay", "/offices"])
    @pytest.mark.parametrize(
        ("params", "code"),
        [
            ({"on": SECRET}, "not-a-day"),
            ({"on": "2021-02-30"}, "not-a-day"),
            ({"on": "2021-12"}, "not-a-day"),
            ({"on": "20211201"}, "not-a-day"),
            ({"on": "9999-12-31"}, "far-day"),
            ({SECRET: "1"}, "field-unknown"),
        ],
    )
    def test_bad_days(self, desk: Desk, path: str, params: dict[str, str], code: str) -> None:
        answer = desk.get(path, **params)
        assert answer.status_code == 422 and SECRET not in answer.text
        assert codes(answer.json()) == [(code, "on" if "on" in params else None)]


class TestOffices:
    @pytest.fixture(autouse=True)
    def ours(self, desk: Desk) -> None:
        founded(desk.registry)

    def test_all_with_the_hours_of_a_day(self, desk: Desk) -> None:
        said = desk.get("/offices", on="2021-12-04").json()
        assert set(ids(said["offices"])) == set(HOURS.offices) and said["on"] == "2021-12-04"
        found = {one["id"]: one for one in said["offices"]}
        assert found["metalurhiinyi"]["hours"] == ["08:00-12:30", "13:00-15:30"]
        assert found["inhuletskyi_hirnykiv"]["hours"] == [] and found["saksahanskyi"]["rooms"] == ["112"]

    @pytest.mark.parametrize(
        ("at", "opened", "hours"),
        [
            ("2021-11-30T19:59", True, ["08:30-20:00"]),
            ("2021-11-30T08:29", False, ["08:30-20:00"]),
            ("2021-12-01T08:00", True, ["08:00-15:30"]),
            ("2021-12-01T15:30", False, ["08:00-15:30"]),
            ("01.12.2021 15:29", True, ["08:00-15:30"]),
            ("2021-12-05T10:00", False, []),
        ],
    )
    def test_open_at_a_moment(self, desk: Desk, at: str, opened: bool, hours: list[str]) -> None:
        said = desk.get("/offices/metalurhiinyi", at=at).json()
        assert (said["open"], said["hours"], said["id"]) == (opened, hours, "metalurhiinyi")
        assert said["name"] == HOURS.office("metalurhiinyi").name

    def test_now_and_nowhere(self, desk: Desk) -> None:
        assert isinstance(desk.get("/offices/metalurhiinyi").json()["open"], bool)
        assert "metalurhiinyi" in not_found(desk.get(f"/offices/{SECRET}"))

    @pytest.mark.parametrize("at", [SECRET, "2021-12-01", "2021-12-01T25:00", "2021-12-01T10:00Z", "2021-12-01x10:00"])
    def test_bad_moments(self, desk: Desk, at: str) -> None:
        answer = desk.get("/offices/metalurhiinyi", at=at)
        assert answer.status_code == 422 and codes(answer.json()) == [("not-a-moment", "at")]
        assert SECRET not in answer.text


class TestDryRun:
    def test_granted(self, desk: Desk) -> None:
        said = decided(desk, asked(subject={"born": "1990-05-04", "current_residence": {"place": "other_community"}}))
        assert (said["outcome"], said["grounds"], said["missing"], said["dry_run"]) == ("granted", [], [], True)
        assert (said["due_by"], said["effective_on"], said["late"]) == ("2025-03-11", "2025-03-11", False)
        assert said["fee"]["kopiykas"] == 4542 and "3028" in said["fee"]["reference"] and said["fee"]["rule"]
        assert (said["card"]["card"], said["card"]["since"], said["card"]["until"]) == ("1", NEW, None)
        told = {one["id"]: one["deadline"] for one in said["messages"]}
        assert told == {"dms": None, "previous_office_electronic": "2025-03-12", "applicant_sms": None}
        needed = {one["id"]: one for one in said["documents_required"]}
        assert needed["dwelling_right_document"]["reason"] == "бо особа має документ про право на проживання"
        assert all(one["wording"] and one["reference"] == "003 c1 r9" for one in needed.values())

    def test_refused_on_every_ground_at_once(self, desk: Desk) -> None:
        dwelling = {"mortgaged": True, "address_assigned": False, "is_dwelling": False}
        said = decided(desk, asked(dwelling=dwelling, false_data=True, documents=[]))
        assert said["outcome"] == "refused" and [one["number"] for one in said["grounds"]] == [1, 3, 4, 6, 7]
        first = said["grounds"][0]
        assert first["wording"].startswith("у Державному реєстрі речових прав") and first["reference"] == "003 c1 r13"
        why = {
            "id": "mortgage_without_consent",
            "text": "житло в іпотеці або довірчій власності, а письмової згоди немає",
        }
        assert first["triggered_by"] == [why]
        missing = {one["id"]: one for one in said["missing"]}
        assert missing["mortgagee"]["reason"] == "бо житло в іпотеці або довірчій власності"
        assert {"application", "identity_document", "owner_1"} < set(missing) and said["effective_on"] is None

    def test_not_possible(self, desk: Desk) -> None:
        said = decided(desk, asked(subject={"born": "2015-05-04"}, applicant={"kind": "parent"}))
        assert (said["outcome"], ids(said["barred"]), said["grounds"]) == (
            "not_possible",
            ["wrong_service_for_age"],
            [],
        )
        assert said["barred"][0]["reference"] and said["messages"] == []

    def test_an_unpaid_declaration_lacks_the_payment(self, desk: Desk) -> None:
        body = asked(service="declare_residence", channel="diia", documents=["declaration"], payments=0)
        said = decided(desk, {**body, "dwelling": {"subject_is_owner": True}})
        assert said["missing"][0]["id"] == "payment" and said["missing"][0]["reason"].startswith("бо декларацію")

    def test_by_the_card_of_the_day(self, desk: Desk) -> None:
        old, new = (decided(desk, asked(received=f"{on}T10:00")) for on in (OLD, NEW))
        assert (old["card"]["card"], new["card"]["card"]) == ("71-01", "1")
        assert (old["fee"]["kopiykas"], new["fee"]["kopiykas"]) == (1360, 3405)
        removed = {"service": "issue_extract", "extract": {"state": "removed"}, "received": f"{OLD}T10:00"}
        assert decided(desk, asked(**removed))["card"]["card"] == "71-04"

    def test_a_late_one_is_due_more_and_makes_a_task(self, desk: Desk) -> None:
        said = decided(desk, asked(subject={"born": "1990-05-04", "deregistered_on": "01.02.2025"}))
        assert (said["late"], said["fee"]["kopiykas"], ids(said["tasks"])) == (True, 7570, ["offence_protocol"])

    def test_every_case_of_the_sample(self, desk: Desk) -> None:
        assert len(CASES) == 46
        founded(desk.registry)
        for case in CASES:
            assert_as_expected(case, decided(desk, body_of(case)))

    def test_nothing_is_written(self, desk: Desk) -> None:
        desk.person()
        before = desk.client.get("/readyz").json()
        for body in (GRANTED, asked(false_data=True), asked(documents=[])):
            decided(desk, body)
        assert desk.client.get("/readyz").json() == before == {"status": "ready", "position": 1}

    @pytest.mark.parametrize("path", ["/applications", "/applications?dry_run=0", "/applications?dry_run="])
    def test_without_dry_run_it_is_to_be_stored_and_must_say_of_whom(self, desk: Desk, path: str) -> None:
        assert codes(desk.refused(path, GRANTED)) == [("person-missing", "register")]

    def test_the_description_lists_the_fields(self, desk: Desk) -> None:
        schema = desk.get("/openapi.json").json()
        operation = schema["paths"][API + "/applications"]["post"]
        assert "`dry_run=1`" in operation["description"] and {"200", "201", "202"} < set(operation["responses"])
        form = schema["components"]["schemas"]["NewApplication"]
        assert form["required"] == ["service"] and form["additionalProperties"] is False
        assert form["properties"]["service"]["enum"] == list(headers.SERVICES)


def body_of(case: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in case.items() if name not in ABOUT_THE_CASE}


def assert_as_expected(case: dict[str, Any], said: dict[str, Any]) -> None:
    """What a case asks, in the answer; lists are sets there."""
    expect = case["expect"]
    listed = ("grounds", "barred", "missing", "documents_required", "consents_required", "messages", "tasks")
    found = {
        **said,
        "decision": said["outcome"],
        "fee_kopiykas": said["fee"]["kopiykas"],
        **{name: set(ids(said[name])) for name in listed},
        "message_deadlines": {one["id"]: one["deadline"] for one in said["messages"] if one["deadline"]},
    }
    wanted = {name: set(value) if name in listed else value for name, value in expect.items()}
    assert compared(expect, found) == wanted, case["id"]


class TestBadInput:
    """Every fault at once, each with its field, nothing repeated, nothing written (`refused` sees to these)."""

    @pytest.mark.parametrize(
        ("changed", "wanted"),
        [
            ({SECRET: 1}, [("field-unknown", None)]),
            ({"subject.born": "1990-05-04"}, [("field-unknown", None)]),
            ({"service": SECRET}, [("value-unknown", "service")]),
            ({"service": ["register_residence"]}, [("value-unknown", "service")]),
            ({"service": None}, [("missing", "service")]),
            ({"received": None, "subject": None}, [("missing", "subject")]),
            ({"received": None, "service": SECRET}, [("value-unknown", "service")]),
            ({"servise": "register_residence"}, [("field-unknown", "servise")]),
            ({"dwelling": {"owner": 2}}, [("field-unknown", "dwelling.owner")]),
            ({"received": SECRET}, [("not-a-moment", "received")]),
            ({"received": "2025-03-11"}, [("not-a-moment", "received")]),
            ({"received": "2025-03-11T09:40+02:00"}, [("not-a-moment", "received")]),
            ({"received": "9999-12-31T09:40"}, [("far-day", "received")]),
            ({"received": 20250311}, [("not-a-text", "received")]),
            ({"subject": {}}, [("missing", "subject.born")]),
            ({"subject": SECRET}, [("not-an-object", "subject")]),
            ({"subject": {"born": "1990-02-30"}}, [("not-a-day", "subject.born")]),
            ({"subject": {"born": 1990}}, [("not-a-text", "subject.born")]),
            ({"subject": {"born": "1990"}}, [("not-a-day", "subject.born")]),
            ({"subject": {"born": "9999-12-31"}}, [("far-day", "subject.born")]),
            ({"subject": {"born": "1990-05-04", SECRET: 1}}, [("field-unknown", "subject")]),
            ({"subject": {"born": "1990-05-04", "orphan": 1}}, [("not-a-boolean", "subject.orphan")]),
            (
                {"subject": {"born": "1990-05-04", "current_residence": {"occupied": {"end_date": SECRET}}}},
                [("not-a-day", "subject.current_residence.occupied.end_date")],
            ),
            ({"dwelling": {"owners": "2"}}, [("not-a-number", "dwelling.owners")]),
            ({"dwelling": {"owners": True}}, [("not-a-number", "dwelling.owners")]),
            ({"dwelling": {"owners": 10**9}}, [("too-big", "dwelling.owners")]),
            ({"persons": -1}, [("too-small", "persons")]),
            ({"documents": SECRET}, [("not-a-list", "documents")]),
            ({"documents": [7]}, [("not-a-text", "documents.0")]),
            ({"documents": [SECRET + "\u0000"]}, [("text-broken", "documents.0")]),
            ({"documents": ["application"] * 501}, [("too-many", "documents")]),
            ({"valid_until": {SECRET: "2025-01-01", "a": SECRET}}, [("not-a-day", "valid_until")]),
            ({"valid_until": {"a": 1}}, [("not-days-by-id", "valid_until")]),
            ({"valid_until": [SECRET]}, [("not-days-by-id", "valid_until")]),
            ({"family_formed": ["2025-03-11T09:40Z"]}, [("not-a-moment", "family_formed.0")]),
            ({"extract": {"previous_periods": [{}]}}, [("missing", "extract.previous_periods.0.id")]),
            ({"service": SECRET, "false_data": "так"}, [("value-unknown", "service"), ("not-a-boolean", "false_data")]),
        ],
    )
    def test_what_no_application_could_say(self, desk: Desk, changed: dict[str, Any], wanted: list[Any]) -> None:
        assert codes(desk.refused(DRY, asked(**changed))) == wanted

    def test_an_empty_body(self, desk: Desk) -> None:
        faults = [("missing", "service"), ("missing", "subject")]
        assert codes(desk.refused(DRY, {})) == faults

    @pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"'])
    def test_not_an_object(self, desk: Desk, body: bytes) -> None:
        answer = desk.client.post(API + DRY, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422 and has_cyrillic(answer.json()["detail"])

    def test_a_bad_question(self, desk: Desk) -> None:
        assert codes(desk.refused(f"/applications?dry_run={SECRET}", GRANTED)) == [("not-a-boolean", "dry_run")]
        assert codes(desk.refused("/applications?dryrun=1", GRANTED)) == [("field-unknown", "dryrun")]

    @pytest.mark.parametrize("year", [2016, 2030])
    def test_a_year_without_a_published_amount(self, desk: Desk, year: int) -> None:
        problem = desk.refused(DRY, asked(received=f"{year}-06-15T10:00"))
        assert problem["type"] == "/problems/no-published-amount" and "сплачено" in problem["detail"]
        assert codes(problem) == [("no-published-amount", "received")]

    def test_what_is_free_needs_no_amount(self, desk: Desk) -> None:
        assert decided(desk, asked(service="register_stay", received="2030-06-14T10:00"))["fee"]["kopiykas"] == 0

    def test_no_card_that_day(self, desk: Desk) -> None:
        problem = desk.refused(DRY, asked(service="declare_residence", received=f"{OLD}T10:00"))
        assert codes(problem) == [("no-card", "received")] and "01.12.2021" in problem["detail"]

    @pytest.mark.parametrize("service", ["deregister_residence", "register_residence"])
    def test_an_application_for_nobody(self, desk: Desk, service: str) -> None:
        assert codes(desk.refused(DRY, asked(service=service, persons=0))) == [("no-persons", "persons")]


class TestTheForm:
    def test_every_case_is_read_by_the_form_as_the_core_reads_it(self) -> None:
        for case in CASES:
            assert NewApplication.model_validate(body_of(case)).asked() == read(body_of(case)), case["id"]

    def test_what_is_typed_as_people_write_is_read_too(self) -> None:
        body = asked(received="11.03.2025 09:40", subject={"born": "04.05.1990"}, valid_until={"a": "01.02.2025"})
        found = NewApplication.model_validate(body).asked()
        assert found.received.isoformat() == "2025-03-11T09:40:00" and found.subject.born == date(1990, 5, 4)
        assert found.valid_until == {"a": date(2025, 2, 1)}

    def test_every_section_of_a_card_is_shown(self) -> None:
        assert set(law_shapes.OF_SECTION) <= set(SECTIONS)

    @settings(max_examples=tries(200), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(some.data())
    def test_whatever_the_form_takes_is_decided_or_refused_for_a_reason(self, data: Any) -> None:
        days = some.dates(date(1800, 1, 1), date(2199, 12, 31)).map(date.isoformat)
        flags, few = some.booleans(), some.integers(0, 3)
        subject = {name: data.draw(days) for name in ("born", "deregistered_on", "permit_received_on")}
        body = asked(
            service=data.draw(some.sampled_from(SERVICES)),
            received=data.draw(days) + "T09:40",
            channel=data.draw(some.sampled_from(["office", "diia", "emaliatko", "notice"])),
            subject={**subject, "birth_registered_on": data.draw(days), "orphan": data.draw(flags)},
            applicant={"citizenship": data.draw(some.sampled_from(["ua", "foreigner"]))},
            dwelling={"owners": data.draw(few), "mortgaged": data.draw(flags)},
            persons=data.draw(few),
        )
        try:
            said = services._decided(NewApplication.model_validate(body).asked(), Here())
        except services.Problem as problem:
            assert problem.kind in ("no-card", "no-published-amount", "no-persons")
        else:
            assert said["outcome"] in ("granted", "refused", "not_possible") and json.dumps(said)


class TestExamples:
    def test_of_the_description_are_answered_exactly_so(self, desk: Desk) -> None:
        on, at = {"on": examples.DAY.isoformat()}, {"at": examples.MOMENT.isoformat()}
        founded(desk.registry, demo.described())
        asked_of = {
            "/services": desk.get("/services", **on),
            "/services/{service}": desk.get(f"/services/{examples.SERVICE}", **on),
            "/community": desk.get("/community", **on),
            "/offices": desk.get("/offices", **on),
            "/offices/{office}": desk.get(f"/offices/{examples.OFFICE}", **at),
        }
        paths = desk.get("/openapi.json").json()["paths"]
        for path, answer in asked_of.items():
            described = paths[API + path]["get"]["responses"]["200"]["content"]["application/json"]["example"]
            assert (answer.status_code, answer.json()) == (200, described), path

    def test_the_application_of_the_description(self, desk: Desk) -> None:
        operation = desk.get("/openapi.json").json()["paths"][API + "/applications"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["example"]
        said = decided(desk, body)
        assert said == operation["responses"]["200"]["content"]["application/json"]["example"]
        assert said["outcome"] == "refused" and ids(said["missing"]) == ["mortgagee"]
