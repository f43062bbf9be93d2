"""What a value may be: a name, a day, a number, an address. One gate, which every door of the register calls.

Each function takes a text as typed, sent or read from a file, and gives `Gated`: the one form in which the register
keeps it (None: there is no value), the codes of what forbids it, and the codes of what somebody has to confirm. The
texts of the codes are in `texts.toml` under [faults]. Pure: no clock, nothing of what the register holds.

The gate stands at doors only: what the log holds was let in by the rules of its day, is folded and printed as it is.
Sources: domain 2.1, 2.3, 2.4; semantics 4. The words that offices write are `gate.toml`.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from registry import ukrainian
from registry.gated import ABSENT as ABSENT
from registry.gated import ABSENT_WORDS, WORDS
from registry.gated import LONGEST as LONGEST
from registry.gated import Gate as Gate
from registry.gated import Gated as Gated
from registry.gated import GatedFields as GatedFields
from registry.gated import line as line
from registry.gated import name as name
from registry.gated import number_text as number_text
from registry.gated import refused as _refused
from registry.gated import words as words
from registry.typed_days import YEARS as YEARS
from registry.typed_days import day as day
from registry.typed_days import day_of_paper as day_of_paper
from registry.typed_days import instant as instant
from registry.typed_days import is_beyond as is_beyond
from registry.typed_days import local_moment as local_moment
from registry.typed_days import whole_day as whole_day
from registry.writing import TO_CYRILLIC, TO_LATIN, poses_beside

REFUSED = "refused"
"""РНОКПП of whoever refused the number by belief, and has a mark in the passport in its place (domain 2.4)."""

_ABSENT_HOUSES = ABSENT_WORDS - set(WORDS["absent"]["house"])
_CODES = {
    name: {word: code for code, words in WORDS[name].items() for word in words} for name in ("sex", "citizenship")
}
SEXES = frozenset(_CODES["sex"].values())
_REFUSED = frozenset(WORDS["rnokpp"]["refused"])

_SPACING = re.compile(rf"[\s{re.escape(ukrainian.DASHES)}]+")
_UNZR = re.compile(r"([0-9]{8})([0-9]{5})")
UNZR_KEPT, RNOKPP_KEPT = re.compile(r"[0-9]{8}-(?!0000)[0-9]{5}"), re.compile(r"[0-9]{10}")
"""What the gate has nothing to object to, and keeps as it is."""
KATOTTG, _KATOTTG_BEGINNING = re.compile(r"UA[0-9]{17}"), re.compile(r"UA[0-9]{2,17}")
_PHONE = re.compile(r"(?:\+?3?8)?(0[0-9]{9})")
_WEB = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")


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
    return _katottg(text, KATOTTG)


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
    box, _, host = (said.value or "").rpartition("@")
    if said.value is None or not _EMAIL.fullmatch(said.value):
        return said if said.value is None else _refused("email-shape")
    return Gated(f"{box}@{host.lower()}")


def web_address(text: str | None) -> Gated:
    """Where a site is: http:// or https:// with a host, without a slash at its end. `community-address`."""
    said = line(text)
    if said.value is None or not _WEB.fullmatch(said.value):
        return said if said.value is None else _refused("community-address")
    return Gated(said.value.rstrip("/"))


@lru_cache(maxsize=20_000)
def house(text: str | None, part: str = "house") -> Gated:
    """The number of a house («13-А», «12/1», «б/н»), or with `part` of a building, a flat or a room, without a label
    that its own column says («кв. 5»); a Latin look-alike behind the digits is Cyrillic, and a dash a hyphen."""
    said = line(text)
    if said.value is None or said.value.casefold() in (_ABSENT_HOUSES if part == "house" else ABSENT_WORDS):
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
    and the sex, said or held, and warned of is only what is not so already. A name has a letter in it
    (`name-without-letters`): what has none is a number from another column."""
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
        if one in said and value[one] and not any(map(str.isalpha, value[one] or "")):
            faults[one] = ("name-without-letters",)
        elif one in value and poses_beside(value[one] or "", others):
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
    gated = {one: ABSENT if text is None else gates.get(one, line)(text) for one, text in said.items()}
    return GatedFields(
        {one: found.value for one, found in gated.items()},
        {one: found.faults for one, found in gated.items() if found.faults},
        {one: found.warnings for one, found in gated.items() if found.warnings},
    )
