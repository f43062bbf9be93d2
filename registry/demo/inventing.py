"""Inventing people and addresses: names by chance from `names.toml`, numbers with right check digits."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, cycle, islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from stdnum.ua import rntrc

from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.events import Document, Particulars

DATA: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
PAPERS: Mapping[str, str] = DATA["papers"]
"""On what an act is based, or why it is made, as a clerk would write it."""
FLATS = 20
CARDS_SINCE = date(2016, 1, 1)
"""Passports as cards; before, booklets."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who will be entered: what the register will hold, and what the papers are made from."""

    id: UUID
    born: date
    sex: str
    surname: str
    particulars: Particulars
    number: int
    latin: str | None = None

    def document(self, day: date) -> Document | None:
        """The document that proves who they are on a day."""
        if self.latin:
            valid_until = (day + timedelta(900)).isoformat()
            return Document(kind="permanent_permit", number=self.own_number, valid_until=valid_until, latin=self.latin)
        if years(self.born, day) < 14:
            return self.certificate(day)
        return self.passport()

    def passport(self) -> Document:
        """The passport of a citizen over 14: a booklet, or a card since there are any."""
        issuer = DATA["issuers"][self.number % len(DATA["issuers"])]
        of_age = birthday(self.born, 14)
        if of_age < CARDS_SINCE:
            issued = birthday(self.born, 16).isoformat()
            return Document(
                kind="passport_booklet",
                number=DATA["passport_booklet"].format(self.number),
                issued_on=issued,
                issued_by=issuer,
            )
        return Document(kind="passport_card", number=self.own_number, issued_on=of_age.isoformat(), issued_by=issuer)

    @property
    def own_number(self) -> str:
        """The number of a document; it begins with three zeros, as none does."""
        return f"000{self.number:06d}"

    def certificate(self, day: date) -> Document:
        """The certificate of birth, as it is shown on a day."""
        issued = min(self.born + timedelta(10), day).isoformat()
        return Document(
            kind="birth_certificate", number=DATA["birth_certificate"].format(self.number), issued_on=issued
        )

    def new_passport(self, day: date) -> Document:
        """The document that is issued when a name changes."""
        issuer = DATA["issuers"][self.number % len(DATA["issuers"])]
        return Document(
            kind="passport_card", number=f"0009{self.number % 100_000:05d}", issued_on=day.isoformat(), issued_by=issuer
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A dwelling that may be entered."""

    address: Address
    kind: str = "private"


@dataclass(slots=True)
class Inventor:
    """Draws people and places from the seed. Nobody gets an УНЗР twice."""

    random: Random
    last: date
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    serials: dict[date, int] = field(default_factory=dict)

    def person(
        self,
        sex: str,
        born: date,
        *,
        surname: str | None = None,
        father: str | None = None,
        given: str | None = None,
        birth_text: str | None = None,
    ) -> Newcomer:
        """A citizen. `surname` is one form or «чоловіча/жіноча», `father` a given name; both by chance if not said.
        `birth_text` is the date of birth as far as it is known."""
        surname = surname or self.surname()
        father = father or self.random.choice(list(DATA["people"]["men"]))
        known = birth_text or born.isoformat()
        number = next(self.numbers)
        adult = years(born, self.last) >= 18
        particulars = Particulars(
            surname=gendered(surname, sex),
            given_names=given or self.given(sex),
            patronymic=None if self._chance(0.02) else patronymic(father, sex),
            sex=sex,
            birth_date=known,
            birth_country=DATA["birth_country"],
            birth_place=DATA["territory"]["places"][0]["settlement"] if self._chance(0.7) else None,
            citizenship="ua",
            unzr=self.unzr(born) if len(known) == 10 and self._chance(0.92) else None,
            rnokpp=self.rnokpp(born, sex) if len(known) == 10 and self._chance(0.85 if adult else 0.4) else None,
            phone=DATA["phone"].format(number) if adult and self._chance(0.8) else None,
            email=DATA["email"].format(number) if adult and self._chance(0.2) else None,
        )
        return Newcomer(self._id(), born, sex, surname, particulars, number)

    def foreigner(self, which: int, born: date) -> Newcomer:
        """One of the foreigners of the lists."""
        said = DATA["foreigners"][which % len(DATA["foreigners"])]
        number = next(self.numbers)
        particulars = Particulars(
            surname=said["surname"],
            given_names=said["given_names"],
            sex=said["sex"],
            birth_date=born.isoformat(),
            birth_country=said["country"],
            citizenship="foreigner",
            unzr=self.unzr(born),
            phone=DATA["phone"].format(number),
        )
        return Newcomer(self._id(), born, said["sex"], said["surname"], particulars, number, latin=said["latin"])

    def surname(self) -> str:
        """A surname, in both forms where it has two."""
        return self.random.choice(DATA["people"]["surnames"])

    def given(self, sex: str) -> str:
        """A given name, sometimes two."""
        people = DATA["people"]
        if self._chance(0.02):
            return self.random.choice(people["men_two" if sex == "male" else "women_two"])
        return self.random.choice(list(people["men"]) if sex == "male" else people["women"])

    def unzr(self, born: date) -> str:
        """A number of the demographic register that nobody has yet, with its check digit (ICAO 9303)."""
        serial = self.serials[born] = self.serials.get(born, self.random.randint(1, 200)) + self.random.randint(1, 9)
        digits = f"{born:%Y%m%d}{serial:04d}"
        check = sum(weight * int(digit) for weight, digit in zip(cycle((7, 3, 1)), digits, strict=False)) % 10
        return f"{digits[:8]}-{digits[8:]}{check}"

    def rnokpp(self, born: date, sex: str) -> str:
        """A taxpayer's number: days since 1899, a serial whose last digit tells the sex, a check digit."""
        serial = self.random.randrange(1000) * 10 + self.random.randrange(0, 10, 2) + (sex == "male")
        digits = f"{(born - date(1899, 12, 31)).days:05d}{serial:04d}"
        return digits + rntrc.calc_check_digit(digits)

    def _chance(self, part: float) -> bool:
        return self.random.random() < part

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)


