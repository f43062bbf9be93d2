"""The residents' extract from the card of a dwelling: who asks, compared with the owners; no surprise."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from browsing import shown, user_of
from given import NAMED
from running import served
from test_api import Desk, desk
from test_dwelling_card import lives, told
from test_pages import PATIENCE, chromium
from test_readdressing_pages import at, mains, plain
from test_signing_browser import sign_in

from api.main import create_app
from registry.aggregates.dwelling.events import Owner, OwnersRecorded
from registry.settings import Settings

__all__ = ["chromium", "desk"]

OWNER = "Вигаданенко Марія Іванівна"
PAPERS = ["identity_document", "ownership_document"]


@pytest.fixture
def home(desk: Desk) -> str:
    home = desk.dwelling("1")
    lives(desk, home, "Мешканенко", "1980-01-01", "2010-01-01")
    return home


@pytest.fixture
def owned(desk: Desk, home: str) -> str:
    told(desk, home, OwnersRecorded(owners=(Owner(name=OWNER, share="1"),)))
    return home


def press(window: Any, home: str, **typed: Any) -> Any:
    path = f"/dwellings/{home}/extracts"
    said = {"what": "issue", "basis": "dwelling_owner", "command": str(uuid4()), **typed}
    return window.sends(path, page=path, **said)


def test_the_one_owner_is_filled_in_with_what_they_show(desk: Desk, owned: str) -> None:
    page = plain(at(desk).get(f"/dwellings/{owned}/extracts"))
    assert f'value="{OWNER}"' in page and page.count(" checked") == 2 and "Мешканенко" in page and mains(page) == 1


def test_of_unknown_owners_nothing_is_filled_in(desk: Desk, home: str) -> None:
    page = plain(at(desk).get(f"/dwellings/{home}/extracts"))
    assert "Не записано" not in page and page.count('name="documents"') == 2 and " checked" not in page


def test_one_press_is_one_document_and_after_a_change_another(desk: Desk, owned: str) -> None:
    window, command = at(desk), str(uuid4())
    typed = {"requester": OWNER, "documents": PAPERS, "command": command}
    said = [press(window, owned, **typed) for _ in range(2)]
    assert [one.status_code for one in said] == [303, 303], plain(said[0])
    assert said[0].headers["location"] == said[1].headers["location"]
    assert window.get(said[0].headers["location"]).content.startswith(b"%PDF")
    lives(desk, owned, "Нова", "1981-01-01", "2012-01-01")
    assert press(window, owned, **typed).headers["location"] != said[0].headers["location"]


def test_a_paper_that_is_not_shown_is_named_and_nothing_recorded(desk: Desk, owned: str) -> None:
    window, before = at(desk), desk.registry.position()
    said = press(window, owned, requester=OWNER, documents=["identity_document"])
    assert said.status_code == 422 and "право власності" in plain(said) and desk.registry.position() == before
    assert plain(said).count(" checked") == 1


@pytest.mark.parametrize("known", [True, False], ids=["others-recorded", "none-recorded"])
def test_an_owner_whom_the_register_does_not_know_is_confirmed(desk: Desk, home: str, known: bool) -> None:
    if known:
        told(desk, home, OwnersRecorded(owners=(Owner(name=OWNER, share="1"),)))
    window, before = at(desk), desk.registry.position()
    typed = {"requester": "Інша Людина", "documents": PAPERS}
    said = press(window, home, **typed)
    assert said.status_code == 409 and 'name="confirmed"' in said.text and desk.registry.position() == before
    assert ("інших власників" in plain(said)) is known
    assert press(window, home, **typed, confirmed="1").status_code == 303


def test_others_show_other_papers(desk: Desk, owned: str) -> None:
    drawn = plain(press(at(desk), owned, what="try", basis="mortgagee"))
    assert re.findall(r'name="documents" value="(\w+)"', drawn) == ["identity_document", "status_proof"]


def test_nobody_named_is_told(desk: Desk, owned: str) -> None:
    before = desk.registry.position()
    said = press(at(desk), owned, requester="", documents=PAPERS)
    assert said.status_code == 422 and desk.registry.position() == before, plain(said)


def test_to_register_here_leads_to_the_service_with_the_dwelling(desk: Desk, home: str) -> None:
    window = at(desk)
    [to] = re.findall(r'href="(/services/register_residence[^"]*)"', window.get(f"/dwellings/{home}").text)
    page = window.get(to).text
    assert f'value="{home}"' in page and "буд. 1" in plain(window.get(to))
    assert home not in window.get("/services/register_residence?dwelling=хтозна").text


def test_two_keys_from_the_card_to_the_document(desk: Desk, owned: str, chromium: Any, tmp_path: Any) -> None:
    user_of(desk.registry)
    before = desk.registry.position()
    with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
        context = chromium.new_context(base_url=address, locale="uk-UA", accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        sign_in(page, to=f"/dwellings/{owned}")
        shown(page.locator("h1"))
        page.keyboard.press("KeyD")
        shown(page.locator("#basis"))
        with page.expect_response(lambda one: one.request.method == "POST" and one.url.endswith("/extracts")) as sent:
            page.keyboard.press("KeyD")
        assert sent.value.status == 303 and sent.value.headers["location"].startswith("/extracts/")
        context.close()
    assert desk.registry.position() > before and desk.registry.dwelling(UUID(owned)).version == 2
