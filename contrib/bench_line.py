"""What the leaf of a line costs: the facts of an invented community, hashed by both rules in turn.

    .venv/bin/python contrib/bench_line.py [--persons 300] [--rounds 15]

Printed are the microseconds of processor time of one line of average size, the median of the rounds: by the commitments
to its members, and by the hash of its bytes, as lines of the first releases have it. Let nothing else run on the
machine. Nothing is stored, nothing asserted.
"""

import argparse
import re
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from registry.aggregates.facts import heads
from registry.demo import invent
from registry.salts import seeded
from registry.storage import commitments, mapper


def lines(persons: int) -> list[bytes]:
    """The stored bytes of an invented community's facts."""
    made: list[bytes] = []
    salts, events = seeded(1), mapper.FactMapper()
    town = invent(persons=persons, seed=1, now=datetime.now(UTC))
    for envelope, drafts in town.book.acts:
        for draft in drafts:
            said = heads(draft.originator_id, draft.fact)
            event = events.to_stored_event(draft)
            made.append(mapper.encode_line(len(made) + 1, event, said, envelope, salts().hex()))
    return made


def took(leaf: Callable[[bytes], bytes], states: list[bytes]) -> float:
    """The microseconds of one line."""
    started = time.process_time()
    for state in states:
        leaf(state)
    return (time.process_time() - started) * 1_000_000 / len(states)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--persons", type=int, default=300)
    reader.add_argument("--rounds", type=int, default=15)
    asked = reader.parse_args()
    salted = lines(asked.persons)
    unsalted = [re.sub(rb',"salt":"[0-9a-f]{32}"\}\Z', b"}", state) for state in salted]
    rounds = [(took(mapper.leaf, salted), took(mapper.leaf, unsalted)) for _ in range(asked.rounds)]
    size = statistics.mean(map(len, salted))
    members = statistics.mean(len(commitments.members(state, bytes(16))) for state in salted)
    print(f"{len(salted)} lines of {size:.0f} bytes and {members:.1f} members on average")
    for rule, found in zip(("commitments to members", "hash of the bytes"), zip(*rounds, strict=True), strict=True):
        print(f"{rule:24} {statistics.median(found):6.1f} µs a line, the fastest round {min(found):.1f}")


if __name__ == "__main__":
    main()
