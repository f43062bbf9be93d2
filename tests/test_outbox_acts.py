"""What goes out is sent, done, failed or taken back over HTTP, and stays so: facts, pages, journal, `verify`."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from conftest import _database
from filing import BORN, DAY, MOVE, NEXT, about, granted, listed
from given import CLERK, application, uid, waiting
from test_api import NOBODY, SECRET, Desk, codes, desk
from test_outbox import TASK, TOLD, decided

from registry import journal
from registry.aggregates.outgoing.events import HOW, OutgoingDone, OutgoingSent, item_id
from registry.aggregates.outgoing.state import LEADS_TO, STATES
from registry.opening import opened
from registry.texts import TEXTS
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["desk"]

AFAR = {"address": "м. Вигадинськ, вул. Далека, буд. 3", "katottg": "UA12020010010037010", "since": "2020-05-01"}
LISTED = "UA12060170010065850"
LEFT = {"place": "other_community", "electronic_exchange": False}


@pytest.fixture
def another(server: Any) -> Iterator[Any]:
    """A register without a fact."""
    for url in _database(server, template="hromada"):
        with opened(url) as register:
            yield register


def moved(desk: Desk, house: str = "7", **more: Any) -> dict[str, Any]:
    """Somebody who came from another community: ДМС, the previous body and the applicant are told."""
    subject = {"born": BORN, "current_residence": LEFT}
    register = about(desk.person(), dwelling=desk.dwelling(house), elsewhere=AFAR)
    return granted(desk, **MOVE, subject=subject, register=register, **more)


def page(desk: Desk, **asked: Any) -> list[dict[str, Any]]:
    return desk.get("/outbox", **asked).json()["waiting"]


def pages(desk: Desk, **asked: Any) -> Iterator[list[dict[str, Any]]]:
    """Every page, one after the other."""
    after: str | None = "0"
    while after:
        said = desk.get("/outbox", after=after, **asked).json()
        after = said["next"]
        yield said["waiting"]


def item(desk: Desk, name: str) -> dict[str, Any]:
    [found] = [one for one in page(desk) if one["item"] == name]
    return found


def one(desk: Desk, id: str) -> dict[str, Any]:
    return desk.get(f"/outbox/{id}").json()


def act(desk: Desk, id: str, name: str, body: Any = None, **headers: str) -> dict[str, Any]:
    return desk.act(f"/outbox/{id}/{name}", body, **headers)


def faults(problem: dict[str, Any]) -> list[str]:
    return [code for code, _ in codes(problem)]


class TestSent:
    def test_a_letter_is_posted_and_later_found_to_be_received(self, desk: Desk) -> None:
        said = moved(desk)
        letter = item(desk, "previous_office_paper")
        made = act(
            desk,
            letter["id"],
            "sent",
            {"on": DAY, "how": "post", "number": "вих. 17", "handed_to": "відділення пошти", "note": "рекомендований"},
        )
        assert (made["outgoing"], made["version"], made["state"]) == (letter["id"], 1, "sent")
        sent = one(desk, letter["id"])
        assert (sent["state"], sent["state_uk"], sent["sent_at"]) == ("sent", "надіслано", made["recorded_at"])
        assert (sent["last"]["on"], sent["last"]["how_uk"], sent["last"]["number"]) == (DAY, "поштою", "вих. 17")
        assert sent["last"]["by"]["name"]
        assert letter["id"] not in [each["id"] for each in page(desk)]
        assert [each["id"] for each in page(desk, state="sent")] == [letter["id"]]
        act(desk, letter["id"], "done", {"on": NEXT, "outcome": "вручено", "handed_to": "Вигадана С. С."})
        received = one(desk, letter["id"])
        assert [each["name"] for each in received["history"]] == ["outgoing-sent", "outgoing-done"]
        assert (received["state"], page(desk, state="sent")) == ("done", [])
        follows = desk.get(f"/applications/{said['application']}").json()["follows"]
        assert {each["item"]: each["state"] for each in follows} == {
            "dms": "waiting",
            "previous_office_paper": "done",
            "applicant_sms": "waiting",
        }

    def test_a_letter_that_comes_back_waits_and_is_sent_again(self, desk: Desk) -> None:
        moved(desk)
        id = item(desk, "previous_office_paper")["id"]
        act(desk, id, "sent", {"how": "post"})
        act(desk, id, "failed", {"how": "post", "reason": "адресат вибув"})
        assert (item(desk, "previous_office_paper")["state"], page(desk, state="failed")[0]["id"]) == ("failed", id)
        assert one(desk, id)["sent_at"] is None
        act(desk, id, "sent", {"how": "electronic"})
        assert [each["name"] for each in one(desk, id)["history"]] == [
            *("outgoing-sent", "outgoing-failed", "outgoing-sent"),
        ]
        assert one(desk, id)["state"] == "sent" and verify(desk.registry).differences == []

    def test_nothing_about_the_person_or_the_case_moves(self, desk: Desk) -> None:
        said = moved(desk)
        person = item(desk, "dms")["person"]
        before = [desk.registry.person(UUID(person)), desk.registry.application(UUID(said["application"]))]
        for each in page(desk):
            act(desk, each["id"], "done", {"outcome": "надіслано"})
        after = [desk.registry.person(UUID(person)), desk.registry.application(UUID(said["application"]))]
        assert before == after and page(desk) == [] and verify(desk.registry).differences == []


class TestTakenBack:
    def test_a_wrong_mark_is_taken_back_with_a_reason_and_stays_in_the_history(self, desk: Desk) -> None:
        moved(desk)
        id = item(desk, "dms")["id"]
        act(desk, id, "done", {"outcome": "передано"})
        assert faults(desk.refused(f"/outbox/{id}/reopened", {})) == ["reason-missing"]
        act(desk, id, "reopened", {"reason": "позначено не те"})
        assert item(desk, "dms")["state"] == "waiting"
        assert [each["name"] for each in one(desk, id)["history"]] == ["outgoing-done", "outgoing-reopened"]
        assert one(desk, id)["history"][0]["outcome"] == "передано"

    def test_what_waits_has_nothing_to_take_back(self, desk: Desk) -> None:
        moved(desk)
        id = item(desk, "dms")["id"]
        assert faults(desk.refused(f"/outbox/{id}/reopened", {"reason": "помилка"})) == ["outgoing-waits-already"]

    def test_what_is_done_stays_done_until_it_is_taken_back(self, desk: Desk) -> None:
        moved(desk)
        id = item(desk, "dms")["id"]
        act(desk, id, "sent", {"how": "electronic"})
        assert faults(desk.refused(f"/outbox/{id}/sent", {"how": "electronic"})) == ["outgoing-sent-already"]
        act(desk, id, "done")
        for name, body in (("sent", {"how": "post"}), ("done", {}), ("failed", {"reason": "ні"})):
            assert faults(desk.refused(f"/outbox/{id}/{name}", body)) == ["outgoing-done-already"]


class TestAct:
    def test_a_repeated_key_answers_as_before_and_another_request_with_it_is_refused(self, desk: Desk) -> None:
        moved(desk)
        id, key = item(desk, "dms")["id"], str(uuid4())
        first = act(desk, id, "sent", {"how": "electronic"}, Idempotency_Key=key)
        again = desk.post(f"/outbox/{id}/sent", {"how": "electronic"}, Idempotency_Key=key)
        assert (again.status_code, again.json()["position"]) == (200, first["position"])
        desk.refused(f"/outbox/{id}/sent", {"how": "post"}, Idempotency_Key=key)
        assert one(desk, id)["version"] == 1

    def test_on_another_version_than_was_seen(self, desk: Desk) -> None:
        moved(desk)
        id = item(desk, "dms")["id"]
        act(desk, id, "sent", {"how": "electronic"})
        assert desk.get(f"/outbox/{id}").headers["ETag"] == '"1"'
        act(desk, id, "failed", {"reason": "не відповідає"}, If_Match='"1"')
        desk.refused(f"/outbox/{id}/done", {}, status=412, If_Match='"1"')

    def test_of_two_at_the_same_time_one_wins(self, desk: Desk) -> None:
        moved(desk)
        id = item(desk, "dms")["id"]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda how: desk.post(f"/outbox/{id}/sent", {"how": how}), ("post", "electronic")))
        won, lost = sorted(answer.status_code for answer in answers)
        assert won == 201 and lost in (409, 422) and one(desk, id)["version"] == 1

    def test_several_of_one_delivery_all_or_none(self, desk: Desk) -> None:
        moved(desk), moved(desk, "9")
        ids = [each["id"] for each in page(desk, item="dms")]
        before = desk.registry.position()
        said = desk.act("/outbox/sent", {"items": ids, "how": "electronic", "number": "реєстр 5"})
        assert [(each["outgoing"], each["state"]) for each in said["items"]] == [(id, "sent") for id in ids]
        assert desk.registry.position() == before + 2 and page(desk, item="dms") == []
        letter = item_of(desk, "previous_office_paper")
        assert faults(desk.refused("/outbox/sent", {"items": [letter, ids[0]], "how": "post"})) == [
            "outgoing-sent-already"
        ]
        assert one(desk, letter)["state"] == "waiting"
        desk.act("/outbox/done", {"items": ids, "outcome": "отримано"})
        assert [each["id"] for each in page(desk, state="done")] == ids

    @pytest.mark.parametrize(
        ("name", "body", "wanted"),
        [
            ("sent", {}, ["missing"]),
            ("sent", {"how": SECRET}, ["value-unknown"]),
            ("sent", {"how": "post", "on": "2999-01-01"}, ["far-day"]),
            ("sent", {"how": "post", "on": "2099-01-01"}, ["date-in-future"]),
            ("sent", {"how": "post", "on": SECRET}, ["not-a-day"]),
            ("sent", {"how": "post", SECRET: "1"}, ["field-unknown"]),
            ("failed", {}, ["reason-missing"]),
            ("drawn", {}, ["outgoing-no-paper"]),
            ("failed", {"reason": "x" * 501}, ["text-too-long"]),
            ("done", {"how": SECRET}, ["value-unknown"]),
            ("done", {"outcome": "\u202e"}, ["text-broken"]),
        ],
    )
    def test_bad_input_changes_nothing(self, desk: Desk, name: str, body: Any, wanted: list[str]) -> None:
        moved(desk)
        id = item(desk, "dms")["id"]
        assert faults(desk.refused(f"/outbox/{id}/{name}", body)) == wanted
        assert one(desk, id)["state"] == "waiting"

    @pytest.mark.parametrize("id", [NOBODY, SECRET, "19900504-00018"])
    def test_no_such_item(self, desk: Desk, id: str) -> None:
        desk.refused(f"/outbox/{id}/done", {}, status=404)
        assert desk.get(f"/outbox/{id}").status_code == 404

    @pytest.mark.parametrize(
        ("body", "wanted"),
        [({"items": []}, ["missing"]), ({"items": [SECRET]}, ["not-an-id"]), ({}, ["missing"])],
    )
    def test_several_that_are_none(self, desk: Desk, body: Any, wanted: list[str]) -> None:
        assert faults(desk.refused("/outbox/sent", {"how": "post", **body})) == wanted

    def test_several_of_which_one_is_unknown(self, desk: Desk) -> None:
        moved(desk)
        ids = [item(desk, "dms")["id"], NOBODY]
        desk.refused("/outbox/done", {"items": ids}, status=404)
        assert item(desk, "dms")["state"] == "waiting"


def item_of(desk: Desk, name: str) -> str:
    return page(desk, item=name)[0]["id"]


class TestPages:
    @pytest.mark.parametrize("limit", [1, 2, 5])
    def test_each_once_in_the_order_of_positions(self, desk: Desk, limit: int) -> None:
        for house in ("7", "8", "9"):
            moved(desk, house)
        found = [row for some in pages(desk, limit=limit) for row in some]
        assert len(found) == 9 == len({row["id"] for row in found})
        assert [row["position"] for row in found] == sorted(row["position"] for row in found)

    @pytest.mark.parametrize("limit", [1, 2, 5])
    def test_each_once_the_nearest_deadline_first(self, desk: Desk, limit: int) -> None:
        for house in ("7", "8", "9"):
            moved(desk, house)
        found = [row for some in pages(desk, limit=limit, order="deadline") for row in some]
        assert len(found) == 9 == len({row["id"] for row in found})
        assert [row["deadline"] for row in found] == sorted(row["deadline"] for row in found)

    def test_nothing_is_lost_or_seen_twice_while_others_come_in_and_go_out(self, desk: Desk) -> None:
        moved(desk)
        moved(desk, "8")
        seen: list[str] = []
        for number, some in enumerate(pages(desk, limit=2)):
            seen += [row["id"] for row in some]
            if number == 0:
                moved(desk, "9", received="2024-03-11T09:40")
                act(desk, seen[0], "done")
        assert len(seen) == 9 == len(set(seen))
        assert seen[0] not in {row["id"] for row in page(desk)}

    def test_while_others_write_at_the_same_time(self, desk: Desk) -> None:
        """Whatever was there as the reading began is read once; what comes meanwhile is read once, now or later."""
        facts = [application(), decided(TOLD, TASK)]
        for number in range(20):
            desk.registry.append([(uid(1000 + number), facts, 0)], by=CLERK, command=uuid4())

        def write(number: int) -> None:
            desk.registry.append([(uid(2000 + number), facts, 0)], by=CLERK, command=uuid4())

        with ThreadPoolExecutor(2) as pool:
            writing = [pool.submit(write, number) for number in range(30)]
            seen = [row["id"] for some in pages(desk, limit=3) for row in some]
            for one in writing:
                one.result()
        everything = [row["id"] for some in pages(desk, limit=500) for row in some]
        assert len(seen) == len(set(seen)) and seen == everything[: len(seen)]
        assert len(everything) == 100 and len(seen) >= 40

    def test_by_role_item_state_and_what_is_overdue(self, desk: Desk) -> None:
        moved(desk)
        moved(desk, "9")
        desk.clock.moment = f"{NEXT}T09:00"
        assert {row["item"] for row in page(desk, item="dms")} == {"dms"}
        assert page(desk, role="task") == [] and len(page(desk, role="message")) == 6
        assert all(row["overdue"] for row in page(desk)) and len(page(desk, overdue=1)) == 6
        act(desk, item_of(desk, "dms"), "sent", {"how": "electronic"})
        assert len(page(desk, overdue=1)) == 5 and page(desk, state="sent", overdue=1) == []
        assert [row["item"] for row in page(desk, state="sent", item="dms")] == ["dms"]
        assert page(desk, state="sent", item="applicant_sms") == page(desk, state="sent", role="task") == []
        assert len(page(desk, state="sent", role="message")) == 1 == len(page(desk, state="sent"))
        assert page(desk, state="sent", role="task", item="dms") == []
        desk.clock.moment = f"{DAY}T10:00"
        assert page(desk, overdue=1) == []

    def test_as_many_as_there_are_in_pages_of_five_hundred(self, desk: Desk) -> None:
        answer = desk.get("/outbox", limit=501)
        assert answer.status_code == 422 and answer.json()["errors"][0]["code"] == "too-big"
        assert "500" in answer.json()["errors"][0]["detail"]

    @pytest.mark.parametrize(
        ("asked", "code"),
        [
            ({"after": SECRET}, "cursor-shape"),
            ({"after": "7.x"}, "cursor-shape"),
            ({"item": SECRET}, "value-unknown"),
            ({"state": SECRET}, "value-unknown"),
            ({"order": SECRET}, "value-unknown"),
            ({"overdue": SECRET}, "not-a-boolean"),
        ],
    )
    def test_bad_questions(self, desk: Desk, asked: dict[str, str], code: str) -> None:
        answer = desk.get("/outbox", **asked)
        assert answer.status_code == 422 and SECRET not in answer.text and answer.json()["errors"][0]["code"] == code


class TestKept:
    def marked(self, desk: Desk) -> None:
        """Some sent, some done, one failed, one taken back, one untouched."""
        for house in ("7", "8"):
            moved(desk, house)
        rows = page(desk)
        act(desk, rows[0]["id"], "sent", {"how": "electronic"})
        act(desk, rows[1]["id"], "done", {"outcome": "вручено"})
        act(desk, rows[2]["id"], "failed", {"reason": "немає зв’язку"})
        act(desk, rows[3]["id"], "done")
        act(desk, rows[3]["id"], "reopened", {"reason": "помилка"})

    def states(self, registry: Any) -> dict[UUID, str]:
        with registry.snapshot() as connection:
            return {row["id"]: row["state"] for row in connection.execute("SELECT id, state FROM outbox")}

    def test_an_import_restores_what_was_recorded_and_the_others_come_back_as_sent(
        self, desk: Desk, another: Any, tmp_path: Any
    ) -> None:
        self.marked(desk)
        files = [tmp_path / name for name in ("one.jsonl", "two.jsonl")]
        journal.export(desk.registry, files[0], seen_by=OPEN)
        journal.load(another, files[0], datetime.now(UTC))
        was, now = self.states(desk.registry), self.states(another)
        facts = {one.stream for one in waiting_facts(desk.registry)}
        assert now == {id: state if id in facts else "sent" for id, state in was.items()}
        assert sorted(was.values()) == ["done", "failed", "sent", "waiting", "waiting", "waiting"]
        journal.export(another, files[1], seen_by=OPEN)
        assert files[0].read_bytes() == files[1].read_bytes()
        assert verify(another).differences == []
        assert {row["state"] for row in waiting(another)} == {"failed", "waiting"}

    def test_a_rebuild_restores_it_and_writes_none_twice(self, desk: Desk) -> None:
        self.marked(desk)
        was = self.states(desk.registry)
        with desk.registry.datastore.get_connection() as connection:
            connection.execute("UPDATE outbox SET state = 'waiting'")
        told = verify(desk.registry).differences
        assert len(told) == 3 and all("outbox" in text for text in told)
        assert desk.registry.rebuild("outbox") == len(was)
        assert self.states(desk.registry) == was and verify(desk.registry).differences == []

    def test_a_state_that_no_fact_says_is_a_difference(self, desk: Desk) -> None:
        moved(desk)
        with desk.registry.datastore.get_connection() as connection:
            connection.execute("UPDATE outbox SET state = 'done' WHERE item = 'dms'")
        [text] = verify(desk.registry).differences
        assert "no fact" in text

    @pytest.mark.parametrize("item_named", ["dms", "unheard_of"])
    def test_a_fact_of_an_item_that_there_is_not_is_a_difference(self, desk: Desk, item_named: str) -> None:
        moved(desk)
        position = desk.registry.position()
        fact = OutgoingDone(position=1, item=item_named, on=DAY)
        desk.registry.append([(item_id(1, item_named, None, None, None), [fact], 0)], by=CLERK, command=uuid4())
        [text] = verify(desk.registry).differences
        assert f"position {position + 1}" in text

    def test_so_is_one_on_the_stream_of_another(self, desk: Desk) -> None:
        moved(desk)
        row = item(desk, "dms")
        fact = OutgoingSent(position=row["position"], item="dms", on=DAY, how="post")
        desk.registry.append([(UUID(row["id"]), [fact], 0)], by=CLERK, command=uuid4())
        assert len(verify(desk.registry).differences) == 1


class TestOccupied:
    """The address that stays is recorded by the very act: no task waits for it (A16)."""

    def test_comes_as_done_with_the_act(self, desk: Desk) -> None:
        kept = {"place": "other_community", "kept": True, "occupied": {}}
        listed(desk, AFAR["katottg"])
        said = granted(
            desk,
            **MOVE,
            subject={"born": BORN, "current_residence": kept},
            register=about(desk.person(), dwelling=desk.dwelling(), elsewhere={**AFAR, "list_entry": "II.4"}),
        )
        [task] = [
            each
            for each in desk.get(f"/applications/{said['application']}").json()["follows"]
            if each["item"] == "record_occupied_address"
        ]
        assert (task["state"], task["sent_at"]) == ("done", task["made_at"])
        assert page(desk, role="task") == [] and verify(desk.registry).differences == []

    def test_so_does_one_kept_in_this_community(self, desk: Desk) -> None:
        address = {"katottg": LISTED, "settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "8"}
        person, home = desk.person(), desk.dwelling(address=address)
        desk.settled(person, home)
        listed(desk, LISTED)
        subject = {"born": BORN, "current_residence": {"kept": True, "occupied": {}}}
        granted(desk, **MOVE, subject=subject, register=about(person, dwelling=desk.dwelling(), list_entry="II.4"))
        [task] = page(desk, state="done")
        assert (task["item"], task["last"]) == ("record_occupied_address", None) and page(desk, role="task") == []

    def test_a_task_whose_act_recorded_no_address_waits(self, desk: Desk) -> None:
        follows = replace(TASK, id="record_occupied_address", person=uid(7))
        desk.registry.append([(uid(8), [application(), decided(follows)], 0)], by=CLERK, command=uuid4())
        [task] = page(desk, role="task")
        assert (task["item"], task["state"]) == ("record_occupied_address", "waiting")


class TestWords:
    def test_each_state_and_way_has_a_label(self) -> None:
        assert set(TEXTS["outgoing_states"]) == set(STATES) == set(LEADS_TO.values())
        assert set(TEXTS["outgoing_how"]) == set(HOW)


def waiting_facts(registry: Any) -> list[Any]:
    with registry.snapshot() as connection:
        rows = connection.execute(
            "SELECT DISTINCT originator_id AS id FROM facts WHERE topic LIKE 'outgoing%'"
        ).fetchall()
    return [entry for row in rows for entry in registry.entries(row["id"])]
