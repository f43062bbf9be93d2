"""How long `hromada import` takes and how much memory it needs at most, on a card index of invented people.

    python contrib/bench_import.py PEOPLE FOLDER

writes the three files into FOLDER/cards (unless they are there) and loads them into an embedded register in
FOLDER/data, which must not be there yet. Every column is filled. Prints people, seconds and the peak of the memory that
the command itself takes.
To compare two versions of the program, run it with each one's folder in PYTHONPATH, on the same FOLDER/cards.
"""

import csv
import os
import random
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

SEED = 11
SYLLABLES = ["ви", "га", "да", "не", "ко", "ли", "ра", "ту", "зо", "ме", "лю", "бі", "са", "по", "жу", "че"]
PERSONS = (
    "person_ref,surname,given_names,patronymic,sex,birth_date,birth_country,birth_place,citizenship,unzr,rnokpp,"
    "document_kind,document_number,document_issued_on,document_issued_by,document_valid_until,phone,email,"
    "death_registered_on"
)
DWELLINGS = "dwelling_ref,katottg,settlement,district,street,house,building,flat,room,kind"
RESIDENCES = "person_ref,dwelling_ref,kind,since,until,ended_by,basis,source"


def word(luck: random.Random, parts: int) -> str:
    return "".join(luck.choice(SYLLABLES) for _ in range(parts)).capitalize()


def unzr(born: date, number: int) -> str:
    digits = f"{born:%Y%m%d}{number % 9999 + 1:04}"
    return f"{digits[:8]}-{digits[8:]}{sum(w * int(d) for w, d in zip(cycle((7, 3, 1)), digits, strict=False)) % 10}"


def rnokpp(born: date, number: int, male: bool) -> str:
    digits = f"{(born - date(1899, 12, 31)).days:05}{number:03}{number % 5 * 2 + male}"
    weights = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
    return digits + str(sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 % 10)


def written(folder: Path, people: int) -> None:
    luck, homes = random.Random(SEED), max(people // 3, 1)
    folder.mkdir(parents=True)
    streets = [f"вул. {word(luck, 4)}" for _ in range(500)]
    names = [word(luck, 3) for _ in range(300)]
    with (folder / "dwellings.csv").open("w", encoding="utf-8", newline="") as file:
        print(DWELLINGS, file=file)
        rows = csv.writer(file, lineterminator="\n")
        for n in range(homes):
            street, house, flat = streets[n % 500], n // 500 % 90, n // 45_000 + 1
            rows.writerow((f"Ж-{n}", "UA12060170010065850", "м. Вигадів", "", street, house, "", flat, "", "private"))
    with (
        (folder / "persons.csv").open("w", encoding="utf-8", newline="") as persons,
        (folder / "residences.csv").open("w", encoding="utf-8", newline="") as residences,
    ):
        print(PERSONS, file=persons)
        print(RESIDENCES, file=residences)
        about, lived = csv.writer(persons, lineterminator="\n"), csv.writer(residences, lineterminator="\n")
        for n in range(people):
            born, male = date(1935, 1, 1) + timedelta(days=n % 29_000), bool(n % 2)
            names_of = (word(luck, 4), luck.choice(names), luck.choice(names))
            numbers = (unzr(born, n // 29_000 + n % 13 * 100), rnokpp(born, n // 29_000, male))
            paper = ("passport_card", f"{n:09}", "2018-01-02", "1234", "2028-01-02")
            place = ("Україна", "м. Вигадів", "ua")
            sex, phone = "male" if male else "female", f"+38050{n:07}"
            about.writerow((f"О-{n}", *names_of, sex, born, *place, *numbers, *paper, phone, "", ""))
            since = born + timedelta(days=30)
            lived.writerow((f"О-{n}", f"Ж-{n % homes}", "registered", since, "", "", "", "картотека"))
            if n % 3 == 0:
                lived.writerow((f"О-{n}", f"Ж-{(n + 7) % homes}", "registered", born, since, "moved", "", "картотека"))


def main() -> None:
    people, folder = int(sys.argv[1]), Path(sys.argv[2])
    if not (folder / "cards").exists():
        written(folder / "cards", people)
    if (folder / "data").exists():
        raise SystemExit(f"{folder / 'data'} is there already: the load must go into an empty register")
    environment = os.environ | {"HROMADA_DATA": str(folder / "data")}
    environment.pop("DATABASE_URL", None)
    hromada = [sys.executable, "-c", "from api.commands.cli import main; main()"]
    subprocess.run([*hromada, "db", "start"], env=environment, check=True, stdout=subprocess.DEVNULL)
    try:
        started = time.monotonic()
        done = subprocess.run(
            [*hromada, "import", str(folder / "cards"), "--json"], env=environment, stdout=-1, text=True
        )
        seconds, peak = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"people {people}, exit {done.returncode}, {seconds:.0f} s, peak {peak / 1024:.0f} MB\n{done.stdout}")
    finally:
        subprocess.run([*hromada, "db", "stop"], env=environment, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
