"""How text is written: what of it can be kept, what nobody sees, which letters pose as others.

Pure, and of any text; what a name or a number may be, `gate.py` says.
"""

import re
import unicodedata

from registry import ukrainian

_FREQUENT = r"!-~\u0404\u0406\u0407\u0410-\u044f\u0454\u0456\u0457\u0490\u0491\u02bc\u00ab\u00bb\u2116"
_PLAIN = re.compile(rf"[{_FREQUENT}]+(?: [{_FREQUENT}]+)*")
"""Latin, Ukrainian and frequent marks with single blanks between: composed already, and most of what comes."""
_BREAKS = str.maketrans(dict.fromkeys("\t\n\r", " "))
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ue000-\uf8ff]")
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_SEEN_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")
_JOINED = re.compile("[\u0620-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18aa\ufb50-\ufdfb\ufe70-\ufefc]")
"""Letters beside which a joiner says how they are written: Arabic, of India, Tibetan, Burmese, Khmer, Mongolian."""
_MISREAD = tuple("\ufffd".encode().decode(encoding) for encoding in ("cp1251", "latin-1"))
"""U+FFFD, written as UTF-8 and read as if it were cp1251 or Latin 1."""
_ASKED_ALONE = re.compile(r"\s*\?[\s?]*\?\s*")
"""What an encoding without Cyrillic makes of a word."""
_LETTER = r"[\u0400-\u052f]"
_CYRILLIC, _GREEK = re.compile(_LETTER), re.compile("[\u0370-\u03ff]")
_CYRILLIC_ALONE = re.compile(r"[\u0404\u0406\u0407\u0410-\u044f\u0454\u0456\u0457\u0490\u0491\u02bc .-]*")
"""Most of what comes: nothing in it poses as anything."""
_ODD = r"\u0022\u002a\u00a8\u02b9\u02bb\u02bd\u02c8\u201b\u201c\u201d\u201f\u2033\u055a\ua78c\uff02\uff07"
_ODD_APOSTROPHE = re.compile(rf"(?<={_LETTER})[{_ODD}](?={_LETTER})")
"""What stands for an apostrophe on some keyboards and typewriters, between two Cyrillic letters."""
_INNER_DASH = re.compile(r"(?<=[^\W\d_])[\u2010-\u2015\u2212](?=[^\W\d_])")
_MIXED_DIGIT = re.compile(r"[^\W\d_][0-9]|[0-9][^\W\d_]")
_WORD = re.compile(r"[^\W_]+")
_CAPITALS = "ABEKMHOPCTXI", (0x410, 0x412, 0x415, 0x41A, 0x41C, 0x41D, 0x41E, 0x420, 0x421, 0x422, 0x425, 0x406)
_SMALL = "aeopcxyi", (0x430, 0x435, 0x43E, 0x440, 0x441, 0x445, 0x443, 0x456)
TO_LATIN = {code: latin for latins, codes in (_CAPITALS, _SMALL) for latin, code in zip(latins, codes, strict=True)}
TO_CYRILLIC = {ord(latin): chr(code) for code, latin in TO_LATIN.items()}
"""Letters that look the same in both scripts, for `str.translate`."""


def is_plain(text: str) -> bool:
    """Whether a text is written as most are: all of it can be kept, in the line that it is."""
    return "?" not in text and _PLAIN.fullmatch(text) is not None


def in_line(text: str) -> str:
    """In one composed line (NFC): runs of blanks and breaks one blank, nothing that nobody sees but joiners in the
    scripts that are written with them."""
    if _PLAIN.fullmatch(text):
        return text
    return " ".join(unicodedata.normalize("NFC", _seen(text.translate(_BREAKS))).split())


def _seen(text: str) -> str:
    return "".join(char for number, char in enumerate(text) if _is_seen(text, number, char))


def _is_seen(text: str, number: int, char: str) -> bool:
    if char in "\u200c\u200d":
        around = text[max(number - 1, 0) : number] + text[number + 1 : number + 2]
        return len(around) == 2 and all(map(_JOINED.match, around))
    return not _UNSEEN.match(char) and (unicodedata.category(char) != "Cf" or char in _SEEN_FORMATS)


def unreadable(text: str) -> str | None:
    """Why a text cannot be kept: `text-broken` (controls, halves of characters, marks that turn the direction, what is
    no character), `text-lost` (letters that another program has lost). None: it can."""
    if is_plain(text):
        return None
    if _TURNS.search(text) or _NO_CHARACTER.search(text):
        return "text-broken"
    inside = text.strip().translate(_BREAKS)
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co") or ord(char) & 0xFFFE == 0xFFFE for char in inside):
        return "text-broken"
    return "text-lost" if _lost(text) else None


def _lost(text: str) -> bool:
    """Whether letters were lost: U+FFFD, itself or through another encoding, or UTF-8 that was read as cp1251."""
    if "\ufffd" in text or any(sign in text for sign in _MISREAD) or _ASKED_ALONE.fullmatch(text):
        return True
    try:
        read_right = text.encode("cp1251").decode("utf-8")
    except UnicodeError:
        return False
    return len(_CYRILLIC.findall(read_right)) >= 3


def says_something(text: str) -> bool:
    """Whether there is anything but punctuation and blanks."""
    return text[:1].isalnum() or any(unicodedata.category(char)[0] not in "PZ" for char in text)


def one_apostrophe(text: str) -> str:
    """Between two letters U+02BC, whichever key it was typed with; quotes and the rest unchanged."""
    return ukrainian.normalise_apostrophe(_ODD_APOSTROPHE.sub("'", text))


def one_hyphen(text: str) -> str:
    """Between two letters a hyphen, whichever dash was typed."""
    return _INNER_DASH.sub("-", text)


def poses(text: str) -> bool:
    """Whether a word mixes letters of one script with those of another that look alike."""
    if _CYRILLIC_ALONE.fullmatch(text):
        return False
    mixed = (word for word in _WORD.findall(text) if _GREEK.search(word) and _CYRILLIC.search(word))
    return bool(ukrainian.suspicious_letters(text)) or any(mixed)


def poses_beside(text: str, others: str) -> bool:
    """Whether a name has a digit among its letters, or is of nothing but Latin letters that look Cyrillic, and stands
    beside Cyrillic ones."""
    if _MIXED_DIGIT.search(text):
        return True
    letters = [char for char in text if char.isalpha()] if text.isascii() else []
    return bool(letters) and all(ord(char) in TO_CYRILLIC for char in letters) and bool(_CYRILLIC.search(others))


def marked(text: str) -> str:
    """The mark of a paper card, which an office makes as it likes: every apostrophe in it U+02BC."""
    return re.sub(f"[{ukrainian.APOSTROPHES}]", "\u02bc", text)
