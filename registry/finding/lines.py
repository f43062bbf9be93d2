"""A search line taken apart into all that it may mean: names, births, numbers, streets, however they are typed.

Each part of a line becomes alternatives of lexemes (see `lexemes`); a row matches where it holds one of every part.
What is asked is the text of a `tsquery`; an empty one finds nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from registry import ukrainian
from registry.finding import dates, lexemes
from registry.finding.lexemes import all_of, any_of, distinct, prefix, quoted

NOTHING = ""
INSIDE_FROM = 3
"""Letters from which on a word is also looked for inside of others."""
MOST_PARTS, MOST_RANGES, MOST_UNSURE = 8, 12, 3
WHOLE_ORDER = (("", "~"),)
_JOINED = re.compile(r"(?<![\w./-])([0-9]{1,3})\s([^\W\d_])(?![\w'./-]|\s[0-9])")
"""A number of a house and its letter, which a blank parts: «12 а»."""

_LETTER = "[^\\W\\d_]"
_NUMBERS = (
    r"[0-9]{8}[\s-]?[0-9]{5}",
    r"(?:\+?\s?3?8[\s-]*)?\(?\s?0[0-9][0-9]\s?\)?(?:[\s-]*[0-9]){7}",
    r"[0-9][0-9][\s-][0-9]{3}[\s-][0-9][0-9][\s-][0-9][0-9]",
    r"\+[0-9](?:[\s()-]*[0-9]){7,14}",
    rf"{_LETTER}{{2}}[\s-]*№?\s*[0-9]{{6}}",
    r"[0-9]{9,10}",
)
_SPAN = re.compile(
    rf"(?<![\w+/-])(?:(?P<number>{'|'.join(_NUMBERS)})|(?P<date>{dates.SHAPE}))(?![\w/-])", re.IGNORECASE
)
_GLUED = re.compile(
    rf"((?<!\w)(?:{'|'.join(lexemes.LABELS)})\.?(?=\d)|(?<!\d)\d{{4}}(?=(?:{'|'.join(dates.YEAR)})\b))", re.IGNORECASE
)
"""A label and its number, a year and what says that it is one, written together."""
_BORN = re.compile(rf"(?<=[0-9])\s*{dates.BORN[0]}\.?\s?{dates.BORN[1:]}\.?(?!\w)", re.IGNORECASE)
_QUOTED = re.compile(r"""(?<=[\u0400-\u052f])["\u201c\u201d*](?=[\u0400-\u052f])""")
"""What stands on keyboards and in old programs for an apostrophe."""
_TO_HYPHEN = str.maketrans(dict.fromkeys(ukrainian.DASHES, "-"))


@dataclass(frozen=True)
class Piece:
    """One part of a line: what it may be as the beginning of a word of a name, of the surname, less exactly, in an
    address; `inside` are its spellings to be looked for within words, `starts` those by which surnames are in order; a
    `filler` («вул.», «кв.») may also say nothing: it is of a `kind` of street, or a label. Only a birth has what is
    `coarse`."""

    begins: tuple[str, ...]
    surname: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    coarse: tuple[str, ...] = ()
    filler: bool = False
    kind: bool = False
    short: str = NOTHING


@dataclass(frozen=True)
class PeopleAsked:
    """What a line asks of people, in the order of ranks.

    `numbers`: somebody's number, document, phone or mark. `surname`: all parts begin words, one the surname, whose
    `ranges` of the alphabet say the same. `words`: all parts begin words or are a birth. `alphabetical`: everybody in
    the `ranges` is meant. `inside`: patterns, of which the words hold each somewhere, and what is too short for one is
    `among` them, a birth or a number if `narrow`. `similar`: each part, with slips. `short`: patterns of a line of
    nothing but words too short for `inside`. `parts` may be of a name and of an address.
    """

    numbers: str = NOTHING
    surname: str = NOTHING
    ranges: tuple[tuple[str, str], ...] = WHOLE_ORDER
    words: str = NOTHING
    alphabetical: bool = False
    inside: tuple[str, ...] = ()
    among: str = NOTHING
    narrow: bool = False
    similar: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    parts: tuple[Piece, ...] = ()


