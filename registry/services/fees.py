"""What a service costs on a day: the arithmetic of row 11 of the cards, and the minimums of `fees.toml`.

Services are named by today's ids on every day. Kopiykas are integers, rounded half up for each person: of 2481 hryvnias
1.5 % is 37.22 and 2.5 % is 62.03, as published. What was paid is never worked out anew.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from registry.services.application import Facts
from registry.services.catalogue import Card, NoCard, priced_by
from registry.services.rules import FeeRule


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


_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
MINIMUMS: dict[int, Mapping[str, Any]] = {said["year"]: said for said in _DATA["minimum"]}


def amount(service: str, on: date, *, late: bool = False) -> Fee:
    """The fee for one person, exemptions aside.

    Raises `UnknownService`, or `NoPublishedAmount` for a day on which no card says it, and where the year has none.
    """
    try:
        by = priced_by(service, on)
    except NoCard:
        raise NoPublishedAmount(on.year) from None
    general = (rule for rule in by.fees if not rule.is_conditional and rule.late in (None, late))
    return _amount(by, general, on)


def share(hryvnias: int, per_mille: int) -> int:
    """So many thousandths of a sum in hryvnias, in whole kopiykas, half a kopiyka up: integers only (T-24)."""
    return (hryvnias * per_mille + 5) // 10


def due(by: Card, facts: Facts) -> Fee:
    """The fee of an application by its card, whatever is decided on it.

    What is for such an application goes before what is for all: an exemption by what it says of people before one by
    its ground alone, and both before the rate. One fee for a removal in the same act, and the wording that says so
    (row 11.2 of 1, 3, 8, 9); a fee for each of the persons (card 2, row 9; elsewhere each applies alone: T-42). Raises
    as `amount` does, though what is exempt is free in a year without a minimum too; `ValueError` for no persons.
    """
    applying = [rule for rule in by.fees if rule.applies(facts)]
    fee = _amount(by, sorted(applying, key=lambda rule: (not rule.is_conditional, not rule.when)), facts.day)
    counted = {rule.counted: rule for rule in reversed(applying)} if fee.kopiykas else {}
    if "once" in counted:
        fee = replace(fee, rule=f"{fee.rule}. {_wording(counted['once'])}")
    return fee if facts.asked.persons == 1 else _for_each(fee, counted.get("each"), facts.asked.persons)


def worked(by: Card, kopiykas: int, on: date) -> tuple[int, Mapping[str, Any]] | None:
    """The thousandths, and the minimum of the year, of which a card makes such a fee for one person; None if it does
    not."""
    minimum = MINIMUMS.get(on.year)
    if minimum is None:
        return None
    found = (
        one.per_mille for one in by.fees if one.per_mille and share(minimum["hryvnias"], one.per_mille) == kopiykas
    )
    return next(((one, minimum) for one in found), None)


def entered(kopiykas: int, on: date) -> Fee:
    """The fee of a day for which no amount is published: what the clerk says was paid."""
    return Fee(kopiykas, _DATA["texts"]["entered"].format(year=on.year), "")


def _amount(by: Card, rules: Iterable[FeeRule], on: date) -> Fee:
    """What the first rule with an amount says."""
    rule = next((rule for rule in rules if rule.is_amount), None)
    if rule is None or on < by.priced_from:
        raise NoPublishedAmount(on.year)
    if rule.kopiykas is not None:
        return Fee(rule.kopiykas, _wording(rule), _cited(rule))
    minimum = MINIMUMS.get(on.year)
    if minimum is None or rule.per_mille is None:
        raise NoPublishedAmount(on.year)
    reference = f"{_cited(rule)}; {_DATA['texts']['minimum'].format(**minimum)}"
    return Fee(share(minimum["hryvnias"], rule.per_mille), _wording(rule), reference)


def _for_each(fee: Fee, said: FeeRule | None, persons: int) -> Fee:
    if not fee.kopiykas:
        return fee
    if persons < 1:
        raise ValueError(f"{persons} persons in one application")
    if said is None:
        return replace(fee, kopiykas=fee.kopiykas * persons, rule=f"{fee.rule}, {_DATA['texts']['each']}")
    return Fee(fee.kopiykas * persons, f"{fee.rule}, {_wording(said)}", f"{fee.reference}; {_cited(said)}")


def _wording(rule: FeeRule) -> str:
    return rule.rule or rule.uk


def _cited(rule: FeeRule) -> str:
    """Where a fee stands, for people: of `003 c1 r11.2` the card 1, row 11.2."""
    row = re.fullmatch(r"\S+ c(\S+) r(\S+)", rule.reference)
    return rule.cited or (_DATA["texts"]["cited"].format(card=row[1], row=row[2]) if row else rule.reference)
