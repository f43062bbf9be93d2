"""Visits, and looks over HTTP: why somebody looks, what is tied to it; what is not recorded is not shown."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from callers import bearer, key_of
from test_api import API, NOBODY, Desk, desk

from registry import looks, texts
from registry.staff.visits import PURPOSES
from registry.storage import access
from registry.storage.access import LookEntry

__all__ = ["desk"]
OLENA, IVAN, AUDITOR = "olena", "ivan", "auditor"


@pytest.fixture
def keys(desk: Desk) -> dict[str, dict[str, str]]:
    """The headers of two clerks and an auditor."""
    roles = {OLENA: "clerk", IVAN: "clerk", AUDITOR: "auditor"}
    return {name: bearer(key_of(desk.registry, role, name)) for name, role in roles.items()}  # type: ignore[arg-type]


def begun(desk: Desk, key: dict[str, str], purpose: str = "extract") -> str:
    answer = desk.client.post(f"{API}/visits", json={"purpose": purpose}, headers=key)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["visit"])


def latest(desk: Desk) -> LookEntry:
    return access.latest(desk.registry.access, limit=1)[0]


class TestVisits:
    def test_says_why_whoever_names_it_looks_and_ends(self, desk: Desk, keys: Any) -> None:
        person, visit = desk.person(), begun(desk, keys[OLENA])
        named = {**keys[OLENA], "Visit": visit}
        assert desk.client.get(f"{API}/persons/{person}", headers=named).status_code == 200
        look = latest(desk)
        assert (look.by.id, look.persons) == (OLENA, (UUID(person),))
        assert look.about == {"route": "get_person", "visit": visit, "reason": "extract"}
        desk.client.get(f"{API}/persons/{person}", headers={**named, "Access-Reason": "correction"})
        assert latest(desk).about["reason"] == "correction" and latest(desk).about["visit"] == visit
        assert [one.position for one in access.of_visit(desk.registry.access, UUID(visit))] == [
            latest(desk).position,
            look.position,
        ]
        for _ in range(2):
            ended = desk.client.post(f"{API}/visits/{visit}/end", headers=keys[OLENA])
            assert ended.status_code == 200 and ended.json()["ended_at"]
        refused = desk.client.get(f"{API}/persons/{person}", headers=named)
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems/bad-header")

    def test_of_another_clerk_is_refused_as_is_one_that_is_none(self, desk: Desk, keys: Any) -> None:
        person, visit = desk.person(), begun(desk, keys[OLENA])
        before = latest(desk)
        for name in (visit, str(uuid4()), "Таємниця", ""):
            headers = {**{one: said.encode() for one, said in keys[IVAN].items()}, "Visit": name.encode()}
            answer = desk.client.get(f"{API}/persons/{person}", headers=headers)
            assert answer.status_code == 400 and "POST /api/v1/visits" in answer.text and visit not in answer.text
        assert desk.client.post(f"{API}/visits/{visit}/end", headers=keys[IVAN]).status_code == 404
        assert latest(desk) == before
        assert desk.client.get(f"{API}/persons/{person}", headers={**keys[OLENA], "Visit": visit}).status_code == 200

    def test_the_next_one_ends_the_one_before_and_nobody_elses(self, desk: Desk, keys: Any) -> None:
        first, his = begun(desk, keys[OLENA]), begun(desk, keys[IVAN])
        second = begun(desk, keys[OLENA], "correction")
        asks = {
            visit: desk.client.get(f"{API}/streets", headers={**key, "Visit": visit}).status_code
            for visit, key in ((first, keys[OLENA]), (second, keys[OLENA]), (his, keys[IVAN]))
        }
        assert asks == {first: 400, second: 200, his: 200}

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({}, "missing"),
            ({"purpose": "curiosity"}, "value-unknown"),
            ({"purpose": "extract", "office": "x"}, "office-unknown"),
        ],
    )
    def test_bad_ones_are_refused_in_words(self, desk: Desk, keys: Any, body: Any, code: str) -> None:
        answer = desk.client.post(f"{API}/visits", json=body, headers=keys[OLENA])
        assert answer.status_code == 422 and answer.json()["errors"][0]["code"] == code

    def test_a_reason_is_of_the_list(self, desk: Desk, keys: Any) -> None:
        answer = desk.client.get(f"{API}/streets", headers={**keys[OLENA], "Access-Reason": "curiosity"})
        assert answer.status_code == 400 and all(one in answer.text for one in PURPOSES)
        assert "curiosity" not in answer.text


class TestActs:
    def test_are_tied_to_the_visit_by_their_command_once(self, desk: Desk, keys: Any) -> None:
        visit, command = begun(desk, keys[OLENA], "application"), str(uuid4())
        headers = {**keys[OLENA], "Visit": visit, "Idempotency-Key": command}
        said = {"particulars": {"surname": "Вигадана"}, "confirmed": True}
        first = desk.client.post(f"{API}/persons", json=said, headers=headers)
        assert first.status_code == 201 and first.json()["command"] == command
        look = latest(desk)
        assert (look.action, look.about) == (
            "acted",
            {"command": command, "route": "enter_person", "visit": visit, "reason": "application"},
        )
        assert desk.client.post(f"{API}/persons", json=said, headers=headers).status_code == 200
        assert latest(desk) == look
        desk.client.post(f"{API}/persons", json=said, headers={**keys[IVAN], "Idempotency-Key": command})
        assert latest(desk) == look
        refused = desk.client.post(f"{API}/persons", json={"particulars": {}}, headers={**keys[OLENA], "Visit": visit})
        assert refused.status_code == 422 and latest(desk) == look

    def test_outside_of_a_visit_too(self, desk: Desk) -> None:
        made = desk.act("/persons", {"particulars": {"surname": "Вигадана"}, "confirmed": True})
        assert latest(desk).about == {"command": made["command"], "route": "enter_person"}


class TestWhatCannotBeRecorded:
    def test_is_not_shown_and_an_act_is_tied_when_it_is_asked_for_again(
        self, desk: Desk, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(access.SQL, "lock", access.SQL["lock"].replace("5s", "500ms"))
        person = desk.person(surname="Щиглевська")
        said = {"particulars": {"surname": "Горобчик"}, "confirmed": True}
        with psycopg.connect(database_url) as other:
            other.execute("LOCK TABLE access IN EXCLUSIVE MODE")
            started = time.monotonic()
            answers = [desk.client.get(f"{API}/persons/{person}"), desk.client.get(f"/persons/{person}")]
            answers.append(desk.client.post(f"{API}/search/people", json={"q": "Щигл"}))
            assert time.monotonic() - started < 30
            for answer in answers:
                assert answer.status_code == 503 and "Щиглевська" not in answer.text and answer.headers["Retry-After"]
            act = desk.client.post(f"{API}/persons", json=said)
            assert act.status_code == 503 and texts.say("problem_details", "act-not-recorded") in act.text
            assert desk.client.get(f"{API}/services").status_code == 200
        position = desk.registry.position()
        again = desk.client.post(
            f"{API}/persons", json=said, headers={"Idempotency-Key": act.headers["Idempotency-Key"]}
        )
        assert again.status_code == 200 and desk.registry.position() == position
        assert latest(desk).about["command"] == again.json()["command"]

    def test_looking_does_not_wait_for_acts(self, desk: Desk, database_url: str) -> None:
        person = desk.person()
        with psycopg.connect(database_url) as other:
            other.execute("LOCK TABLE facts IN EXCLUSIVE MODE")
            assert desk.client.get(f"{API}/persons/{person}").status_code == 200
        assert latest(desk).persons == (UUID(person),)


class TestManyAtOnce:
    def test_eight_who_search_have_dense_entries_with_whom_they_were_shown(self, desk: Desk) -> None:
        people = [desk.person(surname=f"Вигаданко{number}") for number in range(8)]
        before = latest(desk).position

        def searched(number: int) -> int:
            return desk.client.post(f"{API}/search/people", json={"q": f"Вигаданко{number % 8}"}).status_code

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(searched, range(40))) == {200}
        found = access.entries(desk.registry.access, before)
        assert [one.position for one in found] == list(range(before + 1, before + 41))
        assert sorted(one.persons for one in found) == sorted((UUID(one),) for one in people for _ in range(5))
        assert {(one.action, one.about["line"], *one.about["person_by"]) for one in found} == {
            ("searched", "both", "surname")
        }
        assert "Вигаданко" not in str(found) and access.check(desk.registry.access) == []


class TestWhoSaw:
    def test_is_told_to_the_auditor_whose_asking_is_written_down_too(self, desk: Desk, keys: Any) -> None:
        person = desk.person()
        desk.client.get(f"{API}/persons/{person}", headers=keys[OLENA])
        where = f"{API}/persons/{person}/looks"
        [look] = desk.client.get(where, headers=keys[AUDITOR]).json()["looks"]
        assert (look["by"]["id"], look["action"], look["route"], look["shown"]) == (OLENA, "looked", "get_person", 1)
        assert [one["by"]["id"] for one in desk.client.get(where, headers=keys[AUDITOR]).json()["looks"]] == [
            AUDITOR,
            OLENA,
        ]
        assert desk.client.get(where, headers=keys[OLENA]).status_code == 403
        of_hers = desk.client.get(f"{API}/looks", params={"by": OLENA}, headers=keys[AUDITOR]).json()
        assert [(one["route"], one["persons"]) for one in of_hers["looks"]] == [("get_person", [person])]
        assert latest(desk).about["route"] == "list_looks" and latest(desk).by.id == AUDITOR
        assert desk.client.get(f"{API}/persons/{NOBODY}/looks", headers=keys[AUDITOR]).status_code == 404

    def test_answers_equal_those_of_a_scan_page_by_page(self, desk: Desk, keys: Any) -> None:
        registry, chance = desk.registry, random.Random(7)
        people = [desk.person(surname=f"Вигаданко{number}") for number in range(5)]
        home = desk.dwelling()
        for number, person in enumerate(people[:3]):
            desk.settled(person, home, f"201{number}-01-01")
        for _ in range(40):
            key = keys[chance.choice([OLENA, IVAN])]
            if chance.random() < 0.5:
                desk.client.get(f"{API}/persons/{chance.choice(people)}", headers=key)
            else:
                desk.client.get(f"{API}/dwellings/{home}/residents", headers=key)
        everything = access.entries(registry.access)
        for person in map(UUID, people):
            scanned = [one.position for one in reversed(everything) if person in looks.people_of(registry, one)]
            found: list[int] = []
            while page := looks.of_person(registry, person, limit=3, before=found[-1] if found else None):
                found += [one.position for one in page]
            assert found == scanned
        for by in (OLENA, IVAN, "nobody"):
            scanned = [one.position for one in reversed(everything) if one.by.id == by]
            assert [one.position for one in access.of_actor(registry.access, by, limit=100)] == scanned

    def test_a_question_that_shows_many_is_stored_and_asked_again(
        self, desk: Desk, keys: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        people, home, other = (
            [desk.person(surname=f"Вигаданко{n}") for n in range(4)],
            desk.dwelling(),
            desk.dwelling("8"),
        )
        for person in people[:3]:
            desk.settled(person, home, "2010-01-01")
        monkeypatch.setattr(looks, "LISTED", 2)
        desk.client.get(f"{API}/dwellings/{home}/residents", params={"on": "2020-01-01"}, headers=keys[OLENA])
        stored = latest(desk)
        assert (stored.persons, stored.about["count"], stored.about["query"]["name"]) == ((), 3, "occupancy")
        desk.client.get(f"{API}/dwellings/{home}/residents", params={"from": "2000-01-01"}, headers=keys[OLENA])
        assert latest(desk).about["query"]["from"] == "2000-01-01" and latest(desk).about["on"] is None
        desk.client.get(f"{API}/moved", params={"least": 1}, headers=keys[AUDITOR])
        moved = latest(desk)
        assert moved.about["query"] == {"name": "moved", "least": 1, "first": 100, "community": None}
        desk.settled(people[0], other, "2021-01-01")
        assert (
            looks.people_of(desk.registry, stored)
            == looks.people_of(desk.registry, moved)
            == set(map(UUID, people[:3]))
        )
        assert [one.position for one in looks.of_person(desk.registry, UUID(people[0]))][-1] == stored.position
        assert not looks.of_person(desk.registry, UUID(people[3])) and looks.faults(desk.registry) == []