@lru_cache(maxsize=32)
def of_people(line: str) -> PeopleAsked:
    """A search line as it asks of people."""
    clean = _JOINED.sub(r"\1\2", cleaned(line))
    numbers = _whole(clean)
    parts: list[Piece] = []
    for text, kind in _spans(clean):
        if kind == "number":
            keys = _number_keys(text)
            numbers += keys
            parts.append(Piece(_prefixed(lexemes.NUMBER, keys, exact=True)))
        elif kind == "date":
            parts.append(_date(text))
        else:
            parts += _words(text, bool(parts and parts[-1].coarse))
    parts = list(dict.fromkeys(parts))
    if not parts:
        return PeopleAsked(any_of(_prefixed(lexemes.NUMBER, numbers, exact=True)))
    only_births = all(one.coarse for one in parts)
    words = all_of(any_of((*one.begins, *(one.coarse if only_births else ()))) for one in parts)
    surname, ranges = _surname(parts)
    inside, among = _inside(parts)
    alike = any(one.similar for one in parts)
    short = [one.short for one in parts] if not inside and all(one.short for one in parts) else []
    return PeopleAsked(
        numbers=any_of(_prefixed(lexemes.NUMBER, numbers, exact=True)),
        surname=surname,
        ranges=ranges,
        words=words,
        alphabetical=len(parts) == 1 and _alphabetical(parts[0], clean) and ranges != WHOLE_ORDER,
        inside=inside,
        among=among,
        narrow=bool(among) and any(not one.surname for one in parts if not one.inside),
        similar=distinct(any_of((*one.begins, *one.similar)) for one in parts) if alike else (),
        short=tuple(short),
        parts=tuple(parts),
    )


def _alphabetical(part: Piece, clean: str) -> bool:
    """Whether a word says exactly where it stands in the alphabet: of other letters only the first one does."""
    return bool(part.starts) and (ukrainian.is_cyrillic(clean) or len(clean) == 1)


def may_be_a_home(parts: Sequence[Piece]) -> bool:
    """Whether a line may say who lives where: some parts, and not too many, besides those that may say nothing."""
    return len(parts) > 1 and 0 < sum(not one.filler for one in parts) <= MOST_PARTS


def name_to_try(part: Piece) -> str | None:
    """What asks whether anybody is called so; None where it is too short to be worth asking, or is no word."""
    return any_of(part.begins) if part.surname and part.inside and not part.filler else None


def splits(parts: Sequence[Piece], known: Sequence[tuple[bool, bool]]) -> list[tuple[str, str]]:
    """A line as a name and an address, every way in which it may be both: pairs of what is asked of a person and of
    where they live. `known` says of each part whether any address holds it, and any name."""
    choices: list[tuple[int, ...]] = []
    for part, (address, called) in zip(parts, known, strict=True):
        name = called and not part.filler and bool(part.surname or part.coarse)
        may = [0] * name + [1] * (address and not part.filler) + [2] * part.filler
        if not may:
            return []
        choices.append(tuple(may))
    if sum(len(one) > 1 for one in choices) > MOST_UNSURE:
        return []
    found = []
    for way in product(*choices):
        names = [part for part, side in zip(parts, way, strict=True) if side == 0]
        place = [part for part, side in zip(parts, way, strict=True) if side == 1]
        if not any(part.surname for part in place):
            # The word for a kind may be the whole name of a street, as of an embankment.
            place += [part for part, said in zip(parts, known, strict=True) if part.kind and part.inside and said[0]]
        if names and place:
            asked = (map(any_of, (one.begins for one in names)), map(any_of, (one.address for one in place)))
            found.append((all_of(asked[0]), all_of(asked[1])))
    return found


