"""Owners, contracts and encumbrances are noted from a dwelling's card by a paper: as new, as they now stand, as ended;
was and will be first, one press one act, and the card and the coming month say it."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from test_api import Desk, desk
from test_dwelling_card import lives, told
from test_readdressing_pages import at, mains, plain

from registry.aggregates.dwelling.events import LeaseRecorded
from registry.storage.mapper import KYIV

__all__ = ["desk"]

OWNERS = {"way": "owners", "owner": ["Власник Вигаданий", ""], "share": ["1/2", ""], "basis": "договір № 417"}
LEASE = {"way": "lease", "number": "14", "tenant": "Орендар Вигаданий", "since": "01.02.2020", "basis": "договір № 14"}
BURDEN = {"way": "encumbrance", "kind": "mortgage", "number": "99-0417", "since": "2019-02-20", "holder": "Банк"}


@pytest.fixture
def home(desk: Desk) -> str:
    home = desk.dwelling("1")
    lives(desk, home, "Орендаренко", "1980-01-01", "2010-01-01")
    return home


def press(window: Any, home: str, what: str, **typed: Any) -> Any:
    path = f"/dwellings/{home}/rights"
    return window.sends(path, page=path, what=what, **{"command": str(uuid4()), "version": "1", **typed})


def read(desk: Desk, home: str) -> Any:
    return desk.get(f"/dwellings/{home}").json()


def test_the_card_leads_there_and_what_would_be_is_told_first(desk: Desk, home: str) -> None:
    window, before = at(desk), desk.registry.position()
    assert f'href="/dwellings/{home}/rights"' in window.get(f"/dwellings/{home}").text
    tried = press(window, home, "try", **OWNERS)
    said = plain(tried)
    assert tried.status_code == 200 and "Власник Вигаданий, 1/2" in said and mains(said) == 1
    assert desk.registry.position() == before


def test_owners_are_recorded_once_and_filled_in_the_next_time(desk: Desk, home: str) -> None:
    window, before, command = at(desk), desk.registry.position(), str(uuid4())
    person = read(desk, home + "/residents")["answer"][0]["person_id"]
    typed = {**OWNERS, "owner": ["Власник Вигаданий", ""], "share": ["1/2", "1/2"], "person": ["", person]}
    said = [press(window, home, "record", command=command, **typed) for _ in range(2)]
    assert [one.status_code for one in said] == [303, 303] and desk.registry.position() == before + 1
    owners = read(desk, home)["owners"]
    assert [(one["share"], one["person"]) for one in owners["owners"]] == [("1/2", None), ("1/2", person)]
    assert "Орендаренко" in owners["owners"][1]["name"] and owners["basis"] == "договір № 417"
    page = plain(window.get(f"/dwellings/{home}/rights"))
    assert 'value="Власник Вигаданий"' in page and f'value="{person}" selected' in page


def test_a_lease_ends_from_the_card_and_is_in_the_coming_month(desk: Desk, home: str) -> None:
    window = at(desk)
    assert press(window, home, "record", **LEASE).status_code == 303
    soon = (datetime.now(KYIV).date() + timedelta(9)).isoformat()
    [led] = re.findall(rf'href="(/dwellings/{home}/rights\?way=lease&amp;of=1)"', window.get(f"/dwellings/{home}").text)
    filled = plain(window.get(led.replace("&amp;", "&")))
    assert 'name="number" value="14"' in filled and 'value="Орендар Вигаданий"' in filled
    ends = {**LEASE, "until": soon, "basis": "додаткова угода", "version": "2"}
    assert press(window, home, "record", **ends).status_code == 303
    [lease] = read(desk, home)["leases"]
    assert (lease["until"], lease["basis"]) == (soon, "додаткова угода")
    assert "ще 9 днів" in plain(window.get(f"/dwellings/{home}"))
    assert "Закінчується договір оренди" in plain(window.get("/")) and "буд. 1" in plain(window.get("/coming/leases"))


def test_whose_residence_rests_on_a_contract_stays_said(desk: Desk, home: str) -> None:
    row = read(desk, home + "/residents")["answer"][0]
    person, residence = UUID(row["person_id"]), UUID(row["residence_id"])
    told(desk, home, LeaseRecorded(number="", lessee=person, of_residence=residence, until="2030-01-01"))
    body = {"lessee": str(person), "terminated_on": "2024-05-01", "basis": "угода про розірвання"}
    desk.act(f"/dwellings/{home}/leases", body)
    [lease] = desk.registry.dwelling(UUID(home)).leases
    assert (lease.of_residence, lease.terminated_on) == (residence, "2024-05-01")


def test_an_encumbrance_is_lifted_by_its_number(desk: Desk, home: str) -> None:
    window = at(desk)
    assert press(window, home, "record", **BURDEN).status_code == 303
    assert "Іпотека № 99-0417" in plain(window.get(f"/dwellings/{home}"))
    lifted = {**BURDEN, "until": "2024-03-01", "version": "2"}
    told_first = plain(press(window, home, "try", **lifted))
    assert "01.03.2024" in told_first and "99-0417" in told_first
    assert press(window, home, "record", **lifted).status_code == 303
    assert "Припинені: 1" in plain(window.get(f"/dwellings/{home}"))


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ({**OWNERS, "basis": ""}, 422, "Підстава"),
        ({**OWNERS, "owner": [""], "share": ["1/2"]}, 422, "owner-1"),
        ({**LEASE, "number": ""}, 422, "Номер"),
        ({**LEASE, "until": "2019-01-01"}, 422, "Закінчення раніше за початок"),
        ({**LEASE, "lessee": str(UUID(int=9))}, 422, "Такої особи в реєстрі немає"),
        ({**BURDEN, "kind": ""}, 422, "Вид"),
        ({**BURDEN, "since": "31.02.2024"}, 422, "Дата початку"),
        ({**BURDEN, "version": "9"}, 409, "змін"),
    ],
    ids=["no-paper", "no-name", "no-number", "ends-first", "nobody", "no-kind", "no-such-day", "old-page"],
)
def test_what_is_wrong_is_said_and_stays_typed(
    desk: Desk, home: str, typed: dict[str, Any], status: int, says: str
) -> None:
    window, before = at(desk), desk.registry.position()
    for what in ("try", "record"):
        answer = press(window, home, what, **typed)
        assert answer.status_code == status and says in plain(answer), plain(answer)
    assert desk.registry.position() == before


def test_who_may_not_act_is_led_nowhere(desk: Desk, home: str) -> None:
    window = at(desk, "auditor")
    assert "/rights" not in window.get(f"/dwellings/{home}").text
    assert window.get(f"/dwellings/{home}/rights").status_code == 403
