"""The service cards of any day since 2016, read from `cards/*.toml`: the whole law of each service.

A card is dated, and so may each of its rules be, both half-open: `from` included, `until` excluded. A change of the law
is a new dated block. Services are named by today's ids on every day; before 1 December 2021 the older cards 71-01 to
71-05 answer for them. Official wordings (`uk`) are verbatim.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path

from registry.services.application import Facts
from registry.services.headers import HEADS, Header, Said, Service, UnknownService, read_heads
from registry.services.rules import FeeRule, Lateness, Rule, Term, all_hold, read_rule

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
    "lateness",
    "results",
    "marks",
    "notes",
    "readings",
)
"""What a card says, each a list of dated rules; `marks` are what an accepted application is marked with, `readings` how
the card is read where one may read it otherwise."""


class NoCard(LookupError):
    """No card for this service was in force on that day."""

    def __init__(self, service: str, on: date):
        self.service, self.on = service, on
        super().__init__(f"no card for {service} on {on}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Header):
    """An information card as it stands on a day for a service, or, from `EVERY_CARD`, with the rules of all its days,
    `service` then being the first of its services."""

    service: Service
    rules: Mapping[str, tuple[Rule, ...]]

    @property
    def fees(self) -> tuple[FeeRule, ...]:
        """Row 11."""
        return tuple(rule for rule in self.rules["fees"] if isinstance(rule, FeeRule))

    @property
    def terms(self) -> tuple[Term, ...]:
        """Row 12."""
        return tuple(rule for rule in self.rules["terms"] if isinstance(rule, Term))

    @property
    def lateness(self) -> tuple[Lateness, ...]:
        """Row 16: empty where one can not be late."""
        return tuple(rule for rule in self.rules["lateness"] if isinstance(rule, Lateness))

    def every_rule(self) -> Iterator[tuple[str, Rule]]:
        """Each rule with the name of its section."""
        return ((section, rule) for section in SECTIONS for rule in self.rules[section])


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The cards of a folder, each with the rules of all its days."""

    every: tuple[Card, ...]

    def cards(self, service: str, on: date) -> tuple[Card, ...]:
        """The cards in force on a day for a service, each with the rules of that day. Raises `NoCard` for none.

        There are several only for certificates before 1 December 2021: 71-03 of a registration, 71-04 of a removal.
        """
        found = tuple(_of_day(one, service, on) for one in self.every if service in one.services and _holds(one, on))
        if not found:
            raise NoCard(service, on)
        return found

    def card(self, service: str, on: date, facts: Facts | None = None) -> Card:
        """The card in force on a day for a service; of several the one whose own conditions the facts meet."""
        return _chosen(self.cards(service, on), facts)

    def priced_by(self, service: str, on: date) -> Card:
        """The card that says on a day what a service costs and by when it is due: its own, else the one that says so of
        a service without a card (declaring and amending, before 1 December 2021). Raises `NoCard` for none, and
        `UnknownService` for a service that no card of any day offers."""
        if not any(service in one.services for one in self.every):
            raise UnknownService(service)
        held = [one for one in self.every if _holds(one, on)]
        own = (_of_day(one, service, on) for one in held if service in one.services)
        priced_as = (_of_day(one, one.priced_as[service], on) for one in held if service in one.priced_as)
        named = (_of_day(one, service, on) for one in held if any(service in rule.services for rule in one.fees))
        found = next(chain(own, priced_as, named), None)
        if found is None:
            raise NoCard(service, on)
        return found


def read_cards(folder: Path) -> Catalogue:
    """The catalogue of the cards in a folder (`*.toml`).

    Raises `LookupError` as `read_heads` and `read_rule` do, and for an unknown section.
    """
    return Catalogue(tuple(_card(head, said) for head, said in read_heads(folder)))


def _card(head: Header, said: Said) -> Card:
    if set(said) - set(SECTIONS):
        raise LookupError(f"no section {', '.join(sorted(set(said) - set(SECTIONS)))} in {head.id}")
    rules = {
        name: tuple(read_rule(one, head.since, head.until, name) for one in said.get(name, ())) for name in SECTIONS
    }
    named = {one.name: getattr(head, one.name) for one in fields(Header)}
    return Card(**named, service=next(iter(head.services.values())), rules=rules)


def _holds(card: Card, on: date) -> bool:
    return card.since <= on < card.until


def _of_day(whole: Card, service: str, on: date) -> Card:
    """The card of a service with the rules of a day that speak of it."""
    rules = {
        name: tuple(rule for rule in listed if rule.in_force(on) and service in (rule.services or whole.services))
        for name, listed in whole.rules.items()
    }
    return replace(whole, service=whole.services.get(service, whole.service), rules=rules)


def _chosen(found: tuple[Card, ...], facts: Facts | None) -> Card:
    if facts is None:
        return found[0]
    return next((one for one in found if all_hold(one.when, facts)), found[0])


CATALOGUE = Catalogue(tuple(_card(head, said) for head, said in HEADS))
EVERY_CARD = CATALOGUE.every

PAPERS: frozenset[str] = frozenset(
    rule.id for one in EVERY_CARD for section, rule in one.every_rule() if section in ("documents", "consents")
)
"""Every document and consent that a card of any day names; `_N` stands for the number of an owner."""


@lru_cache(maxsize=4096)
def cards(service: str, on: date) -> tuple[Card, ...]:
    """`Catalogue.cards` of the law."""
    return CATALOGUE.cards(service, on)


def card(service: str, on: date, facts: Facts | None = None) -> Card:
    """`Catalogue.card` of the law."""
    return _chosen(cards(service, on), facts)


@lru_cache(maxsize=4096)
def priced_by(service: str, on: date) -> Card:
    """`Catalogue.priced_by` of the law."""
    return CATALOGUE.priced_by(service, on)