def gendered(surname: str, sex: str) -> str:
    """The form of a surname for a sex: «Лановий/Ланова» → «Ланова»."""
    man, _, woman = surname.partition("/")
    return woman if woman and sex == "female" else man


def patronymic(father: str, sex: str) -> str | None:
    """The patronymic after a given name; None after a name that the lists do not know."""
    forms = DATA["people"]["men"].get(father)
    return forms[sex == "female"] if forms else None


def years(born: date, day: date) -> int:
    """Full years on a day; the birthday itself counts."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday(born: date, age: int) -> date:
    """The day on which somebody becomes so old."""
    return date(born.year + age, born.month, min(born.day, 28) if born.month == 2 else born.day)


def places(random: Random, wanted: int) -> list[Place]:
    """At least so many different free dwellings of the community, shuffled."""
    found: list[Place] = []
    houses = _houses()
    while len(found) < wanted:
        found += islice(houses, 50)
    random.shuffle(found)
    return found


def story_place(*, house: str, flat: str | None = None, street: str = "story_street", kind: str = "private") -> Place:
    """A dwelling on a street where chance puts nobody."""
    village = street == "border_street"
    where = DATA["territory"]["places"][3 if village else 0]
    return Place(_address(where, DATA["territory"][street], house, flat), kind)


def outside(group: str, which: int) -> Place:
    """A dwelling `elsewhere` or `abroad`."""
    listed = DATA["territory"][group]
    return Place(Address(**listed[which % len(listed)]), group)


def _houses() -> Iterator[Place]:
    """Every dwelling of the community, house number by house number, without an end."""
    territory = DATA["territory"]
    for number in count(1):
        for where in territory["places"]:
            for street in where["streets"]:
                block = street in territory["blocks"]
                house = (
                    str(number)
                    if block or number % 7
                    else DATA["house"].format(number)
                    if number % 2
                    else f"{number}/1"
                )
                kind = "state_or_communal" if block and number % 4 == 0 else "private"
                for flat in range(1, FLATS + 1) if block else (None,):
                    yield Place(_address(where, street, house, str(flat) if flat else None), kind)


def _address(where: Mapping[str, Any], street: str, house: str, flat: str | None) -> Address:
    said = {name: where.get(name) for name in ("katottg", "settlement", "district")}
    return Address(**said, street=street, house=house, flat=flat)
