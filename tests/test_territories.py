"""The list of territories: what an address is kept by, imported, typed and corrected as data; and what its end does.

Expectations are from card 1 r16 (cards 8, 9 alike) and R-002 to R-004 of the catalogue, written before the code.
"""

import json
import time
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from clocks import StoppedClock
from conftest import _database
from filing import BORN, MOVE, about, decided, filed, filed_anyway, follows, granted, recorded, strict
from given import CLERK, entries, installation, waiting
from running import PASSWORD, Command, staffed
from starlette.testclient import TestClient
from test_api import Desk, codes, desk

from api.main import create_app
from registry import journal
from registry.aggregates.territory import decisions
from registry.aggregates.territory.codes import around, covered
from registry.aggregates.territory.events import Order, TerritoryAnnulled, TerritoryEnded, TerritoryVersion, entry_id
from registry.aggregates.territory.listing import ListedTerritory, Listing, Sought
from registry.aggregates.territory.state import UNLISTED, fold
from registry.aggregates.values import Impossible
from registry.app import Registry
from registry.card_index import territory_list
from registry.opening import opened
from registry.projections import kept_addresses, territories
from registry.viewer import OPEN
from replay.compare import verify

__all__ = ["desk", "strict"]

OURS = "UA12060170000043850"
HOME_CODE = "UA12060170010065850"
THERE, TOWN = "UA14060030000098371", "UA14060030010076543"
FAR = "UA46060250000025047"
ORDER = {"number": "376", "dated": "2025-02-28"}
KEPT_HERE = {"born": BORN, "current_residence": {"kept": True}}
KEPT_THERE = {"born": BORN, "current_residence": {"place": "other_community", "kept": True}}
LATER = {**MOVE, "received": "2025-03-12T10:00"}
HEADER = "code,name,kind,from,until,order_number,order_dated\n"


def row(
    code: str, name: str = "Вигадана громада", until: str = "", kind: str = "occupied", since: str = "2022-03-01"
) -> str:
    return f"{code},{name},{kind},{since},{until},309,2022-12-22\n"


def typed(code: str = THERE, **more: Any) -> dict[str, Any]:
    said = {"name": "Вигадана громада", "code": code, "kind": "occupied", "from": "2022-03-01", "order": ORDER}
    return {**said, **more}


def clerk(registry: Registry, *, two: bool = False, id: str = "clerk-1") -> Clerk:
    return Clerk(registry, type(CLERK)(id, CLERK.name), two)


def imported(registry: Registry, folder: Path, *rows: str, two: bool = False, **how: Any) -> Any:
    file = folder / "perelik.csv"
    file.write_text(HEADER + "".join(rows), "utf-8")
    return territory_list.load(file, clerk=clerk(registry, two=two), **how)


def there(**more: Any) -> dict[str, Any]:
    return {"address": "м. Неіснуюче, вул. Тиха, буд. 1", "katottg": TOWN, **more}


def lives_at(desk: Desk, code: str | None = HOME_CODE) -> tuple[str, str, str]:
    """Somebody with a residence in a dwelling of this code, its id, and another dwelling."""
    person = desk.person()
    address = {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "1"}
    said = {"address": {**address, **({"katottg": code} if code else {})}, "kind": "private", "confirmed": True}
    home = desk.act("/dwellings", said)
    return person, desk.settled(person, home["dwelling"]), desk.dwelling("9")


def waiting_tasks(desk: Desk, item: str) -> list[tuple[str | None, str | None]]:
    rows = desk.get("/outbox", role="task", limit=500).json()["waiting"]
    return [(one["person"], one["residence"]) for one in rows if one["item"] == item]


class TestCodes:
    @pytest.mark.parametrize(
        ("code", "what"),
        [
            ("UA14000000000091971", "UA14"),
            ("UA14060000000031234", "UA1406"),
            (THERE, "UA1406003"),
            (TOWN, "UA1406003001"),
            ("UA14060030010212345", "UA140600300102"),
            ("UA80000000000093317", "UA80"),
            ("щось", "щось"),
        ],
    )
    def test_a_territory_covers_what_lies_in_it(self, code: str, what: str) -> None:
        assert covered(code) == what

    def test_a_code_lies_in_its_settlement_community_district_and_region(self) -> None:
        assert {covered(code) for code in (TOWN, THERE, "UA14060000000031234", "UA14000000000091971")} <= set(
            around(TOWN)
        )
        assert covered(FAR) not in around(TOWN) and covered(TOWN) not in around(THERE)
        assert covered(OURS) in around("UA1206017")


