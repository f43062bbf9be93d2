"""What a service costs on a day: the dated rates, exemptions and minimums of `fees.toml`.

Row 11.2 of the cards 1-4, 8, 9 and row 11 of the cards 5-7; before 1 December 2021 the same rows of the cards 71-01,
71-02, 71-03, 71-05. Services are named by today's ids on every day. Kopiykas are integers, rounded half up for each
person: of 2481 hryvnias 1.5 % is 37.22 and 2.5 % is 62.03, as published. What was paid is never worked out anew.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any


class UnknownService(LookupError):
    """No service has this id."""


class NoPublishedAmount(LookupError):
    """No amount, or no minimum to work it out from, is published for the year: the clerk enters what was paid."""

    def __init__(self, year: int):
        self.year = year
        super().__init__(f"no amount of the fee is published for {year}")


@dataclass(frozen=True, slots=True)
class Fee:
    """What is due: 0 is free. `rule` is the official wording, `reference` the card and its row, and the minimum."""

    kopiykas: int
    rule: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What holds for some services between two days: `since` included, `until` not."""

    services: frozenset[str]
    since: date
    until: date = date.max
    rule: str
    reference: str = ""
    late: bool | None = None
    kopiykas: int | None = None
    per_mille: int = 0
    when: Mapping[str, list[Any]] = field(default_factory=dict)

    def holds(self, service: str, on: date) -> bool:
        """Whether this speaks of the service on the day."""
        return service in self.services and self.since <= on < self.until


_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _blocks(key: str) -> tuple[Block, ...]:
    return tuple(
        Block(services=frozenset(said.pop("services")), since=said.pop("from"), **said)
        for said in (dict(block) for block in _DATA[key])
    )


RATES = _blocks("rate")
EXEMPTIONS = _blocks("exemption")
ONE_FEE = _blocks("one_fee")
PER_PERSON = _blocks("per_person")
MINIMUMS: dict[int, Mapping[str, Any]] = {said["year"]: said for said in _DATA["minimum"]}
SERVICES = frozenset().union(*(rate.services for rate in RATES))


def amount(service: str, on: date, *, late: bool = False) -> Fee:
    """The fee for one person, exemptions aside. A removal has no late rate (cards 2, 4, row 11.2).

    Raises `UnknownService`, or `NoPublishedAmount` before 2017 and after the last published minimum.
    """
    if service not in SERVICES:
        raise UnknownService(service)
    rate = _first((rate for rate in RATES if rate.late in (None, late)), service, on)
    if rate is None:
        raise NoPublishedAmount(on.year)
    if rate.kopiykas is not None:
        return Fee(rate.kopiykas, rate.rule, rate.reference)
    minimum = MINIMUMS.get(on.year)
    if minimum is None:
        raise NoPublishedAmount(on.year)
    reference = f"{rate.reference}; {_DATA['texts']['minimum'].format(**minimum)}"
    return Fee(share(minimum["hryvnias"], rate.per_mille), rate.rule, reference)


def share(hryvnias: int, per_mille: int) -> int:
    """So many thousandths of a sum in hryvnias, in whole kopiykas, half a kopiyka up: integers only (T-24)."""
    return (hryvnias * per_mille + 5) // 10


def due(
    service: str,
    on: date,
    *,
    late: bool,
    ground: str | None = None,
    subject_orphan: bool = False,
    dwelling_kind: str | None = None,
    moves_to: str | None = None,
    persons: int = 1,
    removes_previous: bool = False,
) -> Fee:
    """The fee of an application, whatever is decided on it.

    Free by the facts: an orphan into an institution, a family-type home or a foster family (card 3 by the kind of the
    dwelling, card 4 by where the child `moves_to`), and removals that nobody applied for: notices, deaths, court
    decisions but for the one «про зняття» (cards 2, 4, row 11.2; T-09). `persons` that an owner removes pay each
    (card 2, row 9). With `removes_previous` the same one fee, and the wording that says so (row 11.2 of 1, 3, 8, 9).
    Raises as `amount` does, though what is exempt is free in a year without a minimum too; `ValueError` for several
    `persons` in a service that is for one.
    """
    facts = {
        "ground": ground,
        "subject_orphan": subject_orphan,
        "dwelling_kind": dwelling_kind,
        "moves_to": moves_to,
    }
    exempt = (one for one in EXEMPTIONS if all(facts[name] in listed for name, listed in one.when.items()))
    free = _first(exempt, service, on)
    if free:
        return Fee(0, free.rule, free.reference)
    fee = amount(service, on, late=late)
    together = _first(ONE_FEE, service, on) if removes_previous else None
    if together:
        fee = replace(fee, rule=f"{fee.rule}. {together.rule}")
    if persons == 1:
        return fee
    each = _first(PER_PERSON, service, on)
    if each is None or persons < 1:
        raise ValueError(f"{persons} persons in one application for {service}")
    return Fee(fee.kopiykas * persons, f"{fee.rule}, {each.rule}", f"{fee.reference}; {each.reference}")


def entered(kopiykas: int, on: date) -> Fee:
    """The fee of a day for which no amount is published: what the clerk says was paid."""
    return Fee(kopiykas, _DATA["texts"]["entered"].format(year=on.year), "")


def _first(blocks: Iterable[Block], service: str, on: date) -> Block | None:
    return next((block for block in blocks if block.holds(service, on)), None)
