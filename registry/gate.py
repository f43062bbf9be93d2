"""What a value may be: a name, a day, a number, an address. One gate, which every door of the register calls.

Each function takes a text as typed, sent or read from a file, and gives `Gated`: the one form in which the register
keeps it (None: there is no value), the codes of what forbids it, and the codes of what somebody has to confirm. The
texts of the codes are in `texts.toml` under [faults]. Pure: no clock, nothing of what the register holds.

The gate stands at doors only. What the log already holds was let in by the rules of its day, is folded as it is, and
prints as it is written. Sources: domain 2.1, 2.3, 2.4; semantics 4. The words that offices write are `gate.toml`.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path

from registry import ukrainian
from registry.writing import (
    TO_CYRILLIC,
    TO_LATIN,
    in_line,
    one_apostrophe,
    one_hyphen,
    poses,
    poses_beside,
    says_something,
    unreadable,
)

LONGEST = 500
"""Characters of a text, in its canonical form."""
YEARS = range(1800, 2200)
"""What a day may lie in: the law counts from it; what is beyond is mistyped."""
REFUSED = "refused"
"""РНОКПП of whoever refused the number by belief, and has a mark in the passport in its place (domain 2.4)."""

WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_ABSENT = frozenset(WORDS["absent"]["words"])
_ABSENT_NAMES = _ABSENT - set(WORDS["absent"]["names"])
_ABSENT_HOUSES = _ABSENT - set(WORDS["absent"]["house"])
_CODES = {
    name: {word: code for code, words in WORDS[name].items() for word in words} for name in ("sex", "citizenship")
}
_REFUSED = frozenset(WORDS["rnokpp"]["refused"])

_ISO_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_TYPED_DAY = re.compile(r"(?:(?:([0-9]{1,2})\.)?([0-9]{1,2})\.)?([0-9]{4})")
_CLOCK = r"(?P<clock>(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?)"
_ISO_MOMENT = re.compile(
    rf"(?P<day>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:T{_CLOCK}(?P<offset>Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?)"
)
_LOCAL_MOMENT = re.compile(
    rf"(?P<day>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{4}}) {_CLOCK}"
)

_SPACING = re.compile(rf"[\s{re.escape(ukrainian.DASHES)}]+")
_UNZR = re.compile(r"([0-9]{8})([0-9]{5})")
_KATOTTG, _KATOTTG_BEGINNING = re.compile(r"UA[0-9]{17}"), re.compile(r"UA[0-9]{2,17}")
_PHONE = re.compile(r"(?:\+?3?8)?(0[0-9]{9})")
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")


@dataclass(frozen=True, slots=True)
class Gated:
    """A value in its canonical form (None: there is none), what forbids it, and what has to be confirmed, by code. What
    is forbidden has no value."""

    value: str | None = None
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GatedFields:
    """The same of several fields: `value` has every field that was given, the others those with something to say."""

    value: dict[str, str | None] = field(default_factory=dict)
    faults: dict[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)


Gate = Callable[[str | None], Gated]
ABSENT = Gated()


def _refused(code: str) -> Gated:
    return Gated(faults=(code,))


@lru_cache(maxsize=20_000)
def line(text: str | None) -> Gated:
    """Any text, in one line (`writing.in_line`). A text of marks alone («-», «***») is none. `text-broken`,
    `text-lost`, `text-too-long`."""
    if text is None:
        return ABSENT
    if fault := unreadable(text):
        return _refused(fault)
    said = in_line(text)
    if len(said) > LONGEST:
        return _refused("text-too-long")
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
        return _refused("text-lost")
    called = one_hyphen(one_apostrophe(said.value))
    return Gated(called, warnings=("look-alike-letters",) if poses(called) else ())


@lru_cache(maxsize=20_000)
def day(text: str | None) -> Gated:
    """A date as written: `РРРР-ММ-ДД` or `ДД.ММ.РРРР`, `РРРР-ММ` or `ММ.РРРР`, `РРРР`, and nothing else → ISO.
    `not-a-date`, also for 30 February; `far-day` beyond `YEARS`."""
    return _day(text, lambda iso: _refused("not-a-date"))


@lru_cache(maxsize=20_000)
def day_of_paper(text: str | None) -> Gated:
    """The same of old papers, which say 30 February: the month is certain, and `day-not-in-calendar` warns of it."""
    return _day(text, lambda iso: Gated(iso[:7], warnings=("day-not-in-calendar",)))


def _day(text: str | None, beyond: Callable[[str], Gated]) -> Gated:
    said = number_text(text)
    if said.value is None:
        return said
    if found := _ISO_DAY.fullmatch(said.value):
        year, month, day_ = found.groups()
    elif found := _TYPED_DAY.fullmatch(said.value):
        day_, month, year = found.groups()
    else:
        return _refused("not-a-date")
    parts = [int(part) for part in (year, month, day_) if part]
    iso = "-".join(f"{part:02}" if place else f"{part:04}" for place, part in enumerate(parts))
    if not (all(parts) and (len(parts) < 2 or parts[1] <= 12) and (len(parts) < 3 or parts[2] <= 31)):
        return _refused("not-a-date")
    if parts[0] not in YEARS:
        return _refused("far-day")
    try:
        date(*parts, *(1,) * (3 - len(parts)))
    except ValueError:
        return beyond(iso)
    return Gated(iso)


def whole_day(text: str | None) -> Gated:
    """A day with nothing unknown, as `day`: `not-a-day` for anything else."""
    said = day(text)
    if "far-day" in said.faults or (said.value is None and not said.faults):
        return said
    return said if said.value and len(said.value) == 10 else _refused("not-a-day")


def instant(text: str | None) -> Gated:
    """A day, or a moment: `РРРР-ММ-ДДTГГ:ХХ[:СС[.дробове]]` with `Z` or `±ГГ:ХХ` if it is not the time of Kyiv; of
    Kyiv also with a blank for the T, and `ДД.ММ.РРРР ГГ:ХХ`. Nothing else: `not-an-instant`, `far-day`. → ISO."""
    said = number_text(text)
    if said.value is None:
        return said
    found = _ISO_MOMENT.fullmatch(said.value) or _LOCAL_MOMENT.fullmatch(said.value)
    of_day = whole_day(found["day"] if found else said.value)
    if of_day.value is None:
        return of_day if "far-day" in of_day.faults or not of_day.faults else _refused("not-an-instant")
    offset = found.groupdict().get("offset") or "" if found else ""
    return Gated(f"{of_day.value}T{found['clock']}{offset}" if found else of_day.value)


def local_moment(text: str | None) -> Gated:
    """A moment by the clock of Kyiv, as `instant` without an offset: `not-a-moment` for anything else."""
    said = instant(text)
    if said.value is None:
        return said if "far-day" in said.faults or not said.faults else _refused("not-a-moment")
    plain = len(said.value) > 10 and datetime.fromisoformat(said.value).tzinfo is None
    return said if plain else _refused("not-a-moment")


def number_text(text: str | None) -> Gated:
    """A text that is no words: as `line`, and what offices write where there is no number is none."""
    said = line(text)
    return ABSENT if said.value is not None and said.value.casefold() in _ABSENT else said


def unzr(text: str | None, born: str | None = None) -> Gated:
    """УНЗР → `РРРРММДД-ННННН`, with or without its hyphen and blanks; nothing but noughts is none. `unzr-shape`; warns
    of `unzr-check-digit`, and of `unzr-birth-date` where `born` (ISO, maybe partial) is another day."""
    said = number_text(text)
    if said.value is None:
        return said
    digits = _SPACING.sub("", said.value)
    if digits and not digits.strip("0"):
        return ABSENT
    found = _UNZR.fullmatch(digits)
    number = "-".join(found.groups()) if found else ""
    warnings = ukrainian.unzr_faults(number, born)
    return _refused("unzr-shape") if "unzr-shape" in warnings else Gated(number, warnings=warnings)


def rnokpp(text: str | None, born: str | None = None, sex: str | None = None) -> Gated:
    """РНОКПП → ten digits, or `REFUSED` where it was refused by belief; nothing but noughts is none. `rnokpp-shape`;
    warns of `rnokpp-check-digit`, `rnokpp-birth-date`, `rnokpp-sex`."""
    said = number_text(text)
    if said.value is None:
        return said
    if said.value.casefold() in _REFUSED or said.value == REFUSED:
        return Gated(REFUSED)
    number = _SPACING.sub("", said.value)
    if number and not number.strip("0"):
        return ABSENT
    warnings = ukrainian.rnokpp_faults(number, born, sex) if number.isascii() else ("rnokpp-shape",)
    return _refused("rnokpp-shape") if "rnokpp-shape" in warnings else Gated(number, warnings=warnings)


def katottg(text: str | None) -> Gated:
    """A code of КАТОТТГ → `UA` and 17 digits, blanks and Cyrillic look-alikes folded. `katottg-shape`."""
    return _katottg(text, _KATOTTG)


def katottg_beginning(text: str | None) -> Gated:
    """The same, or the beginning of one: what a community is known by (semantics 3)."""
    return _katottg(text, _KATOTTG_BEGINNING)


@lru_cache(maxsize=20_000)
def _katottg(text: str | None, shape: re.Pattern[str]) -> Gated:
    said = number_text(text)
    if said.value is None:
        return said
    code = _SPACING.sub("", said.value).upper().translate(TO_LATIN)
    return Gated(code) if shape.fullmatch(code) else _refused("katottg-shape")


_BOOKLET = re.compile(r"([\u0404\u0406\u0407\u0410-\u042f\u0490]{2})([0-9]{6})")
_BIRTH = re.compile(r"([IVX1\u0406]{1,4})-?([\u0404\u0406\u0407\u0410-\u042f\u0490A-Z]{2})([0-9]{6})")


def document(kind: str | None, number: str | None) -> Gated:
    """The number of an identity document of a kind, as it is printed on one: of a card `000000000`, of a booklet
    `МЕ123456`, of a passport for travel `FA123456`, of a birth certificate `I-АБ 123456`, whichever letters, blanks and
    «№» were typed. Of another kind or shape it is kept as `line` does."""
    said = number_text(number)
    if said.value is None:
        return said
    bare = _SPACING.sub("", said.value.replace("\u2116", "")).upper()
    if kind == "passport_card" and re.fullmatch(r"[0-9]{9}", bare):
        return Gated(bare)
    if kind == "passport_booklet" and (found := _BOOKLET.fullmatch(bare.translate(TO_CYRILLIC))):
        return Gated("".join(found.groups()))
    if kind == "passport_travel" and re.fullmatch(r"[A-Z]{2}[0-9]{6}", bare.translate(TO_LATIN)):
        return Gated(bare.translate(TO_LATIN))
    if kind == "birth_certificate" and (found := _BIRTH.fullmatch(bare)):
        roman, letters, digits = found.groups()
        return Gated(f"{roman.replace('1', 'I').translate(TO_LATIN)}-{letters.translate(TO_CYRILLIC)} {digits}")
    return said


def phone(text: str | None) -> Gated:
    """A telephone; a Ukrainian one → `+380XXXXXXXXX`, anything else as `line`."""
    said = number_text(text)
    if said.value is None:
        return said
    digits = re.sub(rf"[\s().{re.escape(ukrainian.DASHES)}]", "", said.value)
    found = _PHONE.fullmatch(digits)
    return Gated(f"+38{found[1]}") if found else said


def email(text: str | None) -> Gated:
    """An address of electronic mail, the part behind @ in lower case. `email-shape`."""
    said = number_text(text)
    if said.value is None:
        return said
    if not _EMAIL.fullmatch(said.value):
        return _refused("email-shape")
    box, _, host = said.value.rpartition("@")
    return Gated(f"{box}@{host.lower()}")


@lru_cache(maxsize=20_000)
def house(text: str | None, part: str = "house") -> Gated:
    """The number of a house («13-А», «12/1», «б/н»), or with `part` of a building, a flat or a room, without a label
    that its own column says («кв. 5»); a Latin look-alike behind the digits is Cyrillic, and a dash a hyphen."""
    said = line(text)
    if said.value is None or said.value.casefold() in (_ABSENT_HOUSES if part == "house" else _ABSENT):
        return said if said.value is None else ABSENT
    bare = said.value
    for label in WORDS["labels"][part]:
        if bare.casefold().startswith(label) and re.match(r"\s*[0-9]", bare[len(label) :]):
            bare = bare[len(label) :].strip()
            break
    bare = re.sub(r"\s*[\u2010-\u2015\u2212]\s*", "-", bare)
    if letter := re.fullmatch(r"([0-9]+[ /-]?)([A-Za-z])", bare):
        bare = letter[1] + letter[2].translate(TO_CYRILLIC)
    return Gated(bare)


def sex(text: str | None) -> Gated:
    """`male` or `female`, or how offices write them («ч», «жін.»). `value-unknown`."""
    return _code("sex", text)


def citizenship(text: str | None) -> Gated:
    """`ua`, `foreigner` or `stateless`, or how offices write them («Україна», «іноземець»). `value-unknown`."""
    return _code("citizenship", text)


def _code(group: str, text: str | None) -> Gated:
    said = number_text(text)
    if said.value is None:
        return said
    code = _CODES[group].get(said.value.casefold())
    return Gated(code) if code else _refused("value-unknown")


PARTICULARS: Mapping[str, Gate] = {
    **dict.fromkeys(("surname", "given_names", "patronymic", "birth_country", "birth_place"), name),
    "sex": sex,
    "birth_date": day,
    "citizenship": citizenship,
    "unzr": unzr,
    "rnokpp": rnokpp,
    "phone": phone,
    "email": email,
}
ADDRESS: Mapping[str, Gate] = {
    "katottg": katottg,
    **dict.fromkeys(("settlement", "district", "street"), name),
    **{part: partial(house, part=part) for part in ("house", "building", "flat", "room")},
}
DOCUMENT: Mapping[str, Gate] = {"kind": line, "issued_on": day, "issued_by": name, "valid_until": day, "latin": line}
"""What each part of these is; the number of a document is of its kind (`document`)."""
_NAMES = ("surname", "given_names", "patronymic")
_NUMBERS: Mapping[str, Callable[[str | None, Mapping[str, str | None]], Gated]] = {
    "unzr": lambda text, who: unzr(text, who.get("birth_date")),
    "rnokpp": lambda text, who: rnokpp(text, who.get("birth_date"), who.get("sex")),
}
"""What is judged by who somebody is."""


def particulars(said: Mapping[str, str | None], held: Mapping[str, str | None] | None = None) -> GatedFields:
    """Who somebody is: every field that is `said`; `held` is what the register holds. Numbers are judged by the birth
    and the sex, said or held, and warned of is only what is not so already."""
    before = held or {}
    gated = fields_of({one: text for one, text in said.items() if one not in _NUMBERS}, PARTICULARS)
    now = {**before, **gated.value}
    value, faults, warnings = dict(gated.value), dict(gated.faults), dict(gated.warnings)
    for one, judge in _NUMBERS.items():
        found = judge(said[one] if one in said else before.get(one), now)
        if one in said:
            value[one] = found.value
        if found.faults and one in said:
            faults[one] = found.faults
        if found.warnings:
            warnings[one] = found.warnings
    for one in _NAMES:
        others = "".join(now.get(other) or "" for other in _NAMES if other != one)
        if one in value and poses_beside(value[one] or "", others):
            warnings[one] = ("look-alike-letters",)
    for one in before.keys() & warnings.keys():
        if one not in value or value[one] == before[one]:
            known = _NUMBERS[one](before[one], before).warnings if one in _NUMBERS else warnings[one]
            warnings[one] = tuple(code for code in warnings[one] if code not in known)
    return GatedFields(
        {one: value[one] for one in said}, faults, {one: codes for one, codes in warnings.items() if codes}
    )


def address(said: Mapping[str, str | None]) -> GatedFields:
    """Where something is: every field that is said."""
    return fields_of(said, ADDRESS)


def document_fields(said: Mapping[str, str | None]) -> GatedFields:
    """An identity document: every field that is said, its number by its kind."""
    return fields_of(said, {**DOCUMENT, "number": partial(document, said.get("kind"))})


def fields_of(said: Mapping[str, str | None], gates: Mapping[str, Gate]) -> GatedFields:
    """Every field through its gate; one that has none is a `line`."""
    gated = {one: gates.get(one, line)(text) for one, text in said.items()}
    return GatedFields(
        {one: found.value for one, found in gated.items()},
        {one: found.faults for one, found in gated.items() if found.faults},
        {one: found.warnings for one, found in gated.items() if found.warnings},
    )