class TestWhichEntry:
    LISTED: ClassVar = [
        ListedTerritory(
            entry=UUID(int=1),
            name="Громада",
            code=THERE,
            kind="active_hostilities",
            since="2022-03-01",
            until="2022-05-01",
        ),
        ListedTerritory(entry=UUID(int=2), name="Громада", code=THERE, kind="occupied", since="2022-05-01"),
        ListedTerritory(entry=UUID(int=3), name="місто", code=TOWN, kind="occupied", since="2023-01-01"),
        ListedTerritory(entry=UUID(int=4), name="Завтрашня", code=FAR, kind="occupied", since="2030-01-01"),
    ]

    def found(self, **sought: Any) -> int | str:
        try:
            return Listing(entries=self.LISTED).of(Sought(**sought), date(2025, 3, 11)).entry.int
        except Impossible as error:
            return error.faults[0].code

    def test_open_before_ended_and_the_closest_before_wider(self) -> None:
        assert self.found(code=TOWN) == 3 and self.found(code=THERE) == 2
        assert self.found(named="  громада ", code=TOWN) == 2
        assert self.found(named=f"{THERE}, наказ № 309") == 2 and self.found(named=str(UUID(int=1))) == 1

    def test_none_in_words(self) -> None:
        assert self.found() == "list-entry-missing"
        assert self.found(named="немає такого запису", code=TOWN) == "territory-not-listed"
        assert self.found(code="UA46060250000025047") == "territory-not-listed"
        assert self.found(named="місто", code=THERE) == "territory-elsewhere"


class TestKept:
    """An address stays only by an entry of the list without an end."""

    @pytest.mark.parametrize(
        "entry", ["немає такого запису", "6a8e7c1e-0000-4000-8000-000000000001", "UA46060250000025047"]
    )
    def test_by_an_entry_that_is_not_there_nothing_is_kept(self, desk: Desk, tmp_path: Path, entry: str) -> None:
        imported(desk.registry, tmp_path, row(THERE))
        home = desk.dwelling()
        body = filed_anyway(
            desk,
            **MOVE,
            subject=KEPT_THERE,
            register=about(desk.person(), dwelling=home, elsewhere=there(list_entry=entry)),
        )
        problem = desk.refused("/applications", body)
        assert codes(problem) == [("territory-not-listed", "register.elsewhere.list_entry")]
        desk.refused("/applications?dry_run=1", body)

    @pytest.mark.parametrize("entry", [None, "вигадана  Громада", THERE, "{id}"])
    def test_it_is_found_by_code_name_or_id(self, desk: Desk, tmp_path: Path, entry: str | None) -> None:
        imported(desk.registry, tmp_path, row(THERE), row(FAR, "Інша"))
        person, id = desk.person(), entry_id(THERE, "occupied", "2022-03-01")
        named = {"list_entry": entry.format(id=id)} if entry else {}
        said = granted(
            desk, **MOVE, subject=KEPT_THERE, register=about(person, dwelling=desk.dwelling(), elsewhere=there(**named))
        )
        assert recorded(said, person) == ["occupied-address-noted", "residence-registered"]
        (note,) = desk.get(f"/persons/{person}").json()["occupied_addresses"]
        assert (note["territory"], note["list_since"], note["list_until"]) == (str(id), "2022-03-01", None)
        assert verify(desk.registry).differences == []

    @pytest.mark.parametrize("until", ["2024-01-01", "2025-03-11"])
    def test_an_entry_with_an_end_keeps_nothing(self, desk: Desk, tmp_path: Path, until: str) -> None:
        imported(desk.registry, tmp_path, row(THERE, until=until))
        register = about(desk.person(), dwelling=desk.dwelling(), elsewhere=there())
        said = decided(desk, **MOVE, subject=KEPT_THERE, register=register)
        assert said["status"] == "not-possible"
        assert [one["id"] for one in said["decision"]["parts"][0]["barred"]] == ["one_address_only"]

    def test_what_the_clerk_says_of_the_end_is_not_believed(self, desk: Desk, tmp_path: Path) -> None:
        imported(desk.registry, tmp_path, row(THERE, until="2024-01-01"))
        subject = {
            "born": BORN,
            "current_residence": {**KEPT_THERE["current_residence"], "occupied": {"end_date": "2026-01-01"}},
        }
        register = about(desk.person(), dwelling=desk.dwelling(), elsewhere=there())
        problem = desk.refused("/applications", filed_anyway(desk, **MOVE, subject=subject, register=register))
        assert codes(problem) == [("differs-from-register", "subject.current_residence.occupied")]

    def test_listed_ended_and_listed_again_it_is_kept(self, desk: Desk, tmp_path: Path) -> None:
        imported(
            desk.registry,
            tmp_path,
            row(THERE, until="2022-11-11"),
            row(THERE, since="2024-06-01", kind="active_hostilities"),
        )
        person = desk.person()
        granted(desk, **MOVE, subject=KEPT_THERE, register=about(person, dwelling=desk.dwelling(), elsewhere=there()))
        (note,) = desk.get(f"/persons/{person}").json()["occupied_addresses"]
        assert note["territory"] == str(entry_id(THERE, "active_hostilities", "2024-06-01"))

    def test_a_dwelling_of_ours_by_its_own_territory_alone(self, desk: Desk, tmp_path: Path) -> None:
        imported(desk.registry, tmp_path, row(THERE), row(OURS, "Наша громада", kind="possible_hostilities"))
        person, residence, new = lives_at(desk)
        said = granted(desk, **MOVE, subject=KEPT_HERE, register=about(person, dwelling=new))
        assert recorded(said, person) == ["occupied-address-noted", "residence-registered"]
        rows = {one["residence_id"]: one for one in desk.residences(person)}
        assert rows[residence]["kept"] and len(rows) == 2
        other, _, _ = lives_at(desk)
        body = filed_anyway(desk, **MOVE, subject=KEPT_HERE, register=about(other, dwelling=new, list_entry=THERE))
        assert codes(desk.refused("/applications", body)) == [("territory-elsewhere", "register.list_entry")]

    def test_a_dwelling_without_a_code_is_given_one_first(self, desk: Desk, tmp_path: Path) -> None:
        imported(desk.registry, tmp_path, row(OURS, "Наша громада"))
        person, _, new = lives_at(desk, None)
        body = filed_anyway(
            desk, **MOVE, subject=KEPT_HERE, register=about(person, dwelling=new, list_entry="Наша громада")
        )
        assert codes(desk.refused("/applications", body)) == [("dwelling-code-missing", "register.list_entry")]

    @pytest.mark.parametrize(("occupied", "status"), [(None, "not-possible"), ({}, None)])
    def test_without_an_entry_the_card_decides_unless_one_is_claimed(
        self, desk: Desk, occupied: Any, status: str | None
    ) -> None:
        kept = {**KEPT_THERE["current_residence"], **({} if occupied is None else {"occupied": occupied})}
        body = {**MOVE, "subject": {"born": BORN, "current_residence": kept}}
        body["register"] = about(desk.person(), dwelling=desk.dwelling(), elsewhere=there())
        if status:
            assert decided(desk, **body)["status"] == status
        else:
            problem = desk.refused("/applications", filed_anyway(desk, **body))
            assert codes(problem) == [("territory-not-listed", "register.elsewhere.list_entry")]

    def test_whoever_keeps_nothing_is_not_asked(self, desk: Desk) -> None:
        person, _, new = lives_at(desk, None)
        said = granted(desk, **MOVE, register=about(person, dwelling=new))
        assert recorded(said, person) == ["residence-registered"]


