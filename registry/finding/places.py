"""A search line as it asks of dwellings: a street old or new, its kind in any place, numbers with or without labels."""

from collections.abc import Iterable
from dataclasses import dataclass

from registry.finding import lexemes, lines
from registry.finding.lexemes import all_of, any_of, distinct, prefix, quoted

PLACES = {"house": lexemes.HOUSE, "building": lexemes.BUILDING, "flat": lexemes.FLAT, "room": lexemes.ROOM}
WITHIN = (lexemes.FLAT, lexemes.BUILDING, lexemes.ROOM)


@dataclass(frozen=True)
class PlacePiece:
    """A part of a line: what it is in its own place, in any place, and at least the beginning of."""

    exact: tuple[str, ...]
    anywhere: tuple[str, ...]
    begins: tuple[str, ...]
    similar: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    kind: bool = False
    number: bool = False


@dataclass(frozen=True)
class PlacesAsked:
    """What a line asks of dwellings, in the order of ranks: `numbers` of a card of a dwelling or of who lives there;
    every number `exact` in its place, the first being the house; the same `anywhere`; beginnings of numbers too, and
    whatever the kind of street is; words `inside` of others, `narrow` if among a number with a letter; `similar`, with
    slips."""

    numbers: str = ""
    exact: str = ""
    anywhere: str = ""
    begins: str = ""
    inside: tuple[str, ...] = ()
    among: str = ""
    narrow: bool = False
    similar: str = ""


def of_dwellings(line: str) -> PlacesAsked:
    """A search line as it asks of dwellings."""
    clean = lines.cleaned(line)
    numbers = lines.of_people(line).numbers
    tokens = _joined([piece for token in clean.split() for piece in lines.split(token)])
    pieces: list[PlacePiece] = []
    label, numbered = None, 0
    for token in tokens:
        plain = token.casefold()
        if token[:1].isdecimal():
            pieces.append(_number(token, PLACES[label] if label else None if numbered else lexemes.HOUSE))
            numbered += label is None
            label = None
        elif plain in lexemes.LABELS and plain not in lexemes.KINDS:
            label = lexemes.LABELS[plain]
        elif part := lines.word_of(token):
            kind = lexemes.KINDS.get(plain)
            # A short one may also be the beginning of a name.
            begins = distinct((*([quoted(lexemes.KIND + kind)] if kind else ()), *part.begins))
            pieces.append(PlacePiece(begins, begins, begins, part.similar, part.inside, kind is not None))
    pieces = list(dict.fromkeys(pieces))
    if not pieces:
        return PlacesAsked(numbers)
    told = [one for one in pieces if not one.kind] or pieces
    patterns = sorted(("|".join(one.inside) for one in told if one.inside), key=len, reverse=True)
    return PlacesAsked(
        numbers=numbers,
        exact=_asked(one.exact for one in pieces),
        anywhere=_asked(one.anywhere for one in pieces),
        begins=_asked(one.begins for one in told),
        inside=tuple(patterns),
        among=_asked(one.begins for one in told if not one.inside) if patterns else "",
        narrow=bool(patterns) and any(one.number for one in told),
        similar=_asked((*one.begins, *one.similar) for one in told) if any(one.similar for one in told) else "",
    )


def _asked(pieces: Iterable[Iterable[str]]) -> str:
    return all_of(map(any_of, pieces))


def _joined(tokens: list[str]) -> list[str]:
    """«12 а» as «12а»: a letter behind a number belongs to it, unless it labels the next one."""
    found: list[str] = []
    for at, token in enumerate(tokens):
        before, after = found[-1] if found else "", tokens[at + 1] if at + 1 < len(tokens) else ""
        labels = token.casefold() in lexemes.LABELS and after[:1].isdecimal()
        if len(token) == 1 and token.isalpha() and before.isdecimal() and not labels:
            found[-1] = before + token
        else:
            found.append(token)
    return found


def _number(token: str, place: str | None) -> PlacePiece:
    """A number: of the place that a label says, else the first that of the house, others of what is in it. One with a
    slash may be of a house and of a flat."""
    whole, *pieces = lexemes.house_keys(token)
    word = quoted(whole)
    exact = [quoted(one + whole) for one in (WITHIN if place is None else (place,))]
    if pieces and place == lexemes.HOUSE:
        within = [any_of(quoted(one + number) for one in WITHIN) for number in pieces[1:]]
        exact.append(all_of((quoted(place + pieces[0]), *within)))
    anywhere = [quoted(lexemes.ANY + whole), all_of(quoted(lexemes.ANY + one) for one in pieces), *exact, word]
    begins = [prefix(lexemes.HOUSE + whole)] if place == lexemes.HOUSE else []
    return PlacePiece(
        distinct((*exact, word)), distinct(anywhere), distinct((*begins, *anywhere)), number=not token.isdecimal()
    )
