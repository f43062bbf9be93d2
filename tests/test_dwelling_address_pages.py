"""An address is renamed or corrected by a page: was and will be, whose extracts fall, one press one act."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from test_api import Desk, desk
from test_dwelling_card import lives
from test_pages_agree import OWNER, SHOWN
from test_readdressing_pages import at, mains, plain

__all__ = ["desk"]

ADDRESS = {"settlement": "смт Вигадівка", "street": "вул. Вільна", "house": "1"}
RENAMED = {"way": "renamed", "since": "01.02.2024", "reason": "рішення № 5", **ADDRESS}
WRONG = {"way": "wrong", "reason": "описка", "kind": "private", **ADDRESS}


@pytest.fixture
def home(desk: Desk) -> str:
    home = desk.dwelling("1")
    lives(desk, home, "Незрушенко", "1980-01-01", "2010-01-01")
    return home


def press(window: Any, home: str, what: str, **typed: str) -> Any:
    path = f"/dwellings/{home}/address"
    return window.sends(path, page=path, what=what, **{"command": str(uuid4()), "version": "1", **typed})


def test_the_card_leads_there_and_the_page_is_filled_with_what_is(desk: Desk, home: str) -> None:
    window = at(desk)
    assert f'href="/dwellings/{home}/address"' in window.get(f"/dwellings/{home}").text
    page = plain(window.get(f"/dwellings/{home}/address"))
    assert 'name="house" value="1"' in page and "Незрушенко" in page and mains(page) == 1 and "Записати" not in page
    assert '<option value="private" selected>' in window.get(f"/dwellings/{home}/address?way=wrong").text


def test_renamed_tells_first_and_moves_nobody(desk: Desk, home: str) -> None:
    number = desk.act(f"/dwellings/{home}/extracts", {**OWNER, **SHOWN})["number"]
    window, before = at(desk), desk.registry.position()
    tried = press(window, home, "try", **RENAMED)
    told = plain(tried)
    assert tried.status_code == 200 and "вул. Вільна" in told and "з 01.02.2024" in told and mains(told) == 1
    assert number in told and "застаріє" in told and desk.registry.position() == before
    said = [press(window, home, "record", command=str(UUID(int=7)), **RENAMED) for _ in range(2)]
    assert [one.status_code for one in said] == [303, 303] and desk.registry.position() == before + 1
    card = plain(window.get(f"/dwellings/{home}"))
    assert "вул. Вільна" in card and "Незрушенко" in card
    # It was issued when the dwelling was already called otherwise.
    assert desk.get(f"/extracts/{number}").json()["superseded_on"]


def test_a_correction_names_the_extracts_that_fall(desk: Desk, home: str) -> None:
    number = desk.act(f"/dwellings/{home}/extracts", {**OWNER, **SHOWN})["number"]
    window, before = at(desk), desk.registry.position()
    told = plain(press(window, home, "try", **WRONG))
    assert number in told and "застаріє" in told and "описка" in told and desk.registry.position() == before
    assert press(window, home, "record", **WRONG).headers["location"] == f"/dwellings/{home}"
    assert desk.get(f"/extracts/{number}").json()["superseded_on"]


def test_the_first_address_is_what_a_correction_is_of(desk: Desk, home: str) -> None:
    desk.act(f"/dwellings/{home}/names", {"address": ADDRESS, "since": "2024-02-01"})
    page = plain(at(desk).get(f"/dwellings/{home}/address?way=wrong"))
    assert 'name="street" value="вул. Калинова"' in page and "тепер воно зветься" in page and "вул. Вільна" in page


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ({**RENAMED, "since": "31.02.2024"}, 422, "З якого дня"),
        ({**RENAMED, "since": ""}, 422, "З якого дня"),
        ({**WRONG, "reason": ""}, 422, "причин"),
        ({**RENAMED, "version": "9"}, 409, "змін"),
        ({**WRONG, "kind": "палац"}, 422, "Вид"),
    ],
    ids=["no-such-day", "no-day", "no-reason", "old-page", "no-such-kind"],
)
def test_what_is_wrong_is_said_and_stays_typed(
    desk: Desk, home: str, typed: dict[str, str], status: int, says: str
) -> None:
    before = desk.registry.position()
    window = at(desk)
    for what in ("try", "record"):
        said = press(window, home, what, **typed)
        assert said.status_code == status and "вул. Вільна" in said.text, plain(said)
    assert desk.registry.position() == before


def test_an_address_of_another_dwelling_is_confirmed(desk: Desk, home: str) -> None:
    there = desk.dwelling("2")
    window, before = at(desk), desk.registry.position()
    said = press(window, home, "try", **{**WRONG, "street": "вул. Калинова", "house": "2"})
    assert said.status_code == 409 and f'href="/dwellings/{there}"' in said.text and 'name="confirmed"' in said.text
    typed = {**WRONG, "street": "вул. Калинова", "house": "2", "confirmed": "1"}
    assert press(window, home, "record", **typed).status_code == 303 and desk.registry.position() == before + 1


def test_others_do_not(desk: Desk, home: str) -> None:
    assert at(desk, "auditor").get(f"/dwellings/{home}/address").status_code == 403
