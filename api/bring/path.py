"""Which question comes next: only one on which a rule of the card still depends, whatever else is answered.

A rule is out of play once a condition that it needs is known not to hold, or one that it excludes is known to hold; a
condition is known if every answer that is left says the same of it. Nothing more is asked once the law is known to say
no: of somebody whom the card does not name, or where a bar is certain.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from api.bring.facts import plain
from api.bring.questions import BY_ID, QUESTIONS
from api.bring.shape import Answers, Context, Question
from registry.aggregates.community.state import Here
from registry.services import terms
from registry.services.application import Facts, read
from registry.services.catalogue import Card
from registry.services.rules import PREDICATES, FeeRule, Lateness, Rule

SECTIONS = ("applicants", "documents", "consents", "payments", "barred", "refusals", "fees", "lateness")
"""Where a card says what to bring, what it costs, and who may ask at all."""
_A_CHILD = "child_applies"
TRIED = 2
"""Of a number so many are tried: one, and more than one."""


@dataclass(frozen=True)
class Path:
    """The answers that count, in the order of the questions, and the next question, if one is left."""

    context: Context
    question: Question | None = None
    asked: tuple[str, ...] = ()
    """The ids of the questions that were asked; what has one possible answer is not."""


def walk(card: Card, here: Here, given: Answers, moment: datetime) -> Path:
    """The way through the questions with the answers that were given; those to questions that are not asked, or that
    cannot be chosen here, do not count. `moment` is a naive local time of Kyiv."""
    context = Context(card=card, here=here)
    asked: list[str] = []
    for number, question in enumerate(QUESTIONS):
        if not question.fitting(context):
            continue
        offered, asking = question.offered(context), _Asking(context, QUESTIONS[number:], moment)
        if len(offered) == 1:
            context = _with(context, question, offered[0])
        elif offered and not asking.is_no and (question.leads or asking.decides(question)):
            if given.get(question.id) not in offered:
                return Path(context, question, tuple(asked))
            context = _with(context, question, given[question.id])
            asked.append(question.id)
    return Path(context, None, tuple(asked))


def term_of(context: Context, event: str, moment: datetime) -> Lateness | None:
    """The rule by which one is late after an event, as far as it is known which one holds."""
    known = _Asking(context, tuple(one for one in QUESTIONS if one.id not in context.answers), moment)
    rules = (rule for rule in context.card.lateness if event in rule.after)
    return next((rule for rule in rules if not known.out_of_play(rule)), None)


def facts_of(context: Context, moment: datetime) -> Facts:
    """What conditions look at."""
    asked = read(plain(context, moment.isoformat(timespec="minutes"), moment.date()))
    age = terms.age_on(asked.subject.born, moment.date())
    return Facts(asked=asked, age=age, settings=context.here.readings)


def given_of(said: Mapping[str, str]) -> Answers:
    """The answers among the parameters of an address."""
    return {name: value for name, value in said.items() if name in BY_ID}


def _with(context: Context, question: Question, answer: str) -> Context:
    return replace(context, answers={**context.answers, question.id: answer})


@dataclass(frozen=True)
class _Asking:
    """The card and what is known, with the questions that are still open."""

    context: Context
    open: tuple[Question, ...]
    moment: datetime

    def decides(self, question: Question) -> bool:
        """Whether a rule in play names something that the answer decides, and on which the answers differ."""
        return any(name in question.decides and self._varies(name, rule) for rule, name in self._in_play)

    @property
    def is_no(self) -> bool:
        """Whether it is known already that it cannot be done so, whatever is brought."""
        rules = self.context.card.rules
        if "who" in self.context.answers and all(map(self.out_of_play, rules["applicants"])):
            return True
        a_child = (
            rule for rule in rules["refusals"] if _A_CHILD in rule.facts and self._values(_A_CHILD, rule) == {True}
        )
        return any(map(self._certain, (*rules["barred"], *a_child)))

    def out_of_play(self, rule: Rule) -> bool:
        """Whether the rule cannot hold any more."""
        ground, who = (self.context.answers.get(name) for name in ("ground", "who"))
        if (rule.grounds and ground and ground not in rule.grounds) or (rule.kinds and who and who not in rule.kinds):
            return True
        needed = any(self._values(name, rule) == {False} for name in rule.when)
        return needed or any(self._values(name, rule) == {True} for name in rule.unless)

    def _certain(self, rule: Rule) -> bool:
        """Whether the rule holds, whatever is answered."""
        needed = all(self._values(name, rule) == {True} for name in rule.when)
        return needed and all(self._values(name, rule) == {False} for name in rule.unless)

    @cached_property
    def _in_play(self) -> tuple[tuple[Rule, str], ...]:
        """Each rule in play with each thing that it depends on."""
        rules = (rule for section in SECTIONS for rule in self.context.card.rules[section])
        return tuple((rule, name) for rule in rules if not self.out_of_play(rule) for name in _depends(rule))

    def _varies(self, name: str, rule: Rule) -> bool:
        """Whether the answers that are left say different things of it."""
        return (name not in PREDICATES and name != "accepted") or len(self._values(name, rule)) > 1

    def _values(self, name: str, rule: Rule) -> set[bool]:
        """What the answers that are left may say of a condition."""
        key = (name, rule.accepted if name == "accepted" else None)
        if key not in self._known:
            self._known[key] = {_holds(name, rule, facts) for facts in self._possible(name)}
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[str, frozenset[str] | None], set[bool]]:
        return {}

    @cached_property
    def _made(self) -> dict[tuple[str, ...], list[Facts]]:
        return {}

    def _possible(self, name: str) -> list[Facts]:
        """The facts with each answer to the open questions on which a condition depends."""
        about = [one for one in self.open if name in one.decides]
        key = tuple(one.id for one in about)
        if key not in self._made:
            self._made[key] = [facts_of(one, self.moment) for one in _answered(self.context, about)]
        return self._made[key]


def _answered(context: Context, questions: list[Question]) -> Iterator[Context]:
    if not questions:
        yield context
        return
    first, *others = questions
    offered = first.offered(context) if first.fitting(context) else ()
    if not offered:
        yield from _answered(context, others)
    for answer in offered[:TRIED] if first.most else offered:
        yield from _answered(_with(context, first, answer), others)


def _holds(name: str, rule: Rule, facts: Facts) -> bool:
    return facts.holder_document in rule.accepted if name == "accepted" else PREDICATES[name](facts)


def _depends(rule: Rule) -> Iterator[str]:
    """What a rule depends on: its conditions, and what it counts."""
    yield from rule.names()
    if rule.accepted:
        yield "accepted"
    if rule.each:
        yield "each_owner"
    if isinstance(rule, FeeRule) and rule.counted == "each":
        yield "each_person"
    if isinstance(rule, Lateness):
        yield from rule.after