class TestTyped:
    """Before a list was imported, the entry is typed from its order."""

    def test_it_is_recorded_with_what_rests_on_it_and_the_head_looks(self, desk: Desk) -> None:
        person = desk.person()
        register = about(person, dwelling=desk.dwelling(), elsewhere=there(), territory=typed())
        said = granted(desk, **MOVE, subject=KEPT_THERE, register=register)
        (entry,) = desk.get("/territories").json()["answer"]
        assert (entry["code"], entry["order"], entry["source"]) == (THERE, ORDER, "desk")
        (note,) = desk.get(f"/persons/{person}").json()["occupied_addresses"]
        assert note["territory"] == entry["entry"] and note["list_entry"] == "Вигадана громада"
        assert ("territory_typed", None) in [(item, about_) for item, about_, _ in follows(desk, said)]
        assert verify(desk.registry).differences == []

    def test_of_a_parent_and_a_child_it_is_entered_once(self, desk: Desk) -> None:
        parent, child, home = desk.person(), desk.person(birth_date="2018-02-03"), desk.dwelling()
        kept = {"elsewhere": there(), "territory": typed()}
        children = [
            {
                "service": "register_child_residence",
                "subject": {**KEPT_THERE, "born": "2018-02-03"},
                "applicant": {"kind": "parent"},
                "register": about(child, dwelling=home, **kept),
            }
        ]
        granted(desk, **MOVE, subject=KEPT_THERE, register=about(parent, dwelling=home, **kept), children=children)
        again = desk.person()
        granted(desk, **MOVE, subject=KEPT_THERE, register=about(again, dwelling=home, **kept))
        assert len(desk.get("/territories").json()["answer"]) == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"code": "UA12"}, "register.territory.code"),
            ({"kind": "invaded"}, "register.territory.kind"),
            ({"from": "2022"}, "register.territory.from"),
            ({"order": {"number": "1", "dated": "2999-01-01"}}, "register.territory.order.dated"),
            ({"code": FAR}, "register.territory"),
        ],
    )
    def test_what_is_no_entry_is_refused_in_words(self, desk: Desk, wrong: dict[str, Any], field: str) -> None:
        register = about(desk.person(), dwelling=desk.dwelling(), elsewhere=there(), territory=typed(**wrong))
        problem = desk.refused("/applications", filed_anyway(desk, **MOVE, subject=KEPT_THERE, register=register))
        assert [one["field"] for one in problem["errors"]] == [field]

    def test_an_ended_entry_cannot_be_typed_open_again(self, desk: Desk, tmp_path: Path) -> None:
        imported(desk.registry, tmp_path, row(THERE, until="2024-01-01"))
        register = about(desk.person(), dwelling=desk.dwelling(), elsewhere=there(), territory=typed())
        assert decided(desk, **MOVE, subject=KEPT_THERE, register=register)["status"] == "not-possible"


