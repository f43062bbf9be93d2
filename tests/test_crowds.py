"""What many answer is not gathered twice to be given up: the way is remembered for a while, the answer stays."""

from typing import Any

import pytest
from test_questions import register_of
from test_search import story

from registry import ranking, search
from registry.finding import crowds
from registry.finding.crowds import Crowds
from registry.viewer import OPEN


@pytest.fixture(scope="module")
def searched(server):
    yield from register_of(server, story())


class TestCrowds:
    def test_are_known_for_a_while(self):
        now = [0.0]
        known = Crowds(lambda: now[0])
        assert not known.has("марія")
        known.met("марія")
        now[0] = crowds.SECONDS - 1
        assert known.has("марія") and not known.has("іван")
        now[0] = crowds.SECONDS
        assert not known.has("марія")

    def test_are_forgotten_before_they_are_too_many(self, monkeypatch):
        monkeypatch.setattr(crowds, "MOST", 3)
        known = Crowds()
        for line in "абвг":
            known.met(line)
        assert [line for line in "абвг" if known.has(line)] == ["б", "в", "г"]

    def test_of_one_register_are_not_those_of_another(self, searched, server):
        for other in register_of(server, story()):
            assert ranking.crowds_of(searched) is ranking.crowds_of(searched) is not ranking.crowds_of(other)


class TestAnswers:
    @pytest.mark.parametrize("line", ["1983", "вокз", "Luk"])
    def test_are_the_same_when_it_is_known(self, searched, monkeypatch, line):
        monkeypatch.setattr(ranking, "MOST", 1)
        monkeypatch.setattr(ranking, "FEW", 0)
        asked: list[str] = []
        run = ranking.Ask.run

        def counted(self: Any, query: str, **params: Any) -> Any:
            asked.append(query)
            return run(self, query, **params)

        monkeypatch.setattr(ranking.Ask, "run", counted)
        find = search.dwellings if line == "вокз" else search.people
        first = find(searched, line, seen_by=OPEN, limit=2)
        gathered = asked.copy()
        asked.clear()
        assert find(searched, line, seen_by=OPEN, limit=2) == first and len(first.rows) == 2 and not first.exact
        assert len(asked) < len(gathered) and set(asked) <= set(gathered)
