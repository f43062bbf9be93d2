"""Finding people and dwellings by a line: every reading of it is answered, one rank after another.

Of the present register, in Ukrainian order within a rank. Who is hidden from whoever searches is neither found nor
counted: a row, even an empty one, would say that what was typed is so, letter by letter.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from registry import merged, occasion
from registry.app import Registry
from registry.finding import lines, places
from registry.finding.crowds import Crowds
from registry.projections import dwellings as dwellings_projection
from registry.projections import people as people_projection
from registry.storage.mapper import kyiv_day
from registry.storage.recorder import Connection
from registry.viewer import Viewer

MOST = 1000
"""Up to how many hits are counted, and sorted here; of more the first ones are met along the alphabet."""
FEW = 200
"""Up to how many are sorted where it is known that there are more than `MOST` in all."""
RANKS = ("number", "surname", "beginning", "inside", "home", "similar")
"""How people match: a number or a mark; the surname begins so; words begin so, or the birth is so; words hold it;
the name and where they live, or the mark of that dwelling; spelled alike, where nothing else was found."""
PLACE_RANKS = ("number", "exact", "anywhere", "beginning", "inside", "similar")
"""How dwellings match: the mark, or a number of somebody who lives there; each number in its place; in any place;
numbers that begin so, whatever the kind of street; words hold it; spelled alike."""
FIRST = ("", UUID(int=0))
NOBODY = "(?!)"

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
class _Way:
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
class _Rank:
    match: str
    ways: tuple[_Way, ...]


@dataclass
class _Hits:
    """The hits of a rank: all the keys in order, or, of too many, where to ask for more of them, but for those that a
    better rank has."""

    rank: _Rank
    keys: list[Key] | None = None
    better: frozenset[UUID] = frozenset()


Later = Callable[[], _Hits]
"""A rank that is asked when it is called: what a page does not need is not."""


_CROWDS: WeakKeyDictionary[Registry, Crowds] = WeakKeyDictionary()


@dataclass(frozen=True)
class _Ask:
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

    def few(self, way: _Way, most: int | None = None) -> Rows | None:
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

    def hits(self, rank: _Rank, most: int | None = None) -> _Hits:
        """What there is of a rank."""
        keys: set[Key] = set()
        for way in rank.ways:
            rows = self.few(way, most)
            if rows is None:
                return _Hits(rank)
            keys |= {(row["sort_key"], row[self.id]) for row in rows}
        return self.seen(rank, keys)

    def seen(self, rank: _Rank, keys: set[Key]) -> _Hits:
        """A rank whose rows are known, without whom whoever searches does not see."""
        return _Hits(rank, [key for key in sorted(keys) if self.sees(key[1])])

    def first(self, hits: _Hits, limit: int, after: Key) -> list[Key]:
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

    def _many(self, rank: _Rank, limit: int, after: Key) -> list[Key]:
        keys: set[Key] = set()
        with self.connection.transaction():
            self.connection.execute(people_projection.SQL["along_the_alphabet"])
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

    def found(self, ranks: Iterator[Later], otherwise: _Rank | None, limit: int, after: Key | None) -> Found:
        """A page of a line's ranks; of another one where these have nothing."""
        beyond = otherwise and after and after[0][:1] == str(self.ranks.index(otherwise.match))
        found = Found([], 0, True) if beyond else self.page(ranks, limit, after)
        if otherwise and not found.total:
            return self.page(iter([partial(self.hits, otherwise)]), limit, after)
        return found


def people(
    registry: Registry, line: str, *, seen_by: Viewer, limit: int = 20, after: Key | None = None, similar: bool = True
) -> Found:
    """People for a search line, of the best rank first; `after` goes on behind a row, by its `sort_key` and `person`.
    Without `similar` nobody is found by a name that is only spelled alike."""
    said = lines.of_people(line)
    with registry.datastore.get_connection() as connection:
        ask = _Ask(connection, people_projection.SQL, "person", RANKS, _crowds(registry), seen_by.sees)
        found = ask.found(_people(said, ask, kyiv_day(registry.clock())), _otherwise(said, similar), limit, after)
    return _with_survivors(registry, line, found, seen_by, limit, first=after is None)


def _with_survivors(registry: Registry, line: str, found: Found, seen_by: Viewer, limit: int, *, first: bool) -> Found:
    """A mark or a number of an entry that was merged finds whoever answers for it (semantics 1.9), unless somebody has
    it; its names do so where nobody else is found."""
    has_it = found.rows and found.rows[0]["match"] == RANKS[0]
    if has_it or (found.total and not any(map(str.isdecimal, line))):
        return found
    ids = [one for one in merged.found_by(registry, lines.cleaned(line), names=not found.total) if seen_by.sees(one)]
    rows = registry.query("people", "described", ids=ids) if ids else []
    above = [{**row, "match": RANKS[0], "sort_key": f"0{row['sort_key']}"} for row in rows if first]
    below = [row for row in found.rows if row["person"] not in ids]
    return Found([*above, *below][:limit], found.total + len(rows), found.exact)


