"""By what a person and a dwelling are found: the lexemes that their rows hold and a search line asks for.

A lexeme is a word, folded, or one of another kind behind a capital letter. All of a row stand in one `tsvector`, made
here, so that PostgreSQL neither parses nor stems anything: any word of them is found by its beginning.
"""

import base64
import re
import tomllib
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from registry import ukrainian
from registry.aggregates.dwelling.events import Address
from registry.aggregates.person.state import Person

WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
KINDS: dict[str, str] = {spelled: kind for kind, all_ in WORDS["kinds"].items() for spelled in all_.split()}
"""The kind of street or settlement that a word means, however it is shortened."""
LABELS: dict[str, str] = {spelled: place for place, all_ in WORDS["labels"].items() for spelled in all_.split()}
"""Which number of a dwelling follows a word."""

SURNAME, BIRTH, NUMBER, LOOSE, SLIP = "S", "B", "N", "L", "T"
KIND, HOUSE, BUILDING, FLAT, ROOM, ANY = "K", "H", "C", "F", "R", "X"
"""ANY: a number of a dwelling in whatever place."""

LONGEST = 60
"""Letters of a word that are compared: more than any name has, fewer than PostgreSQL refuses."""
SHORTEST_SLIP, LONGEST_SLIP = 4, 24
UKRAINE = "380"


def of_person(person: Person) -> str:
    """What a person is found by, as the text of a `tsvector`: names as they are and were, birth, numbers, phone,
    documents and the mark of the card."""
    said = person.particulars
    found: set[str] = set()
    for one in (said, *person.former):
        for name in filter(None, (one.surname, one.given_names, one.patronymic)):
            found |= _of_name(name)
    if said.surname:
        found |= _of_surname(said.surname)
    if said.birth_date:
        found.add(BIRTH + said.birth_date.replace("-", ""))
    official = [said.unzr, said.rnokpp, *(one.number for one in person.documents)]
    # Without a digit it says why there is no number.
    numbers = [one for one in official if one and any(map(str.isdecimal, one))]
    numbers = [ukrainian.number_key(one) for one in (person.ref, *numbers) if one]
    if said.phone:
        numbers.append(phone_key(said.phone))
    return vector([*found, *(NUMBER + one for one in numbers if one)])


def of_dwelling(address: Address, ref: str | None) -> str:
    """What a dwelling is found by under one of its names, as the text of a `tsvector`."""
    found: set[str] = set()
    for part in filter(None, (address.settlement, address.district, address.street)):
        found |= _of_name(part)
        found |= {KIND + kind for kind in kinds(part)}
    numbered = {HOUSE: address.house, BUILDING: address.building, FLAT: address.flat, ROOM: address.room}
    for place, number in numbered.items():
        for key in filter(None, house_keys(number or "")):
            found |= {place + key, ANY + key}
    if ref and (key := ukrainian.number_key(ref)):
        found.add(NUMBER + key)
    return vector(found)


def haystack(*words: str | None) -> str:
    """Where the inside of words is looked for: as `search_text`, folded."""
    return ukrainian.one_g(ukrainian.search_text(*words))


def vector(lexemes: Iterable[str]) -> str:
    """The text of a `tsvector` as PostgreSQL itself writes it."""
    listed = sorted({one[: LONGEST + 1] for one in lexemes})
    plain = "".join(listed)
    if not listed or "'" in plain or "\\" in plain:
        return " ".join(map(quoted, listed))
    return "'" + "' '".join(listed) + "'"


def quoted(lexeme: str) -> str:
    """A lexeme as the text of a `tsvector` or a `tsquery` holds it."""
    return "'" + lexeme.replace("'", "").replace("\\", "") + "'"


def prefix(word: str) -> str:
    """What asks for the lexemes that begin so; nothing for an empty word."""
    return f"{quoted(word[:LONGEST])}:*" if word else ""


