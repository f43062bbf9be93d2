"""What stands at a real counter, over HTTP: one class for each finding (A4: A-numbers), what is mended and what stays."""

from collections.abc import Iterator
from typing import Any

import pytest
from filing import (
    BORN,
    CHILD_BORN,
    DAY,
    LEAVE,
    MOVE,
    NEXT,
    about,
    alive,
    amendment,
    decided,
    everything,
    filed,
    filed_anyway,
    follows,
    granted,
    recorded,
)
from starlette.testclient import TestClient
from test_api import Desk, codes, desk

from api.main import create_app
from registry.opening import opened
from registry.settings import Settings

__all__ = ["desk"]

OURS, THEIRS = "UA12020030010063857", "UA14120000000012345"
CHILD = {"born": CHILD_BORN}
OF_CHILD = {"subject": CHILD, "applicant": {"kind": "parent"}}
DECLARED = {"channel": "diia", "dwelling": {"subject_is_owner": True}}


@pytest.fixture
def coded(database_url: str, tmp_path: Any) -> Iterator[Desk]:
    """A register that knows the code of its community."""
    with opened(database_url) as registry:
        settings = Settings(data=tmp_path, second_person=False, community=OURS[:9])
        with TestClient(create_app(registry, settings)) as client:
            yield Desk(client, registry)


def far(desk: Desk, kind: str = "elsewhere", **address: Any) -> str:
    """A dwelling outside."""
    return desk.dwelling("1", kind=kind, address={"settlement": "м. Деінде", "street": "вул. Нова", **address})


