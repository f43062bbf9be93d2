"""Applications over HTTP: repeated, at the same moment, on the edge of a day, tried before they are filed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, get_ident
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from clerks import Clerk
from filing import (
    BORN,
    CHILD_BORN,
    DAY,
    LEAVE,
    MOVE,
    NEXT,
    VISIT,
    about,
    came,
    everything,
    filed,
    granted,
    received,
)
from filing import (
    listed as listed_entry,
)
from given import CLERK, founded, installation
from test_api import NOBODY, Desk, codes, desk, has_cyrillic
from test_api_services import CASES, body_of

from api.case_forms import NewApplication
from api.visits import visit_of
from registry.aggregates.person.events import Change, ParticularsCorrected
from registry.app import Registry
from registry.cases.as_of import AsOf
from registry.cases.cases import Cases
from registry.extracts import issuing
from registry.viewer import OPEN

__all__ = ["desk"]


class TestOnceAndTogether:
    def waiting(self, desk: Desk, person: str, house: str) -> str:
        return received(desk, **MOVE, register=about(person, dwelling=desk.dwelling(house)))

    def test_decided_twice_one_after_the_other(self, desk: Desk) -> None:
        where = f"/applications/{self.waiting(desk, desk.person(), '9')}"
        said = desk.act(where + "/decision", {"acted_on": DAY})
        assert codes(desk.refused(where + "/decision", {"acted_on": DAY})) == [("application-decided", None)]
        assert codes(desk.refused(where + "/checks", {"check": "ownership", "said": {}})) == [
            ("application-decided", None)
        ]
        desk.refused(where + "/decision", {}, 412, If_Match='"1"')
        assert desk.get(where).headers["etag"] == f'"{said["version"]}"'

    def together(self, desk: Desk, paths: list[str], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        """Both requests have read before either writes."""
        barrier, append = Barrier(2, timeout=300), Registry.append

        def after_the_other_read(registry: Registry, *args: Any, **how: Any) -> Any:
            barrier.wait()
            return append(registry, *args, **how)

        monkeypatch.setattr(Registry, "append", after_the_other_read)
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda path: desk.post(path, {"acted_on": DAY}), paths))
        monkeypatch.setattr(Registry, "append", append)
        return answers

    def test_decided_twice_at_once(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        person = desk.person()
        where = f"/applications/{self.waiting(desk, person, '9')}/decision"
        answers = self.together(desk, [where, where], monkeypatch)
        assert sorted(one.status_code for one in answers) == [201, 409]
        lost = next(one.json() for one in answers if one.status_code == 409)
        assert lost["type"] == "/problems/record-changed" and "Вигадана" in lost["detail"]
        assert len(everything(desk, person)) == 1 and len(desk.get("/outbox").json()["waiting"]) == 2

    @pytest.mark.parametrize("differs", ["person", "history", "dwelling"])
    def test_one_key_for_two_extracts_at_once(self, desk: Desk, monkeypatch: pytest.MonkeyPatch, differs: str) -> None:
        """Whoever comes second with a key is never given what the first asked for (security 3.1)."""
        first, second = desk.person(), desk.person(surname="Інша", birth_date="1991-06-05")
        said: list[tuple[str, dict[str, Any]]] = [(f"/persons/{first}/extracts", {"history": True})] * 2
        if differs == "person":
            said[1] = (f"/persons/{second}/extracts", {"history": True})
        elif differs == "history":
            said[1] = (f"/persons/{first}/extracts", {})
        else:
            home, owner = desk.dwelling("12"), {"documents": ["identity_document", "ownership_document"]}
            said[1] = (f"/dwellings/{home}/extracts", {"basis": "dwelling_owner", "requester": "Вигадана", **owner})
        barrier, append, told = Barrier(2, timeout=300), Registry.append, set[int]()

        def after_the_other_read(registry: Registry, *args: Any, **how: Any) -> Any:
            if get_ident() not in told:
                told.add(get_ident())
                barrier.wait()
            return append(registry, *args, **how)

        monkeypatch.setattr(Registry, "append", after_the_other_read)
        key = str(uuid4())
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda one: desk.post(*one, Idempotency_Key=key), said))
        monkeypatch.setattr(Registry, "append", append)
        assert sorted(one.status_code for one in answers) == [201, 422]
        refused = next(one.json() for one in answers if one.status_code == 422)
        assert refused["type"] == "/problems/key-reused"
        given = next(one.json() for one in answers if one.status_code == 201)
        row = issuing.by_number(desk.registry, given["number"])
        assert row["issued"] and desk.registry.query("extracts", "by_number", year=row["year"], number=2) == []

    def test_two_applications_for_one_person_at_once(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        person = desk.person()
        first, second = (f"/applications/{self.waiting(desk, person, house)}/decision" for house in ("8", "9"))
        answers = self.together(desk, [first, second], monkeypatch)
        assert sorted(one.status_code for one in answers) == [201, 409]
        assert len(desk.residences(person)) == 1
        again = second if answers[0].status_code == 201 else first
        assert desk.post(again, {"acted_on": DAY}).json()["type"] == "/problems/confirmation-needed"
        desk.act(again, {"acted_on": DAY, "confirmed": True})
        assert len(desk.residences(person)) == 1

    def test_a_visit_that_lost_the_race_is_not_recorded_at_all(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One visit is one act: received and decided, or neither."""
        person, home, key = desk.person(), desk.dwelling(), str(uuid4())
        body = {**filed(desk, **MOVE, register=about(person, dwelling=home)), "decide": True}
        append = Registry.append

        def lose(registry: Registry, entries: Any, **how: Any) -> Any:
            append(registry, [(UUID(person), [updated()], 1)], by=how["by"], command=uuid4())
            return append(registry, entries, **how)

        monkeypatch.setattr(Registry, "append", lose)
        answer = desk.post("/applications", body, Idempotency_Key=key)
        monkeypatch.setattr(Registry, "append", append)
        assert answer.status_code == 409 and answer.json()["type"] == "/problems/record-changed"
        assert desk.get("/applications").json() == {"applications": []}
        again = desk.post("/applications", body, Idempotency_Key=key)
        assert (again.status_code, again.json()["status"]) == (201, "granted")

    def test_a_decided_visit_is_one_act(self, desk: Desk) -> None:
        person, home, key = desk.person(), desk.dwelling(), str(uuid4())
        before = desk.registry.position()
        body = {**filed(desk, **MOVE, register=about(person, dwelling=home)), "decide": True}
        said = desk.post("/applications", body, Idempotency_Key=key).json()
        act = desk.registry.of_command(UUID(key))
        assert [entry.fact.NAME for entry in act.entries] == [
            *("application-received", "check-answered", "check-answered", "check-answered", "application-granted"),
            "residence-registered",
        ]
        assert (act.entries[0].position, act.position) == (before + 1, desk.registry.position())
        assert said["decision"]["facts"] == [entry.position for entry in act.entries]
        assert said["command"] == said["decision"]["command"] == key
        message = next(one for one in act.entries[4].fact.follows if one.person is None)
        assert said["code"] in message.text

    def test_a_repeated_key_returns_the_first_result_and_only_for_the_same(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        someone = {"particulars": {"surname": "Нова", "birth_date": CHILD_BORN}}
        child = {
            "service": "register_child_residence",
            "subject": {"born": CHILD_BORN},
            "applicant": {"kind": "parent"},
            "register": about(someone, dwelling=home),
        }
        body = filed(desk, **MOVE, register=about(person, dwelling=home), children=[child], phone="+380 00")
        del body["received"], body["acted_on"]
        checks = body.pop("checks")
        now = {**body, "received": None}
        others = [
            {**body, "phone": "+380 01"},
            {**body, "applicant_name": "Інша Особа"},
            {**body, "documents": []},
            {**body, "children": []},
            {**body, "subject": {"born": BORN, "military_duty": True}},
            {**body, "register": about(person, dwelling=desk.dwelling("9"))},
            {**body, "received": "2025-01-01T10:00"},
            {**body, "checks": checks[:1]},
            {**body, "register": about(NOBODY, dwelling=home)},
        ]
        application = self.repeated(desk, "/applications", now, others)["application"]
        where = f"/applications/{application}"
        checks = [{**one, "said": {"kopiykas": 9999}} if one["check"] == "payment" else one for one in checks]
        for one in checks:
            self.repeated(desk, where + "/checks", one, [{**one, "part": 3 - one["part"]}])
        said = self.repeated(desk, where + "/decision", {}, [{"acted_on": "2025-03-12"}])
        assert said["status"] == "granted"

    def repeated(self, desk: Desk, path: str, body: Any, others: list[Any]) -> dict[str, Any]:
        key = str(uuid4())
        first = desk.post(path, body, Idempotency_Key=key)
        assert first.status_code == 201, (path, first.text)
        again = desk.post(path, body, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, first.json())
        assert again.headers["idempotency-replayed"] == "true" and again.headers["etag"] == first.headers["etag"]
        for other in others:
            assert desk.refused(path, other, Idempotency_Key=key)["type"] == "/problems/key-reused", other
        assert desk.refused("/dwellings", {"address": {"house": "1"}}, Idempotency_Key=key)["type"].endswith("reused")
        return first.json()

    def test_a_key_of_another_act(self, desk: Desk) -> None:
        key, person = str(uuid4()), desk.person()
        body = filed(desk, **MOVE, register=about(person, dwelling=desk.dwelling()))
        where = f"/applications/{desk.act('/applications', body)['application']}"
        desk.act(f"/persons/{person}/withdrawal", {"reason": "двічі"}, Idempotency_Key=key)
        for path, said in (("/applications", body), (where + "/decision", {}), (where + "/checks", body["checks"][0])):
            assert desk.refused(path, said, Idempotency_Key=key)["type"] == "/problems/key-reused", path

    def test_a_whole_decided_visit_repeated_after_everything_moved_on(self, desk: Desk) -> None:
        person, home, key = desk.person(), desk.dwelling(), str(uuid4())
        body = {**filed(desk, **MOVE, register=about(person, dwelling=home)), "decide": True}
        first = desk.post("/applications", body, Idempotency_Key=key)
        desk.core("record_death", person, registered_on="2026-01-01")
        again = desk.post("/applications", body, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, first.json())
        problem = desk.refused("/applications", {**body, "decide": False}, Idempotency_Key=key)
        assert problem["type"] == "/problems/key-reused"

    def test_a_visit_that_an_earlier_release_recorded_as_two_acts_answers_with_both(self, desk: Desk) -> None:
        body = {**filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling())), "decide": True}
        form, position, command = NewApplication.model_validate(body), desk.registry.position(), uuid4()
        desk.clock.moment = f"{DAY}T14:00"
        cases = Cases(Clerk(desk.registry, CLERK), installation())
        visit = visit_of(form, AsOf(desk.registry, position), position, body["received"], seen_by=OPEN)
        receipt, _ = cases.receive(visit, command=command)
        second = uuid5(command, "decided")
        decision = cases.decide(receipt.entries[0].stream, command=second, acted_on=date.fromisoformat(DAY))
        said = desk.post("/applications", body, Idempotency_Key=str(command))
        assert (said.status_code, said.headers["idempotency-replayed"]) == (200, "true")
        assert (said.json()["status"], said.json()["position"]) == ("granted", receipt.position)
        assert said.json()["decision"]["command"] == str(second)
        assert said.json()["decision"]["facts"] == [entry.position for entry in decision.entries]
        for other in ({**body, "decide": False}, {**body, "register": about(desk.person(), dwelling=desk.dwelling())}):
            problem = desk.refused("/applications", other, Idempotency_Key=str(command))
            assert problem["type"] == "/problems/key-reused"


