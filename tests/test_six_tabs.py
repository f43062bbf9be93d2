"""Nothing of a desk page is farther than six Tabs from a place that one key reaches: where the page opens, the search
at `/`, the menu at 0, a section at its digit. Arrows lead through radios, lists, tables and rows of buttons. All of
it is walked by keys.
"""

from typing import Any

import pytest
from test_every_page import chromium, pages, windows, world
from test_pages import DESK
from test_viewer import World

__all__ = ["chromium", "windows", "world"]
pytestmark = pytest.mark.slow
FAR = 6
DIGITS = [f"{shift}Digit{number}" for shift in ("", "Shift+") for number in range(1, 10)]
SERVICES = (
    *("/services/register_residence", "/services/register_child_residence"),
    "/persons/{person}/services/register_residence",
)
CONTROLS = "a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex='0']"
WATCHED = """() => {
    window.reached = new Set([document.activeElement]);
    document.addEventListener("focusin", (event) => reached.add(event.target));
}"""
AT = """() => {
    const at = document.activeElement;
    if (at.type === "radio") for (const one of document.getElementsByName(at.name)) reached.add(one);
    const list = at.matches("a,button,summary,[type=checkbox]") && at.closest("nav,ul,ol,dl,table,.acts,[role=group]");
    return list && !list.querySelector("select,textarea,input[name]:not([type=hidden],[type=checkbox],[type=radio])")
        ? list.querySelectorAll("a,button,summary,[type=checkbox]").length : 0;
}"""
LEFT = """(controls) => [...document.querySelectorAll(controls)]
    .filter((one) => one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}) && !reached.has(one))
    .map((one) => one.outerHTML.slice(0, 160))"""


def walked(page: Any, *, by: str) -> None:
    """As many Tabs as may be, and the arrows of each list on the way."""
    for _ in range(FAR):
        page.keyboard.press(by)
        for _ in range(1, page.evaluate(AT)):
            page.keyboard.press("ArrowDown" if by == "Tab" else "ArrowUp")


def far_off(page: Any) -> list[str]:
    """The controls of a page that no place is near."""
    page.evaluate(WATCHED)
    walked(page, by="Tab")
    for key in ("Slash", "Digit0", *DIGITS):
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(key)
        if page.evaluate("document.activeElement === document.body"):
            continue
        page.evaluate(AT)
        walked(page, by="Tab")
        if key in ("Slash", "Digit0"):
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press(key)
            walked(page, by="Shift+Tab")
    return page.evaluate(LEFT, CONTROLS)  # type: ignore[no-any-return]


def test_nothing_is_farther_than_six_tabs(world: World, windows: Any) -> None:
    found: dict[str, list[str]] = {}
    for path, at, role in [*pages(), *((one, one, "head") for one in SERVICES)]:
        page = windows(role, DESK)
        page.goto(world.named(at))
        page.wait_for_load_state()
        if not page.locator("nav.own").count():
            continue  # A page of the public, or of nobody who is in.
        if path in SERVICES:
            for fold in page.locator("#asked summary").all():
                fold.click()
            page.locator("#asked details[open] kbd.digit").first.wait_for()
        if far := far_off(page):
            found[path] = far
    assert found == {}


def test_without_places_much_is_farther(world: World, windows: Any) -> None:
    page = windows("head", DESK)
    page.route("**/static/places.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(world.named(SERVICES[-1]))
    page.wait_for_load_state()
    assert len(far_off(page)) > FAR


def test_a_digit_leads_to_its_section_and_arrows_through_its_list(windows: Any) -> None:
    page = windows("head", DESK)
    page.goto("/help")
    page.wait_for_load_state()
    page.locator("#main:focus").wait_for()
    links = page.locator("section:has(#services) a")
    page.keyboard.press("Digit1")
    assert page.locator("#services kbd").inner_text() == "1"
    for key, at in (("ArrowDown", 1), ("End", 8), ("ArrowDown", 8), ("ArrowUp", 7), ("Home", 0), ("ArrowUp", 0)):
        page.keyboard.press(key)
        assert links.nth(at).evaluate("one => one === document.activeElement"), key
    page.keyboard.press("Numpad0")
    assert page.evaluate("document.activeElement.closest('nav.own') !== null")
    page.keyboard.press("Slash")
    page.keyboard.press("Digit1")
    assert page.locator("input[name=q]").input_value() == "1"


def test_digits_are_off_where_letters_are(windows: Any) -> None:
    page = windows("head", DESK)
    page.goto("/help")
    page.get_by_role("button", name="Вимкнути літери").click()
    page.get_by_role("button", name="Увімкнути літери").wait_for()
    page.wait_for_load_state()
    assert page.locator("kbd.digit").count() == 0
    page.keyboard.press("Digit1")
    assert page.evaluate("document.activeElement.id") == "main"
