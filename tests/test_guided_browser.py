"""The states of a guided page in a browser, for everybody: empty, answered, with faults."""

from browsing import fits
from desk_windows import Windows, address, windows
from test_api import Desk, desk
from test_pages import chromium

__all__ = ["address", "chromium", "desk", "windows"]


def test_a_newcomer_with_faults(desk: Desk, windows: Windows) -> None:
    desk.dwelling()
    page = windows()
    page.goto("/services/register_residence")
    page.wait_for_load_state()
    for name, text in (("surname", "Вигаданенко"), ("given_names", "Тест"), ("birth_date", "03.02.1988")):
        page.locator(f'[id="1-{name}"]').fill(text)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator('[id="1-dwelling-find"]').fill("Калинова")
        page.locator('[id="1-dwelling-find"]').press("Tab")
    page.locator("#asked label", has_text="Калинова").click()
    page.locator("#panel", has_text="паспортний документ").wait_for()
    page.locator("#panel:not([aria-busy])").wait_for()
    fits(page, "answered")
    page.locator("main").focus()
    page.keyboard.press("KeyE")
    page.locator(".faults:focus").wait_for()
    assert page.locator('[id="1-surname"]').input_value() == "Вигаданенко"
    fits(page, "fault")
