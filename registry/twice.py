"""Whether somebody who is entered is in the register already: asked behind every door, and answered with a reason.

Alike is who has the same names, or had them, however they are spelled, and can be born on the same day; or has the same
РНОКПП; or the same document. Whoever has another УНЗР is another person, unless a number or document is the same. Equal
УНЗР is refused elsewhere: nobody has it twice. Of somebody who is hidden or sealed nothing is asked, because a question
would say that they are there: as a search, it does not find them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from registry import ukrainian
from registry.aggregates.dwelling.state import NOWHERE
from registry.aggregates.person.checks import codes_of, supposing
from registry.aggregates.person.events import (
    Document,
    Particulars,
    ParticularsCorrected,
    ParticularsUpdated,
    PersonEntered,
    PersonFact,
)
from registry.aggregates.person.requests import ChangeParticulars, EnterPerson
from registry.aggregates.person.state import Person
from registry.aggregates.values import Fault, NeedsConfirmation, confirm, refuse
from registry.app import Registry
from registry.projections import identities
from registry.storage.recorder import Connection
from registry.viewer import Viewer

MOST = 50
"""How many candidates are told of one newcomer, in the order of names."""
ALIKE = "perhaps-the-same"
"""Somebody who is entered may be this one."""
BECOMES = "same-as-another"
"""Somebody who is changed would look like this one."""
RNOKPP = "rnokpp "


@dataclass(frozen=True, kw_only=True)
class Entering:
    """Somebody who is to be entered on a stream; `distinct_from` are those who are said to be others. `where` is the
    place in the request that tells of them."""

    id: UUID
    particulars: Particulars
    documents: Sequence[Document] = ()
    distinct_from: Collection[UUID] = ()
    where: str | None = None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody of the register who may be a newcomer: what agrees, of `names`, `birth_date`, `patronymic`, `unzr`,
    `rnokpp` and `document`: same, differs, or unknown where one of the two does not say; a birth also possible."""

    person: UUID
    alive: bool
    agrees: Mapping[str, str]

    @property
    def by_names(self) -> bool:
        return self.agrees["names"] == "same" and self.agrees["birth_date"] in ("same", "possible")


def told_of(request: object, stream: UUID) -> list[Entering]:
    """Whom a request enters on a stream, if it enters somebody."""
    if not isinstance(request, EnterPerson):
        return []
    said, papers, others = request.particulars, request.documents, request.distinct_from
    return [Entering(id=stream, particulars=said, documents=papers, distinct_from=others)]


def entered(facts: Mapping[UUID, Sequence[Any]]) -> Iterator[Entering]:
    """Whom facts enter, by stream."""
    for stream, made in facts.items():
        for fact in made:
            if isinstance(fact, PersonEntered):
                yield Entering(
                    id=stream,
                    particulars=fact.particulars,
                    documents=fact.documents,
                    distinct_from=fact.distinct_from or (),
                )


def insisting(
    facts: Mapping[UUID, Sequence[Any]], seen_by: Viewer, where: Mapping[UUID, str] | None = None
) -> Callable[[Connection, int], None] | None:
    """What to look at under the log's lock before these facts are recorded, so that of two clerks who enter the same
    person at once the second is asked; None where they enter nobody. `where` tells the place in the request by id."""
    people = list(entered(facts))
    if not people:
        return None

    def insist(connection: Connection, position: int) -> None:
        ask(connection, position, people, seen_by, where or {})

    return insist


def ask(
    connection: Connection,
    position: int,
    people: Sequence[Entering],
    seen_by: Viewer,
    where: Mapping[UUID, str] | None = None,
) -> None:
    """Raises `NeedsConfirmation` with each candidate who is not said to be another person; `Impossible` where the same
    newcomer comes twice."""
    refuse([*_each_once(people, where or {}), *_unknown(connection, position, people, seen_by)])
    faults = [
        Fault(ALIKE, (where or {}).get(newcomer.id), {"person": str(one.person), **one.agrees})
        for newcomer in people
        for one in alike(connection, newcomer, position)
        if one.person not in newcomer.distinct_from and seen_by.sees(one.person)
    ]
    if faults:
        raise NeedsConfirmation(faults)


