"""How fast a search is answered: invented people, the real server, forty kinds of lines at a steady pace.

    .venv/bin/python contrib/bench_search.py --data /var/tmp/bench [--people 100000] [--seconds 60] [--lines]

Fills an empty register (of HROMADA_DATA in --data, its own PostgreSQL) by COPY once, then asks of people, of dwellings
and on the page of the search in turn, each request at its time, whether or not the one before is answered; connections
stay open, as a browser's do. Lines by which nothing is found but what is spelled alike are measured by themselves.
Printed are p50, p95 and p99 in milliseconds, from the moment at which a request was due
until its answer was read, and what the server's own log says that it took: between them is the client, which shares the
machine. First each line is asked once by itself: what many answer is known to the server from then on. Let nothing else
run on it. Nothing is asserted. Everybody is invented.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

from registry.aggregates.dwelling.events import Address, AddressRenamed, DwellingEntered
from registry.aggregates.person.events import Document, Particulars, PersonEntered, ResidenceRegistered
from registry.aggregates.values import Actor
from registry.clock import utc_now
from registry.opening import opened
from registry.roles import PROGRAM
from registry.staff import keys
from registry.storage.database import migrate
from registry.storage.embedded import Embedded
from registry.storage.mapper import Draft, Envelope

STARTS = (
    "Вига Лук’я Кова Бойк Шевч Петр Іван Марч Їжак Ґала Гнат Знам Соро Щук Яким Ткач Ющ Євт Дуб Жай Зайц Криг".split()
)
MIDDLES = "да ре ни ло му ба ти вед со рі го ха пи зи ду лю ка ше".split()
ENDS = "ненко енко чук ук ський ик ець як ун ій".split()
GIVEN = "Марія Іван Олена Оксана Петро Василь Юлія Андрій Дарина Яків Назар Євгенія Ганна Пилип Ірина Тарас".split()
FATHERS = "Іванівна Петрович Василівна Андрійович Тарасівна Назарович Якович Пилипівна Юрійович Ігорівна".split()
STREETS = "Вокзальна Калинова Зелена Синя Соборна Шкільна Садова Лісова Польова Степова Дубова Гайова Тиха Ясна".split()
ROUTES = {"/": "page", "/api/v1/search/people": "people", "/api/v1/search/dwellings": "dwellings"}
WAYS = ("people", "dwellings", "page")
Asked = tuple[str, str]
"""A way and a line."""
KINDS = ("вулиця", "провулок", "проспект")
LINES = (
    *("а", "к", "щ", "ґ", "l", "k", "ко", "лу", "ків", "лук", "ковале", "вига", "петр", "марчуденко", "ґаладаук"),
    *("марія", "іван", "оксана яків", "марія іванівна", "ковабаук іван", "іван кова", "к марія", "енко", "ський іван"),
    *("1983", "марія 1983", "лук 1990", "14.08.1991", "14081991", "14 серпня 1991", "серпень 1991", "олена 05.1990"),
    *("Lukya", "Lukyadenko", "Kova", "rjdf", "tdndf", "P-000129", "Р-000129", "АА 000129", "067 000 01 29"),
    *("19830101-00129", "вокзальна", "вул вокзальна 10", "вокзальна 10/9", "калинова 12а", "вулиця", "стара", "10"),
    *("D-000531", "кова вокзальна", "марія вокзальна 10", "лук’ядакенко вокзальна", "м вокзальна"),
    *("лукьяда", "іжакевиич", "марчуденкко", "ковладенко", "нікого такого"),
)


def surnames(random: Random) -> list[str]:
    """Invented ones, some of them of two parts."""
    plain = [start + middle + end for start in STARTS for middle in MIDDLES for end in ENDS]
    plain += [f"{one[:-2]}{random.choice(MIDDLES)}{one[-2:]}" for one in plain * 4]
    return plain + [f"{random.choice(plain)}-{random.choice(plain)}" for _ in range(500)]


def facts(people: int) -> Iterator[Draft]:
    """Dwellings, then people with where they live."""
    random = Random(7)
    names, homes = surnames(random), []
    for number in range(people * 2 // 5):
        street = f"{random.choice(KINDS)} {random.choice(STREETS)}" if number % 3 else f"вулиця {number % 300}-ї Сотні"
        home, house = UUID(int=random.getrandbits(128), version=4), str(random.randint(1, 120))
        address = Address(
            settlement=f"село Вигадане-{number % 40}",
            street=street,
            house=house + random.choice(["", "", "", "-А", "/2"]),
            flat=str(random.randint(1, 90)),
        )
        homes.append(home)
        yield Draft(home, 1, DwellingEntered(address=address, kind="private", ref=f"D-{number:06}"))
        if number % 20 == 0:
            new = Address(settlement=address.settlement, street="вулиця Нова", house=address.house, flat=address.flat)
            yield Draft(home, 2, AddressRenamed(address=new, since="2023-02-13"))
    for number in range(people):
        born = date(1930, 1, 1) + timedelta(random.randint(0, 34_000))
        person = UUID(int=random.getrandbits(128), version=4)
        said = Particulars(
            surname=random.choice(names),
            given_names=random.choice(GIVEN),
            patronymic=random.choice(FATHERS),
            birth_date=born.isoformat(),
            unzr=f"{born:%Y%m%d}-{number % 100_000:05}" if number > 9 and number % 10 else None,
            rnokpp=f"3{number:09}" if number % 9 else None,
            phone=f"+380 67 {number:07}",
        )
        paper = Document(kind="passport_booklet", number=f"АА {number % 1_000_000:06}")
        yield Draft(person, 1, PersonEntered(particulars=said, documents=(paper,), ref=f"P-{number:06}"))
        since = max("2015-03-01", born.isoformat())
        yield Draft(person, 2, ResidenceRegistered(residence=uuid4(), dwelling=random.choice(homes), since=since))


def fill(url: str, people: int) -> None:
    """Loads the invented people, if the register is empty."""
    with opened(url) as registry:
        if not registry.is_empty():
            return
        begun = time.perf_counter()
        with registry.loading() as log:
            envelope = Envelope(log.next_instant(), Actor("bench", "bench"), uuid4())
            batch: list[Draft] = []
            for draft in facts(people):
                batch.append(draft)
                if len(batch) == 20_000:
                    log.write(batch, envelope, registry.mapper)
                    batch = []
            log.write(batch, envelope, registry.mapper)
            registry.refill(log, log.position)
        print(f"{people} people loaded in {time.perf_counter() - begun:.0f} s at {utc_now():%H:%M}", file=sys.stderr)


OPEN = threading.local()
"""The connection of a thread that asks."""


BY: dict[str, str] = {}
"""The headers that say who asks: a key of the register."""


def ask(port: int, way: str, line: str) -> bytes:
    """One request; what was answered."""
    connection = OPEN.__dict__.setdefault("connection", http.client.HTTPConnection("127.0.0.1", port, timeout=30))
    if way == "page":
        body = urllib.parse.urlencode({"q": line})
        connection.request("POST", "/", body, {**BY, "Content-Type": "application/x-www-form-urlencoded"})
    else:
        headers = {**BY, "Content-Type": "application/json"}
        connection.request("POST", f"/api/v1/search/{way}", json.dumps({"q": line}), headers)
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status == 200, (way, line, answer.status)
    return said


def is_alike(port: int, way: str, line: str) -> bool:
    """Whether nothing was found by what was typed, but at most by what is spelled alike."""
    if way == "page":  # which looks for dwellings that are spelled alike where nobody is found
        return is_alike(port, "people", line)
    found = json.loads(ask(port, way, line))[way]
    return not found or found[0]["match"] == "similar"


def measure(port: int, rate: float, seconds: float, wanted: list[Asked]) -> dict[Asked, list[float]]:
    """The times of answers by way and line, in milliseconds."""
    took: dict[Asked, list[float]] = defaultdict(list)
    Random(11).shuffle(wanted)
    begin = time.perf_counter() + 0.5

    def one(number: int) -> None:
        due = begin + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        asked = wanted[number % len(wanted)]
        ask(port, *asked)
        took[asked].append((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(one, range(int(rate * seconds))))
    return took


def of_log(log: Path) -> dict[str, list[float]]:
    """What the server took for each request by way, as its log says."""
    took: dict[str, list[float]] = defaultdict(list)
    for line in log.read_text().splitlines():
        said = json.loads(line) if line.startswith("{") else {}
        if said.get("event") == "request":
            took[ROUTES.get(said["route"], said["route"])].append(said["ms"])
    return took


def told(name: str, times: list[float]) -> str:
    """A line of the report."""
    parts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return f"{name:<34} {len(times):>5} {parts[49]:>8.1f} {parts[94]:>8.1f} {parts[98]:>8.1f}"


def report(name: str, took: dict[Asked, list[float]], served: dict[str, list[float]], *, lines: bool) -> None:
    """The table of a measurement: as clients saw it, and as the server's log says."""
    print(f"{name:<34} {'n':>5} {'p50':>8} {'p95':>8} {'p99':>8}")
    if lines:
        for (way, line), times in sorted(took.items(), key=lambda one: -max(one[1])):
            print(told(f"{way} {line}", times))
    for way in WAYS:
        print(told(way, [one for (asked_way, _), times in took.items() if asked_way == way for one in times]))
    print(told("all", [one for times in took.values() for one in times]))
    for way in WAYS:
        print(told(f"{way}, by the server's log", served[way]))
    print(told("all, by the server's log", [one for times in served.values() for one in times]))


