"""What a look costs: entries written into the access journal of a new register, one after another and by eight threads.

    .venv/bin/python contrib/bench_looks.py [--looks 1000]

Printed are median and p95 of one entry in milliseconds, each on disk before its answer is sent: of one person as a card
has, of twenty as a page of search, of five hundred, the most that an entry lists; and how many a second eight threads
write. Let nothing else run on the machine. The embedded register is in a new folder, which is removed. Nothing is
asserted.
"""

import argparse
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from registry.aggregates.values import Actor
from registry.app import Registry
from registry.opening import opened
from registry.storage.access import Look
from registry.storage.database import migrate, session_url
from registry.storage.embedded import Embedded

CLERK = Actor("bench", "Вигадана О. О.")


def took(registry: Registry, people: int) -> float:
    """The milliseconds of one entry."""
    look = Look("looked", tuple(uuid4() for _ in range(people)), {"route": "get_person", "visit": str(uuid4())})
    started = time.perf_counter()
    registry.looked(look, CLERK)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--looks", type=int, default=1000)
    count: int = reader.parse_args().looks
    with tempfile.TemporaryDirectory(prefix="hromada-looks-") as folder:
        Path(folder).chmod(0o711)
        server = Embedded(Path(folder) / "server")
        server.start()
        try:
            migrate(server.url)
            with opened(session_url(server.url)) as registry:
                for people in (1, 20, 500):
                    all_of_them = sorted(took(registry, people) for _ in range(max(count // people, 50)))
                    p95 = all_of_them[len(all_of_them) * 95 // 100]
                    print(f"{people:4} people: median {statistics.median(all_of_them):.2f} ms, p95 {p95:.2f} ms")
                started = time.perf_counter()
                with ThreadPoolExecutor(8) as pool:
                    list(pool.map(lambda _: took(registry, 1), range(count)))
                print(f"eight threads: {count / (time.perf_counter() - started):.0f} a second")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