class TestA4:
    """Only into this community."""

    @pytest.mark.parametrize("kind", ["elsewhere", "abroad"])
    @pytest.mark.parametrize(
        ("service", "said"),
        [
            ("register_residence", {}),
            ("register_stay", {}),
            ("register_child_residence", OF_CHILD),
            ("declare_residence", DECLARED),
            ("declare_child_residence", {**DECLARED, **OF_CHILD}),
            ("register_residence", {"received": "2021-08-17T10:00"}),
            ("register_stay", {"received": "2021-08-17T10:00"}),
        ],
    )
    def test_nobody_settles_outside_by_a_case(self, desk: Desk, kind: str, service: str, said: dict[str, Any]) -> None:
        person = desk.person(birth_date=said.get("subject", {}).get("born", BORN))
        desk.settled(person, desk.dwelling(), since="2020-07-15")
        told = decided(desk, **{**MOVE, "service": service, **said}, register=about(person, dwelling=far(desk, kind)))
        (part,) = told["decision"]["parts"]
        assert told["status"] == "not-possible" and [one["id"] for one in part["barred"]] == ["outside_community"]
        assert "подайте зняття" in part["text"] and "подайте зняття" in told["parts"][0]["barred"][0]["reason"]
        assert alive(desk, person) == [("2020-07-15", None)]
        assert follows(desk, told) == []

    def test_the_code_decides_where_both_have_one_and_else_the_kind(self, coded: Desk) -> None:
        for katottg, status in ((THEIRS, "not-possible"), (OURS, "granted"), (None, "granted")):
            person, home = coded.person(), far(coded, "private", katottg=katottg)
            assert decided(coded, **MOVE, register=about(person, dwelling=home))["status"] == status

    def test_a_newcomer_is_not_entered_for_it_and_a_dry_run_says_why(self, desk: Desk) -> None:
        new = {"particulars": {"surname": "Вигадана", "given_names": "Нова", "birth_date": BORN}}
        body = filed(desk, **MOVE, register=about(new, dwelling=far(desk)))
        (part,) = desk.post("/applications?dry_run=1", body).json()["parts"]
        assert (part["outcome"], part["would_record"]) == ("not_possible", {})
        assert [one["id"] for one in part["barred"]] == ["outside_community"]

    def test_the_rest_of_the_visit_is_granted(self, desk: Desk) -> None:
        mother, child = desk.person(), desk.person(birth_date=CHILD_BORN)
        part = {"service": "register_child_residence", **OF_CHILD, "register": about(child, dwelling=far(desk))}
        told = decided(desk, **MOVE, register=about(mother, dwelling=desk.dwelling()), children=[part])
        assert told["status"] == "partly-granted" and recorded(told, mother) == ["residence-registered"]
        assert everything(desk, child) == []

    def test_what_became_outside_after_the_receipt_is_outside(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        application = desk.act("/applications", filed(desk, **MOVE, register=about(person, dwelling=home)))
        address = {"settlement": "м. Деінде"}
        desk.act(f"/dwellings/{home}/correction", {"address": address, "kind": "elsewhere", "reason": "описка"})
        told = desk.act(f"/applications/{application['application']}/decision", {"acted_on": DAY})
        assert told["status"] == "not-possible" and everything(desk, person) == []

    def test_a_residence_here_is_not_corrected_to_lie_there(self, desk: Desk) -> None:
        person, body = amendment(desk)
        body["register"]["now"]["dwelling"] = far(desk)
        told = desk.act("/applications", {**body, "decide": True})
        assert told["status"] == "not-possible" and recorded(told, person) == []

    def test_one_that_was_there_is_corrected_where_it_is(self, desk: Desk) -> None:
        person, there = desk.person(), far(desk)
        past = {"kind": "registered", "dwelling": there, "since": "2001-01-01", "until": "2005-01-01"}
        residence = desk.act(f"/persons/{person}/past-residences", past)["residence"]
        now = {**past, "until": "2005-02-01"}
        one = {"person": person, "residence": residence}
        told = granted(desk, service="amend_record", register=about(one, now=now, reason="описка"))
        assert recorded(told, person) == ["residence-corrected"]

    def test_leaving_is_a_removal(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        told = granted(desk, **LEAVE, register=about(person))
        assert recorded(told, person) == ["residence-deregistered"] and alive(desk, person) == []

    def test_who_comes_from_there_settles_here(self, desk: Desk) -> None:
        person = desk.person()
        past = {"kind": "registered", "dwelling": far(desk), "since": "2001-01-01", "until": "2005-01-01"}
        desk.act(f"/persons/{person}/past-residences", past)
        told = granted(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))
        assert recorded(told, person) == ["residence-registered"]


NOTICE = {
    **LEAVE,
    "ground": "registered_elsewhere_notice",
    "channel": "notice",
    "applicant": {"kind": "registration_body"},
}


class TestA17RegisteredElsewhere:
    """A17.9: another body tells that our resident was registered there."""

    @pytest.mark.parametrize(
        ("born", "service"),
        [
            (BORN, "deregister_residence"),
            ("2008-09-01", "deregister_residence"),
            (CHILD_BORN, "deregister_child_residence"),
        ],
    )
    def test_ends_the_residence_here_on_the_day_that_it_names(self, desk: Desk, born: str, service: str) -> None:
        person = desk.person(birth_date=born)
        desk.settled(person, desk.dwelling(), since="2019-07-15")
        subject = {"born": born, "registered_elsewhere_on": "2025-03-03"}
        told = granted(desk, **{**NOTICE, "service": service}, subject=subject, register=about(person))
        (part,) = told["parts"]
        assert recorded(told, person) == ["residence-deregistered"]
        assert everything(desk, person)[0]["until"] == "2025-03-03"
        assert (part["fee"]["kopiykas"], part["documents_required"], part["consents_required"]) == (0, [], [])
        assert "рядок 11.2" in part["fee"]["reference"]
        assert follows(desk, told) == [("dms", person, DAY)]

    def test_without_a_day_on_the_day_of_the_notice(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        body = filed(desk, **NOTICE, received=f"{DAY}T21:00", register=about(person))
        desk.act("/applications", {**body, "acted_on": NEXT, "decide": True})
        assert everything(desk, person)[0]["until"] == DAY

    def test_never_against_a_kept_address(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        residence = desk.settled(person, home)
        desk.act(f"/persons/{person}/occupied-address", {"residence": residence, "list_entry": "17"})
        problem = desk.refused("/applications", filed_anyway(desk, **NOTICE, register=about(person)))
        assert codes(problem) == [("kept-address-stays", "register.persons")]
        desk.settled(person, desk.dwelling("9"), since="2022-05-05")
        granted(desk, **NOTICE, register=about(person))
        assert alive(desk, person) == [("2010-07-15", None)]
        named = about({"person": person, "residence": residence})
        problem = desk.refused("/applications", filed_anyway(desk, **NOTICE, register=named))
        assert codes(problem) == [("kept-address-stays", "register.persons")]

    @pytest.mark.parametrize("said", [{"channel": "office"}, {"applicant": {"kind": "other"}}])
    def test_only_as_a_notice_and_of_a_registration_body(self, desk: Desk, said: dict[str, Any]) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        told = decided(desk, **{**NOTICE, **said}, register=about(person))
        assert told["status"] == "refused" and recorded(told, person) == []
        assert [one["id"] for one in told["decision"]["parts"][0]["grounds"]] == ["under_14_or_unauthorised"]

    def test_of_a_day_that_has_not_come_or_was_before_the_residence(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        for on, code in (("2030-01-01", "date-in-future"), ("2001-01-01", "ends-before-start")):
            body = filed_anyway(desk, **NOTICE, register=about(person))
            body["subject"] = {"born": BORN, "registered_elsewhere_on": on}
            assert codes(desk.refused("/applications", body)) == [(code, "until")]
