"""What happens at a real counter, over HTTP: a class for each finding (A-numbers), what is mended and what stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from callers import of_machine
from filing import (
    BORN,
    CHILD_BORN,
    DAY,
    LEAVE,
    MOVE,
    NEXT,
    PROOF,
    VISIT,
    about,
    alive,
    amendment,
    decided,
    everything,
    filed,
    filed_anyway,
    follows,
    granted,
    received,
    recorded,
    strict,
)
from filing import NOTICE as SENT
from given import founded, installation
from starlette.testclient import TestClient
from test_api import Desk, codes, desk, has_cyrillic

from api.main import create_app
from registry.opening import opened
from registry.storage.mapper import kyiv_day
from replay.compare import verify

__all__ = ["desk", "strict"]

OURS, THEIRS = "UA12020030010063857", "UA14120000000012345"
CHILD = {"born": CHILD_BORN}
OF_CHILD = {"subject": CHILD, "applicant": {"kind": "parent"}}
DECLARED = {"channel": "diia", "dwelling": {"subject_is_owner": True}}


@pytest.fixture
def coded(database_url: str, tmp_path: Any) -> Iterator[Desk]:
    """A register that knows the code of its community."""
    with opened(database_url) as registry:
        settings = installation(data=tmp_path, second_person=False, community=OURS[:9])
        with TestClient(create_app(registry, settings)) as client:
            yield Desk(client, registry)


def far(desk: Desk, kind: str = "elsewhere", **address: Any) -> str:
    """A dwelling outside."""
    return desk.dwelling("1", kind=kind, address={"settlement": "м. Деінде", "street": "вул. Нова", **address})


MORTGAGED = [{"check": "encumbrance", "said": {"encumbrance": "other", "mortgaged": True}}]
ADULT, MINOR, YOUNGEST = "1990-05-04", "2008-09-01", "2019-03-02"
FEE = 4542
OWNER: dict[str, Any] = {**LEAVE, "ground": "owner_application", "applicant": {"kind": "dwelling_owner"}}


def family(desk: Desk, *born: str, home: str | None = None) -> list[str]:
    """People of the register, who live somewhere if it is said where."""
    people = [desk.person(birth_date=one, surname=f"Вигадана{number}") for number, one in enumerate(born)]
    for person, since in zip(people, born, strict=True):
        if home:
            desk.settled(person, home, since=max(since, "2010-07-15"))
    return people


def of_each(told: dict[str, Any]) -> dict[str, str]:
    """What was decided of whom."""
    parts = told["decision"]["parts"]
    return {person: part["outcome"] for part in parts for person in part["persons"]}


def texts_of(desk: Desk, told: dict[str, Any]) -> list[str]:
    """What the applicant is told."""
    listed = desk.get(f"/applications/{told['application']}").json()["follows"]
    return [one["text"] for one in listed if one["item"].startswith("applicant")]


def paid(kopiykas: int, **more: Any) -> list[dict[str, Any]]:
    """The checks of a move, with one payment."""
    asked = [{"check": "ownership", "said": {"owners": 1}}, {"check": "encumbrance", "said": {}}]
    return [*asked, {"check": "payment", "said": {"kopiykas": kopiykas, "receipt": "1", **more}}]


class TestA2Settling:
    """Of several people in one part each is judged alone, by their own card."""

    @pytest.mark.parametrize("order", [(ADULT, MINOR, YOUNGEST), (ADULT, YOUNGEST, MINOR)])
    def test_a_child_goes_to_its_card_and_a_minor_needs_a_consent(self, desk: Desk, order: tuple[str, ...]) -> None:
        people, home = family(desk, *order), desk.dwelling()
        told = decided(desk, **MOVE, persons=3, consents=[], checks=paid(FEE), register=about(*people, dwelling=home))
        by_birth = dict(zip(order, people, strict=True))
        assert told["status"] == "partly-granted"
        assert of_each(told) == {
            by_birth[ADULT]: "granted",
            by_birth[MINOR]: "refused",
            by_birth[YOUNGEST]: "not_possible",
        }
        parts = {part["persons"][0]: part for part in told["decision"]["parts"]}
        assert [one["id"] for one in parts[by_birth[YOUNGEST]]["barred"]] == ["wrong_service_for_age"]
        assert "за карткою 3" in parts[by_birth[YOUNGEST]]["text"]
        assert "any_parent" in parts[by_birth[MINOR]]["missing"]
        assert [bool(recorded(told, one)) for one in people] == [one == ADULT for one in order]

    @pytest.mark.parametrize(
        ("service", "said", "grant", "bar"),
        [
            ("register_child_residence", OF_CHILD, YOUNGEST, MINOR),
            ("deregister_child_residence", OF_CHILD, YOUNGEST, MINOR),
            ("declare_child_residence", {**DECLARED, **OF_CHILD}, YOUNGEST, MINOR),
            ("declare_residence", DECLARED, ADULT, YOUNGEST),
            ("deregister_residence", {}, ADULT, YOUNGEST),
        ],
    )
    @pytest.mark.parametrize("turned", [False, True])
    def test_each_card_is_for_its_age(
        self, desk: Desk, service: str, said: dict[str, Any], grant: str, bar: str, turned: bool
    ) -> None:
        order = (bar, grant) if turned else (grant, bar)
        people = family(desk, *order, home=desk.dwelling() if service.startswith("deregister") else None)
        register = about(*people, dwelling=desk.dwelling("9"))
        body = {"service": service, **said, "subject": {"born": grant}, "persons": 2, "register": register}
        told = decided(desk, **body)
        outcomes = {grant: "granted", bar: "not_possible"}
        assert of_each(told) == {one: outcomes[born] for one, born in zip(people, order, strict=True)}

    def test_a_childs_stay_is_not_granted_by_its_mothers(self, desk: Desk) -> None:
        people = family(desk, ADULT, YOUNGEST)
        body = {**MOVE, "service": "register_stay", "persons": 2, "register": about(*people, dwelling=desk.dwelling())}
        told = decided(desk, **body)
        assert of_each(told) == dict(zip(people, ("granted", "refused"), strict=True))
        assert told["decision"]["parts"][1]["grounds"][0]["id"] == "under_14_or_unauthorised"

    @pytest.mark.parametrize(("files", "outcome"), [("2011-03-12", "refused"), ("2011-03-11", "granted")])
    def test_whoever_files_is_fourteen(self, desk: Desk, files: str, outcome: str) -> None:
        register = about(desk.person(birth_date=CHILD_BORN), dwelling=desk.dwelling())
        register["applicant"] = desk.person(birth_date=files, surname="Вигадана Мати")
        told = decided(desk, service="register_child_residence", **OF_CHILD, register=register)
        (part,) = told["decision"]["parts"]
        grounds = [one["id"] for one in part.get("grounds", [])]
        assert (part["outcome"], grounds) == (outcome, ["under_14_or_unauthorised"] * (outcome == "refused"))

    @pytest.mark.parametrize("service", ["register_residence", "register_stay"])
    def test_adults_are_granted_each_with_a_fee(self, desk: Desk, service: str) -> None:
        people, home = family(desk, ADULT, "1961-01-02", "1988-02-29"), desk.dwelling()
        told = granted(desk, **{**MOVE, "service": service}, persons=3, register=about(*people, dwelling=home))
        due = 0 if service == "register_stay" else FEE
        assert [part["charge"]["due"] for part in told["decision"]["parts"]] == [due] * 3
        assert [(one["part"], one["persons"]) for one in told["parts"]] == [(n, [p]) for n, p in enumerate(people, 1)]
        assert [recorded(told, one) for one in people] == [
            ["residence-registered" if due else "stay-registered"],
        ] * 3

    @pytest.mark.parametrize(
        "channel_fee", [({"channel": "office"}, MOVE), (DECLARED, {"service": "declare_residence"})]
    )
    def test_one_fee_is_not_enough_for_two(self, desk: Desk, channel_fee: Any) -> None:
        said, service = channel_fee
        people, home = family(desk, ADULT, "1961-01-02"), desk.dwelling()
        body = filed(desk, **service, **said, persons=2, register=about(*people, dwelling=home))
        for one in body["checks"]:
            if one["check"] == "payment":
                assert one["said"] == {"kopiykas": 2 * FEE}
                one["said"] = {"kopiykas": FEE, "receipt": "7"}
        told = desk.act("/applications", {**body, "decide": True})
        assert of_each(told) == {people[0]: "granted", people[1]: "refused"}
        charges = [part["charge"] for part in told["decision"]["parts"]]
        assert [(one["paid"], one.get("receipt")) for one in charges] == [(FEE, "7"), (0, None)]

    def test_the_money_goes_to_who_is_granted_what_it_pays(self, desk: Desk) -> None:
        people = family(desk, MINOR, YOUNGEST, ADULT)
        register = about(*people, dwelling=desk.dwelling())
        body = {**MOVE, "subject": {"born": MINOR}, "persons": 3, "consents": [], "checks": paid(FEE)}
        told = decided(desk, **body, register=register)
        assert of_each(told) == dict(zip(people, ("refused", "not_possible", "granted"), strict=True))

    def test_one_receipt_may_be_for_all(self, desk: Desk) -> None:
        people, home = family(desk, ADULT, "1961-01-02", "1988-02-29"), desk.dwelling()
        body = {**MOVE, "persons": 3, "checks": paid(3 * FEE, payments=1)}
        told = granted(desk, **body, register=about(*people, dwelling=home))
        assert [part["charge"]["paid"] for part in told["decision"]["parts"]] == [FEE] * 3

    def test_a_minor_with_a_consent_is_granted_beside_the_mother(self, desk: Desk) -> None:
        people, home = family(desk, ADULT, MINOR), desk.dwelling()
        body = {**MOVE, "persons": 2, "consents": ["parent_1"], "register": about(*people, dwelling=home)}
        assert of_each(granted(desk, **body)) == dict.fromkeys(people, "granted")

    def test_newcomers_are_judged_by_their_own_birth_dates(self, desk: Desk) -> None:
        who = [
            {"particulars": {"surname": "Нова", "given_names": name, "birth_date": born}}
            for name, born in (("Перша", ADULT), ("Друга", MINOR), ("Третя", YOUNGEST))
        ]
        key = str(uuid4())
        body = filed(desk, **MOVE, persons=3, consents=[], register=about(*who, dwelling=desk.dwelling()))
        told = desk.post("/applications", {**body, "decide": True}, Idempotency_Key=key)
        outcomes = [part["outcome"] for part in told.json()["decision"]["parts"]]
        assert outcomes == ["granted", "refused", "not_possible"] and len(told.json()["decision"]["recorded"]) == 1
        again = desk.post("/applications", {**body, "decide": True}, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, told.json())

    def test_a_batch_of_an_institution_is_judged_one_by_one(self, desk: Desk) -> None:
        people = family(desk, ADULT, "1961-01-02", "1988-02-29")
        desk.settled(people[1], desk.dwelling("7"))
        body = {
            **MOVE,
            "applicant": {"kind": "social_institution"},
            "dwelling": {"kind": "social_institution"},
            "subject": {"born": ADULT, "homeless_record": True},
        }
        home = desk.dwelling(kind="social_institution")
        told = granted(desk, **body, persons=3, register=about(*people, dwelling=home))
        assert [part["charge"]["due"] for part in told["decision"]["parts"]] == [FEE] * 3

    def test_each_by_what_the_register_knows_of_them(self, desk: Desk) -> None:
        first, late = family(desk, ADULT, "1988-02-29")
        foreigner = desk.person(birth_date="1961-01-02", citizenship="foreigner")
        residence = desk.settled(late, desk.dwelling("7"))
        desk.core("deregister_residence", late, residence=residence, until="2025-01-10", ground="заява")
        register = about(first, foreigner, late, dwelling=desk.dwelling())
        told = desk.act("/applications", filed(desk, **MOVE, persons=3, register=register))
        parts = desk.get(f"/applications/{told['application']}").json()["parts"]
        said = [part["asked"]["subject"] | part["known"].get("subject", {}) for part in parts]
        assert [one.get("citizenship") for one in said] == [None, "foreigner", None]
        assert [one.get("deregistered_on") for one in said] == [None, None, "2025-01-10"]
        assert [(part["late"], part["fee"]["kopiykas"]) for part in told["parts"]] == [
            *[(False, FEE)] * 2,
            (True, 7570),
        ]

    @pytest.mark.parametrize("first", [0, 1])
    def test_the_birth_that_is_said_is_of_whom_it_is(self, desk: Desk, first: int) -> None:
        people = family(desk, ADULT, "1961-01-02")
        body = {**MOVE, "persons": 2, "subject": {"born": (ADULT, "1961-01-02")[first]}}
        granted(desk, **body, register=about(*people, dwelling=desk.dwelling()))
        wrong = {**filed_anyway(desk, **body, register=about(*people)), "subject": {"born": "1991-01-01"}}
        assert codes(desk.refused("/applications", wrong)) == [("differs-from-register", "subject.born")]

    def test_who_has_no_birth_date_is_named_in_a_part_of_their_own(self, desk: Desk) -> None:
        people = [desk.person(), desk.person(surname="Без Дня", birth_date="2007")]
        body = filed_anyway(desk, **MOVE, persons=2, register=about(*people, dwelling=desk.dwelling()))
        assert codes(desk.refused("/applications", body)) == [("birth-date-of-each", "register.persons")]
        home = desk.dwelling("9")
        part = {**MOVE, "subject": {"born": "2007-01-02"}, "register": about(people[1], dwelling=home)}
        granted(desk, **MOVE, register=about(people[0], dwelling=home), children=[part])

    def test_the_checks_of_each_are_answered_later_by_their_own_numbers(self, desk: Desk) -> None:
        people, home = family(desk, ADULT, "1961-01-02"), desk.dwelling()
        body = {**filed(desk, **MOVE, persons=2, register=about(*people, dwelling=home)), "checks": []}
        application = desk.act("/applications", body)["application"]
        for part in (1, 2):
            for check, said in (("ownership", {}), ("encumbrance", {}), ("payment", {"kopiykas": FEE})):
                answer = {"part": part, "check": check, "said": said}
                desk.act(f"/applications/{application}/checks", answer)
        told = desk.act(f"/applications/{application}/decision", {"acted_on": DAY})
        assert told["status"] == "granted"

    def test_a_further_part_keeps_its_number_in_the_request(self, desk: Desk) -> None:
        (mother, aunt, child), home = family(desk, ADULT, "1961-01-02", YOUNGEST), desk.dwelling()
        of_child = {"subject": {"born": YOUNGEST}, "applicant": {"kind": "parent"}}
        part = {"service": "register_child_residence", **of_child, "register": about(child, dwelling=home)}
        told = granted(desk, **MOVE, persons=2, register=about(mother, aunt, dwelling=home), children=[part])
        assert [one["persons"] for one in told["decision"]["parts"]] == [[mother], [aunt], [child]]


class TestA2Removing:
    """An owner's removal of several is one application, and each of them is judged alone."""

    @pytest.mark.parametrize("subject", [{"born": ADULT}, {"born": YOUNGEST}])
    def test_the_children_stay_where_the_adult_is_removed(self, desk: Desk, subject: dict[str, Any]) -> None:
        people = family(desk, ADULT, MINOR, YOUNGEST, home=desk.dwelling())
        body = {**OWNER, "subject": subject, "persons": 3, "payments": 3, "consents": []}
        told = decided(desk, **body, register=about(*people))
        assert of_each(told) == dict(zip(people, ("granted", "refused", "not_possible"), strict=True))
        parts = told["decision"]["parts"]
        assert parts[1]["missing"] == ["any_parent"] and parts[2]["barred"][0]["id"] == "wrong_service_for_age"
        assert [len(alive(desk, one)) for one in people] == [0, 1, 1]

    def test_adults_and_minors_with_consents_are_removed_for_a_fee_each(self, desk: Desk) -> None:
        people = family(desk, ADULT, MINOR, "1961-01-02", "2008-01-01", home=desk.dwelling())
        body = {**OWNER, "persons": 4, "payments": 4, "consents": ["any_parent"]}
        told = granted(desk, **body, register=about(*people))
        groups = [(one["persons"], one["charge"]["due"]) for one in told["decision"]["parts"]]
        assert groups == [([people[0], people[2]], 2 * FEE), ([people[1], people[3]], 2 * FEE)]
        assert all(alive(desk, one) == [] for one in people)

    def test_the_payment_is_for_who_is_removed(self, desk: Desk) -> None:
        people = family(desk, YOUNGEST, ADULT, home=desk.dwelling())
        body = {**OWNER, "subject": {"born": YOUNGEST}, "persons": 2, "payments": 1, "consents": []}
        body = {**body, "documents": ["application", "owner_identity", "ownership_document", "fee_evidence"]}
        body |= {"checks": [{"check": "payment", "said": {"kopiykas": FEE}}]}
        told = decided(desk, **body, register=about(*people))
        assert of_each(told) == {people[0]: "not_possible", people[1]: "granted"}

    @pytest.mark.parametrize("payments", [1, 2])
    def test_fewer_payments_than_persons(self, desk: Desk, payments: int) -> None:
        people = family(desk, ADULT, "1961-01-02", home=desk.dwelling())
        body = filed(desk, **OWNER, persons=2, payments=payments, register=about(*people))
        told = desk.act("/applications", {**body, "decide": True})
        assert told["status"] == ("granted" if payments == 2 else "refused") and len(told["decision"]["parts"]) == 1

    def test_a_co_owner_is_not_removed_whoever_else_is(self, desk: Desk) -> None:
        people = family(desk, ADULT, MINOR, home=desk.dwelling())
        body = {**OWNER, "persons": 2, "applicant": {"kind": "dwelling_co_owner"}}
        told = decided(desk, **body, dwelling={"owners": 2, "subject_is_owner": True}, register=about(*people))
        assert set(of_each(told).values()) == {"not_possible"} and all(alive(desk, one) for one in people)

    def test_of_their_own_will_each_applies_alone(self, desk: Desk) -> None:
        people = family(desk, ADULT, "1961-01-02", YOUNGEST, home=desk.dwelling())
        told = decided(desk, **LEAVE, persons=3, consents=[], register=about(*people))
        assert of_each(told) == dict(zip(people, ("granted", "granted", "not_possible"), strict=True))

    def test_a_death_is_told_of_one(self, desk: Desk) -> None:
        people = family(desk, ADULT, "1961-01-02", home=desk.dwelling())
        subject = {"born": ADULT, "death_registered_on": "2025-03-01"}
        body = {**LEAVE, "ground": "death_certificate", "applicant": {"kind": "other"}, "subject": subject}
        body = filed_anyway(desk, **body, persons=2, register=about(*people))
        assert codes(desk.refused("/applications", body)) == [("death-of-one", "register.persons")]

    def test_the_law_alone_counts_a_fee_for_each(self, desk: Desk) -> None:
        for said in (MOVE, OWNER, {"service": "declare_residence", **DECLARED}):
            tried = desk.post(
                "/applications?dry_run=1", {"received": VISIT, "subject": {"born": ADULT}, **said, "persons": 3}
            )
            assert tried.json()["fee"]["kopiykas"] == 3 * FEE and "кожн" in tried.json()["fee"]["rule"]