class TestEnded:
    """A later order sets the end: who rests on the entry leaves the kept address first."""

    def kept(self, desk: Desk, folder: Path) -> tuple[str, str]:
        imported(desk.registry, folder, row(OURS, "Наша"))
        person, residence, new = lives_at(desk)
        granted(desk, **MOVE, subject=KEPT_HERE, register=about(person, dwelling=new))
        return person, residence

    def test_tasks_appear_and_the_next_act_waits_for_the_removal(self, desk: Desk, tmp_path: Path) -> None:
        person, residence = self.kept(desk, tmp_path)
        other, _, again = lives_at(desk)
        assert waiting_tasks(desk, "kept_address_ended") == []
        before = desk.registry.position()
        loaded = imported(desk.registry, tmp_path, row(OURS, "Наша", until="2025-03-01"))
        assert loaded.facts == {"territory-ended": 1}
        assert waiting_tasks(desk, "kept_address_ended") == [(person, residence)]
        body = filed_anyway(desk, **LATER, register=about(person, dwelling=again))
        body["documents"] += ["dwelling_right_document"]
        assert [code for code, _ in codes(desk.refused("/applications", body))] == ["kept-must-end"]
        leaves = {"service": "deregister_residence", "register": about({"person": person, "residence": residence})}
        granted(desk, **leaves, received=LATER["received"])
        granted(desk, **LATER, register=about(person, dwelling=again))
        granted(desk, **MOVE, register=about(other, dwelling=again))
        assert verify(desk.registry).differences == []
        rows = desk.registry.query(
            "kept_addresses", "by_entry", entries=[entry_id(OURS, "occupied", "2022-03-01")], position=before
        )
        assert [str(one["person"]) for one in rows] == [person]

    def test_another_bodys_notice_ends_it_too(self, desk: Desk, tmp_path: Path) -> None:
        person, residence = self.kept(desk, tmp_path)
        notice = {"service": "deregister_residence", "ground": "registered_elsewhere_notice", "channel": "notice"}
        notice |= {"applicant": {"kind": "registration_body"}, "received": LATER["received"]}
        register = about({"person": person, "residence": residence})
        problem = desk.refused("/applications", filed_anyway(desk, **notice, register=register))
        assert codes(problem) == [("kept-address-stays", "register.persons")]
        imported(desk.registry, tmp_path, row(OURS, "Наша", until="2025-03-01"))
        granted(desk, **notice, register=register)
        assert [one["kept"] for one in desk.residences(person)] == [False]
        assert verify(desk.registry).differences == []

    def test_an_address_elsewhere_is_told_and_closed(self, desk: Desk, tmp_path: Path) -> None:
        imported(desk.registry, tmp_path, row(THERE))
        person, again = desk.person(), desk.dwelling("9")
        granted(desk, **MOVE, subject=KEPT_THERE, register=about(person, dwelling=desk.dwelling(), elsewhere=there()))
        imported(desk.registry, tmp_path, row(THERE, until="2025-03-01"))
        assert waiting_tasks(desk, "kept_address_ended") == [(person, None)]
        body = filed(desk, **LATER, register=about(person, dwelling=again), confirmed=True)
        answer = desk.post("/applications", {**body, "decide": True, "confirmed": False})
        assert answer.status_code == 409 and answer.json()["errors"][0]["code"] == "noted-address-ended"
        answer = desk.post("/applications", {**body, "decide": True, "confirmed": True})
        assert answer.status_code == 201, answer.text
        assert [one["list_until"] for one in desk.get(f"/persons/{person}").json()["occupied_addresses"]] == [
            None,
            "2025-03-01",
        ]
        third = desk.dwelling("11")
        granted(desk, **{**LATER, "received": "2025-03-13T10:00"}, register=about(person, dwelling=third))
        assert verify(desk.registry).differences == []

    def test_another_entrys_end_changes_nothing(self, desk: Desk, tmp_path: Path) -> None:
        person, _ = self.kept(desk, tmp_path)
        imported(desk.registry, tmp_path, row(OURS, "Наша"), row(FAR, "Далека"))
        imported(desk.registry, tmp_path, row(OURS, "Наша"), row(FAR, "Далека", until="2025-01-01"))
        assert waiting_tasks(desk, "kept_address_ended") == []
        granted(desk, **LATER, register=about(person, dwelling=desk.dwelling("11")))