def any_of(queries: Iterable[str]) -> str:
    """What asks for one of these; nothing, if none is asked for."""
    found = distinct(queries)
    return found[0] if len(found) == 1 else f"({' | '.join(found)})" if found else ""


def all_of(queries: Iterable[str]) -> str:
    """What asks for all of these that ask for something."""
    found = distinct(queries)
    return found[0] if len(found) == 1 else f"({' & '.join(found)})" if found else ""


def distinct(queries: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order, without the empty ones."""
    return tuple(dict.fromkeys(one for one in queries if one))


@lru_cache(maxsize=50_000)
def _of_name(name: str) -> frozenset[str]:
    """The lexemes of one name, of a word or of several: names repeat, so a bulk load asks for few different ones."""
    words = ukrainian.folded(name).split()
    joined = ["".join(words)] if len(words) > 1 else []
    found: set[str] = set()
    for word in (*words, *joined):
        found |= set(spellings(word))
    for word in words:
        if word not in KINDS:
            found |= set(slips(word))
            plain = ukrainian.loose(word)
            found |= {LOOSE + plain} - {LOOSE, LOOSE + word}
    return frozenset(found)


@lru_cache(maxsize=50_000)
def _of_surname(surname: str) -> frozenset[str]:
    """The lexemes by which a surname is found as one; surnames repeat as names do."""
    return frozenset(SURNAME + one for one in spellings("".join(ukrainian.folded(surname).split())))


def spellings(word: str) -> Iterator[str]:
    """A folded word as it is, in Latin letters by resolution № 55, and as those sound."""
    yield word
    latin = "".join(ukrainian.normalise(ukrainian.transliterate(word)).split())
    if latin and latin != word:
        yield latin
    if latin.isascii() and (sound := ukrainian.latin_sound(latin)) not in (word, latin):
        yield sound


def slips(word: str) -> Iterator[str]:
    """What a word has in common with those that differ from it by a letter left out, put in, changed or swapped with
    the next one: itself and itself without each letter, loosely spelled. Hashed: only their equality matters."""
    plain = ukrainian.loose(word)
    if not SHORTEST_SLIP <= len(plain) <= LONGEST_SLIP or not plain.isalpha():
        return
    for one in {plain, *(plain[:at] + plain[at + 1 :] for at in range(len(plain)))}:
        yield SLIP + base64.urlsafe_b64encode(zlib.crc32(one.encode()).to_bytes(4, "big"))[:6].decode()


def kinds(text: str) -> list[str]:
    """The kinds of street or settlement that a text names."""
    return [KINDS[word] for word in re.split(r"[\s.,]+", text.casefold()) if word in KINDS]


def house_keys(number: str) -> list[str]:
    """A number of a house or a flat in its one spelling, and each of the numbers that a slash or a hyphen divides:
    '12-А' → ['12а']; '10/9' → ['10/9', '10', '9']."""
    plain = "".join(number.casefold().upper().split()).translate(ukrainian.TO_CYRILLIC).casefold()
    plain = ukrainian.one_g(re.sub(rf"[{ukrainian.DASHES}]", "-", plain)).replace("\\", "/")
    plain = re.sub(r"[^\w/-]+", "", plain)
    plain = re.sub(r"(?<=\d)-(?=[^\W\d])", "", plain).strip("/-")
    if not plain:
        return []
    pieces = [one for one in re.split("[/-]", plain) if one]
    whole = "/".join(pieces)
    return list(dict.fromkeys([whole, *pieces])) if len(pieces) > 1 else [whole]


def phone_key(text: str) -> str:
    """A phone in its one spelling: '067 123-45-67', '+38 (067) 1234567', '80671234567' → '380671234567'."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == 12 and digits.startswith(UKRAINE):
        return digits
    if len(digits) == 11 and digits.startswith("80"):
        return f"3{digits}"
    if len(digits) == 10 and digits.startswith("0"):
        return f"38{digits}"
    return f"{UKRAINE}{digits}" if len(digits) == 9 and not text.strip().startswith("+") else digits
