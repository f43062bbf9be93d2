"""Picking a dwelling by links alone: street, house, flat; old names lead to today's; nothing of people on the way."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from filing import strict
from given import installation
from running import served
from starlette.testclient import TestClient
from test_api import Desk, desk
from test_pages import DESK, NARROW, TWICE, chromium, page
from test_streets import PLACE, entered, imported, row

from api.main import create_app
from api.routes import address_pages
from registry import texts
from registry.opening import opened

__all__ = ["chromium", "desk", "page", "strict"]


def told(desk: Desk, path: str, status: int = 200, **asked: Any) -> str:
    answer = desk.client.get(path, params=asked or None)
    assert answer.status_code == status, answer.text
    return answer.text.replace("\u00a0", " ")


def hits(page_: str) -> dict[str, str]:
    """What the links of the results say → where they lead."""
    return {
        unescape(text): unescape(to) for to, text in re.findall(r'<a class="hit" href="([^"]*)">([^<]*)</a>', page_)
    }


@pytest.fixture
def town(desk: Desk, tmp_path: Path) -> Desk:
    """A list of three streets, one of them renamed, and some dwellings on them."""
    former = "вул. Лукіна до 13.02.2023"
    imported(
        desk.registry,
        tmp_path,
        row("вул. Вокзальна", "10", "1-12", former=former),
        row("вул. Вокзальна", "2", former=former),
        row("вул. Калинова", "7"),
        row("пров. Калинова", "1"),
    )
    return desk


def press(desk: Desk, path: str, **typed: str) -> Any:
    said = {"command": str(uuid4()), **typed}
    return desk.client.post(path, data=said, follow_redirects=False)


class TestEntering:
    """A flat that the register has not yet is entered from the picker."""

    def street(self, town: Desk, name: str = "вок") -> str:
        [path] = [to for to in hits(told(town, "/addresses", name=name)).values()][:1]
        return path

    def test_a_flat_of_a_house_of_the_list(self, town: Desk) -> None:
        entered(town, "вул. Вокзальна", "10", flat="9")
        street = self.street(town)
        house = told(town, hits(told(town, street))["буд. 10"])
        [further] = re.findall(r'href="([^"]*/new[^"]*)"', house)
        page_ = told(town, unescape(further))
        assert 'name="house" value="10"' in page_ and "1-8, 10-12" in page_ and page_.count('class="main"') >= 1
        before = town.registry.position()
        typed = {"house": "10", "flat": "7", "kind": "private", "command": str(uuid4())}
        said = [press(town, f"{street}/new", **typed) for _ in range(2)]
        assert [one.status_code for one in said] == [303, 303] and town.registry.position() == before + 1
        home = said[0].headers["location"]
        assert said[1].headers["location"] == home
        card = told(town, home)
        assert "вул. Вокзальна" in card and "кв. 7" in card and texts.label("dwelling_kinds", "private") in card
        listed = told(town, hits(told(town, street))["буд. 10"])
        assert "кв. 7" in listed

    def test_one_that_is_there_already_is_offered(self, town: Desk) -> None:
        home = entered(town, "вул. Вокзальна", "10", flat="9")
        before = town.registry.position()
        said = press(town, f"{self.street(town)}/new", house="10", flat="9")
        assert said.status_code == 409 and f'href="/dwellings/{home}"' in said.text
        assert town.registry.position() == before and 'name="confirmed"' in said.text

    def test_what_the_list_has_not_is_said_with_what_to_do_and_confirmed(self, town: Desk) -> None:
        street = self.street(town)
        assert f'href="{street}/new"' in told(town, street)
        assert "Запишіть номер будинку" in press(town, f"{street}/new", house=" ").text
        for typed in ({"house": "77"}, {"house": "10", "flat": "500"}):
            before = town.registry.position()
            said = press(town, f"{street}/new", **typed)
            assert said.status_code == 409 and "немає в переліку громади" in said.text
            assert ("керівника попросіть" in said.text) is ("flat" not in typed)
            assert town.registry.position() == before
            assert press(town, f"{street}/new", **typed, confirmed="1").status_code == 303

    def test_for_a_dwelling_that_becomes_it(self, town: Desk) -> None:
        old = entered(town, "вул. Вокзальна", "2")
        street = self.street(town)
        page_ = told(town, f"{street}/new", readdress=old)
        assert f'name="readdress" value="{old}"' in page_
        said = press(town, f"{street}/new", house="10", flat="3", readdress=str(old))
        assert said.headers["location"].startswith(f"/dwellings/{old}/readdress?successor=")

    def test_not_as_of_an_earlier_day(self, town: Desk) -> None:
        assert "/new" not in told(town, self.street(town), on="2024-01-01")


class TestThePath:
    def test_street_house_flat_dwelling(self, town: Desk) -> None:
        home = entered(town, "вул. Вокзальна", "10", flat="9")
        entered(town, "вул. Вокзальна", "10", flat="11")
        other = entered(town, "вул. Вокзальна", "2")
        street = hits(told(town, "/addresses", name="вок"))["вул. Вокзальна"]
        houses = hits(told(town, street))
        assert list(houses) == ["буд. 2", "буд. 10"]
        assert houses["буд. 2"] == f"/dwellings/{other}"
        flats = told(town, houses["буд. 10"])
        assert list(hits(flats)) == ["кв. 9", "кв. 11"] and hits(flats)["кв. 9"] == f"/dwellings/{home}"
        assert "ще немає: 1-8, 10, 12" in flats
        assert town.client.get(hits(flats)["кв. 9"]).status_code == 200

    def test_an_old_name_of_the_street_leads_to_its_new_one_and_to_dwellings_of_both(self, town: Desk) -> None:
        old = entered(town, "вул. Лукіна", "10", flat="5")
        entered(town, "вул. Вокзальна", "10", flat="6")
        page_ = told(town, "/addresses", name="Лукіна")
        assert "раніше вул. Лукіна, до 13.02.2023" in page_
        flats = hits(told(town, hits(told(town, hits(page_)["вул. Вокзальна"]))["буд. 10"]))
        assert flats["кв. 5"] == f"/dwellings/{old}" and list(flats) == ["кв. 5", "кв. 6"]

    def test_a_house_that_the_list_has_not_is_there_and_said_to_be(self, town: Desk) -> None:
        entered(town, "вул. Калинова", "99")
        page_ = told(town, hits(told(town, "/addresses", name="калин"))["вул. Калинова"])
        assert list(hits(page_)) == ["буд. 7", "буд. 99"] and page_.count("немає в переліку") == 1
        assert "житла в реєстрі немає" in page_

    def test_another_kind_of_street_and_another_place_are_not_mixed_in(self, town: Desk) -> None:
        entered(town, "пров. Калинова", "1")
        entered(town, "вул. Калинова", "5", place="с. Далеке")
        page_ = told(town, hits(told(town, "/addresses", name="калин"))["вул. Калинова"])
        assert list(hits(page_)) == ["буд. 7"]

    def test_a_renumbered_dwelling_is_not_offered_any_more(self, town: Desk) -> None:
        old, new = entered(town, "вул. Калинова", "7"), entered(town, "вул. Калинова", "8")
        said = {"successor": new, "since": "2024-01-01", "reason": "рішення"}
        town.act(f"/dwellings/{old}/readdressing", said)
        page_ = told(town, hits(told(town, "/addresses", name="калин"))["вул. Калинова"])
        assert old not in page_ and new in page_


class TestBounds:
    def test_letters_are_links_and_pages_follow(self, town: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(address_pages, "STREETS", 2)
        first = told(town, "/addresses")
        assert len(hits(first)) == 2 and "name=%D0%9A" in first
        further = unescape(re.findall(r'class="button" href="(/addresses[^"]*)"', first)[0])
        second = told(town, further)
        assert len(hits(second)) == 1 and not set(hits(first).values()) & set(hits(second).values())

    def test_a_great_house_is_paged(self, town: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(address_pages, "HOMES", 2)
        for flat in ("10", "2", "1"):
            entered(town, "вул. Вокзальна", "10", flat=flat)
        street = hits(told(town, "/addresses", name="вок"))["вул. Вокзальна"]
        house = hits(told(town, street))["буд. 10"]
        first = told(town, house)
        further = unescape(re.findall(r'href="([^"]*)" data-key="BracketRight"', first)[0])
        assert list(hits(first)) == ["кв. 1", "кв. 2"] and list(hits(told(town, further))) == ["кв. 10"]
        assert hits(told(town, f"{house}&page=999")) == hits(told(town, further))
        assert hits(told(town, f"{house}&page=хто")) == hits(first)

    def test_both_times_go_along(self, town: Desk) -> None:
        home = entered(town, "вул. Калинова", "7")
        asked = {"on": "2024-05-05"}
        street = hits(told(town, "/addresses", name="калин", **asked))["вул. Калинова"]
        assert hits(told(town, street))["буд. 7"] == f"/dwellings/{home}?on=2024-05-05"
        before = {"known_at": "2000-01-01"}
        assert hits(told(town, "/addresses", **before)) == {}

    def test_no_list_and_nothing_found_say_what_to_do(self, desk: Desk, tmp_path: Path) -> None:
        assert "ще не внесено" in told(desk, "/addresses")
        imported(desk.registry, tmp_path, row("вул. Калинова", "7"))
        page_ = told(desk, "/addresses", name="щщщ")
        assert "починається так, у переліку немає" in page_ and 'href="/"' in page_

    def test_bad_input_is_refused_or_finds_nothing(self, town: Desk) -> None:
        for name in ("\0", "а" * 300, "%%%", "'; DROP", "\u202e"):
            answer = town.client.get("/addresses", params={"name": name})
            assert answer.status_code in (200, 422) and hits(answer.text) == {}, name

    def test_what_is_not_there(self, town: Desk) -> None:
        nobody = "00000000-0000-4000-8000-000000000000"
        assert town.client.get(f"/addresses/{nobody}").status_code == 404
        assert town.client.get("/addresses/калинова").status_code in (404, 422)
        street = hits(told(town, "/addresses", name="калин"))["вул. Калинова"]
        assert "Не знайдено" in told(town, f"{street}/homes", 404, house="777")
        assert "Не знайдено" in told(town, f"{street}/homes", 404)

    def test_the_search_and_the_head_lead_there(self, town: Desk) -> None:
        assert told(town, "/").count('href="/addresses"') == 1
        assert 'href="/addresses"' in told(town, "/addresses")


@pytest.fixture
def address(database_url: str, tmp_path: Path) -> Iterator[str]:
    with opened(database_url) as registry:
        app = create_app(registry, installation(data=tmp_path, second_person=False))
        desk = Desk(TestClient(app), registry)
        rows = [row(f"вул. Дуже Довгої Вигаданої Назви {letter}", "1", "1-300") for letter in "абвгдеєжзи"]
        imported(registry, tmp_path, *rows, row("вул. Вокзальна", "10", "1-12", former="вул. Лукіна до 13.02.2023"))
        for flat in range(1, 20):
            entered(desk, "вул. Вокзальна", "10", flat=str(flat))
        with served(app) as at:
            yield at


def test_axe_finds_nothing_and_nothing_scrolls_sideways_by_links_alone(page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
    for screen in (DESK, NARROW, TWICE):
        page.set_viewport_size(screen)
        page.goto("/addresses")
        for text in ("вул. Вокзальна", "буд. 10", "кв. 9"):
            assert axe.Axe().run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            with page.expect_navigation():
                page.locator("a.hit", has_text=re.compile(f"^{text.replace(' ', '.')}$")).click()
        assert f"{PLACE}, вул. Вокзальна" in page.locator("h1").inner_text().replace("\u00a0", " ")
