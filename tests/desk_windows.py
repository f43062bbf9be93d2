"""Windows of a desk in a real Chromium, and the two hands that answer a guided page there: by fields and buttons, as
one does without scripts, and by keys alone."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from browsing import shown, user_of
from given import NAMED
from running import served
from test_api import Desk
from test_pages import DESK, PATIENCE
from test_signing_browser import PIN, sign_in

from api.main import create_app
from registry.settings import Settings
from registry.staff import users

BENIGN = re.compile("Autofocus processing was blocked|status of [45]")
"""What Chromium says where somebody was quicker than the page, and of a refusal."""
BOXES = "input[type=checkbox]:not(:checked)"
PAPERS = f"{BOXES}[name$='-documents'], {BOXES}[name$='-consents']"
Windows = Callable[..., Any]


@pytest.fixture
def address(desk: Desk, tmp_path: Path) -> Iterator[str]:
    """Where a desk is served, whose people are `olena` with a PIN, and one of each other role."""
    users.set_pin(desk.registry.staff, user_of(desk.registry).id, PIN, now=desk.registry.clock())
    for role in ("head", "auditor", "admin", "reader"):
        user_of(desk.registry, role, role)  # type: ignore[arg-type]
    with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as at:
        yield at


@pytest.fixture
def windows(chromium: Any, address: str) -> Iterator[Windows]:
    """Gives a window of somebody who has signed in, in a browser of its own, with JavaScript or without; none of their
    scripts broke."""
    opened, complaints = [], []

    def window(login: str = "olena", scripts: bool = True) -> Any:
        context = chromium.new_context(base_url=address, viewport=DESK, locale="uk-UA", java_script_enabled=scripts)
        context.set_default_timeout(PATIENCE)
        context.on("console", lambda said: None if BENIGN.search(said.text) else complaints.append(said.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        opened.append(context)
        page = context.new_page()
        sign_in(page, login, to="/me")
        return page

    yield window
    for context in opened:
        context.close()
    assert complaints == []


class Answering:
    """Answers a guided page, however it is done, with all that it asks for in the end."""

    def __init__(self, page: Any):
        self.page = page

    def gives(self, name: str, value: str) -> None:
        """One answer, in its field."""
        raise NotImplementedError

    def told(self) -> None:
        """What came of the answers so far is on the page."""
        raise NotImplementedError

    def tells(self, path: str, answers: Mapping[str, str], checked: Mapping[str, str]) -> None:
        """Opens the page and answers it, up to the press of its button."""
        self.page.goto(path)
        shown(self.page.locator("h1"))
        for name, value in answers.items():
            if not self.page.locator(field(name, value)).count():
                self.told()
            self.gives(name, value)
        self.told()
        while self.gives_what_is_asked(checked):
            self.told()

    def gives_what_is_asked(self, checked: Mapping[str, str]) -> bool:
        """Every paper that is asked for is there, every register was asked; whether anything was still to be given."""
        papers = self.page.locator(PAPERS).evaluate_all("all => all.map(one => [one.name, one.value])")
        fee = re.search(r"Збір ([0-9]+,[0-9]{2}) грн", self.page.locator("#panel").inner_text())
        said = {**checked, **({"1-payment-kopiykas": fee[1]} if fee else {})}
        empty = "all => all.filter(one => !one.value).map(one => one.name)"
        fields = self.page.locator("#panel .field :is(input, select)").evaluate_all(empty)
        for name, value in [*papers, *((name, said[name]) for name in fields if name in said)]:
            self.gives(name, value)
        return bool(papers or set(fields) & set(said))


class ByFields(Answering):
    """Without scripts: fields are filled, and the page is asked again by its button."""

    def gives(self, name: str, value: str) -> None:
        there = self.page.locator(field(name, value)).first
        for fold in self.page.locator("details:not([open])", has=there).all():
            fold.locator("summary").first.click()
        kind = there.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
        if kind == "select":
            there.select_option(value)
        elif kind in ("radio", "checkbox"):
            there.check(force=True)
        else:
            there.fill(value)

    def told(self) -> None:
        self.press("refresh")

    def press(self, name: str) -> None:
        """A button of the form, and the page that comes of it."""
        with self.page.expect_navigation():
            self.button(name).click()
        shown(self.page.locator("h1"))

    def button(self, name: str) -> Any:
        return self.page.locator(f'#guided button[name="press"][value="{name}"]:not(.hid)').first


class ByKeys(Answering):
    """By Tab, arrows, Space and letters: nothing is clicked, filled or focused by a script."""

    def gives(self, name: str, value: str) -> None:
        keyboard, where = self.page.keyboard, field(name, value)
        kind = self.reaches(where)
        if kind == "select":
            while self.page.locator(where).input_value() != value:
                keyboard.press("ArrowDown")
        elif kind == "radio":
            # Tab leads to the group; its arrows go on from what is chosen, and choose.
            if not self.page.locator(f"[name='{name}']:checked").count():
                keyboard.press("Space")
            while not self.page.locator(where).is_checked():
                keyboard.press("ArrowDown")
        elif kind == "checkbox":
            keyboard.press("Space")
        else:
            keyboard.type(value)
            keyboard.press("Tab")

    def reaches(self, where: str) -> str:
        """By Tab alone to a field, or to a choice of its group; what kind it is."""
        self.page.locator(where).first.wait_for(state="attached")
        for _ in range(200):
            found = self.page.evaluate(TOWARDS, where)
            if found.get("there"):
                return str(found["kind"])
            self.page.keyboard.press(found["key"])
        raise AssertionError(f"no Tab leads to {where}: {self.page.evaluate('document.activeElement.outerHTML')}")

    def told(self) -> None:
        self.page.locator("#panel:not([aria-busy])").wait_for()
        assert self.page.evaluate("document.activeElement !== document.body"), "the focus is lost"

    def decides(self) -> None:
        """By the key of the page; where a field has the focus, Escape gives the letters back first."""
        self.page.keyboard.press("Escape")
        with self.page.expect_navigation():
            self.page.keyboard.press("KeyE")
        shown(self.page.locator("h1"))


def clicks_twice(page: Any, button: Any, url: str) -> None:
    """A double click, and where it leads: the first press may be cut off by the second."""
    from playwright.sync_api import expect

    button.dblclick()
    expect(page).to_have_url(re.compile(url), timeout=PATIENCE)
    page.wait_for_load_state()


TOWARDS = """where => {
    const to = document.querySelector(where), at = document.activeElement;
    const fold = to.closest("details:not([open])");
    const kind = to.localName === "select" ? "select" : to.type;
    if (fold && at === fold.firstElementChild) return {key: "Enter"};
    const group = kind === "radio" && at.name === to.name && at.type === "radio";
    if (at === to || group) return {there: true, kind};
    const before = (fold || to).compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING;
    return {key: before ? "Shift+Tab" : "Tab"};
}"""
"""Which key leads on to a field, or that one is there."""


def field(name: str, value: str) -> str:
    """The selector of a field, of several of one name the one of this value."""
    boxes = ":is([type=radio], [type=checkbox])"
    return f"[name='{name}']:not({boxes}), [name='{name}'][value='{value}']{boxes}"
