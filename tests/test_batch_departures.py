"""Who left an institution, as a table: each row is a notice about somebody of the register, and is judged alone."""

from typing import Any

import pytest
import test_batches
from test_api import Desk, desk
from test_batches import Table, facts

__all__ = ["desk"]
PATH = "/batches/departures"
HEAD = "Прізвище;Ім’я;По батькові;Дата народження;УНЗР;Документ особи;Папери подано"


@pytest.fixture(autouse=True)
def there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_batches, "PATH", PATH)


def settled(desk: Desk, surname: str, unzr: str | None) -> str:
    person = desk.person(surname=surname, given_names="Іван", patronymic="Іванович", birth_date="1988-02-03", unzr=unzr)
    desk.settled(person, desk.dwelling(kind="social_institution"))
    return person


def begun(desk: Desk, *rows: str, **more: Any) -> Table:
    page = Table(desk, desk.client.get(PATH))
    said = {"0-notice_sender": "Вигадана установа", "0-notice_number": "17", "0-notice_dated": "01.03.2025"}
    return page.press("load", pasted="\n".join([HEAD, *rows]), **said, **more)


def test_who_is_surely_meant_is_found_and_every_row_is_an_application_of_its_own(desk: Desk) -> None:
    first, second = settled(desk, "Вибуленко", "19880203-00014"), settled(desk, "Вибуйко", "19880203-00021")
    page = begun(
        desk,
        "Вибуленко;Іван;Іванович;03.02.1988;19880203-00014;ID-картка;усі",
        "Вибуйко;Іван;Іванович;03.02.1988;19880203-00021;ID-картка;усі",
        **{"0-military": "no"},
    )
    assert page.states == ["буде надано"] * 2, page.text
    before = desk.registry.position()
    done = page.press("record")
    assert len(done.recorded) == 2 and "Записано рядків: 2" in done.text
    assert [facts(desk, one)[-1] for one in done.recorded] == ["residence-deregistered"] * 2
    for application, person in zip(done.recorded, (first, second), strict=True):
        part = desk.get(f"/applications/{application}").json()["parts"][0]
        assert part["asked"]["ground"] == "institution_notice" and part["register"]["persons"][0]["person"] == person
    after = desk.registry.position()
    assert after > before and len(done.press("record").recorded) == 2 and desk.registry.position() == after


def test_without_a_number_whoever_is_found_is_offered_and_chosen(desk: Desk) -> None:
    person = settled(desk, "Вибуленко", None)
    page = begun(desk, "Вибуленко;Іван;Іванович;03.02.1988;;ID-картка;усі", **{"0-military": "no"})
    assert (
        page.states == ["виправити"]
        and "нова особа" not in page.text
        and f'name="1-person" value="{person}"' in page.text
    ), page.text
    assert page.press(**{"1-person": person}).states == ["буде надано"]


@pytest.mark.parametrize(
    "row",
    [
        "Вибуленко;Іван;Іванович;04.02.1988;19880203-00014;ID-картка;усі",
        "Вибуленко;Петро;Іванович;03.02.1988;19880203-00014;ID-картка;усі",
        "Невідомий;Іван;Іванович;03.02.1988;;ID-картка;усі",
    ],
    ids=["another-birth", "another-name", "nobody"],
)
def test_who_is_not_surely_meant_is_never_recorded(desk: Desk, row: str) -> None:
    settled(desk, "Вибуленко", "19880203-00014")
    page = begun(desk, row, **{"0-military": "no"})
    assert page.states != ["буде надано"]
    before = desk.registry.position()
    assert not page.press("record").recorded and desk.registry.position() == before


def test_the_same_person_twice_is_said(desk: Desk) -> None:
    settled(desk, "Вибуленко", "19880203-00014")
    row = "Вибуленко;Іван;Іванович;03.02.1988;19880203-00014;ID-картка;усі"
    page = begun(desk, row, row, **{"0-military": "no"})
    assert page.states == ["буде надано", "виправити"]


def test_one_row_that_cannot_be_recorded_keeps_no_other(desk: Desk) -> None:
    settled(desk, "Вибуленко", "19880203-00014")
    nowhere = desk.person(surname="Ніденко", given_names="Іван", birth_date="1988-02-03", unzr="19880203-00021")
    page = begun(
        desk,
        "Ніденко;Іван;;03.02.1988;19880203-00021;ID-картка;усі",
        "Вибуленко;Іван;Іванович;03.02.1988;19880203-00014;ID-картка;усі",
        **{"0-military": "no"},
    )
    assert page.states[1] == "буде надано" != page.states[0] and nowhere in page.text
    assert len(page.press("record").recorded) == 1
