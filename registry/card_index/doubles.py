"""What may be there twice: people with the same names and day of birth or the same document, dwellings of one address.

They are loaded and listed: whether two cards are one person is for people to say. Equal numbers are no doubt but a
fault, and are rejected where rows are loaded.
"""

from array import array
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from registry import addresses, streets, texts, ukrainian
from registry.aggregates.street.matching import home_key, identifies, twins
from registry.app import Registry
from registry.card_index import reading
from registry.card_index.reading import DwellingRow, PersonRow, Reject, Rejected
from registry.projections import identities
from registry.twice import Candidate, Entering, alike_among

A_QUERY = 2_000
NAMESAKES = 100
"""With how many of the same names a person is compared: more have no names that tell anybody."""
Key = Callable[[Any], Hashable]
_REGISTER = texts.TEXTS["rejects"]["register"]


def in_files(people: Iterable[PersonRow], dwellings: Iterable[DwellingRow]) -> Iterator[Reject]:
    """The later row of each pair, naming the line of the first one."""
    people, dwellings = list(people), list(dwellings)
    for one, first in _people_twice(_with_a_twin(people, _names)):
        yield _doubt("persons.csv", one.line, "surname", "same-person", first.line)
    shown: dict[Hashable, int] = {}
    for one in _with_a_twin(people, _shown):
        if (first_line := shown.setdefault(_shown(one), one.line)) != one.line:
            yield _doubt("persons.csv", one.line, "document_number", "same-document", first_line)
    homes = {one.fact.ref or "": one for one in _with_a_twin(dwellings, _where)}
    for ref, first_ref in twins((ref, one.fact.address) for ref, one in homes.items()).items():
        yield _doubt("dwellings.csv", homes[ref].line, "street", "same-address", homes[first_ref].line)


def in_register(
    registry: Registry,
    people: Iterable[PersonRow],
    dwellings: Iterable[DwellingRow],
    known: Collection[UUID],
    homes: Collection[UUID],
) -> Iterator[Reject]:
    """Rows of which the register holds another like them: beside those that these very rows are of (`known`,
    `homes`)."""
    for some in _parts(list(people)):
        rows = {uuid4(): one for one in some}
        newcomers = [_entering(id, one) for id, one in rows.items()]
        found = {(id, code) for id, code in _alike(registry, newcomers, known)}
        for id, code in found:
            column = "document_number" if code == "same-document" else "surname"
            yield reading.reject("persons.csv", rows[id].line, Rejected(column, code, _REGISTER))
    by_ref = {one.fact.ref or "": one for one in dwellings}
    there = streets.same_addresses(registry, {ref: one.fact.address for ref, one in by_ref.items()})
    for ref, ids in there.items():
        if any(id not in homes for id in ids):
            yield reading.reject("dwellings.csv", by_ref[ref].line, Rejected("street", "same-address", _REGISTER))


def _doubt(file: str, line: int, column: str, code: str, of: int) -> Reject:
    return reading.reject(file, line, Rejected(column, code, texts.TEXTS["rejects"]["line"].format(of)))


def _alike(registry: Registry, newcomers: Sequence[Entering], known: Collection[UUID]) -> Iterator[tuple[UUID, str]]:
    for newcomer, one in alike_among(registry, newcomers):
        if one.person not in known:
            yield newcomer.id, "same-person" if one.by_names or not _same_paper(one) else "same-document"


def _same_paper(one: Candidate) -> bool:
    return one.agrees["document"] == "same"


def _entering(id: UUID, one: PersonRow) -> Entering:
    return Entering(id=id, particulars=one.fact.particulars, documents=one.fact.documents)


def _names(one: PersonRow) -> str | None:
    said = one.fact.particulars
    return ukrainian.names_key(said.surname, said.given_names)


def _shown(one: PersonRow) -> str | None:
    """The document, if it has a number."""
    return next((key for each in one.fact.documents if (key := ukrainian.document_key(each.kind, each.number))), None)


def _where(one: DwellingRow) -> tuple[str, str] | None:
    at = one.fact.address
    return (addresses.street(at.street).key, home_key(at)) if identifies(at) else None


def _people_twice(people: Iterable[PersonRow]) -> Iterator[tuple[PersonRow, PersonRow]]:
    """Each who may be somebody before them, with the first who may: as at every door (`twice`), the same names and a
    birth that can be on the same day, or none said and the same patronymic; never with another УНЗР."""
    before: dict[str | None, dict[Any, list[PersonRow]]] = {}
    for one in people:
        said = one.fact.particulars
        # Whoever was born on the same day comes first, then those of whom that is not known as exactly.
        by_birth = before.setdefault(_names(one), {})
        exact = len(said.birth_date or "") == len("1970-05-04")
        others = [said.birth_date, None] if exact else list(by_birth)
        found = (other for birth in dict.fromkeys(others) for other in by_birth.get(birth, ()))
        alike = (other for other in islice(found, NAMESAKES) if _may_be(one, other))
        if first := min(alike, key=lambda other: other.line, default=None):
            yield one, first
        by_birth.setdefault(said.birth_date if exact else None, []).append(one)


def _may_be(one: PersonRow, other: PersonRow) -> bool:
    said, before = one.fact.particulars, other.fact.particulars
    if said.unzr and before.unzr and said.unzr != before.unzr:
        return False
    (first, last), (from_, until) = _born(one), _born(other)
    if first and last and from_ and until:
        return first <= until and from_ <= last
    patronymics = ukrainian.names_key(said.patronymic), ukrainian.names_key(before.patronymic)
    return patronymics[0] is not None and patronymics[0] == patronymics[1]


def _born(one: PersonRow) -> tuple[date | None, date | None]:
    _, first, last, _ = identities.identity(one.fact.particulars, ())
    return first, last


def _with_a_twin(rows: Sequence[Any], key: Key) -> list[Any]:
    """The rows whose key another one has. Only hashes are held of all of them."""
    hashes = array("q", (hash(key(one)) for one in rows))
    seen: set[int] = set()
    twice: set[int] = set()
    for hashed in hashes:
        (twice if hashed in seen else seen).add(hashed)
    twice.discard(hash(None))
    return [one for one, hashed in zip(rows, hashes, strict=True) if hashed in twice]


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), A_QUERY):
        yield rows[start : start + A_QUERY]