class TestListedStill:
    """It is the territory that is listed: another entry without an end covers the address as well (card 1 r16)."""

    REGION: ClassVar = {OURS: "UA12000000000090473", THERE: "UA14000000000091971"}
    OPEN: ClassVar = {"name": "Наша", "kind": "active_hostilities"}

    def rests(self, desk: Desk, folder: Path, code: str, *beside: str) -> str:
        imported(desk.registry, folder, row(code, **self.OPEN), *beside)
        if code == THERE:
            person, new, kept, more = desk.person(), desk.dwelling(), KEPT_THERE, {"elsewhere": there()}
        else:
            (person, _, new), kept, more = lives_at(desk), KEPT_HERE, {}
        granted(desk, **MOVE, subject=kept, register=about(person, dwelling=new, **more))
        return person

    @pytest.mark.parametrize("code", [OURS, THERE])
    @pytest.mark.parametrize("by", ["hostilities then occupation", "the region", "part of it"])
    def test_whoever_rests_on_an_entry_that_another_follows_is_not_asked(
        self, desk: Desk, tmp_path: Path, code: str, by: str
    ) -> None:
        beside = {
            "hostilities then occupation": row(code, "Наша", since="2025-03-01"),
            "the region": row(self.REGION[code], "Область"),
            "part of it": row(TOWN if code == THERE else HOME_CODE, "Поселення", since="2025-03-01"),
        }[by]
        person = self.rests(desk, tmp_path, code)
        imported(desk.registry, tmp_path, row(code, **self.OPEN, until="2025-03-01"), beside)
        granted(desk, **LATER, register=about(person, dwelling=desk.dwelling("11")))
        assert verify(desk.registry).differences == []

    @pytest.mark.parametrize(("code", "told"), [(OURS, (422, "kept-must-end")), (THERE, (409, "noted-address-ended"))])
    def test_an_entry_that_the_list_never_had_keeps_nothing(
        self, desk: Desk, tmp_path: Path, code: str, told: tuple[int, str]
    ) -> None:
        person = self.rests(desk, tmp_path, code)
        body = filed(desk, **LATER, register=about(person, dwelling=desk.dwelling("11")))
        territory_list.annul(clerk(desk.registry), entry_id(code, "active_hostilities", "2022-03-01"), "не було")
        problem = desk.refused("/applications", {**body, "decide": True}, status=told[0])
        assert [one for one, _ in codes(problem)] == [told[1]]
        imported(desk.registry, tmp_path, row(self.REGION[code], "Область"))
        granted(desk, **LATER, register=about(person, dwelling=desk.dwelling("11")))
        assert verify(desk.registry).differences == []