def main() -> None:
    """Fills, serves, asks, tells."""
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("--data", type=Path, required=True)
    said.add_argument("--people", type=int, default=100_000)
    said.add_argument("--rate", type=float, default=20)
    said.add_argument("--seconds", type=float, default=60)
    said.add_argument("--port", type=int, default=8077)
    said.add_argument("--lines", action="store_true", help="each kind of line by itself, too")
    asked = said.parse_args()
    embedded = Embedded(asked.data)
    embedded.start()
    migrate(embedded.url)
    fill(embedded.url, asked.people)
    with opened(embedded.url) as registry:
        key = keys.add(registry.staff, name="bench", role="clerk", by=PROGRAM, now=utc_now())[1]
    BY["Authorization"] = f"Bearer {key}"
    environment = {**os.environ, "HROMADA_DATA": str(asked.data), "HROMADA_PORT": str(asked.port)}
    log = asked.data / "bench.log"
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-c", "from api.commands.cli import main; main()", "serve"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=written,
        )
    try:
        while True:
            try:
                ask(asked.port, "people", "а")
                break
            except OSError:
                OPEN.__dict__.clear()
                time.sleep(0.2)
        alike: list[Asked] = []
        found: list[Asked] = []
        for one in ((way, line) for line in LINES for way in WAYS):
            (alike if is_alike(asked.port, *one) else found).append(one)
        print("each line for the first time, one after another, by the server's log")
        for way, times in of_log(log).items():
            print(told(way, times))
        measure(asked.port, asked.rate, 10, found + alike)
        for name, wanted, seconds in (
            ("what is found", found, asked.seconds),
            ("spelled alike", alike, asked.seconds / 3),
        ):
            before = {way: len(times) for way, times in of_log(log).items()}
            took = measure(asked.port, asked.rate, seconds, wanted)
            served = {way: times[before.get(way, 0) :] for way, times in of_log(log).items()}
            report(name, took, served, lines=asked.lines)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
