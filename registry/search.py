"""Finding people and dwellings by a line: every reading of it is answered, one rank after another.

Of the present register, in Ukrainian order within a rank. Who is hidden from whoever searches is neither found nor
counted: a row, even an empty one, would say that what was typed is so, letter by letter.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from registry import merged, occasion, ranking
from registry.app import Registry
from registry.finding import lines, places
from registry.finding.lexemes import all_of
from registry.projections import dwellings as dwellings_projection
from registry.projections import people as people_projection
from registry.ranking import Ask, Found, Hits, Key, Later, Rank, Way, crowds_of
from registry.storage.mapper import kyiv_day
from registry.viewer import Viewer

RANKS = ("number", "surname", "beginning", "inside", "home", "similar")
"""How people match: a number or a mark; the surname begins so; words begin so, or the birth is so; words hold it;
the name and where they live, or the mark of that dwelling; spelled alike, where nothing else was found."""
PLACE_RANKS = ("number", "exact", "anywhere", "beginning", "inside", "similar")
"""How dwellings match: the mark, or a number of somebody who lives there; each number in its place; in any place;
numbers that begin so, whatever the kind of street; words hold it; spelled alike."""
NOBODY = "(?!)"


def people(
    registry: Registry, line: str, *, seen_by: Viewer, limit: int = 20, after: Key | None = None, similar: bool = True
) -> Found:
    """People for a search line, of the best rank first; `after` goes on behind a row, by its `sort_key` and `person`.
    Without `similar` nobody is found by a name that is only spelled alike."""
    said = lines.of_people(line)
    with registry.datastore.get_connection() as connection:
        ask = Ask(connection, people_projection.SQL, "person", RANKS, crowds_of(registry), seen_by.sees)
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


def _otherwise(said: lines.PeopleAsked, similar: bool) -> Rank | None:
    """Who is found where nobody else is: a letter or two within words, or names that are spelled alike."""
    if said.short:
        return Rank("inside", (Way("inside", {**_inside(said.short, ""), "but_not": ""}),))
    return _similar(said.similar) if similar and said.similar else None


def _similar(parts: tuple[str, ...]) -> Rank:
    """Who is spelled so; of several words each is asked of the index by itself, which goes over fewer entries so."""
    way, (one, *others) = _lexeme(all_of(parts)), parts
    if others:
        way = replace(way, params={**way.params, "one": one, "others": all_of(others)}, few="by_lexemes")
    return Rank("similar", (way,))


def _people(said: lines.PeopleAsked, ask: Ask, today: date) -> Iterator[Later]:
    beginning = lines.any_of((said.numbers, said.words))
    if beginning:
        yield from map(_known, _beginning(said, ask, beginning))
    inside = _inside(said.inside, said.among)
    if said.inside:
        way = Way("inside", {**inside, "but_not": beginning}, few="inside_of" if said.narrow else "")
        yield partial(ask.hits, Rank("inside", (way,)))
    if not (_numbered_home(said) or lines.may_be_a_home(said.parts)):
        return
    common = {"but_not": beginning, "today": today, "patterns": list(said.inside or [NOBODY]), "among": inside["among"]}

    def homes() -> Hits:
        found = ({**common, "named": name, "address": address} for name, address in _homes(said, ask))
        return ask.hits(Rank("home", tuple(Way("by_home", one) for one in found)))

    yield homes


def _known(hits: Hits) -> Later:
    return lambda: hits


def _numbered_home(said: lines.PeopleAsked) -> bool:
    return bool(said.numbers) and any(map(str.isdecimal, said.numbers))


def _beginning(said: lines.PeopleAsked, ask: Ask, beginning: str) -> Iterator[Hits]:
    """The first three ranks: one query, where there are few."""
    number, surname = Rank("number", (_lexeme(said.numbers),)), _by_surname(said)
    lows, highs = ([bounds[end] for bounds in said.ranges] for end in (0, 1))
    past = {"but_not": said.numbers, "surname": said.surname, "lows": lows, "highs": highs}
    words = Rank("beginning", (_lexeme(said.words, **past),))
    many = _too_many(said, ask, lows, highs)
    rows = None if many else ask.few(_lexeme(beginning, numbered=said.numbers, begun=said.surname))
    if rows is None:
        before = [ask.hits(number, ranking.FEW)] if said.numbers else []
        if said.surname:
            before.append(Hits(surname) if many else ask.hits(surname, ranking.FEW))
        yield from before
        # Where these are few, the others are too many to be sorted here.
        if said.words:
            yield Hits(words) if all(one.keys is not None for one in before) else ask.hits(words, ranking.FEW)
        return
    by_match: dict[str, set[Key]] = {"number": set(), "surname": set(), "beginning": set()}
    for row in rows:
        begins = row["by_surname"] and any(low <= row["sort_key"] < high for low, high in said.ranges)
        match = "number" if row["by_number"] else "surname" if begins else "beginning"
        by_match[match].add((row["sort_key"], row["person"]))
    yield from (ask.seen(rank, by_match[rank.match]) for rank in (number, surname, words))


def _too_many(said: lines.PeopleAsked, ask: Ask, lows: list[str], highs: list[str]) -> bool:
    """Whether a word is known to be the beginning of more than `MOST` surnames, which the alphabet tells at once: by
    their lexemes all of them would be read."""
    asked = ("along_ranges", tuple(lows), tuple(highs))
    if not said.alphabetical or ask.crowds.has(asked):
        return said.alphabetical
    [row] = ask.run("along_ranges", lows=lows, highs=highs, most=ranking.MOST + 1)
    if many := bool(row["counted"] > ranking.MOST):
        ask.crowds.met(asked)
    return many


def _by_surname(said: lines.PeopleAsked) -> Rank:
    return Rank("surname", (replace(_lexeme(said.surname, but_not=said.numbers), parts=said.ranges),))


def _homes(said: lines.PeopleAsked, ask: Ask) -> list[tuple[str | None, str]]:
    """Whom a line names by where they live: the mark of a dwelling, or a name and an address in either order."""
    found: list[tuple[str | None, str]] = []
    if _numbered_home(said) and ask.run("numbered_home", address=said.numbers):
        found.append((None, said.numbers))
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
        crowds = crowds_of(registry)
        ask = Ask(connection, dwellings_projection.SQL, "dwelling", PLACE_RANKS, crowds)
        residents: list[UUID] = []
        if seen_by and said.numbers:
            whose = Ask(connection, people_projection.SQL, "person", RANKS, crowds, seen_by.sees)
            residents = _numbered(whose, said.numbers)
        # Their number was typed: what is found by it says where they live.
        occasion.shows(*residents)
        ranks = _places(said, ask, residents, kyiv_day(registry.clock()))
        alike = Rank("similar", (_place(said.similar, "", said.similar),)) if similar and said.similar else None
        return ask.found(ranks, alike, limit, after)


def _numbered(ask: Ask, numbers: str) -> list[UUID]:
    """Whose number this is."""
    return [person for _, person in ask.hits(Rank("number", (_lexeme(numbers),))).keys or ()]


def _places(said: places.PlacesAsked, ask: Ask, residents: list[UUID], today: date) -> Iterator[Later]:
    living = Way("by_people", {"people": residents, "today": today})
    homes = {(row["sort_key"], row["dwelling"]) for row in ask.few(living) or ()} if residents else set()
    asked = {"number": said.numbers, "exact": said.exact, "anywhere": said.anywhere, "beginning": said.begins}
    # What is exact, or holds the numbers anywhere, begins so as well: the index is not asked for more than that.
    beginning = lines.any_of((said.numbers, said.begins))
    better = frozenset(dwelling for _, dwelling in homes)
    params = {**asked, "marked": said.numbers, "words": beginning, "called": beginning}
    rows = ask.few(Way("ranked", params)) if beginning else []
    if rows is None:
        yield from map(_known, _many_places(asked, ask, homes))
    else:
        by_match: dict[str, set[Key]] = {match: set() for match in asked} | {"number": homes}
        for row in rows:
            match = next((match for match in ("number", "exact", "anywhere") if row[match]), "beginning")
            if match == "number" or row["dwelling"] not in better:
                by_match[match].add((row["sort_key"], row["dwelling"]))
        yield from (partial(ask.seen, Rank(match, ()), keys) for match, keys in by_match.items() if keys)
    if said.inside:
        params = {**_inside(said.inside, said.among), "but_not": beginning, "called": said.begins}
        way = Way("inside", params, few="inside_of" if said.narrow else "")
        yield lambda: _without(ask.hits(Rank("inside", (way,))), better)


def _many_places(asked: dict[str, str], ask: Ask, homes: set[Key]) -> Iterator[Hits]:
    """The ranks one by one, where there are too many in all."""
    better, before, all_few = frozenset(dwelling for _, dwelling in homes), "", True
    for number, (match, words) in enumerate(asked.items()):
        if not words or words == before:
            continue
        rank = Rank(match, (_place(words, before, asked["beginning"] or words),))
        if match == "number":
            hits = ask.hits(rank, ranking.FEW)
            all_few = hits.keys is not None
            yield ask.seen(rank, homes.union(hits.keys or ()))
        else:
            # Where those before are few, what holds all the others is too much to be sorted here: it is not asked.
            others = all_few and {words, *list(asked.values())[number:]} == {words}
            hits = Hits(rank) if others else ask.hits(rank, ranking.FEW)
            all_few = all_few and hits.keys is not None
            yield _without(hits, better)
        before = lines.any_of((before, words))


def _without(hits: Hits, better: frozenset[UUID]) -> Hits:
    keys = None if hits.keys is None else [key for key in hits.keys if key[1] not in better]
    return replace(hits, keys=keys, better=better)


def _lexeme(words: str, **more: Any) -> Way:
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
    return Way("by_lexeme", params)


def _place(words: str, but_not: str, called: str) -> Way:
    return Way("by_lexeme", {"words": words, "but_not": but_not, "called": called})


def _inside(patterns: Sequence[str], among: str) -> dict[str, Any]:
    # What is one plain word is cheaper as that.
    plain = next((one for one in patterns if "|" not in one), "")
    ways = [one for one in patterns if one != plain] or ([""] if plain else [NOBODY])
    first, second, *others = [*ways, ways[-1]]
    holds = re.sub(r"([\\%_])", r"\\\1", plain)
    return {"holds": f"%{holds}%", "longest": first, "next": second, "others": others, "among": among or None}
