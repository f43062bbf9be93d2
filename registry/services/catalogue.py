"""The service cards of any day since 2016, read from `cards/*.toml`: the whole law of each service.

A card is dated, and so may each of its rules be, both half-open: `from` included, `until` excluded. A change of the law
is a new dated block. Services are named by today's ids on every day; before 1 December 2021 the older cards 71-01 to
71-05 answer for them. Official wordings (`uk`) are verbatim.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from registry.services import grounds, predicates
from registry.services.application import Facts
from registry.services.headers import HEADS, Header, Said, Service, UnknownService, read_heads

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
    `deadline` that of a message. What is `optional` is named by the card but never missing. `services` are those of the
    card that the rule speaks of, if not of all.
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
    services: frozenset[str] = frozenset()
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
class FeeRule(Rule):
    """What is due (row 11): `kopiykas`, or `per_mille` of the subsistence minimum of the year, for a person.

    `late` absent = late or not; `grounds` those of the application. What has conditions goes before what has none.
    A rule without an amount says how it is `counted`: `once` for several acts in one, or for `each` person. `rule` is
    the wording as cited to who pays, `cited` where it stands; without them they are `uk` and `reference`.
    """

    kopiykas: int | None = None
    per_mille: int | None = None
    late: bool | None = None
    counted: Literal["once", "each"] | None = None
    rule: str = ""
    cited: str = ""

    @property
    def is_amount(self) -> bool:
        """Whether it says what is due."""
        return self.kopiykas is not None or self.per_mille is not None

    @property
    def is_conditional(self) -> bool:
        """Whether it is for some applications only, as an exemption is."""
        return bool(self.when or self.unless or self.grounds)

    def applies(self, facts: Facts) -> bool:
        """Whether it is for such an application, late or not."""
        of_ground = not self.grounds or facts.asked.ground in self.grounds
        return self.late in (None, facts.late) and of_ground and self.holds(facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Rule):
    """By when the service is due (row 12): with `channels`, for what comes by one of them, on the next working day if
    it came after closing or on a day off, with `before_opening` also before opening, and within the `last_minutes`
    before closing. Everything else is due on the day."""

    channels: frozenset[str] = frozenset()
    before_opening: bool = False
    last_minutes: int = 0


EVENTS = frozenset({"deregistered_on", "permit_received_on", "birth_registered_on"})
"""The days from which a person has to apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness(Rule):
    """By when a person had to apply (row 16): so many `days` or `months` `after` the latest of the events."""

    after: tuple[str, ...]
    days: int = 0
    months: int = 0

    def __post_init__(self) -> None:
        """Events that nobody knows of stop the program, as conditions do."""
        if not set(self.after) <= EVENTS or not self.after or bool(self.days) == bool(self.months):
            raise LookupError(f"days or months after {', '.join(sorted(EVENTS))} in {self.id} ({self.reference})")


_KINDS: Mapping[str, type[Rule]] = {"fees": FeeRule, "terms": Term, "lateness": Lateness}
"""The sections with rules of a kind of their own."""


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
        for one in self.every:
            if _holds(one, on):
                priced_as = one.priced_as.get(service, service)
                if priced_as in one.services or any(service in rule.services for rule in one.rules["fees"]):
                    return _of_day(one, priced_as, on)
        raise NoCard(service, on)


def read_cards(folder: Path) -> Catalogue:
    """The catalogue of the cards in a folder (`*.toml`). Raises `LookupError` for a condition that no function is, an
    event that nobody knows, a service that does nothing, or two cards that describe one differently."""
    return Catalogue(tuple(_card(head, said) for head, said in read_heads(folder)))


def _card(head: Header, said: Said) -> Card:
    if set(said) - set(SECTIONS):
        raise LookupError(f"no section {', '.join(sorted(set(said) - set(SECTIONS)))} in {head.id}")
    rules = {
        name: tuple(_read_rule(one, head.since, head.until, _KINDS.get(name, Rule)) for one in said.get(name, ()))
        for name in SECTIONS
    }
    named = {one.name: getattr(head, one.name) for one in fields(Header)}
    return Card(**named, service=next(iter(head.services.values())), rules=rules)


def _read_rule(said: Said, since: date, until: date, kind: type[Rule] = Rule) -> Rule:
    one: dict[str, Any] = {"from": since, "until": until, **said}
    for name in ("when", "unless", "after"):
        one |= {name: tuple(one[name])} if name in one else {}
    for name in ("kinds", "grounds", "accepted", "services", "channels"):
        one |= {name: frozenset(one[name])} if name in one else {}
    rule = kind(since=one.pop("from"), **one)
    unknown = rule.names() - PREDICATES.keys()
    if unknown:
        raise LookupError(f"no predicate {', '.join(sorted(unknown))} for {rule.id} ({rule.reference})")
    return rule


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
    return next((one for one in found if all(_predicate(name)(facts) for name in one.when)), found[0])


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


def unique(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules without repeated ids, the first of each: a card may name one thing under several conditions."""
    return tuple({rule.id: rule for rule in reversed(tuple(rules))}.values())[::-1]