def cleaned(line: str) -> str:
    """The line with one blank between words, one kind of hyphen, and nothing that a database refuses."""
    blanks = ("Cc", "Cs", "Zl", "Zp")
    kept = "".join(" " if char == "№" or unicodedata.category(char) in blanks else char for char in line)
    kept = _QUOTED.sub("ʼ", " ".join(kept.translate(_TO_HYPHEN).split()))
    return _GLUED.sub(r"\1 ", _BORN.sub(f" {dates.BORN}", kept))


def _whole(clean: str) -> list[str]:
    """The whole line as a mark of a card, or another number."""
    keys = [ukrainian.number_key(one) for one in (clean, ukrainian.other_layout(clean))]
    if re.fullmatch(rf"{_LETTER}{{1,3}}[\s-]*[0-9]+", clean):
        keys.append(ukrainian.number_key(ukrainian.other_keys(clean)))
    digits = re.sub(r"[\s()+-]", "", clean)
    phone = [lexemes.phone_key(clean)] if digits.isdecimal() and len(digits) >= 7 else []
    return [one for one in dict.fromkeys((*keys, *phone)) if one and len(one) <= lexemes.LONGEST]


def _number_keys(text: str) -> list[str]:
    digits = re.sub(r"\D", "", text)
    phone = [lexemes.phone_key(text)] if len(digits) >= 9 and not re.search(_LETTER, text) else []
    return list(dict.fromkeys((ukrainian.number_key(text), *phone)))


def _spans(clean: str) -> Iterator[tuple[str, str]]:
    """The numbers and dates of a line, and what stands between them."""
    at = 0
    for found in _SPAN.finditer(clean):
        kind = "date" if found["date"] and dates.read(found["date"]) else "number" if found["number"] else ""
        if kind:
            yield clean[at : found.start()], "text"
            yield found[0], kind
            at = found.end()
    yield clean[at:], "text"


def _date(text: str) -> Piece:
    """A date of birth; a plain year may be a word or a number of a house too, and a month somebody's name."""
    births = dates.read(text)
    begins = _prefixed(lexemes.BIRTH, births)
    coarse = _prefixed(lexemes.BIRTH, [one for birth in births for one in dates.coarser(birth)], exact=True)
    name = re.match(rf"{_LETTER}+", text)
    if name:
        word = all_of((prefix(ukrainian.folded(name[0])), any_of(_prefixed(lexemes.BIRTH, [births[0][:4]]))))
        begins = (*begins, word)
    address = _number_in_address(text) if text.isdecimal() and len(text) == 4 else ()
    return Piece(begins, address=address, coarse=coarse or begins)


def _words(text: str, behind_a_date: bool) -> Iterator[Piece]:
    for token in text.split():
        for piece in split(token):
            if behind_a_date and piece.casefold() in dates.YEAR:
                continue
            behind_a_date = False
            if part := word_of(piece):
                yield part


def split(token: str) -> list[str]:
    """Only white space splits Latin text, because ; ' [ ] , . are letters typed in the wrong layout."""
    latin = not ukrainian.is_cyrillic(token) and not token[:1].isdecimal()
    return [token] if latin else [one for one in re.split(r'[,.;:()"«»?!]+', token) if one]


@lru_cache(maxsize=512)
def word_of(token: str) -> Piece | None:
    """A word of a line; None for what holds no letter and no digit."""
    variants = distinct(map(ukrainian.one_g, ukrainian.query_variants(token)))
    if not variants:
        return None
    typed_cyrillic = ukrainian.is_cyrillic(token)
    begins: list[str] = []
    surname: list[str] = []
    similar: list[str] = []
    able: list[str] = []
    for variant in variants:
        words = variant.split()
        joined = "".join(words)
        begins += [all_of(map(prefix, words)), prefix(joined)]
        if not typed_cyrillic or ukrainian.is_cyrillic(variant):
            able.append(variant)
            sounds = [] if typed_cyrillic else sound(joined)
            begins += map(prefix, sounds)
            surname += _prefixed(lexemes.SURNAME, [joined, *sounds])
            # Each alternative once: the index gathers all that begin so for every one that is named.
            alike = [tuple(similar_to(word)) for word in words]
            similar += alike[0] if len(alike) == 1 else [all_of(map(any_of, alike))]
    label = token.strip(".,;").casefold()
    kind = [quoted(lexemes.KIND + lexemes.KINDS[label])] if label in lexemes.KINDS else []
    return Piece(
        begins=distinct(begins),
        surname=() if token[:1].isdecimal() else distinct(surname),
        similar=distinct(similar),
        address=_number_in_address(token) or distinct((*kind, *begins)),
        inside=tuple(one for one in able if len(one) >= INSIDE_FROM),
        short="" if token[:1].isdecimal() else "|".join(able),
        starts=_starts(token, able),
        filler=label in lexemes.KINDS or label in lexemes.LABELS,
        kind=bool(kind),
    )


