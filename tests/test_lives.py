"""What is worked out set by set is, row for row, what the document engine says: on every residence case, on the
invented community, and on random lives, as many as `RANDOM_LIVES` says (default: a thousand)."""

import os
from collections import Counter
from datetime import UTC, date, datetime
from itertools import accumulate
from random import Random

import pytest
from lived import told
from psycopg.sql import Identifier
from test_residence_cases import CASES, Told
from tiers import tries

from registry import demo, lives, texts
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person import state as person_state
from registry.opening import opened
from registry.projections import residences, runner
from registry.storage.recorder import batches_of_streams
from registry.viewer import OPEN
from replay import answers
from replay.register import on_day

PEOPLE = int(os.environ.get("RANDOM_LIVES") or tries(1000))
DAYS = [date(1961, 6, 1), date(2000, 2, 29), date(2001, 7, 1), date(2002, 3, 4), date(2003, 12, 31), date(2030, 1, 1)]


def by_documents(registry, day, position):
    """The register on a day as the document engine alone says."""
    people, dwellings = {}, {}
    for entries in registry.streams(position):
        stream = entries[0].stream
        match AGGREGATE_OF[entries[0].fact.NAME]:
            case "dwelling":
                dwellings[stream] = dwelling_state.fold(entries)
            case "person" if (person := person_state.fold(entries)).entered:
                people[stream] = person
    rows = [
        {
            "person_ref": person.ref or str(stream),
            "person_id": str(stream),
            "residences": [residence(one, dwellings, day) for one in answers.residence_on(person, day)],
        }
        for stream, person in people.items()
    ]
    return sorted((row for row in rows if row["residences"]), key=lambda row: row["person_ref"])


def residence(one, dwellings, day):
    dwelling = dwellings.get(one.residence.dwelling)
    named = dwelling and dwelling.names and texts.address_label(dwelling_state.address_on(dwelling, day))
    return {
        **answers.stretch_json(one),
        "dwelling_ref": (dwelling.ref if dwelling else None) or str(one.residence.dwelling),
        "address": named or texts.TEXTS["address"]["unknown"],
        "certain": answers.covers(one, day, date.fromordinal(day.toordinal() + 1)),
    }


def everything_agrees(registry, days):
    """On some days and at some positions the whole register; and every row of `residences` that was ever believed."""
    last, luck = registry.position(), Random(15)
    for day in days:
        for position in (last, luck.randrange(1, last + 1)):
            assert on_day(registry, day, position, seen_by=OPEN) == by_documents(registry, day, position)
    with registry.snapshot() as connection:
        batches = batches_of_streams(connection, last)
        rows = Counter(row for batch in batches for entries in batch for row in runner.all_rows(residences, entries))
    assert written(registry) == rows


def written(registry):
    """The rows of `residences` that one statement writes for plain lives, and the engine for all others."""
    position = registry.position()
    with registry.datastore.get_connection() as connection, connection.transaction(force_rollback=True):
        connection.execute("CREATE TEMPORARY TABLE made (LIKE residences)")
        runner.fill(connection, position, {residences.TABLE: Identifier("made")})
        names = (*residences.COLUMNS, "known_from", "known_until")
        found = connection.execute("SELECT * FROM made").fetchall()
    return Counter(tuple(tuple(v) if isinstance(v := row[name], list) else v for name in names) for row in found)


@pytest.fixture
def registry(database_url):
    with opened(database_url) as registry:
        yield registry


@pytest.mark.examples
def test_of_random_lives(registry):
    told(registry, PEOPLE, seed=15)
    everything_agrees(registry, DAYS)
    with registry.snapshot() as connection:
        rows = lives.on_day(connection, registry.position_at(connection), DAYS[2])
    # Both ways are well tried.
    assert sum(row[0] for row in rows) > PEOPLE / 8 and sum(not row[0] for row in rows) > PEOPLE / 8


def test_of_the_invented_community(registry):
    demo.seed(registry, persons=120, seed=3, now=datetime(2026, 11, 1, tzinfo=UTC))
    everything_agrees(registry, [date(1990, 1, 1), date(2015, 6, 1), date(2026, 11, 1)])
    assert naming(registry) == set(lives.NAMING)


def naming(registry):
    """The facts by which a dwelling was ever called otherwise, or its mark became known."""
    found = set()
    for entries in registry.streams(registry.position()):
        if AGGREGATE_OF[entries[0].fact.NAME] == "dwelling":
            states = [*accumulate(entries, dwelling_state.evolve, initial=dwelling_state.NOWHERE)]
            found |= {
                type(entry.fact)
                for entry, before, after in zip(entries, states, states[1:], strict=False)
                if (before.names, before.ref) != (after.names, after.ref)
            }
    return found


def test_of_every_residence_case(registry):
    for case in CASES:
        Told(registry, case["steps"])
    everything_agrees(registry, [date(2010, 1, 1), date(2018, 6, 1), date(2022, 3, 1), date(2026, 11, 1)])
