"""The help of whoever works here: a page of each service from its card, and the keys, which can be turned off."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from browsing import Window, led_to, user_of
from fastapi import FastAPI
from given import NAMED, founded

from api.main import create_app
from api.rights import ROUTES
from api.shapes import law
from registry.app import Registry
from registry.opening import opened
from registry.settings import Settings
from registry.texts import TEXTS

STATIC = Path(__file__).parent.parent / "api" / "static"
TEMPLATES = Path(__file__).parent.parent / "api" / "templates"


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        founded(registry)
        user_of(registry)
        yield registry


@pytest.fixture
def app(registry: Registry, tmp_path: Path) -> FastAPI:
    return create_app(registry, Settings(data=tmp_path, **NAMED))


@pytest.fixture
def window(app: FastAPI) -> Iterator[Window]:
    with Window(app) as window:
        assert led_to(window.sign_in()) == ("/", None)
        yield window


def words(page: str) -> str:
    """What stands on a page, without its marks, with one blank between words."""
    plain = re.sub(r"<[^>]+>", " ", page).replace("&#39;", "'").replace("&#34;", '"')
    return " ".join(plain.split())


def test_it_lists_the_services_of_today_and_each_has_a_page(window):
    front = window.get("/help").text
    listed = law.listed(date.today())
    assert len(listed) == 9
    for one in listed:
        assert f'href="/help/{one["id"]}#card-{one["card"]}"' in front and one["title"] in front
        page = window.get(f"/help/{one['id']}")
        assert page.status_code == 200 and f'id="card-{one["card"]}"' in page.text


@pytest.mark.parametrize("service", ["register_residence", "issue_extract", "deregister_child_residence"])
def test_a_page_says_each_document_ground_and_refusal_in_the_words_of_the_card(window, service):
    said = words(window.get(f"/help/{service}").text)
    [card] = law.service_on(service, date.today())["cards"]
    for section in ("grounds", "documents", "consents", "refusals", "terms"):
        for one in card[section]:
            assert " ".join(one["wording"].split()) in said, (section, one["id"])


def test_the_fee_is_that_of_the_day(window):
    amounts = law.service_on("register_residence", date.today())["amounts"]
    said = words(window.get("/help/register_residence").text)
    for one in amounts.values():
        assert f"{one['kopiykas'] // 100}" in said and one["reference"] in said


@pytest.mark.parametrize("service", ["no_such", "register_residence'", "%00", "adopt"])
def test_a_service_that_is_none_is_said_to_be_none(window, service):
    answer = window.get(f"/help/{service}")
    assert answer.status_code == 404 and "Не знайдено" in answer.text


def test_whoever_is_not_in_is_led_to_sign_in(app):
    with Window(app) as stranger:
        assert led_to(stranger.get("/help"))[0].startswith("/sign-in")
        assert led_to(stranger.get("/help/register_residence"))[0].startswith("/sign-in")


class TestKeys:
    def test_are_those_that_stand_on_the_buttons(self, window):
        """A key on a button that the help does not name, or the other way round, is a fault."""
        pages = "".join(one.read_text("utf-8") for one in TEMPLATES.glob("*.html"))
        pressed, shown = (set(re.findall(one, pages)) for one in (r'data-key="(\w+)"', r'key\("(\w+)"\)'))
        assert pressed | {"Slash"} == shown == set(TEXTS["shortcuts"])
        front = window.get("/help").text
        letters = [TEXTS["key_letters"][code] for code in TEXTS["shortcuts"]]
        assert all(f"<kbd>{one}</kbd>" in front for one in (*letters, *TEXTS["shortcuts_always"]))

    def test_are_turned_off_and_on_in_this_browser(self, window):
        off = 'data-letters="off"'
        assert off not in window.get("/me").text
        assert led_to(window.sends("/me/keys", letters="off")) == ("/help", None)
        assert off in window.get("/me").text and "не діють як клавіші" in window.get("/help").text
        window.sends("/me/keys", letters="on")
        assert off not in window.get("/me").text

    def test_are_turned_off_by_no_other_site(self, window):
        assert window.post("/me/keys", data={"letters": "off"}).status_code == 403
        assert 'data-letters="off"' not in window.get("/me").text


def test_help_is_for_whoever_works_here_and_tells_of_nobody():
    assert "machine" in ROUTES["GET /help"] and ROUTES["GET /help"] == ROUTES["GET /me"]
