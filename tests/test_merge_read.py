"""Entries of one person, read by every door (semantics 1.9): pages, the API and searches, now and as known before; and
journals of elsewhere that hold what no act makes."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from given import CLERK, installation
from starlette.testclient import TestClient
from test_api import Desk
from test_merge import Town

from api.main import create_app
from registry import merged, questions
from registry.aggregates.person.events import Particulars, PersonEntered
from registry.aggregates.person.merge_events import EntryMerged, KeptResidence, Relinked
from registry.cases.as_of import AsOf
from registry.opening import opened
from registry.viewer import OPEN
from replay import register
from replay.compare import verify


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    with opened(database_url) as registry:
        settings = installation(data=tmp_path, actor_id="clerk-1", second_person=False)
        with TestClient(create_app(registry, settings)) as client:
            yield Desk(client, registry)
        assert verify(registry).found == 0


class Merged:
    """К-2 was merged into К-1; `before` is the position until which it was not."""

    def __init__(self, desk: Desk):
        self.stays, self.gone = (desk.person(ref="К-1"), desk.person("К-2", surname="Вигадько", **NUMBERS))
        desk.person(ref="К-25", surname="Інша")
        self.before = desk.registry.position()
        said = {"into": "К-1", "reason": "внесено двічі", "confirmed": True}
        desk.act(f"/persons/{self.gone}/merge", said)


NUMBERS = {"unzr": "19900504-00011", "rnokpp": "3299600022"}


class TestAsKnown:
    def test_the_list_of_merged_entries_and_facts_by_the_mark(self, desk: Desk) -> None:
        of = Merged(desk)
        assert desk.get("/persons/К-1", position=of.before).json()["merged"] == []
        assert desk.get("/persons/К-1").json()["merged"] == [of.gone]
        then = desk.get("/persons/К-2/facts", position=of.before).json()
        assert (then["person"], len(then["facts"])) == (of.gone, 1)
        assert desk.get("/persons/К-2/facts").json()["person"] == of.stays

    def test_the_card_of_who_stays_names_the_other_and_its_history_says_so(self, desk: Desk) -> None:
        of = Merged(desk)
        page = desk.client.get(f"/persons/{of.stays}").text
        card = re.search(rf'href="(/persons/{of.gone}\?known_at=[^"]+)">Вигадько Оксана \(К-2\)', page)
        assert card and "приєднано запис тієї самої особи: Вигадько Оксана (К-2)" in page and "внесено двічі" in page
        other = desk.client.get(card[1].replace("&amp;", "&"), follow_redirects=False)
        assert other.status_code == 200 and "Вигадько Оксана" in other.text
        entered = desk.registry.entries(UUID(of.stays))[0].recorded_at.isoformat().replace("+00:00", "Z")
        then = desk.client.get(f"/persons/{of.stays}", params={"known_at": entered})
        assert then.status_code == 200 and "Вигадько" not in then.text
        desk.act(f"/persons/{of.gone}/merge-annulment", {"basis": "паспорти звірено"})
        page = desk.client.get(f"/persons/{of.stays}").text
        assert "Приєднаний запис" not in page and "Приєднання скасовано" in page and "паспорти звірено" in page

    @pytest.mark.parametrize("limit", [1, 20])
    def test_a_search_by_what_the_other_was_called(self, desk: Desk, limit: int) -> None:
        of = Merged(desk)
        typed = ("К-2", "к-2", "k2", " К-2 ", *NUMBERS.values(), "1990050400011", of.gone, "Оксана Вигадько")
        for line in typed:
            found = desk.post("/search/people", {"q": line, "limit": limit}).json()
            assert [row["ref"] for row in found["people"]] == ["К-1"], line
            assert found["total"] == 1
        assert desk.post("/search/people", {"q": "К-25"}).json()["people"][0]["ref"] == "К-25"
        desk.act(f"/persons/{of.gone}/merge-annulment", {"basis": "паспорти звірено"})
        assert desk.post("/search/people", {"q": "К-2"}).json()["people"][0]["ref"] == "К-2"


class TestACircle:
    """No act makes one; a journal of elsewhere may hold it."""

    def test_it_ends_and_is_a_difference(self, database_url: str) -> None:
        with opened(database_url) as registry:
            ids = [uuid4() for _ in range(3)]
            for number, id in enumerate(ids):
                entered = PersonEntered(particulars=Particulars(surname="Вигадана"), ref=f"К-{number}")
                registry.append([(id, [entered], 0)], by=CLERK, command=uuid4())
            for id, survivor in zip(ids, [*ids[1:], ids[0]], strict=True):
                registry.append([(id, [EntryMerged(survivor=survivor, reason="x")], 1)], by=CLERK, command=uuid4())
            position = registry.position()
            assert merged.entries_of(registry, ids[:1], position) == sorted(ids)
            with pytest.raises(questions.NotFound):
                questions.find_person(registry, "К-0", position, seen_by=OPEN)
            assert register.on_day(registry, date(2020, 1, 1), position, "К-0", seen_by=OPEN) is None
            assert AsOf(registry)._answering(ids[0])[0] == ids[0]
            assert any(f"position {position}" in text for text in verify(registry).differences)


def test_of_two_entries_with_one_mark_the_one_that_was_merged_last_answers(database_url: str) -> None:
    with opened(database_url) as registry:
        town = Town(registry)
        town.merge()
        for _ in range(3):
            last = town.person("Придумана", ref="К-2")
            other = town.person("Придумана", ref=None)
            town.merge(gone=last, into=other)
            answer: Any = register.on_day(registry, date(2020, 1, 1), registry.position(), "К-2", seen_by=OPEN)
            assert town.found("К-2") == other and [row["person_id"] for row in answer] == [str(other)]


@pytest.mark.parametrize("which", ["was", "residence", "relinked", "dwelling", "itself", "withdrawn"])
def test_an_untrue_merge_of_a_journal_of_elsewhere_is_a_difference(database_url: str, which: str) -> None:
    with opened(database_url) as registry:
        town = Town(registry)
        own = registry.person(town.stays).residences[0].id
        says: dict[str, Any] = {
            "was": {"residences": (KeptResidence(was=uuid4(), residence=own),)},
            "residence": {"residences": (KeptResidence(was=town.first, residence=uuid4()),)},
            "relinked": {"relinked": (Relinked(person=town.person("Мала"), link=uuid4()),)},
            "dwelling": {"survivor": town.a},
            "itself": {"survivor": town.gone},
            "withdrawn": {},
        }[which]
        if which == "withdrawn":
            town.clerk.withdraw_entry(town.stays, command=uuid4(), reason="помилка")
        assert verify(registry).found == 0
        fact = EntryMerged(**{"survivor": town.stays, "reason": "x", **says})
        registry.append([(town.gone, [fact], registry.person(town.gone).version)], by=CLERK, command=uuid4())
        found = verify(registry).differences
        assert found and all(f"position {registry.position()}: entry-merged" in text for text in found)
