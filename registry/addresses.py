"""How addresses are compared: by keys that forgive the spelling. Pure; nothing here changes an address.

The kind of a street or of a settlement is told apart from its name, in any of its spellings, before or behind it:
«вул. Калинова», «вулиця Калинова», «Калинова вул.» are one street, «пров. Калинова» is another. The order of words,
hyphens, apostrophes, «ґ» and «г», Latin look-alikes are no difference; in a house nor are its letter's case and hyphen:
12а, 12-А and «буд. 12 А» are one house.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from registry import ukrainian

_WORDS: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
_LETTERS = _WORDS["letters"]
_IN_NAMES = str.maketrans(str(_LETTERS["name_from"]), str(_LETTERS["name_to"]))
_IN_HOUSES = str.maketrans(str(_LETTERS["house_from"]), str(_LETTERS["house_to"]))
_BUILDING = str(_LETTERS["building"])
_HOUSE_PART = re.compile(r"[0-9]+|[^\W\d_]+")
_RANGE = re.compile(r"([0-9]{1,5})\s*[-–—]\s*([0-9]{1,5})", re.ASCII)
MOST_FLATS = 2_000
"""Of one house: a longer range is a slip."""


class NotFlats(ValueError):
    """A text is no list of flats: «1-60, 61а»."""


@dataclass(frozen=True, slots=True)
class Called:
    """What something is called: the key of its name, and its kind where one is written."""

    key: str
    kind: str | None = None

    def may_be(self, other: "Called") -> bool:
        """Whether both may be one: the same name, and no two different kinds."""
        return self.key == other.key and (not self.kind or not other.kind or self.kind == other.kind)


def _kinds(group: str) -> dict[str, str]:
    """Each spelling of a kind → the kind."""
    return {_word(word): kind for kind, words in _WORDS[group].items() for word in words}


def _word(text: str) -> str:
    """A word of a kind as it is compared: small letters without the dot and the apostrophe."""
    return "".join(char for char in text.casefold().strip(".,") if char not in ukrainian.APOSTROPHES)


_STREETS, _SETTLEMENTS, _DISTRICTS, _PARTS = map(_kinds, ("streets", "settlements", "districts", "parts"))


@lru_cache(maxsize=50_000)
def street(text: str | None) -> Called:
    """A street: «вулиця Лесі Українки» → the key «лесi украiнки» in its own order of letters, kind `street`."""
    return _called(text, _STREETS)


@lru_cache(maxsize=5_000)
def settlement(text: str | None) -> Called:
    """A settlement: «м. Вигадів», «місто Вигадів» → the same; without a kind, any kind of that name."""
    return _called(text, _SETTLEMENTS)


@lru_cache(maxsize=50_000)
def in_order(text: str) -> str:
    """A street or a settlement with the word for its kind behind its name: as lists are ordered."""
    rest, _, kind = _split(text, _STREETS | _SETTLEMENTS)
    return " ".join([*rest, *kind])


def found_by(street: str) -> str:
    """The words of a street by which it is found, without its kind, as search compares them."""
    return ukrainian.normalise(" ".join(_split(street, _STREETS)[0])).translate(_IN_NAMES)


def says_none(street: str) -> bool:
    """Whether a text says that there is no street: «без вулиць»."""
    return " ".join(map(_word, street.split())) in _WORDS["none"]["street"]


@lru_cache(maxsize=5_000)
def district(text: str | None) -> str:
    """A district of a city: «Надрічний район», «р-н Надрічний» → the same; empty for none."""
    return _called(text, _DISTRICTS).key


@lru_cache(maxsize=100_000)
def house(number: str | None, building: str | None = None) -> str:
    """A house with its building: «12-А» → «12а», «12/1» → «12/1», «12 корп. 2» → «12к2»; empty for none."""
    said = _numbered(number)
    return f"{said}{_BUILDING}{_numbered(building)}" if building and said else said


@lru_cache(maxsize=20_000)
def flat(number: str | None) -> str:
    """A flat or a room: «кв. 012» → `12`; empty for none."""
    return _numbered(number)


def within(flats: str | None) -> list[str]:
    """The flats of a list in its order, as written: «1-3, 4а» → 1, 2, 3, 4а. Raises `NotFlats`."""
    return [flat for part in _listed(flats) for flat in _flats(part)]


@lru_cache(maxsize=20_000)
def keys_within(flats: str) -> frozenset[str]:
    """The keys of the flats of a list that was accepted."""
    return frozenset(flat(one) for one in within(flats))


def in_short(flats: Iterable[str]) -> str:
    """Flats as a list says them: 1, 2, 3, 4а → «1-3, 4а», in the order of their numbers."""
    by_key = {flat(one): one for one in flats}
    numbers = sorted(int(key) for key in by_key if key.isdigit())
    others = sorted((key for key in by_key if not key.isdigit()), key=ukrainian.sort_key)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    short = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join([*short, *(by_key[key] for key in others)])


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in re.split(r"[,;]", text or "") if part.strip()]


def _flats(part: str) -> Iterator[str]:
    if span := _RANGE.fullmatch(part):
        first, last = int(span[1]), int(span[2])
        if not 0 < first <= last < first + MOST_FLATS:
            raise NotFlats
        yield from map(str, range(first, last + 1))
    elif re.search(r"\d", part) and len(part) <= 20 and not re.search(r"\d\s*[-–—]\s*\d", part):
        yield part
    else:
        raise NotFlats


def _called(text: str | None, kinds: Mapping[str, str]) -> Called:
    rest, kind, _ = _split(text, kinds)
    return Called(_key(rest), kind)


def _split(text: str | None, kinds: Mapping[str, str]) -> tuple[list[str], str | None, list[str]]:
    """The words of a name, its kind, and the words of that, which stand first or last; a word alone is a name,
    whatever it is, if it is whole."""
    words = (text or "").replace(".", ". ").replace(",", " ").split()
    for length in range(min(3, len(words) - 1), 0, -1):
        for at, rest in ((words[:length], words[length:]), (words[-length:], words[:-length])):
            if kind := kinds.get(" ".join(map(_word, at))):
                return rest, kind, at
    if len(words) == 1 and words[0].endswith(".") and (kind := kinds.get(_word(words[0]))):
        return [], kind, words
    return words, None, []


def _key(words: Sequence[str]) -> str:
    """The words of a name as they are compared, whatever their order."""
    return " ".join(sorted(ukrainian.normalise(" ".join(words)).translate(_IN_NAMES).split()))


def _numbered(text: str | None) -> str:
    """A number with its letter: a word before it goes, one for a building is a letter; «-» between numbers is «/»."""
    said = (text or "").casefold().translate(_IN_HOUSES)
    pieces = list(_HOUSE_PART.finditer(said))
    key, before = "", 0
    for number, piece in enumerate(pieces):
        word, digits = piece[0], piece[0].isdigit()
        counts = number + 1 < len(pieces) and pieces[number + 1][0].isdigit()
        kind = _PARTS.get(word) if counts else None
        if kind and not key:
            before = piece.end()
            continue
        word = _BUILDING if kind == "building" else word
        apart = digits and (key[-1:].isdigit() or "/" in said[before : piece.start()])
        key += ("/" if key and apart else "") + ((word.lstrip("0") or "0") if digits else word)
        before = piece.end()
    return key
