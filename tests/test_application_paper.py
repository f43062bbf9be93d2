"""What is printed before the decision: the application to be signed, the consents, the receipt of what was brought."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from browsing import Window, token_of, user_of
from filing import MOVE, about, filed
from given import NAMED, anywhere
from test_api import Desk, desk
from test_guided_services import NEWCOMER, form_of

from api.main import create_app
from registry import viewer
from registry.settings import Settings
from registry.storage import access

__all__ = ["desk"]
PAGE = "/services/register_residence"


@pytest.fixture
def window(desk: Desk) -> Iterator[Window]:
    user_of(desk.registry)
    with Window(create_app(desk.registry, Settings(data=anywhere(), **NAMED))) as window:
        window.sign_in()
        yield window


@pytest.fixture
def received(desk: Desk) -> dict[str, str]:
    """An application that waits for its decision, and its person, who lives here already."""
    person = desk.person()
    desk.settled(person, desk.dwelling("1"), "2010-07-15")
    to = desk.dwelling("17")
    body = filed(desk, **MOVE, register=about(person, dwelling=to), consents=["owner_1"])
    body.pop("checks"), body.pop("acted_on")
    told = desk.act("/applications", body)
    assert told["status"] == "received"
    return {"application": told["application"], "person": person, "code": told["code"]}


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")]).split())


def test_the_application_is_filled_in_and_has_a_place_for_the_hand(
    desk: Desk, window: Window, received: dict[str, str]
) -> None:
    page = window.get(f"/applications/{received['application']}/application")
    assert page.status_code == 200, page.text
    said = plain(page.text)
    for words in ("Заява", "буд. 17", "паспортний документ особи", "Підпис", "Довільна форма", "Це не витяг"):
        assert words in said, said
    assert received["code"] in said
    assert said.count("Даю згоду") == 1 and "згода власника" in said
    [title] = re.findall(r"<title>([^<]*)", page.text)
    assert "Вигадан" not in title


def test_the_receipt_lists_what_was_handed_in(desk: Desk, window: Window, received: dict[str, str]) -> None:
    said = plain(window.get(f"/applications/{received['application']}/receipt").text)
    for words in ("Опис прийнятих документів", "паспортний документ особи", "згода власника", "Здав (здала)"):
        assert words in said, said


def test_it_is_a_look_at_whom_it_shows(desk: Desk, window: Window, received: dict[str, str]) -> None:
    for paper in ("application", "receipt"):
        before = access.latest(desk.registry.access, limit=1)
        assert window.get(f"/applications/{received['application']}/{paper}").status_code == 200
        [look] = access.latest(desk.registry.access, limit=1)
        assert received["person"] in str(look) and [look] != before


def test_whoever_is_hidden_is_not_printed(
    desk: Desk, window: Window, received: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewer, "viewer_of", lambda who: viewer.NOBODY)
    for paper in ("application", "receipt"):
        assert window.get(f"/applications/{received['application']}/{paper}").status_code == 403
        assert window.get(f"/applications/{uuid4()}/{paper}").status_code == 404


def test_of_a_draft_it_is_printed_before_anything_is_filed(desk: Desk, window: Window) -> None:
    fields = {name: values[0] for name, values in form_of(window.get(PAGE)).fields.items()}
    said = {**NEWCOMER, "1-dwelling": desk.dwelling("23"), "1-right": "owner", "1-documents": "identity_document"}
    before = desk.registry.position()
    assert window.post("/drafts", data={**fields, **said}).status_code == 303
    assert f'href="/drafts/{fields["draft"]}/application"' in window.get("/drafts").text
    page = window.get(f"/drafts/{fields['draft']}/application")
    assert page.status_code == 200, page.text
    told = plain(page.text)
    for words in ("Вигаданенко Тест Тестович", "03.02.1988", "000900003", "буд. 23", "паспортний документ особи"):
        assert words in told, told
    assert desk.registry.position() == before


def test_a_draft_that_is_no_application_yet_says_what_is_wrong(desk: Desk, window: Window) -> None:
    fields = {name: values[0] for name, values in form_of(window.get(PAGE)).fields.items()}
    said = {**NEWCOMER, "1-birth_date": "колись"}
    assert window.post("/drafts", data={**fields, **said}).status_code == 303
    page = window.get(f"/drafts/{fields['draft']}/application")
    assert page.status_code == 422 and "<h1>" in page.text and token_of(page)


def test_what_is_no_draft_of_theirs_is_not_there(desk: Desk, window: Window) -> None:
    assert [window.get(f"/drafts/{one}/application").status_code for one in (uuid4(), "x")] == [404, 404]
