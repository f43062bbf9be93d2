"""Official requests of departments: taken in with a term, in the queue, answered from the register, sent out."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from browsing import Window, shown, user_of
from extracting import text as text_of
from given import NAMED, anywhere
from running import served
from test_api import NOBODY, Desk, codes, desk
from test_household_answers import ANSWERS, HANNA, NOTICE, OKSANA, PETRO, Town, asking, at
from test_pages import DESK, NARROW, PATIENCE, chromium
from test_readdressing_pages import plain
from test_signing_browser import sign_in
from test_updating import window_of

from api.main import create_app
from registry.aggregates.household.events import HouseholdAnswered
from registry.aggregates.household.state import fold
from registry.services.terms import answer_by
from registry.settings import Settings
from registry.storage.mapper import kyiv_day
from replay.compare import verify

__all__ = ["chromium", "desk"]

REQUESTS = "/household-requests"


@pytest.fixture
def town(desk: Desk) -> Town:
    return Town(desk)


def today(desk: Desk) -> date:
    return kyiv_day(desk.registry.clock())


def taken_in(town: Town, **said: Any) -> str:
    return town.desk.act(REQUESTS, asking(**said))["household"]


def read(desk: Desk, request: str) -> dict[str, Any]:
    answer = desk.get(f"{REQUESTS}/{request}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def items(desk: Desk, item: str) -> list[dict[str, Any]]:
    return [one for one in desk.get("/outbox").json()["waiting"] if one["item"] == item]


def press(window: Window, path: str, **fields: Any) -> Any:
    drawn = window.get(path).text
    known = {name: re.findall(rf'name="{name}" value="([^"]*)"', drawn)[0] for name in ("command", "version")}
    return window.sends(path, page=path, **{**known, **fields})


class TestTheTerm:
    def test_is_working_days_after_the_day_on_which_it_came(self) -> None:
        # Monday 02.12.2024; the body does not work on Saturdays and Sundays.
        assert answer_by(date(2024, 12, 2), 5) == date(2024, 12, 9)
        assert answer_by(date(2024, 12, 6), 1) == answer_by(date(2024, 12, 7), 1) == date(2024, 12, 9)

    def test_stands_with_the_request_and_is_a_task(self, town: Town) -> None:
        came = today(town.desk) - timedelta(3)
        made = town.desk.act(REQUESTS, asking(received=came.isoformat()))
        said = read(town.desk, made["household"])
        assert (
            said["due_by"] == made["due_by"] == answer_by(came, 5).isoformat() and said["received"] == came.isoformat()
        )
        [task] = items(town.desk, "answer_household")
        assert task["deadline"] == made["due_by"] and "12/1-45" in task["text"] and "17-39" in task["text"]
        assert not [word for word in ("Вигадана", "Оксана", "Калинова", "1990") if word in task["text"]]

    def test_is_the_community_s_to_say(self, desk: Desk) -> None:
        known = desk.get("/community").json()["readings"]
        assert known["days_to_answer"] == 5


class TestAnswering:
    def test_is_composed_of_what_the_register_answers(self, town: Town) -> None:
        request = taken_in(town)
        by_json = town.desk.post(ANSWERS, asking()).json()
        done = town.desk.act(f"{REQUESTS}/{request}/answer")
        text = read(town.desk, request)["answer"]["text"]
        assert by_json["text"] in text and "№ 12/1-45 К від 31.05.2024" in text
        assert [line for line in text.split("\n") if line[:2] in ("1.", "2.")] == [
            "1. Вигадана Оксана, 04.05.1990, зареєстровано з 15.07.2010.",
            "2. Придуманий Петро Іванович, 02.01.1985, зареєстровано з 2015.",
        ]
        assert not [word for word in ("19900504-00018", "+380000777111", "К-77") if word in text]
        assert items(town.desk, "answer_household") == []
        [reply] = items(town.desk, "household_reply")
        assert reply["id"] == done["outgoing"] and reply["text"] == text
        assert reply["addressee"]["name"] == NOTICE["sender"]
        document = town.desk.get(f"/outbox/{done['outgoing']}/document")
        assert "Придуманий Петро Іванович" in text_of(document.content).replace("\n", " ")
        town.desk.act(f"/outbox/{done['outgoing']}/sent", {"how": "electronic"})
        assert read(town.desk, request)["answer"]["state"] == "sent"

    def test_of_a_member_says_only_whether(self, town: Town) -> None:
        body = {"card": "71-42", "notice": NOTICE, "applicant": OKSANA, "member": PETRO}
        request = town.desk.act(REQUESTS, body)["household"]
        town.desk.act(f"{REQUESTS}/{request}/answer")
        text = read(town.desk, request)["answer"]["text"]
        assert "в одному житлі" in text and "2015" not in text and "Калинова" not in text

    def test_without_the_register_takes_a_reason(self, town: Town) -> None:
        request = taken_in(town, applicant=HANNA, applicant_is="homeless")
        where = f"{REQUESTS}/{request}/answer"
        assert codes(town.desk.refused(where, {}))[0][0] == "brings-instead"
        assert codes(town.desk.refused(where, {"without": True}))[0][0] == "reason-missing"
        town.desk.act(where, {"reason": "заявник подає довідку закладу"})
        said = read(town.desk, request)["answer"]
        assert said["reason"] == "заявник подає довідку закладу" and said["reason"] in said["text"]

    def test_once(self, town: Town) -> None:
        request = taken_in(town)
        key = str(uuid4())
        first = town.desk.post(f"{REQUESTS}/{request}/answer", {}, Idempotency_Key=key)
        again = town.desk.post(f"{REQUESTS}/{request}/answer", {}, Idempotency_Key=key)
        assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
        assert codes(town.desk.refused(f"{REQUESTS}/{request}/answer", {}))[0][0] == "household-answered-already"

    def test_each_answer_is_a_recorded_look(self, town: Town) -> None:
        request = taken_in(town)
        before = len(town.looks())
        town.desk.act(f"{REQUESTS}/{request}/answer")
        assert len(town.looks()) == before + 1

    def test_a_request_that_was_marked_done_by_hand_is_answered_all_the_same(self, town: Town) -> None:
        request = taken_in(town)
        [task] = items(town.desk, "answer_household")
        town.desk.act(f"/outbox/{task['id']}/done", {"outcome": "телефоном"})
        town.desk.act(f"{REQUESTS}/{request}/answer")
        assert verify(town.desk.registry).found == 0

    def test_the_register_agrees_with_itself_after_it(self, town: Town, tmp_path: Path) -> None:
        request = taken_in(town)
        town.desk.act(f"{REQUESTS}/{request}/answer")
        assert verify(town.desk.registry).found == 0
        assert fold(town.desk.registry.entries(UUID(request))).answer is not None


class TestBadInput:
    @pytest.mark.parametrize(
        ("said", "refused"),
        [
            ({"received": "2024-05-30"}, ("household-before-paper", "received")),
            ({"received": "колись"}, ("not-a-day", "received")),
            ({"address": None}, ("household-unsaid", "address")),
            ({"member": PETRO}, ("household-unasked", "member")),
            ({"card": "17-04"}, ("value-unknown", "card")),
        ],
    )
    def test_is_refused_in_words(self, town: Town, said: Any, refused: tuple[str, str]) -> None:
        assert refused in codes(town.desk.refused(REQUESTS, {**asking(), **said}))

    def test_nothing_comes_tomorrow(self, town: Town) -> None:
        later = (today(town.desk) + timedelta(1)).isoformat()
        assert ("date-in-future", "received") in codes(town.desk.refused(REQUESTS, asking(received=later)))

    def test_what_is_no_request(self, town: Town) -> None:
        for id in (NOBODY, town.oksana, "щось"):
            assert town.desk.get(f"{REQUESTS}/{id}").status_code == 404
            assert town.desk.post(f"{REQUESTS}/{id}/answer", {}).status_code == 404


class TestProtected:
    """Whoever may not see somebody is told neither who nor where; and no department is told of them."""

    @pytest.fixture
    def hidden(self, town: Town) -> Town:
        said = {"basis": "рішення", "since": "2024-01-01"}
        town.desk.act(f"/persons/{town.petro}/address-protection", said)
        return town

    def test_of_somebody_protected_is_answered_without_the_register_alone(self, hidden: Town) -> None:
        request = hidden.desk.act(REQUESTS, asking(PETRO))["household"]
        clerk = window_of(hidden.desk)
        page = plain(clerk.get(f"/requests/{request}"))
        assert "дані приховано" in page and "Придуманий" not in page and "Калинова" not in page
        assert press(clerk, f"/requests/{request}", what="answer").status_code == 403
        said = press(clerk, f"/requests/{request}", what="without", reason="надати не можна")
        assert said.status_code == 303
        assert hidden.desk.get(f"{REQUESTS}/{request}").json()["answer"]["reason"] == "надати не можна"

    def test_a_neighbour_s_answer_counts_them_and_stays_readable(self, hidden: Town) -> None:
        request = taken_in(hidden)
        clerk = window_of(hidden.desk)
        done = press(clerk, f"/requests/{request}", what="answer")
        page = plain(clerk.get(done.headers["location"]))
        assert "з них 1" in page and "Вигадана Оксана" in page and "Придуманий" not in page

    def test_protected_since_the_answer_is_hidden_since(self, town: Town) -> None:
        request = taken_in(town)
        done = town.desk.act(f"{REQUESTS}/{request}/answer")
        town.desk.act(f"/persons/{town.petro}/address-protection", {"basis": "рішення", "since": "2024-01-01"})
        clerk = window_of(town.desk)
        assert "Придуманий" not in clerk.get(f"/requests/{request}").text
        assert clerk.get(f"/outbox/{done['outgoing']}").status_code == 403


class TestThePages:
    TYPED: ClassVar[dict[str, str]] = {
        **{"card": "17-39", "notice_sender": "Відділ обліку", "notice_number": "12/1", "notice_dated": "31.05.2024"},
        **{f"applicant_{name}": text for name, text in OKSANA.items()},
        **{f"address_{name}": text for name, text in at().items()},
    }

    def test_it_is_taken_in_stands_in_the_queue_and_is_answered(self, town: Town) -> None:
        window = window_of(town.desk)
        came = today(town.desk) - timedelta(30)
        command = re.findall(r'name="command" value="([^"]*)"', window.get("/household-answer").text)[0]
        typed = {**self.TYPED, "what": "later", "command": command, "received": came.strftime("%d.%m.%Y")}
        answers = [window.sends("/household-answer", page="/household-answer", **typed) for _ in range(2)]
        [where] = {one.headers["location"] for one in answers}
        assert [one.status_code for one in answers] == [303, 303] and where.startswith("/requests/")
        home = plain(window.get("/"))
        assert "Прострочені" in home and where in home and "Запит відділу, картка 17-39" in home
        page = plain(window.get(where))
        assert "строк минув" in page and "1. Вигадана Оксана, 04.05.1990" in page
        done = press(window, where, what="answer")
        assert done.status_code == 303 and done.headers["location"].startswith("/outbox/")
        assert where not in window.get("/").text
        assert "Вигадана Оксана" in plain(window.get(done.headers["location"]))
        answered = plain(window.get(where))
        assert "відповіли" in answered and done.headers["location"] in answered and "Відповісти без" not in answered

    def test_facts_are_those_of_json(self, town: Town) -> None:
        ids = [taken_in(town) for _ in range(2)]
        town.desk.act(f"{REQUESTS}/{ids[0]}/answer")
        assert press(window_of(town.desk), f"/requests/{ids[1]}", what="answer").status_code == 303
        one, other = (town.desk.registry.entries(UUID(id))[-1].fact for id in ids)
        assert isinstance(one, HouseholdAnswered)
        same = ("text", "people", "on", "due_by", "sender", "number", "dated", "reason")
        assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]

    def test_what_is_wrong_is_said_and_nothing_recorded(self, town: Town) -> None:
        window = window_of(town.desk)
        request = taken_in(town, address=at(house="99"))
        before = town.desk.registry.position()
        page = plain(window.get(f"/requests/{request}"))
        assert "Такого житла" in page or "не знайдено" in page or "немає" in page
        assert press(window, f"/requests/{request}", what="answer").status_code == 422
        said = press(window, f"/requests/{request}", what="without")
        assert said.status_code == 422 and 'id="reason-fault"' in said.text
        typed = {**self.TYPED, "what": "later", "command": str(uuid4()), "received": "колись"}
        wrong = window.sends("/household-answer", page="/household-answer", **typed)
        assert wrong.status_code == 422 and 'id="received-fault"' in wrong.text
        assert town.desk.registry.position() == before

    def test_who_may(self, town: Town) -> None:
        request = taken_in(town)
        auditor = window_of(town.desk, "auditor", "revizor")
        page = auditor.get(f"/requests/{request}")
        assert page.status_code == 200 and '<form method="post" action="/requests' not in page.text
        reader = window_of(town.desk, "reader", "chytach")
        assert reader.get(f"/requests/{request}").status_code == 403
        assert "Прийняти запит" not in reader.get("/household-answer").text
        typed = {**self.TYPED, "what": "later", "command": str(uuid4())}
        answered = reader.sends("/household-answer", page="/household-answer", **typed)
        assert answered.status_code == 200 and items(town.desk, "answer_household")[1:] == []


@pytest.mark.slow
def test_by_keyboard_alone(town: Town, chromium: Any) -> None:
    request = taken_in(town)
    user_of(town.desk.registry)
    with served(create_app(town.desk.registry, Settings(data=anywhere(), **NAMED))) as address:
        context = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        sign_in(page)
        page.get_by_role("link", name=re.compile("Відповісти")).first.press("Enter")
        shown(page.get_by_role("heading", name="Офіційний запит відділу"))
        page.screenshot(path="build/request-desk.png", full_page=True)
        page.set_viewport_size(NARROW)
        page.screenshot(path="build/request-narrow.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.set_viewport_size(DESK)
        page.keyboard.press("KeyG")
        shown(page.get_by_role("heading", name="Відповідь на офіційний запит відділу"))
        context.close()
    assert read(town.desk, request)["answer"]["state"] == "waiting"