def updated() -> Any:
    return ParticularsCorrected(changes=(Change(field="surname", was="Вигадана", now="Б"),), basis="паспорт")


class TestDays:
    def test_the_regime_changes_at_midnight(self, desk: Desk) -> None:
        found = []
        for moment, house in (("2021-11-30T23:59", "8"), ("2021-12-01T00:00", "9")):
            said = granted(desk, **MOVE, received=moment, register=about(desk.person(), dwelling=desk.dwelling(house)))
            part = said["decision"]["parts"][0]
            found.append((part["card"]["card"], part["charge"]["due"], part["effective_on"]))
        assert found == [("71-01", 1360, "2021-11-30"), ("1", 3405, "2021-12-01")]

    @pytest.mark.parametrize(("moment", "due_by"), [("2025-03-11T19:59", DAY), ("2025-03-11T20:00", NEXT)])
    def test_the_last_minute_of_office_hours(self, desk: Desk, moment: str, due_by: str) -> None:
        person = desk.person()
        desk.settled(person, desk.dwelling())
        founded(desk.registry)
        said = granted(desk, **LEAVE, channel="diia", received=moment, register=about(person))
        assert said["due_by"] == said["parts"][0]["due_by"] == due_by

    @pytest.mark.parametrize("acted_on", ["2025-03-10", "2199-01-01"])
    def test_an_entry_before_the_receipt_or_after_today(self, desk: Desk, acted_on: str) -> None:
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        where = f"/applications/{desk.act('/applications', body)['application']}/decision"
        for path, said in (
            (where, {}),
            (where + "?dry_run=1", {}),
            ("/applications", {**body, "decide": True}),
            ("/applications?dry_run=1", body),
        ):
            problem = desk.refused(path, {**said, "acted_on": acted_on})
            assert codes(problem) == [("acted-on-impossible", "acted_on")], path

    def test_without_a_moment_it_came_just_now(self, desk: Desk) -> None:
        body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling()))
        del body["received"], body["acted_on"]
        said = desk.act("/applications", {**body, "checks": []})
        assert said["received"] > "2026" and len(said["received"]) == 16

    def test_what_has_not_come_yet(self, desk: Desk) -> None:
        body = {**MOVE, "subject": {"born": BORN}, "register": about(desk.person()), "received": "2199-01-01T10:00"}
        assert codes(desk.refused("/applications", body)) == [("received-in-future", "received")]

    def test_no_card_that_day(self, desk: Desk) -> None:
        body = {"service": "declare_residence", "subject": {"born": BORN}, "register": about(desk.person())}
        for path in ("/applications", "/applications?dry_run=1"):
            problem = desk.refused(path, {**body, "received": "2021-11-30T10:00"})
            assert codes(problem) == [("no-card", "received")]


