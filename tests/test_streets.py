"""The community's own list of streets: imported, renamed and corrected as data; dwellings compared with it; one address
twice at the door."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from bad_values import BROKEN, MARK
from clerks import Clerk
from clocks import StoppedClock
from conftest import _database
from filing import strict
from given import CLERK, entries, installation
from running import Command, staffed
from starlette.testclient import TestClient
from test_api import Desk, codes, desk

from api.main import create_app
from registry import addresses, journal, streets
from registry.aggregates.dwelling.events import Address, DwellingEntered
from registry.aggregates.street import decisions
from registry.aggregates.street.events import (
    HousesUnlisted,
    ListedHouse,
    StreetName,
    StreetRenamed,
    StreetVersion,
    street_id,
)
from registry.aggregates.street.matching import OnList, judged, same, twins
from registry.aggregates.street.state import NO_STREET, HeldHouse, fold
from registry.aggregates.values import Impossible
from registry.app import Registry
from registry.card_index import street_list, street_names
from registry.opening import opened
from registry.projections import addresses as address_rows
from registry.projections import houses as house_rows
from registry.projections import streets as street_rows
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["desk", "strict"]

HEADER = "settlement,street,former_names,basis,katottg,district,house,building,flats\n"
PLACE, CODE = "м. Вигадів", "UA99020010100000021"
TODAY = date(2025, 3, 11)


def row(street: str, house: str = "", flats: str = "", former: str = "", place: str = PLACE, **more: str) -> str:
    said = {"basis": "", "katottg": "", "district": "", "building": "", **more}
    cells = (place, street, former, said["basis"], said["katottg"], said["district"], house, said["building"], flats)
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def clerk(registry: Registry, *, two: bool = False, id: str = "clerk-1") -> Clerk:
    return Clerk(registry, type(CLERK)(id, CLERK.name), two)


def imported(registry: Registry, folder: Path, *rows: str, two: bool = False, **how: Any) -> street_list.LoadedStreets:
    file = folder / "vulytsi.csv"
    file.write_text(HEADER + "".join(rows), "utf-8")
    return street_list.load(file, clerk=clerk(registry, two=two), **how)


def entered(desk: Desk, street: str | None, house: str = "7", place: str = PLACE, **more: Any) -> str:
    address = {"settlement": place, "street": street, "house": house, **more}
    body = {"address": {name: value for name, value in address.items() if value}, "kind": "private"}
    return desk.act("/dwellings", {**body, "confirmed": True})["dwelling"]


def listed(desk: Desk, **asked: Any) -> list[tuple[str, list[str]]]:
    answer = desk.get("/streets", **asked).json()["answer"]
    return [(one["name"], [name["name"] for name in one["names"]]) for one in answer]


def counts(desk: Desk, street: str, **asked: Any) -> dict[str, int]:
    rows = desk.get("/streets/reconciliation", **asked).json()["answer"]
    return next(one["counts"] for one in rows if one["name"] == street)


def behind(desk: Desk, name: str, state: str, **asked: Any) -> list[dict[str, Any]]:
    (id,) = [one["street"] for one in desk.get("/streets", name=name).json()["answer"]]
    return desk.get(f"/streets/{id}/reconciliation", state=state, **asked).json()["answer"]


class TestKeys:
    @pytest.mark.parametrize(
        "spelled",
        [
            "вул. Лесі Українки",
            "вулиця Лесі Українки",
            "вул.Лесі Українки",
            "Лесі Українки вул.",
            "ВУЛ. УКРАЇНКИ ЛЕСІ",
            "вул. Лесi Укpаїнки",
            "Лесі Українки",
        ],
    )
    def test_one_street_in_many_spellings(self, spelled: str) -> None:
        assert addresses.street(spelled).may_be(addresses.street("вул. Лесі Українки"))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("вул. Шевченка", "пров. Шевченка"),
            ("б-р Миру", "просп. Миру"),
            ("вул. Садова", "вул. Садовий тупик"),
            ("вул. Перша", "вул. Друга"),
        ],
    )
    def test_and_others_that_are_not(self, one: str, other: str) -> None:
        assert not addresses.street(one).may_be(addresses.street(other))

    def test_kinds_and_letters(self) -> None:
        assert addresses.street("бульвар Ґонти") == addresses.street("б-р Гонти")
        assert addresses.street("В'їзд Парковий") == addresses.street("в’їзд Парковий")
        assert addresses.street("Воїнів-інтернаціоналістів") == addresses.street("Воїнів інтернаціоналістів")
        assert addresses.street("вул. Набережна").key == addresses.street("Набережна").key != ""
        assert addresses.settlement("смт Вигадівка") == addresses.settlement("селище Вигадівка")
        assert not addresses.settlement("м. Садове").may_be(addresses.settlement("с. Садове"))
        assert addresses.district("Надрічний район") == addresses.district("р-н Надрічний")

    @pytest.mark.parametrize("spelled", ["12-А", "12а", "12 А", "буд. 12а", "12A", "д.12-а", "012А"])
    def test_one_house_in_many_spellings(self, spelled: str) -> None:
        assert addresses.house(spelled) == addresses.house("12а")

    def test_houses_that_differ(self) -> None:
        numbers = ["12", "12а", "12б", "12/1", "12/1а", "121", "12 корп. 2", "12а/2"]
        assert len({addresses.house(one) for one in numbers}) == len(numbers)
        assert addresses.house("12 корп. 2") == addresses.house("12", "2") == addresses.house("12", "корпус 2")
        assert addresses.house("12-1") == addresses.house("12/1") and addresses.house(None) == ""

    def test_flats(self) -> None:
        assert addresses.within("1-3, 4а; 7") == ["1", "2", "3", "4а", "7"] and addresses.within(None) == []
        assert addresses.in_short(["3", "1", "2", "4а", "9", "10"]) == "1-3, 9, 10, 4а"
        assert addresses.flat("кв. 012") == addresses.flat("12")
        for wrong in ("3-1", "1-9999", "усі", "1-2-3", "0-5"):
            with pytest.raises(addresses.NotFlats):
                addresses.within(wrong)


def on_list(name: str = "вул. Калинова", number: int = 1, **said: Any) -> OnList:
    house = HeldHouse(said=ListedHouse(house="12-А", flats="1-20"), source="list")
    plain = HeldHouse(said=ListedHouse(house="7"), source="list")
    names = said.pop("names", ((None, None, name),))
    houses = said.pop("houses", {house.said.key: house, plain.said.key: plain})
    return OnList(street=UUID(int=number), settlement=PLACE, names=names, houses=houses, **said)


RENAMED = ((None, date(2016, 2, 19), "вул. Перша"), (date(2016, 2, 19), None, "вул. Калинова"))


class TestMatching:
    def judge(self, *lists: OnList, on: date = TODAY, **address: Any) -> tuple[str, tuple[str, ...]]:
        said = judged(Address(**{"settlement": PLACE, "street": "вул. Калинова", **address}), lists, on)
        return said.state, said.reasons

    def test_as_the_list_says(self) -> None:
        assert self.judge(on_list(), house="7") == ("verified", ())
        assert self.judge(on_list(), house="12-А", flat="20") == ("verified", ())
        assert self.judge(on_list(source="register"), house="7") == ("proposed", ())
        assert self.judge(on_list(houses={}), house="99") == ("verified", ())

    def test_spelled_otherwise(self) -> None:
        assert self.judge(on_list(), house="7", street="вулиця Калинова") == ("differing", ("street-spelling",))
        assert self.judge(on_list(), house="12а", flat="1") == ("differing", ("house-spelling",))
        assert self.judge(on_list(), house="7", settlement="Вигадів") == ("differing", ("settlement-spelling",))
        said = judged(Address(settlement="Вигадів", street="Калинова", house="буд. 12 а", flat="2"), [on_list()], TODAY)
        assert said.right == Address(settlement=PLACE, street="вул. Калинова", house="12-А", flat="2")

    def test_what_the_list_has_not(self) -> None:
        assert self.judge(on_list(), house="8") == ("missing", ("house-unlisted",))
        assert self.judge(on_list(), house="12-А", flat="21") == ("missing", ("flat-unlisted",))
        assert self.judge(on_list(), house="12-А") == ("missing", ("flat-unlisted",))
        assert self.judge(on_list(), house="7", street="пров. Калинова") == ("missing", ("street-unlisted",))
        assert self.judge(on_list(), house="7", settlement="с. Вигадів") == ("missing", ("street-unlisted",))
        assert self.judge(on_list(), house="7", street=None) == ("missing", ("street-absent",))

    def test_old_names_on_their_days(self) -> None:
        assert self.judge(on_list(names=RENAMED), house="7", street="вул. Перша") == (
            "differing",
            ("street-renamed",),
        )
        before = date(2016, 2, 18)
        assert self.judge(on_list(names=RENAMED), on=before, house="7", street="вул. Перша") == ("verified", ())
        assert self.judge(on_list(names=RENAMED), on=before, house="7") == ("differing", ("street-renamed",))

    def test_codes(self) -> None:
        there = on_list(katottg=CODE)
        assert self.judge(there, house="7", katottg="UA99020010100100021") == ("verified", ())
        assert self.judge(there, house="7", katottg="UA99020010200000012") == ("differing", ("katottg-differs",))
        assert self.judge(there, house="7", settlement=None, katottg=CODE) == ("differing", ("settlement-spelling",))
        both = [there, on_list(number=2, katottg="UA99020010200000012")]
        said = judged(Address(settlement=PLACE, street="вул. Калинова", house="7", katottg=CODE), both, TODAY)
        assert said.street == UUID(int=1)

    def test_two_of_one_name_are_not_guessed(self) -> None:
        two = [on_list(district="Надрічний район"), on_list(number=2, district="Загірний район")]
        assert self.judge(*two, house="7") == ("missing", ("street-ambiguous",))
        assert self.judge(*two, house="7", district="р-н Загірний") == ("verified", ())
        kinds = [on_list(houses={}), on_list("пров. Калинова", 2, houses={})]
        assert self.judge(*kinds, house="1", street="Калинова") == ("missing", ("street-ambiguous",))
        named = [on_list(names=RENAMED), on_list("вул. Перша", 2)]
        assert self.judge(*named, house="7", street="вул. Перша") == ("verified", ())

    def test_the_same_address(self) -> None:
        one = Address(settlement="м. Вигадів", street="вул. Калинова", house="12-А", flat="3")
        twin = Address(settlement="місто Вигадів", street="Калинова", house="12а", flat="кв. 3", katottg=CODE)
        assert same(one, twin)
        for other in (
            {"flat": None},
            {"flat": "4"},
            {"street": "пров. Калинова"},
            {"settlement": "с. Вигадів"},
            {"house": None},
            {"room": "1"},
        ):
            assert not same(
                one, Address(**{"settlement": PLACE, "street": "Калинова", "house": "12а", "flat": "3", **other})
            )
        assert not same(Address(house="1"), Address(house="1"))
        assert not same(
            twin, Address(settlement=PLACE, street="Калинова", house="12а", flat="3", katottg="UA12" + 15 * "0")
        )

    def test_of_many_each_that_one_before_it_is_the_same_as(self) -> None:
        said = {
            "1": Address(settlement=PLACE, street="вул. Калинова", house="12-А"),
            "2": Address(settlement=PLACE, street="пров. Калинова", house="12-А"),
            "3": Address(settlement="Вигадів", street="вулиця Калинова", house="12а"),
            "4": Address(settlement=PLACE, street="вул. Калинова", house="12А"),
            "5": Address(house="1"),
            "6": Address(house="1"),
        }
        assert twins(said.items()) == {"3": "1", "4": "1"}


class TestDecisions:
    SAYS = StreetVersion(settlement=PLACE, names=(StreetName(name="вул. Перша"),))

    def refused(self, decide: Any, *asked: Any, **how: Any) -> list[tuple[str, str | None]]:
        with pytest.raises(Impossible) as raised:
            decide(*asked, **how)
        return [(fault.code, fault.field) for fault in raised.value.faults]

    def held(self, *facts: Any) -> Any:
        return fold(entries([*decisions.enter(NO_STREET, self.SAYS, today=TODAY), *facts]))

    def test_all_faults_of_a_street_at_once(self) -> None:
        names = (StreetName(name="вул."), StreetName(name="", since="2999-01-01"))
        said = StreetVersion(settlement=" ", names=names, katottg="UA12")
        assert self.refused(decisions.enter, NO_STREET, said, today=TODAY) == [
            ("settlement-missing", "settlement"),
            ("katottg-shape", "katottg"),
            ("street-nameless", "street"),
            ("date-in-future", "former_names"),
        ]
        twice = (
            StreetName(name="а"),
            StreetName(name="б", since="2020-01-01"),
            StreetName(name="в", since="2020-01-01"),
        )
        said = StreetVersion(settlement=PLACE, names=twice)
        assert self.refused(decisions.enter, NO_STREET, said, today=TODAY) == [("names-out-of-order", "former_names")]

    def test_a_street_of_the_list_is_not_entered_again_nor_renamed_as_it_is_called(self) -> None:
        assert self.refused(decisions.enter, self.held(), self.SAYS, today=TODAY) == [("street-listed", None)]
        said = {"name": "вул. Перша", "since": "2024-02-01", "basis": "рішення ради № 5"}
        assert self.refused(decisions.rename, self.held(), **said, today=TODAY) == [("nothing-changed", "name")]

    def test_renaming(self) -> None:
        said = {"name": "вул. Друга", "since": "2024-02-01", "basis": "рішення ради № 5"}
        facts = decisions.rename(self.held(), **said, today=TODAY)
        assert facts == [StreetRenamed(**said)]
        again = {**said, "name": "вул. Третя", "since": "2024-02-01"}
        assert self.refused(decisions.rename, self.held(*facts), **again, today=TODAY) == [
            ("name-before-last", "since")
        ]
        assert self.refused(decisions.rename, self.held(), name="", since="2024", basis="", today=TODAY) == [
            ("basis-missing", "basis"),
            ("street-nameless", "name"),
            ("not-a-day", "since"),
        ]
        assert self.refused(decisions.rename, NO_STREET, **said, today=TODAY) == [("street-unknown", "street")]

    def test_houses(self) -> None:
        houses = [ListedHouse(house="12-А", flats="1-3"), ListedHouse(house="7")]
        held = self.held(*decisions.list_houses(self.held(), houses))
        assert set(held.houses) == {"12а", "7"}
        assert decisions.list_houses(held, [ListedHouse(house="7")]) == []
        assert decisions.list_houses(held, [ListedHouse(house="7"), ListedHouse(house="12а")], source="register") == []
        (gone,) = decisions.unlist_houses(held, ["12А"], basis="знесено")
        assert gone == HousesUnlisted(houses=(houses[0],), basis="знесено")
        assert self.refused(decisions.unlist_houses, held, ["99"], basis="") == [
            ("basis-missing", "basis"),
            ("house-unknown", "house"),
        ]
        wrong = [ListedHouse(house="без номера"), ListedHouse(house="1", flats="усі"), ListedHouse(house="1" * 31)]
        assert self.refused(decisions.list_houses, held, wrong) == [
            ("house-missing", "house"),
            ("flats-shape", "flats"),
            ("text-too-long", "house"),
        ]

    def test_facts_of_a_street_that_is_none_are_noticed(self) -> None:
        facts = [StreetRenamed(name="а", since="2024-01-01", basis="б"), HousesUnlisted(houses=(), basis="б")]
        assert fold(entries(facts)).unmatched == (1, 2)

    def test_the_same_name_comes_again_after_a_renaming(self) -> None:
        assert street_id(self.SAYS) != street_id(self.SAYS, 2)
        spelled = StreetVersion(settlement="місто Вигадів", names=(StreetName(name="Вулиця ПЕРША"),))
        assert street_id(spelled) == street_id(self.SAYS)


class TestImport:
    def test_a_second_run_loads_nothing_twice(self, desk: Desk, tmp_path: Path) -> None:
        rows = (row("вул. Калинова", "7"), row("вул. Калинова", "12-А", "1-3"), row("вул. Калинова", "12а", "4"))
        first = imported(desk.registry, tmp_path, *rows, row("вул. Лісова", place="с. Видумка", katottg=CODE))
        assert (first.facts, first.houses, first.waits) == ({"street-entered": 2, "houses-listed": 1}, 2, False)
        position = desk.registry.position()
        again = imported(desk.registry, tmp_path, *rows, row("вул. Лісова", place="с. Видумка"))
        assert (again.facts, again.same, desk.registry.position()) == ({}, 2, position)
        (street,) = desk.get("/streets", name="кали").json()["answer"]
        houses = desk.get(f"/streets/{street['street']}/houses").json()["answer"]
        assert [(one["house"], one["flats"]) for one in houses] == [("7", []), ("12-А", ["1", "2", "3", "4"])]
        assert verify(desk.registry).differences == []

    def test_as_an_office_writes_it(self, desk: Desk, tmp_path: Path) -> None:
        file = tmp_path / "v.csv"
        file.write_text(
            "Населений пункт,Вулиця,Колишні назви,Будинок,Квартири\n"
            'м. Вигадів,вул. Ясенова,"вул. Будівельна (до 19.02.2016); вул. Перша до 2003-01-05",1,"1-20, 21а"\n',
            "utf-8",
        )
        assert street_list.load(file, clerk=clerk(desk.registry)).facts == {"street-entered": 1, "houses-listed": 1}
        (street,) = desk.get("/streets").json()["answer"]
        assert [(one["name"], one["since"], one["until"]) for one in street["names"]] == [
            ("вул. Перша", None, "2003-01-05"),
            ("вул. Будівельна", "2003-01-05", "2016-02-19"),
            ("вул. Ясенова", "2016-02-19", None),
        ]

    def test_wrong_rows_are_named_and_a_dry_run_writes_nothing(self, desk: Desk, tmp_path: Path) -> None:
        wrong = [
            row("", "1"),
            row("вул.", "1"),
            row("вул. Лісова", "1", katottg="UA12"),
            row("вул. Лісова", "без номера"),
            row("вул. Лісова", "1", "усі"),
            row("вул. Лісова", "", "1-5"),
            row("вул. Лісова", "1", former="вул. Перша"),
            row("вул. Лісова", "1", former="вул. Перша до 01.01.2150"),
            row("вулиця Калинова", "9"),
            row("вул. Калинова", "9", katottg="UA99020010200000012"),
        ]
        loaded = imported(desk.registry, tmp_path, row("вул. Калинова", "7", katottg=CODE), *wrong, dry_run=True)
        assert [(one.line, one.column, one.code) for one in loaded.rejects] == [
            (3, "street", "missing"),
            (4, "street", "street-nameless"),
            (5, "katottg", "katottg-shape"),
            (6, "house", "house-missing"),
            (7, "flats", "flats-shape"),
            (8, "house", "house-missing"),
            (9, "former_names", "former-names"),
            (10, "former_names", "date-in-future"),
            (11, "street", "street-differs"),
            (12, "katottg", "street-differs"),
        ]
        assert not any("Лісова" in one.message or "усі" in one.message for one in loaded.rejects)
        assert loaded.facts == {"street-entered": 1, "houses-listed": 1} and desk.registry.position() == 0

    def test_a_village_without_streets(self, desk: Desk, tmp_path: Path) -> None:
        rows = [f"село Мале,{said},,,,,{house},," + "\n" for said, house in (("-", "5"), ("без вулиць", "6-А"))]
        wrong = ["село Мале,,,,,,7,,\n", "м. Вигадів,-,,,,,7,,\n", "село Мале,-,вул. Перша до 19.02.2016,,,,8,,\n"]
        loaded = imported(desk.registry, tmp_path, *rows, *wrong, row("вул. Калинова", "7"))
        assert [(one.line, one.column, one.code) for one in loaded.rejects] == [
            (4, "street", "missing"),
            (5, "street", "missing"),
            (6, "street", "street-nameless"),
        ]
        assert loaded.facts == {"street-entered": 2, "houses-listed": 2}
        assert imported(desk.registry, tmp_path, *rows).facts == {}
        said = {"confirmed": False, "kind": "private"}
        five = {"settlement": "с. Мале", "house": "5"}
        entered(desk, None, "5", place="с. Мале")
        other = entered(desk, None, "6а", place="село Мале")
        assert counts(desk, "") == {
            **{"verified": 0, "proposed": 0, "differing": 2, "missing": 0},
            "without_dwelling": 0,
        }
        [spelled] = [one for one in desk.get("/streets/reconciliation").json()["answer"] if one["name"] == ""]
        homes = desk.get(f"/streets/{spelled['street']}/reconciliation", state="differing").json()["answer"]
        [house] = [one for one in homes if one["dwelling"] == other]
        assert [one["id"] for one in house["reasons"]] == ["house-spelling"]
        act = house["act"]
        assert desk.act(act["post"].removeprefix("/api/v1"), act["body"] | {"reason": "описка", "confirmed": True})[
            "facts"
        ]
        assert counts(desk, "")["verified"] == 1
        asked = desk.post("/dwellings", {**said, "address": {**five, "house": "9"}})
        assert [one["code"] for one in asked.json()["errors"]] == ["address-house-unlisted"]
        again = desk.post("/dwellings", {**said, "address": five})
        assert [one["code"] for one in again.json()["errors"]] == ["dwelling-exists"]
        elsewhere = desk.post("/dwellings", {**said, "address": {**five, "settlement": "с. Інше"}})
        assert [one["code"] for one in elsewhere.json()["errors"]] == ["address-street-absent"]
        assert verify(desk.registry).differences == []

    def test_and_its_dwellings_become_proposals(self, desk: Desk, tmp_path: Path) -> None:
        for house, place in (("1", "с. Мале"), ("2", "с. Мале"), ("3", "м. Вигадів")):
            entered(desk, None, house, place=place)
        assert street_list.propose(clerk=clerk(desk.registry)).facts == {"street-entered": 1, "houses-listed": 1}
        assert counts(desk, "")["proposed"] == 2
        assert street_list.propose(clerk=clerk(desk.registry)).facts == {}

    def test_values_go_through_the_gate(self, desk: Desk, tmp_path: Path) -> None:
        code = "UА99020010100000021"
        loaded = imported(
            desk.registry,
            tmp_path,
            row("вул. Кам'яна", "12A", katottg=code),
            row("вул. Калинoва", "буд. 5"),
            row("вул. Ка\ufffdина", "5"),
        )
        assert [(one.line, one.column, one.code) for one in loaded.rejects] == [(4, "street", "text-lost")]
        assert [(one.line, one.column, one.code) for one in loaded.warnings] == [(3, "street", "look-alike-letters")]
        mixed, stony = desk.get("/streets").json()["answer"]
        assert (stony["name"], stony["katottg"]) == ("вул. Камʼяна", "UA99020010100000021")
        (house,) = desk.get(f"/streets/{stony['street']}/houses").json()["answer"]
        assert house["house"] == "12А" and mixed["name"] == "вул. Калинoва"

    @pytest.mark.parametrize("column", street_list.COLUMNS)
    def test_what_is_no_text_is_rejected_in_every_column_and_not_repeated(
        self, desk: Desk, tmp_path: Path, column: str
    ) -> None:
        unwritable = ("\x00", "\ud800", "\udfff")
        bad = [text for text in BROKEN.values() if not any(one in text for one in unwritable)]
        good = {"settlement": PLACE, "street": "вул. Калинова", "house": "7"}
        file = tmp_path / "v.csv"
        with file.open("w", encoding="utf-8", newline="") as opened_file:
            writer = csv.DictWriter(opened_file, street_list.COLUMNS)
            writer.writeheader()
            writer.writerows({**good, column: text} for text in bad)
        loaded = street_list.load(file, clerk=clerk(desk.registry), dry_run=True)
        assert [one.column for one in loaded.rejects] == [column] * len(bad)
        assert not any(MARK in one.message for one in loaded.rejects)

    def test_what_a_later_file_says(self, desk: Desk, tmp_path: Path) -> None:
        imported(desk.registry, tmp_path, row("вул. Перша", "7"), row("вул. Лісова", "1"))
        renamed = row("вул. Калинова", "8", former="вул. Перша до 01.02.2024", basis="рішення № 5")
        later = imported(desk.registry, tmp_path, renamed)
        assert later.facts == {"street-renamed": 1, "houses-listed": 1}
        assert [one.names[-1].name for _, one in later.gone] == ["вул. Лісова"] and later.houses_gone == 1
        assert imported(desk.registry, tmp_path, renamed).facts == {}
        stale = imported(desk.registry, tmp_path, row("вул. Перша", "9"))
        assert [one.code for one in stale.rejects] == ["street-old-name"] and stale.facts == {}
        spelled = imported(desk.registry, tmp_path, row("вулиця Калинова"))
        assert spelled.facts == {"street-corrected": 1}
        assert listed(desk, name="калин") == [("вулиця Калинова", ["вул. Перша", "вулиця Калинова"])]
        assert verify(desk.registry).differences == []

    def test_later_changes_wait_for_a_second_person(self, strict: tuple[Desk, Desk], tmp_path: Path) -> None:
        mine, heads = strict
        imported(mine.registry, tmp_path, row("вул. Перша", "7"), two=True)
        loaded = imported(mine.registry, tmp_path, row("вул. Перша", "7"), row("вул. Друга", "1"), two=True)
        assert loaded.waits and len(listed(mine)) == 1
        with pytest.raises(Impossible, match="street-change-waits"):
            imported(mine.registry, tmp_path, row("вул. Третя"), two=True)
        (change,) = heads.get("/changes").json()["changes"]
        assert change["asked_for"] == "street-entered" and {"street"} <= set(change["facts"][0])
        heads.act(f"/applications/{change['application']}/approval")
        assert [name for name, _ in listed(mine)] == ["вул. Друга", "вул. Перша"]
        assert verify(mine.registry).differences == []

    def test_a_city_is_imported_and_every_line_of_the_log_fits(self, desk: Desk, tmp_path: Path) -> None:
        flats = ", ".join(f"{number}а" for number in range(100, 130))
        rows = [row(f"вул. Вигадана {street}", str(house), flats) for street in range(40) for house in range(1, 150)]
        assert imported(desk.registry, tmp_path, *rows).houses == 40 * 149
        file = tmp_path / "a.jsonl"
        journal.export(desk.registry, file, seen_by=OPEN)
        assert max(map(len, file.read_bytes().splitlines())) < 65_536


class TestFromRegister:
    def test_the_streets_of_dwellings_become_proposals_until_a_file_says_the_same(
        self, desk: Desk, tmp_path: Path
    ) -> None:
        for house in ("1", "2", "3"):
            entered(desk, "вул. Лісова", house, flat="5")
        typo = entered(desk, "вулиця Лісова", "1", flat="6")
        entered(desk, "вул. Далека", "1", place="м. Київ")
        desk.act("/dwellings", {"address": {"settlement": "Варшава", "street": "Інша", "house": "1"}, "kind": "abroad"})
        tried = street_list.propose(clerk=clerk(desk.registry), dry_run=True)
        assert tried.facts == {"street-entered": 2, "houses-listed": 2} and not tried.acts
        assert street_list.propose(clerk=clerk(desk.registry)).facts == tried.facts
        assert street_list.propose(clerk=clerk(desk.registry)).facts == {}
        assert counts(desk, "вул. Лісова") == {
            **{"verified": 0, "proposed": 3, "differing": 1, "missing": 0},
            "without_dwelling": 0,
        }
        assert [one["dwelling"] for one in behind(desk, "лісова", "differing")] == [typo]
        entered(desk, "вул. Лісова", "4")
        assert street_list.propose(clerk=clerk(desk.registry)).facts == {"houses-listed": 1}
        said = imported(desk.registry, tmp_path, row("вул. Лісова", "1", "5-6"), two=True)
        assert said.facts == {"street-corrected": 1, "houses-listed": 1} and not said.waits
        assert counts(desk, "вул. Лісова")["verified"] == 1
        assert verify(desk.registry).differences == []


class TestReconciled:
    def stand(self, desk: Desk, folder: Path) -> dict[str, str]:
        imported(
            desk.registry,
            folder,
            row("вул. Калинова", "7"),
            row("вул. Калинова", "12-А", "1-3", former="вул. Перша до 19.02.2016", katottg=CODE),
            row("пров. Тихий", "1"),
        )
        return {
            "verified": entered(desk, "вул. Калинова", "7"),
            "flat": entered(desk, "вул. Калинова", "12-А", flat="1"),
            "spelled": entered(desk, "вулиця Калинова", "12а", flat="2"),
            "old": entered(desk, "вул. Перша", "7"),
            "house": entered(desk, "вул. Калинова", "99"),
            "nowhere": entered(desk, "вул. Невідома", "1"),
        }

    def test_counts_and_the_dwellings_behind_them(self, desk: Desk, tmp_path: Path) -> None:
        homes = self.stand(desk, tmp_path)
        position = desk.registry.position()
        assert counts(desk, "вул. Калинова") == {
            **{"verified": 2, "proposed": 0, "differing": 2, "missing": 1},
            "without_dwelling": 1,
        }
        assert counts(desk, "пров. Тихий")["without_dwelling"] == 1
        found = {one["dwelling"]: one for one in behind(desk, "калин", "differing")}
        assert set(found) == {homes["spelled"], homes["old"]}
        assert [one["id"] for one in found[homes["old"]]["reasons"]] == ["street-renamed"]
        assert [one["dwelling"] for one in behind(desk, "калин", "missing")] == [homes["house"]]
        assert behind(desk, "калин", "without_dwelling") == [{"house": "12-А", "building": None, "flat": "3"}]
        (nowhere,) = desk.get("/streets/unlisted").json()["answer"]
        assert (nowhere["dwelling"], nowhere["reasons"][0]["id"]) == (homes["nowhere"], "street-unlisted")
        assert desk.registry.position() == position

    def test_the_ready_acts_set_them_right(self, desk: Desk, tmp_path: Path) -> None:
        self.stand(desk, tmp_path)
        for one in behind(desk, "калин", "differing"):
            post, body = one["act"]["post"].removeprefix("/api/v1"), one["act"]["body"]
            more = {"basis": "рішення № 5"} if post.endswith("/names") else {"reason": "описка"}
            desk.act(post, {**body, **more, "confirmed": True})
        assert counts(desk, "вул. Калинова") == {
            **{"verified": 4, "proposed": 0, "differing": 0, "missing": 1},
            "without_dwelling": 1,
        }
        assert verify(desk.registry).differences == []

    def test_pages_follow_each_other(self, desk: Desk, tmp_path: Path) -> None:
        self.stand(desk, tmp_path)
        for number in range(1, 8):
            entered(desk, "вул. Калинова", str(100 + number))
            entered(desk, f"вул. Чужа {number}", "1")
        (street,) = desk.get("/streets", name="калин").json()["answer"]
        for path, asked in (
            (f"/streets/{street['street']}/reconciliation", {"state": "missing"}),
            ("/streets/unlisted", {}),
        ):
            whole = desk.get(path, limit=500, **asked).json()["answer"]
            seen, after = [], {}
            while True:
                page = desk.get(path, limit=3, **asked, **after).json()
                seen += page["answer"]
                if not page["next"]:
                    break
                after = {"after": page["next"]}
            assert seen == whole and len(whole) == 8
        pages = [desk.get("/streets", limit=1).json()]
        assert desk.get("/streets", after=pages[0]["next"]).json()["next"] is None

    def test_of_a_day_and_as_known_at_an_instant(self, database_url: str, tmp_path: Path) -> None:
        clock = StoppedClock("2025-03-01T09:00")
        with opened(database_url, clock=clock) as registry:
            desk = Desk(TestClient(create_app(registry, installation(data=tmp_path, second_person=False))), registry)
            imported(registry, tmp_path, row("вул. Калинова", "7", former="вул. Перша до 19.02.2016"))
            clock.set("2025-04-01T09:00")
            old = entered(desk, "вул. Перша", "7")
            clock.set("2025-05-01T09:00")
            assert counts(desk, "вул. Калинова")["differing"] == 1
            assert counts(desk, "вул. Калинова", known_at="2025-03-15")["differing"] == 0
            assert counts(desk, "вул. Перша", on="2015-01-01")["verified"] == 1
            said = {"settlement": PLACE, "street": "вул. Калинова", "house": "7"}
            desk.act(f"/dwellings/{old}/names", {"address": said, "since": "2016-02-19", "basis": "рішення"})
            assert counts(desk, "вул. Калинова")["verified"] == 1
            assert counts(desk, "вул. Калинова", known_at="2025-04-15")["verified"] == 0
            assert desk.get("/streets", known_at="2025-02-01").json()["answer"] == "реєстр ще не вівся"

    @pytest.mark.parametrize(
        ("path", "asked", "status"),
        [
            ("", {"on": "2022"}, 422),
            ("", {"limit": 0}, 422),
            ("", {"after": "x"}, 422),
            ("/reconciliation", {"known_at": "коли"}, 422),
            ("/00000000-0000-4000-8000-000000000001", {}, 404),
            ("/00000000-0000-4000-8000-000000000001/houses", {}, 404),
            ("/00000000-0000-4000-8000-000000000001/reconciliation", {"state": "missing"}, 404),
            ("/00000000-0000-4000-8000-000000000001/reconciliation", {"state": "усі"}, 422),
            ("/x", {}, 404),
        ],
    )
    def test_a_bad_question_is_refused(self, desk: Desk, path: str, asked: dict[str, Any], status: int) -> None:
        assert desk.get(f"/streets{path}", **asked).status_code == status


class TestPicker:
    def test_a_street_by_its_beginning_then_houses_then_flats(self, desk: Desk, tmp_path: Path) -> None:
        imported(
            desk.registry,
            tmp_path,
            row("вул. Лесі Українки", "12-А", "1-3", former="вул. Ґонти до 01.01.2020"),
            row("вул. Лесі Українки", "2"),
            row("вул. Лесі Українки", "12"),
            row("вул. Лісова", "1", place="с. Видумка"),
        )
        name = "вул. Лесі Українки"
        for typed in ("лес", "україн", "вул. Леcі", "гонт", "Ґонти"):
            assert [one for one, _ in listed(desk, name=typed)] == [name], typed
        assert listed(desk, name="країнки") == [] and listed(desk, name="лес", settlement="с. Видумка") == []
        assert [one for one, _ in listed(desk, settlement="Видумка")] == ["вул. Лісова"]
        (street,) = desk.get("/streets", name="лес").json()["answer"]
        path = f"/streets/{street['street']}/houses"
        assert [one["house"] for one in desk.get(path).json()["answer"]] == ["2", "12", "12-А"]
        (house,) = desk.get(path, number="12а").json()["answer"]
        assert (house["house"], house["flats"]) == ("12-А", ["1", "2", "3"])
        first = desk.get(path, limit=2).json()
        assert [one["house"] for one in desk.get(path, after=first["next"]).json()["answer"]] == ["12-А"]
        assert desk.get(f"/streets/{street['street']}").json()["name"] == name


class TestTheSameAddress:
    ADDRESS: ClassVar = {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "12-А", "flat": "3"}

    @pytest.mark.parametrize(
        "again",
        [{}, {"house": "12а"}, {"street": "вулиця Калинова"}, {"settlement": "селище Вигадівка", "flat": "кв. 3"}],
    )
    def test_is_confirmed_and_names_the_dwelling(self, desk: Desk, again: dict[str, str]) -> None:
        first = desk.act("/dwellings", {"address": self.ADDRESS, "kind": "private"})["dwelling"]
        body = {"address": {**self.ADDRESS, **again}, "kind": "private"}
        position = desk.registry.position()
        problem = desk.refused("/dwellings", body, status=409)
        assert problem["type"].endswith("confirmation-needed")
        [fault] = problem["errors"]
        assert codes(problem) == [("dwelling-exists", "address")] and fault["named"]["dwelling"] == first
        assert "named.dwelling" in fault["detail"] and self.ADDRESS["street"] not in fault["detail"]
        assert desk.registry.position() == position
        assert desk.act("/dwellings", {**body, "confirmed": True})["dwelling"] != first

    @pytest.mark.parametrize("other", [{"flat": "4"}, {"house": "12"}, {"street": "пров. Калинова"}, {"flat": ""}])
    def test_another_one_is_not(self, desk: Desk, other: dict[str, str]) -> None:
        desk.act("/dwellings", {"address": self.ADDRESS, "kind": "private"})
        desk.act("/dwellings", {"address": {**self.ADDRESS, **other}, "kind": "private"})

    def test_of_many_at_once(self, desk: Desk) -> None:
        ids = [desk.act("/dwellings", {"address": {**self.ADDRESS, "flat": str(n)}})["dwelling"] for n in range(1, 4)]
        asked = {str(n): Address(**{**self.ADDRESS, "house": "12 а", "flat": str(n)}) for n in range(1, 6)}
        found = streets.same_addresses(desk.registry, asked)
        assert found == {str(n): [UUID(id)] for n, id in enumerate(ids, 1)}

    def test_by_a_new_name_or_a_correction_too(self, desk: Desk) -> None:
        desk.act("/dwellings", {"address": self.ADDRESS, "kind": "private"})
        other = desk.act("/dwellings", {"address": {**self.ADDRESS, "flat": "4"}, "kind": "private"})["dwelling"]
        named = {"address": self.ADDRESS, "since": "2024-01-01"}
        corrected = {"address": self.ADDRESS, "kind": "private", "reason": "описка"}
        for path, body in ((f"/dwellings/{other}/names", named), (f"/dwellings/{other}/correction", corrected)):
            assert codes(desk.refused(path, body, status=409)) == [("dwelling-exists", "address")]
        kind = {"address": {**self.ADDRESS, "flat": "4"}, "kind": "state_or_communal", "reason": "описка"}
        desk.act(f"/dwellings/{other}/correction", kind)
        desk.act(f"/dwellings/{other}/names", {**named, "confirmed": True})

    def test_a_renumbered_one_is_no_more(self, desk: Desk) -> None:
        first = desk.act("/dwellings", {"address": self.ADDRESS, "kind": "private"})["dwelling"]
        new = desk.act("/dwellings", {"address": {**self.ADDRESS, "flat": "4"}, "kind": "private"})["dwelling"]
        desk.act(f"/dwellings/{first}/readdressing", {"successor": new, "since": "2024-01-01", "reason": "об’єднання"})
        desk.act("/dwellings", {"address": self.ADDRESS, "kind": "private"})

    def test_what_the_list_has_not_is_confirmed_where_there_is_a_list(self, desk: Desk, tmp_path: Path) -> None:
        desk.act("/dwellings", {"address": self.ADDRESS, "kind": "private"})
        imported(desk.registry, tmp_path, row("вул. Калинова", "7", "1-3"), row("вул. Лісова"))
        ours = {"settlement": PLACE, "street": "вул. Калинова", "house": "7", "flat": "1"}
        desk.act("/dwellings", {"address": ours, "kind": "private"})
        desk.act("/dwellings", {"address": {**ours, "street": "вул. Лісова", "house": "99"}, "kind": "private"})
        for other, code in (
            ({"street": "вул. Невідома"}, "address-street-unlisted"),
            ({"street": ""}, "address-street-absent"),
            ({"house": "8"}, "address-house-unlisted"),
            ({"flat": "4"}, "address-flat-unlisted"),
        ):
            body = {"address": {**ours, **other}, "kind": "private"}
            assert codes(desk.refused("/dwellings", body, status=409)) == [(code, "address")]
            desk.act("/dwellings", {**body, "confirmed": True})
        desk.act("/dwellings", {"address": {**ours, "settlement": "Варшава"}, "kind": "abroad"})


class TestCarried:
    def test_a_renamed_streets_dwellings_get_the_dated_name_and_nobody_moves(self, desk: Desk, tmp_path: Path) -> None:
        imported(desk.registry, tmp_path, row("вул. Перша", "7"), row("вул. Перша", "8"))
        homes = [entered(desk, "вул. Перша", house) for house in ("7", "8")]
        person = desk.person()
        desk.settled(person, homes[0])
        imported(desk.registry, tmp_path, row("вул. Нова", former="вул. Перша до 01.02.2024", basis="рішення № 5"))
        twin = entered(desk, "вул. Нова", "8")
        (street,) = streets.page(desk.registry, position=streets.NOW, limit=10)
        before = desk.residences(person)
        tried = street_names.carry(clerk(desk.registry), street, basis="рішення № 5", dry_run=True)
        assert (tried.dwellings, tried.acts) == (1, [])
        done = street_names.carry(clerk(desk.registry), street, basis="рішення № 5")
        assert (done.dwellings, done.twice) == (1, [UUID(homes[1])])
        names = desk.get(f"/dwellings/{homes[0]}").json()["names"]
        assert [(one["parts"]["street"], one["since"]) for one in names] == [
            ("вул. Перша", None),
            ("вул. Нова", "2024-02-01"),
        ]
        assert [one["residence_id"] for one in desk.residences(person)] == [one["residence_id"] for one in before]
        assert street_names.carry(clerk(desk.registry), street, basis="рішення № 5").dwellings == 0
        assert counts(desk, "вул. Нова") == {
            **{"verified": 2, "proposed": 0, "differing": 1, "missing": 0},
            "without_dwelling": 0,
        }
        assert twin and verify(desk.registry).differences == []


class TestJournal:
    def test_comes_back_byte_for_byte_and_is_rebuilt_the_same(self, desk: Desk, tmp_path: Path, server: Any) -> None:
        TestCarried().test_a_renamed_streets_dwellings_get_the_dated_name_and_nobody_moves(desk, tmp_path)
        (street,) = streets.page(desk.registry, position=streets.NOW, limit=10)
        street_list.change(clerk(desk.registry), street.street, decisions.unlist_houses, houses=["8"], basis="знесено")
        file, again = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
        journal.export(desk.registry, file, seen_by=OPEN)
        assert b"street-renamed" in file.read_bytes() and b"houses-unlisted" in file.read_bytes()
        for url in _database(server, template="hromada"):
            with opened(url) as other:
                journal.load(other, file, other.clock())
                journal.export(other, again, seen_by=OPEN)
                assert verify(other).differences == []
                for table in ("streets", "houses", "addresses"):
                    other.rebuild(table)
                assert verify(other).differences == []
        assert file.read_bytes() == again.read_bytes()

    def test_a_fact_about_no_street_is_a_difference_by_its_position(self, desk: Desk) -> None:
        fact = StreetRenamed(name="вул. Нова", since="2024-01-01", basis="рішення")
        act = desk.registry.append([(uuid4(), [fact], 0)], by=CLERK, command=uuid4())
        assert [text.split(":")[0] for text in verify(desk.registry).differences] == [f"position {act.position}"]


class TestCommand:
    def test_from_the_import_to_a_renaming(self, database_url: str, tmp_path: Path) -> None:
        hromada = Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path / "data"), COLUMNS="200")
        staffed(database_url, "admin", "head")
        file, rejects = tmp_path / "v.csv", tmp_path / "rejects.csv"
        file.write_text(HEADER + row("вул. Перша", "7", "1-3") + row("вул. Лісова", "номер"), "utf-8")
        tried = hromada.answer("streets", "import", file, "--dry-run")
        assert (tried["facts"], tried["rejected"]) == ({"street-entered": 1, "houses-listed": 1}, 1)
        done = hromada("streets", "import", file, "--rejects", rejects)
        assert done.returncode == 3 and "house-missing" in rejects.read_text("utf-8")
        assert hromada("streets", "import").returncode == 2
        renamed = ("streets", "rename", "перша", "вул. Нова", "--since", "01.02.2024", "--basis", "рішення № 5")
        assert hromada.answer(*renamed)["waits"]
        assert hromada("streets", "approve").returncode == 0
        assert "вул. Перша" in hromada("streets", "show", "--name", "перш").stdout
        (said,) = hromada.answer("streets", "reconcile")["answer"]
        assert (said["name"], said["counts"]["without_dwelling"]) == ("вул. Нова", 3)
        one = hromada.answer("streets", "reconcile", "--street", "нова")
        assert len(one["without_dwelling"]) == 3 and one["dwellings"] == []
        assert "вул. Нова" in hromada("streets", "reconcile").stdout
        assert hromada.answer("streets", "carry", "нова", "рішення № 5")["dwellings"] == 0
        assert hromada.answer("streets", "annul", "нова", "описка", "--house", "7")["facts"] == {"houses-unlisted": 1}
        assert hromada.answer("streets", "reject", "помилка")["rejected"] == 1
        assert hromada("streets", "annul", "немає", "описка").returncode == 2
        assert hromada.answer("streets", "import", "--from-register")["facts"] == {}
        assert hromada("verify").returncode == 0


class TestIndexes:
    def test_each_question_has_one(self, desk: Desk, tmp_path: Path) -> None:
        rows = [
            row(f"вул. Вигадана{street}", str(house), place=f"с. Село{street % 40}")
            for street in range(600)
            for house in range(1, 4)
        ]
        imported(desk.registry, tmp_path, *rows)
        body = [
            (uuid4(), [f], 0)
            for number in range(1500)
            for f in [_dwelling(f"вул. Вигадана{number % 600}", str(number), f"с. Село{number % 40}")]
        ]
        desk.registry.append(body, by=CLERK, command=uuid4())
        at = {"position": 10_000_000}
        page = {"after_key": "", "after": UUID(int=0), "limit": 10}
        asked = [
            (street_rows, "page", {**at, **page, "place": None, "beginning": None}),
            (street_rows, "page", {**at, **page, "place": "село1", "beginning": None}),
            (street_rows, "page", {**at, **page, "place": None, "beginning": "% вигадана5%"}),
            (street_rows, "by_ids", {**at, "streets": [uuid4()]}),
            (street_rows, "by_keys", {**at, "keys": ["вигадана5"]}),
            (house_rows, "of_streets", {**at, "streets": [uuid4()]}),
            (
                house_rows,
                "page",
                {**at, "street": uuid4(), "after_key": "", "after": "", "beginning": None, "limit": 9},
            ),
            (address_rows, "of_homes", {"street_keys": ["вигадана5"], "home_keys": ["5||"]}),
            (address_rows, "on_streets", {**at, "keys": ["вигадана5"], "day": TODAY}),
            (address_rows, "street_keys", {**at, "after": "вигадана5", "limit": 20}),
        ]
        with desk.registry.datastore.get_connection() as connection, connection.transaction():
            connection.execute("ANALYZE streets, houses, addresses")
            connection.execute("SET LOCAL enable_seqscan = off")
            for projection, name, params in asked:
                plan = connection.execute("EXPLAIN " + projection.SQL[name], params).fetchall()
                text = json.dumps([list(row.values()) for row in plan])
                assert ("Index" in text or "Bitmap" in text) and "Seq Scan" not in text, (name, text)


def _dwelling(street: str, house: str, place: str) -> DwellingEntered:
    return DwellingEntered(address=Address(settlement=place, street=street, house=house), kind="private")
