"""Whether somebody who is entered is in the register already: asked behind every door, answered with a reason (N9)."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from callers import of_machine
from clerks import Clerk
from filing import MOVE, PROOF, about, filed
from given import CLERK, installation
from starlette.testclient import TestClient
from test_api import Desk, codes
from test_viewer import SeesNobody

from api.main import create_app
from registry import ukrainian, viewer
from registry.aggregates.person.events import Document, FormerIdentitySealed, Particulars
from registry.aggregates.person.requests import ChangeParticulars, EnterPerson, RecordDeath, WithdrawEntry
from registry.aggregates.values import Impossible, NeedsConfirmation
from registry.app import Registry
from registry.opening import opened
from registry.projections import identities
from registry.twice import Entering, alike, ask, insisting
from replay.compare import verify

WHO: dict[str, Any] = {"surname": "Д’якун-Ґалаган", "given_names": "Ольга", "birth_date": "1990-05-04"}
REASON = "паспорти звірено: інша особа"


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    with opened(database_url) as registry:
        settings = installation(data=tmp_path, actor_id="clerk-1", second_person=False)
        with TestClient(create_app(registry, settings)) as client:
            yield Desk(client, registry)


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        yield registry


def enter(registry: Registry, documents: Any = (), ref: str | None = None, **said: Any) -> UUID:
    request = EnterPerson(particulars=Particulars(**said), documents=documents, ref=ref, confirmed=True)
    return Clerk(registry, CLERK).act(request, command=uuid4()).entries[0].stream


def asked_about(registry: Registry, documents: Any = (), **said: Any) -> list[str]:
    """Of whom one is asked who enters somebody; nothing is recorded then."""
    position = registry.position()
    try:
        enter(registry, documents, **said)
    except NeedsConfirmation as question:
        assert registry.position() == position
        return [one.named["person"] for one in question.faults]
    return []


class TestWhoIsAlike:
    FULL: ClassVar = {**WHO, "patronymic": "Тестівна", "rnokpp": "3299600022"}

    @pytest.mark.parametrize(
        "said",
        [
            WHO,
            {**WHO, "surname": "ДЯКУН ГАЛАГАН"},
            {**WHO, "surname": "Д'якун—Ґалаган"},
            {**WHO, "surname": "Дʼякун - Галаган"},
            {**WHO, "surname": "Д’якун-Ґалаган", "given_names": "Oльгa"},
            {**WHO, "surname": "Ольга", "given_names": "Д’якун-Ґалаган"},
            {**WHO, "surname": "Галаган-Дякун"},
            {**WHO, "surname": "Д’якун-Ґалаган Ольга", "given_names": None},
            {**WHO, "birth_date": "1990"},
            {**WHO, "birth_date": "1990-05"},
            {**WHO, "patronymic": "Олегівна"},
            {**WHO, "birth_date": None, "patronymic": "Тестівна"},
            {"surname": "Зовсім-Інша", "given_names": "Ганна", "rnokpp": "3299600022"},
        ],
        ids=str,
    )
    def test_asked(self, registry: Registry, said: dict[str, Any]) -> None:
        known = enter(registry, **self.FULL)
        assert asked_about(registry, **said) == [str(known)]

    @pytest.mark.parametrize(
        "said",
        [
            {**WHO, "birth_date": "1990-05-05"},
            {**WHO, "birth_date": "1991"},
            {**WHO, "birth_date": None},
            {**WHO, "given_names": "Олена"},
            {**WHO, "given_names": None},
            {"surname": "Інша", "given_names": "Ганна", "rnokpp": "3299600045"},
        ],
        ids=str,
    )
    def test_not_asked(self, registry: Registry, said: dict[str, Any]) -> None:
        enter(registry, **self.FULL)
        assert asked_about(registry, **said) == []

    @pytest.mark.parametrize(("kind", "number"), [("passport", "ME123456"), ("Passport", "ме-123456")])
    def test_the_same_document(self, registry: Registry, kind: str, number: str) -> None:
        known = enter(registry, [Document(kind="passport", number="МЕ 123456")], **WHO)
        other = {"surname": "Інша", "given_names": "Ганна"}
        assert asked_about(registry, [Document(kind=kind, number=number)], **other) == [str(known)]
        assert asked_about(registry, [Document(kind="birth_certificate", number=number)], **other) == []

    def test_another_unzr_is_another_person_but_not_with_the_same_number(self, registry: Registry) -> None:
        known = enter(registry, **WHO, unzr="19900504-00011", rnokpp="3299600022")
        assert asked_about(registry, **WHO, unzr="19900504-00022", rnokpp="3299600022") == [str(known)]
        assert asked_about(registry, **WHO, unzr="19900504-00022") == []

    def test_equal_unzr_stays_refused(self, registry: Registry) -> None:
        enter(registry, surname="Вигадана", unzr="19900504-00011")
        with pytest.raises(Impossible, match="unzr-taken"):
            enter(registry, surname="Інша", unzr="19900504-00011")

    def test_the_dead_are_asked_about_and_the_withdrawn_are_not(self, registry: Registry) -> None:
        known = enter(registry, **WHO)
        clerk = Clerk(registry, CLERK)
        clerk.act(RecordDeath(person=known, registered_on="2020-01-01"), command=uuid4())
        assert asked_about(registry, **WHO) == [str(known)]
        clerk.act(WithdrawEntry(person=known, reason="помилка"), command=uuid4())
        assert asked_about(registry, **WHO) == []

    def test_a_sealed_person_is_nobody(self, registry: Registry) -> None:
        known = enter(registry, **WHO)
        registry.append([(known, [FormerIdentitySealed(basis="суд")], 1)], by=CLERK, command=uuid4())
        assert asked_about(registry, **WHO) == []

    def test_by_another_name_since(self, registry: Registry) -> None:
        known = enter(registry, **WHO)
        change = ChangeParticulars(person=known, corrects=True, changes={"surname": "Нова"}, basis="шлюб")
        Clerk(registry, CLERK).act(change, command=uuid4())
        assert asked_about(registry, **{**WHO, "surname": "Нова"}) == [str(known)]
        assert asked_about(registry, **WHO) == [str(known)]

    def test_as_known_at_a_position(self, registry: Registry) -> None:
        before = registry.position()
        known = enter(registry, **WHO)
        newcomer, now = Entering(id=uuid4(), particulars=Particulars(**WHO)), registry.position()
        with registry.datastore.get_connection() as connection:
            assert alike(connection, newcomer, before) == []
            assert [one.person for one in alike(connection, newcomer, now)] == [known]


class TestTwoAtOnce:
    def test_the_second_is_asked(self, registry: Registry) -> None:
        gate = threading.Barrier(4)

        def clerk(number: int) -> str:
            gate.wait()
            try:
                return f"entered {enter(registry, **WHO)}"
            except NeedsConfirmation as question:
                return f"asked {question.faults[0].named['person']}"

        with ThreadPoolExecutor(4) as pool:
            told = sorted(pool.map(clerk, range(4)))
        assert [one.split()[0] for one in told] == ["asked"] * 3 + ["entered"]
        assert len({one.split()[1] for one in told}) == 1

    def test_an_approval_is_asked_about_whoever_was_entered_meanwhile(self, registry: Registry) -> None:
        facts = {uuid4(): Clerk(registry, CLERK).tried(EnterPerson(particulars=Particulars(**WHO)))[0].popitem()[1]}
        insist = insisting(facts, viewer.OPEN)
        known = enter(registry, **WHO)
        assert insist is not None
        position = registry.position()
        with registry.datastore.get_connection() as connection, pytest.raises(NeedsConfirmation) as question:
            insist(connection, position)
        assert [one.named["person"] for one in question.value.faults] == [str(known)]


class TestAtTheDesk:
    def test_side_by_side_and_then_with_a_reason(self, desk: Desk) -> None:
        known = desk.act("/persons", {"particulars": {**WHO, "patronymic": "Тестівна"}, "ref": "К-1"})["person"]
        desk.settled(known, desk.dwelling())
        body: dict[str, Any] = {"particulars": {**WHO, "rnokpp": "3299600022"}}
        for path in ("/persons", "/persons?dry_run=1"):
            (error,) = desk.refused(path, body, 409)["errors"]
            assert (error["code"], error["field"]) == ("perhaps-the-same", None)
            assert error["named"] == {
                "person": known,
                "names": "same",
                "birth_date": "same",
                **dict.fromkeys(("patronymic", "unzr", "rnokpp", "document"), "unknown"),
            }
            assert error["candidate"] == {
                "person": known,
                "ref": "К-1",
                "surname": "Дʼякун-Ґалаган",
                "given_names": "Ольга",
                "patronymic": "Тестівна",
                "birth_date": "1990-05-04",
                "died": None,
                "address": "смт Вигадівка, вул. Калинова, буд. 7",
            }
        body["distinct_from"] = [known]
        assert codes(desk.refused("/persons", body)) == [("distinct-reason-missing", "distinct_reason")]
        body["distinct_reason"] = REASON
        assert desk.post("/persons?dry_run=1", body).status_code == 200
        key = str(uuid4())
        answers = [desk.post("/persons", body, Idempotency_Key=key) for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 200]
        (fact,) = desk.get(f"/persons/{answers[0].json()['person']}/facts").json()["facts"]
        assert (fact["body"]["distinct_from"], fact["body"]["distinct_reason"]) == ([known], REASON)
        assert verify(desk.registry).found == 0

    def test_a_third_is_asked_about_both_and_one_answer_is_not_enough(self, desk: Desk) -> None:
        first = desk.act("/persons", {"particulars": WHO})["person"]
        second = desk.act("/persons", {"particulars": WHO})["person"]
        body = {"particulars": WHO, "distinct_from": [first], "distinct_reason": REASON}
        assert [one["named"]["person"] for one in desk.refused("/persons", body, 409)["errors"]] == [second]

    def test_nobody_is_another_than_who_is_not_there(self, desk: Desk) -> None:
        body = {"particulars": WHO, "distinct_from": [str(uuid4())], "distinct_reason": REASON}
        assert codes(desk.refused("/persons", body)) == [("person-unknown", "distinct_from")]

    def test_of_a_hidden_person_nothing_is_asked(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        desk.act("/persons", {"particulars": WHO})
        monkeypatch.setattr(viewer, "viewer_of", lambda who: SeesNobody())
        answer = desk.post("/persons", {"particulars": WHO})
        assert answer.status_code == 201 and "perhaps" not in answer.text


class TestChanged:
    """A correction or a change by which somebody would be taken for another one of the register."""

    PAPERS: ClassVar = [{"kind": "passport", "number": "МЕ123456"}]

    @pytest.mark.parametrize(
        "change",
        [
            {"changes": {"rnokpp": "3299600022"}},
            {"changes": {"surname": "ДЯКУН ГАЛАГАН"}},
            {"changes": {"birth_date": "1990-05-04"}},
            {"changes": {}, "documents": PAPERS},
        ],
        ids=str,
    )
    def test_a_correction_to_what_another_has_is_asked_about(self, desk: Desk, change: dict[str, Any]) -> None:
        known = desk.act("/persons", {"particulars": {**WHO, "rnokpp": "3299600022"}, "documents": self.PAPERS})
        born = {"birth_date": "1991-05-04"} if "birth_date" in change["changes"] else {"surname": "Інша"}
        other = desk.act("/persons", {"particulars": {**WHO, **born}})["person"]
        path, body = f"/persons/{other}/particulars-correction", {**change, "basis": "паспорт"}
        (error,) = [one for one in desk.refused(path, body, 409)["errors"] if one["code"] == "same-as-another"]
        assert error["candidate"]["person"] == known["person"]
        desk.act(path, {**body, "confirmed": True})
        assert "same-as-another" in desk.registry.entries(UUID(other))[-1].fact.confirmed
        more = {"changes": {"patronymic": "Тестівна"}, "basis": "паспорт"}
        desk.act(path, more)

    def test_a_check_digit_is_asked_about_together_with_it(self, desk: Desk) -> None:
        wrong = {"rnokpp": "3299600023"}
        desk.act("/persons", {"particulars": {**WHO, **wrong}, "confirmed": True})
        other = desk.person(surname="Інша", birth_date="1980-01-01")
        body = {"changes": wrong, "basis": "картка"}
        found = codes(desk.refused(f"/persons/{other}/particulars-correction", body, 409))
        assert {"rnokpp-check-digit", "same-as-another"} <= {code for code, _ in found}

    def test_what_a_visit_says_has_changed(self, desk: Desk) -> None:
        desk.act("/persons", {"particulars": {**WHO, "rnokpp": "3299600022"}})
        other = desk.person(surname="Інша")
        changed = {"paper": "картка платника", "particulars": {"rnokpp": "3299600022"}}
        who = {"person": other, "documents": PROOF, "changed": changed}
        register = {**about(other, dwelling=desk.dwelling()), "persons": [who]}
        body = filed(desk, **MOVE, confirmed=True, register=register)
        for path in ("/applications", "/applications?dry_run=1"):
            assert "same-as-another" in [
                code for code, _ in codes(desk.refused(path, {**body, "confirmed": False}, 409))
            ]
        desk.act("/applications", {**body, "confirmed": True})

    def test_a_refusal_by_belief_and_a_paper_without_a_number_tell_nobody(self, registry: Registry) -> None:
        papers = [Document(kind="passport", number="б/н")]
        enter(registry, papers, **WHO, rnokpp="refused")
        assert asked_about(registry, papers, surname="Інша", given_names="Ганна", rnokpp="refused") == []


class TestAtAVisit:
    def body(self, desk: Desk, **said: Any) -> dict[str, Any]:
        new = {"particulars": WHO, "documents": PROOF}
        born = {"subject": {"born": WHO["birth_date"]}}
        return filed(desk, **{**MOVE, **born, **said}, register=about(new, dwelling=desk.dwelling()))

    @pytest.mark.parametrize("decide", [False, True])
    def test_asked_and_answered(self, desk: Desk, decide: bool) -> None:
        body = {**self.body(desk), "decide": decide}
        known = desk.act("/persons", {"particulars": WHO})["person"]
        for path in ("/applications?dry_run=1", "/applications"):
            assert codes(desk.refused(path, body, 409)) == [("perhaps-the-same", "register.persons")]
        body["register"]["persons"][0] |= {"distinct_from": [known], "distinct_reason": REASON}
        assert desk.post("/applications?dry_run=1", body).json()["namesakes"][0]["person"] == known
        said = desk.act("/applications", body)
        if not decide:
            desk.act(f"/applications/{said['application']}/decision", {})
        person = said["parts"][0]["persons"][0]
        fact = desk.get(f"/persons/{person}/facts").json()["facts"][0]["body"]
        assert (fact["distinct_from"], fact["distinct_reason"]) == ([known], REASON)

    def test_who_was_entered_between_receipt_and_decision_is_asked_about(self, desk: Desk) -> None:
        case = desk.act("/applications", self.body(desk))["application"]
        known = desk.act("/persons", {"particulars": WHO})["person"]
        path = f"/applications/{case}/decision"
        for tried in ("?dry_run=1", ""):
            assert codes(desk.refused(path + tried, {}, 409)) == [("perhaps-the-same", "register.persons")]
        said = {"distinct_from": [known], "distinct_reason": REASON}
        assert desk.post(path + "?dry_run=1", said).status_code == 200
        desk.act(path, said)
        assert verify(desk.registry).found == 0

    def test_what_a_machine_sends_is_received_and_its_decision_is_asked(self, desk: Desk) -> None:
        declared = {"service": "declare_residence", "channel": "diia", "dwelling": {"subject_is_owner": True}}
        body = self.body(desk, **declared)
        known = desk.act("/persons", {"particulars": WHO})["person"]
        body = {name: said for name, said in body.items() if name not in ("transcribed", "office", "acted_on")}
        answer = desk.post("/applications", body, **of_machine(desk.registry))
        assert answer.status_code == 201, answer.text
        path = f"/applications/{answer.json()['application']}/decision"
        (error,) = desk.refused(path, {}, 409)["errors"]
        assert error["candidate"]["person"] == known

    @pytest.mark.parametrize(
        "said",
        [
            {**WHO, "phone": "+380000000000"},
            {**WHO, "surname": "ДЯКУН ГАЛАГАН"},
            {"surname": "Інша", "given_names": "Ганна", "birth_date": "1990-05-04", "rnokpp": "3299600022"},
        ],
        ids=str,
    )
    def test_the_same_newcomer_twice_in_one_visit(self, desk: Desk, said: dict[str, Any]) -> None:
        body = self.body(desk)
        body["register"]["persons"][0]["particulars"]["rnokpp"] = "3299600022"
        more = {"particulars": said, "documents": PROOF}
        body["register"]["persons"].append(more)
        body["persons"] = 2
        found = desk.post("/applications?dry_run=1", body)
        assert found.status_code == 422 and "newcomer-twice" in found.text

    @pytest.mark.parametrize(
        ("born", "unzrs", "twice"),
        [
            ("1990", (None, None), True),
            ("1991", (None, None), False),
            ("1990-05", ("19900504-00011", None), True),
            ("1990-05-04", ("19900504-00011", "19900504-00022"), False),
        ],
    )
    def test_newcomers_whose_births_are_known_in_part(
        self, desk: Desk, born: str, unzrs: tuple[str | None, str | None], twice: bool
    ) -> None:
        said = ({**WHO, "unzr": unzrs[0]}, {**WHO, "birth_date": born, "unzr": unzrs[1]})
        people = [Entering(id=uuid4(), particulars=Particulars(**one)) for one in said]
        with desk.registry.datastore.get_connection() as connection:
            if twice:
                with pytest.raises(Impossible, match="newcomer-twice"):
                    ask(connection, 0, people, viewer.OPEN)
            else:
                ask(connection, 0, people, viewer.OPEN)


class TestAtCitySize:
    def test_the_candidates_are_found_by_indexes(self, database_url: str) -> None:
        with opened(database_url) as registry, registry.datastore.get_connection() as connection:
            connection.execute(
                "INSERT INTO identities SELECT md5(n::text)::uuid, ARRAY[md5(n::text)], '1990-01-01', '1990-01-01', "
                "ARRAY['rnokpp ' || n], n, NULL FROM generate_series(1, 60000) AS n"
            )
            connection.execute(
                "INSERT INTO people SELECT md5(n::text)::uuid, NULL, 'В', 'О', NULL, NULL, '1990-01-01', '1990-01-01', "
                "NULL, NULL, n::text, NULL, NULL, '{}', '', '', n, NULL, false FROM generate_series(1, 60000) AS n"
            )
            connection.execute("ANALYZE identities, people")
            for born in (None, "1990-01-01"):
                asked = {"names": ["x"], "born_from": born, "born_until": born, "numbers": ["rnokpp 7"]}
                said = {**asked, "besides": uuid4(), "position": 10**6}
                plan = connection.execute(f"EXPLAIN {identities.SQL['alike']}", said).fetchall()
                text = "\n".join(row["QUERY PLAN"] for row in plan)
                assert "identities_names" in text and "identities_numbers" in text and "Seq Scan" not in text, text


class TestSpelling:
    def test_names_in_one_key(self) -> None:
        key = ukrainian.names_key("Нечуй-Левицький", "Іван")
        assert key == ukrainian.names_key("ІВАН", "НечуйЛевицький") == ukrainian.names_key("Heчуй Левицький", "Iван")
        assert ukrainian.names_key(None, " - ") is None and ukrainian.names_key("Ґ") == ukrainian.names_key("г")
        assert ukrainian.names_key("Їжак") == ukrainian.names_key("Їжак") != ukrainian.names_key("Іжак")
