"""One person who was entered twice (semantics 1.9): merged, asked of by any name and at any time, and taken back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from clerks import Clerk
from conftest import _database
from filing import MOVE, about, filed
from given import CLERK, installation, waiting
from starlette.testclient import TestClient
from test_api import Desk, codes

from api.main import create_app
from registry import journal, merged, questions, seals
from registry.aggregates.dwelling.events import Address, Owner
from registry.aggregates.person.events import FamilyLinkEntered, FormerIdentitySealed, Particulars, PersonEntered
from registry.aggregates.person.merge_events import EntryMerged, MergeAnnulled
from registry.aggregates.person.state import find_link
from registry.aggregates.values import Actor, Impossible, NeedsConfirmation
from registry.app import LostRace, Registry
from registry.cases.as_of import AsOf
from registry.opening import opened
from registry.storage import access
from registry.storage.access import Look
from registry.viewer import OPEN
from replay import register
from replay.compare import verify

HEAD = Actor("head", "Керівник Вигадана Г. Г.")
NOW = datetime.now(UTC) + timedelta(1)


class Town:
    """Somebody who was entered twice: `stays` lives in B since 2015, `gone` lived in A and lives in C since 2012."""

    def __init__(self, registry: Registry, second_person: bool = False):
        self.registry = registry
        self.clerk, self.head = Clerk(registry, CLERK, second_person), Clerk(registry, HEAD)
        self.a, self.b, self.c, self.d = (self.home(number) for number in range(4))
        self.stays = self.person("Вигадана", ref="К-1", unzr="19900504-00011")
        self.gone = self.person("Вигадана", ref="К-2", rnokpp="3299600022")
        self.settle(self.stays, self.b, "2015-01-01")
        self.first = self.settle(self.gone, self.a, "2008-03")
        self.second = self.settle(self.gone, self.c, "2012-02-01")
        self.before = registry.position()

    def home(self, number: int) -> UUID:
        address = Address(street="вул. Вигадана", house=str(number))
        return self.clerk.enter_dwelling(command=uuid4(), address=address, kind="private").entries[0].stream

    def person(self, surname: str, ref: str | None = None, birth_date: str = "1990-05-04", **said: Any) -> UUID:
        who = Particulars(surname=surname, given_names="Оксана", birth_date=birth_date, **said)
        return self.clerk.enter_person(command=uuid4(), particulars=who, ref=ref).entries[0].stream

    def settle(self, person: UUID, home: UUID, since: str) -> UUID:
        act = Clerk(self.registry, CLERK).settle(
            person, command=uuid4(), kind="registered", dwelling=home, since=since, basis="заява"
        )
        return act.entries[0].fact.residence

    def merge(self, *keep: UUID, gone: UUID | None = None, into: UUID | None = None, **how: Any) -> Any:
        said = {"into": into or self.stays, "keep": frozenset(keep), "reason": "внесено двічі", "confirmed": True}
        return self.clerk.merge_entries(gone or self.gone, command=uuid4(), **{**said, **how})

    def apart(self, gone: UUID | None = None, **how: Any) -> Any:
        return self.clerk.annul_merge(gone or self.gone, command=uuid4(), basis="паспорти звірено", **how)

    def lives(self, name: Any, position: int | None = None) -> list[tuple[str | None, str | None, UUID]]:
        """Where somebody lived over all time, oldest first, and whether replay says the same."""
        asked = questions.Asked(period=True, known_at=NOW, today=NOW.date())
        at = self.registry.position() if position is None else position
        person = questions.find_person(self.registry, str(name), at, seen_by=OPEN)
        rows = questions.residences_of(self.registry, person, asked, at, seen_by=OPEN)
        return [(row["since"], row["until"], UUID(row["dwelling_id"])) for row in reversed(rows)]

    def found(self, name: Any, position: int | None = None) -> UUID | None:
        at = self.registry.position() if position is None else position
        try:
            return questions.find_person(self.registry, str(name), at, seen_by=OPEN)
        except questions.NotFound:
            return None

    def refused(self, act: Any) -> list[str]:
        """The codes of what refuses an act, which changes nothing."""
        position = self.registry.position()
        with pytest.raises((Impossible, NeedsConfirmation)) as refused:
            act()
        assert self.registry.position() == position
        return [fault.code for fault in refused.value.faults]


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        yield registry
        report = verify(registry)
        assert report.found == 0, report.differences


@pytest.fixture
def town(registry: Registry) -> Town:
    return Town(registry)


class TestWhoAnswers:
    def test_from_its_position_the_id_and_the_ref_answer_with_the_survivor_and_before_with_itself(self, town: Town):
        act = town.merge()
        for name in (town.gone, "К-2"):
            assert town.found(name) == town.found(name, act.position) == town.stays
            assert town.found(name, town.before) == town.gone
        assert town.lives("К-2", town.before) == [
            ("2008-03-01", "2012-02-01", town.a),
            ("2012-02-01", None, town.c),
        ]
        assert town.lives("К-2") == [("2015-01-01", None, town.b)]

    def test_replay_says_the_same_on_every_side(self, town: Town):
        town.merge(town.first)
        for position in (town.before, town.registry.position()):
            for name in (str(town.gone), "К-2", str(town.stays)):
                said = register.on_day(town.registry, date(2010, 1, 1), position, name, seen_by=OPEN)
                assert said is not None
                assert [UUID(one["person_id"]) for one in said] == [town.found(name, position)]
                assert len(said[0]["residences"]) == (position > town.before or name != str(town.stays))

    def test_numbers_and_refs_are_free(self, town: Town):
        town.merge()
        other = town.person("Придумана", ref="К-2", rnokpp="3299600022")
        assert town.found("К-2") == other and town.found(town.gone) == town.stays

    def test_a_number_that_nobody_has_in_force_answers_too(self, town: Town):
        town.merge(gone=town.stays, into=town.gone)
        assert town.found("19900504-00011") == town.gone

    def test_a_chain_answers_with_its_end_and_as_known_between_with_the_middle(self, town: Town):
        last = town.person("Вигадана", ref="К-3")
        one = town.merge()
        two = town.merge(gone=town.stays, into=last)
        for name in (town.gone, "К-2", town.stays, "К-1"):
            assert town.found(name) == last
        assert town.found(town.gone, one.position) == town.stays
        assert merged.entries_of(town.registry, [last], two.position) == sorted([town.gone, town.stays])
        assert town.refused(town.apart) == ["survivor-merged"]
        town.apart(town.stays)
        town.apart()
        assert (town.found(town.gone), town.found("К-1")) == (town.gone, town.stays)

    def test_search_finds_the_survivor_by_the_mark_of_the_other(self, town: Town):
        town.merge()
        found = questions.search_people(town.registry, "К-2", seen_by=OPEN)
        assert [row["person"] for row in found] == [town.stays]

    def test_a_withdrawn_survivor_answers_for_nobody(self, town: Town):
        town.merge()
        town.clerk.withdraw_entry(town.stays, command=uuid4(), reason="помилка")
        assert town.found(town.gone) is None
        town.apart()
        assert town.found(town.gone) == town.gone

    def test_a_merged_entry_is_not_entered_anew(self, town: Town):
        town.merge()
        enter = {"person": town.gone, "particulars": Particulars(surname="Інша"), "command": uuid4()}
        assert town.refused(lambda: town.clerk.enter_person(**enter)) == ["entry-merged"]

    def test_into_a_sealed_identity_nobody_is_merged(self, town: Town):
        line = (town.stays, [FormerIdentitySealed(basis="суд")], town.registry.person(town.stays).version)
        town.registry.append([line], by=CLERK, command=uuid4())
        assert "merge-sealed" in town.refused(town.merge)

    def test_it_is_taken_back_on_a_basis_alone(self, town: Town):
        town.merge()
        assert town.refused(lambda: town.clerk.annul_merge(town.gone, command=uuid4(), basis=None)) == ["basis-missing"]

    def test_of_a_survivor_who_is_sealed_nothing_is_seen_by_the_other_name(self, town: Town):
        town.merge()
        line = (town.stays, [FormerIdentitySealed(basis="суд")], town.registry.person(town.stays).version)
        town.registry.append([line], by=CLERK, command=uuid4())
        viewer = seals.viewer_of(town.registry, CLERK)
        assert not viewer.sees(town.gone) and not viewer.sees(town.stays)
        with pytest.raises(questions.NotFound):
            questions.find_person(town.registry, "К-2", town.registry.position(), seen_by=viewer)


class TestWhatIsKept:
    def test_the_current_one_as_recorded_ends_what_it_follows(self, town: Town):
        later = town.settle(town.gone, town.d, "2020-06-01")
        town.merge(later, town.first)
        assert town.lives(town.stays) == [
            ("2008-03-01", "2012-02-01", town.a),
            ("2015-01-01", "2020-06-01", town.b),
            ("2020-06-01", None, town.d),
        ]
        new = next(one for one in town.registry.person(town.stays).residences if one.dwelling == town.d)
        assert (new.kind, new.basis, new.past) == ("registered", "заява", False)

    def test_a_current_one_from_which_who_stays_has_moved_on_is_a_past_one(self, town: Town):
        town.merge(town.first, town.second)
        assert town.lives(town.stays) == [
            ("2008-03-01", "2012-02-01", town.a),
            ("2012-02-01", "2015-01-01", town.c),
            ("2015-01-01", None, town.b),
        ]
        kept = {one.dwelling: one.since for one in town.registry.person(town.stays).residences}
        assert kept[town.a] == "2008-03"

    def test_what_is_not_kept_is_asked_about_and_so_is_a_number(self, town: Town):
        asked = town.refused(lambda: town.merge(town.first, confirmed=False))
        assert asked == ["residence-not-kept", "number-not-kept"]

    def test_what_certainly_overlaps_is_refused(self, town: Town):
        town.clerk.enter_past_residence(
            town.stays, command=uuid4(), kind="registered", dwelling=town.d, since="2009-01-01", until="2010-01-01"
        )
        assert town.refused(lambda: town.merge(town.first)) == ["overlaps"]

    @pytest.mark.parametrize("which", ["unknown", "ended"])
    def test_only_what_stands_is_kept(self, town: Town, which: str):
        annulled = town.settle(town.gone, town.d, "2021-01-01")
        town.clerk.annul_residence(town.gone, command=uuid4(), residence=annulled, basis="суд", revives=True)
        code, named = {"unknown": ("residence-unknown", uuid4()), "ended": ("residence-not-standing", annulled)}[which]
        assert town.refused(lambda: town.merge(named)) == [code]

    def test_family_links_and_absences_go_along_and_children_name_the_survivor(self, town: Town):
        child, parent = town.person("Мала", birth_date="2015-02-03"), town.person("Старша", birth_date="1960-01-01")
        link, own = uuid4(), uuid4()
        for stream, id, relative in ((child, link, town.gone), (town.gone, own, parent)):
            version = town.registry.person(stream).version
            fact = FamilyLinkEntered(link=id, role="parent", relative=relative)
            town.registry.append([(stream, [fact], version)], by=CLERK, command=uuid4())
        act = town.merge()
        said = find_link(town.registry.person(child), link)
        assert said and said.relative == town.stays
        assert [one.relative for one in town.registry.person(town.stays).links] == [parent]
        assert act.entries[0].fact.relinked[0].person == child
        town.apart()
        said = find_link(town.registry.person(child), link)
        assert said and said.relative == town.gone
        assert all(one.annulled for one in town.registry.person(town.stays).links)
        assert [one.annulled for one in town.registry.person(town.gone).links] == [False]

    def test_an_owner_and_a_tenant_are_who_answers_for_them(self, town: Town):
        owner = (Owner(name="Вигадана О.", person=town.gone),)
        town.clerk.record_owners(town.d, command=uuid4(), owners=owner, since="2012", basis="договір")
        said = {"number": "1", "since": "2012-02-01", "lessee": town.gone, "basis": "договір"}
        town.clerk.record_lease(town.c, command=uuid4(), until=None, **said)
        act = town.merge(town.second)
        held = AsOf(town.registry)
        assert held.dwelling(town.d).owners.owners[0].person == town.stays  # type: ignore[union-attr]
        assert held.dwelling(town.c).leases[0].lessee == town.stays
        then = AsOf(town.registry, act.position - len(act.entries))
        assert then.dwelling(town.d).owners.owners[0].person == town.gone  # type: ignore[union-attr]

    def test_looks_at_either_entry_are_looks_at_the_person(self, town: Town):
        town.registry.looked(Look("looked", (town.gone,), {}), CLERK)
        town.merge()
        people = [town.stays, *merged.entries_of(town.registry, [town.stays], town.registry.position())]
        assert len(access.of_person(town.registry.access, *people)) == 1


class TestWhatCannotBe:
    def test_itself_nobody_and_without_a_reason(self, town: Town):
        assert town.refused(lambda: town.merge(into=town.gone)) == ["merge-itself"]
        assert town.refused(lambda: town.merge(into=uuid4())) == ["person-unknown"]
        assert town.refused(lambda: town.merge(reason=None)) == ["reason-missing"]

    def test_into_a_withdrawn_one(self, town: Town):
        town.clerk.withdraw_entry(town.stays, command=uuid4(), reason="помилка")
        assert town.refused(town.merge) == ["person-unknown"]

    def test_a_death_is_not_lost(self, town: Town):
        town.clerk.record_death(town.gone, command=uuid4(), registered_on="2021-02-03", confirmed=True)
        assert town.refused(town.merge) == ["merge-loses-death"]
        town.clerk.record_death(town.stays, command=uuid4(), registered_on="2021-02-03", confirmed=True)
        town.merge(town.first)
        assert town.lives(town.stays)[-1] == ("2015-01-01", "2021-02-03", town.b)

    def test_into_the_dead_what_lasts_ends_with_the_death(self, town: Town):
        other = town.person("Вигадана")
        town.clerk.record_death(other, command=uuid4(), registered_on="2021-02-03")
        town.merge(town.first, town.second, into=other)
        assert town.lives(other) == [("2008-03-01", "2012-02-01", town.a), ("2012-02-01", "2021-02-03", town.c)]

    def test_relatives_are_two(self, town: Town):
        for stream, relative in ((town.gone, town.stays),):
            fact = FamilyLinkEntered(link=uuid4(), role="parent", relative=relative)
            town.registry.append([(stream, [fact], town.registry.person(stream).version)], by=CLERK, command=uuid4())
        assert town.refused(town.merge) == ["merge-relatives"]
        assert town.refused(lambda: town.merge(gone=town.stays, into=town.gone)) == ["merge-relatives"]

    def test_an_address_kept_by_the_list_is_not_lost(self, town: Town):
        town.clerk.note_occupied_address(
            town.gone, command=uuid4(), list_entry="п. 1", address="с. Вигадане", territory=None
        )
        kept = town.clerk.note_occupied_address(
            town.gone, command=uuid4(), list_entry="п. 1", residence=town.second, confirmed=True
        )
        assert kept and town.refused(town.merge) == ["merge-loses-kept"]


class TestTakenBack:
    def test_everything_is_as_before(self, town: Town):
        then = {name: town.lives(name) for name in (town.gone, town.stays)}
        act = town.merge(town.first, town.second)
        back = town.apart()
        assert {name: town.lives(name) for name in then} == then
        assert town.found("К-2") == town.gone
        assert town.found("К-2", act.position) == town.found("К-2", back.entries[0].position - 1) == town.stays
        assert [type(one.fact) for one in back.entries if one.stream == town.gone] == [MergeAnnulled]
        town.merge(town.first)
        assert town.found("К-2") == town.stays

    def test_what_was_not_merged_is_not_taken_out(self, town: Town):
        assert town.refused(town.apart) == ["not-merged"]

    @pytest.mark.parametrize("which", ["unzr", "ref", "rnokpp"])
    def test_not_while_somebody_else_has_its_number(self, town: Town, which: str):
        said: dict[str, Any] = {"unzr": "19900504-00011", "ref": "К-1", "rnokpp": "3299600022"}
        gone, into = (town.stays, town.gone) if which != "rnokpp" else (town.gone, town.stays)
        town.merge(gone=gone, into=into)
        other = town.person("Придумана", **{which: said[which]})
        assert town.refused(lambda: town.apart(gone)) == [f"{which}-taken"]
        town.clerk.withdraw_entry(other, command=uuid4(), reason="помилка")
        town.apart(gone)
        assert town.found(gone) == gone

    def test_a_number_that_both_had_before_is_nobody_elses(self, registry: Registry, town: Town):
        twin = town.person("Вигадана", rnokpp="3299600022")
        town.merge(into=twin)
        town.apart()
        assert town.found(town.gone) == town.gone

    def test_not_where_a_later_act_rests_on_what_was_moved(self, town: Town):
        later = town.settle(town.gone, town.d, "2020-06-01")
        town.merge(later)
        moved = next(one for one in town.registry.person(town.stays).residences if one.dwelling == town.d)
        end = town.clerk.deregister_residence(
            town.stays, command=uuid4(), residence=moved.id, until="2022-01-01", ground="заява"
        )
        assert end and town.refused(town.apart) == ["merge-built-upon"]
        town.clerk.annul_deregistration(town.stays, command=uuid4(), basis="суд")
        town.apart()
        assert town.lives(town.gone)[-1] == ("2020-06-01", None, town.d)

    def test_a_residence_that_is_annulled_already_stays_so(self, town: Town):
        town.merge(town.first)
        moved = next(one for one in town.registry.person(town.stays).residences if one.dwelling == town.a)
        town.clerk.annul_residence(town.stays, command=uuid4(), residence=moved.id, basis="суд", revives=True)
        town.apart()
        assert town.lives(town.stays) == [("2015-01-01", None, town.b)]


class TestTheSecondPerson:
    @pytest.fixture
    def two(self, registry: Registry) -> Town:
        return Town(registry, second_person=True)

    def test_it_waits_and_then_is_recorded_in_one_act(self, two: Town):
        waits = two.merge(two.first)
        change = waits.entries[0].fact
        assert (change.asked_for, change.person) == ("entry-merged", two.gone)
        assert two.found("К-2") == two.gone
        with pytest.raises(Impossible):
            two.clerk.approve(waits.entries[0].stream, command=uuid4())
        done = two.head.approve(waits.entries[0].stream, command=uuid4())
        assert [one.fact.NAME for one in done.entries] == ["change-approved", "entry-merged", "past-residence-entered"]
        assert two.found("К-2") == two.stays
        back = two.apart()
        assert two.found("К-2") == two.stays
        two.head.approve(back.entries[0].stream, command=uuid4())
        assert two.found("К-2") == two.gone

    @pytest.mark.parametrize("whose", ["stays", "gone"])
    def test_lost_to_any_fact_of_either(self, two: Town, whose: str):
        waits = two.merge(two.first)
        Clerk(two.registry, CLERK).change_particulars(
            getattr(two, whose), command=uuid4(), corrects=True, changes={"patronymic": "Тестівна"}, basis="паспорт"
        )
        with pytest.raises(LostRace):
            two.head.approve(waits.entries[0].stream, command=uuid4())

    def test_one_of_two_waiting_merges_is_enough(self, two: Town):
        waits = two.merge(two.first)
        assert two.refused(lambda: two.merge(two.first)) == ["merge-case-open"]
        two.clerk.reject(waits.entries[0].stream, command=uuid4(), reason="це дві особи")
        two.merge(two.first)


class TestTheJournal:
    def test_exported_imported_and_exported_it_is_the_same(self, town: Town, server: Any, tmp_path: Path):
        town.merge(town.first)
        town.apart()
        town.merge(town.second)
        journal.export(town.registry, tmp_path / "one.jsonl", seen_by=OPEN)
        with contextmanager(_database)(server, template="hromada") as url, opened(url) as other:
            journal.load(other, tmp_path / "one.jsonl", datetime.now(UTC))
            journal.export(other, tmp_path / "two.jsonl", seen_by=OPEN)
            assert verify(other).found == 0
            assert questions.find_person(other, "К-2", other.position(), seen_by=OPEN) == town.stays
        assert (tmp_path / "two.jsonl").read_bytes() == (tmp_path / "one.jsonl").read_bytes()


class TestVerify:
    def test_what_names_nobody_or_nothing_is_a_difference(self, database_url: str):
        with opened(database_url) as registry:
            one, facts = uuid4(), [PersonEntered(particulars=Particulars(surname="Вигадана"))]
            registry.append([(one, [*facts, EntryMerged(survivor=uuid4(), reason="x")], 0)], by=CLERK, command=uuid4())
            registry.append([(one, [MergeAnnulled(takes_back=7, basis="x")], 2)], by=CLERK, command=uuid4())
            found = verify(registry).differences
            assert any("position 2" in text and "entry-merged" in text for text in found)
            assert any("position 3" in text and "merge-annulled" in text for text in found)


class TestOverHttp:
    @pytest.fixture
    def desk(self, database_url: str, tmp_path: Path) -> Iterator[Desk]:
        with opened(database_url) as registry:
            settings = installation(data=tmp_path, actor_id="clerk-1", second_person=False)
            with TestClient(create_app(registry, settings)) as client:
                yield Desk(client, registry)
            assert verify(registry).found == 0

    def test_from_the_dry_run_to_the_taking_back(self, desk: Desk):
        stays, gone = desk.person(), desk.person(ref="К-2")
        home, other = desk.dwelling(), desk.dwelling("9")
        desk.settled(stays, home, "2015-01-01")
        residence = desk.settled(gone, other, "2012-01-01")
        extracts = [desk.act(f"/persons/{one}/extracts", {"history": True}) for one in (stays, gone)]
        body: dict[str, Any] = {"into": stays, "reason": "внесено двічі"}
        path = f"/persons/{gone}/merge"
        assert codes(desk.refused(path + "?dry_run=1", body, 409)) == [("residence-not-kept", None)]
        body["keep"] = [residence]
        tried = desk.post(path + "?dry_run=1", body)
        assert tried.status_code == 200 and tried.json()["waits"] is False
        assert [one["name"] for one in tried.json()["would_record"][gone]] == ["entry-merged"]
        assert [one["name"] for one in tried.json()["would_record"][stays]] == ["past-residence-entered"]
        key = str(uuid4())
        done = [desk.post(path, body, Idempotency_Key=key) for _ in range(2)]
        assert [one.status_code for one in done] == [201, 200]
        assert desk.get("/persons/К-2").json()["id"] == desk.get(f"/persons/{gone}").json()["id"] == stays
        assert desk.get(f"/persons/{stays}").json()["merged"] == [gone]
        names = [one["name"] for one in desk.get(f"/persons/{gone}/facts").json()["facts"]]
        assert names == ["person-entered", "residence-registered", "entry-merged"]
        assert len(desk.residences(gone)) == len(desk.residences(stays)) == 1
        page = desk.client.get(f"/persons/{gone}", follow_redirects=False)
        assert page.status_code == 303 and page.headers["location"].endswith(f"/persons/{stays}")
        assert codes(desk.refused(path, {**body, "into": gone})) == [("merge-itself", "into")]
        for extract in extracts:
            seen = desk.client.get(f"/v/{extract['code']}").text
            assert "застарів" in seen
        desk.act(f"/persons/{gone}/extracts", {"history": True})
        assert len(desk.registry.query("extracts", "of_person", person=UUID(stays))) == 2
        desk.act(f"/persons/{gone}/merge-annulment", {"basis": "паспорти звірено"})
        assert desk.get("/persons/К-2").json()["id"] == gone
        assert codes(desk.refused(f"/persons/{gone}/merge-annulment", {"basis": "x"})) == [("not-merged", "person")]
        for extract in extracts:
            assert "застарів" not in desk.client.get(f"/v/{extract['code']}").text
        assert [row["item"] for row in waiting(desk.registry)].count("dms") >= 2

    def test_cases_of_either_are_cases_of_the_person_and_an_open_one_comes_first(self, desk: Desk):
        stays, gone = desk.person(), desk.person(ref="К-2")
        body = filed(desk, **MOVE, register=about(gone, dwelling=desk.dwelling()))
        case = desk.act("/applications", body)["application"]
        merge = {"into": stays, "reason": "внесено двічі", "confirmed": True}
        assert codes(desk.refused(f"/persons/{gone}/merge", merge)) == [("merge-case-open", "person")]
        desk.act(f"/applications/{case}/withdrawal", {"said_by": "applicant", "paper": "заява", "reason": "передумала"})
        desk.act(f"/persons/{gone}/merge", merge)
        listed = desk.client.get("/api/v1/applications", params={"person": stays}).json()
        assert json.dumps(listed).count(case) >= 1
