"""The page of an application: each press is one act, and what is wrong is said and changes nothing."""

import re
from typing import Any

import httpx
import pytest
from test_api import Desk, desk
from test_guided_services import NEWCOMER, again, asks
from test_home import window

__all__ = ["desk"]
PATH = "/services/register_residence"


def received(desk: Desk) -> str:
    """An application that is only received, without a check answered or a paper given."""
    page = asks(desk, PATH, **NEWCOMER, **{"1-dwelling": desk.dwelling(), "1-right": "owner"})
    answer = again(desk, PATH, page, press="receive")
    assert answer.status_code == 303, answer.text
    where: str = answer.headers["location"]
    return where


def press(desk: Desk, where: str, what: str, **said: Any) -> httpx.Response:
    page = desk.client.get(where).text
    hidden = {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("command", "version")}
    return desk.client.post(where, data={**hidden, "press": what, **said}, follow_redirects=False)


def answered(desk: Desk, where: str) -> None:
    """Every check of it is answered, and every paper brought."""
    for said in (
        {"check": "ownership", "ownership-owners": "1"},
        {"check": "encumbrance", "encumbrance-encumbrance": "none"},
        {"check": "payment", "payment-kopiykas": "49,92", "payment-receipt": "118"},
    ):
        assert press(desk, where, "answer", part="1", **said).status_code == 303, said
    papers = re.findall(r'name="documents" value="([^"]+)"', desk.client.get(where).text)
    assert "identity_document" in papers
    assert press(desk, where, "bring", part="1", documents=papers).status_code == 303


def test_checks_and_papers_come_later(desk: Desk) -> None:
    where = received(desk)
    assert press(desk, where, "decide").status_code == 422
    answered(desk, where)
    assert press(desk, where, "decide").status_code == 303
    assert desk.get(where).json()["status"] == "granted"


def test_a_newcomer_like_somebody_held_is_told_to_be_another_on_the_page(desk: Desk) -> None:
    where = received(desk)
    names = {"surname": "Вигаданенко", "given_names": "Тест", "patronymic": "Тестович", "birth_date": "1988-02-03"}
    held = desk.person(**names)
    answered(desk, where)
    before = desk.registry.position()
    page = press(desk, where, "decide")
    assert page.status_code == 422 and desk.registry.position() == before
    assert "candidate" not in page.text and "distinct_from у" not in page.text and "лише схожа" in page.text
    assert "Вигаданенко: те саме" in page.text and f'name="distinct_from" value="{held}"' in page.text
    assert "звідки" in press(desk, where, "decide", distinct_from=held).text.lower()
    other = {"distinct_from": held, "distinct_reason": "інший документ"}
    answer = press(desk, where, "decide", **other)
    assert answer.status_code == 303, answer.text
    [person] = desk.get(where).json()["parts"][0]["register"]["persons"]
    assert person["person"] != held and desk.get(where).json()["status"] == "granted"


def test_it_is_withdrawn(desk: Desk) -> None:
    where = received(desk)
    assert press(desk, where, "withdraw", said_by="applicant", paper="заява").status_code == 303
    assert desk.get(where).json()["status"] == "withdrawn" and "Вирішити" not in desk.client.get(where).text


@pytest.mark.parametrize(
    ("what", "said", "status"),
    [
        ("?", {}, 422),
        ("answer", {"part": "1", "check": "?"}, 422),
        ("answer", {"part": "1", "check": "payment", "payment-kopiykas": "багато"}, 422),
        ("answer", {"part": "x", "check": "ownership", "ownership-owners": "1"}, 422),
        ("bring", {"part": "1"}, 422),
        ("leave", {}, 422),
        ("movement", {}, 422),
        ("withdraw", {"said_by": "?"}, 422),
        ("decide", {"command": "?"}, 400),
        ("decide", {"acted_on": "учора"}, 422),
        ("answer", {"version": "0", "part": "1", "check": "ownership", "ownership-owners": "1"}, 412),
    ],
)
def test_a_bad_press_says_why_and_records_nothing(desk: Desk, what: str, said: dict[str, str], status: int) -> None:
    where = received(desk)
    before = desk.registry.position()
    answer = press(desk, where, what, **said)
    assert answer.status_code == status and desk.registry.position() == before, answer.text


def test_the_visit_that_goes_on_may_end_here(desk: Desk) -> None:
    where, clerk = received(desk), window(desk)
    assert "Наступний відвідувач" not in clerk.get(where).text
    clerk.sends("/visit", purpose="application")
    assert "Візит триває" in clerk.get(where).text and "Наступний відвідувач" in clerk.get(where).text
