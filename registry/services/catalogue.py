"""The service cards of any day since 2016, read from `cards/*.toml`: what may be asked, refused, and what follows.

A card is dated, and so may each of its rules be, both half-open: `from` included, `until` excluded. A change of the law
is a new dated block. Services are named by today's ids on every day; before 1 December 2021 the older cards 71-01 to
71-05 answer for them. Official wordings (`uk`) are verbatim.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from registry.services import grounds, predicates
from registry.services.application import Facts

CARDS_FOLDER = Path(__file__).parent / "cards"

SECTIONS = (
    "grounds",
    "applicants",
    "documents",
    "consents",
    "payments",
    "barred",
    "refusals",
    "messages",
    "tasks",
    "fees",
    "terms",
    "results",
    "marks",
    "notes",
)
"""What a card says, each a list of dated rules; `marks` are what an accepted application is marked with."""


class NoCard(LookupError):
    """No card for this service was in force on that day."""

    def __init__(self, service: str, on: date):
        self.service, self.on = service, on
        super().__init__(f"no card for {service} on {on}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a card: what it names, its official wording, where it stands, when it holds, and between which days.

    `kinds` and `grounds` are those of an applicant, `number` and `facts` of a refusal ground (each fact a predicate
    with its text), `accepted` the closed list of an identity document, `each` the owners that `_N` in the id counts,
    `deadline` that of a message. What is `optional` is named by the card but never missing.
    """

    id: str
    uk: str
    reference: str
    name: str = ""
    reason: str = ""
    since: date
    until: date = date.max
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    number: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    grounds: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    each: str | None = None
    deadline: str | None = None
    optional: bool = False
    inferred: str = ""
    """Why the card is read so where it does not say it: a trap of `rules.md`."""

    def in_force(self, on: date) -> bool:
        """Whether the rule holds on the day."""
        return self.since <= on < self.until

    def holds(self, facts: Facts) -> bool:
        """Whether all of `when` hold for the facts, and none of `unless`."""
        return all(_predicate(name)(facts) for name in self.when) and not any(
            _predicate(name)(facts) for name in self.unless
        )

    def triggered(self, facts: Facts) -> tuple[str, ...]:
        """The facts of a refusal ground that hold."""
        return tuple(name for name in self.facts if _predicate(name)(facts))

    def names(self) -> frozenset[str]:
        """Every predicate that the rule names."""
        return frozenset((*self.when, *self.unless, *self.facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An information card as it stands on a day, or, from `every_card`, with the rules of all its days."""

    id: str
    number: str
    title: str
    reference: str
    services: tuple[str, ...]
    since: date
    until: date = date.max
    when: tuple[str, ...] = ()
    rules: Mapping[str, tuple[Rule, ...]]

    def every_rule(self) -> Iterator[tuple[str, Rule]]:
        """Each rule with the name of its section."""
        return ((section, rule) for section in SECTIONS for rule in self.rules[section])


def _predicate(name: str) -> Callable[[Facts], bool]:
    return PREDICATES[name]


def _functions(module: ModuleType) -> dict[str, Callable[[Facts], bool]]:
    return {
        name: function
        for name, function in vars(module).items()
        if getattr(function, "__module__", None) == module.__name__ and not name.startswith("_")
    }


PREDICATES: dict[str, Callable[[Facts], bool]] = {**_functions(predicates), **_functions(grounds)}
"""Every condition that a card may name."""


def _read_card(path: Path) -> Card:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    sections = {name: said.pop(name, ()) for name in SECTIONS}
    since, until = said.pop("from"), said.pop("until", date.max)
    services, when = tuple(said.pop("services")), tuple(said.pop("when", ()))
    rules = {name: tuple(_read_rule(one, since, until) for one in listed) for name, listed in sections.items()}
    return Card(**said, services=services, when=when, since=since, until=until, rules=rules)


def _read_rule(said: Mapping[str, Any], since: date, until: date) -> Rule:
    one = {"from": since, "until": until, **said}
    for name in ("when", "unless"):
        one[name] = tuple(one.get(name, ()))
    for name in ("kinds", "grounds", "accepted"):
        one[name] = frozenset(one.get(name, ()))
    rule = Rule(since=one.pop("from"), **one)
    unknown = rule.names() - PREDICATES.keys()
    if unknown:
        raise LookupError(f"no predicate {', '.join(sorted(unknown))} for {rule.id} ({rule.reference})")
    return rule


EVERY_CARD: tuple[Card, ...] = tuple(_read_card(path) for path in sorted(CARDS_FOLDER.glob("*.toml")))


PAPERS: frozenset[str] = frozenset(
    rule.id for one in EVERY_CARD for section, rule in one.every_rule() if section in ("documents", "consents")
)
"""Every document and consent that a card of any day names; `_N` stands for the number of an owner."""


@lru_cache(maxsize=4096)
def cards(service: str, on: date) -> tuple[Card, ...]:
    """The cards in force on a day for a service, each with the rules of that day. Raises `NoCard` for none.

    There are several only for certificates before 1 December 2021: 71-03 of a registration, 71-04 of a removal.
    """
    found = tuple(_on(one, on) for one in EVERY_CARD if service in one.services and one.since <= on < one.until)
    if not found:
        raise NoCard(service, on)
    return found


def card(service: str, on: date, facts: Facts | None = None) -> Card:
    """The card in force on a day for a service; of several the one whose own conditions the facts meet."""
    found = cards(service, on)
    if facts is None:
        return found[0]
    return next((one for one in found if all(_predicate(name)(facts) for name in one.when)), found[0])


def _on(whole: Card, on: date) -> Card:
    rules = {name: tuple(rule for rule in listed if rule.in_force(on)) for name, listed in whole.rules.items()}
    return replace(whole, rules=rules)


def unique(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules without repeated ids, the first of each: a card may name one thing under several conditions."""
    return tuple({rule.id: rule for rule in reversed(tuple(rules))}.values())[::-1]
