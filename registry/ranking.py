"""A page of what a line may mean: one rank after another is asked, a few are sorted, many met along the alphabet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from registry.app import Registry
from registry.finding import lines
from registry.finding.crowds import Crowds
from registry.projections import people as people_projection
from registry.storage.recorder import Connection

MOST = 1000
"""Up to how many hits are counted, and sorted here; of more the first ones are met along the alphabet."""
FEW = 200
"""Up to how many are sorted where it is known that there are more than `MOST` in all."""
FIRST = ("", UUID(int=0))

Rows = list[dict[str, Any]]
Key = tuple[str, UUID]


@dataclass(frozen=True)
class Found:
    """A page of rows, each with its `match` and a `sort_key` to go on behind; how many there are in all, or, `exact`
    False, how many at least: `MOST` are counted, and of a full page with more than `FEW` the better ranks alone."""

    rows: Rows
    total: int
    exact: bool


@dataclass(frozen=True)
class Way:
    """A query that finds rows of a rank: `few_<name>` a thousand at most, `many_<name>` in order within each of the
    `parts` of the alphabet, which follow each other."""

    name: str
    params: dict[str, Any]
    parts: tuple[tuple[str, str], ...] = lines.WHOLE_ORDER
    few: str = ""

    @property
    def query(self) -> str:
        """What finds a few: by its name, if no other one does that cheaper."""
        return f"few_{self.few or self.name}"


@dataclass(frozen=True)
class Rank:
    match: str
    ways: tuple[Way, ...]


@dataclass
class Hits:
    """The hits of a rank: all the keys in order, or, of too many, where to ask for more of them, but for those that a
    better rank has."""

    rank: Rank
    keys: list[Key] | None = None
    better: frozenset[UUID] = frozenset()


Later = Callable[[], Hits]
"""A rank that is asked when it is called: what a page does not need is not."""


_CROWDS: WeakKeyDictionary[Registry, Crowds] = WeakKeyDictionary()


@dataclass(frozen=True)
class Ask:
    """The queries of a projection, on one connection."""

    connection: Connection
    sql: dict[str, str]
    id: str
    ranks: tuple[str, ...]
    crowds: Crowds
    sees: Callable[[UUID], bool] = field(default=lambda id: True)

    def run(self, query: str, **params: Any) -> Rows:
        """Planned once for a connection, because planning takes longer than most answers; but a name and an address
        want other plans as the one or the other is rare."""
        prepare = query != "few_by_home" or params["named"] is None
        return self.connection.execute(self.sql[query], params, prepare=prepare).fetchall()

    def few(self, way: Way, most: int | None = None) -> Rows | None:
        """All the rows of a way; None if there are more than so many (`MOST`), or were a while ago."""
        most = MOST if most is None else most
        asked = (self.id, way.query, most, *(_frozen(one) for one in way.params.items()))
        if self.crowds.has(asked):
            return None
        rows = self.run(way.query, **way.params, most=most + 1)
        if rows and rows[0]["counted"] > most:
            self.crowds.met(asked)
            return None
        return rows

    def hits(self, rank: Rank, most: int | None = None) -> Hits:
        """What there is of a rank."""
        keys: set[Key] = set()
        for way in rank.ways:
            rows = self.few(way, most)
            if rows is None:
                return Hits(rank)
            keys |= {(row["sort_key"], row[self.id]) for row in rows}
        return self.seen(rank, keys)

    def seen(self, rank: Rank, keys: set[Key]) -> Hits:
        """A rank whose rows are known, without whom whoever searches does not see."""
        return Hits(rank, [key for key in sorted(keys) if self.sees(key[1])])

    def first(self, hits: Hits, limit: int, after: Key) -> list[Key]:
        """The first keys of a rank behind one."""
        if hits.keys is not None:
            return list(islice((key for key in hits.keys if key > after), limit))
        found: list[Key] = []
        while True:
            keys = self._many(hits.rank, limit, after)
            found += [key for key in keys if self.sees(key[1]) and key[1] not in hits.better]
            if len(found) >= limit or len(keys) < limit:
                return found[:limit]
            after = keys[-1]

    def _many(self, rank: Rank, limit: int, after: Key) -> list[Key]:
        keys: set[Key] = set()
        # Begun, and the way said, at once; whoever lent the connection undoes it where it fails.
        self.connection.execute(f"BEGIN;\n{people_projection.SQL['along_the_alphabet']}")
        for way in rank.ways:
            found = 0
            for low, high in way.parts:
                key, id = max(after, (low, FIRST[1]))
                behind = {"after_key": key, "after": id, "high": high, "limit": limit}
                rows = self.run(f"many_{way.name}", **way.params, **behind)
                keys |= {(row["sort_key"], row[self.id]) for row in rows}
                found += len(rows)
                if found >= limit:
                    break
        self.connection.commit()
        return sorted(keys)[:limit]

    def page(self, ranks: Iterator[Later], limit: int, after: Key | None) -> Found:
        """The first rows behind a key, rank after rank, and how many there are of all ranks that were asked."""
        shown: list[tuple[str, Key]] = []
        total, exact, many = 0, True, False
        for asked in ranks:
            if len(shown) >= limit and total > FEW:
                exact = False
                break
            hits = asked()
            digit = str(self.ranks.index(hits.rank.match))
            many = many or hits.keys is None
            total += len(hits.keys or ())
            if len(shown) < limit and (after is None or digit >= after[0][:1]):
                begin = (after[0][1:], after[1]) if after and digit == after[0][:1] else FIRST
                shown += [(digit, key) for key in self.first(hits, limit - len(shown), begin)]
            if len(shown) >= limit and many:
                break
        if many or total > MOST:
            total, exact = MOST, False
        return Found(self._described(shown), total, exact)

    def _described(self, shown: list[tuple[str, Key]]) -> Rows:
        ids = [key[1] for _, key in shown]
        rows = self.run("described", ids=ids) if ids else []
        said = {(row["sort_key"], row[self.id]): row for row in rows}
        # Whoever was changed between two queries has another key now.
        return [
            {**said[key], "match": self.ranks[int(digit)], "sort_key": digit + key[0]}
            for digit, key in shown
            if key in said
        ]

    def found(self, ranks: Iterator[Later], otherwise: Rank | None, limit: int, after: Key | None) -> Found:
        """A page of a line's ranks; of another one where these have nothing."""
        beyond = otherwise and after and after[0][:1] == str(self.ranks.index(otherwise.match))
        found = Found([], 0, True) if beyond else self.page(ranks, limit, after)
        if otherwise and not found.total:
            return self.page(iter([partial(self.hits, otherwise)]), limit, after)
        return found


def crowds_of(registry: Registry) -> Crowds:
    return _CROWDS.setdefault(registry, Crowds())


def _frozen(param: tuple[str, Any]) -> tuple[str, Any]:
    name, value = param
    return name, tuple(value) if isinstance(value, list) else value
