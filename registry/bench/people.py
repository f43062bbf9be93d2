"""The invented people of the bench, by the demo's makers: a card index of any number, those who move, those who come.

Of ten people four dwellings, ten who live somewhere, six who lived elsewhere before: three facts a person. Then a tenth
of the grown-up ones move, in acts of some dozens, so that the register has a past that was known otherwise.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

from registry.aggregates.person.events import PersonEntered, ResidenceRegistered
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.bench.place import SQL
from registry.demo.inventing import Inventor, Newcomer, places

WHO = Actor("bench", "bench")
SEED, LAST = 15, date(2026, 1, 1)
SEXES = ("male", "female")
AGES, OLDER = 90 * 365, 20 * 365
"""So many days old is the oldest of the card index at the most, and so many more is whoever comes later."""
PEOPLE_AN_ACT = 50
PERSONS = (
    *("person_ref", "surname", "given_names", "patronymic", "sex", "birth_date", "birth_country", "birth_place"),
    *("citizenship", "unzr", "rnokpp", "document_kind", "document_number", "document_issued_on", "document_issued_by"),
    *("document_valid_until", "phone", "email", "death_registered_on"),
)
ADDRESS = ("katottg", "settlement", "district", "street", "house", "building", "flat", "room")
DWELLINGS = ("dwelling_ref", *ADDRESS, "kind")
RESIDENCES = ("person_ref", "dwelling_ref", "kind", "since", "until", "ended_by", "basis", "source")
OF_PERSON = ("surname", "given_names", "patronymic", "sex", "birth_date", "birth_country", "birth_place")
OF_PAPER = ("kind", "number", "issued_on", "issued_by", "valid_until")
LEFT = ("moved", "", "card")
MOVED, MOVED_ON = date(2015, 3, 1), "2025-06-01"
ON = date(2025, 1, 1)
"""The day of the law that is asked about."""


def written(folder: Path, persons: int) -> None:
    """Writes the card index of so many people."""
    luck = Random(SEED)
    inventor = Inventor(luck, LAST)
    homes = max(persons * 2 // 5, 1)
    folder.mkdir(parents=True)
    with (folder / "dwellings.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(DWELLINGS)
        for number, place in enumerate(islice(places(luck, homes), homes)):
            said = (getattr(place.address, name) or "" for name in ADDRESS)
            rows.writerow((f"D-{number:06}", *said, place.kind))
    with (
        (folder / "persons.csv").open("w", encoding="utf-8", newline="") as about,
        (folder / "residences.csv").open("w", encoding="utf-8", newline="") as lived,
    ):
        people, residences = csv.writer(about, lineterminator="\n"), csv.writer(lived, lineterminator="\n")
        people.writerow(PERSONS)
        residences.writerow(RESIDENCES)
        for number in range(persons):
            one = inventor.person(luck.choice(SEXES), LAST - timedelta(luck.randrange(30, AGES)))
            people.writerow(_card(one, number))
            residences.writerows(_lived(one, luck, number, homes))


def _card(one: Newcomer, number: int) -> tuple[str, ...]:
    paper, said = one.document(LAST), one.particulars
    cells = [*(getattr(said, name) for name in (*OF_PERSON, "citizenship", "unzr", "rnokpp"))]
    cells += [*(getattr(paper, name, None) for name in OF_PAPER), said.phone, said.email, None]
    return (f"P-{number:06}", *(cell or "" for cell in cells))


def _lived(one: Newcomer, luck: Random, number: int, homes: int) -> Iterator[tuple[str, ...]]:
    person, first = f"P-{number:06}", one.born + timedelta(20)
    since = max(first, MOVED)
    if number % 5 < 3:
        until = since if first < MOVED else first + timedelta(10)
        since = until
        yield (person, f"D-{luck.randrange(homes):06}", "registered", first.isoformat(), until.isoformat(), *LEFT)
    yield (person, f"D-{luck.randrange(homes):06}", "registered", since.isoformat(), "", "", "", "card")


def moved_on(registry: Registry, persons: int) -> int:
    """Lets a tenth of the people move, some dozens an act; the position at which half of them had."""
    with registry.datastore.get_connection() as connection:
        movers = connection.execute(SQL["some_people"], {"limit": max(persons // 10, 2)}).fetchall()
        homes = [row["dwelling"] for row in connection.execute(SQL["some_dwellings"], {"limit": len(movers)})]
    half = registry.position()
    for start in range(0, len(movers), PEOPLE_AN_ACT):
        lines = []
        for number, row in enumerate(movers[start : start + PEOPLE_AN_ACT], start):
            fact = ResidenceRegistered(residence=uuid4(), dwelling=homes[number % len(homes)], since=MOVED_ON)
            lines.append((row["person"], [fact], row["version"]))
        act = registry.append(lines, by=WHO, command=uuid4())
        half = act.position if start <= len(movers) // 2 else half
    return half


class BenchNewcomers:
    """People who come while it is measured, older than everybody of the card index: nobody has a number that another
    one has, so that no act is refused."""

    def __init__(self) -> None:
        self.luck = Random(SEED + 1)
        self.inventor = Inventor(self.luck, LAST)

    def come(self, count: int) -> list[tuple[UUID, PersonEntered]]:
        """So many facts of people who are entered, each with the id of a stream."""
        return [self._one() for _ in range(count)]

    def _one(self) -> tuple[UUID, PersonEntered]:
        born = LAST - timedelta(self.luck.randrange(AGES, AGES + OLDER))
        one = self.inventor.person(self.luck.choice(SEXES), born)
        paper = one.document(LAST)
        return one.id, PersonEntered(particulars=one.particulars, documents=(paper,) if paper else ())