def _otherwise(said: lines.PeopleAsked, similar: bool) -> _Rank | None:
    """Who is found where nobody else is: a letter or two within words, or names that are spelled alike."""
    if said.short:
        return _Rank("inside", (_Way("inside", {**_inside(said.short, ""), "but_not": ""}),))
    return _Rank("similar", (_lexeme(said.similar),)) if similar and said.similar else None


def _people(said: lines.PeopleAsked, ask: _Ask, today: date) -> Iterator[Later]:
    beginning = lines.any_of((said.numbers, said.words))
    if beginning:
        yield from map(_known, _beginning(said, ask, beginning))
    inside = _inside(said.inside, said.among)
    if said.inside:
        way = _Way("inside", {**inside, "but_not": beginning}, few="inside_of" if said.narrow else "")
        yield partial(ask.hits, _Rank("inside", (way,)))
    if not (_numbered_home(said) or lines.may_be_a_home(said.parts)):
        return
    common = {"but_not": beginning, "today": today, "patterns": list(said.inside or [NOBODY]), "among": inside["among"]}

    def homes() -> _Hits:
        found = ({**common, "named": name, "address": address} for name, address in _homes(said, ask))
        return ask.hits(_Rank("home", tuple(_Way("by_home", one) for one in found)))

    yield homes


def _known(hits: _Hits) -> Later:
    return lambda: hits


def _numbered_home(said: lines.PeopleAsked) -> bool:
    return bool(said.numbers) and any(map(str.isdecimal, said.numbers))


def _beginning(said: lines.PeopleAsked, ask: _Ask, beginning: str) -> Iterator[_Hits]:
    """The first three ranks: one query, where there are few."""
    number, surname = _Rank("number", (_lexeme(said.numbers),)), _by_surname(said)
    lows, highs = ([bounds[end] for bounds in said.ranges] for end in (0, 1))
    past = {"but_not": said.numbers, "surname": said.surname, "lows": lows, "highs": highs}
    words = _Rank("beginning", (_lexeme(said.words, **past),))
    many = _too_many(said, ask, lows, highs)
    rows = None if many else ask.few(_lexeme(beginning, numbered=said.numbers, begun=said.surname))
    if rows is None:
        before = [ask.hits(number, FEW)] if said.numbers else []
        if said.surname:
            before.append(_Hits(surname) if many else ask.hits(surname, FEW))
        yield from before
        # Where these are few, the others are too many to be sorted here.
        if said.words:
            yield _Hits(words) if all(one.keys is not None for one in before) else ask.hits(words, FEW)
        return
    by_match: dict[str, set[Key]] = {"number": set(), "surname": set(), "beginning": set()}
    for row in rows:
        begins = row["by_surname"] and any(low <= row["sort_key"] < high for low, high in said.ranges)
        match = "number" if row["by_number"] else "surname" if begins else "beginning"
        by_match[match].add((row["sort_key"], row["person"]))
    yield from (ask.seen(rank, by_match[rank.match]) for rank in (number, surname, words))


def _too_many(said: lines.PeopleAsked, ask: _Ask, lows: list[str], highs: list[str]) -> bool:
    """Whether a word is known to be the beginning of more than `MOST` surnames, which the alphabet tells at once: by
    their lexemes all of them would be read."""
    if not said.alphabetical:
        return False
    [row] = ask.run("along_ranges", lows=lows, highs=highs, most=MOST + 1)
    return bool(row["counted"] > MOST)


def _by_surname(said: lines.PeopleAsked) -> _Rank:
    return _Rank("surname", (replace(_lexeme(said.surname, but_not=said.numbers), parts=said.ranges),))


def _homes(said: lines.PeopleAsked, ask: _Ask) -> list[tuple[str | None, str]]:
    """Whom a line names by where they live: the mark of a dwelling, or a name and an address in either order."""
    found: list[tuple[str | None, str]] = [(None, said.numbers)] if _numbered_home(said) else []
    if lines.may_be_a_home(said.parts):
        places, names = [lines.any_of(part.address) for part in said.parts], map(lines.name_to_try, said.parts)
        known = ask.run("known_parts", addresses=places, names=list(names))
        found += lines.splits(said.parts, [(row["of_addresses"], row["of_people"]) for row in known])
    return found


