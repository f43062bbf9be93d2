"""A value through the gate, and the gates of plain text: a line, a name, sentences, what is no words at all."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from registry.writing import in_line, is_plain, one_apostrophe, one_hyphen, poses, says_something, unreadable

LONGEST = 500
"""Characters of a text, in its canonical form."""
WORDS = tomllib.loads(Path(__file__).with_name("gate.toml").read_text(encoding="utf-8"))
"""The words that offices write where a value is."""
ABSENT_WORDS = frozenset(WORDS["absent"]["words"])
_ABSENT_NAMES = ABSENT_WORDS - set(WORDS["absent"]["names"])


@dataclass(frozen=True, slots=True)
class Gated:
    """A value in its one form (None: there is none, or it is forbidden), its faults and its warnings, by code."""

    value: str | None = None
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GatedFields:
    """The same of several fields: `value` has every one that was given, the others those with something to say."""

    value: dict[str, str | None] = field(default_factory=dict)
    faults: dict[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)


Gate = Callable[[str | None], Gated]
ABSENT = Gated()
refused = lru_cache(lambda code: Gated(faults=(code,)))


@lru_cache(maxsize=20_000)
def line(text: str | None) -> Gated:
    """Any text, in one line (`writing.in_line`). A text of marks alone («-», «***») is none. `text-broken`,
    `text-lost`, `text-too-long`."""
    if text is None:
        return ABSENT
    said = text
    if not is_plain(text):
        if fault := unreadable(text):
            return refused(fault)
        said = in_line(text)
    if len(said) > LONGEST:
        return refused("text-too-long")
    return Gated(said) if says_something(said) else ABSENT


def words(text: str | None) -> Gated:
    """What somebody says in sentences: a `line` with one apostrophe."""
    said = line(text)
    return Gated(one_apostrophe(said.value)) if said.value else said


@lru_cache(maxsize=20_000)
def name(text: str | None) -> Gated:
    """What somebody or something is called: a surname, a patronymic, a street. One apostrophe (U+02BC) and one hyphen
    between letters, whichever was typed; «немає» is none. As `line`, and `text-lost` for a question mark; warns of
    `look-alike-letters`: letters of one script that pose as those of another."""
    said = line(text)
    if said.value is None or said.value.casefold() in _ABSENT_NAMES:
        return said if said.value is None else ABSENT
    if "?" in said.value or "\u00bf" in said.value:
        return refused("text-lost")
    called = one_hyphen(one_apostrophe(said.value))
    return Gated(called, warnings=("look-alike-letters",) if poses(called) else ())


def number_text(text: str | None) -> Gated:
    """A text that is no words: as `line`, and what offices write where there is no number is none."""
    said = line(text)
    return ABSENT if said.value is not None and said.value.casefold() in ABSENT_WORDS else said
