"""Stories of the counter, the rest of A17: the hours told before accepting, adopted readings, who is paid."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar

import pytest
from extracting import text
from filing import BORN, DAY, LEAVE, MOVE, about, decided, filed, recorded
from given import OURS, founded, installation
from starlette.testclient import TestClient
from test_api import Desk, codes, desk
from test_bring import WHOLE
from test_services import decided as law

from api.main import create_app
from registry import texts
from registry.aggregates.case.hours import closed
from registry.aggregates.community.decisions import changed
from registry.aggregates.community.events import OfficesDescribed, ReadingsAdopted, SingleDay
from registry.aggregates.community.payees import Payee, PayeesDescribed, payees_of
from registry.aggregates.community.reading import facts_of
from registry.aggregates.community.state import fold
from registry.aggregates.values import Impossible, supposed
from registry.opening import opened
from registry.services.adopted import Readings
from registry.services.offices import Timetable
from registry.storage.mapper import kyiv_day
from replay.compare import verify

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
    [
        ((), "2025-03-12T10:00", "office-day-off-for-long"),
        ((("mon", "10:00"),), "2025-03-10T18:00", "office-closed-for-long"),
    ],
)
def test_an_office_that_never_opens_again_says_so(schedules: tuple[Any, ...], at: str, code: str) -> None:
    week = {day: [[opens, "16:00"]] for day, opens in schedules}
    ends = {"until": date(2025, 3, 11)} if code == "office-closed-for-long" else {}
    said = {"office": [{"id": "a", "name": "А", "schedule": "S"}], "schedule": [{"id": "S", **week, **ends}]}
    (fault,) = closed("a", datetime.fromisoformat(at), Timetable(said))
    assert fault.code == code and "opens" not in fault.named
    assert "не внесено" in texts.fault_text(fault)


IBAN = "UA213223130000026007233566001"
OLD = Payee(recipient="Вигадане казначейство", account=IBAN, until="2025-03-01")
NEW = Payee(recipient="Нове казначейство", account=IBAN, code="12345678", purpose="збір", since="2025-03-01")
OWN = Payee(recipient="Казначейство району", account=IBAN, offices=("saksahanskyi",), since="2025-03-01")


class TestA17Payee:
    """Card row 11.3: whom the fee is paid to is dated data of the community, told beside the fee."""

    PAYEES = PayeesDescribed(payees=(OLD, NEW, OWN))

    @pytest.mark.parametrize(
        ("received", "office", "paid"),
        [
            ("2025-02-28T10:00", "metalurhiinyi", [OLD]),
            ("2025-03-03T10:00", "metalurhiinyi", [NEW]),
            ("2025-03-03T10:00", "saksahanskyi", [OWN]),
            ("2025-03-03T10:00", None, [NEW, OWN]),
        ],
    )
    def test_by_the_day_of_receipt_and_the_office(
        self, database_url: str, tmp_path: Any, received: str, office: str | None, paid: list[Payee]
    ) -> None:
        with community(database_url, tmp_path, self.PAYEES) as desk:
            who = [(one.recipient, one.account, one.code, one.purpose) for one in paid]
            alone = {**MOVE, "received": received, "office": office, "subject": {"born": BORN}}
            body = filed(desk, **alone, register=about(desk.person(), dwelling=desk.dwelling()))
            answers = [
                desk.post("/applications?dry_run=1", alone).json(),
                desk.post("/applications?dry_run=1", body).json()["parts"][0],
                desk.act("/applications", body)["parts"][0],
            ]
            for said in answers:
                told_of = [(one["recipient"], one["account"], one["code"], one["purpose"]) for one in said["payees"]]
                assert said["fee"]["kopiykas"] == FEE and told_of == who

    def test_beside_what_a_service_costs(self, database_url: str, tmp_path: Any) -> None:
        with community(database_url, tmp_path, self.PAYEES) as desk:
            for on, who in (("2025-02-28", [OLD]), ("2025-03-01", [NEW, OWN])):
                said = desk.get("/services/register_residence", on=on).json()
                assert [one["recipient"] for one in said["payees"]] == [one.recipient for one in who]
            shown, *_ = desk.get("/community").json()["payees"]
            assert (shown["recipient"], shown["until"]) == (OLD.recipient, OLD.until)

    def test_nothing_is_said_where_nothing_is_due_or_nobody_was_entered(self, database_url: str, tmp_path: Any) -> None:
        free = {"service": "issue_extract", "received": f"{DAY}T10:00", "subject": {"born": BORN}}
        with community(database_url, tmp_path, self.PAYEES) as desk:
            assert "payees" not in desk.post("/applications?dry_run=1", free).json()

    def test_what_to_bring_tells_it_too(self, database_url: str, tmp_path: Any) -> None:
        with community(database_url, tmp_path, self.PAYEES) as desk:
            page = desk.client.get("/bring", params=WHOLE).text
            assert NEW.recipient in page and IBAN in page and "ЄДРПОУ" in page and OLD.recipient not in page
            of_office = page.partition(OWN.recipient)[2].partition("</p>")[0]
            assert (
                "Лише якщо звертаєтеся сюди: Саксаганський район" in of_office and page.count("звертаєтеся сюди") == 1
            )

    def test_without_data(self, here: Desk) -> None:
        body = {**MOVE, "received": f"{DAY}T10:00", "subject": {"born": BORN}}
        assert "payees" not in here.post("/applications?dry_run=1", body).json()
        assert "payees" not in here.get("/services/register_residence").json()

    def test_what_is_named_for_the_service_goes_before_what_is_for_all(self) -> None:
        of_service = replace(NEW, services=("register_residence",))
        said = PayeesDescribed(payees=(NEW, of_service, OWN))
        day = date(2025, 3, 11)
        assert payees_of(said, "register_residence", day, "metalurhiinyi") == (of_service,)
        assert payees_of(said, "deregister_residence", day, "metalurhiinyi") == (NEW,)
        assert payees_of(said, "register_residence", day, "saksahanskyi") == (OWN,)

    def test_without_an_office_nobody_is_named_whom_no_office_of_ours_would_pay(self) -> None:
        of_service = replace(NEW, services=("register_residence",))
        of_both = replace(OWN, services=("register_residence",))
        said, day = PayeesDescribed(payees=(NEW, of_service, OWN, of_both)), date(2025, 3, 11)
        assert payees_of(said, "register_residence", day) == (of_service, of_both)
        assert payees_of(said, "deregister_residence", day) == (NEW, OWN)

    @pytest.mark.parametrize(
        ("service", "told_of"),
        [
            ("register_stay", False),
            ("issue_extract", False),
            ("amend_record", False),
            ("deregister_residence", True),
            ("declare_child_residence", True),
        ],
    )
    def test_beside_a_service_that_is_free_nobody_is_named(
        self, database_url: str, tmp_path: Any, service: str, told_of: bool
    ) -> None:
        with community(database_url, tmp_path, self.PAYEES) as desk:
            for on in ("2025-02-28", "2025-03-11"):
                assert ("payees" in desk.get(f"/services/{service}", on=on).json()) is told_of

    def test_the_file_of_a_community_says_it(self) -> None:
        block = {"recipient": "К", "account": IBAN, "from": date(2025, 3, 1), "services": ["register_residence"]}
        (fact,) = facts_of({"since": date(2025, 1, 1), "payee": [block]})
        expected = Payee(recipient="К", account=IBAN, since="2025-03-01", services=("register_residence",))
        assert fact == PayeesDescribed(since="2025-01-01", payees=(expected,))

    @pytest.mark.parametrize(
        ("block", "code", "field"),
        [
            ({"account": IBAN}, "community-field-missing", "payee[1].recipient"),
            ({"recipient": "К"}, "community-field-missing", "payee[1].account"),
            ({"recipient": "К", "account": IBAN[:-1] + "2"}, "payee-account", "payee[1].account"),
            ({"recipient": "К", "account": "PL" + IBAN[2:]}, "payee-account", "payee[1].account"),
            ({"recipient": "К", "account": IBAN, "code": "1234567"}, "payee-code", "payee[1].code"),
            ({"recipient": "К", "account": IBAN, "services": ["x"]}, "payee-service", "payee[1].services"),
            ({"recipient": "К", "account": IBAN, "mfo": "1"}, "community-field-unknown", "payee[1].mfo"),
            ({"recipient": "К", "account": IBAN, "offices": ["x"]}, "office-unknown", "payee[1].offices"),
        ],
    )
    def test_a_fault_names_its_place(self, block: dict[str, Any], code: str, field: str) -> None:
        office = [{"id": "a", "name": "А"}]
        with pytest.raises(Impossible) as refused:
            facts_of({"payee": [block], "office": office, "schedule": [{"id": "BODY", "mon": [["08:00", "15:00"]]}]})
        assert [(one.code, one.field) for one in refused.value.faults] == [(code, field)]

    def test_later_too_it_is_of_an_office_that_there_is(self) -> None:
        known = fold(supposed([*OURS, self.PAYEES], 0, date(2025, 1, 1)))
        said = PayeesDescribed(payees=(NEW, replace(OWN, offices=("saksahanskyi", "x"))))
        with pytest.raises(Impossible) as refused:
            changed(known, [said], today=date(2025, 5, 1))
        assert [(one.code, one.field) for one in refused.value.faults] == [("office-unknown", "payee[2].offices")]
        assert changed(known, [PayeesDescribed(payees=(OWN,))], today=date(2025, 5, 1))

    def test_a_change_waits_for_a_second_person_and_names_its_day(self) -> None:
        known = fold(supposed([*OURS, self.PAYEES], 0, date(2025, 1, 1)))
        later = PayeesDescribed(payees=(NEW,))
        assert changed(known, [self.PAYEES], today=date(2025, 5, 1)) == []
        (fact,) = changed(known, [later], today=date(2025, 5, 1))
        assert fact == replace(later, since="2025-05-01")
        after = fold(supposed([*OURS, self.PAYEES, fact], 0, date(2025, 1, 1)))
        assert after.on(date(2025, 4, 30)).payees == self.PAYEES and after.on(date(2025, 5, 1)).payees == fact


CERTIFICATE = {"service": "issue_extract", "subject": {"born": BORN}, "applicant_name": "Вигаданий Просить"}


class TestA17DayOfRequest:
    """A17.13: «Дата звернення» of a document is the day on which it was asked for, whenever it is recorded."""

    @pytest.mark.parametrize(
        ("received", "state", "card"),
        [
            ("2021-06-16T10:00", "active", "71-03"),
            ("2021-06-16T23:30", "removed", "71-04"),
            ("2025-03-10T10:00", "active", "7"),
        ],
    )
    @pytest.mark.parametrize("at_once", [True, False])
    def test_of_an_earlier_day(self, desk: Desk, received: str, state: str, card: str, at_once: bool) -> None:
        person = resident(desk)
        body = filed(desk, **CERTIFICATE, received=received, extract={"state": state}, register=about(person))
        body |= {"acted_on": DAY, "reason": "прийнято на папері, внесено згодом"}
        if at_once:
            done = desk.act("/applications", {**body, "decide": True})["decision"]
        else:
            application = desk.act("/applications", body)["application"]
            done = desk.act(f"/applications/{application}/decision", {"acted_on": DAY, "reason": "внесено згодом"})
        (extract,) = done["extracts"]
        shown = desk.get(f"/extracts/{extract['number']}").json()
        assert kyiv_day(datetime.fromisoformat(shown["content"]["requested_at"])).isoformat() == received[:10]
        assert kyiv_day(datetime.fromisoformat(shown["content"]["known_at"])).isoformat() == DAY
        printed = text(desk.client.get(extract["document"]).content)
        assert f"Дата звернення {texts.day(received[:10])}" in " ".join(printed.split())
        assert done["parts"][0]["card"]["card"] == card


class TestA17ExtractUnsaid:
    """A17.5: `issue_extract` without `extract` issues the plain one, whichever way it is asked for."""

    @pytest.mark.parametrize("said", [{}, {"extract": None}, {"extract": {}}])
    @pytest.mark.parametrize("at_once", [True, False])
    def test_at_once_and_later(self, desk: Desk, said: dict[str, Any], at_once: bool) -> None:
        person = resident(desk)
        body = filed(desk, **CERTIFICATE, **said, register=about(person))
        (tried,) = desk.post("/applications?dry_run=1", body).json()["parts"]
        assert (tried["outcome"], tried["extract"]["state"]) == ("granted", "active")
        if at_once:
            done = desk.act("/applications", {**body, "decide": True})["decision"]
        else:
            application = desk.act("/applications", body)["application"]
            done = desk.act(f"/applications/{application}/decision", {"acted_on": DAY})
        (extract,) = done["extracts"]
        shown = desk.get(f"/extracts/{extract['number']}").json()["content"]
        assert extract["error"] is None and len(shown["residences"]) == 1 and shown["previous"] is None

    @pytest.mark.parametrize("said", [{}, {"extract": {}}])
    def test_on_the_request_of_a_body(self, desk: Desk, said: dict[str, Any]) -> None:
        body = {**CERTIFICATE, **said, "channel": "notice", "applicant": {"kind": "official_body"}}
        done = decided(desk, **body, register=about(resident(desk)))
        assert done["status"] == "granted" and len(done["decision"]["extracts"]) == 1

    def test_beside_another_service_nothing_is_issued_unasked(self, desk: Desk) -> None:
        said = decided(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        assert said["status"] == "granted" and said["decision"]["extracts"] == []


LIABLE = {"born": BORN, "military_duty": True}
DECLARES = {
    "service": "declare_residence",
    "channel": "diia",
    "dwelling": {"subject_is_owner": True},
    "subject": LIABLE,
}
RECORD = {"kind": "військовий квиток", "centre": "Вигадівський ТЦК та СП", "series": "АБ", "number": "754321"}


class TestA17MilitaryData:
    """A17.14: a declaration of whoever is liable for military duty says so much of the record as there is (card 8, row
    9)."""

    @pytest.mark.parametrize("data", [RECORD, {"record": "000000000000001"}])
    @pytest.mark.parametrize("demanded", [False, True])
    def test_it_is_kept_with_the_application_and_on_no_extract(
        self, database_url: str, tmp_path: Any, data: dict[str, str], demanded: bool
    ) -> None:
        with community(database_url, tmp_path, military_data_demanded=demanded) as desk:
            person = desk.person()
            register = about({"person": person, "military": data}, dwelling=desk.dwelling())
            said = decided(desk, **DECLARES, documents=["declaration"], register=register)
            assert (said["status"], told(said)) == ("granted", ["T-27"])
            (part,) = desk.get(f"/applications/{said['application']}").json()["parts"]
            kept = part["register"]["persons"][0]["military"]
            assert {name: value for name, value in kept.items() if value} == data
            done = decided(desk, **CERTIFICATE, received=f"{DAY}T11:00", register=about(person))
            extract = desk.client.get(f"/api/v1/extracts/{done['decision']['extracts'][0]['number']}").text
            assert not [value for value in data.values() if len(value) > 3 and value in extract]
            assert verify(desk.registry).found == 0

    @pytest.mark.parametrize(("demanded", "status"), [(False, "granted"), (True, "refused")])
    def test_without_it_as_the_community_reads_it(
        self, database_url: str, tmp_path: Any, demanded: bool, status: str
    ) -> None:
        with community(database_url, tmp_path, military_data_demanded=demanded) as desk:
            body = {**DECLARES, "documents": ["declaration"]}
            said = decided(desk, **body, register=about(desk.person(), dwelling=desk.dwelling()))
            assert said["status"] == status and "military_data_demanded" in told(said)
            (asked,) = [one for one in said["parts"][0]["documents_required"] if one["id"] == "military_data"]
            assert asked["optional"] is not demanded and asked["reference"] == "003 c8 r9"
            if demanded:
                (ground,) = said["decision"]["parts"][0]["grounds"]
                assert (ground["id"], ground["number"]) == ("incomplete", 3)

    @pytest.mark.parametrize("more", [{"military_duty": False}, {"citizenship": "foreigner"}])
    def test_of_nobody_else_it_is_asked(self, more: dict[str, Any]) -> None:
        subject = {**LIABLE, **more, **({"identity_document": "temporary_permit"} if "citizenship" in more else {})}
        found = law("declare_residence", settings=Readings(military_data_demanded=True), subject=subject)
        assert "military_data" not in [one.id for one in found.documents_required]
        assert "military_data_demanded" not in found.readings

    @pytest.mark.parametrize("service", ["register_residence", "declare_child_residence"])
    def test_where_the_card_does_not_name_it_it_is_not_taken(self, desk: Desk, service: str) -> None:
        register = about({"person": desk.person(), "military": RECORD}, dwelling=desk.dwelling())
        body = {**MOVE, "service": service, "received": f"{DAY}T10:00", "subject": {"born": BORN}}
        problem = desk.refused("/applications", {**body, "register": register})
        assert ("military-data-unasked", "register.persons.0.military") in codes(problem)

    def test_nothing_said_is_nothing_kept(self, desk: Desk) -> None:
        register = about({"person": desk.person(), "military": {"record": None}}, dwelling=desk.dwelling())
        said = decided(desk, **{**DECLARES, "subject": {"born": BORN}}, register=register)
        (part,) = desk.get(f"/applications/{said['application']}").json()["parts"]
        assert "military" not in part["register"]["persons"][0]
