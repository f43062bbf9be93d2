"""The rules of which cards are made, and every condition that one may name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import Any, Literal

from registry.services import grounds, predicates, readings
from registry.services.application import Facts
from registry.services.headers import Said


def _functions(module: ModuleType) -> dict[str, Callable[[Facts], bool]]:
    return {
        name: function
        for name, function in vars(module).items()
        if getattr(function, "__module__", None) == module.__name__ and not name.startswith("_")
        if function.__annotations__.get("return") is bool
    }


PREDICATES: dict[str, Callable[[Facts], bool]] = {
    **_functions(predicates),
    **_functions(grounds),
    **_functions(readings),
}
"""Every condition that a card may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a card: what it names, its official wording, where it stands, when it holds, and between which days.

    `kinds` and `grounds` are those of an applicant, `number` and `facts` of a refusal ground (each fact a predicate
    with its text), `accepted` the closed list of an identity document, `each` the owners that `_N` in the id counts,
    `deadline` that of a message, `senders` the kinds of applicant that may send a ground as a notice. What is
    `optional` is named by the card but never missing. `services` are those of the card that the rule speaks of, if not
    of all.
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
    senders: frozenset[str] = frozenset()
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
        return all(PREDICATES[name](facts) for name in self.when) and not any(
            PREDICATES[name](facts) for name in self.unless
        )

    def triggered(self, facts: Facts) -> tuple[str, ...]:
        """The facts of a refusal ground that hold."""
        return tuple(name for name in self.facts if PREDICATES[name](facts))

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


def read_rule(said: Said, since: date, until: date, section: str = "") -> Rule:
    """A rule of a section as the card says it; its days are the card's unless it has its own. Raises `LookupError` for
    a condition that no function is, or an event that nobody knows."""
    one: dict[str, Any] = {"from": since, "until": until, **said}
    for name in ("when", "unless", "after"):
        one |= {name: tuple(one[name])} if name in one else {}
    for name in ("kinds", "grounds", "senders", "accepted", "services", "channels"):
        one |= {name: frozenset(one[name])} if name in one else {}
    rule = _KINDS.get(section, Rule)(since=one.pop("from"), **one)
    unknown = rule.names() - PREDICATES.keys()
    if unknown:
        raise LookupError(f"no predicate {', '.join(sorted(unknown))} for {rule.id} ({rule.reference})")
    return rule


def all_hold(names: Iterable[str], facts: Facts) -> bool:
    """Whether each of the conditions holds for the facts."""
    return all(PREDICATES[name](facts) for name in names)


def holding(rules: Iterable[Rule], facts: Facts) -> tuple[Rule, ...]:
    """The rules that hold, those without conditions too, the first of each id: a card may name one thing under several
    conditions."""
    found = [rule for rule in rules if not (rule.when or rule.unless) or rule.holds(facts)]
    return tuple({rule.id: rule for rule in reversed(found)}.values())[::-1]
