"""A protected address: while a mark holds, the person is hidden from whoever may not see protected people.

The law says nothing of it: who puts a mark and who sees beyond it is this program's own. That nothing leaks by any
route or command is asked in `test_viewer.py` (`TestAProtectedAddress`).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from callers import bearer, key_of
from clerks import Clerk
from clocks import StoppedClock
from conftest import _database
from filing import LEAVE, VISIT, about, filed
from given import CLERK, entries, founded, installation
from starlette.testclient import TestClient
from test_api import NOBODY, Desk, codes

from api.main import create_app
from registry import journal, protected, seals, viewer
from registry.aggregates.person import protections
from registry.aggregates.person.events import Particulars, PersonEntered
from registry.aggregates.person.protection_events import AddressProtected
from registry.aggregates.person.state import fold
from registry.aggregates.values import Actor, Impossible
from registry.app import Registry
from registry.opening import opened
from registry.roles import Role, Who
from registry.viewer import HIDDEN, OPEN
from replay.compare import verify

BASIS = "рішення суду від 01.02.2024 № 2-17/2024"
MARK = {"basis": BASIS, "since": "2024-02-01"}
ROLES: tuple[Role, ...] = ("clerk", "head", "auditor", "reader", "machine")


class Town:
    """A home with Oksana, whose number is known, and a neighbour; desks of each role, and of a second head."""

    def __init__(self, registry: Registry, folder: Path) -> None:
        self.registry = registry
        founded(registry)
        self.app = create_app(registry, installation(data=folder))
        self.office = Desk(TestClient(create_app(registry, installation(data=folder, second_person=False))), registry)
        self.by: Mapping[str, Desk] = {role: self.desk(role, role) for role in ROLES} | {
            "other": self.desk("head", "2")
        }
        self.clerk, self.head, self.auditor = (self.by[role] for role in ("clerk", "head", "auditor"))
        self.home = self.office.dwelling()
        self.person = self.office.person(ref="К-1", unzr="19900504-00011")
        self.neighbour = self.office.person(surname="Сусідська", birth_date="1980-01-01")
        for one in (self.person, self.neighbour):
            self.office.settled(one, self.home)
        self.where = f"/persons/{self.person}/address-protection"

    def desk(self, role: Role, name: str) -> Desk:
        headers = bearer(key_of(self.registry, role, f"key-{name}"))
        return Desk(TestClient(self.app, headers=headers), self.registry)

    def protect(self, person: str | None = None, **more: Any) -> str:
        """Puts a mark; returns its id."""
        where = f"/persons/{person or self.person}/address-protection"
        self.head.act(where, {**MARK, **more})
        return cast(str, self.marks(where)[-1]["mark"])

    def marks(self, where: str = "", **times: str) -> list[dict[str, Any]]:
        return cast(list[dict[str, Any]], self.head.get(where or self.where, **times).json()["answer"])

    def seen(self, name: str | None = None, by: str = "clerk") -> int:
        """The status of asking for a card."""
        return cast(int, self.by[by].get(f"/persons/{name or self.person}").status_code)


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[Town]:
    with opened(database_url) as registry:
        yield Town(registry, tmp_path)
        assert verify(registry).differences == []


class TestWhileItHolds:
    def test_whoever_may_not_see_protected_people_does_not(self, town: Town) -> None:
        assert [town.seen(by=role) for role in ROLES[:3]] == [200, 200, 200]
        town.protect()
        assert [town.seen(by=role) for role in ROLES[:3]] == [403, 200, 200]
        for name in ("К-1", town.person):
            assert town.seen(name) == 403
        for typed in ("Вигадана", "19900504-00011", "К-1", "04.05.1990"):
            found = {by: town.by[by].post("/search/people", {"q": typed}).json()["people"] for by in ROLES[:3]}
            assert [len(rows) for rows in found.values()] == [0, 1, 1], typed
        assert town.seen(town.neighbour) == 200

    def test_the_row_of_a_dwelling_stays_and_tells_nothing(self, town: Town) -> None:
        town.protect()
        for times in ({}, {"on": "2015-01-01"}):
            rows = town.clerk.get(f"/dwellings/{town.home}/residents", **times).json()["answer"]
            assert sorted(row["name"] for row in rows) == ["Сусідська Оксана", HIDDEN]
            [hidden] = [row for row in rows if row["name"] == HIDDEN]
            assert (hidden["person_id"], hidden["residence_id"]) == (None, None)
        page = town.clerk.client.get(f"/dwellings/{town.home}")
        assert page.status_code == 200 and town.person not in page.text and "19900504" not in page.text

    def test_an_end_known_to_its_month_holds_to_the_last_day_of_it(self) -> None:
        """As SQL says it: an unknown part of a day speaks for the protected."""
        told = {"basis": "рішення", "since": "2024-05", "until": "2025-03"}
        person = fold(entries([PersonEntered(particulars=Particulars()), AddressProtected(mark=UUID(int=7), **told)]))
        ends = {"mark": UUID(int=7), "basis": "рішення"}
        assert protections.end(person, until="2025-03-20", today=date(2025, 3, 31), **ends)
        with pytest.raises(Impossible, match="protection-over"):
            protections.end(person, until="2025-03-20", today=date(2025, 4, 1), **ends)

    def test_what_is_about_everybody_is_for_whoever_sees_them(self, town: Town) -> None:
        who = {role: Who(actor=CLERK, roles=frozenset({role})) for role in ("clerk", "head", "auditor")}
        assert seals.viewer_of(town.registry, who["clerk"]) is viewer.OPEN
        town.protect()
        everything = {role: seals.viewer_of(town.registry, one).sees_everything for role, one in who.items()}
        assert everything == {"clerk": False, "head": True, "auditor": True}
        assert seals.viewer_of(town.registry, CLERK) is viewer.OPEN
        both = Who(actor=CLERK, roles=frozenset({"clerk", "head"}))
        assert seals.viewer_of(town.registry, both).sees(UUID(town.person))

    def test_an_extract_is_issued_by_a_head_alone_and_its_check_page_tells_as_before(self, town: Town) -> None:
        before = town.head.act(f"/persons/{town.person}/extracts")
        told = town.head.client.get(f"/v/{before['code']}").text
        town.protect()
        assert town.head.client.get(f"/v/{before['code']}").text == told and HIDDEN not in told
        for number in (before["number"], town.head.act(f"/persons/{town.person}/extracts")["number"]):
            assert town.clerk.get(f"/extracts/{number}").status_code == 403
            assert town.head.get(f"/extracts/{number}").status_code == 200
        assert town.clerk.refused(f"/persons/{town.person}/extracts", {}, 403)

    def test_an_application_of_theirs_is_for_a_head(self, town: Town) -> None:
        body = filed(town.office, **LEAVE, register=about(town.person))
        said = town.clerk.act("/applications", body)["application"]
        town.protect()
        assert town.clerk.get(f"/applications/{said}").status_code == 403
        assert town.clerk.refused(f"/applications/{said}/decision", {"acted_on": body["received"][:10]}, 403)
        for by in ("clerk", "machine"):
            sent = {**LEAVE, "received": VISIT, "register": about(town.person)}
            assert town.by[by].post("/applications?dry_run=1", sent).status_code == 403
        assert town.head.get(f"/applications/{said}").status_code == 200

    def test_another_department_is_told_how_many_and_not_who(self, town: Town) -> None:
        town.protect()
        names = {"surname": "Сусідська", "given_names": "Оксана", "birth_date": "1980-01-01"}
        asked = {
            **{"card": "17-39", "notice": {"sender": "Відділ", "number": "1", "dated": "2024-05-31"}},
            **{"applicant": names, "address": {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "7"}},
        }
        for by in ("reader", "head"):
            said = town.by[by].post("/household-answers", asked).json()
            assert ([one["surname"] for one in said["persons"]], said["hidden"]) == (["Сусідська"], 1)
        hers = {**names, "surname": "Вигадана", "birth_date": "1990-05-04"}
        assert town.by["reader"].post("/household-answers", {**asked, "applicant": hers}).status_code == 403

    def test_an_entry_that_is_withdrawn_stays_hidden_as_it_was_known_before(self, town: Town) -> None:
        town.protect()
        [last] = town.registry.entries(UUID(town.person))[-1:]
        then = {"known_at": last.recorded_at.isoformat()}
        clerk = Clerk(town.registry, CLERK, second_person=False)
        clerk.withdraw_entry(UUID(town.person), command=uuid4(), reason="хибний запис")
        where = f"/persons/{town.person}/residences"
        assert [town.by[by].get(where, **then).status_code for by in ROLES[:3]] == [403, 200, 200]
        again = Particulars(surname="Вигадана", given_names="Оксана", birth_date="1990-05-04")
        clerk.enter_person(command=uuid4(), person=UUID(town.person), particulars=again)
        assert town.seen() == 403 and len(town.marks()) == 1


class TestTheMark:
    def test_only_a_head_puts_one_and_the_log_says_who_and_why(self, town: Town) -> None:
        for by in ("clerk", "auditor", "reader", "machine"):
            assert town.by[by].refused(town.where, MARK, 403)
        town.head.act(town.where, MARK)
        last = town.registry.entries(UUID(town.person))[-1]
        assert (last.fact.basis, last.by.id) == (BASIS, "key-head")
        assert town.marks() == [{"mark": str(last.fact.mark), **MARK, "until": None}]
        assert town.clerk.get(town.where).status_code == 403
        assert town.auditor.get(town.where).json()["answer"] == town.marks()

    def test_a_repeated_command_puts_one(self, town: Town) -> None:
        key = str(uuid4())
        first = town.head.post(town.where, MARK, Idempotency_Key=key)
        again = town.head.post(town.where, MARK, Idempotency_Key=key)
        assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
        assert town.head.post(town.where, {**MARK, "basis": "інше"}, Idempotency_Key=key).status_code == 422
        assert len(town.marks()) == 1

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"basis": None}, [("basis-missing", "basis")]),
            ({"since": None}, [("since-missing", "since")]),
            ({"since": "2024-02-30"}, [("not-a-date", "since")]),
            ({"since": "2198-01-01"}, [("date-in-future", "since")]),
            ({"since": "1980"}, [("before-birth", "since")]),
            ({"until": "завтра"}, [("not-a-date", "until")]),
            ({"until": "2024-01-01"}, [("ends-before-start", "until")]),
        ],
    )
    def test_what_cannot_be_is_refused(self, town: Town, said: dict[str, Any], told: list[Any]) -> None:
        assert codes(town.head.refused(town.where, {**MARK, **said})) == told
        assert town.marks() == [] and town.seen() == 200

    def test_of_nobody_and_of_the_dead_none_is_put_and_none_twice(self, town: Town) -> None:
        assert town.head.refused(f"/persons/{NOBODY}/address-protection", MARK, 404)
        town.protect(town.neighbour)
        assert codes(town.head.refused(f"/persons/{town.neighbour}/address-protection", MARK)) == [
            ("already-protected", None)
        ]
        Clerk(town.registry, CLERK).record_death(UUID(town.person), command=uuid4(), registered_on="2024-01-01")
        assert codes(town.head.refused(town.where, MARK)) == [("person-deceased", None)]

    def test_ends_on_a_day_by_a_basis_and_once(self, town: Town) -> None:
        mark = town.protect()
        end = f"{town.where}/{mark}/end"
        told = {"until": "2025-01-01", "basis": "ухвала"}
        for said, wrong in (
            ({}, [("until-missing", "until"), ("basis-missing", "basis")]),
            ({**told, "until": "2198-01-01"}, [("date-in-future", "until")]),
            ({**told, "until": "2023"}, [("ends-before-start", "until")]),
        ):
            assert codes(town.head.refused(end, said)) == wrong
        for by in ("clerk", "auditor"):
            assert town.by[by].refused(end, told, 403)
        assert codes(town.head.refused(f"{town.where}/{NOBODY}/end", told)) == [("protection-unknown", "mark")]
        town.head.act(end, told)
        assert town.seen() == 200 and town.marks()[0]["until"] == "2025-01-01"
        assert codes(town.head.refused(end, told)) == [("protection-over", "mark")]
        town.protect()
        assert town.seen() == 403 and len(town.marks()) == 2

    def test_one_that_names_its_end_hides_until_it(self, town: Town) -> None:
        town.protect(until="2024-06-01")
        assert town.seen() == 200
        town.protect(until="2198")
        assert town.seen() == 403
        assert len(town.marks(on="2024-05-31")) == 2 and len(town.marks(on="2024-06-01")) == 1

    def test_is_annulled_by_two_heads(self, town: Town) -> None:
        mark = town.protect()
        where = f"{town.where}/{mark}/annulment"
        assert town.clerk.refused(where, {"basis": "тезка"}, 403)
        assert codes(town.head.refused(where, {})) == [("basis-missing", "basis")]
        assert codes(town.head.refused(f"{town.where}/{NOBODY}/annulment", {"basis": "тезка"})) == [
            ("protection-unknown", "mark")
        ]
        waits = town.head.post(where, {"basis": "тезка"})
        assert waits.status_code == 202 and town.seen() == 403
        change = f"/applications/{waits.json()['application']}"
        assert town.clerk.get(change).status_code == 403
        assert town.head.post(f"{change}/approval").status_code != 201
        town.by["other"].act(f"{change}/approval")
        assert town.seen() == 200 and town.marks() == []


class TestMergedEntries:
    def merged(self, town: Town, gone: str, into: str) -> None:
        said = {"into": UUID(into), "keep": frozenset(), "reason": "внесено двічі", "confirmed": True}
        Clerk(town.registry, CLERK, second_person=False).merge_entries(UUID(gone), command=uuid4(), **said)

    def test_a_mark_goes_along_with_whoever_goes_and_comes_back(self, town: Town) -> None:
        town.protect()
        twin = town.office.person(ref="К-2", unzr="19900504-00028")
        self.merged(town, town.person, twin)
        assert [town.seen(name) for name in (town.person, "К-1", twin, "К-2")] == [403] * 4
        assert verify(town.registry).differences == []
        clerk = Clerk(town.registry, CLERK, second_person=False)
        clerk.annul_merge(UUID(town.person), command=uuid4(), basis="двоє")
        assert [town.seen(name) for name in (town.person, twin)] == [403, 200]

    def test_the_merge_is_not_taken_back_over_a_mark_that_was_ended_since(self, town: Town) -> None:
        town.protect()
        twin = town.office.person(ref="К-2", unzr="19900504-00028")
        self.merged(town, town.person, twin)
        where = f"/persons/{twin}/address-protection"
        town.head.act(f"{where}/{town.marks(where)[0]['mark']}/end", {"until": "2025-01-01", "basis": BASIS})
        problem = town.office.refused(f"/persons/{town.person}/merge-annulment", {"basis": "двоє"})
        assert codes(problem) == [("merge-built-upon", "person")]

    def test_who_was_merged_into_them_before_leads_to_nobody(self, town: Town) -> None:
        twin = town.office.person(ref="К-2")
        self.merged(town, twin, town.person)
        assert town.seen("К-2") == 200
        town.protect()
        assert [town.seen(name) for name in (twin, "К-2", town.person)] == [403] * 3
        who = Who(actor=CLERK, roles=frozenset({"clerk"}))
        assert not seals.viewer_of(town.registry, who).sees(UUID(twin))


class TestBothTimes:
    def test_of_a_day_as_known_and_the_journal_restores_it(
        self, database_url: str, tmp_path: Path, server: Any
    ) -> None:
        clock = StoppedClock("2025-03-01T09:00")
        with opened(database_url, clock=clock) as registry:
            town = Town(registry, tmp_path)
            mark = town.protect(since="2024-05")
            clock.set("2025-06-01T09:00")
            town.head.act(f"{town.where}/{mark}/end", {"until": "2025-05-15", "basis": "ухвала"})

            def said(**times: str) -> list[tuple[str, str | None]]:
                return [(one["since"], one["until"]) for one in town.marks(**times)]

            assert said(known_at="2025-04-01") == [("2024-05", None)] and said() == [("2024-05", "2025-05-15")]
            assert said(on="2025-05-14") and not said(on="2025-05-15") and not said(on="2024-04-30")
            assert said(on="2025-05-15", known_at="2025-04-01")
            assert town.head.get(town.where, known_at="2025-02-01").json()["answer"] == "реєстр ще не вівся"
            clock.set("2025-06-02T09:00")
            town.protect(since="2025-06-01")
            file, again = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
            journal.export(registry, file, seen_by=OPEN)
            for url in _database(server, template="hromada"):
                with opened(url) as other:
                    journal.load(other, file, other.clock())
                    journal.export(other, again, seen_by=OPEN)
                    assert protected.hiding(other).protected == {UUID(town.person)}
                    other.rebuild("protections")
                    assert protected.hiding(other).protected == {UUID(town.person)}
                    assert verify(other).differences == []
            assert file.read_bytes() == again.read_bytes()

    def test_today_is_that_of_kyiv(self, database_url: str, tmp_path: Path) -> None:
        clock = StoppedClock("2025-03-01T09:00")
        with opened(database_url, clock=clock) as registry:
            town = Town(registry, tmp_path)
            town.protect(until="2025-03-10")
            clock.set("2025-03-09T21:59")
            assert town.seen() == 403
            clock.set("2025-03-09T22:00")
            assert town.seen() == 200


def test_who_is_hidden_is_one_question_of_a_request(town: Town, monkeypatch: Any) -> None:
    asked: list[tuple[str, ...]] = []
    query = Registry.query
    monkeypatch.setattr(Registry, "query", lambda self, *name, **said: asked.append(name) or query(self, *name, **said))
    by = {role: Who(actor=Actor(role, role), roles=frozenset({role})) for role in ("clerk", "head")}
    for who in by.values():
        seals.viewer_of(town.registry, who)
    assert asked == [("protections", "hidden")] * 2
