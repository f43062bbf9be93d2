"""Ukrainian text as a register needs it: alphabetical order, search, spelling, official numbers, dates.

Every function is pure. Python prepares the sort keys and haystacks, so that any PostgreSQL,
with or without ICU, orders and finds names the same way.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import cycle

from stdnum.ua import rntrc

ALPHABET = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
APOSTROPHES = "'’ʼ`‘′´＇"
DASHES = "-‐‑‒–—−"

_SHORT = "м|с|вул|просп|пров|буд|корп|кв"
PRINTED_LABEL = re.compile(rf"\b((?:{_SHORT}|смт|пл|бульв)\.) ")
SHOWN_LABEL = re.compile(rf"\b((?:{_SHORT}|кімн)\.|смт) ")
"""Short labels of an address, on paper and on a page, and the space between each and what it labels: «вул.», «буд.»."""

_TO_HYPHEN = str.maketrans(dict.fromkeys(DASHES, "-"))
_NO_APOSTROPHES = str.maketrans("", "", APOSTROPHES)
_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f]")
_SILENT = re.compile(rf"(?<=[\u0300-\u036f\u0400-\u052f])(?:[\u0300-\u036f]|[{APOSTROPHES}](?=[\u0400-\u052f]))")
_INNER_APOSTROPHE = re.compile(r"(?:(?<=[^\W\d_])|(?<=[\u0300-\u036f]))['’`‘′´](?=[^\W\d_])")

_PLAIN_LOWER = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"}
_PLAIN_LOWER |= {"ı": "i", "ŋ": "n", "ə": "e"}
_TO_PLAIN = str.maketrans(_PLAIN_LOWER | {letter.upper(): plain.upper() for letter, plain in _PLAIN_LOWER.items()})

# B looks like В, but b like ь: the case typed decides.
_LOOKALIKE = dict(zip("ABCEHIKMOPTXYabcehikmoptxy", "АВСЕНІКМОРТХУаьсенікмортху", strict=True))
_DOTTED_I = {"Ï": "Ї", "ï": "ї"}
_TO_CYRILLIC = str.maketrans(_LOOKALIKE)

_PART, _BREAK, _LATIN, _OTHER = "!", "-", "x", "z"  # with digits and A-Z, a-g between: their ASCII order is the order
_PLACE = dict(zip(ALPHABET, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg", strict=True))
_RUSSIAN = {"ё": "е", "ы": "и", "э": "е", "ъ": "ь"}

_SPELLINGS = "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch  iu ia"
_KMU55 = dict(zip(ALPHABET, _SPELLINGS.split(" "), strict=True))
_KMU55 |= {russian: _KMU55[letter] for russian, letter in _RUSSIAN.items()}
_KMU55_WORD_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`\\" + 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~|'
_YTSUKEN = "йцукенгшщзхїфівапролджєячсмитьбюʼґ" + "йцукенгшщзхїфівапролджєячсмитьбюʼґ"
_TO_YTSUKEN = str.maketrans(dict(zip(_QWERTY, _YTSUKEN, strict=True)))
_TO_QWERTY = str.maketrans(dict(zip(_YTSUKEN[:34], _QWERTY[:34], strict=True)))
_QWERTY_WORD = re.compile(rf"[{re.escape(_QWERTY)}0-9-]+")


@dataclass(frozen=True)
class Query:
    """A search line taken apart: every word must match by one of its variants, every birth by ISO prefix."""

    words: tuple[tuple[str, ...], ...] = ()
    births: tuple[str, ...] = ()
    unzr: str | None = None
    rnokpp: str | None = None
    raw: tuple[str, ...] = ()


def _compose(text: str) -> str:
    """NFKC without apostrophes and free combining marks: й and ї stay one letter, a stress mark goes."""
    return _unmarked(unicodedata.normalize("NFKC", text.translate(_NO_APOSTROPHES)).translate(_NO_APOSTROPHES))


def _unmarked(text: str) -> str:
    return "".join(char for char in text if not unicodedata.category(char).startswith("M"))


def _plain(text: str) -> str:
    """Take the diacritics off every letter but Cyrillic ones: 'é' → 'e', 'Ł' → 'L'."""
    decomposed = (char if _CYRILLIC.match(char) else unicodedata.normalize("NFKD", char) for char in text)
    return unicodedata.normalize("NFC", _unmarked("".join(decomposed)).translate(_TO_PLAIN))


def _repaired(word: str) -> str:
    """A word holding any Cyrillic letter, with its Latin look-alikes made Cyrillic; other words unchanged."""
    if not _CYRILLIC.search(word):
        return word
    return _plain("".join(_DOTTED_I.get(char, char) for char in word)).translate(_TO_CYRILLIC)


def normalise(text: str) -> str:
    """Any spelling → the lower-case words search compares: "Знам’янка-2" → 'знамянка 2', 'Müller' → 'muller'."""
    words = (_plain(_compose(_repaired(word).casefold())) for word in _WORD.findall(_compose(text)))
    return " ".join(word for word in words if word)


def names_key(*names: str | None) -> str | None:
    """Names → what is the same for every spelling of them: without case, apostrophes, hyphens, blanks and the order of
    words, ґ as г, Latin letters that look Cyrillic as Cyrillic; None if there is no letter.

    It is the letters in their order in the alphabet: «Нечуй-Левицький Іван» and «Іван», «НечуйЛевицький» are one.
    """
    text = _compose(" ".join(filter(None, names)))
    words = "".join(_WORD.findall("".join(_DOTTED_I.get(char, char) for char in text).translate(_TO_CYRILLIC)))
    letters = (_RUSSIAN.get(char, char) for char in _plain(words.casefold()).replace("ґ", "г"))
    return "".join(sorted(letters)) or None


def document_key(kind: str | None, number: str | None) -> str | None:
    """A document → what is the same however its kind and number are typed: «ME 123456», «МЕ123456»; None without a
    number."""
    bare = "".join(_WORD.findall(_compose(number or ""))).upper().translate(_TO_CYRILLIC)
    return f"{normalise(kind or '')} {bare}" if bare else None


def suspicious_letters(text: str) -> tuple[str, ...]:
    """The distinct Latin letters posing as Cyrillic ones, in order of appearance: 'Пeтренко' (Latin e) → ('e',)."""
    words = (word for word in _WORD.findall(_compose(text)) if _CYRILLIC.search(word))
    return tuple(dict.fromkeys(char for word in words for char in word if char in _LOOKALIKE or char in _DOTTED_I))


def normalise_apostrophe(text: str) -> str:
    """For storage: any apostrophe between two letters → ʼ (U+02BC); quotes and the rest unchanged."""
    return _INNER_APOSTROPHE.sub("ʼ", text)


def sort_key(*parts: str | None) -> str:
    """Name or address parts → ASCII text whose byte order (COLLATE "C") is the Ukrainian alphabetical order.

    Parts compare one by one (a shorter one first), then: spaces and hyphens, numbers by value, the 33 letters,
    Latin letters, anything else by code point. The key of a beginning is the beginning of the key.
    """
    return _PART.join(_part_key(part or "") for part in parts)


@lru_cache(maxsize=50_000)
def _part_key(part: str) -> str:
    repaired = _WORD.sub(lambda word: _repaired(word[0]), _compose(part))
    spaced = re.sub(r"[\s-]+", " ", _plain(repaired.casefold()).translate(_TO_HYPHEN)).strip()
    return "".join(_piece_key(piece) for piece in re.findall(r"[0-9]+|[^0-9]", spaced))


def _piece_key(piece: str) -> str:
    """One character, or one run of digits, of a sort key."""
    if piece[0] in "0123456789":
        return (piece.lstrip("0") or "0").zfill(6)
    letter = _RUSSIAN.get(piece, piece)
    letter = letter if letter in _PLACE else unicodedata.normalize("NFD", letter)[0]
    if letter in _PLACE:
        return _PLACE[letter]
    if "a" <= letter <= "z":
        return _LATIN + letter
    return _BREAK if piece == " " else f"{_OTHER}{ord(piece):06x}"


def transliterate(text: str) -> str:
    """Ukrainian → Latin by Cabinet resolution № 55 of 27.01.2010: 'Згурський' → 'Zghurskyi', 'ЩУКА' → 'SHCHUKA'.

    Russian letters follow their nearest Ukrainian ones; whatever is not Cyrillic stays as it is.
    """
    text = _SILENT.sub("", unicodedata.normalize("NFC", text))
    neighbours = zip(f" {text}", text, f"{text[1:]} ", strict=False)
    return "".join(_latin(*three) for three in neighbours)


def _latin(before: str, char: str, after: str) -> str:
    letter = char.lower()
    at_start = not before.isalpha() or before in APOSTROPHES
    latin = _KMU55_WORD_START.get(letter) if at_start else None
    latin = _KMU55.get(letter, char) if latin is None else latin
    if letter == "г" and before in "зЗ":
        latin = "gh"
    if char == letter or letter not in _KMU55:
        return latin
    in_capitals = after.isupper() or (before.isupper() and not after.isalpha())
    return latin.upper() if in_capitals else latin.capitalize()


def search_text(*words: str | None) -> str:
    """Words to be found by → the stored haystack: each normalised, then transliterated, ' петренко petrenko '.

    A word of several parts stays together, so 'Нечуй-Левицький' is found as one phrase.
    """
    haystack = " "
    for word in filter(None, words):
        for spelling in _spellings(word):
            if spelling and f" {spelling} " not in haystack:
                haystack += f"{spelling} "
    return haystack.strip() and haystack


@lru_cache(maxsize=50_000)
def _spellings(word: str) -> tuple[str, str]:
    """A word normalised, and its transliteration; names repeat, so a bulk load asks for few different ones."""
    normal = normalise(word)
    return normal, normalise(transliterate(normal))


def query_variants(token: str) -> tuple[str, ...]:
    """One typed word → the distinct normalised spellings to look for, the word as typed first.

    'gtnhtyrj' → also 'петренко' (wrong keyboard layout), 'мфт' → also 'van', Latin 'COPA' → also 'сора'.
    Single letters get no layout variant: it would match nearly everyone.
    """
    trimmed = token.strip(",.;:")
    typed = [token, _lookalike_word(trimmed), *map(_other_layout, (token, trimmed))]
    return tuple(dict.fromkeys(variant for variant in map(normalise, typed) if variant))


def _lookalike_word(token: str) -> str:
    letters = [char for char in token if char.isalpha() and char not in APOSTROPHES]
    return token.translate(_TO_CYRILLIC) if letters and all(char in _LOOKALIKE for char in letters) else ""


def _other_layout(token: str) -> str:
    """The token as the other keyboard layout would have typed it; '' if that could not be a word."""
    if _QWERTY_WORD.fullmatch(token) and sum(char.isalpha() for char in token) > 1:
        return token.translate(_TO_YTSUKEN)
    word = unicodedata.normalize("NFC", token).lower().translate(_TO_QWERTY)
    is_word = word.isascii() and re.fullmatch(r"[a-z0-9]+(?:['-][a-z0-9]+)*", word)
    return word if is_word and sum(_CYRILLIC.match(char) is not None for char in token) > 1 else ""


def query_tokens(query: str) -> Query:
    """A search line → Query: dates of birth, УНЗР and РНОКПП are recognised by shape, the rest are words.

    Only white space splits Latin text, because ; ' [ ] , . are letters typed in the wrong layout.
    """
    clean = "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in query)
    raw = tuple(clean.split())
    words: list[tuple[str, ...]] = []
    births: list[str] = []
    numbers: dict[str, str] = {}
    for token in raw:
        kind, value = _recognised(token)
        if kind == "birth":
            births.append(value)
        elif kind and kind not in numbers:
            numbers[kind] = value
        else:
            words += filter(None, map(query_variants, _split(token)))
    words.sort(key=lambda variants: -len(variants[0]))
    return Query(tuple(dict.fromkeys(words)), tuple(dict.fromkeys(births)), raw=raw, **numbers)


def _split(token: str) -> list[str]:
    return re.split(r'[,.;:()"«»]+', token) if _CYRILLIC.search(token) else [token]


def _recognised(token: str) -> tuple[str, str]:
    """(kind, value) of a token that is a date of birth, УНЗР or РНОКПП, else ('', '')."""
    token = token.translate(_TO_HYPHEN).strip(",.;")
    if found := re.fullmatch(r"([0-9]{8})-?([0-9]{5})", token):
        return "unzr", "-".join(found.groups())
    if re.fullmatch(r"[0-9]{10}", token):
        return "rnokpp", token
    if found := re.fullmatch(r"(?:(?:([0-9]{1,2})\.)?([0-9]{1,2})\.)?([0-9]{4})", token):
        return _birth(*reversed(found.groups()))
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?", token):
        return _birth(*found.groups())
    return "", ""


def _birth(year: str, month: str | None, day: str | None) -> tuple[str, str]:
    iso = "-".join(part.zfill(2) for part in (year, month, day) if part)
    return ("birth", iso) if 1880 <= int(year) <= 2100 and _is_day(f"{iso}-01-01"[:10]) else ("", "")


def _is_day(iso: str) -> bool:
    try:
        return bool(date.fromisoformat(iso))
    except ValueError:
        return False


def pattern(variants: tuple[str, ...]) -> str:
    """Variants of one word → a PostgreSQL ARE matching a haystack that holds any of them; none match nothing."""
    return "|".join(re.sub(r"([^\w\s])", r"\\\1", variant) for variant in variants if variant) or "(?!)"


def unzr_faults(unzr: str, birth_date: str | None) -> tuple[str, ...]:
    """Warning codes for an УНЗР (YYYYMMDD-NNNNC, ICAO 9303 check digit) of one born on an ISO date, maybe partial."""
    if not re.fullmatch(r"[0-9]{8}-(?!0000)[0-9]{5}", unzr):
        return ("unzr-shape",)
    digits = [int(char) for char in unzr.replace("-", "")]
    check = sum(weight * digit for weight, digit in zip(cycle((7, 3, 1)), digits[:12], strict=False)) % 10
    born = f"{unzr[:4]}-{unzr[4:6]}-{unzr[6:8]}"
    faults = {
        "unzr-check-digit": check != digits[12],
        "unzr-birth-date": not (_is_day(born) and born.startswith(birth_date or "")),
    }
    return tuple(code for code, found in faults.items() if found)


def rnokpp_faults(rnokpp: str, birth_date: str | None, sex: str | None) -> tuple[str, ...]:
    """Warning codes for a РНОКПП of one born on an ISO date (maybe partial), sex 'male', 'female' or unknown.

    Digits 1-5 count days from 1899-12-31; digit 9 is odd for men (domain.md §2.4).
    """
    if not re.fullmatch(r"[0-9]{10}", rnokpp):
        return ("rnokpp-shape",)
    born = date(1899, 12, 31) + timedelta(days=int(rnokpp[:5]))
    faults = {
        "rnokpp-check-digit": not rntrc.is_valid(rnokpp),
        "rnokpp-birth-date": not born.isoformat().startswith(birth_date or ""),
        "rnokpp-sex": sex == ("female" if int(rnokpp[8]) % 2 else "male"),
    }
    return tuple(code for code, found in faults.items() if found)


def format_day(iso: str) -> str:
    """ISO date, maybe partial → as Ukrainians write it: '2008-05-04' → '04.05.2008', '2008-05' → '05.2008'."""
    return ".".join(reversed(iso.split("-")))


def plural(n: int, one: str, few: str, many: str) -> str:
    """The noun form for a count: 1, 21 → one; 2-4, 22 → few; 0, 5-20, 25 → many (особа, особи, осіб)."""
    last, last_two = abs(n) % 10, abs(n) % 100
    if last == 1 and last_two != 11:
        return one
    return few if last in (2, 3, 4) and last_two not in (12, 13, 14) else many
