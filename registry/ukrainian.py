"""Ukrainian text as a register needs it: alphabetical order, search, spelling, official numbers, dates.

Every function is pure. Python prepares the sort keys and haystacks, so that any PostgreSQL,
with or without ICU, orders and finds names the same way.
"""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from itertools import cycle, product

from stdnum.ua import rntrc

ALPHABET = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
FIRST_LETTERS = ALPHABET.replace("ь", "").upper()
"""With which a word may begin."""
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
TO_CYRILLIC = str.maketrans(_LOOKALIKE)
_TO_LATIN = str.maketrans({"АВСЕНІКМОРТХУЅЈЗ"[at]: "ABCEHIKMOPTXYSJ3"[at] for at in range(16)})
_TO_DIGITS = str.maketrans("OОQIІL|ЇЗ", "000111113")

_PART, _BREAK, _LATIN, _OTHER = "!", "-", "x", "z"  # with digits and A-Z, a-g between: their ASCII order is the order
_PLACE = dict(zip(ALPHABET, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg", strict=True))
_RUSSIAN = {"ё": "е", "ы": "и", "э": "е", "ъ": "ь"}

_LOOSE = str.maketrans(dict.fromkeys("єёэ", "е") | dict.fromkeys("їийы", "і") | dict.fromkeys("ьъ"))
_TO_NUMBER = str.maketrans("авсенікмортху", "abcehikmoptxy")
_LATIN_HABITS = (
    *(("shch", "3"), ("sch", "3"), ("sh", "3"), ("zh", "4"), ("kh", "h"), ("tch", "5"), ("ch", "5"), ("ts", "c")),
    *(("tz", "c"), ("gh", "h"), ("g", "h"), ("x", "ks"), ("w", "v"), ("y", "i"), ("j", "i")),
)

_SPELLINGS = "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch  iu ia"
_KMU55 = dict(zip(ALPHABET, _SPELLINGS.split(" "), strict=True))
_KMU55 |= {russian: _KMU55[letter] for russian, letter in _RUSSIAN.items()}
_KMU55_WORD_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}

_PLAIN_NAME = re.compile(rf"[{ALPHABET}{ALPHABET.upper()} \u02bc-]*")
_TO_NAMES_KEY = str.maketrans("ґ", "г", " \u02bc-")

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`\\" + 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~|'
_YTSUKEN = "йцукенгшщзхїфівапролджєячсмитьбюʼґ" + "йцукенгшщзхїфівапролджєячсмитьбюʼґ"
_TO_YTSUKEN = str.maketrans(dict(zip(_QWERTY, _YTSUKEN, strict=True)))
_TO_QWERTY = str.maketrans(dict(zip(_YTSUKEN[:34], _QWERTY[:34], strict=True)))
_QWERTY_WORD = re.compile(rf"[{re.escape(_QWERTY)}0-9-]+")


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
    return _plain("".join(_DOTTED_I.get(char, char) for char in word)).translate(TO_CYRILLIC)


def normalise(text: str) -> str:
    """Any spelling → the lower-case words search compares: "Знам’янка-2" → 'знамянка 2', 'Müller' → 'muller'."""
    words = (_plain(_compose(_repaired(word).casefold())) for word in _WORD.findall(_compose(text)))
    return " ".join(word for word in words if word)


def names_key(*names: str | None) -> str | None:
    """Names → what is the same for every spelling of them: without case, apostrophes, hyphens, blanks and the order of
    words, ґ as г, Latin letters that look Cyrillic as Cyrillic; None if there is no letter.

    It is the letters in their order in the alphabet: «Нечуй-Левицький Іван» and «Іван», «НечуйЛевицький» are one.
    """
    text = " ".join(filter(None, names))
    if _PLAIN_NAME.fullmatch(text):
        return "".join(sorted(text.lower().translate(_TO_NAMES_KEY))) or None
    text = _compose(text)
    words = "".join(_WORD.findall("".join(_DOTTED_I.get(char, char) for char in text).translate(TO_CYRILLIC)))
    letters = (_RUSSIAN.get(char, char) for char in _plain(words.casefold()).replace("ґ", "г"))
    return "".join(sorted(letters)) or None


def document_key(kind: str | None, number: str | None) -> str | None:
    """A document → what is the same however its kind and number are typed: «ME 123456», «МЕ123456»; None without a
    number."""
    said = number or ""
    plain = said if said.isascii() and said.isalnum() else "".join(_WORD.findall(_compose(said)))
    bare = plain.upper().translate(TO_CYRILLIC)
    return f"{_kind_key(kind or '')} {bare}" if bare else None


_kind_key = lru_cache(maxsize=1_000)(normalise)


def suspicious_letters(text: str) -> tuple[str, ...]:
    """The distinct Latin letters posing as Cyrillic ones, in order of appearance: 'Пeтренко' (Latin e) → ('e',)."""
    words = (word for word in _WORD.findall(_compose(text)) if _CYRILLIC.search(word))
    return tuple(dict.fromkeys(char for word in words for char in word if char in _LOOKALIKE or char in _DOTTED_I))


def latin_code(text: str) -> str:
    """A code of Latin letters and digits as somebody typed it: in capitals, without what stands between its signs, a
    Cyrillic letter that looks like a Latin one as that."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).upper())).translate(_TO_LATIN)


def digit_code(text: str) -> str:
    """A code of digits likewise: a letter that looks like a digit is that digit."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).upper())).translate(_TO_DIGITS)


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


def folded(text: str) -> str:
    """What search compares: `normalise`, where ґ and г are one letter: 'Ґаланюк' → 'галанюк'."""
    return one_g(normalise(text))


def one_g(text: str) -> str:
    """A lower-case text in which ґ and г are one letter."""
    return text.replace("ґ", "г")


def loose(word: str) -> str:
    """A folded word as carelessly as it may be spelled: е, є, ё and э are one letter, і, ї, и, й and ы one; ь, ъ and
    the second of two equal letters are nothing: 'лукьяненко', 'лукяненко' → 'лукяненко'. A Latin word as it sounds."""
    plain = latin_sound(word) if word.isascii() else word.translate(_LOOSE)
    return re.sub(r"(\w)\1+", r"\1", plain)


@lru_cache(maxsize=50_000)
def latin_sound(word: str) -> str:
    """A folded Latin word by what it sounds like, whichever table it follows: 'lukianenko', 'lukyanenko',
    'lukjanenko' → 'lukianenko'; 'g' and 'h', 'w' and 'v', 'ie' and 'e', 'sch' and 'sh' are one."""
    for typed, sound in _LATIN_HABITS:
        word = word.replace(typed, sound)
    return re.sub(r"([a-z])\1+", r"\1", word).replace("ie", "e")


@lru_cache(maxsize=1_000)
def latin_starts(letter: str) -> tuple[str, ...]:
    """With which letters a word may begin that begins with a Latin one in some spelling: 'k' → ('к', 'х', 'k')."""
    sound = latin_sound(letter)[:1]
    spelled = {one: transliterate(one) for one in ALPHABET}
    ours = (one for one, latin in spelled.items() if (latin and letter == latin[0]) or sound == latin_sound(latin)[:1])
    return (*ours, letter)


def number_key(text: str) -> str:
    """A number, a mark or a series however it is typed: letters and digits alone, those that look alike being one:
    'Р-000129' and 'P 000129' → 'p000129'."""
    kept = "".join(_WORD.findall(unicodedata.normalize("NFKC", text.replace("№", "")))).casefold()
    return kept.translate(_TO_NUMBER)


def is_cyrillic(text: str) -> bool:
    """Whether a text holds a Cyrillic letter."""
    return _CYRILLIC.search(text) is not None


def with_both_g(text: str, most: int = 8) -> tuple[str, ...]:
    """The spellings of a folded text with г and ґ; none if they are more than `most`."""
    count = text.count("г")
    if 2**count > most:
        return ()
    pieces = text.split("г")
    return tuple(
        "".join(part + letter for part, letter in zip(pieces, (*letters, ""), strict=True))
        for letters in product("гґ", repeat=count)
    )


def query_variants(token: str) -> tuple[str, ...]:
    """One typed word → the distinct normalised spellings to look for, the word as typed first.

    'gtnhtyrj' → also 'петренко' (wrong keyboard layout), 'мфт' → also 'van', Latin 'COPA' → also 'сора'.
    Single letters get no layout variant: it would match nearly everyone.
    """
    trimmed = token.strip(",.;:")
    typed = [token, _lookalike_word(trimmed), *map(other_layout, (token, trimmed))]
    return tuple(dict.fromkeys(variant for variant in map(normalise, typed) if variant))


def _lookalike_word(token: str) -> str:
    letters = [char for char in token if char.isalpha() and char not in APOSTROPHES]
    return token.translate(TO_CYRILLIC) if letters and all(char in _LOOKALIKE for char in letters) else ""


def other_layout(token: str) -> str:
    """The token as the other keyboard layout would have typed it; '' if that could not be a word."""
    if _QWERTY_WORD.fullmatch(token) and sum(char.isalpha() for char in token) > 1:
        return token.translate(_TO_YTSUKEN)
    word = unicodedata.normalize("NFC", token).lower().translate(_TO_QWERTY)
    is_word = word.isascii() and re.fullmatch(r"[a-z0-9]+(?:['-][a-z0-9]+)*", word)
    return word if is_word and sum(_CYRILLIC.match(char) is not None for char in token) > 1 else ""


def other_keys(text: str) -> str:
    """A text as its keys would have typed it in the other layout, whatever that gives: 'З-000129' → 'p-000129'."""
    return text.lower().translate(_TO_QWERTY) if is_cyrillic(text) else text.translate(_TO_YTSUKEN)


def is_day(iso: str) -> bool:
    try:
        return bool(date.fromisoformat(iso))
    except ValueError:
        return False


def unzr_faults(unzr: str, birth_date: str | None) -> tuple[str, ...]:
    """Warning codes for an УНЗР (YYYYMMDD-NNNNC, ICAO 9303 check digit) of one born on an ISO date, maybe partial."""
    if not re.fullmatch(r"[0-9]{8}-(?!0000)[0-9]{5}", unzr):
        return ("unzr-shape",)
    digits = [int(char) for char in unzr.replace("-", "")]
    check = sum(weight * digit for weight, digit in zip(cycle((7, 3, 1)), digits[:12], strict=False)) % 10
    born = f"{unzr[:4]}-{unzr[4:6]}-{unzr[6:8]}"
    faults = {
        "unzr-check-digit": check != digits[12],
        "unzr-birth-date": not (is_day(born) and born.startswith(birth_date or "")),
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