class TestA2MotherThenChild:
    """Parts are judged in order, each seeing what the granted ones before it do."""

    @pytest.mark.parametrize("lived_here", [True, False])
    def test_the_child_at_the_mothers_new_address(self, desk: Desk, lived_here: bool) -> None:
        old, new = desk.dwelling(), desk.dwelling("9")
        mother, child = family(desk, ADULT, YOUNGEST, home=old if lived_here else None)
        said = {"subject": {"born": YOUNGEST}, "applicant": {"kind": "parent"}, "register": about(child, dwelling=new)}
        part = {"service": "register_child_residence", **said}
        told = granted(desk, **MOVE, register=about(mother, dwelling=new), children=[part], extract={})
        assert [len(alive(desk, one)) for one in (mother, child)] == [1, 1] and told["decision"]["extracts"]
        assert len(desk.get(f"/dwellings/{new}/residents").json()["answer"]) == 2

    def test_what_follows_sees_what_came_before_of_the_same_person(self, desk: Desk) -> None:
        (person,), home = family(desk, ADULT, home=desk.dwelling()), desk.dwelling("9")
        part = {**MOVE, "subject": {"born": ADULT}, "register": about(person, dwelling=home)}
        told = granted(desk, **LEAVE, register=about(person), children=[part])
        assert recorded(told, person) == ["residence-deregistered", "residence-registered"]
        assert alive(desk, person) == [(DAY, None)]


