"""The services as guided pages: the same facts as by the API, and nothing done twice or unseen."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from test_api import Desk, desk

__all__ = ["desk"]

NEWCOMER = {
    "1-surname": "Вигаданенко",
    "1-given_names": "Тест",
    "1-patronymic": "Тестович",
    "1-birth_date": "03.02.1988",
    "1-document_kind": "passport_card",
    "1-document_number": "000900003",
}
CHECKED = {"ownership": {"owners": "1"}, "encumbrance": {"encumbrance": "none"}, "payment": {"receipt": "118"}}


class _Form(HTMLParser):
    """The fields of the guided form as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.papers: list[tuple[str, str]] = []
        self.checks: set[str] = set()
        self.inside, self.select = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("id") == "guided"
        if not self.inside or tag not in ("input", "select", "option"):
            return
        if tag == "select":
            self.select = said["name"]
            self._checked(said["name"])
        elif tag == "option":
            if "selected" in said:
                self._add(self.select, said["value"])
        elif said.get("type") in ("radio", "checkbox"):
            if "checked" in said:
                self._add(said["name"], said["value"])
            if re.fullmatch(r"[0-9]+-(documents|consents)", said["name"]):
                self.papers.append((said["name"], said["value"]))
        else:
            self._add(said["name"], said.get("value", ""))
            self._checked(said["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False

    def _add(self, name: str, value: str) -> None:
        if value:
            self.fields.setdefault(name, []).append(value)

    def _checked(self, name: str) -> None:
        if found := re.fullmatch(r"([0-9]+-(?:ownership|encumbrance|civil_status|payment|absence))-.*", name):
            self.checks.add(found[1])


def form_of(page: httpx.Response) -> _Form:
    read = _Form()
    read.feed(page.text)
    return read


def fee_of(page: httpx.Response, number: int) -> str:
    return (re.findall(r"<h3>Збір ([0-9]+,[0-9]{2}) грн", page.text) or ["0"])[min(number, 1) - 1]


def asks(desk: Desk, path: str, **answers: Any) -> httpx.Response:
    """The page with these answers; everything else as it stands on the page."""
    page = desk.client.get(path)
    assert page.status_code == 200, page.text
    return again(desk, path, page, press="refresh", **answers)


def again(desk: Desk, path: str, page: httpx.Response, **answers: Any) -> httpx.Response:
    fields: dict[str, Any] = {**form_of(page).fields, **answers}
    return desk.client.post(path, data=fields, follow_redirects=False)


def everything(desk: Desk, path: str, page: httpx.Response) -> dict[str, Any]:
    """Every paper and every check that the page asks for."""
    for _ in range(3):
        form = form_of(page)
        more: dict[str, Any] = {}
        for name, id in form.papers:
            more.setdefault(name, []).append(id)
        for place in form.checks:
            number, check = place.split("-")
            said = dict(CHECKED.get(check, {"reason": "запис"}))
            if check == "payment":
                said["kopiykas"] = fee_of(page, int(number))
            more |= {f"{place}-{name}": value for name, value in said.items()}
        page = again(desk, path, page, press="refresh", **more)
        assert page.status_code == 200, page.text
    return {**form_of(page).fields}


def done(desk: Desk, path: str, *, press: str = "decide", **answers: Any) -> dict[str, Any]:
    """A whole story by the page: answered, with every paper and check, and pressed. The application as the API has it."""
    page = asks(desk, path, **answers)
    fields = everything(desk, path, page)
    answer = desk.client.post(path, data={**fields, "press": press}, follow_redirects=False)
    assert answer.status_code == 303, summary(answer)
    return desk.get(answer.headers["location"]).json()


def summary(page: httpx.Response) -> Any:
    return re.findall(r'<li><a href="#([^"]*)">([^<]*)</a>|class="fault"[^>]*>([^<]*)<', page.text), page.text[:300]


def facts(desk: Desk, application: dict[str, Any]) -> list[str]:
    [person] = application["parts"][0]["register"]["persons"]
    return [one["name"] for one in desk.get(f"/persons/{person['person']}/facts").json()["facts"]]


class TestANewcomer:
    PATH = "/services/register_residence"

    def test_is_entered_and_registered_by_one_press(self, desk: Desk) -> None:
        home = desk.dwelling()
        told = done(desk, self.PATH, **NEWCOMER, **{"1-dwelling": home, "1-right": "owner"})
        assert told["status"] == "granted", told
        assert facts(desk, told) == ["person-entered", "residence-registered"]

    def test_the_page_of_the_application_says_what_was_recorded(self, desk: Desk) -> None:
        told = done(desk, self.PATH, **NEWCOMER, **{"1-dwelling": desk.dwelling(), "1-right": "owner"})
        page = desk.client.get(f"/applications/{told['application']}")
        assert page.status_code == 200 and "Внесено особу до реєстру" in page.text and "Вигаданенко" in page.text

    def test_received_only_it_goes_on_from_its_page(self, desk: Desk) -> None:
        told = done(desk, self.PATH, press="receive", **NEWCOMER, **{"1-dwelling": desk.dwelling(), "1-right": "owner"})
        assert told["status"] == "received"
        path = f"/applications/{told['application']}"
        page = desk.client.get(path)
        hidden = {name: re.findall(rf'name="{name}" value="([^"]*)"', page.text)[0] for name in ("command", "version")}
        answers = [desk.client.post(path, data={**hidden, "press": "decide"}, follow_redirects=False) for _ in range(2)]
        assert [one.status_code for one in answers] == [303, 303], summary(answers[0])
        assert desk.get(path).json()["status"] == "granted"