@contextmanager
def asked_together(
    registry: Registry, people: Sequence[Entering], seen_by: Viewer, where: Mapping[UUID, str] | None = None
) -> Iterator[None]:
    """Whatever has to be confirmed within is asked in one with whom of these the register may have: one answer is
    enough. Raises as `ask` does."""
    others: tuple[Fault, ...] = ()
    try:
        yield
    except NeedsConfirmation as error:
        others = error.faults
    try:
        if people:
            with registry.datastore.get_connection() as connection:
                ask(connection, registry.position_at(connection), people, seen_by, where)
    except NeedsConfirmation as error:
        raise NeedsConfirmation([*others, *error.faults]) from None
    confirm(others, confirmed=False)


def changed(
    registry: Registry, request: ChangeParticulars, person: Person, today: date, seen_by: Viewer
) -> Sequence[PersonFact]:
    """What changes particulars records. Of whom somebody would be taken for by them, and was not before, is asked; that
    it is another person is kept with the fact, whose basis says how one knows."""
    asked: Sequence[Fault] = ()
    try:
        facts = request.decide(person, NOWHERE, today, iter(()))
    except NeedsConfirmation as question:
        asked = question.faults
        facts = replace(request, confirmed=True).decide(person, NOWHERE, today, iter(()))
    others = becoming(registry, request.person, person, supposing(person, facts, today), seen_by)
    confirm([*asked, *others], request.confirmed)
    return [_with(fact, codes_of(others)) for fact in facts]


def _with(fact: PersonFact, codes: tuple[str, ...] | None) -> PersonFact:
    if not codes or not isinstance(fact, ParticularsUpdated | ParticularsCorrected):
        return fact
    return replace(fact, confirmed=(*(fact.confirmed or ()), *codes))


def becoming(registry: Registry, id: UUID, was: Person, now: Person, seen_by: Viewer) -> list[Fault]:
    """Whom somebody would be taken for by changed particulars or documents, and was not before."""
    with registry.datastore.get_connection() as connection:
        position = registry.position_at(connection)
        before, after = (
            alike(connection, Entering(id=id, particulars=one.particulars, documents=one.documents), position)
            for one in (was, now)
        )
    known = {one.person for one in before}
    return [
        Fault(BECOMES, None, {"person": str(one.person), **one.agrees})
        for one in after
        if one.person not in known and seen_by.sees(one.person)
    ]


def alike(connection: Connection, newcomer: Entering, position: int) -> list[Candidate]:
    """Who of the register, as known at a position, may be a newcomer, in the order of names; whoever looks for others
    asks whether they may be seen."""
    names, first, last, numbers = identities.identity(newcomer.particulars, newcomer.documents)
    if not names and not numbers:
        return []
    asked = {"names": list(names), "born_from": first, "born_until": last, "numbers": list(numbers)}
    rows = connection.execute(identities.SQL["alike"], {**asked, "besides": newcomer.id, "position": position})
    found = (_candidate(row, newcomer, numbers) for row in rows.fetchall())
    return [one for one in found if _is_alike(one)][:MOST]


