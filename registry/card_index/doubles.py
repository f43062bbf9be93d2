"""What may be there twice: people with the same names and day of birth or the same document, dwellings of one address.

They are loaded and listed: whether two cards are one person is for people to say. Equal numbers are no doubt but a
fault, and are rejected where rows are loaded.
"""

import re
from array import array
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from registry import texts, ukrainian
from registry.app import Registry
from registry.card_index import reading
from registry.card_index.reading import DwellingRow, PersonRow, Reject, Rejected

A_QUERY = 20_000
Key = Callable[[Any], Hashable]
_REGISTER = texts.TEXTS["rejects"]["register"]


def in_files(people: Iterable[PersonRow], dwellings: Iterable[DwellingRow]) -> Iterator[Reject]:
    """The later row of each pair, naming the line of the first one."""
    people, dwellings = list(people), list(dwellings)
    for file, rows, key, column, code in (
        ("persons.csv", people, who, "surname", "same-person"),
        ("persons.csv", people, shown, "document_number", "same-document"),
        ("dwellings.csv", dwellings, lambda one: (where(one) or (None, None))[1], "street", "same-address"),
    ):
        for one, first in _twice(rows, key):
            yield reading.reject(file, one.line, Rejected(column, code, texts.TEXTS["rejects"]["line"].format(first)))


def in_register(
    registry: Registry,
    people: Iterable[PersonRow],
    dwellings: Iterable[DwellingRow],
    known: Collection[UUID],
    homes: Collection[UUID],
) -> Iterator[Reject]:
    """Rows of which the register holds another like them: beside those that rows of these files are of (`known`,
    `homes`)."""
    for some in _parts(list(people)):
        by_key = _by_key(some, who)
        found = registry.query("people", "by_sort_keys", keys=[names for names, _ in by_key])
        there = {(row["sort_key"], row["birth_date"]) for row in found if row["person"] not in known}
        yield from _in_both("persons.csv", by_key, there, Rejected("surname", "same-person", _REGISTER))
    for places in _parts(list(dwellings)):
        by_key = _by_key(places, where)
        found = registry.query("dwellings", "by_sort_keys", keys=[parts for parts, _ in by_key])
        there = {(row["sort_key"], _address(row["address"])) for row in found if row["dwelling"] not in homes}
        yield from _in_both("dwellings.csv", by_key, there, Rejected("street", "same-address", _REGISTER))


def who(one: PersonRow) -> tuple[str, str] | None:
    """By what two people are taken for one: their names in whatever spelling, and the day of birth."""
    said = one.fact.particulars
    if not (said.birth_date and said.surname and said.given_names):
        return None
    return ukrainian.sort_key(said.surname, said.given_names, said.patronymic), said.birth_date


def where(one: DwellingRow) -> tuple[str, str] | None:
    """An address in whatever spelling."""
    at = one.fact.address
    if not (at.house and (at.street or at.settlement)):
        return None
    parts = ukrainian.sort_key(at.settlement, at.street, at.house, at.building, at.flat)
    return parts, _address(texts.address_label(at))


def _address(label: str) -> str:
    """An address as addresses are compared: 12а, 12-А and 12 А are one house."""
    return re.sub(r"(?<=[0-9]) (?=[^\W\d_]\b)", "", ukrainian.normalise(label))


def shown(one: PersonRow) -> tuple[str | None, str] | None:
    """The document, if it has a number."""
    return next(((each.kind, each.number) for each in one.fact.documents if each.number), None)


def _by_key(rows: Sequence[Any], key: Key) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for one in rows:
        if (said := key(one)) is not None:
            found.setdefault(said, []).append(one)
    return found


def _in_both(file: str, by_key: Mapping[Any, list[Any]], there: set[Any], why: Rejected) -> Iterator[Reject]:
    for said in by_key.keys() & there:
        yield from (reading.reject(file, one.line, why) for one in by_key[said])


def _twice(rows: Sequence[Any], key: Key) -> Iterator[tuple[Any, int]]:
    """Each row whose key an earlier one has, with the line of the first. Only hashes are held of all of them."""
    hashes = array("q", (hash(key(one)) for one in rows))
    seen: set[int] = set()
    twice: set[int] = set()
    for hashed in hashes:
        (twice if hashed in seen else seen).add(hashed)
    del seen
    first: dict[Hashable, int] = {}
    for one, hashed in zip(rows, hashes, strict=True):
        if hashed in twice and (said := key(one)) is not None and first.setdefault(said, one.line) != one.line:
            yield one, first[said]


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), A_QUERY):
        yield rows[start : start + A_QUERY]