class TestDryRun:
    def test_stores_nothing_and_equals_the_later_decision(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        desk.settled(person, home)
        body = filed(desk, **MOVE, register=about(person, dwelling=desk.dwelling("9")))
        before = desk.registry.position()
        tried = desk.post("/applications?dry_run=1", body).json()
        assert desk.registry.position() == before and tried["dry_run"] is True
        said = desk.act("/applications", body)
        there = f"/applications/{said['application']}/decision"
        before = desk.registry.position()
        tried_again = desk.post(there + "?dry_run=1", {"acted_on": DAY}).json()
        assert desk.registry.position() == before
        decision = desk.act(there, {"acted_on": DAY})
        part = decision["parts"][0]
        for one in (tried["parts"][0], tried_again["parts"][0]):
            assert (one["outcome"], one["late"], one["effective_on"]) == ("granted", part["late"], part["effective_on"])
            assert one["fee"]["kopiykas"] == part["charge"]["due"]
            assert sorted(two["id"] for two in one["messages"]) == sorted(two["item"] for two in part["follows"])
            assert {whose: [fact["name"] for fact in facts] for whose, facts in one["would_record"].items()} == {
                whose: [fact["name"] for fact in facts] for whose, facts in decision["recorded"].items()
            }
        assert codes(desk.refused(there + "?dry_run=1", {})) == [("application-decided", None)]

    def test_asks_for_confirmation_like_the_decision(self, desk: Desk) -> None:
        person, home, new = desk.person(), desk.dwelling(), desk.dwelling("9")
        body = filed(desk, **MOVE, register=about(person, dwelling=new))
        desk.settled(person, home, "2025-03-11")
        for path in ("/applications?dry_run=1", "/applications"):
            problem = desk.refused(path, {**body, "decide": True}, 409)
            assert problem["type"] == "/problems/confirmation-needed"
        desk.act("/applications", {**body, "decide": True, "confirmed": True})
        assert len(everything(desk, person)) == 1

    def test_the_law_alone_with_what_was_checked(self, desk: Desk) -> None:
        body = {**MOVE, "received": "2016-06-15T10:00", "subject": {"born": BORN}}
        paid = {"check": "payment", "said": {"kopiykas": 85}}
        forbidden = {"check": "encumbrance", "said": {"encumbrance": "forbids_registration"}}
        said = desk.post("/applications?dry_run=1", {**body, "checks": [paid]}).json()
        assert said["fee"]["kopiykas"] == 85 and said["dry_run"] is True
        said = desk.post("/applications?dry_run=1", {**body, "received": VISIT, "checks": [forbidden]}).json()
        assert "encumbrance" in [one["id"] for one in said["grounds"]]


class TestTheRegisterKnows:
    def test_who_was_born_when(self, desk: Desk) -> None:
        body = {**MOVE, "subject": {"born": "1990-05-05"}, "register": about(desk.person(), dwelling=desk.dwelling())}
        assert codes(desk.refused("/applications", body)) == [("differs-from-register", "subject.born")]

    @pytest.mark.parametrize(("settled", "place"), [(True, "other_community"), (False, "this_community")])
    def test_where_somebody_lives(self, desk: Desk, settled: bool, place: str) -> None:
        person, home = desk.person(), desk.dwelling()
        if settled:
            desk.settled(person, home)
        subject = {"born": BORN, "current_residence": {"place": place}}
        problem = desk.refused("/applications", {**MOVE, "subject": subject, "register": about(person, dwelling=home)})
        assert codes(problem) == [("differs-from-register", "subject.current_residence")]

    def test_since_when_somebody_lives_nowhere(self, desk: Desk) -> None:
        person, home = desk.person(), desk.dwelling()
        residence = desk.settled(person, home)
        desk.core("deregister_residence", person, residence=residence, until="2025-01-10", ground="заява")
        said = granted(desk, **MOVE, register=about(person, dwelling=home))
        assert said["parts"][0]["late"] and said["decision"]["parts"][0]["charge"]["due"] == 7570
        tasks = desk.get("/outbox", role="task").json()["waiting"]
        assert [(one["item"], one["role"]) for one in tasks] == [("offence_protocol", "task")]
        assert has_cyrillic(tasks[0]["label_uk"])


def everybody(desk: Desk, case: dict[str, Any], house: str) -> dict[str, Any]:
    """What is to be recorded in a case, of people who live here where it says so."""
    service, subject = case["service"], case["subject"]
    kind = case.get("dwelling", {}).get("kind", "private")
    home, left = (desk.dwelling(number, kind=kind) for number in (house, f"{house}-А"))
    if case.get("parents", {}).get("dwelling_is_parents"):
        desk.settled(desk.person(surname="Вигадана Мати"), home)
    people = [desk.person(birth_date=subject["born"]) for _ in range(case.get("persons", 1))]
    current = subject.get("current_residence") or {"place": "elsewhere"}
    lives_here = service.startswith("deregister") or service in ("amend_record", "issue_extract")
    since = max(subject["born"], "2010-07-15")
    listed: list[dict[str, Any]] = [{"person": person} for person in people]
    if lives_here or current.get("place", "this_community") == "this_community":
        for one in listed:
            one["residence"] = desk.settled(one["person"], left, since)
    elsewhere = {"address": "м. Неіснуюче"}
    if current.get("occupied"):
        code = f"UA14{int(house):03}00000{int(house):07}"
        elsewhere["list_entry"] = listed_entry(desk, code, f"II.{house}", current["occupied"]["end_date"])
    return about(
        *listed,
        dwelling=left if service == "issue_extract" else home,
        elsewhere=elsewhere if current.get("place") == "other_community" else None,
        now={"kind": "registered", "dwelling": home, "since": since} if service == "amend_record" else None,
        reason="описка",
    )


def test_every_case_of_the_sample_is_decided_so_for_good(desk: Desk) -> None:
    founded(desk.registry)
    for number, case in enumerate(CASES, 1):
        body = {
            **came(case),
            **body_of(case),
            "register": everybody(desk, case, str(number)),
            "applicant_name": "Вигадана О. О.",
        }
        said = desk.act("/applications", body)
        where, part, expect = f"/applications/{said['application']}", said["parts"][0], case["expect"]
        for one in part["checks"]:
            paid = {"kopiykas": part["fee"]["kopiykas"] or 0, "payments": body.get("payments")}
            desk.act(where + "/checks", {"check": one["check"], "said": paid if one["check"] == "payment" else {}})
        decision = desk.act(where + "/decision", {"acted_on": said["due_by"], "confirmed": True})["parts"][0]
        found = {
            "decision": decision["outcome"],
            "due_by": said["due_by"],
            "late": decision.get("late"),
            "fee_kopiykas": decision.get("charge", {}).get("due"),
            "effective_on": decision.get("effective_on"),
        }
        asked = [name for name in found if name in expect]
        assert {name: found[name] for name in asked} == {name: expect[name] for name in asked}, case["id"]
        for name in ("grounds", "barred"):
            if name in expect:
                assert {one["id"] for one in decision.get(name, [])} == set(expect[name]), case["id"]
        for role in ("message", "task"):
            if f"{role}s" in expect:
                told = {one["item"] for one in decision.get("follows", []) if one["role"] == role}
                assert told == set(expect[f"{role}s"]), case["id"]
