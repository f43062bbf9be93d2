"""Whatever the rows of one person say, loading them again adds nothing and rejects the same (semantics 8)."""

import random
from datetime import UTC, date, datetime
from uuid import NAMESPACE_OID, uuid4, uuid5

import pytest
from given import CLERK

from registry.aggregates.person.events import CardRow, Particulars, PersonEntered
from registry.aggregates.person.state import NOBODY, fold
from registry.aggregates.values import Entry
from registry.card_index import planning
from registry.card_index.reading import PersonRow, ResidenceRow

DATES = [
    None,
    "1960",
    "1970",
    "1970-05",
    "1970-05-04",
    "1980-02-30",
    "1985",
    "1990-01-01",
    "1995-07",
    "2000",
    "2010-01-01",
]
KINDS = ("registered", "stay", "declared")
STREAM = uuid5(NAMESPACE_OID, "person")
HOMES = {name: uuid5(NAMESPACE_OID, name) for name in ("A", "B", "C")}


def planned(person, rows, known):
    rejected = []
    facts = planning.facts_of(
        person if not known.version else None,
        rows,
        known=known,
        homes=HOMES,
        born=person.fact.particulars.birth_date,
        ids=iter(uuid4, None),
        line_name=str,
        register_name="register",
        clash=lambda one, why: rejected.append((one.line, why.column, why.code)),
    )
    return facts, sorted(rejected)


def entries(facts):
    return [
        Entry(
            position=n,
            stream=STREAM,
            version=n,
            recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
            recorded_on=date(2026, 1, 1),
            by=CLERK,
            command=STREAM,
            fact=fact,
        )
        for n, fact in enumerate(facts, 1)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_a_second_load_of_the_same_rows_is_of_nothing(seed):
    luck = random.Random(seed)
    for _ in range(150):
        born, died = luck.choice(DATES), luck.choice([None, None, *DATES])
        person = PersonRow(2, PersonEntered(particulars=Particulars(surname="В", birth_date=born), ref="1"), died)
        rows = [
            ResidenceRow(
                n + 2,
                CardRow(
                    person_ref="1",
                    dwelling_ref=luck.choice("ABC"),
                    kind=luck.choice(KINDS),
                    since=luck.choice(DATES),
                    until=luck.choice([None, *DATES]),
                ),
            )
            for n in range(luck.randrange(1, 6))
        ]
        facts, rejected = planned(person, rows, NOBODY)
        known = fold(entries(facts))
        again, and_rejected = planned(person, rows, known)
        assert again == [], (born, died, [one.row for one in rows])
        assert [one[0] for one in rejected] == [one[0] for one in and_rejected], (
            born,
            died,
            [one.row for one in rows],
            rejected,
            and_rejected,
        )