class TestImport:
    def test_a_second_run_loads_nothing_twice(self, desk: Desk, tmp_path: Path) -> None:
        first = imported(desk.registry, tmp_path, row(THERE), row(FAR, "Інша"))
        assert (first.facts, first.waits) == ({"territory-entered": 2}, False)
        position = desk.registry.position()
        again = imported(desk.registry, tmp_path, row(THERE), row(FAR, "Інша"))
        assert (again.facts, again.same, desk.registry.position()) == ({}, 2, position)

    def test_in_the_form_of_the_list_itself(self, desk: Desk, tmp_path: Path) -> None:
        file = tmp_path / "perelik.csv"
        file.write_text(
            "Код,Найменування,Розділ,Дата початку,Дата завершення\n"
            f"{THERE},Вигадана громада,Тимчасово окуповані Російською Федерацією території України,01.03.2022,\n"
            f"{FAR},Інша,Території можливих бойових дій,24.02.2022,30.04.2022\n",
            "utf-8",
        )
        assert territory_list.load(file, clerk=clerk(desk.registry)).facts == {"territory-entered": 2}
        said = {(one["kind"], one["from"], one["until"]) for one in desk.get("/territories").json()["answer"]}
        assert said == {("occupied", "2022-03-01", None), ("possible_hostilities", "2022-02-24", "2022-04-30")}

    def test_what_differs_is_corrected_and_what_is_gone_is_told(self, desk: Desk, tmp_path: Path) -> None:
        imported(desk.registry, tmp_path, row(THERE), row(FAR, "Інша", until="2023-01-01"))
        changed = imported(desk.registry, tmp_path, row(FAR, "Інша", until="2023-02-01"))
        assert changed.facts == {"territory-corrected": 1}
        assert [one.code for one in changed.gone] == [THERE]
        assert len(desk.get("/territories").json()["answer"]) == 2

    def test_wrong_rows_are_named_and_a_dry_run_writes_nothing(self, desk: Desk, tmp_path: Path) -> None:
        wrong = [
            row("UA12", "Коротка"),
            row(FAR, "Розділ", kind="невідомий"),
            row(FAR, "День", since="2022-02"),
            row(FAR, "Назад", until="2021-01-01"),
            row(FAR, ""),
            row(THERE),
            f"{FAR},Наказ,occupied,2022-03-01,,309,\n",
        ]
        loaded = imported(desk.registry, tmp_path, row(THERE), *wrong, dry_run=True)
        assert [(one.line, one.column, one.code) for one in loaded.rejects] == [
            (3, "code", "katottg-shape"),
            (4, "kind", "kind-unknown"),
            (5, "from", "not-a-day"),
            (6, "until", "ends-before-start"),
            (7, "name", "missing"),
            (8, "code", "duplicate"),
            (9, "order_dated", "order-missing"),
        ]
        assert loaded.facts == {"territory-entered": 1} and desk.registry.position() == 0

    def test_later_changes_wait_for_a_second_person(self, strict: tuple[Desk, Desk], tmp_path: Path) -> None:
        mine, heads = strict
        imported(mine.registry, tmp_path, row(THERE), two=True)
        loaded = imported(mine.registry, tmp_path, row(THERE, until="2025-01-01"), row(FAR, "Інша"), two=True)
        assert loaded.waits and loaded.facts == {"territory-ended": 1, "territory-entered": 1}
        assert [one["until"] for one in mine.get("/territories").json()["answer"]] == [None]
        with pytest.raises(Impossible, match="territory-change-waits"):
            imported(mine.registry, tmp_path, row(THERE, until="2025-02-01"), two=True)
        (change,) = heads.get("/changes").json()["changes"]
        assert (change["asked_for"], change["person"], change["persons"]) == ("territory-ended", None, [])
        assert {one["territory"] for one in change["facts"]} == {
            str(one) for one in (entry_id(THERE, "occupied", "2022-03-01"), entry_id(FAR, "occupied", "2022-03-01"))
        }
        heads.act(f"/applications/{change['application']}/approval")
        assert [one["until"] for one in mine.get("/territories").json()["answer"]] == ["2025-01-01", None]
        assert verify(mine.registry).differences == []


class TestDecisions:
    SAYS: ClassVar = TerritoryVersion(name="Громада", code=THERE, kind="occupied", since="2022-03-01")

    def refused(self, decide: Any, *asked: Any, **how: Any) -> list[tuple[str, str | None]]:
        with pytest.raises(Impossible) as raised:
            decide(*asked, **how)
        return [(fault.code, fault.field) for fault in raised.value.faults]

    def test_all_faults_of_an_entry_at_once(self) -> None:
        said = TerritoryVersion(name="", code="UA14", kind="?", since="2022", until="2022-02-30")
        order = Order(number="", dated="2999-01-01")
        how = {"order": order, "source": "list", "today": date(2025, 1, 1)}
        assert self.refused(decisions.enter, UNLISTED, said, **how) == [
            ("territory-nameless", "name"),
            ("katottg-shape", "code"),
            ("kind-unknown", "kind"),
            ("not-a-day", "since"),
            ("not-a-day", "until"),
            ("number-missing", "order.number"),
            ("date-in-future", "order.dated"),
        ]
        backwards = TerritoryVersion(name="Г", code=THERE, kind="occupied", since="2022-03-01", until="2022-02-01")
        assert self.refused(decisions.enter, UNLISTED, backwards, **{**how, "order": None}) == [
            ("ends-before-start", "until")
        ]

    def test_one_that_is_listed_or_is_not(self) -> None:
        how = {"order": None, "today": date(2025, 1, 1)}
        (fact,) = decisions.enter(UNLISTED, self.SAYS, source="list", **how)
        held = fold(entries([fact]))
        assert self.refused(decisions.enter, held, self.SAYS, source="list", **how) == [("territory-listed", None)]
        assert self.refused(decisions.amend, UNLISTED, self.SAYS, **how) == [("territory-unknown", "entry")]
        assert self.refused(decisions.annul, held, basis=None) == [("basis-missing", "basis")]
        assert decisions.amend(held, self.SAYS, **how) == []

    def test_facts_of_an_entry_that_is_none_are_noticed(self) -> None:
        facts = [TerritoryEnded(until="2024-01-01"), TerritoryAnnulled(basis="ні")]
        assert fold(entries(facts)).unmatched == (1, 2)


