"""A browser without JavaScript, for tests of signing in: cookies as a browser keeps them, forms with their token."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from registry.aggregates.values import Actor
from registry.app import Registry
from registry.roles import Role
from registry.staff import users
from registry.staff.users import User

SYSTEM = Actor("system", "system")
PASSWORD, OTHER = "калина росте край дороги", "дорога веде до калини"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SESSION, DEVICE = "__Host-hromada", "__Host-hromada-device"


def user_of(registry: Registry, login: str = "olena", role: Role = "clerk", **said: Any) -> User:
    """A new user, with `PASSWORD` unless another is said; None: with a temporary one."""
    said = {"name": "Вигадана О. О.", "password": PASSWORD, **said}
    return users.add(registry.staff, login=login, role=role, by=SYSTEM, now=registry.clock(), **said)[0]


class Window(TestClient):
    """One browser at a desk behind TLS; it is led nowhere by itself."""

    def __init__(self, app: FastAPI, address: str = "203.0.113.5", **said: Any):
        super().__init__(
            app,
            base_url="https://127.0.0.1:8080",
            client=(address, 50000),
            follow_redirects=False,
            headers={"User-Agent": AGENT},
        )

    def sign_in(self, login: str = "olena", password: str = PASSWORD, to: str = "/") -> httpx.Response:
        return self.post("/sign-in", data={"login": login, "password": password, "to": to})

    def sends(self, path: str, *, page: str = "/me", **fields: Any) -> httpx.Response:
        """A form of a page, with the token that the page gave it."""
        return self.post(path, data={"csrf": token_of(self.get(page)), **fields})

    @property
    def cookie(self) -> str | None:
        return self.cookies.get(SESSION)


def token_of(page: httpx.Response) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def shown(what: Any) -> None:
    """Waits for a piece of a page and for the scripts of that page: a key pressed before them would go nowhere."""
    what.wait_for()
    what.page.wait_for_load_state()


def fits(page: Any, what: str) -> None:
    """As it stands now, at the desk, at 200 % and on a small phone: axe finds nothing, nothing scrolls sideways. Pages
    as they open are looked at by `test_every_page.py`. Wants JavaScript."""
    from test_pages import DESK, NARROW, TWICE

    assert not re.search(r"\{\w*\}", page.locator("main").inner_text()), "a text with a place that nothing was put into"
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    for screen in (TWICE, NARROW, DESK):
        page.set_viewport_size(screen)
        assert axe.Axe().run(page).response["violations"] == [], (what, screen)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (what, screen)


def led_to(answer: httpx.Response) -> tuple[str, str | None]:
    """Where an answer leads, and whereto from there."""
    assert answer.status_code == 303, (answer.status_code, answer.text)
    to = urlsplit(answer.headers["location"])
    return to.path, parse_qs(to.query).get("to", [None])[0]
