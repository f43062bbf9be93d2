"""The second person (semantics 11): corrections and annulments wait for another actor, on a real database.

Two servers on one register: the clerk's, who asks, and that of the head of office, who approves.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from given import application, entries, installation
from starlette.testclient import TestClient
from test_api import NOBODY, Desk, codes, has_cyrillic

from api.main import create_app
from registry import acts
from registry.acts import Beside, ToApprove, requested_facts
from registry.aggregates.case import second_person
from registry.aggregates.case.events import (
    ApplicationGranted,
    ChangeApproved,
    ChangeRejected,
    ChangeRequested,
    Charge,
    CheckAnswered,
)
from registry.aggregates.case.state import NO_CASE, fold
from registry.aggregates.person.events import DeathAnnulled
from registry.aggregates.person.requests import ChangeParticulars
from registry.aggregates.values import Actor, Impossible
from registry.app import LostRace, Registry
from registry.opening import opened
from replay.compare import verify

HEAD, DEPUTY = Actor("head", "Керівник Вигадана Г. Г."), Actor("deputy", "Заступниця Вигадана Д. Д.")


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        yield registry


@pytest.fixture
def desk_of(registry: Registry, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """A server of an actor on the register."""
    with ExitStack() as stack:

        def made(actor: str, name: str = "Хтось", **said: Any) -> Desk:
            settings = installation(data=tmp_path, actor_id=actor, actor_name=name, **said)
            return Desk(stack.enter_context(TestClient(create_app(registry, settings))), registry)

        yield made


@pytest.fixture
def clerk(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of("clerk-1", "Реєстратор Вигадана О. О.")


@pytest.fixture
def head(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of(HEAD.id, HEAD.name)


class Life:
    """Somebody who lived in A, then in B, which was renumbered to C; was deregistered there, and died."""

    def __init__(self, desk: Desk):
        self.desk = desk
        self.a, self.b, self.c = (desk.dwelling(house) for house in ("7", "9", "11"))
        self.person = desk.person()
        self.where = f"/persons/{self.person}"
        self.first = desk.settled(self.person, self.a, "2010-07-15")
        desk.settled(self.person, self.b, "2015-01-01")
        desk.act(f"/dwellings/{self.b}/readdressing", {"successor": self.c, "since": "2018-01-01", "reason": "поділ"})
        self.carried = desk.residences(self.person)[0]["residence_id"]
        end = {"residence": self.carried, "until": "2020-01-01", "ground": "заява"}
        desk.core("deregister_residence", self.person, **end)
        desk.core("record_death", self.person, registered_on="2021-02-03")

    def asked(self, name: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """The address, the body and another body of the act that makes a fact."""
        first, carried = f"/residences/{self.first}", f"/residences/{self.carried}"
        said = {"basis": "рішення суду"}
        path, body = {
            "residence-corrected": (first + "/correction", {"since": "2010-07-16", "reason": "описка"}),
            "residence-annulled": (first + "/annulment", {**said, "revives": True}),
            "carry-over-annulled": (carried + "/carry-over-annulment", said),
            "deregistration-annulled": ("/deregistration-annulment", {**said, "residence": self.carried}),
            "death-annulled": ("/death-annulment", said),
            "particulars-corrected": ("/particulars-correction", {**said, "changes": {"birth_date": "1990-05-03"}}),
            "entry-withdrawn": ("/withdrawal", {"reason": "внесено двічі"}),
        }[name]
        word = "reason" if "reason" in body else "basis"
        return self.where + path, body, {**body, word: "інше"}

    def shown(self) -> list[Any]:
        """Everything that a reader sees of the person: particulars, history, rows, residents, an extract."""
        get = self.desk.get
        seen = [
            get(self.where).json(),
            get(self.where + "/facts").json(),
            self.desk.residences(self.person, until="2030-01-01"),
        ]
        seen += [
            get(f"/dwellings/{home}/residents", until="2030-01-01").json()["answer"]
            for home in (self.a, self.b, self.c)
        ]
        asked = {"basis": "official_request", "notice": {"sender": "Вигадівський суд", "dated": "2020-01-09"}}
        return [*seen, self.desk.act(self.where + "/extracts", asked)["residences"]]


@pytest.fixture
def life(clerk: Desk) -> Life:
    return Life(clerk)


FOR_TWO = (
    *("residence-corrected", "residence-annulled", "carry-over-annulled"),
    *("deregistration-annulled", "death-annulled", "particulars-corrected", "entry-withdrawn"),
)


def request(desk: Desk, path: str, body: dict[str, Any]) -> str:
    """Asks for a change; the application on which it waits."""
    answer = desk.post(path, body)
    assert answer.status_code == 202, answer.text
    return answer.json()["application"]


def waiting(desk: Desk) -> list[str]:
    return [one["application"] for one in desk.get("/changes").json()["changes"]]


def of(id: str, word: str = "approval") -> str:
    return f"/applications/{id}/{word}"


class TestEachAct:
    @pytest.mark.parametrize("name", FOR_TWO)
    def test_waits_and_changes_nothing_and_is_then_recorded_exactly(
        self, registry: Registry, clerk: Desk, head: Desk, life: Life, name: str
    ) -> None:
        path, body, other = life.asked(name)
        before, key = life.shown(), str(uuid4())
        position = registry.position()
        asked = clerk.post(path, body, Idempotency_Key=key)
        said = asked.json()
        assert asked.status_code == 202 and asked.headers["etag"] == '"1"'
        assert asked.headers["location"] == f"/api/v1/applications/{said['application']}"
        assert (said["status"], said["asked_for"], said["person"]) == ("awaiting-approval", name, life.person)
        assert (said["version"], said["position"], said["command"]) == (1, position + 1, key)
        assert registry.position() == position + 1 and "recorded_at" in said and "facts" not in said
        assert life.shown() == before

        again = clerk.post(path, body, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, said)
        assert again.headers["idempotency-replayed"] == "true"
        assert clerk.refused(path, other, Idempotency_Key=key)["type"] == "/problems/key-reused"

        (change,) = head.get("/changes").json()["changes"]
        version = before[0]["version"]
        assert (change["application"], change["person"]) == (said["application"], life.person)
        assert (change["after"], change["asked_for"], change["recorded_at"]) == (version, name, said["recorded_at"])
        assert change["asked_by"] == {"id": "clerk-1", "name": "Реєстратор Вигадана О. О."}
        assert has_cyrillic(change["label_uk"])

        assert codes(clerk.refused(of(said["application"]), {})) == [("same-person", None)]
        approved = head.post(of(said["application"]), Idempotency_Key=(word := str(uuid4())))
        done = approved.json()
        assert approved.status_code == 201 and approved.headers["etag"] == f'"{version + 1}"'
        assert approved.headers["location"] == f"/api/v1/persons/{life.person}"
        assert (done["person"], done["version"], done["application"]) == (life.person, version + 1, said["application"])
        assert done["facts"] == [registry.position() - 1, registry.position()]
        assert ("residence" in done) is ("residence" in change["facts"][0]["body"])
        history = clerk.get(life.where + "/facts").json()["facts"]
        known = len(before[1]["facts"])
        assert history[:known] == before[1]["facts"]
        recorded, wanted = (
            [(one["name"], one["body"]) for one in facts] for facts in (history[known:], change["facts"])
        )
        assert recorded == wanted and [fact for fact, _ in wanted] == [name]
        assert history[-1]["by"] == {"id": HEAD.id, "name": HEAD.name}
        assert registry.application(UUID(said["application"])).status == "approved"
        assert waiting(head) == []

        repeated = head.post(of(said["application"]), Idempotency_Key=word)
        assert (repeated.status_code, repeated.json()) == (200, done)
        assert repeated.headers["idempotency-replayed"] == "true"
        asked_again = clerk.post(path, body, Idempotency_Key=key)
        assert (asked_again.status_code, asked_again.json()) == (200, said)
        assert verify(registry).differences == []

    @pytest.mark.parametrize("name", FOR_TWO)
    def test_is_recorded_at_once_where_no_second_person_is_asked(
        self, desk_of: Callable[..., Desk], life: Life, name: str
    ) -> None:
        alone = desk_of("clerk-1", second_person=False)
        path, body, _ = life.asked(name)
        answer = alone.post(path, body)
        assert answer.status_code == 201 and answer.json()["person"] == life.person
        assert alone.get(life.where + "/facts").json()["facts"][-1]["name"] == name
        assert waiting(alone) == []

    def test_has_the_same_faults_and_confirmations(self, clerk: Desk, life: Life) -> None:
        correction = f"{life.where}/residences/{life.first}/correction"
        assert codes(clerk.refused(correction, {"since": "2010-07-16"})) == [("reason-missing", "reason")]
        assert codes(clerk.refused(life.where + "/withdrawal", {})) == [("reason-missing", "reason")]
        lost = {"since": "2015-01-01", "reason": "описка"}
        assert codes(clerk.refused(correction, lost, 409)) == [("would-supersede", None)]
        assert clerk.post(correction, {**lost, "confirmed": True}).status_code == 202
        clerk.refused(correction, {"since": "2010-07-16", "reason": "описка"}, 412, If_Match='"1"')

    def test_loses_to_what_is_recorded_while_it_is_asked_for(
        self, registry: Registry, clerk: Desk, life: Life, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = acts.Clerk.request_change

        def outrun(clerk: acts.Clerk, change: ToApprove, **how: Any) -> Any:
            monkeypatch.setattr(acts.Clerk, "request_change", asked)
            touch(registry, change.person)
            return clerk.request_change(change, **how)

        monkeypatch.setattr(acts.Clerk, "request_change", outrun)
        path, body, _ = life.asked("death-annulled")
        answer = clerk.post(path, body)
        assert answer.status_code == 409 and DEPUTY.name in answer.json()["detail"]
        assert waiting(clerk) == []


def touch(registry: Registry, person: UUID | str) -> None:
    """Somebody records something about the person."""
    changes = {"phone": uuid4().hex[:12]}
    asked = ChangeParticulars(person=UUID(str(person)), corrects=True, changes=changes, basis="паспорт")
    Clerk(registry, DEPUTY).act(asked, command=uuid4())


class TestOutdated:
    def test_by_any_later_fact_of_the_person_and_can_then_only_be_rejected(
        self, registry: Registry, clerk: Desk, head: Desk, life: Life
    ) -> None:
        path, body, _ = life.asked("death-annulled")
        change = request(clerk, path, body)
        touch(registry, life.person)
        before = registry.entries(UUID(life.person))
        problem = head.refused(of(change), {}, 409)
        assert problem["type"] == "/problems/record-changed"
        assert DEPUTY.name in problem["detail"] and "відхилити" in problem["detail"]
        with pytest.raises(LostRace) as lost:
            Clerk(registry, HEAD).approve(UUID(change), command=uuid4())
        assert [(one.stream, one.by) for one in lost.value.raced] == [(UUID(life.person), DEPUTY.name)]
        assert registry.entries(UUID(life.person)) == before and waiting(head) == [change]
        head.refused(of(change), {}, 409, If_Match='"1"')
        head.act(of(change, "rejection"), {"reason": "запис змінився"})
        assert waiting(head) == []
        assert head.act(of(request(clerk, path, body)))["version"] == before[-1].version + 1
        assert verify(registry).differences == []

    def test_by_another_change_of_the_same_person(self, clerk: Desk, head: Desk, life: Life) -> None:
        one, other = (request(clerk, *life.asked(name)[:2]) for name in ("death-annulled", "residence-corrected"))
        assert waiting(head) == [one, other]
        head.act(of(other))
        head.refused(of(one), {}, 409)
        assert waiting(head) == [one]

    def test_by_a_renumbering_of_the_dwelling_that_they_come_back_to(
        self, registry: Registry, clerk: Desk, head: Desk
    ) -> None:
        person, home, new = clerk.person(), clerk.dwelling("1"), clerk.dwelling("2")
        residence = clerk.settled(person, home)
        clerk.core("deregister_residence", person, residence=residence, until="2015-01-01")
        change = request(clerk, f"/persons/{person}/deregistration-annulment", {"basis": "суд"})
        clerk.act(f"/dwellings/{home}/readdressing", {"successor": new, "since": "2020-01-01", "reason": "поділ"})
        head.refused(of(change), {}, 409)
        with pytest.raises(LostRace) as lost:
            Clerk(registry, HEAD).approve(UUID(change), command=uuid4())
        assert [one.stream for one in lost.value.raced] == [UUID(home)]
        assert waiting(head) == [change] and clerk.residences(person) == []

    def test_by_a_renumbering_of_the_dwelling_that_they_are_corrected_into(self, clerk: Desk, head: Desk) -> None:
        person, home, right, new = clerk.person(), *(clerk.dwelling(house) for house in ("1", "2", "3"))
        residence = clerk.settled(person, home)
        body = {"dwelling": right, "reason": "описка"}
        change = request(clerk, f"/persons/{person}/residences/{residence}/correction", body)
        clerk.act(f"/dwellings/{right}/readdressing", {"successor": new, "since": "2020-01-01", "reason": "поділ"})
        head.refused(of(change), {}, 409)
        assert clerk.residences(person)[0]["dwelling_id"] == home

    def test_a_renumbering_after_it_carries_them_over(self, registry: Registry, clerk: Desk, head: Desk) -> None:
        person, home, right, new = clerk.person(), *(clerk.dwelling(house) for house in ("1", "2", "3"))
        residence = clerk.settled(person, home)
        body = {"dwelling": right, "reason": "описка"}
        head.act(of(request(clerk, f"/persons/{person}/residences/{residence}/correction", body)))
        clerk.act(f"/dwellings/{right}/readdressing", {"successor": new, "since": "2020-01-01", "reason": "поділ"})
        assert clerk.residences(person)[0]["dwelling_id"] == new
        assert verify(registry).differences == []


class TestTheWord:
    @pytest.fixture
    def change(self, clerk: Desk, life: Life) -> str:
        return request(clerk, *life.asked("death-annulled")[:2])

    def test_a_rejection_needs_a_reason_and_records_only_itself(
        self, registry: Registry, head: Desk, life: Life, change: str
    ) -> None:
        assert codes(head.refused(of(change, "rejection"), {"reason": " "})) == [("reason-missing", "reason")]
        before, key = registry.entries(UUID(life.person)), str(uuid4())
        said = head.act(of(change, "rejection"), {"reason": "немає рішення суду"}, Idempotency_Key=key)
        assert (said["application"], said["version"], len(said["facts"])) == (change, 2, 1)
        again = head.post(of(change, "rejection"), {"reason": "немає рішення суду"}, Idempotency_Key=key)
        assert (again.status_code, again.json()) == (200, said)
        other = head.refused(of(change, "rejection"), {"reason": "інша"}, Idempotency_Key=key)
        assert other["type"] == "/problems/key-reused"
        assert registry.entries(UUID(life.person)) == before
        assert registry.application(UUID(change)).status == "rejected"
        assert verify(registry).differences == []

    def test_who_asked_may_take_it_back_and_ask_again(self, clerk: Desk, head: Desk, life: Life, change: str) -> None:
        clerk.act(of(change, "rejection"), {"reason": "помилково запитано"})
        again = request(clerk, *life.asked("death-annulled")[:2])
        assert again != change and waiting(head) == [again]
        head.act(of(again))

    def test_is_given_once(self, clerk: Desk, head: Desk, life: Life, change: str) -> None:
        head.act(of(change))
        for word, body in (("approval", {}), ("rejection", {"reason": "пізно"})):
            assert codes(head.refused(of(change, word), body)) == [("no-change-waiting", None)]
        rejected = request(clerk, *life.asked("residence-corrected")[:2])
        head.act(of(rejected, "rejection"), {"reason": "ні"})
        for word, body in (("approval", {}), ("rejection", {"reason": "ні"})):
            assert codes(head.refused(of(rejected, word), body)) == [("no-change-waiting", None)]

    def test_of_a_version_that_was_seen(self, head: Desk, change: str) -> None:
        head.refused(of(change), {}, 412, If_Match='"2"')
        head.refused(of(change, "rejection"), {"reason": "ні"}, 412, If_Match='"2"')
        head.act(of(change), If_Match='"1"')

    def test_an_actor_is_known_by_the_id(self, desk_of: Callable[..., Desk], change: str) -> None:
        same, alone = desk_of("clerk-1", "Зовсім Інша"), desk_of("deputy", second_person=False)
        assert codes(same.refused(of(change), {})) == [("same-person", None)]
        alone.act(of(change))

    @pytest.mark.parametrize("id", [NOBODY, "к-404", "%00"])
    def test_on_nothing_is_not_found(self, head: Desk, change: str, id: str) -> None:
        for word in ("approval", "rejection"):
            problem = head.refused(of(id, word), {"reason": "ні"}, 404)
            assert problem["type"] == "/problems/not-found" and "заяви" in problem["detail"]

    def test_on_a_person_is_not_found(self, head: Desk, life: Life) -> None:
        head.refused(of(life.person), {}, 404)

    def test_a_key_belongs_to_one_act(self, clerk: Desk, head: Desk, life: Life) -> None:
        path, body, _ = life.asked("death-annulled")
        asked, word = str(uuid4()), str(uuid4())
        change = clerk.post(path, body, Idempotency_Key=asked).json()["application"]
        reused = [head.refused(of(change), {}, Idempotency_Key=asked)]
        head.act(of(change), Idempotency_Key=word)
        reused += [clerk.refused(path, body, Idempotency_Key=word)]
        reused += [head.refused(of(change, "rejection"), {"reason": "ні"}, Idempotency_Key=word)]
        reused += [head.refused(of(NOBODY), {}, Idempotency_Key=word)]
        reused += [clerk.refused(f"/persons/{clerk.person()}/death-annulment", body, Idempotency_Key=asked)]
        reused += [clerk.refused(life.where + "/withdrawal", {"reason": "x"}, Idempotency_Key=asked)]
        assert {one["type"] for one in reused} == {"/problems/key-reused"}

    @pytest.mark.parametrize("words", [("approval", "approval"), ("approval", "rejection")])
    def test_of_two_at_the_same_time_one_wins(
        self,
        registry: Registry,
        desk_of: Callable[..., Desk],
        life: Life,
        change: str,
        words: tuple[str, str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        before, position = registry.entries(UUID(life.person)), registry.position()
        decided, append = threading.Barrier(2), Registry.append

        def together(*said: Any, **how: Any) -> Any:
            decided.wait(30)
            return append(*said, **how)

        monkeypatch.setattr(Registry, "append", together)
        heads = [desk_of(actor.id, actor.name) for actor in (HEAD, DEPUTY)]
        with ThreadPoolExecutor(2) as pool:
            jobs = [
                pool.submit(one.post, of(change, word), {"reason": "ні"})
                for one, word in zip(heads, words, strict=True)
            ]
            answers = [job.result() for job in jobs]
        assert sorted(one.status_code for one in answers) == [201, 409]
        word = words[[one.status_code for one in answers].index(201)]
        assert registry.application(UUID(change)).status == {"approval": "approved", "rejection": "rejected"}[word]
        recorded = registry.entries(UUID(life.person))[len(before) :]
        assert [one.fact.NAME for one in recorded] == ["death-annulled"] * (word == "approval")
        assert registry.position() == position + 1 + len(recorded)
        assert verify(registry).differences == []


class TestTheList:
    def test_is_oldest_first_and_limited(self, clerk: Desk, head: Desk, life: Life) -> None:
        assert head.get("/changes").json() == {"changes": []}
        asked = [request(clerk, *life.asked(name)[:2]) for name in FOR_TWO]
        assert waiting(head) == asked
        assert [one["asked_for"] for one in head.get("/changes", limit=2).json()["changes"]] == list(FOR_TWO[:2])
        for limit in ("0", "501", "x"):
            answer = head.get("/changes", limit=limit)
            assert answer.status_code == 422 and has_cyrillic(answer.json()["detail"])


class TestOnAnApplication:
    """A change asked for on the stream of an application that was received, and what its approval decides there."""

    @pytest.fixture
    def received(self, registry: Registry, life: Life) -> UUID:
        id = uuid4()
        registry.append([(id, [application(UUID(life.person))], 0)], by=DEPUTY, command=uuid4())
        return id

    def ask(self, registry: Registry, life: Life, received: UUID, after: int, basis: str = "тезка", **how: Any) -> Any:
        person = UUID(life.person)
        state = registry.person(person)
        fact = DeathAnnulled(takes_back=state.death.version, basis=basis)
        answer = CheckAnswered(part=1, check="payment", said={"kopiykas": 0}, source="clerk")
        return Clerk(registry, DEPUTY).request_change(
            ToApprove(person=person, lines=[(person, [fact], state.version)], asked_for=fact.NAME),
            application=received,
            application_version=after,
            **{"command": uuid4(), "more_facts": [answer], **how},
        )

    def test_is_granted_in_the_act_that_approves(
        self, registry: Registry, head: Desk, life: Life, received: UUID
    ) -> None:
        act = self.ask(registry, life, received, 1)
        assert [(one.stream, one.fact.NAME) for one in act.entries] == [
            (received, "check-answered"),
            (received, "change-requested"),
        ]
        (change,) = head.get("/changes").json()["changes"]
        assert (change["application"], change["version"]) == (str(received), 3)

        def outcome(state: Any) -> Beside:
            assert state.awaiting and state.answers
            charge = Charge(due=0, rule="без збору", reference="картка 6")
            said = {"card": "card_6", "decided_on": "2026-01-12", "effective_on": "2026-01-12", "late": False}
            return Beside(facts=[ApplicationGranted(part=1, charge=charge, **said)])

        done = Clerk(registry, HEAD).approve(received, command=uuid4(), outcome=outcome)
        assert [one.fact.NAME for one in done.entries] == ["change-approved", "application-granted", "death-annulled"]
        assert registry.application(received).status == "granted"
        assert registry.person(UUID(life.person)).death is None
        assert verify(registry).differences == []

    def test_may_be_asked_for_again_after_a_rejection(
        self, registry: Registry, head: Desk, life: Life, received: UUID
    ) -> None:
        self.ask(registry, life, received, 1)
        with pytest.raises(LostRace):
            self.ask(registry, life, received, 1)
        assert head.act(of(str(received), "rejection"), {"reason": "ні"})["version"] == 4
        assert registry.application(received).status == "received"
        self.ask(registry, life, received, 4, basis="рішення суду")
        (change,) = head.get("/changes").json()["changes"]
        assert (change["application"], change["version"]) == (str(received), 6)
        assert change["facts"][0]["body"]["basis"] == "рішення суду"
        Clerk(registry, HEAD).approve(received, command=uuid4())
        assert waiting(head) == [] and registry.person(UUID(life.person)).death is None

    def test_is_another_act_than_the_one_that_asks_without_an_application(
        self, registry: Registry, clerk: Desk, life: Life, received: UUID
    ) -> None:
        self.ask(registry, life, received, 1, command=(key := uuid4()), more_facts=())
        problem = clerk.refused(life.where + "/death-annulment", {"basis": "тезка"}, Idempotency_Key=str(key))
        assert problem["type"] == "/problems/key-reused"


CHANGE = ChangeRequested(person=UUID(int=7), asked_for="death-annulled", after=3, facts=())
ASKED = fold(entries([CHANGE]))


class TestJudging:
    """The pure decisions."""

    def test_another_approves(self) -> None:
        assert second_person.approve(ASKED, HEAD) == [ChangeApproved(person=CHANGE.person)]

    def test_anybody_rejects_with_a_reason(self) -> None:
        assert second_person.reject(ASKED, reason="ні") == [ChangeRejected(person=CHANGE.person, reason="ні")]

    @pytest.mark.parametrize(
        ("decide", "wanted"),
        [
            (lambda: second_person.approve(NO_CASE, HEAD), ["application-unknown"]),
            (lambda: second_person.approve(ASKED, Actor(ASKED.asked_by.id, "Інше ім’я")), ["same-person"]),
            (lambda: second_person.approve(told(ChangeApproved(person=CHANGE.person)), HEAD), ["no-change-waiting"]),
            (
                lambda: second_person.approve(told(ChangeRejected(person=CHANGE.person, reason="x")), HEAD),
                ["no-change-waiting"],
            ),
            (lambda: second_person.approve(fold(entries([application()])), HEAD), ["no-change-waiting"]),
            (lambda: second_person.reject(NO_CASE, reason=None), ["application-unknown", "reason-missing"]),
            (lambda: second_person.reject(ASKED, reason=""), ["reason-missing"]),
            (
                lambda: second_person.reject(told(ChangeApproved(person=CHANGE.person)), reason="x"),
                ["no-change-waiting"],
            ),
        ],
    )
    def test_what_stands_in_the_way(self, decide: Callable[[], Any], wanted: list[str]) -> None:
        with pytest.raises(Impossible) as refused:
            decide()
        at = {"reason-missing": "reason"}
        assert [(fault.code, fault.field) for fault in refused.value.faults] == [
            (code, at.get(code)) for code in wanted
        ]

    def test_a_change_is_read_as_it_was_written(self, registry: Registry) -> None:
        fact = DeathAnnulled(takes_back=3, basis="тезка")
        person = uuid4()
        clerk = Clerk(registry, DEPUTY)
        change = ToApprove(person=person, lines=[(person, [fact], 0)], asked_for=fact.NAME)
        act = clerk.request_change(change, command=uuid4())
        stored = registry.entries(act.entries[0].stream)[0].fact
        assert stored == act.entries[0].fact and requested_facts(stored) == {person: [fact]}


def told(word: Any) -> Any:
    return fold(entries([CHANGE, word]))