class TestA17OneMessage:
    """A17.11: the applicant of a visit gets one message, which says what became of each part."""

    def test_which_was_granted_and_which_not(self, desk: Desk) -> None:
        people = family(desk, ADULT, MINOR, YOUNGEST)
        body = {**MOVE, "persons": 3, "consents": [], "checks": paid(FEE)}
        told = decided(desk, **body, register=about(*people, dwelling=desk.dwelling()))
        (text,) = texts_of(desk, told)
        assert f"код {told['code']}" in text
        assert [one in text for one in ("1) Реєстрація", "2) Реєстрація", "3) Реєстрація")] == [True] * 3
        assert text.index("надано") < text.index("відмовлено") < text.index("надати не можна")
        assert "Вигадана" not in text

    def test_of_several_services_each_by_its_title(self, desk: Desk) -> None:
        (person,), home = family(desk, ADULT), desk.dwelling()
        extract = {"service": "issue_extract", "subject": {"born": ADULT}, "documents": [], "register": about(person)}
        told = decided(desk, **MOVE, register=about(person, dwelling=home), children=[extract])
        (text,) = texts_of(desk, told)
        assert "1) Реєстрація" in text and "2) " in text and told["status"] == "partly-granted"

    def test_one_service_is_told_as_it_was(self, desk: Desk) -> None:
        told = granted(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        (text,) = texts_of(desk, told)
        assert text.startswith("Послугу надано")

    @pytest.mark.parametrize("more", [{}, {"documents": []}])
    def test_nobody_is_texted_without_a_phone(self, desk: Desk, more: dict[str, Any]) -> None:
        told = decided(desk, **MOVE, **more, phone=None, register=about(desk.person(), dwelling=desk.dwelling()))
        assert texts_of(desk, told) == []
        follows_of = [one["item"] for one in told["decision"]["parts"][0]["follows"]]
        assert "applicant_sms" in follows_of  # the card asks for it all the same

    def test_diia_needs_no_phone(self, desk: Desk) -> None:
        said = {"service": "declare_residence", **DECLARED, "phone": None}
        told = decided(desk, **said, register=about(desk.person(), dwelling=desk.dwelling()))
        assert len(texts_of(desk, told)) == 1


def settled(desk: Desk, said: dict[str, Any]) -> str:
    """Whom an application is about, who lives here already."""
    person = desk.person(birth_date=said.get("subject", {}).get("born", BORN))
    desk.settled(person, desk.dwelling(), since="2019-07-15")
    return person


class TestA3:
    """Channel and sender are facts, not words."""

    OWNERS: ClassVar[dict[str, Any]] = {"ground": "owner_application", "applicant": {"kind": "dwelling_owner"}}

    @pytest.mark.parametrize(
        "said",
        [
            {"ground": "application"},
            {"ground": "stay_ended"},
            {"ground": "application", "applicant": {"kind": "proxy_representative"}},
            OWNERS,
            {**OWNERS, "applicant": {"kind": "dwelling_authorised_person"}},
        ],
    )
    def test_nobodys_own_application_comes_as_a_notice(self, desk: Desk, said: dict[str, Any]) -> None:
        person = resident(desk)
        body = {**LEAVE, **said, "channel": "notice", "documents": [], "register": about(person)}
        told = decided(desk, **body)
        assert told["status"] == "not-possible" and recorded(told, person) == []
        (part,) = told["decision"]["parts"]
        assert [one["id"] for one in part["barred"]] == ["not_a_notice"] and "прийміть від заявника" in part["text"]
        granted(desk, **{**LEAVE, **said, "register": about(person)})

    @pytest.mark.parametrize(
        ("service", "channel", "said"),
        [
            *[("register_residence", channel, {}) for channel in ("diia", "emaliatko", "notice")],
            *[("register_stay", channel, {}) for channel in ("diia", "notice")],
            ("register_child_residence", "diia", OF_CHILD),
            ("deregister_residence", "emaliatko", {}),
            ("declare_residence", "office", {"dwelling": {"subject_is_owner": True}}),
            ("declare_child_residence", "office", {**OF_CHILD, "dwelling": {"subject_is_owner": True}}),
        ],
    )
    def test_a_channel_that_the_card_does_not_admit_is_barred(
        self, desk: Desk, service: str, channel: str, said: dict[str, Any]
    ) -> None:
        person = settled(desk, said)
        before = alive(desk, person)
        home = {} if service == LEAVE["service"] else {"dwelling": desk.dwelling("9")}
        body = {**MOVE, "service": service, **said, "channel": channel}
        told = decided(desk, **body, register=about(person, **home))
        (part,) = told["decision"]["parts"]
        assert told["status"] == "not-possible" and alive(desk, person) == before
        assert [one["id"] for one in part["barred"]] == ["channel_not_admitted"]
        assert part["barred"][0]["reference"].endswith(" r10")

    def test_a_correction_is_asked_for_at_the_office(self, desk: Desk) -> None:
        person, body = amendment(desk)
        told = desk.act("/applications", {**body, "channel": "diia", "transcribed": True, "decide": True})
        assert told["status"] == "not-possible" and recorded(told, person) == []

    @pytest.mark.parametrize(
        ("number", "shown"), [("17/2", "17/2"), (None, "б/н")], ids=["with a number", "without a number"]
    )
    @pytest.mark.parametrize(
        "said",
        [
            {"ground": "court_eviction", "applicant": {"kind": "court"}},
            {"ground": "institution_notice", "applicant": {"kind": "social_institution"}},
            {"ground": "authorised_person_notice", "applicant": {"kind": "dwelling_authorised_person"}},
        ],
    )
    def test_a_notice_has_a_sender_and_a_date(
        self, desk: Desk, said: dict[str, Any], number: str | None, shown: str
    ) -> None:
        person = resident(desk)
        notice = {"sender": "Вигадівський орган", "dated": "2025-03-10", "number": number}
        body = filed(desk, **LEAVE, **said, channel="notice", register=about(person), notice=notice)
        for wrong, code, field in (
            (None, "notice-missing", "notice"),
            ({**notice, "dated": "2025-03-12"}, "notice-after-receipt", "notice.dated"),
            ({"sender": "Вигадівський орган"}, "missing", "notice.dated"),
            ({"dated": "2025-03-10"}, "missing", "notice.sender"),
        ):
            for how in ("", "?dry_run=1"):
                assert codes(desk.refused(f"/applications{how}", {**body, "notice": wrong})) == [(code, field)]
        told = desk.act("/applications", {**body, "decide": True})
        assert told["status"] == "granted" and recorded(told, person) == ["residence-deregistered"]
        held = desk.get(f"/applications/{told['application']}").json()
        assert held["notice"] == {**notice, "number": shown} and not held["transcribed"] and len(held["code"]) == 6

    def test_a_ground_of_another_card_is_none(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        for service, ground in (("register_residence", "court_eviction"), ("issue_extract", "death_data")):
            body = filed_anyway(desk, service=service, ground=ground, register=about(person, dwelling=home))
            problem = desk.refused("/applications", body)
            assert codes(problem) == [("ground-unknown", "ground")] and "application" in problem["detail"]
            alone = {name: value for name, value in body.items() if name != "register"}
            assert codes(desk.refused("/applications?dry_run=1", alone)) == [("ground-unknown", "ground")]

    @pytest.mark.parametrize(
        ("ground", "kind", "result"),
        [("stay_ended", "parent", "granted"), ("owner_application", "dwelling_owner", "refused")],
    )
    def test_a_card_that_names_who_may_on_which_ground_decides_itself(
        self, desk: Desk, ground: str, kind: str, result: str
    ) -> None:
        child = desk.person(birth_date=CHILD_BORN)
        desk.settled(child, desk.dwelling(), since="2020-01-01")
        said = {"service": "deregister_child_residence", "ground": ground, **OF_CHILD, "applicant": {"kind": kind}}
        if ground == "stay_ended":
            said["subject"] = {"born": CHILD_BORN, "citizenship": "foreigner"}
        assert decided(desk, **said, register=about(child))["status"] == result

    def test_an_application_has_no_sender(self, desk: Desk) -> None:
        body = filed(desk, **LEAVE, register=about(resident(desk)))
        notice = {"sender": "Вигадівський орган", "dated": "2025-03-10"}
        assert codes(desk.refused("/applications", {**body, "notice": notice})) == [("notice-unasked", "notice")]

    @pytest.mark.parametrize(
        ("channel", "said"),
        [
            ("diia", {**LEAVE}),
            ("diia", {"service": "declare_residence", "dwelling": {"subject_is_owner": True}}),
            ("emaliatko", {"service": "register_child_residence", **OF_CHILD}),
        ],
    )
    def test_a_portal_is_no_word_of_a_desk_but_may_be_transcribed(
        self, desk: Desk, channel: str, said: dict[str, Any]
    ) -> None:
        person = settled(desk, said)
        home = {} if said["service"] == LEAVE["service"] else {"dwelling": desk.dwelling("9")}
        body = {**filed(desk, **said, channel=channel, register=about(person, **home)), "decide": True}
        for how in ("", "?dry_run=1"):
            problem = desk.refused(f"/applications{how}", {**body, "transcribed": False})
            assert codes(problem) == [("channel-of-machines", "channel")]
        told = desk.act("/applications", body)
        held = desk.get(f"/applications/{told['application']}").json()
        assert told["status"] == "granted" and held["transcribed"] and held["notice"] is None

    def test_what_was_declared_is_checked_and_never_changed(self, desk: Desk) -> None:
        declared = {"service": "declare_residence", "channel": "diia", "dwelling": {"subject_is_owner": True}}
        body = filed(desk, **declared, register=about(resident(desk), dwelling=desk.dwelling("9")))
        said = desk.act("/applications", {**body, "checks": []})["application"]
        desk.act(f"/applications/{said}/checks", {"check": "ownership", "said": {"subject_is_owner": False}})
        (part,) = desk.get(f"/applications/{said}").json()["parts"]
        assert part["asked"]["dwelling"] == {"subject_is_owner": True}
        assert [one["said"] for one in part["checks"] if one["answered"]] == [{"subject_is_owner": False}]

    def test_nothing_of_the_office_is_transcribed(self, desk: Desk) -> None:
        body = {**filed(desk, **LEAVE, register=about(resident(desk))), "transcribed": True}
        assert codes(desk.refused("/applications", body)) == [("nothing-transcribed", "transcribed")]


class TestA17Letter:
    """A17.1: a refusal names every paper that was not submitted, as the card calls it."""

    @pytest.mark.parametrize(
        ("said", "names"),
        [
            ({"dwelling": {"owners": 3}, "consents": ["owner_1"]}, "згода власника (співвласника) житла"),
            ({"documents": ["application", "identity_document"]}, "документ або відомості про сплату"),
            ({"received": "2021-03-10T10:00", "documents": ["application"]}, "копія паспорта"),
        ],
    )
    def test_names_what_to_bring(self, desk: Desk, said: dict[str, Any], names: str) -> None:
        said = {**MOVE, "dwelling": {}, **said, "register": about(desk.person(), dwelling=desk.dwelling())}
        told = decided(desk, **said)
        (part,) = told["decision"]["parts"]
        *_, last = part["text"].splitlines()
        assert last.startswith("Не подано: ") and last.count(names) == 1 and "_" not in last
        assert last in desk.client.get(f"/applications/{told['application']}/letter").text

    def test_says_nothing_where_nothing_is_missing(self, desk: Desk) -> None:
        told = decided(desk, **MOVE, false_data=True, register=about(desk.person(), dwelling=desk.dwelling()))
        assert told["status"] == "refused" and "Не подано" not in told["decision"]["parts"][0]["text"]


class TestA17Readings:
    """A17.7: a decision tells the clerk, and keeps, on which readings of the card it rests."""

    @pytest.mark.parametrize(("encumbrance", "told"), [("other", ["T-01"]), ("none", [])])
    def test_an_encumbrance_that_forbids_nothing(self, desk: Desk, encumbrance: str, told: list[str]) -> None:
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        for one in body["checks"]:
            one["said"] |= {"encumbrance": encumbrance} if one["check"] == "encumbrance" else {}
        (tried,) = desk.post("/applications?dry_run=1", body).json()["parts"]
        done = desk.act("/applications", {**body, "decide": True})
        (part,) = desk.get(f"/applications/{done['application']}/decision").json()["parts"]
        assert (part["outcome"], part["readings"]) == ("granted", tried["readings"])
        assert [one["id"] for one in tried["readings"]] == told
        assert all("не є підставою відмови" in one["text"] for one in tried["readings"])

    @pytest.mark.parametrize(("kind", "told"), [("mortgagee", ["T-13"]), ("person", [])])
    def test_who_asks_by_a_status_that_the_card_gives_no_paper(self, desk: Desk, kind: str, told: list[str]) -> None:
        body = {"service": "issue_extract", "received": VISIT, "subject": {"born": BORN}, "applicant": {"kind": kind}}
        tried = desk.post("/applications?dry_run=1", body).json()
        assert [one["id"] for one in tried["readings"]] == told


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
        told = granted(desk, **LEAVE, register=about(person, destination="м. Деінде"))
        assert recorded(told, person) == ["residence-deregistered"] and alive(desk, person) == []
        assert desk.get(f"/persons/{person}/facts").json()["facts"][-1]["body"]["destination"] == "м. Деінде"
        assert "м. Деінде" in desk.client.get(f"/persons/{person}").text

    def test_who_comes_from_there_settles_here(self, desk: Desk) -> None:
        person = desk.person()
        past = {"kind": "registered", "dwelling": far(desk), "since": "2001-01-01", "until": "2005-01-01"}
        desk.act(f"/persons/{person}/past-residences", past)
        told = granted(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))
        assert recorded(told, person) == ["residence-registered"]


DMS = {**LEAVE, "ground": "dms_notice", "channel": "notice", "applicant": {"kind": "dms"}}
COURT = {**LEAVE, "channel": "notice", "applicant": {"kind": "court"}}
FAMILY = {**LEAVE, "ground": "foreign_death_document", "applicant": {"kind": "other"}}


def resident(desk: Desk, **particulars: Any) -> str:
    person = desk.person(**particulars)
    desk.settled(person, desk.dwelling())
    return person


def death(desk: Desk, person: str) -> str | None:
    said = desk.get(f"/persons/{person}").json()["death"]
    return said and said["registered_on"]


class TestA6:
    """Death abroad is a death, and the dead apply for nothing."""

    @pytest.mark.parametrize(
        ("said", "on"),
        [
            ({"death_registered_on": "2025-02-10"}, "2025-02-10"),
            ({"died_on": "2025-02-08"}, SENT["dated"]),
            ({}, SENT["dated"]),
        ],
    )
    def test_a_notice_of_dms_tells_a_death(self, desk: Desk, said: dict[str, Any], on: str) -> None:
        person = resident(desk, citizenship="foreigner")
        told = granted(desk, **DMS, subject={"born": BORN, **said}, register=about(person))
        assert recorded(told, person) == ["deceased"] and death(desk, person) == on
        assert told["decision"]["parts"][0]["effective_on"] == on and told["parts"][0]["fee"]["kopiykas"] == 0
        assert follows(desk, told) == [("dms", person, DAY)] and everything(desk, person)[0]["until"] == on

    def test_of_a_child_too(self, desk: Desk) -> None:
        person = desk.person(birth_date=CHILD_BORN)
        desk.settled(person, desk.dwelling(), since="2019-07-15")
        said = {**DMS, "service": "deregister_child_residence", "subject": CHILD}
        assert recorded(granted(desk, **said, register=about(person)), person) == ["deceased"]

    @pytest.mark.parametrize(
        ("service", "citizenship", "born"),
        [
            ("deregister_residence", "foreigner", BORN),
            ("deregister_residence", "stateless", "2008-09-01"),
            ("deregister_child_residence", "foreigner", CHILD_BORN),
        ],
    )
    def test_a_cancelled_permit_is_a_removal(self, desk: Desk, service: str, citizenship: str, born: str) -> None:
        person = desk.person(citizenship=citizenship, birth_date=born)
        desk.settled(person, desk.dwelling(), since="2020-07-15")
        said = {**DMS, "service": service, "ground": "permit_cancelled", "subject": {"born": born}}
        told = granted(desk, **said, register=about(person))
        assert recorded(told, person) == ["residence-deregistered"] and death(desk, person) is None
        (part,) = told["parts"]
        assert (part["fee"]["kopiykas"], part["documents_required"]) == (0, [])

    def test_a_citizen_has_no_permit_and_nobody_but_dms_tells_of_one(self, desk: Desk) -> None:
        citizen, foreigner = resident(desk, citizenship="ua"), resident(desk, citizenship="foreigner")
        cancelled = {**DMS, "ground": "permit_cancelled"}
        told = decided(desk, **cancelled, register=about(citizen))
        assert [one["id"] for one in told["decision"]["parts"][0]["barred"]] == ["foreigners_only"]
        for said in ({"applicant": {"kind": "other"}}, {"channel": "office"}):
            told = decided(desk, **{**cancelled, **said}, register=about(foreigner))
            assert told["status"] == "refused" and alive(desk, foreigner)

    @pytest.mark.parametrize("kind", ["other", "parent", "dwelling_owner"])
    def test_the_family_brings_the_foreign_document(self, desk: Desk, kind: str) -> None:
        person = resident(desk)
        subject = {"born": BORN, "death_registered_on": "2025-02-10"}
        said = {**FAMILY, "applicant": {"kind": kind}, "subject": subject, "register": about(person)}
        body = filed(desk, **said)
        assert (body["documents"], body["consents"], body["checks"]) == (["foreign_death_document"], [], [])
        without = desk.post("/applications", {**body, "documents": [], "decide": True}).json()
        assert without["status"] == "refused" and death(desk, person) is None
        told = desk.act("/applications", {**body, "decide": True})
        assert recorded(told, person) == ["deceased"] and death(desk, person) == "2025-02-10"

    def test_without_the_day_of_the_death_it_is_not_recorded(self, desk: Desk) -> None:
        person = resident(desk)
        days = ("death_registered_on", "declared_dead_on")
        for day, said in zip(days, (FAMILY, {**COURT, "ground": "court_declared_dead"}), strict=True):
            body = {**filed_anyway(desk, **said, register=about(person)), "documents": []}
            body["documents"] = ["foreign_death_document", "court_decision"]
            assert codes(desk.refused("/applications", body)) == [("death-date-missing", f"subject.{day}")]

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"died_on": "2030-08-01"}, "date-in-future"),
            ({"died_on": "1989-08-01"}, "before-birth"),
            ({"died_on": "2025-03-02", "death_registered_on": "2025-03-01"}, "registered-before-death"),
        ],
    )
    def test_nobody_is_registered_dead_before_they_die(self, desk: Desk, said: dict[str, str], code: str) -> None:
        body = filed_anyway(desk, **DMS, register=about(resident(desk)))
        body["subject"] = {"born": BORN, **said}
        assert codes(desk.refused("/applications", body)) == [(code, "subject.died_on")]

    def test_a_community_may_leave_it_to_dms(self, database_url: str, tmp_path: Any) -> None:
        with opened(database_url) as registry:
            settings = installation(data=tmp_path, second_person=False, foreign_death_document=False)
            desk = Desk(TestClient(create_app(registry, settings)), registry)
            person = resident(desk)
            subject = {"born": BORN, "death_registered_on": "2025-02-10"}
            told = decided(desk, **FAMILY, subject=subject, register=about(person))
            assert told["status"] == "refused" and death(desk, person) is None

    @pytest.mark.parametrize(
        ("said", "on"),
        [
            ({"declared_dead_on": "2025-01-20"}, "2025-01-20"),
            ({"declared_dead_on": "2025-01-20", "death_registered_on": "2025-02-10"}, "2025-01-20"),
            ({"death_registered_on": "2025-02-10"}, "2025-02-10"),
        ],
    )
    def test_a_courts_declaration_is_one_from_its_entry_into_force(
        self, desk: Desk, said: dict[str, Any], on: str
    ) -> None:
        person = resident(desk)
        told = granted(
            desk, **COURT, ground="court_declared_dead", subject={"born": BORN, **said}, register=about(person)
        )
        assert recorded(told, person) == ["deceased"] and death(desk, person) == on
        assert told["decision"]["parts"][0]["effective_on"] == on

    def test_who_is_missing_is_not_dead(self, desk: Desk) -> None:
        person = resident(desk)
        subject = {"born": BORN, "death_registered_on": "2025-02-10", "declared_dead_on": "2025-02-10"}
        told = granted(desk, **COURT, ground="court_missing", subject=subject, register=about(person))
        assert recorded(told, person) == ["residence-deregistered"] and death(desk, person) is None
        granted(desk, **MOVE, register=about(person, dwelling=desk.dwelling("9")))

    @pytest.mark.parametrize("service", ["register_residence", "register_stay", "declare_residence", LEAVE["service"]])
    def test_nothing_begins_or_ends_for_the_dead(self, desk: Desk, service: str) -> None:
        person = resident(desk)
        granted(desk, **DMS, register=about(person))
        body = {**filed_anyway(desk, **MOVE), "service": service, "register": about(person, dwelling=desk.dwelling())}
        for how, more in (("", {}), ("", {"documents": []}), ("?dry_run=1", {})):
            problem = desk.refused(f"/applications{how}", {**body, **more})
            assert codes(problem) == [("person-deceased", "register.persons")]

    @pytest.mark.parametrize(
        ("kind", "applies"),
        [
            *[(kind, False) for kind in ("person", "parent", "legal_representative", "proxy_representative")],
            *[(kind, True) for kind in ("dwelling_owner", "dwelling_co_owner", "mortgagee")],
        ],
    )
    def test_an_extract_about_the_dead_names_an_owner(self, desk: Desk, kind: str, applies: bool) -> None:
        person, home = desk.person(), desk.dwelling()
        desk.settled(person, home)
        granted(desk, **DMS, register=about(person))
        said = {"service": "issue_extract", "applicant": {"kind": kind}, "extract": {}}
        said |= {"register": about(person, dwelling=home if applies else None)}
        said |= {"checks": MORTGAGED} if kind == "mortgagee" else {}
        if applies:
            assert granted(desk, **said, applicant_name="Вигаданий В. В.")["decision"]["extracts"]
        else:
            body = filed_anyway(desk, **said, applicant_name="Вигаданий В. В.")
            assert codes(desk.refused("/applications", body)) == [("dead-apply-for-nothing", "applicant.kind")]

    def test_their_record_is_corrected_for_somebody_else(self, desk: Desk) -> None:
        person, body = amendment(desk)
        desk.core("record_death", person, registered_on="2025-02-10")
        assert codes(desk.refused("/applications", body)) == [("dead-apply-for-nothing", "applicant.kind")]
        told = granted(desk, service="amend_record", register=body["register"], applicant={"kind": "other"})
        assert recorded(told, person) == ["residence-corrected"]

    @pytest.mark.parametrize("said", [OF_CHILD, OWNER, {**MOVE, "applicant": {"kind": "proxy_representative"}}])
    def test_they_do_not_file_for_others(self, desk: Desk, said: dict[str, Any]) -> None:
        files, person = resident(desk), desk.person(birth_date=said.get("subject", {}).get("born", BORN))
        desk.settled(person, desk.dwelling("9"), since="2020-01-01")
        register = about(person, dwelling=desk.dwelling(), applicant=files)
        said = {"service": "register_child_residence", **said, "register": register}
        application = received(desk, **said)
        desk.core("record_death", files, registered_on="2025-03-10")
        for how in ("?dry_run=1", ""):
            problem = desk.refused(f"/applications{how}", filed_anyway(desk, **said))
            assert codes(problem) == [("applicant-deceased", "register.applicant")]
        told = desk.act(f"/applications/{application}/decision", {"acted_on": DAY})
        assert told["status"] == "granted"  # it came while the applicant was alive

    def test_who_died_after_the_receipt_may_still_be_refused(self, desk: Desk) -> None:
        person, home = resident(desk), desk.dwelling("9")
        lacking = {**filed(desk, **MOVE, register=about(person, dwelling=home)), "documents": []}
        application = desk.act("/applications", lacking)["application"]
        granted(desk, **DMS, register=about(person))
        told = desk.act(f"/applications/{application}/decision", {"acted_on": DAY})
        assert told["status"] == "refused"


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
        application = received(desk, **NOTICE, received=f"{DAY}T21:00", register=about(person))
        desk.act(f"/applications/{application}/decision", {"acted_on": NEXT})
        assert everything(desk, person)[0]["until"] == SENT["dated"]

    def test_never_against_a_kept_address(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        residence = desk.settled(person, home)
        desk.core("note_occupied_address", person, residence=residence, list_entry="17")
        problem = desk.refused("/applications", filed_anyway(desk, **NOTICE, register=about(person)))
        assert codes(problem) == [("kept-address-stays", "register.persons")]
        desk.settled(person, desk.dwelling("9"), since="2019-05-05")
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
            assert codes(desk.refused("/applications", body)) == [(code, "subject.registered_elsewhere_on")]


YOUNG = {"born": "2009-09-01"}
APART = {"same_address": False}
OLD_HOUSE = {"check": "ownership", "said": {"owners": 0, "in_property_register": False}}
BOTH = ["parent_1", "parent_2"]


def outcome(desk: Desk, **body: Any) -> tuple[str, set[str]]:
    """What is decided on a visit with every document, and what was missing."""
    person = desk.person(birth_date=body["subject"]["born"])
    if body["service"].startswith("deregister"):
        desk.settled(person, desk.dwelling(), since="2020-07-15")
    register = about(person, dwelling=desk.dwelling("9"))
    (part,) = decided(desk, **body, register=register)["decision"]["parts"]
    return part["outcome"], set(part.get("missing", ()))


def asked_of(desk: Desk, **body: Any) -> set[str]:
    """The consents that are asked for."""
    tried = desk.post("/applications?dry_run=1", {"received": f"{DAY}T09:40", **body}).json()
    return {one["id"] for one in tried["consents_required"]}


def differs(desk: Desk, body: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What a request says otherwise than the register, dry and for good: where, what is held, what was said."""
    for how in ("?dry_run=1", ""):
        problem = desk.refused(f"/applications{how}", body)
    assert {one["code"] for one in problem["errors"]} == {"differs-from-register"}
    assert all("У реєстрі записано" in one["detail"] and "{" not in one["detail"] for one in problem["errors"])
    return [(one["field"], one["named"]["held"], one["named"]["said"]) for one in problem["errors"]]


def barred(told: dict[str, Any]) -> list[str]:
    return [one["id"] for part in told["decision"]["parts"] for one in part.get("barred", ())]


class TestA5:
    """A co-owner is not removed by another, and the other owners agree to a removal, by whatever word one files."""

    @pytest.mark.parametrize("kind", ["dwelling_owner", "dwelling_co_owner"])
    @pytest.mark.parametrize("home", [{"owners": 2, "subject_is_owner": True}, {"subject_is_owner": True}])
    def test_a_co_owner(self, desk: Desk, kind: str, home: dict[str, Any]) -> None:
        person = resident(desk)
        told = decided(desk, **{**OWNER, "applicant": {"kind": kind}}, dwelling=home, register=about(person))
        assert barred(told) == ["co_owner_cannot_be_removed"] and len(alive(desk, person)) == 1
        granted(desk, **LEAVE, dwelling=home, register=about(person))  # of his own will

    @pytest.mark.parametrize("kind", ["dwelling_owner", "dwelling_co_owner"])
    def test_a_lodger_of_three_owners(self, desk: Desk, kind: str) -> None:
        said = {**OWNER, "subject": {"born": BORN}, "applicant": {"kind": kind}, "dwelling": {"owners": 3}}
        assert outcome(desk, **said, consents=[]) == ("refused", {"other_co_owners"})
        assert outcome(desk, **said, consents=["other_co_owners"]) == ("granted", set())
        assert outcome(desk, **{**said, "applicant": OWNER["applicant"], "dwelling": {}}, consents=[])[0] == "granted"

    @pytest.mark.parametrize("kind", ["dwelling_owner", "dwelling_co_owner"])
    def test_what_the_property_register_says_today_outweighs_the_words(self, desk: Desk, kind: str) -> None:
        person, said = resident(desk), {**OWNER, "applicant": {"kind": kind}}
        body = filed(desk, **said, register=about(person))
        answer = {"check": "ownership", "said": {"owners": 2, "subject_is_owner": True}}
        told = desk.act("/applications", {**body, "checks": [answer, *body["checks"]], "decide": True})
        assert barred(told) == ["co_owner_cannot_be_removed"]
        of_others = {**body, "consents": [], "checks": [{"check": "ownership", "said": {"owners": 2}}, *body["checks"]]}
        told = desk.act("/applications", {**of_others, "decide": True})
        assert told["decision"]["parts"][0]["missing"] == ["other_co_owners"]

    def test_where_nobody_says_the_registers_note_of_owners_is_asked(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        desk.settled(person, home)
        owners = [{"name": "Вигадана Оксана", "person": person}, {"name": "Вигаданий Олег"}]
        changed = {"paper": "витяг ДРРП", "owners": owners}
        granted(desk, **MOVE, register=about(desk.person(), dwelling=home, dwelling_changed=changed))
        told = decided(desk, **OWNER, register=about(person))
        assert barred(told) == ["co_owner_cannot_be_removed"]
        sold = {"owners": 1, "subject_is_owner": False}  # the note is a hint, and never a difference
        granted(desk, **OWNER, dwelling=sold, register=about(person))


CARD, PERMIT = "passport_card", "temporary_permit"


def holder(desk: Desk, kind: str, until: str, **particulars: Any) -> str:
    """Somebody of the register who holds one document."""
    who = {"surname": "Вигадана", "given_names": "Оксана", "birth_date": BORN, **particulars}
    return desk.act("/persons", {"particulars": who, "documents": [{"kind": kind, "valid_until": until}]})["person"]


class TestA9:
    """Dates decide by themselves: an expired paper is invalid, a lease that ended is no title."""

    @pytest.mark.parametrize(
        ("kind", "particulars", "task"),
        [(CARD, {}, "offence_protocol"), (PERMIT, {"citizenship": "foreigner"}, "dms_referral")],
    )
    def test_the_register_holds_the_date(self, desk: Desk, kind: str, particulars: Any, task: str) -> None:
        for until, status in (("2025-03-10", "refused"), (DAY, "granted")):
            person = holder(desk, kind, until, **particulars)
            told = decided(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))
            (part,) = told["decision"]["parts"]
            assert told["status"] == status
            assert [one["item"] for one in part["follows"] if one["role"] == "task"] == [task][: status == "refused"]
            if status == "refused":
                assert [one["id"] for one in part["grounds"]] == ["false_or_invalid"]
                told_of = [one["id"] for one in part["readings"]]
                assert set(told_of) == {
                    "citizens_expired_invalid" if kind == CARD else "expired_permit_referred",
                    "T-38",
                }

    def test_the_clerk_says_it_and_of_a_newcomer_the_paper(self, desk: Desk) -> None:
        over = {"valid_until": {"identity_document": "2020-01-01"}}
        assert outcome(desk, **MOVE, **over, subject={"born": BORN})[0] == "refused"
        paper = {"kind": CARD, "number": "000000001", "valid_until": "2020-01-01"}
        new = {"particulars": {"surname": "Нова", "given_names": "Вигадана", "birth_date": BORN}, "documents": [paper]}
        assert decided(desk, **MOVE, register=about(new, dwelling=desk.dwelling()))["status"] == "refused"

    def test_of_somebody_of_the_register_the_document_that_was_shown(self, desk: Desk) -> None:
        person, home = desk.person(citizenship="foreigner"), desk.dwelling()
        paper = {"kind": PERMIT, "number": "000000003", "valid_until": "2020-01-01"}
        register = about({"person": person, "documents": [paper]}, dwelling=home)
        told = decided(desk, **MOVE, register=register)
        (part,) = told["decision"]["parts"]
        assert told["status"] == "refused" and [one["id"] for one in part["grounds"]] == ["false_or_invalid"]
        assert "dms_referral" in [one["item"] for one in part["follows"]]
        assert desk.get(f"/persons/{person}").json()["documents"] == []
        paper["valid_until"] = "2035-01-01"
        told = granted(desk, **MOVE, register=about({"person": person, "documents": [paper]}, dwelling=home))
        assert recorded(told, person) == ["particulars-updated", "residence-registered"]
        again = about({"person": person, "documents": [paper]}, dwelling=desk.dwelling("9"))
        told = granted(desk, **MOVE, received=f"{NEXT}T09:00", register=again)
        assert recorded(told, person) == ["residence-registered"]

    def test_a_new_paper_is_shown_and_recorded_in_the_same_act(self, desk: Desk) -> None:
        person = holder(desk, CARD, "2020-01-01")
        new = {"kind": CARD, "number": "000000002", "valid_until": "2035-01-01"}
        said = {**MOVE, "valid_until": {"identity_document": "2035-01-01"}}
        body = filed_anyway(desk, **said, register=about(person, dwelling=desk.dwelling()))
        assert differs(desk, body) == [("valid_until.identity_document", "2020-01-01", "2035-01-01")]
        changed = {"person": person, "changed": {"paper": "паспорт № 000000002", "documents": [new]}}
        told = granted(desk, **said, register=about(changed, dwelling=desk.dwelling()))
        assert recorded(told, person) == ["particulars-updated", "residence-registered"]
        (held,) = desk.get(f"/persons/{person}").json()["documents"]
        assert (held["number"], held["valid_until"]) == ("000000002", "2035-01-01")

    @pytest.mark.parametrize("said", [{**LEAVE, "ground": "stay_ended"}, None])
    def test_where_the_cards_take_an_expired_one(self, desk: Desk, said: Any) -> None:
        if said:
            person = holder(desk, PERMIT, "2020-01-01", citizenship="foreigner")
            desk.settled(person, desk.dwelling())
            told = granted(desk, **said, register=about(person))
            assert [one["item"] for one in told["decision"]["parts"][0]["follows"] if one["role"] == "task"] == []
        else:
            _, body = amendment(desk, valid_until={"identity_document": "2020-01-01"})
            assert desk.act("/applications", {**body, "decide": True})["status"] == "granted"

    def test_the_owner_removes_whoever_has_no_valid_passport(self, desk: Desk) -> None:
        person = holder(desk, CARD, "2020-01-01")
        desk.settled(person, desk.dwelling())
        granted(desk, **OWNER, register=about(person))

    @pytest.mark.parametrize(
        "ended",
        [
            {"dwelling": {"right_document_held": True, "rental": {"until": "2025-01-01"}}},
            {"dwelling": {"right_document_held": True, "rental": {"terminated_on": DAY}}},
            {"valid_until": {"dwelling_right_document": "2025-01-01"}},
        ],
    )
    def test_a_lease_that_ended_is_no_title_and_a_consent_takes_its_place(self, desk: Desk, ended: Any) -> None:
        said = {**MOVE, **ended, "subject": {"born": BORN}}
        assert outcome(desk, **said, consents=[]) == ("refused", {"owner_1"})
        assert outcome(desk, **said, consents=["owner_1"]) == ("granted", set())

    @pytest.mark.parametrize(("until", "status"), [("2025-03-10", "refused"), (DAY, "granted")])
    def test_the_contract_that_was_shown_says_when_it_ends(self, desk: Desk, until: str, status: str) -> None:
        shown = {"paper": "договір оренди", "lease": {"number": "7", "until": until}}
        register = about(desk.person(), dwelling=desk.dwelling(), dwelling_changed=shown)
        assert decided(desk, **MOVE, consents=[], register=register)["status"] == status


BEFORE = "2025-03-03T10:00"
RENTED = {**MOVE, "received": BEFORE, "dwelling": {"right_document_held": True, "rental": {"until": "2027-05-01"}}}


class TestA11:
    """The register remembers the lease, and a running one stops the owner's removal."""

    def test_without_being_repeated(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        granted(desk, **RENTED, register=about(person, dwelling=home))
        (lease,) = desk.get(f"/dwellings/{home}").json()["leases"]
        assert (lease["lessee"], lease["until"]) == (person, "2027-05-01")
        assert barred(decided(desk, **OWNER, register=about(person))) == ["rental_not_ended"]
        body = filed_anyway(desk, **OWNER, dwelling={"rental": None}, register=about(person))
        assert differs(desk, body) == [("dwelling.rental", "2027-05-01", "nothing")]
        granted(desk, **LEAVE, register=about(person))  # of one's own will at any time

    @pytest.mark.parametrize(
        ("until", "status"), [(NEXT, "not-possible"), (DAY, "not-possible"), ("2025-03-10", "granted")]
    )
    def test_its_last_day_still_counts(self, desk: Desk, until: str, status: str) -> None:
        person, home = desk.person(), desk.dwelling()
        lease = {**RENTED, "dwelling": {"right_document_held": True, "rental": {"until": until}}}
        granted(desk, **lease, register=about(person, dwelling=home))
        assert decided(desk, **OWNER, register=about(person))["status"] == status

    def test_a_terminated_one_is_shown(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        granted(desk, **RENTED, register=about(person, dwelling=home))
        ended = {"until": "2027-05-01", "terminated_on": "2025-03-10"}
        body = filed_anyway(desk, **OWNER, dwelling={"rental": ended}, register=about(person))
        assert differs(desk, body) == [("dwelling.rental", "2027-05-01", "2027-05-01, 2025-03-10")]
        paper = {"paper": "додаткова угода № 2", "lease": ended}
        granted(desk, **OWNER, register=about(person, dwelling_changed=paper))
        (lease,) = desk.get(f"/dwellings/{home}").json()["leases"]
        assert (lease["terminated_on"], lease["basis"]) == ("2025-03-10", "додаткова угода № 2")

    def test_a_prolonged_one_and_that_of_another(self, desk: Desk) -> None:
        (person, other), home = family(desk, ADULT, "1961-01-02"), desk.dwelling()
        granted(desk, **RENTED, register=about(person, dwelling=home))
        granted(desk, **MOVE, received=BEFORE, subject={"born": "1961-01-02"}, register=about(other, dwelling=home))
        said = {**OWNER, "persons": 2, "payments": 2}
        told = decided(desk, **said, register=about(person, other))
        assert of_each(told) == {person: "not_possible", other: "granted"}

    def test_a_contract_of_an_earlier_residence_stops_nothing(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        granted(desk, **RENTED, register=about(person, dwelling=home))
        granted(desk, **LEAVE, received="2025-03-04T10:00", register=about(person))
        back = {**MOVE, "received": "2025-03-05T10:00", "dwelling": {}}
        granted(desk, **back, register=about(person, dwelling=home))
        granted(desk, **OWNER, register=about(person))

    def test_a_contract_goes_with_a_renumbered_dwelling(self, desk: Desk) -> None:
        person, home, new = desk.person(), desk.dwelling(), desk.dwelling("7-А")
        granted(desk, **RENTED, register=about(person, dwelling=home))
        said = {"successor": new, "since": "2025-03-04", "reason": "рішення"}
        desk.act(f"/dwellings/{home}/readdressing", said)
        assert barred(decided(desk, **OWNER, register=about(person))) == ["rental_not_ended"]

    def test_a_contract_of_a_stay_goes_on_where_it_becomes_a_residence(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        granted(desk, **{**RENTED, "service": "register_stay"}, register=about(person, dwelling=home))
        granted(desk, **{**MOVE, "received": "2025-03-05T10:00"}, register=about(person, dwelling=home))
        assert barred(decided(desk, **OWNER, register=about(person))) == ["rental_not_ended"]

    def test_a_consent_is_no_contract(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        granted(desk, **{**MOVE, "received": BEFORE, "dwelling": {}}, register=about(person, dwelling=home))
        assert desk.get(f"/dwellings/{home}").json()["leases"] == []
        granted(desk, **OWNER, register=about(person))


class TestA12:
    """An address where nobody lives is no parent's, and a parent whom nobody named is no ground."""

    @pytest.mark.parametrize(
        ("service", "born", "more"),
        [
            ("register_residence", "2009-09-01", {"consents": ["parent_1"]}),
            ("register_child_residence", CHILD_BORN, {"applicant": {"kind": "parent"}}),
            ("declare_child_residence", CHILD_BORN, {**DECLARED, "applicant": {"kind": "parent"}}),
        ],
    )
    def test_a_parents_address_in_an_empty_dwelling(
        self, desk: Desk, service: str, born: str, more: dict[str, Any]
    ) -> None:
        child, home = desk.person(birth_date=born), desk.dwelling()
        said = {"service": service, "subject": {"born": born}, **more, "parents": {"dwelling_is_parents": True}}
        body = filed_anyway(desk, **said, register=about(child, dwelling=home))
        assert differs(desk, body) == [("parents.dwelling_is_parents", "nobody", "yes")]
        desk.settled(desk.person(surname="Вигадана Мати"), home)
        granted(desk, **said, register=about(child, dwelling=home))

    def test_the_mother_of_the_same_visit_lives_there_by_then(self, desk: Desk) -> None:
        mother, child = family(desk, ADULT, YOUNGEST)
        home = desk.dwelling()
        part = {
            "service": "register_child_residence",
            "subject": {"born": YOUNGEST},
            "applicant": {"kind": "parent"},
            "parents": {"dwelling_is_parents": True},
            "register": about(child, dwelling=home),
        }
        granted(desk, **MOVE, register=about(mother, dwelling=home), children=[part])

    def test_a_mother_who_is_refused_does_not_live_there(self, desk: Desk) -> None:
        (mother, child), home = family(desk, ADULT, YOUNGEST), desk.dwelling()
        said = {"service": "register_child_residence", "subject": {"born": YOUNGEST}, "applicant": {"kind": "parent"}}
        part = {**said, "parents": {"dwelling_is_parents": True}, "register": about(child, dwelling=home)}
        told = decided(desk, **MOVE, documents=[], register=about(mother, dwelling=home), children=[part])
        assert set(of_each(told).values()) == {"refused"}
        assert [one["id"] for one in told["decision"]["parts"][1]["grounds"]] == ["parent_mismatch_under_14"]

    @pytest.mark.parametrize("named", [True, False])
    def test_a_parent_who_files_and_lives_elsewhere(self, desk: Desk, named: bool) -> None:
        mother, child = family(desk, ADULT, YOUNGEST)
        desk.settled(mother, desk.dwelling("9"))
        register = about(child, dwelling=desk.dwelling(), applicant=mother if named else None)
        said = {"service": "declare_child_residence", **DECLARED, "subject": {"born": YOUNGEST}}
        told = decided(desk, **said, applicant={"kind": "parent"}, register=register)
        assert told["status"] == ("not-possible" if named else "granted")
        assert barred(told) == ["not_parents_address"] * named

    def test_nor_does_that_parent_live_there_where_somebody_else_does(self, desk: Desk) -> None:
        (mother, child, other), home = family(desk, ADULT, YOUNGEST, "1961-01-02"), desk.dwelling()
        for person, where in ((mother, desk.dwelling("9")), (other, home)):
            desk.settled(person, where)
        said = {"service": "declare_child_residence", **DECLARED, **OF_CHILD, "subject": {"born": YOUNGEST}}
        said |= {"register": about(child, dwelling=home, applicant=mother)}
        assert barred(decided(desk, **said)) == ["not_parents_address"]
        body = filed_anyway(desk, **said, parents={"dwelling_is_parents": True})
        assert differs(desk, body) == [("parents.dwelling_is_parents", "parent-elsewhere", "yes")]
        apart = {"dwelling_is_parents": True, "same_address": False}
        granted(desk, **said, parents=apart)  # the father does

    @pytest.mark.parametrize("said", [{}, {"dwelling_is_parents": True}])
    def test_a_mother_who_is_refused_still_lives_where_she_did(self, desk: Desk, said: dict[str, Any]) -> None:
        (mother, child, other), home = family(desk, ADULT, YOUNGEST, "1961-01-02"), desk.dwelling()
        for person, where in ((mother, desk.dwelling("9")), (other, home)):
            desk.settled(person, where)
        part = {"service": "declare_child_residence", **OF_CHILD, "subject": {"born": YOUNGEST}, "parents": said}
        part |= {"dwelling": DECLARED["dwelling"], "register": about(child, dwelling=home)}
        over = {"valid_until": {"identity_document": "2020-01-01"}}
        body = {"service": "declare_residence", **DECLARED, **over, "register": about(mother, dwelling=home)}
        told = decided(desk, **body, children=[part])
        assert of_each(told) == {mother: "refused", child: "refused" if said else "not_possible"}
        assert recorded(told, child) == []

    def test_the_parents_papers_are_those_of_the_register(self, desk: Desk) -> None:
        father = holder(desk, PERMIT, "2020-01-01", citizenship="foreigner")
        child, home = desk.person(birth_date=YOUNGEST), desk.dwelling()
        said = {"service": "register_child_residence", "subject": {"born": YOUNGEST}, "applicant": {"kind": "parent"}}
        told = decided(desk, **said, register=about(child, dwelling=home, applicant=father))
        (part,) = told["decision"]["parts"]
        assert told["status"] == "refused" and [one["id"] for one in part["grounds"]] == ["false_or_invalid"]
        body = filed_anyway(desk, **{**said, "applicant": {"kind": "parent", "citizenship": "ua"}})
        body["register"] = about(child, dwelling=home, applicant=father)
        assert ("applicant.citizenship", "foreigner", "ua") in differs(desk, body)


class TestA14:
    """What the register holds is used; what was said otherwise is decided on neither."""

    FOREIGN: ClassVar[list[str]] = ["foreigner_passport", "foreigner_passport_translation"]

    def test_a_foreigner_shows_the_papers_of_one(self, desk: Desk) -> None:
        person = desk.person(citizenship="foreigner")
        body = filed(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))
        assert set(self.FOREIGN) <= set(body["documents"])
        papers = [one for one in body["documents"] if one not in self.FOREIGN]
        told = desk.act("/applications", {**body, "documents": papers, "decide": True})
        assert told["status"] == "refused" and told["decision"]["parts"][0]["missing"] == self.FOREIGN
        granted(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))

    @pytest.mark.parametrize(("held", "said"), [("foreigner", "ua"), ("ua", "foreigner")])
    def test_another_citizenship(self, desk: Desk, held: str, said: str) -> None:
        person, home = desk.person(citizenship=held), desk.dwelling()
        subject = {"born": BORN, "citizenship": said}
        body = filed_anyway(desk, **MOVE, subject=subject, register=about(person, dwelling=home))
        assert ("subject.citizenship", held, said) in differs(desk, body)
        papers = {"ua": {"kind": CARD}, "foreigner": {"kind": "refugee_certificate"}}
        shown = {"paper": "довідка", "particulars": {"citizenship": said}, "documents": [papers[said]]}
        one = {"person": person, "changed": shown}
        told = granted(desk, **MOVE, subject=subject, register=about(one, dwelling=home))
        assert recorded(told, person) == ["particulars-updated", "residence-registered"]
        assert desk.get(f"/persons/{person}").json()["particulars"]["citizenship"] == said

    @pytest.mark.parametrize("said", ["2025-02-28", "2024-06-01"])
    def test_the_day_of_the_last_removal(self, desk: Desk, said: str) -> None:
        person, home = desk.person(), desk.dwelling()
        residence = desk.settled(person, desk.dwelling("9"))
        desk.core("deregister_residence", person, residence=residence, until="2025-01-10", ground="заява")
        subject = {"born": BORN, "deregistered_on": said}
        body = filed_anyway(desk, **MOVE, subject=subject, register=about(person, dwelling=home))
        assert differs(desk, body) == [("subject.deregistered_on", "2025-01-10", said)]
        told = granted(desk, **MOVE, register=about(person, dwelling=home))
        assert told["parts"][0]["late"] and ("offence_protocol", person, DAY) in follows(desk, told)

    def test_who_was_removed_elsewhere_since_is_in_time(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        residence = desk.settled(person, desk.dwelling("9"))
        desk.core("deregister_residence", person, residence=residence, until="2025-01-10", ground="заява")
        subject = {"born": BORN, "deregistered_on": "2025-02-28", "deregistered_from": "other_community"}
        told = granted(desk, **MOVE, subject=subject, register=about(person, dwelling=home))
        assert not told["parts"][0]["late"]

    def test_the_kind_of_the_dwelling(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling(kind="state_or_communal")
        body = {**MOVE, "dwelling": {}, "register": about(person, dwelling=home)}
        told = decided(desk, **body, consents=["owner_1"])
        assert told["decision"]["parts"][0]["missing"] == ["tenant_family"]
        said = filed_anyway(desk, **{**body, "dwelling": {"kind": "private"}})
        assert differs(desk, said) == [("dwelling.kind", "state_or_communal", "private")]
        shown = {"paper": "свідоцтво про право власності", "kind": "private"}
        register = about(person, dwelling=home, dwelling_changed=shown)
        granted(desk, **{**body, "register": register}, consents=["owner_1"])
        assert desk.get(f"/dwellings/{home}").json()["kind"] == "private"
        facts = verify(desk.registry)
        assert facts.differences == []

    def test_a_learner_leaves_the_dormitory_without_a_consent(self, desk: Desk) -> None:
        for kind, status in (("dormitory_school", "granted"), ("private", "refused")):
            person = desk.person(birth_date="2009-09-01")
            desk.settled(person, desk.dwelling(kind=kind))
            told = decided(desk, **LEAVE, subject={"born": "2009-09-01"}, consents=[], register=about(person))
            assert told["status"] == status

    def test_the_kind_of_residence_that_is_left(self, desk: Desk) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling("9"), kind="stay")
        subject = {"born": BORN, "current_residence": {"kind": "residence"}}
        body = filed_anyway(desk, **MOVE, subject=subject, register=about(person, dwelling=desk.dwelling()))
        assert differs(desk, body) == [("subject.current_residence", "stay", "residence")]
        granted(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))

    def test_what_was_written_less_exactly_is_no_difference(self, desk: Desk) -> None:
        person = desk.person(birth_date="1990")
        granted(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))

    def test_of_whom_the_register_holds_nothing_need_be_said(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        body = {name: said for name, said in filed(desk, **MOVE, register=about(person, dwelling=home)).items()}
        told = desk.act("/applications", {**body, "subject": None, "decide": True})
        assert told["status"] == "granted"
        (part,) = desk.get(f"/applications/{told['application']}").json()["parts"]
        assert (part["asked"]["subject"], part["known"]["subject"]["born"]) == ({}, BORN)
        vague = desk.person(birth_date="2007")
        del body["subject"]
        problem = desk.refused("/applications", {**body, "register": about(vague, dwelling=home)})
        assert codes(problem) == [("born-unsaid", "subject.born")]

    def test_a_number_of_somebody_else_is_told_dry_too(self, desk: Desk) -> None:
        desk.person(unzr="19900504-00011")
        person = desk.person(unzr="19900504-00022")
        for unzr, taken in (("19900504-00011", True), ("19900504-00033", False)):
            one = {"person": person, "changed": {"paper": "паспорт", "particulars": {"unzr": unzr}}}
            body = {**filed_anyway(desk, **MOVE), "register": about(one, dwelling=desk.dwelling())}
            answer = desk.post("/applications?dry_run=1", body)
            assert answer.status_code == (422 if taken else 200), answer.text
        where = "register.persons.0.changed.particulars.unzr"
        one["changed"]["particulars"]["unzr"] = "19900504-00011"
        assert codes(desk.refused("/applications?dry_run=1", body)) == [("unzr-taken", where)]

    def test_only_somebody_of_the_register_has_changed(self, desk: Desk) -> None:
        new = {"particulars": {"surname": "Нова"}, "documents": PROOF, "changed": {"paper": "паспорт"}}
        body = filed_anyway(desk, **MOVE, register=about(new, dwelling=desk.dwelling()))
        problem = desk.refused("/applications", body)
        assert codes(problem) == [("change-of-newcomer", "register.persons.0.changed")]


class TestA15:
    """Whoever is entered and has the name and the birth date of somebody of the register is told so."""

    @pytest.mark.parametrize(
        ("more", "told"), [({}, True), ({"birth_date": "1990-05-05"}, False), ({"given_names": "Ольга"}, False)]
    )
    def test_a_namesake_is_told_and_nobody_refused(self, desk: Desk, more: dict[str, Any], told: bool) -> None:
        person = desk.person()
        who = {"surname": "Вигадана", "given_names": "Оксана", "birth_date": BORN, **more}
        register = about({"particulars": who}, dwelling=desk.dwelling())
        body = {**filed(desk, **MOVE, subject={"born": who["birth_date"]}, register=register), "decide": True}
        tried = desk.post("/applications?dry_run=1", body).json()
        key = str(uuid4())
        done = [desk.post("/applications", body, Idempotency_Key=key).json() for _ in range(2)]
        assert done[0] == done[1] and done[0]["status"] == "granted"
        for answer in (tried, done[0]):
            assert answer.get("namesakes") == ([{"part": 1, "person": person}] if told else None)
            assert ("namesakes_uk" in answer) is told

    def test_another_number_is_another_person(self, desk: Desk) -> None:
        desk.person(unzr="19900504-00011")
        who = {"surname": "Вигадана", "given_names": "Оксана", "birth_date": BORN, "unzr": "19900504-00022"}
        body = filed(desk, **MOVE, register=about({"particulars": who}, dwelling=desk.dwelling()))
        assert "namesakes" not in desk.post("/applications?dry_run=1", body).json()


class TestA14WhatWasWrong:
    """What the register has wrongly is corrected by a second person, and the application waits with it."""

    def test_a_birth_date(self, strict: tuple[Desk, Desk]) -> None:
        clerk, head = strict
        person, home = clerk.person(birth_date="1991-05-04"), clerk.dwelling()
        body = filed_anyway(clerk, **MOVE, register=about(person, dwelling=home))
        assert differs(clerk, body) == [("subject.born", "1991-05-04", BORN)]
        shown = {"paper": "паспорт", "particulars": {"birth_date": BORN}}
        one = {"person": person, "changed": shown}
        problem = clerk.refused("/applications", {**body, "register": about(one, dwelling=home)})
        assert codes(problem) == [("never-changes", "register.persons")]
        one = {"person": person, "changed": {**shown, "corrects": True}}
        filed_so = filed(clerk, **MOVE, register=about(one, dwelling=home))
        waits = clerk.post("/applications", {**filed_so, "decide": True})
        assert waits.status_code == 202 and waits.json()["status"] == "awaiting-approval"
        assert everything(clerk, person) == []
        head.act(f"/applications/{waits.json()['application']}/approval", {})
        held = clerk.get(f"/persons/{person}").json()
        assert held["particulars"]["birth_date"] == BORN and alive(clerk, person) == [(DAY, None)]

    def test_a_removal(self, strict: tuple[Desk, Desk]) -> None:
        clerk, head = strict
        person, old, home = clerk.person(), clerk.dwelling("9"), clerk.dwelling()
        residence = clerk.settled(person, old)
        clerk.core("deregister_residence", person, residence=residence, until="2025-01-10", ground="заява")
        moves = {**MOVE, "subject": {"born": BORN, "deregistered_on": "2025-02-28"}}
        now = {"kind": "registered", "dwelling": old, "since": "2010-07-15", "until": "2025-02-28"}
        amends = about({"person": person, "residence": residence}, now=now, reason="описка в даті зняття")
        part = {**moves, "register": about(person, dwelling=home)}
        body = filed(clerk, service="amend_record", register=amends, children=[part])
        waits = clerk.post("/applications", {**body, "decide": True})
        assert waits.status_code == 202, waits.text
        assert alive(clerk, person) == []
        head.act(f"/applications/{waits.json()['application']}/approval", {})
        assert [row[0] for row in alive(clerk, person)] == [DAY]
        parts = clerk.get(f"/applications/{waits.json()['application']}").json()["parts"]
        assert [one["outcome"]["late"] for one in parts] == [False, False]

    def test_it_is_not_decided_while_the_correction_is_refused(self, desk: Desk) -> None:
        person, old, home = desk.person(), desk.dwelling("9"), desk.dwelling()
        residence = desk.settled(person, old)
        desk.core("deregister_residence", person, residence=residence, until="2025-01-10", ground="заява")
        now = {"kind": "registered", "dwelling": old, "since": "2010-07-15", "until": "2025-02-28"}
        amends = about({"person": person, "residence": residence}, now=now, reason="описка в даті зняття")
        part = {**MOVE, "subject": {"born": BORN, "deregistered_on": "2025-02-28"}}
        part["register"] = about(person, dwelling=home)
        body = filed(desk, service="amend_record", register=amends, children=[part])
        said, before = {**body, "documents": [], "decide": True}, everything(desk, person)
        assert codes(desk.refused("/applications", said)) == [("differs-from-register", "subject.deregistered_on")]
        assert everything(desk, person) == before


class TestA10Titles:
    """No title in any register: a title or a consent is required, unless the card asks for neither."""

    @pytest.mark.parametrize("service", ["register_residence", "register_stay"])
    def test_an_old_house_needs_a_consent(self, desk: Desk, service: str) -> None:
        untitled = {"service": service, "subject": {"born": BORN}, "dwelling": {"right_document_held": False}}
        checks = filed(desk, **untitled, register=about(desk.person(), dwelling=desk.dwelling()))["checks"]
        checks = [OLD_HOUSE, *(one for one in checks if one["check"] != "ownership")]
        assert outcome(desk, **untitled, consents=[], checks=checks) == ("refused", {"owner_1"})
        assert outcome(desk, **untitled, consents=["owner_1"], checks=checks) == ("granted", set())
        titled = {**untitled, "dwelling": {"right_document_held": True}}
        assert outcome(desk, **titled, consents=[], checks=checks) == ("granted", set())

    @pytest.mark.parametrize("known", [{"in_property_register": False}, {"owners": 0}])
    def test_who_says_to_own_it_shows_the_title(self, desk: Desk, known: dict[str, Any]) -> None:
        owner = {"service": "register_residence", "subject": {"born": BORN}, "dwelling": {"subject_is_owner": True}}
        body = filed(desk, **owner, register=about(desk.person(), dwelling=desk.dwelling()))
        checks = [one for one in body["checks"] if one["check"] != "ownership"]
        checks = [{"check": "ownership", "said": known}, *checks]
        assert outcome(desk, **owner, documents=body["documents"], checks=checks) == (
            "refused",
            {"dwelling_right_document"},
        )
        papers = [*body["documents"], "dwelling_right_document"]
        assert outcome(desk, **owner, documents=papers, checks=checks) == ("granted", set())
        assert outcome(desk, **owner, documents=body["documents"]) == ("granted", set())  # the property register knows

    @pytest.mark.parametrize(
        "said",
        [
            {"service": "register_child_residence", **OF_CHILD},
            {"service": "register_residence", "subject": YOUNG, "parents": {"dwelling_is_parents": True}},
            {"service": "register_residence", "subject": {"born": BORN}, "dwelling": {"kind": "social_institution"}},
        ],
    )
    def test_where_the_card_asks_for_neither(self, desk: Desk, said: dict[str, Any]) -> None:
        dwelling = {"in_property_register": False, **said.get("dwelling", {})}
        assert asked_of(desk, **{**said, "dwelling": dwelling}) <= {"any_parent"}


class TestA10Parents:
    """Parents at two addresses: both in cards 1, 3, 5, 9, one in 2 and 8, both at any address in 4."""

    @pytest.mark.parametrize("service", ["register_residence", "register_stay"])
    def test_a_minor_for_whom_the_father_files_needs_the_mother_too(self, desk: Desk, service: str) -> None:
        said = {**MOVE, "service": service, "subject": YOUNG, "applicant": {"kind": "parent"}, "parents": APART}
        assert outcome(desk, **said, consents=[]) == ("refused", {"other_parent"})
        assert outcome(desk, **said, consents=["other_parent"]) == ("granted", set())
        assert outcome(desk, **said, consents=BOTH) == ("granted", set())
        assert outcome(desk, **{**said, "parents": {}}, consents=[]) == ("granted", set())
        assert outcome(desk, **{**said, "parents": {**APART, "other_exists": False}}, consents=[])[0] == "granted"

    @pytest.mark.parametrize(
        ("service", "said", "together", "apart", "decided"),
        [
            ("register_residence", {"subject": YOUNG}, {"any_parent"}, set(BOTH), set(BOTH)),
            ("register_stay", {"subject": YOUNG}, {"any_parent"}, set(BOTH), {"any_parent"}),
            ("deregister_residence", {"subject": YOUNG}, {"any_parent"}, {"any_parent"}, {"any_parent"}),
            ("declare_residence", {"subject": YOUNG, **DECLARED}, {"any_parent"}, {"any_parent"}, {"any_parent"}),
            ("register_child_residence", OF_CHILD, set(), {"other_parent"}, set()),
            ("deregister_child_residence", OF_CHILD, {"other_parent"}, {"other_parent"}, set()),
            ("register_stay", OF_CHILD, set(), {"other_parent"}, set()),
            ("declare_child_residence", {**OF_CHILD, **DECLARED}, set(), {"other_parent"}, set()),
        ],
    )
    def test_whose_consent_goes_by_the_card(
        self,
        desk: Desk,
        service: str,
        said: dict[str, Any],
        together: set[str],
        apart: set[str],
        decided: set[str],
    ) -> None:
        said = {"dwelling": {"right_document_held": True}, **said, "service": service}
        for parents, asked in (
            ({}, together),
            (APART, apart),
            ({**APART, "child_place_decided": True}, decided),
        ):
            assert asked_of(desk, **said, parents=parents) == asked, parents

    @pytest.mark.parametrize(
        ("service", "asked"),
        [
            ("register_child_residence", set()),
            ("deregister_child_residence", {"guardianship_body"}),
            ("register_stay", set()),
            ("declare_child_residence", set()),
        ],
    )
    def test_an_orphan_has_no_other_parent_to_ask(self, desk: Desk, service: str, asked: set[str]) -> None:
        guardian = {"applicant": {"kind": "legal_representative"}, "subject": {**CHILD, "orphan": True}}
        said = {"dwelling": {"right_document_held": True}, **guardian, "parents": APART, "service": service}
        assert asked_of(desk, **said) == asked
        if service != "declare_child_residence":
            kind = "guardianship_body" if service == "register_child_residence" else "legal_representative"
            body = {**said, "applicant": {"kind": kind}, "consents": sorted(asked)}
            assert outcome(desk, **body) == ("granted", set())

    @pytest.mark.parametrize("service", ["register_residence", "register_stay"])
    def test_one_representative_of_a_grown_orphan_is_enough(self, desk: Desk, service: str) -> None:
        said = {**MOVE, "service": service, "subject": {**YOUNG, "orphan": True}, "parents": APART}
        assert asked_of(desk, **said) == {"any_parent"}
        assert outcome(desk, **said, consents=["parent_1"]) == ("granted", set())


class TestA10Authority:
    """A paper that was handed in and does not prove the authority is not missing: its own ground refuses."""

    @pytest.mark.parametrize(
        "said",
        [
            {"applicant": {"kind": "proxy_representative", "authority_proved": False}},
            {"applicant": {"kind": "proxy_representative"}, "valid_until": {"representative_authority": "2025-03-10"}},
        ],
    )
    @pytest.mark.parametrize("service", ["register_residence", "register_stay", "deregister_residence"])
    def test_refuses_as_not_authorised_alone(self, desk: Desk, service: str, said: dict[str, Any]) -> None:
        person = resident(desk)
        body = {**MOVE, "service": service, **said, "register": about(person, dwelling=desk.dwelling("9"))}
        (part,) = decided(desk, **body)["decision"]["parts"]
        assert ([one["id"] for one in part["grounds"]], part["missing"]) == (["under_14_or_unauthorised"], [])
        assert "повноваження не підтверджено" in part["text"]
        papers = [one for one in filed(desk, **body)["documents"] if one != "representative_authority"]
        (part,) = decided(desk, **body, documents=papers)["decision"]["parts"]
        assert [one["id"] for one in part["grounds"]] == ["incomplete", "under_14_or_unauthorised"]
        assert part["missing"] == ["representative_authority"]

    def test_what_proves_it_to_the_last_day_is_enough(self, desk: Desk) -> None:
        body = {**MOVE, "applicant": {"kind": "proxy_representative"}, "valid_until": {"representative_authority": DAY}}
        assert outcome(desk, **body, subject={"born": BORN}) == ("granted", set())


class TestA17FullCapacity:
    """A17.2: full capacity before 18 is a value with its paper; by default consents go by age all the same (T-20)."""

    SAID: ClassVar[dict[str, Any]] = {**MOVE, "subject": {**YOUNG, "capacity": "emancipated"}}

    @pytest.mark.parametrize("service", ["register_residence", "deregister_residence", "register_stay"])
    def test_by_default_a_parent_consents(self, desk: Desk, service: str) -> None:
        said = {**self.SAID, "service": service}
        assert outcome(desk, **said, consents=[]) == ("refused", {"any_parent"})
        assert outcome(desk, **said, consents=["parent_1"]) == ("granted", set())

    @pytest.mark.parametrize(
        ("service", "more"),
        [
            ("register_residence", {}),
            ("deregister_residence", {}),
            ("register_stay", {}),
            ("declare_residence", DECLARED),
        ],
    )
    def test_by_the_setting_the_paper_is_enough_and_without_it_a_parent(
        self, database_url: str, tmp_path: Any, service: str, more: dict[str, Any]
    ) -> None:
        with opened(database_url) as registry:
            settings = installation(data=tmp_path, second_person=False, consents_by_age=False)
            desk = Desk(TestClient(create_app(registry, settings)), registry)
            said = {**self.SAID, **more, "service": service}
            body = filed(
                desk, **said, register=about(resident(desk, birth_date=YOUNG["born"]), dwelling=desk.dwelling())
            )
            assert "emancipation_document" not in body["documents"]  # it is never demanded
            assert outcome(desk, **said, consents=[]) == ("refused", {"any_parent"})
            papers = [*body["documents"], "emancipation_document"]
            assert outcome(desk, **said, documents=papers, consents=[]) == ("granted", set())
            assert outcome(desk, **{**said, "subject": YOUNG}, documents=papers, consents=[])[0] == "refused"


GONE = {
    "/residences": "register_residence",
    "/residences/{residence}/deregistration": "deregister_residence",
    "/death": "death_certificate",
    "/occupied-address": "register.list_entry",
    "/particulars": "register.persons",
}
"""What an act beside the cards was asked by, and the word that says how to do it now."""


class TestA7:
    """Nothing about where somebody lives is recorded but by an application, a notice or a row of a card index."""

    @pytest.mark.parametrize("path", GONE)
    def test_no_act_beside_the_cards(self, desk: Desk, path: str) -> None:
        person, home = desk.person(), desk.dwelling("9")
        residence = desk.settled(person, desk.dwelling())
        body = {"kind": "registered", "dwelling": home, "since": "2019-05-05", "until": DAY, "registered_on": DAY}
        where = f"/persons/{person}{path.format(residence=residence)}"
        problem = desk.refused(where, body, 405 if path == "/residences" else 404)
        assert GONE[path] in problem["detail"]
        assert alive(desk, person) == [("2010-07-15", None)]

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/residences/{residence}/annulment", {"basis": "рішення суду", "revives": False}),
            ("/residences/{residence}/correction", {"since": "2010-07-16", "reason": "описка"}),
            ("/withdrawal", {"reason": "внесено двічі"}),
        ],
    )
    def test_what_stays_tells_dms(self, desk: Desk, path: str, body: dict[str, Any]) -> None:
        person = desk.person()
        residence = desk.settled(person, desk.dwelling())
        desk.act(f"/persons/{person}{path.format(residence=residence)}", body)
        told = desk.get("/outbox").json()["waiting"]
        assert [(one["item"], one["person"]) for one in told] == [("dms", person)]

    def test_a_row_of_a_card_index_tells_nobody(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        past = {"kind": "registered", "dwelling": home, "since": "2001", "until": "2009"}
        desk.act(f"/persons/{person}/past-residences", past)
        desk.act(f"/persons/{person}/past-residences", {**past, "since": "1995", "until": "1999", "basis": "картка 17"})
        changes = {"changes": {"patronymic": "Тестівна"}, "basis": "паспорт"}
        desk.act(f"/persons/{person}/particulars-correction", changes)
        assert desk.get("/outbox").json()["waiting"] == []


Two = tuple[Desk, Desk]
LATER, AFTER = "2025-03-13", "2025-03-20"
WHY = "прийнято, а внести забули"


@pytest.fixture
def later(strict: Two) -> Two:
    """A clerk and the head of office, two days after the visits of these tests."""
    for one in strict:
        one.clock.moment = f"{LATER}T10:00"
    return strict


def moving(desk: Desk) -> tuple[list[str], dict[str, Any]]:
    person = desk.person()
    return [person], filed(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))


def with_child(desk: Desk) -> tuple[list[str], dict[str, Any]]:
    (mother, child), home = family(desk, ADULT, CHILD_BORN), desk.dwelling()
    part = {"service": "register_child_residence", **OF_CHILD, "register": about(child, dwelling=home)}
    return [mother, child], filed(desk, **MOVE, register=about(mother, dwelling=home), children=[part])


def together(desk: Desk) -> tuple[list[str], dict[str, Any]]:
    people = family(desk, ADULT, "1961-01-02")
    return people, filed(desk, **MOVE, persons=2, register=about(*people, dwelling=desk.dwelling()))


def newcomer(desk: Desk) -> tuple[list[str], dict[str, Any]]:
    new = {"particulars": {"surname": "Новенька", "given_names": "Ганна", "birth_date": BORN}}
    return [], filed(desk, **MOVE, register=about(new, dwelling=desk.dwelling()))


def evicted(desk: Desk) -> tuple[list[str], dict[str, Any]]:
    person = resident(desk)
    return [person], filed(desk, **COURT, ground="court_eviction", register=about(person))


def declared(desk: Desk) -> tuple[list[str], dict[str, Any]]:
    person = desk.person()
    return [person], filed(
        desk, service="declare_residence", **DECLARED, register=about(person, dwelling=desk.dwelling())
    )


def refused(desk: Desk) -> tuple[list[str], dict[str, Any]]:
    person = desk.person()
    return [person], filed(desk, **MOVE, documents=[], register=about(person, dwelling=desk.dwelling()))


def of_home(desk: Desk) -> tuple[list[str], dict[str, Any]]:
    body = {"service": "issue_extract", "applicant": {"kind": "dwelling_owner"}, "applicant_name": "Власниця Вигадана"}
    return [], filed(desk, **body, register={"persons": [], "dwelling": desk.dwelling()})


VISITS = [moving, with_child, evicted, newcomer, together, declared, refused, of_home]


class TestA8ThePast:
    """What is of an earlier day needs a reason and a second person; of the day itself nothing."""

    @pytest.mark.parametrize("visit", VISITS)
    def test_an_earlier_receipt_waits_and_the_day_of_the_act_stays(self, later: Two, visit: Any) -> None:
        desk, head = later
        people, body = visit(desk)
        before = {one: everything(desk, one) for one in people}
        for decide in (False, True):
            problem = desk.refused("/applications", {**body, "decide": decide})
            assert codes(problem) == [("received-earlier", "reason")]
            assert "reason" in problem["errors"][0]["detail"]
        told = desk.post("/applications", {**body, "reason": WHY, "decide": True})
        assert told.status_code == 202, told.text
        waits = told.json()["decision"]
        assert [one["id"] for one in waits["waits_for"]] == ["received", "acted_on"]
        assert (waits["recorded_later"], waits["acted_on"]) == (WHY, DAY)
        assert {one: everything(desk, one) for one in people} == before
        (change,) = head.get("/changes").json()["changes"]
        assert (change["waits_for"], change["recorded_later"]) == (waits["waits_for"], WHY)
        application = told.json()["application"]
        assert codes(desk.refused(f"/applications/{application}/approval", {})) == [("same-person", None)]
        head.clock.moment = f"{AFTER}T10:00"
        head.act(f"/applications/{application}/approval")
        read = desk.get(f"/applications/{application}").json()
        outcomes = [part["outcome"] for part in read["parts"]]
        assert {one["outcome"] for one in outcomes} == ({"refused"} if visit is refused else {"granted"})
        assert [(one["decided_on"], one["recorded_later"]) for one in outcomes] == [(DAY, WHY)] * len(outcomes)
        assert (read["received"], read["recorded_later"]) == (VISIT, WHY)

    def test_received_with_a_reason_it_waits_once_it_is_decided(self, later: Two) -> None:
        desk, head = later
        (person,), body = moving(desk)
        application = desk.act("/applications", {**body, "reason": WHY})["application"]
        path = f"/applications/{application}/decision"
        told = desk.post(path, {})
        assert told.status_code == 202 and [one["id"] for one in told.json()["waits_for"]] == ["received"]
        head.act(f"/applications/{application}/rejection", {"reason": "уточніть"})
        told = desk.post(path, {"acted_on": DAY, "reason": "і рішення теж"})
        assert told.status_code == 202 and told.json()["recorded_later"] == "і рішення теж"
        head.act(f"/applications/{application}/approval")
        assert alive(desk, person) == [(DAY, None)]

    @pytest.mark.parametrize("visit", [moving, with_child, declared, evicted])
    def test_an_earlier_act_waits_once_its_term_is_over(self, strict: Two, visit: Any) -> None:
        desk, head = strict
        people, body = visit(desk)
        application = desk.act("/applications", body)["application"]
        path = f"/applications/{application}/decision"
        desk.clock.moment = f"{LATER}T10:00"
        assert codes(desk.refused(path, {"acted_on": DAY})) == [("acted-earlier", "reason")]
        told = desk.post(path, {"acted_on": DAY, "reason": WHY})
        assert told.status_code == 202 and [one["id"] for one in told.json()["waits_for"]] == ["acted_on"]
        head.act(f"/applications/{application}/rejection", {"reason": "ні"})
        assert desk.get(f"/applications/{application}").json()["status"] == "received"
        assert head.get("/past-entries").json()["entries"] == []
        assert desk.act(path)["status"] == "granted"
        assert {row[0] for one in people for row in alive(desk, one)} <= {LATER}

    def test_on_the_day_and_within_the_term_it_is_recorded_at_once(self, strict: Two) -> None:
        desk, _ = strict
        founded(desk.registry)
        for visit in (moving, evicted, declared):
            _, body = visit(desk)
            assert desk.act("/applications", {**body, "decide": True})["status"] == "granted"
        person = desk.person()
        body = filed(desk, service="declare_residence", **DECLARED, received=f"{DAY}T21:00", register=about(person))
        body["register"]["dwelling"] = desk.dwelling()
        application = desk.act("/applications", body)["application"]
        desk.clock.moment = f"{NEXT}T10:00"
        desk.act(f"/applications/{application}/decision", {"acted_on": DAY})
        assert alive(desk, person) == [(DAY, None)] and desk.get("/past-entries").json()["entries"] == []

    def test_with_a_correction_it_waits_for_both(self, later: Two) -> None:
        desk, head = later
        person, body = amendment(desk)
        told = desk.post("/applications", {**body, "acted_on": LATER, "reason": WHY, "decide": True}).json()
        assert [one["id"] for one in told["decision"]["waits_for"]] == ["correction", "received"]
        head.act(f"/applications/{told['application']}/approval")
        assert alive(desk, person) == [("2010-07-16", None)]

    @pytest.mark.parametrize("visit", [moving, of_home])
    def test_may_be_asked_about_without_a_reason(self, later: Two, visit: Any) -> None:
        desk, _ = later
        _, body = visit(desk)
        told = desk.post("/applications?dry_run=1", body).json()
        assert [one["id"] for one in told["waits_for"]] == ["received", "acted_on"]
        assert desk.post("/applications?dry_run=1", {**body, "acted_on": LATER}).json()["waits_for"][1:] == []

    def test_is_repeated_as_it_was(self, later: Two) -> None:
        desk, _ = later
        _, body = moving(desk)
        key, body = str(uuid4()), {**body, "reason": WHY, "decide": True}
        first = desk.post("/applications", body, Idempotency_Key=key)
        again = desk.post("/applications", body, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, first.json())
        other = desk.refused("/applications", {**body, "reason": "інша"}, Idempotency_Key=key)
        assert other["type"] == "/problems/key-reused"


class TestA8PaperAndMachines:
    @pytest.mark.parametrize("kind", ["field_visit", "outage"])
    @pytest.mark.parametrize("visit", [moving, with_child, declared, newcomer])
    def test_what_was_written_on_paper_is_brought_in_by_the_next_working_day(
        self, strict: Two, visit: Any, kind: str
    ) -> None:
        desk, head = strict
        people, body = visit(desk)
        body |= {"paper_journal": {"kind": kind, "number": "14"}, "decide": True}
        desk.clock.moment = f"{NEXT}T16:00"
        told = desk.act("/applications", body)
        assert told["status"] == "granted"
        assert all(alive(desk, one) == [(DAY, None)] for one in people)
        (row,) = head.get("/past-entries").json()["entries"]
        assert (row["application"], row["approval"], row["reasons"]) == (told["application"], "not-needed", [])
        assert [one["id"] for one in row["past"]] == [kind] and row["paper_journal"]["number"] == "14"

    def test_later_it_waits_like_anything_else(self, later: Two) -> None:
        desk, head = later
        (person,), body = moving(desk)
        body |= {"paper_journal": {"kind": "outage", "number": "15"}, "decide": True}
        assert codes(desk.refused("/applications", body)) == [("received-earlier", "reason")]
        told = desk.post("/applications", {**body, "reason": WHY})
        assert told.status_code == 202
        head.act(f"/applications/{told.json()['application']}/approval")
        (row,) = head.get("/past-entries").json()["entries"]
        assert [one["id"] for one in row["past"]] == ["received", "outage", "acted_on"]
        assert alive(desk, person) == [(DAY, None)]

    def test_a_journal_has_a_number_and_a_kind(self, desk: Desk) -> None:
        _, body = moving(desk)
        for said, field in (({"kind": "outage"}, "number"), ({"kind": "зошит", "number": "1"}, "kind")):
            problem = desk.refused("/applications", {**body, "paper_journal": said})
            assert [one["field"] for one in problem["errors"]] == [f"paper_journal.{field}"]

    def test_a_machine_sent_it_when_its_system_says(self, strict: Two) -> None:
        desk, head = strict
        (person,), body = declared(desk)
        by = of_machine(desk.registry)
        body = {name: said for name, said in body.items() if name not in ("transcribed", "office", "acted_on")}
        desk.clock.moment = f"{AFTER}T10:00"
        with_journal = {**body, "paper_journal": {"kind": "outage", "number": "1"}}
        problem = desk.refused("/applications", with_journal, **by)
        assert codes(problem) == [("machine-has-no-paper", "paper_journal")]
        tomorrow = {**body, "received": "2025-03-21T10:00"}
        assert codes(desk.refused("/applications", tomorrow, **by)) == [("received-in-future", "received")]
        assert codes(desk.refused("/applications", {**body, "acted_on": DAY, "decide": True}, **by)) == [
            ("acted-earlier", "reason")
        ]
        told = desk.act("/applications", {**body, "decide": True}, **by)
        assert told["status"] == "granted" and alive(desk, person) == [(AFTER, None)]
        assert head.get("/past-entries").json()["entries"] == []


class TestA8TheList:
    def test_without_a_second_person_it_is_recorded_and_listed(self, desk: Desk) -> None:
        desk.clock.moment = f"{LATER}T10:00"
        (person,), body = moving(desk)
        assert codes(desk.refused("/applications", {**body, "decide": True})) == [("received-earlier", "reason")]
        told = desk.act("/applications", {**body, "reason": WHY, "decide": True})
        assert told["status"] == "granted" and alive(desk, person) == [(DAY, None)]
        (row,) = desk.get("/past-entries").json()["entries"]
        assert (row["approval"], row["approved"], row["reasons"], row["acted_on"]) == ("none", None, [WHY], DAY)
        assert row["decided"]["by"] == row["recorded"]["by"] and row["persons"] == [person]

    def test_says_who_asked_and_who_approved(self, later: Two) -> None:
        desk, head = later
        _, body = moving(desk)
        application = desk.act("/applications", {**body, "reason": WHY})["application"]

        def listed() -> tuple[str, Any, Any]:
            (row,) = head.get("/past-entries").json()["entries"]
            asked, approved = row["asked"], row["approved"]
            return row["approval"], asked and asked["by"]["id"], approved and approved["by"]["id"]

        assert listed() == ("undecided", None, None)
        for word, said in (("rejection", "rejected"), ("approval", "approved")):
            desk.post(f"/applications/{application}/decision", {})
            assert listed() == ("waits", "clerk", None)
            head.act(f"/applications/{application}/{word}", {"reason": "ні"} if word == "rejection" else {})
            assert listed() == (said, "clerk", "head" if word == "approval" else None)
        assert desk.registry.rebuild("applications") and verify(desk.registry).found == 0

    def test_the_newest_first_page_by_page_between_days(self, desk: Desk) -> None:
        desk.clock.moment = f"{LATER}T10:00"
        made = []
        for visit in (moving, with_child, together):
            made.insert(0, desk.act("/applications", {**visit(desk)[1], "reason": WHY})["application"])
        found, before = [], None
        while before or not found:
            page = desk.get("/past-entries", limit=2, **({"before": before} if before else {})).json()
            found += [row["application"] for row in page["entries"]]
            before = page["next"]
        assert found == made
        today = kyiv_day(datetime.now(UTC))
        days = [(today, today + timedelta(1), 3), (today + timedelta(1), None, 0), (None, today, 0), (None, None, 3)]
        for start, until, count in days:
            asked = {name: day.isoformat() for name, day in (("from", start), ("until", until)) if day}
            assert len(desk.get("/past-entries", **asked).json()["entries"]) == count
        strange = [{"from": DAY, "until": DAY}, {"from": "березень"}, {"before": 0}, {"before": 10**20}]
        for asked in (*strange, {"limit": 501}, {"since": DAY}):
            answer = desk.get("/past-entries", **asked)
            assert answer.status_code == 422 and has_cyrillic(answer.json()["detail"]), asked


EXTRACT = {"service": "issue_extract", "applicant_name": "Вигаданий Просить"}
PASSPORT = {"documents": ["identity_document"]}
DEED = {"documents": ["identity_document", "ownership_document"]}
AGREED = [{"check": "ownership", "said": {"property_register_agrees": True}}]
SIDES = {
    "dwelling_owner": DEED,
    "dwelling_co_owner": DEED,
    "mortgagee": {**PASSPORT, "checks": MORTGAGED},
    "trust_owner": {**PASSPORT, "checks": MORTGAGED},
    "dwelling_authorised_person": {**PASSPORT, "checks": AGREED},
    "owner_representative": {
        "documents": [*DEED["documents"], "representative_identity", "representative_authority"],
    },
}
"""Who asks because of a dwelling, and what shows it: of a status of which no paper is named, the property register."""
BASES = {"dwelling_co_owner": "dwelling_owner"}


def extract_of(desk: Desk, said: dict[str, Any]) -> dict[str, Any]:
    """What the register keeps of the extract of a decision."""
    return desk.get(f"/extracts/{said['decision']['extracts'][0]['number']}").json()


class TestA13:
    """An extract is given on a recorded request, with the papers of whoever asks, and about whom the dwelling holds."""

    @pytest.mark.parametrize("kind", SIDES)
    def test_an_owners_side_gets_only_whom_the_dwelling_holds(self, desk: Desk, kind: str) -> None:
        person, home, other = desk.person(), desk.dwelling(), desk.dwelling("9")
        desk.settled(person, home)
        said = {**EXTRACT, **SIDES[kind], "applicant": {"kind": kind}, "received": VISIT, "subject": {"born": BORN}}
        there = {**said, "decide": True, "register": about(person, dwelling=home)}
        assert extract_of(desk, desk.act("/applications", there))["person"] == person
        problem = desk.refused("/applications", {**there, "register": about(person)})
        assert codes(problem) == [("owned-dwelling-missing", "register.dwelling")]
        told = desk.act("/applications", {**there, "register": about(person, dwelling=other)})
        (part,) = told["decision"]["parts"]
        assert told["status"] == "refused" and told["decision"]["extracts"] == []
        assert [one["id"] for one in part["grounds"]] == ["under_14_or_unauthorised"]

    @pytest.mark.parametrize("kind", SIDES)
    def test_the_same_at_once(self, desk: Desk, kind: str) -> None:
        person, home, other = desk.person(), desk.dwelling(), desk.dwelling("9")
        desk.settled(person, home)
        said = {**SIDES[kind], "basis": BASES.get(kind, kind), "requester": "Вигаданий Просить"}
        where = f"/persons/{person}/extracts"
        assert codes(desk.refused(where, said)) == [("owned-dwelling-missing", "dwelling")]
        issued = desk.act(where, {**said, "dwelling": home})
        assert [row["until"] for row in issued["residences"]] == [None]
        answer = desk.post(where, {**said, "dwelling": other})
        assert answer.status_code == 422 and "не проживає" in answer.json()["detail"]
        unshown = {name: value for name, value in said.items() if name not in ("documents", "checks")}
        assert desk.post(where, {**unshown, "dwelling": home}).json()["errors"]
        assert len(desk.registry.query("extracts", "of_person", person=UUID(person))) == 1

    @pytest.mark.parametrize("kind", ["mortgagee", "dwelling_authorised_person", "trust_owner"])
    def test_no_paper_that_the_card_does_not_name(self, desk: Desk, kind: str) -> None:
        person, home = desk.person(), desk.dwelling()
        desk.settled(person, home)
        said = {**EXTRACT, **PASSPORT, "applicant": {"kind": kind}, "received": VISIT, "subject": {"born": BORN}}
        said |= {"register": about(person, dwelling=home), "decide": True}
        check = SIDES[kind]["checks"][0]["check"]
        assert desk.refused("/applications", said)["errors"][0]["code"] == "check-unanswered"
        tried = desk.post("/applications?dry_run=1", {**said, "decide": False}).json()["parts"][0]
        assert (tried["outcome"], [one["check"] for one in tried["checks"]]) == ("granted", [check])
        told = desk.act("/applications", {**said, "checks": SIDES[kind]["checks"]})
        assert "T-13" in [one["id"] for one in told["decision"]["parts"][0]["readings"]]
        denied = {"mortgaged": False} if check == "encumbrance" else {"property_register_agrees": False}
        told = desk.act("/applications", {**said, "checks": [{"check": check, "said": denied}]})
        assert told["status"] == "refused"

    def test_at_once_is_one_act_of_a_request_its_decision_and_the_extract(self, desk: Desk) -> None:
        person = resident(desk)
        issued = desk.act(f"/persons/{person}/extracts", {"history": True})
        told = desk.get(f"/extracts/{issued['number']}").json()
        case = desk.get(f"/applications/{told['application']}").json()
        assert (case["status"], case["channel"], case["parts"][0]["asked"]["service"]) == (
            *("granted", "office"),
            "issue_extract",
        )
        assert case["parts"][0]["asked"]["documents"] == ["identity_document"]
        asked = desk.registry.entries(extract_stream(desk, issued["number"]))[0]
        decided_by = {one.command for one in desk.registry.entries(UUID(told["application"]))}
        assert decided_by == {asked.command} and told["application"] == str(asked.fact.application)

    @pytest.mark.parametrize(
        ("said", "lacks"),
        [
            ({"basis": "legal_representative", **PASSPORT}, "representative_authority"),
            ({"documents": []}, "identity_document"),
        ],
    )
    def test_a_refusal_is_recorded_and_gives_nothing(self, desk: Desk, said: dict[str, Any], lacks: str) -> None:
        person, key = resident(desk), str(uuid4())
        where = f"/persons/{person}/extracts"
        answers = [desk.post(where, {"requester": "Опікун", **said}, Idempotency_Key=key) for _ in range(2)]
        problem = answers[0].json()
        assert problem == answers[1].json() and problem["type"] == "/problems/cannot-issue"
        assert lacks in problem["detail"] and problem["errors"]
        case = desk.client.get(answers[0].headers["location"]).json()
        assert case["status"] == "refused" and case["code"] in problem["detail"]
        assert desk.registry.query("extracts", "of_person", person=UUID(person)) == []

    @pytest.mark.parametrize("kind", ["official_body", "court", "guardianship_body"])
    def test_a_body_asks_by_an_official_request(self, desk: Desk, kind: str) -> None:
        person = resident(desk)
        body = {"service": "issue_extract", "channel": "notice", "applicant": {"kind": kind}, "register": about(person)}
        told = extract_of(desk, granted(desk, **body))
        assert (told["basis"], told["requester"]) == ("official_request", "Вигадівський орган")
        assert told["content"]["basis"] == "офіційний запит № 17/2 від 09.01.2020"
        at_office = decided(desk, **{**body, **EXTRACT, "channel": "office", "ground": "official_request"})
        assert at_office["status"] == "not-possible"

    def test_a_body_asks_about_the_dead_and_about_a_dwelling_at_once(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        desk.settled(person, home)
        notice = {"sender": "Вигадівський суд", "dated": "2020-01-09"}
        said = {"basis": "official_request", "notice": notice}
        assert [row["person_id"] for row in desk.act(f"/dwellings/{home}/extracts", said)["residents"]] == [person]
        desk.core("record_death", person, registered_on="2021-02-03")
        where = f"/persons/{person}/extracts"
        assert [row["until"] for row in desk.act(where, said)["residences"]] == ["2021-02-03"]
        for own in ({}, {"basis": "legal_representative", "requester": "Опікун"}):
            assert desk.refused(where, own)["errors"][0]["code"] == "dead-apply-for-nothing"
        assert desk.refused(where, {"basis": "official_request"})["type"] == "/problems/cannot-issue"
        owner = {"basis": "dwelling_owner", "requester": "Власник", **DEED, "dwelling": home}
        assert desk.act(where, owner)["residences"]
        assert desk.post(where, {**owner, "dwelling": desk.dwelling("9")}).status_code == 422

    @pytest.mark.parametrize(
        ("service", "said"),
        [
            (MOVE, {"applicant": {"kind": "proxy_representative"}}),
            (LEAVE, {"ground": "owner_application", "applicant": {"kind": "dwelling_owner"}}),
            (LEAVE, {"channel": "notice", "ground": "court_eviction", "applicant": {"kind": "court"}}),
            (LEAVE, {"ground": "death_certificate", "applicant": {"kind": "other"}}),
        ],
    )
    def test_beside_another_service_only_who_may_ask_for_it_alone(
        self, desk: Desk, service: dict[str, Any], said: dict[str, Any]
    ) -> None:
        person, home = resident(desk), desk.dwelling("9")
        said = {**service, **said, "applicant_name": "Вигаданий Просить"}
        said |= {"subject": {"born": BORN, "death_registered_on": "2025-03-01"}} if "death" in str(said) else {}
        register = about(person, **({"dwelling": home} if service is MOVE else {}))
        body = {**filed(desk, **said, register=register), "decide": True}
        problem = desk.refused("/applications", {**body, "extract": {}})
        assert problem["type"] == "/problems/cannot-issue" and "Приберіть extract" in problem["detail"]
        assert desk.act("/applications", body)["decision"]["extracts"] == []

    def test_beside_a_childs_registration_the_parent_gets_it(self, desk: Desk) -> None:
        parent, home = desk.person(), desk.dwelling()
        desk.settled(parent, home)
        child = desk.person(birth_date=CHILD_BORN, surname="Вигаданко")
        said = {"service": "register_child_residence", **OF_CHILD, "extract": {}, "applicant_name": "Вигадана О."}
        told = granted(desk, **said, register=about(child, dwelling=home))
        assert extract_of(desk, told)["basis"] == "legal_representative"

    def test_a_parent_of_the_same_visit_or_of_the_register_asks_in_their_own_name(self, desk: Desk) -> None:
        home, name = desk.dwelling(), {"surname": "Вигадана", "given_names": "Нова", "birth_date": BORN}
        child = {"particulars": {"surname": "Вигаданко", "birth_date": CHILD_BORN}}
        part = {"service": "register_child_residence", **OF_CHILD, "extract": {}}
        both = {"register": about({"particulars": name}, dwelling=home)}
        both["children"] = [{**part, "register": about(child, dwelling=home)}]
        told = granted(desk, **MOVE, extract={}, **both)
        (_, of_child) = [one["number"] for one in told["decision"]["extracts"]]
        assert desk.get(f"/extracts/{of_child}").json()["requester"] == "Вигадана Нова"
        parent = desk.person(surname="Вигаданий")
        young = desk.person(birth_date=CHILD_BORN, surname="Вигаданчик")
        told = granted(desk, **part, register=about(young, dwelling=home, applicant=parent))
        assert extract_of(desk, told)["requester"] == "Вигаданий Оксана"
        body = {**part, "received": VISIT, "register": about(young, dwelling=home), "decide": True}
        assert codes(desk.refused("/applications", body)) == [("applicant-missing", "applicant_name")]

    def test_it_bears_the_day_of_the_request(self, desk: Desk) -> None:
        person = resident(desk)
        told = extract_of(desk, granted(desk, service="issue_extract", register=about(person)))
        assert told["content"]["requested_at"][:10] == DAY


def extract_stream(desk: Desk, number: str) -> UUID:
    year, nth = number.split("/")
    (row,) = desk.registry.query("extracts", "by_number", year=int(year), number=int(nth))
    return row["extract"]
