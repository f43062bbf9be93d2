"""What a question is made of, and what is known when it is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.aggregates.community.state import Here
from registry.services.catalogue import Card

Answers = Mapping[str, str]
"""The answer of each question, by their ids."""


@dataclass(frozen=True, slots=True)
class Ago:
    """So many days before today."""

    days: int


@dataclass(frozen=True, kw_only=True)
class Context:
    """What is known when a question is asked: the card of today, who we are today, the answers so far."""

    card: Card
    here: Here
    answers: Answers = field(default_factory=dict)

    def said(self, question: str, *options: str) -> bool:
        """Whether a question was answered with one of these."""
        return self.answers.get(question) in options

    @property
    def minor(self) -> bool:
        """Whether it is about somebody under 18."""
        return self.card.service.of_children or self.said("age", "child", "teen")

    @property
    def names(self) -> frozenset[str]:
        """Every condition that the card names."""
        return frozenset(name for _, rule in self.card.every_rule() for name in rule.names())


Held = Callable[[Context], bool]


def always(_: Context) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Option:
    """An answer: its facts by dotted path, and where it can be chosen at all."""

    id: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    offered: Held = always


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question: its answers, or with `most` a number from 1, which is the fact at `path`. It is asked where it is
    `fitting`, of all whom it fits if it `leads`, else where it decides something: one of `decides`."""

    id: str
    options: tuple[Option, ...] = ()
    decides: frozenset[str] = frozenset()
    fitting: Held = always
    leads: bool = False
    most: int = 0
    path: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that can be answered, as they are written."""
        return tuple(map(str, range(1, self.most + 1)))

    def offered(self, context: Context) -> tuple[str, ...]:
        """The ids of what can be answered, in order."""
        if self.most:
            return self.numbers
        return tuple(one.id for one in self.options if one.offered(context))

    def facts(self, answer: str) -> Mapping[str, Any]:
        """What an answer says."""
        if self.most:
            return {self.path: int(answer)}
        return next(one.facts for one in self.options if one.id == answer)