def _starts(token: str, variants: Sequence[str]) -> tuple[str, ...]:
    """With what surnames begin that a word may be: with a word typed in Cyrillic letters, hyphens and all; with the
    first word of one that the other layout makes Cyrillic; of a Latin one, which has many spellings, with a letter."""
    if ukrainian.is_cyrillic(token):
        return ukrainian.with_both_g(ukrainian.one_g(token.casefold()))
    ours = dict.fromkeys(one.split()[0] for one in variants if not one.isascii())
    found = [start for one in ours for start in ukrainian.with_both_g(one) or ukrainian.with_both_g(one[:1])]
    latin = dict.fromkeys(one[:1] for one in variants if one.isascii())
    return distinct((*found, *(start for one in latin for start in ukrainian.latin_starts(one))))


def similar_to(word: str) -> Iterator[str]:
    """What asks for the words that are spelled like a folded one."""
    yield prefix(word)
    plain = ukrainian.loose(word)
    if len(plain) >= INSIDE_FROM and plain.isalpha():
        yield prefix(plain)
        yield prefix(lexemes.LOOSE + plain)
        yield from map(quoted, sorted(lexemes.slips(word)))


def sound(word: str) -> list[str]:
    """What a Latin word sounds like, where that may be asked for."""
    return [ukrainian.latin_sound(word)] if word.isascii() and word.isalpha() and len(word) > 1 else []


def _surname(parts: Sequence[Piece]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Every part begins a word, one of them the surname; and where such surnames stand in the alphabet."""
    able = [one for one in parts if one.surname]
    if not able or len(parts) > MOST_PARTS:
        return NOTHING, WHOLE_ORDER
    ways = [all_of(any_of(one.surname if one is first else one.begins) for one in parts) for first in able]
    starts = [one.starts for one in able]
    keys = sorted({ukrainian.sort_key(text) for one in starts for text in one} - {""})
    kept = [key for at, key in enumerate(keys) if not any(key.startswith(other) for other in keys[:at])]
    ranges = tuple((key, f"{key}~") for key in kept)
    return any_of(ways), ranges if all(starts) and len(ranges) <= MOST_RANGES else WHOLE_ORDER


def _inside(parts: Sequence[Piece]) -> tuple[tuple[str, ...], str]:
    patterns = sorted(("|".join(one.inside) for one in parts if one.inside), key=len, reverse=True)
    among = all_of(any_of(one.begins) for one in parts if not one.inside)
    return (tuple(patterns), among) if patterns else ((), NOTHING)


def _number_in_address(token: str) -> tuple[str, ...]:
    """A number as that of a house, a flat or another place, and as a word of a street's name."""
    if not token[:1].isdecimal():
        return ()
    whole, *pieces = lexemes.house_keys(token) or [""]
    if not whole:
        return ()
    together = all_of(quoted(lexemes.ANY + one) for one in pieces) if pieces else quoted(whole)
    return distinct([quoted(lexemes.ANY + whole), together])


def _prefixed(kind: str, keys: Iterable[str], exact: bool = False) -> tuple[str, ...]:
    return distinct(quoted(kind + one) if exact else prefix(kind + one) for one in keys)