class TestCommand:
    def test_a_list_from_its_import_to_a_change_that_another_approves(self, database_url: str, tmp_path: Path) -> None:
        hromada = Command(DATABASE_URL=database_url, HROMADA_DATA=str(tmp_path / "data"), COLUMNS="200")
        staffed(database_url, "admin", "head")
        file, rejects = tmp_path / "list.csv", tmp_path / "rejects.csv"
        file.write_text(HEADER + row(THERE) + row("UA12", "Коротка"), "utf-8")
        tried = hromada.answer("territories", "import", file, "--dry-run")
        assert (tried["facts"], tried["rejected"], tried["position"]) == ({"territory-entered": 1}, 1, None)
        done = hromada("territories", "import", file, "--rejects", rejects)
        assert done.returncode == 3 and "КАТОТТГ" in rejects.read_text("utf-8") and "Коротка" not in done.stderr
        assert str(rejects) in done.stdout.replace("\n", "")
        (entry,) = hromada.answer("territories", "show", "--code", TOWN)["answer"]
        assert (entry["name"], entry["until"]) == ("Вигадана громада", None)
        file.write_text(HEADER + row(THERE, until="2025-01-01"), "utf-8")
        assert hromada.answer("territories", "import", file, "--rejects", rejects)["waits"]
        assert rejects.read_text("utf-8") == "file,line,column,code,message,value\n"
        assert hromada("territories", "import", file).returncode == 2
        assert hromada("territories", "approve", "--as", "admin", typed=PASSWORD).returncode == 2
        assert hromada("territories", "approve").returncode == 0
        assert hromada.answer("territories", "show", "--on", "2025-02-01")["answer"] == []
        shown = hromada("territories", "show").stdout
        assert "01.03.2022" in shown and "назва" in shown and "особа" not in shown
        assert hromada("territories", "show", "--code", "UA14").returncode == 2
        gone = hromada("territories", "annul", entry["entry"], "у переліку такого не було")
        assert gone.returncode == 0 and hromada.answer("territories", "reject", "помилка")["rejected"] == 1
        file.write_text(HEADER + row(FAR), "utf-8")
        told = hromada("territories", "import", file, "--dry-run")
        assert told.returncode == 0 and THERE in told.stderr
        assert hromada("territories", "import", tmp_path / "none.csv").returncode == 2
        assert hromada("territories", "annul", "none", "описка").returncode == 2
        assert hromada("verify").returncode == 0


class TestBothTimes:
    def test_the_list_of_a_day_as_known_at_an_instant(self, database_url: str, tmp_path: Path) -> None:
        clock = StoppedClock("2025-03-01T09:00")
        with opened(database_url, clock=clock) as registry:
            desk = Desk(TestClient(create_app(registry, installation(data=tmp_path, second_person=False))), registry)
            imported(registry, tmp_path, row(THERE))
            clock.set("2025-06-01T09:00")
            imported(registry, tmp_path, row(THERE, until="2025-04-01"))
            clock.set("2025-07-01T09:00")
            entry = entry_id(THERE, "occupied", "2022-03-01")

            def until(**times: str) -> list[str | None]:
                return [one["until"] for one in desk.get("/territories", **times).json()["answer"]]

            assert until(known_at="2025-05-01") == [None] and until() == ["2025-04-01"]
            assert until(on="2025-05-01", known_at="2025-05-01") == [None] and until(on="2025-05-01") == []
            assert desk.get("/territories", known_at="2025-02-01").json()["answer"] == "реєстр ще не вівся"
            assert until(on="2022-02-28") == []
            assert until(code=TOWN) == ["2025-04-01"] and until(code=FAR) == []
            assert until(name="ВИГАДАНА") == ["2025-04-01"] and until(name="інша") == []
            territory_list.annul(clerk(registry), entry, "у переліку такого не було")
            assert until() == []
            clock.set("2025-08-01T09:00")
            assert until(known_at="2025-06-30") == ["2025-04-01"]
            imported(registry, tmp_path, row(THERE))
            assert until() == [None] and verify(registry).differences == []

    def test_pages_follow_each_other(self, desk: Desk, tmp_path: Path) -> None:
        imported(
            desk.registry,
            tmp_path,
            *(row(f"UA14060030{number:02}0012345", f"Село {number}") for number in range(1, 8)),
        )
        seen, after = [], {}
        while True:
            page = desk.get("/territories", limit=3, **after).json()
            seen += [one["name"] for one in page["answer"]]
            if not page["next"]:
                break
            after = {"after": page["next"]}
        assert seen == [f"Село {number}" for number in range(1, 8)]

    @pytest.mark.parametrize(
        "bad", [{"on": "2022"}, {"code": "UA1"}, {"after": "x"}, {"limit": 0}, {"known_at": "коли"}]
    )
    def test_a_bad_question_is_refused(self, desk: Desk, bad: dict[str, Any]) -> None:
        assert desk.get("/territories", **bad).status_code == 422


