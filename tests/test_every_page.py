"""Every page of the desk and of the public in a real Chromium, at the desk, at 200 % and on a small phone: axe finds
nothing, nothing scrolls sideways, whatever takes the focus is seen, titles and addresses name nobody, and no policy of
ours is broken. The pages are those of `ROUTES`, in which each new one must be written (`test_viewer.py`).

A picture of each is left in `build/screens/`, to be looked at.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import shown, user_of
from given import NAMED
from running import served
from test_pages import DESK, NARROW, PATIENCE, TWICE, chromium
from test_signing_browser import sign_in
from test_viewer import CANARIES, ROUTES, World, world

from api.main import create_app
from api.rights import ANYONE
from api.rights import ROUTES as RIGHTS
from registry.settings import Settings

__all__ = ["chromium", "world"]
pytestmark = pytest.mark.slow
SCREENS = Path(__file__).parents[1] / "build" / "screens"
ROLES = ("head", "admin", "auditor")
"""Who looks at a page: the first of them who may."""
NO_PAGES = {
    **dict.fromkeys(("/healthz", "/readyz", "/static", "/.well-known/jwks.json", "/v/{code}.jws"), "for programs"),
    **dict.fromkeys(("/extracts/{year}/{number}", "/persons/{person}/extracts"), "a document, or the way to it"),
    "/applications/{application}/without-movement": "a letter that this application never had",
    "/day/movement.csv": "a file",
    **dict.fromkeys(("/drafts/{draft}", "/drafts/{draft}/application"), "leads to what nobody has saved"),
    "/kept": "leads on where nothing was kept",
    "/unlock": "leads on where nothing is locked",
}
INSTEAD = {"/staff/{login}": "/staff/head"}
"""Where `ROUTES` asks for what does not exist."""
ALSO = {"/batches/{batch}": "/batches/departures"}
"""A second page of a template, which asks other things."""
COVERED = """() => [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')]
    .filter(one => {
        if (one.tabIndex < 0) return false;
        if (!one.checkVisibility({visibilityProperty: true})) return false;
        one.focus();
        if (document.activeElement !== one) return false;
        const at = one.getClientRects()[0];
        const x = Math.min(Math.max(at.x + at.width / 2, 0), innerWidth - 1), y = at.y + at.height / 2;
        const seen = document.elementFromPoint(x, y);
        const labels = [...(one.labels || [])];
        return !seen || !(one.contains(seen) || seen.contains(one) || labels.some(of => of.contains(seen)));
    }).map(one => one.outerHTML.slice(0, 120))"""

BARE = """() => [...document.querySelectorAll('main :is(ul, ol, dl, tbody, h2, h3)')].filter(one => {
    if (!one.checkVisibility({visibilityProperty: true})) return false;
    if (!one.matches('h2, h3')) return one.childElementCount === 0;
    let next = one.nextElementSibling;
    while (next && !next.checkVisibility({visibilityProperty: true})) next = next.nextElementSibling;
    if (!next || next.matches('.blankline')) return false;
    return !next.innerText.trim() && !next.querySelector('input, select, textarea, button, svg, img');
}).map(one => one.outerHTML.slice(0, 120))"""
"""Headings and lists of nothing; a line to write on by hand is something."""


def pages() -> Iterator[tuple[str, str, str]]:
    """The template of each page, where it is asked, and who asks."""
    for line, call in ROUTES.items():
        method, path = line.split(" ")
        if method != "GET" or path.startswith("/api/") or path in NO_PAGES:
            continue
        rights = RIGHTS[line]
        role = "" if rights == ANYONE else next(one for one in ROLES if one in rights)
        yield path, INSTEAD.get(path) or call.at or path, role
        if also := ALSO.get(path):
            yield also, also, role


@pytest.fixture
def windows(world: World, chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """Gives a window of whoever has a role; what browsers complained about stands in `complaints`."""
    complaints: list[str] = []
    opened: dict[str, Any] = {}
    for role in ROLES:
        user_of(world.desk.registry, role, role)
    with served(create_app(world.desk.registry, Settings(data=tmp_path, **NAMED))) as address:

        def window(role: str, screen: Any) -> Any:
            if role not in opened:
                context = chromium.new_context(base_url=address, viewport=screen, locale="uk-UA")
                context.set_default_timeout(PATIENCE)
                context.on("weberror", lambda error: complaints.append(str(error.error)))
                context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
                opened[role] = context.new_page()
                if role:
                    sign_in(opened[role], role, to="/me")
            return opened[role]

        window.complaints = complaints  # type: ignore[attr-defined]
        yield window
        for page in opened.values():
            page.context.close()


@pytest.mark.parametrize("screen", [DESK, TWICE, NARROW], ids=["desk", "twice", "narrow"])
def test_every_page_is_for_everybody(world: World, windows: Any, screen: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    folder = SCREENS / str(screen["width"])
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[str]] = {}
    for path, at, role in pages():
        page = windows(role, screen)
        answer = page.goto(world.named(at))
        shown(page.locator("h1").first)
        page.screenshot(path=folder / f"{re.sub('[^a-z]+', '-', path).strip('-') or 'home'}.png", full_page=True)
        faults = [f"axe: {one['id']}" for one in axe.Axe().run(page).response["violations"]]
        faults += [f"answers {answer.status}"] if answer.status != 200 else []
        faults += [] if page.evaluate("document.documentElement.scrollWidth <= innerWidth") else ["scrolls sideways"]
        faults += [f"covered: {one}" for one in page.evaluate(COVERED)]
        faults += [f"of nothing: {one}" for one in page.evaluate(BARE)]
        faults += [f"its title says {one}" for one in CANARIES if one in page.title()]
        faults += [f"complained: {one}" for one in windows.complaints]
        windows.complaints.clear()
        if faults:
            found[path] = faults
    assert found == {}


def test_a_covered_focus_is_seen(windows: Any) -> None:
    page = windows("", DESK)
    page.goto("/sign-in")
    shown(page.locator("h1"))
    assert page.evaluate(COVERED) == []
    page.evaluate("""() => {
        const over = document.body.appendChild(document.createElement("div"));
        Object.assign(over.style, {position: "fixed", inset: "0", background: "white"});
    }""")
    assert any("login" in one for one in page.evaluate(COVERED))


def test_what_is_no_page_is_named_with_why():
    assert {f"GET {path}" for path in NO_PAGES} <= set(ROUTES) and all(NO_PAGES.values())
