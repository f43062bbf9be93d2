"""A form that was sent to a locked screen, or after its session had ended: kept for its owner, seen by nobody else,
never done by itself."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from browsing import DEVICE, OTHER, PASSWORD, SESSION, SYSTEM, Window, led_to, token_of, user_of
from clerks import Clerk
from clocks import StoppedClock
from fastapi import FastAPI
from given import CLERK, NAMED

from api.kept import UNSENT
from api.main import create_app
from registry.aggregates.person.events import Particulars
from registry.app import Registry
from registry.opening import opened
from registry.settings import Settings
from registry.staff import kept, sessions, users

MORNING = "2026-03-02T07:00"
NEXT_MORNING = "2026-03-03T07:00"


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        registry.clock = StoppedClock(MORNING)
        user = user_of(registry)
        users.set_pin(registry.staff, user.id, "2580", now=registry.clock())
        user_of(registry, "halyna", "head", name="Вигадана Г. Г.")
        yield registry


@pytest.fixture
def app(registry: Registry, tmp_path: Path) -> FastAPI:
    return create_app(registry, Settings(data=tmp_path, **NAMED))


@pytest.fixture
def inside(app: FastAPI) -> Iterator[Window]:
    with Window(app) as window:
        assert window.sign_in().status_code == 303
        yield window


def waiting(registry: Registry, login: str = "olena") -> list[str]:
    """What is kept for a user, as it was typed."""
    user = users.of_login(registry.staff, login).id
    rows = kept.of_user(registry.staff, user, now=registry.clock())
    return [re.search(r"q=([a-z]+)", one.body.decode())[1] for one in rows]


def end(registry: Registry, why: str, login: str = "olena") -> UUID:
    """All sessions of a user end, in another place."""
    user = users.of_login(registry.staff, login).id
    assert sessions.end_all(registry.staff, user, now=registry.clock(), why=why)
    return user


class TestAKeptForm:
    """What is sent to a locked screen, or after the end, is sent again by its owner, and seen by nobody else."""

    def late(self, registry, window, moment="2026-03-02T07:30"):
        token = token_of(window.get("/"))
        registry.clock.set(moment)
        return window.post("/", data={"csrf": token, "q": "Вигаданко", "command": "x"})

    def test_waits_behind_the_lock_and_is_sent_after_all(self, registry, inside):
        Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Вигаданко"))
        assert led_to(self.late(registry, inside)) == ("/unlock", "/kept")
        token = token_of(inside.get("/unlock?to=/kept"))
        assert led_to(inside.post("/unlock", data={"csrf": token, "pin": "2580", "to": "/kept"})) == ("/kept", None)
        page = inside.get("/kept").text
        assert "Ваша форма збережена" in page and "пошук" in page and "<li>Вигаданко</li>" in page
        form = re.search(r'name="form" value="([^"]+)"', page)[1]
        answer = inside.sends("/kept/send", page="/kept", form=form)
        assert answer.status_code == 200 and 'href="/persons/' in answer.text and "Вигаданко" in answer.text
        assert "Збережених форм немає" in inside.get("/kept").text
        assert inside.sends("/kept/send", form=form).status_code == 404

    def test_waits_for_the_next_sign_in_of_its_owner_alone(self, app, registry, inside):
        assert led_to(self.late(registry, inside, "2026-03-02T09:30")) == ("/sign-in", "/kept")
        with Window(app) as head:
            head.sign_in("halyna")
            assert "Вигаданко" not in head.get("/kept").text
            [one] = kept.of_user(registry.staff, users.of_login(registry.staff, "olena").id, now=registry.clock())
            assert head.sends("/kept/send", form=one.id).status_code == 404
            head.sends("/kept/drop", form=one.id)
        inside.sign_in(to="/kept")
        page = inside.get("/kept")
        assert "Вигаданко" in page.text
        assert led_to(inside.sends("/kept/drop", form=one.id)) == ("/", None)
        assert "Вигаданко" not in inside.get("/kept").text

    def test_is_deleted_after_a_day_and_five_are_kept(self, registry, inside):
        user = users.of_login(registry.staff, "olena").id
        token = token_of(inside.get("/"))
        registry.clock.set("2026-03-02T07:30")
        for number in range(7):
            assert inside.post("/", data={"csrf": token, "q": str(number)}).status_code == 303
        assert len(kept.of_user(registry.staff, user, now=registry.clock())) == kept.EACH
        registry.clock.set("2026-03-03T07:30")
        assert kept.of_user(registry.staff, user, now=registry.clock()) == []
        registry.clock.set("2026-03-02T07:31")
        assert kept.of_user(registry.staff, user, now=registry.clock()) == []

    def test_a_refused_one_may_be_sent_again(self, registry, inside):
        token = token_of(inside.get("/"))
        registry.clock.set("2026-03-02T07:30")
        inside.post(f"/persons/{uuid4()}/extracts", data={"csrf": token, "command": str(uuid4())})
        inside.post("/unlock", data={"csrf": token, "password": PASSWORD})
        form = re.search(r'name="form" value="([^"]+)"', inside.get("/kept").text)[1]
        assert inside.sends("/kept/send", form=form).status_code == 422
        assert "Ваша форма збережена" in inside.get("/kept").text and "картка особи" in inside.get("/kept").text

    def test_what_holds_a_secret_or_is_a_programs_or_too_large_is_not_kept(self, registry, inside):
        token = token_of(inside.get("/"))
        registry.clock.set("2026-03-02T07:30")
        secret = {"csrf": token, "current": PASSWORD, "password": OTHER, "again": OTHER}
        assert inside.post("/password", data=secret).status_code == 401
        assert inside.post("/api/v1/search/people", json={"q": "Вигаданко"}).status_code == 401
        assert inside.post("/", content=b"<x>", headers={"Content-Type": "text/xml"}).status_code == 401
        assert inside.post("/", data={"csrf": token, "q": "а" * 600_000}).status_code in (401, 413)
        foreign = inside.post("/", data={"csrf": token, "q": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403
        user = users.of_login(registry.staff, "olena").id
        assert kept.of_user(registry.staff, user, now=registry.clock()) == []


class TestAnEndedSession:
    """However it ended, what was typed is not lost: the token tells whose it is, in a browser of theirs."""

    def press(self, window: Window, token: str, **more: str) -> httpx.Response:
        return window.post("/", data={"q": "typed", "csrf": token}, headers=more)

    @pytest.mark.parametrize("why", ["ended-by-admin", "signed-out", "password-changed", "pin", "idle", "old"])
    def test_by_somebody_or_by_itself(self, registry: Registry, inside: Window, why: str) -> None:
        token = token_of(inside.get("/"))
        end(registry, why)
        assert led_to(self.press(inside, token)) == ("/sign-in", "/kept")
        assert led_to(inside.sign_in(to="/kept")) == ("/kept", None)
        assert "<li>typed</li>" in inside.get("/kept").text
        form = re.search(r'name="form" value="([^"]+)"', inside.get("/kept").text)[1]
        assert inside.sends("/kept/send", page="/kept", form=form).status_code == 200
        assert waiting(registry) == []

    def test_by_the_way_out_in_another_window(self, registry: Registry, inside: Window) -> None:
        token = token_of(inside.get("/"))
        inside.sends("/sign-out")
        assert inside.cookie is None and led_to(self.press(inside, token)) == ("/sign-in", "/kept")
        assert waiting(registry) == ["typed"]

    def test_by_signing_in_again_in_another_window(self, registry: Registry, inside: Window) -> None:
        token = token_of(inside.get("/"))
        inside.sign_in()
        assert led_to(self.press(inside, token)) == ("/kept", None) and waiting(registry) == ["typed"]

    def test_by_a_new_password_in_another_window(self, registry: Registry, inside: Window) -> None:
        token = token_of(inside.get("/"))
        said = {"current": PASSWORD, "password": OTHER, "again": OTHER}
        assert inside.sends("/password", page="/password", **said).status_code == 303
        assert led_to(self.press(inside, token)) == ("/kept", None) and waiting(registry) == ["typed"]

    def test_after_the_server_was_started_anew_nothing_has_ended(
        self, registry: Registry, inside: Window, tmp_path: Path
    ) -> None:
        token = token_of(inside.get("/"))
        with Window(create_app(registry, Settings(data=tmp_path, **NAMED))) as anew:
            anew.cookies.update(inside.cookies)
            assert self.press(anew, token).status_code == 200 and waiting(registry) == []

    def test_whoever_signed_in_there_meanwhile_neither_sees_it_nor_leaves_anything(
        self, registry: Registry, inside: Window
    ) -> None:
        token = token_of(inside.get("/"))
        end(registry, "ended-by-admin")
        assert led_to(self.press(inside, token)) == ("/sign-in", "/kept")
        inside.sign_in("halyna", to="/kept")
        assert "typed" not in inside.get("/kept").text and waiting(registry, "halyna") == []
        # What is pressed now in the page that the other left open is of whoever sits there, and no page of theirs.
        assert self.press(inside, token).status_code == 403
        assert waiting(registry) == ["typed"] and waiting(registry, "halyna") == []

    @pytest.mark.parametrize("token", ["", "x", "ї"])
    def test_a_form_of_no_page_of_ours_is_not_kept(self, registry: Registry, inside: Window, token: str) -> None:
        end(registry, "idle")
        assert self.press(inside, token).status_code == 401 and waiting(registry) == []

    def test_nor_from_another_browser_with_the_cookie_alone(self, app: FastAPI, registry: Registry, inside: Window):
        stolen, token = inside.cookie, token_of(inside.get("/"))
        end(registry, "ended-by-admin")
        with Window(app) as thief:
            thief.cookies.set(SESSION, stolen)
            assert self.press(thief, token).status_code == 401
            thief.sign_in("halyna")
            assert self.press(thief, token).status_code == 403
            thief.cookies.set(DEVICE, "x.y")
            assert self.press(thief, token).status_code == 403
        assert waiting(registry) == []

    def test_nor_a_day_later(self, registry: Registry, inside: Window) -> None:
        token = token_of(inside.get("/"))
        end(registry, "signed-out")
        registry.clock.set(NEXT_MORNING)
        assert self.press(inside, token).status_code == 401 and waiting(registry) == []

    @pytest.mark.parametrize("act", ["disable", "reset"])
    def test_nor_for_whom_an_administrator_has_shut_out(self, registry: Registry, inside: Window, act: str) -> None:
        token = token_of(inside.get("/"))
        getattr(users, act)(registry.staff, "olena", by=SYSTEM, now=registry.clock())
        assert self.press(inside, token).status_code == 401 and waiting(registry) == []

    def test_what_is_handed_over_is_kept_and_never_done(self, registry: Registry, inside: Window) -> None:
        """What a script sends of a page that it leaves, whether its session has ended by then or not."""
        token = token_of(inside.get("/"))
        path = f"/persons/{uuid4()}/extracts"
        said = {"command": str(uuid4()), "q": "typed"}
        before = registry.position()
        for number in range(2):
            answer = inside.post(path, data=said, headers={UNSENT: token})
            assert led_to(answer)[0] == ("/sign-in" if number else "/kept")
            assert waiting(registry) == ["typed"] * (number + 1)
            if not number:
                end(registry, "signed-out")
        assert registry.position() == before
        assert inside.post(path, data=said, headers={UNSENT: "x"}).status_code == 401