def dwellings(
    registry: Registry,
    line: str,
    *,
    seen_by: Viewer | None = None,
    limit: int = 20,
    after: Key | None = None,
    similar: bool = True,
) -> Found:
    """Dwellings for a search line, by present and past addresses, and by the number or mark of somebody who lives there
    and whom whoever searches sees (without `seen_by`, of nobody). A row found by an old name says the present one."""
    said = places.of_dwellings(line)
    with registry.datastore.get_connection() as connection:
        crowds = _crowds(registry)
        ask = _Ask(connection, dwellings_projection.SQL, "dwelling", PLACE_RANKS, crowds)
        residents: list[UUID] = []
        if seen_by and said.numbers:
            whose = _Ask(connection, people_projection.SQL, "person", RANKS, crowds, seen_by.sees)
            residents = _numbered(whose, said.numbers)
        # Their number was typed: what is found by it says where they live.
        occasion.shows(*residents)
        ranks = _places(said, ask, residents, kyiv_day(registry.clock()))
        alike = _Rank("similar", (_place(said.similar, "", said.similar),)) if similar and said.similar else None
        return ask.found(ranks, alike, limit, after)


def _numbered(ask: _Ask, numbers: str) -> list[UUID]:
    """Whose number this is."""
    return [person for _, person in ask.hits(_Rank("number", (_lexeme(numbers),))).keys or ()]


def _places(said: places.PlacesAsked, ask: _Ask, residents: list[UUID], today: date) -> Iterator[Later]:
    living = _Way("by_people", {"people": residents, "today": today})
    homes = {(row["sort_key"], row["dwelling"]) for row in ask.few(living) or ()} if residents else set()
    asked = {"number": said.numbers, "exact": said.exact, "anywhere": said.anywhere, "beginning": said.begins}
    # What is exact, or holds the numbers anywhere, begins so as well: the index is not asked for more than that.
    beginning = lines.any_of((said.numbers, said.begins))
    better = frozenset(dwelling for _, dwelling in homes)
    params = {**asked, "marked": said.numbers, "words": beginning, "called": beginning}
    rows = ask.few(_Way("ranked", params)) if beginning else []
    if rows is None:
        yield from map(_known, _many_places(asked, ask, homes))
    else:
        by_match: dict[str, set[Key]] = {match: set() for match in asked} | {"number": homes}
        for row in rows:
            match = next((match for match in ("number", "exact", "anywhere") if row[match]), "beginning")
            if match == "number" or row["dwelling"] not in better:
                by_match[match].add((row["sort_key"], row["dwelling"]))
        yield from (partial(ask.seen, _Rank(match, ()), keys) for match, keys in by_match.items() if keys)
    if said.inside:
        params = {**_inside(said.inside, said.among), "but_not": beginning, "called": said.begins}
        way = _Way("inside", params, few="inside_of" if said.narrow else "")
        yield lambda: _without(ask.hits(_Rank("inside", (way,))), better)


def _many_places(asked: dict[str, str], ask: _Ask, homes: set[Key]) -> Iterator[_Hits]:
    """The ranks one by one, where there are too many in all."""
    better, before, all_few = frozenset(dwelling for _, dwelling in homes), "", True
    for number, (match, words) in enumerate(asked.items()):
        if not words or words == before:
            continue
        rank = _Rank(match, (_place(words, before, asked["beginning"] or words),))
        if match == "number":
            hits = ask.hits(rank, FEW)
            all_few = hits.keys is not None
            yield ask.seen(rank, homes.union(hits.keys or ()))
        else:
            # Where those before are few, what holds all the others is too much to be sorted here: it is not asked.
            others = all_few and {words, *list(asked.values())[number:]} == {words}
            hits = _Hits(rank) if others else ask.hits(rank, FEW)
            all_few = all_few and hits.keys is not None
            yield _without(hits, better)
        before = lines.any_of((before, words))


def _without(hits: _Hits, better: frozenset[UUID]) -> _Hits:
    keys = None if hits.keys is None else [key for key in hits.keys if key[1] not in better]
    return replace(hits, keys=keys, better=better)


def _lexeme(words: str, **more: Any) -> _Way:
    params = {
        "words": words,
        "but_not": "",
        "surname": "",
        "lows": [],
        "highs": [],
        "numbered": "",
        "begun": "",
        **more,
    }
    return _Way("by_lexeme", params)


def _place(words: str, but_not: str, called: str) -> _Way:
    return _Way("by_lexeme", {"words": words, "but_not": but_not, "called": called})


def _inside(patterns: Sequence[str], among: str) -> dict[str, Any]:
    # What is one plain word is cheaper as that.
    plain = next((one for one in patterns if "|" not in one), "")
    ways = [one for one in patterns if one != plain] or ([""] if plain else [NOBODY])
    first, second, *others = [*ways, ways[-1]]
    holds = re.sub(r"([\\%_])", r"\\\1", plain)
    return {"holds": f"%{holds}%", "longest": first, "next": second, "others": others, "among": among or None}


def _crowds(registry: Registry) -> Crowds:
    return _CROWDS.setdefault(registry, Crowds())


def _frozen(param: tuple[str, Any]) -> tuple[str, Any]:
    name, value = param
    return name, tuple(value) if isinstance(value, list) else value