def alike_among(registry: Registry, newcomers: Sequence[Entering]) -> Iterator[tuple[Entering, Candidate]]:
    """Who of the register, as it is now, may be one of many newcomers: each pair, in no order that counts. As much is
    asked at once as comes, so that a card index of a city can be asked about in parts."""
    told = {one.id: identities.identity(one.particulars, one.documents) for one in newcomers}
    asked = {
        "names": [name for names, *_ in told.values() for name in names],
        "numbers": [number for *_, numbers in told.values() for number in numbers],
    }
    by_key: dict[str, list[Mapping[str, Any]]] = {}
    for row in registry.query("identities", "alike_any", **asked):
        for key in (*row["names"], *row["numbers"]):
            by_key.setdefault(key, []).append(row)
    for newcomer in newcomers:
        names, _, _, numbers = told[newcomer.id]
        rows = {row["person"]: row for key in (*names, *numbers) for row in by_key.get(key, ())}
        found = (_candidate(row, newcomer, numbers) for row in rows.values())
        yield from ((newcomer, one) for one in found if _is_alike(one))


def _candidate(row: Mapping[str, Any], newcomer: Entering, numbers: Sequence[str]) -> Candidate:
    said = newcomer.particulars
    names, first, last, _ = identities.identity(said, newcomer.documents)
    births = [said.birth_date, row["birth_date"]]
    possible = first and row["born_from"] and first <= row["born_until"] and row["born_from"] <= last
    exact = births[0] == births[1] and len(said.birth_date or "") == 10
    papers = [{one for one in some if not one.startswith(RNOKPP)} for some in (numbers, row["numbers"])]
    codes = [next((one for one in some if one.startswith(RNOKPP)), None) for some in (numbers, row["numbers"])]
    return Candidate(
        person=row["person"],
        alive=row["died"] is None,
        agrees={
            "names": "same" if set(names) & set(row["names"]) else "differs",
            "birth_date": "same" if exact else "unknown" if None in births else "possible" if possible else "differs",
            "patronymic": _compared(*map(ukrainian.names_key, (said.patronymic, row["patronymic"]))),
            "unzr": _compared(said.unzr, row["unzr"]),
            "rnokpp": _compared(*codes),
            "document": "same" if papers[0] & papers[1] else "differs" if all(papers) else "unknown",
        },
    )


def _compared(one: str | None, other: str | None) -> str:
    return "unknown" if not one or not other else "same" if one == other else "differs"


def _is_alike(one: Candidate) -> bool:
    """Without a date of birth only the whole name tells anybody."""
    told = one.agrees
    if "same" in (told["rnokpp"], told["document"]):
        return True
    if told["names"] != "same" or "differs" in (told["unzr"], told["birth_date"]):
        return False
    return told["birth_date"] != "unknown" or told["patronymic"] == "same"


def _unknown(connection: Connection, position: int, people: Sequence[Entering], seen_by: Viewer) -> list[Fault]:
    """Nobody is said to be another person than somebody whom the register has not."""
    said = {other for one in people for other in one.distinct_from}
    rows = connection.execute(identities.SQL["entered"], {"people": list(said), "position": position}) if said else ()
    known = {row["person"] for row in rows if seen_by.sees(row["person"])}
    return [Fault("person-unknown", "distinct_from")] if said - known else []


def _each_once(people: Sequence[Entering], where: Mapping[UUID, str]) -> list[Fault]:
    """Of the newcomers of one act, those who are told of twice: by the same names, born on one day as far as that is
    known, or by the same РНОКПП. A child may stand in the document of a parent."""
    return [
        Fault("newcomer-twice", where.get(one.id))
        for number, one in enumerate(people)
        if any(is_one(one, other) for other in people[:number])
    ]


def is_one(one: Entering, other: Entering) -> bool:
    """Whether two who are told of are one person: by the same names, born on one day as far as that is known, or by the
    same РНОКПП."""
    said, also = one.particulars, other.particulars
    (names, first, last, numbers), (others, begins, ends, known) = map(identities.identity, (said, also), ((), ()))
    if set(numbers) & set(known):
        return True
    # Twins who have no names yet are two.
    full = all(who.surname and who.given_names for who in (said, also))
    if not full or _compared(said.unzr, also.unzr) == "differs" or not set(names) & set(others):
        return False
    return bool(first and begins and last and ends and first <= ends and begins <= last)