class TestJournal:
    def test_comes_back_byte_for_byte_with_its_tasks_as_sent(self, desk: Desk, tmp_path: Path, server: Any) -> None:
        TestEnded().test_tasks_appear_and_the_next_act_waits_for_the_removal(desk, tmp_path)
        file, again = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
        journal.export(desk.registry, file, seen_by=OPEN)
        assert b"territory-ended" in file.read_bytes()
        for url in _database(server, template="hromada"):
            with opened(url) as other:
                journal.load(other, file, other.clock())
                journal.export(other, again, seen_by=OPEN)
                assert verify(other).differences == []
                for table in ("territories", "kept_addresses"):
                    other.rebuild(table)
                assert verify(other).differences == []
                assert waiting(other, "task", 10) == []
        assert file.read_bytes() == again.read_bytes()
        assert max(map(len, file.read_bytes().splitlines())) < 65_536


class TestVerify:
    def test_a_fact_that_names_no_entry_is_a_difference_by_its_position(self, desk: Desk) -> None:
        person = desk.person()
        unknown = desk.core("note_occupied_address", person, list_entry="II", address="м. Неіснуюче", territory=uuid4())
        line = (uuid4(), [TerritoryEnded(until="2024-01-01")], 0)
        ended = desk.registry.append([line], by=CLERK, command=uuid4())
        said = verify(desk.registry).differences
        assert [text.split(":")[0] for text in said] == [f"position {act.position}" for act in (unknown, ended)]


class TestCitySize:
    def test_five_thousand_entries_come_in_seconds_and_slow_no_request(self, desk: Desk, tmp_path: Path) -> None:
        rows = [
            row(f"UA{region:02}{district:02}{community:03}{place:03}00{number:05}", f"Вигадане поселення {number}")
            for number, (region, district, community, place) in enumerate(
                (region, district, community, place)
                for region in range(10, 20)
                for district in range(1, 6)
                for community in range(1, 11)
                for place in range(1, 11)
            )
        ]
        assert len(rows) == 5000
        began = time.monotonic()
        assert imported(desk.registry, tmp_path, *rows).facts == {"territory-entered": 5000}
        assert time.monotonic() - began < 30
        person = desk.person()
        body = filed(
            desk,
            **MOVE,
            subject=KEPT_THERE,
            register=about(person, dwelling=desk.dwelling(), elsewhere=there(katottg="UA14020050030012345")),
        )
        began = time.monotonic()
        assert desk.post("/applications", {**body, "decide": True}).json()["status"] == "granted"
        assert time.monotonic() - began < 2
        began = time.monotonic()
        assert imported(desk.registry, tmp_path, *rows).same == 5000
        assert time.monotonic() - began < 15

    def test_each_question_has_an_index(self, desk: Desk, tmp_path: Path) -> None:
        imported(
            desk.registry,
            tmp_path,
            *(row(f"UA1406{number:03}0000012345", f"Село {number}") for number in range(1, 900)),
        )
        sought = {"entries": [uuid4()], "around": around(TOWN), "names": ["село 5"], "position": 10_000}
        with desk.registry.datastore.get_connection() as connection:
            connection.execute("ANALYZE territories")
            plans = [
                connection.execute("EXPLAIN " + territories.SQL["sought"], sought).fetchall(),
                connection.execute(
                    "EXPLAIN " + kept_addresses.SQL["by_entry"], {"entries": [uuid4()], "position": 1}
                ).fetchall(),
            ]
        assert all("Index" in json.dumps(plan) or "Bitmap" in json.dumps(plan) for plan in plans)
