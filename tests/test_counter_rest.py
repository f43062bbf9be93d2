"""Stories of the counter, the rest of A17: the hours told before accepting, adopted readings, who is paid."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar

import pytest
from filing import BORN, DAY, LEAVE, MOVE, about, decided, filed, recorded
from given import OURS, founded, installation
from starlette.testclient import TestClient
from test_api import Desk, codes, desk
from test_services import decided as law

from api.main import create_app
from registry import texts
from registry.aggregates.case.hours import closed
from registry.aggregates.community.events import OfficesDescribed, ReadingsAdopted, SingleDay
from registry.opening import opened
from registry.services.adopted import Readings
from registry.services.offices import Timetable

__all__ = ["desk"]

OWNER = {**LEAVE, "ground": "owner_application", "applicant": {"kind": "dwelling_owner"}}
FOR_OWNER = {**OWNER, "applicant": {"kind": "owner_representative"}}
PERMIT = {"citizenship": "foreigner", "identity_document": "temporary_permit"}
EXPIRED = {"valid_until": {"identity_document": "2020-01-01"}}
FEE = 4542


@contextmanager
def community(database_url: str, tmp_path: Any, *facts: Any, **adopted: Any) -> Iterator[Desk]:
    """A desk of the community of the cards, whose further facts these are, and which adopted these readings."""
    with opened(database_url) as registry:
        own = [ReadingsAdopted(readings=adopted)] if adopted else []
        founded(registry, [*OURS, *facts, *own])
        settings = installation(data=tmp_path, second_person=False)
        yield Desk(TestClient(create_app(registry, settings)), registry)


PLACES = next(one for one in OURS if isinstance(one, OfficesDescribed))


@pytest.fixture
def here(database_url: str, tmp_path: Any) -> Iterator[Desk]:
    """A desk of that community."""
    with community(database_url, tmp_path) as desk:
        yield desk


def shut(said: dict[str, Any]) -> list[dict[str, Any]]:
    """The warnings about the office; others are about papers."""
    return [one for one in said["warnings"] if one["id"].startswith("office-")]


def resident(desk: Desk, home: str | None = None, **particulars: Any) -> str:
    person = desk.person(**particulars)
    desk.settled(person, home or desk.dwelling())
    return person


def told(said: dict[str, Any]) -> list[str]:
    """The readings that are told with the decision on the first part, but for that of the message of a refusal."""
    return [one["id"] for one in said["decision"]["parts"][0]["readings"] if one["id"] != "T-38"]


def tasks(said: dict[str, Any]) -> list[str]:
    return [one["item"] for one in said["decision"]["parts"][0]["follows"] if one["role"] == "task"]


class TestA17OwnersRepresentative:
    """A17.15: the representative of an owner who removes somebody."""

    @pytest.mark.parametrize("ground", ["owner_application", "application"])
    @pytest.mark.parametrize("admitted", [False, True])
    def test_as_the_community_reads_it(self, database_url: str, tmp_path: Any, admitted: bool, ground: str) -> None:
        with community(database_url, tmp_path, owner_representative_removes=admitted) as desk:
            person = resident(desk)
            said = decided(desk, **{**FOR_OWNER, "ground": ground}, register=about(person))
            assert (said["status"], told(said)) == (["refused", "granted"][admitted], ["owner_representative_removes"])
            assert (recorded(said, person) == ["residence-deregistered"]) is admitted

    def test_shows_his_papers_and_the_owners_title_and_not_the_owners_passport(self) -> None:
        for_owner = Readings(owner_representative_removes=True)
        found = law("deregister_residence", settings=for_owner, **_without_service(FOR_OWNER))
        papers = [one.id for one in found.documents_required]
        assert found.decision == "granted"
        assert papers == [
            "application",
            "fee_evidence",
            "representative_identity",
            "representative_authority",
            "ownership_document",
        ]
        lacking = law("deregister_residence", ("representative_authority",), for_owner, **_without_service(FOR_OWNER))
        assert [one.id for one in lacking.grounds if "authority_not_proved" in one.facts]

    @pytest.mark.parametrize("home", [{"owners": 2}, {"subject_is_owner": True}, {"rental": {}}])
    def test_is_bound_by_what_binds_the_owner(self, home: dict[str, Any]) -> None:
        for_owner = Readings(owner_representative_removes=True)
        his = law("deregister_residence", settings=for_owner, dwelling=home, **_without_service(FOR_OWNER))
        theirs = law("deregister_residence", dwelling=home, **_without_service(OWNER))
        assert [one.id for one in his.barred] == [one.id for one in theirs.barred]
        assert his.consents_required == theirs.consents_required

    def test_the_owner_himself_rests_on_no_reading(self, desk: Desk) -> None:
        said = decided(desk, **OWNER, register=about(resident(desk)))
        assert (said["status"], told(said)) == ("granted", [])


def _without_service(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != "service"}


class TestA17OneReceipt:
    """A17.16: one receipt over the whole sum for several people whom an owner removes."""

    @pytest.mark.parametrize(
        ("one_is_enough", "kopiykas", "status"),
        [(False, 3 * FEE, "refused"), (True, 3 * FEE, "granted"), (True, 3 * FEE - 1, "refused")],
    )
    def test_as_the_community_reads_it(
        self, database_url: str, tmp_path: Any, one_is_enough: bool, kopiykas: int, status: str
    ) -> None:
        with community(database_url, tmp_path, one_receipt_for_several=one_is_enough) as desk:
            home = desk.dwelling()
            people = [resident(desk, home, surname=f"Вигадана{number}") for number in range(3)]
            paid = [{"check": "payment", "said": {"kopiykas": kopiykas, "receipt": "1", "payments": 1}}]
            said = decided(desk, **OWNER, persons=3, checks=paid, register=about(*people))
            assert said["status"] == status
            assert told(said) == ["one_receipt_for_several"][: kopiykas == 3 * FEE]

    @pytest.mark.parametrize("kopiykas", [3 * FEE, 3 * FEE - 1])
    def test_dry_by_the_law_alone(self, database_url: str, tmp_path: Any, kopiykas: int) -> None:
        with community(database_url, tmp_path, one_receipt_for_several=True) as desk:
            body = {**OWNER, "received": f"{DAY}T09:40", "subject": {"born": BORN}, "persons": 3, "payments": 1}
            papers = ["application", "owner_identity", "ownership_document", "fee_evidence"]
            checks = [{"check": "payment", "said": {"kopiykas": kopiykas}}]
            said = desk.post("/applications?dry_run=1", {**body, "documents": papers, "checks": checks}).json()
            assert said["outcome"] == ("granted" if kopiykas == 3 * FEE else "refused")

    def test_a_receipt_for_each_rests_on_no_reading(self, desk: Desk) -> None:
        home = desk.dwelling()
        people = [resident(desk, home, surname=f"Вигадана{number}") for number in range(3)]
        said = decided(desk, **OWNER, persons=3, register=about(*people))
        assert (said["status"], told(said)) == ("granted", [])


class TestA17ExpiredPermit:
    """A17.17: whether a foreigner whose permit has expired is referred to ДМС."""

    @pytest.mark.parametrize("referred", [True, False])
    def test_as_the_community_reads_it(self, database_url: str, tmp_path: Any, referred: bool) -> None:
        with community(database_url, tmp_path, expired_permit_referred=referred) as desk:
            person = desk.person(citizenship="foreigner")
            subject = {"born": BORN, **PERMIT}
            body = {**MOVE, **EXPIRED, "subject": subject, "register": about(person, dwelling=desk.dwelling())}
            said = decided(desk, **body)
            assert (said["status"], told(said)) == ("refused", ["expired_permit_referred"])
            assert tasks(said) == ["dms_referral"][: int(referred)]

    @pytest.mark.parametrize("referred", [True, False])
    def test_an_invalid_one_is_referred_whatever_is_read(self, referred: bool) -> None:
        law_of = Readings(expired_permit_referred=referred)
        found = law("register_residence", settings=law_of, subject=PERMIT, invalid_documents=["identity_document"])
        assert [one.id for one in found.tasks] == ["dms_referral"] and found.readings == ("T-38",)

    def test_by_default_as_before(self, desk: Desk) -> None:
        person = desk.person(citizenship="foreigner")
        body = {**MOVE, **EXPIRED, "subject": {"born": BORN, **PERMIT}}
        body = filed(desk, **body, register=about(person, dwelling=desk.dwelling()))
        said = desk.act("/applications", {**body, "decide": True})
        assert tasks(said) == ["dms_referral"]


OLDER = "2021-06-15T10:00"
SOLDIER = {"serves_in_unit": True}
OF_UNIT = {"application", "identity_document", "military_unit_certificate"}
OF_INSTITUTION = {"application", "identity_document", "social_institution_certificate"}


class TestA17MilitaryUnit:
    """A17.8: card 71-05 for a soldier with the certificate of the unit, and for whoever is in a social institution."""

    @pytest.mark.parametrize(
        ("kind", "subject", "papers"),
        [
            ("military_unit", SOLDIER, OF_UNIT),
            ("private", SOLDIER, OF_UNIT),
            ("social_institution", {}, OF_INSTITUTION),
        ],
    )
    def test_the_certificate_is_enough(self, kind: str, subject: dict[str, Any], papers: set[str]) -> None:
        home = {"kind": kind, "right_document_held": False}
        found = law("register_stay", received=OLDER, subject=subject, dwelling=home)
        assert (found.decision, found.readings, found.consents_required) == ("granted", ("T-43",), ())
        assert {one.id for one in found.documents_required} == papers
        of_old = {**subject, "citizenship": "foreigner", "identity_document": "protection_application_certificate"}
        found = law("register_stay", received=OLDER, subject=of_old, dwelling=home)
        assert (found.decision, found.readings) == ("granted", ())

    @pytest.mark.parametrize("lacks", ["military_unit_certificate", "identity_document"])
    def test_without_it_he_is_refused(self, lacks: str) -> None:
        unit = {"kind": "military_unit"}
        found = law("register_stay", (lacks,), received=OLDER, subject=SOLDIER, dwelling=unit)
        assert (found.decision, found.missing) == ("refused", (lacks,))
        licence = {**SOLDIER, "identity_document": "other"}
        assert law("register_stay", received=OLDER, subject=licence, dwelling=unit).missing == ("identity_document",)

    def test_anybody_else_stays_as_before(self) -> None:
        found = law("register_stay", received=OLDER, dwelling={"owners": 1})
        assert (found.decision, found.missing, found.readings) == ("refused", ("identity_document",), ())

    @pytest.mark.parametrize(("service", "held"), [("register_stay", False), ("register_residence", True)])
    def test_today_a_title_or_the_consent_of_its_authorised_person(self, service: str, held: bool) -> None:
        found = law(service, dwelling={"kind": "military_unit", "right_document_held": held})
        assert [one.id for one in found.consents_required] == ["dwelling_authorised_person"][: int(not held)]
        assert found.readings == ("T-44",)[: int(not held)]

    def test_the_register_knows_such_a_dwelling(self, desk: Desk) -> None:
        home = desk.dwelling("12", kind="military_unit")
        shown = desk.get(f"/dwellings/{home}").json()
        assert shown["kind"] == "military_unit"
        body = {"service": "register_stay", "subject": {"born": BORN}}
        said = decided(desk, **body, register=about(desk.person(), dwelling=home))
        assert (said["status"], told(said)) == ("granted", ["T-44"])


class TestA17Homeless:
    """A17.12: row 9 of card 1 lays it on the institution to apply for the homeless: told, and nobody refused."""

    SELF: ClassVar[dict[str, Any]] = {**MOVE, "subject": {"born": BORN, "homeless_record": True}}

    @pytest.mark.parametrize(("kind", "tells"), [("person", ["T-45"]), ("social_institution", [])])
    def test_who_comes_alone_is_served_and_told(self, desk: Desk, kind: str, tells: list[str]) -> None:
        body = {**self.SELF, "applicant": {"kind": kind}, "register": about(desk.person(), dwelling=desk.dwelling())}
        body = filed(desk, **body)
        (tried,) = desk.post("/applications?dry_run=1", body).json()["parts"]
        said = desk.act("/applications", {**body, "decide": True})
        assert (said["status"], told(said)) == ("granted", tells)
        assert [one["id"] for one in tried["readings"]] == tells
        assert all("покладено на установу" in one["text"] for one in tried["readings"])

    def test_later_it_is_told_at_the_receipt_and_at_the_decision(self, desk: Desk) -> None:
        body = filed(desk, **self.SELF, register=about(desk.person(), dwelling=desk.dwelling()))
        taken = desk.act("/applications", body)
        assert [one["id"] for one in taken["parts"][0]["readings"]] == ["T-45"]
        done = desk.act(f"/applications/{taken['application']}/decision", {"acted_on": DAY})
        assert done["status"] == "granted" and [one["id"] for one in done["parts"][0]["readings"]] == ["T-45"]

    def test_whoever_has_a_home_is_told_nothing(self, desk: Desk) -> None:
        said = decided(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        assert (said["status"], told(said)) == ("granted", [])


AT_DESK = {**MOVE, "office": "metalurhiinyi"}
EVENING, SATURDAY_BREAK, SUNDAY = "2025-03-12T18:20", "2025-03-15T12:40", "2025-03-16T21:20"


class TestA17ClosedOffice:
    """A17.6: that an office is closed is told before anything is accepted; confirmed, whoever came is served."""

    @pytest.mark.parametrize(
        ("office", "received", "code", "hours", "opens"),
        [
            ("metalurhiinyi", EVENING, "office-closed", "08:00–15:30", "13.03.2025 08:00"),
            ("metalurhiinyi", "2025-03-12T07:59", "office-closed", "08:00–15:30", "12.03.2025 08:00"),
            ("metalurhiinyi", SATURDAY_BREAK, "office-closed", "08:00–12:30, 13:00–15:30", "15.03.2025 13:00"),
            ("metalurhiinyi", SUNDAY, "office-day-off", "", "17.03.2025 08:00"),
            ("inhuletskyi_hirnykiv", "2025-03-15T10:00", "office-day-off", "", "17.03.2025 08:00"),
        ],
    )
    @pytest.mark.parametrize("decide", [True, False])
    def test_it_is_told_with_its_hours_and_confirmed(
        self, here: Desk, office: str, received: str, code: str, hours: str, opens: str, decide: bool
    ) -> None:
        home = here.dwelling()
        body = filed(
            here, **{**AT_DESK, "office": office}, received=received, register=about(here.person(), dwelling=home)
        )
        tried = here.post("/applications?dry_run=1", body).json()
        assert tried["parts"][0]["outcome"] == "granted"
        (warned,) = shut(tried)
        named = warned["named"]
        assert (warned["id"], named["hours"], named["opens"]) == (code, hours, opens)
        assert opens in warned["text"] and hours in warned["text"] and "{" not in warned["text"]
        problem = here.refused("/applications", {**body, "decide": decide}, 409)
        assert problem["type"] == "/problems/confirmation-needed" and codes(problem) == [(code, "office")]
        said = here.act("/applications", {**body, "decide": decide, "confirmed": True})
        assert said["status"] == ("granted" if decide else "received") and shut(said) == [warned]

    def test_what_was_confirmed_at_the_receipt_is_not_asked_again(self, here: Desk) -> None:
        body = filed(here, **AT_DESK, received=EVENING, register=about(here.person(), dwelling=here.dwelling()))
        taken = here.act("/applications", {**body, "confirmed": True})
        done = here.act(f"/applications/{taken['application']}/decision", {"acted_on": EVENING[:10]})
        assert done["status"] == "granted"

    @pytest.mark.parametrize("on", ["2025-03-12", "2025-03-11"])
    def test_a_holiday_is_a_day_off(self, database_url: str, tmp_path: Any, on: str) -> None:
        holiday = replace(PLACES, days=(SingleDay(on="2025-03-12", reference="свято"),))
        with community(database_url, tmp_path, holiday) as desk:
            body = {**AT_DESK, "received": f"{on}T10:00", "subject": {"born": BORN}}
            said = desk.post("/applications?dry_run=1", body).json()
            told_of = [(one["id"], one["named"]["opens"]) for one in shut(said)]
            assert told_of == ([("office-day-off", "13.03.2025 08:00")] if on == "2025-03-12" else [])

    @pytest.mark.parametrize(
        "more",
        [
            {"received": "2025-03-12T15:29"},
            {"received": "2025-03-11T19:00"},
            {"received": EVENING, "office": None},
            {"received": EVENING, "office": "mobile_office"},
            {"received": EVENING, "paper_journal": {"kind": "field_visit", "number": "1"}},
            {"received": EVENING, "paper_journal": {"kind": "outage", "number": "1"}},
            {**LEAVE, "received": EVENING, "channel": "diia"},
            {
                **{**LEAVE, "ground": "institution_notice", "channel": "notice", "received": EVENING},
                "applicant": {"kind": "social_institution"},
            },
        ],
    )
    def test_nothing_is_asked_where_nobody_stands_at_a_closed_door(self, here: Desk, more: dict[str, Any]) -> None:
        person = resident(here)
        body = {**AT_DESK, **more}
        home = {} if body["service"] == LEAVE["service"] else {"dwelling": here.dwelling("9")}
        said = decided(here, **body, register=about(person, **home))
        assert (said["status"], shut(said)) == ("granted", [])

    def test_a_refusal_of_the_law_is_told_first(self, here: Desk) -> None:
        person, home = here.person(), here.dwelling()
        here.core("record_death", person, registered_on="2025-03-01")
        body = {**AT_DESK, "received": EVENING, "subject": {"born": BORN}, "register": about(person, dwelling=home)}
        assert codes(here.refused("/applications", body)) == [("person-deceased", "register.persons")]


@pytest.mark.parametrize(
    ("schedules", "at", "code"),
    [((), "2025-03-12T10:00", "office-day-off-for-long"), ((("mon", "10:00"),), "2025-03-10T18:00", "office-closed")],
)
def test_an_office_that_never_opens_again_says_so(schedules: tuple[Any, ...], at: str, code: str) -> None:
    week = {day: [[opens, "16:00"]] for day, opens in schedules}
    ends = {"until": date(2025, 3, 11)} if code.startswith("office-closed") else {}
    said = {"office": [{"id": "a", "name": "А", "schedule": "S"}], "schedule": [{"id": "S", **week, **ends}]}
    (fault,) = closed("a", datetime.fromisoformat(at), Timetable(said))
    assert fault.code == (f"{code}-for-long" if ends else code) and "opens" not in fault.named
    assert "не внесено" in texts.fault_text(fault)
