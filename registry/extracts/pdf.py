"""One extract as a PDF: archival (PDF/A-2a) and accessible (PDF/UA-1) at once.

The content of an extract becomes ready lines of text here; `extract.typ` only lays them out. The text reaches Typst
as JSON and is never evaluated, so nothing written in a name can act. The same content always gives the same bytes.

What is printed is what `content.read` reads, whatever release recorded it, with the number, code, address of the check,
moment of forming and position beside it.
"""

import json
import re
from collections import deque
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import category
from zoneinfo import ZoneInfo

import segno
import typst
from fontTools.ttLib import TTFont

from registry import texts
from registry.extracts.content import Unreadable, read
from registry.ukrainian import PRINTED_LABEL

RENDERER = "2"
"""Changes whenever the same content would give other bytes (a new Typst or segno, or other words in `texts.toml`
included); extracts record theirs."""

HERE = Path(__file__).parent
TEMPLATE = HERE / "extract.typ"
FONTS = HERE / "fonts"
KYIV = ZoneInfo("Europe/Kyiv")
LONG_WORD = re.compile(r"\S{20,}")
"""A word that might be wider than its column, though none of its letters is."""
PIECE = 5
"""So many letters of a long word stay together."""
HIGHEST_ROW = 1500
"""Characters in a row, or in a block, that surely fit one page."""
MASK = 0
"""The mask of the QR code. To try all eight and score them would take most of the time of drawing one; any scans."""
PRECISION = {"none": 0, "year": 1, "month": 2}
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
INVISIBLE = frozenset((0x034F, *range(0xFE00, 0xFE10)))
"""A joiner and selectors of variants: fonts have them and draw nothing, yet their category is that of marks."""
SAYS = texts.TEXTS["document_says"]
ANNULLED = texts.TEXTS["states"]["annulled"]
"""The note of a row that was annulled: it lasts till no day."""
FOR_TYPST = {name: f"{{{name}}}" for name in ("page", "total", "link")}
"""What only the template can put into the words."""

Content = dict[str, Any]
Line = str | list[str]
"""One line of text; as pieces, if it has a word so long that it may break between them."""
Fact = tuple[str, list[Line]]
"""A label and its value; what follows the first line of a value is printed smaller."""


class CannotRender(Exception):
    """The document cannot be made from this content; the message, in Ukrainian, says why."""


def render(content: Content, statement: str | None = None) -> bytes:
    """The PDF of one extract. `content` is not changed. Raises CannotRender, for whatever reason it fails.

    `statement`, ASCII, is put after "hromada-statement" into the keywords, where it stands twice and uncompressed: in
    Info and in XMP. Another text of the same length may take its place there, and the file stays sound.
    """
    try:
        content = {**content, **read(content).printed}
        formed_at = moment(content["formed_at"])
        told = {"qr": qr(content["check_url"]), **({"statement": statement} if statement else {})}
        try:
            return compiled(told | {"page": written(page(content))}, formed_at)
        except typst.TypstError:
            # Of a letter and a mark of another script there may be no font that draws both: then all marks are codes.
            return compiled(told | {"page": written(page(content, marks=False))}, formed_at)
    except typst.TypstError as wrong:
        raise CannotRender(SAYS["cannot_form"]) from wrong
    except KeyError as missing:
        raise CannotRender(SAYS["no_field"].format(missing)) from missing
    except Unreadable as wrong:
        said = SAYS["no_field"].format(repr(wrong.missing)) if wrong.missing else SAYS["bad_content"]
        raise CannotRender(said) from wrong
    except (TypeError, ValueError, AttributeError) as wrong:
        raise CannotRender(SAYS["bad_content"]) from wrong


def written(page: Content) -> str:
    """The page as the template reads it."""
    return json.dumps(page, ensure_ascii=False)


# --- what is printed -------------------------------------------------------------------------------------------------


def page(content: Content, marks: bool = True) -> Content:
    """Everything the template prints, as text that the bundled fonts can draw; combining marks by code if asked."""
    shown = drawable(content, marks)
    title, sealed = shown["title"], shown["sealed"]
    return {
        **{key: shown[key] for key in ("number", "code", "check_url")},
        "name": title["name"],
        "of": title["of"],
        "formed_at": clock(content["formed_at"]),
        "words": words(shown, title, clock(content["formed_at"])),
        "kind": lines(shown["kind"]),
        "office": flowing(shown["office"]),
        "author": shown["office"],
        "community": flowing(shown["community"]),
        "past": past(content) if content["past"] else [],
        "sample": content["sample"],
        "about": of_dwelling(shown) if shown["dwelling"] else of_person(shown),
        "basis": basis(shown),
        "high": len(shown["requester"]) + len(shown["basis"]) > HIGHEST_ROW,
        "meaning": meaning(content, title["name"]),
        "state": flowing(
            SAYS["state"].format(
                register=shown["register"],
                on=day(content["on"]),
                known_at=clock(content["known_at"], seconds=True),
                position=content["position"],
            )
        ),
        "clerk": flowing(shown["clerk"]),
        "sealed": flowing(sealed) if sealed else None,
    }


def words(shown: Content, title: Content, formed_at: str) -> dict[str, str]:
    """What the template says by itself; `{page}`, `{total}` and `{link}` are left to it."""
    genitive = texts.TEXTS["extract_genitives"].get(title["name"]) or SAYS["of_document"]
    known = {name: shown[name] for name in ("number", "code", "check_url")}
    known |= {"name": title["name"], "of": title["of"], "of_name": genitive, "formed_at": formed_at, **FOR_TYPST}
    return {code: text.format_map(known) for code, text in texts.TEXTS["document"].items()}


def of_person(shown: Content) -> Content:
    """The sections of an extract about a person: who, where, and the earlier periods if these were asked for."""
    on, person, previous = day(shown["on"]), shown["person"], shown["previous"]
    nothing = SAYS["nothing"].format(on)
    return {
        "who": particulars(person),
        "ids": numbers(person, shown["died"]),
        "nothing": nothing if shown["no_data"] or not shown["residences"] else None,
        "residences": [
            residence(row, SAYS["not_ended"] if shown["past"] else texts.TEXTS["dates"]["open"])
            for row in shown["residences"]
        ],
        "previous": None if previous is None else [residence(row, SAYS["unstated"]) for row in previous],
    }


def of_dwelling(shown: Content) -> Content:
    """The sections of an extract about a dwelling: its address, and who is registered there, least data of each."""
    on, dwelling, residents = day(shown["on"]), shown["dwelling"], shown["residents"]
    now = address(dwelling["address_now"]) if dwelling["address_now"] else None
    return {
        "dwelling": present((SAYS["address"], address(dwelling["address"])), (SAYS["address_now"], now)),
        "told": SAYS["residents" if residents else "no_residents"].format(on=on, number=len(residents)),
        "residents": [resident(number, row) for number, row in enumerate(residents, start=1)],
    }


def particulars(person: Content) -> list[Fact]:
    """Labelled names; the transcription from the document only where a name has a character that cannot be drawn."""
    return present(
        (SAYS["surname"], person["surname"] or SAYS["unstated"]),
        (SAYS["given_names"], person["given_names"] or SAYS["unstated"]),
        (SAYS["patronymic"], person["patronymic"]),
        (SAYS["latin"], transcription(person)),
    )


def transcription(person: Content) -> str | None:
    """The name in Latin letters as the document has it, if the name itself cannot be printed whole."""
    names = (person["surname"], person["given_names"], person["patronymic"])
    return person["latin"] if any("[U+" in (name or "") for name in names) else None


def numbers(person: Content, died: str | None) -> list[Fact]:
    """Labelled date of birth and the two numbers of a person, those that the register has; the date of death."""
    return present(
        (SAYS["birth_date"], day(person["birth_date"])),
        (texts.TEXTS["fields"]["unzr"], person["unzr"]),
        (texts.TEXTS["fields"]["rnokpp"], person["rnokpp"]),
        (SAYS["died"], day(died) if died else None),
    )


def basis(shown: Content) -> list[Fact]:
    """On what the extract was formed: card 7 asks for the basis, the day of the request, and who asked."""
    return present(
        (SAYS["basis"], shown["basis"]),
        (SAYS["requested_at"], clock(shown["requested_at"])),
        (SAYS["requester"], shown["requester"]),
    )


def present(*pairs: tuple[str, str | None]) -> list[Fact]:
    """The pairs that have a value. A precision in brackets, «(день невідомий)», stands on a line of its own."""
    return [(label, lines(*dated(value))) for label, value in pairs if value]


def residence(row: Content, open_end: str) -> Content:
    """One row of a table of residences: kind, address with its remarks, two dates."""
    if row["note"] == ANNULLED and not row["until"]:
        row, open_end = row | {"note": None}, ANNULLED
    until = day(row["until"], row["until_known"]) if row["until"] else open_end
    return cells([row["kind"]], [address(row["address"]), *remarks(row)], since(row), dated(until))


def resident(number: int, row: Content) -> Content:
    """One row of the table of those registered in a dwelling: number, name with its remarks, kind, date."""
    name = " ".join(row[part] for part in ("surname", "given_names", "patronymic") if row[part]) or SAYS["unstated"]
    latin = transcription(row)
    latinised = [SAYS["in_latin"].format(latin)] if latin else []
    return cells([str(number)], [name, *latinised, *remarks(row)], [row["kind"]], since(row))


def cells(*given: list[str]) -> Content:
    """A row of a table: the lines of each cell, and whether it may be too high to stay on one page."""
    high = sum(len(line) for cell in given for line in cell) > HIGHEST_ROW
    return {"cells": [lines(*cell) for cell in given], "high": high}


def address(written: str | None) -> str:
    """An address with its short labels tied to what follows them."""
    return PRINTED_LABEL.sub("\\1\u00a0", written or SAYS["unstated"])


def since(row: Content) -> list[str]:
    """The lines of the day a residence began."""
    return dated(day(row["since"], row["since_known"]))


def remarks(row: Content) -> list[str]:
    """What is said under a row: the address's name today, the row's note, why it stands beside another residence."""
    renamed = [SAYS["called_now"].format(address(row["address_now"]))] if row["address_now"] else []
    note = [row["note"]] if row["note"] else []
    kept = [SAYS["kept"]] if row["kept"] else []
    return renamed + note + kept


def past(content: Content) -> list[str]:
    """In words, how an extract about the past differs from one of today."""
    formed, known = moment(content["formed_at"]), moment(content["known_at"])
    on_past_day = date.fromisoformat(content["on"]) < formed.astimezone(KYIV).date()
    as_it_stood = known < formed and clock(content["known_at"]) != clock(content["formed_at"])
    said = [SAYS["past_day"].format(day(content["on"]))] if on_past_day else []
    if as_it_stood:
        said += [SAYS["as_it_stood"].format(clock(content["known_at"]))]
    return said or [SAYS["as_of"].format(on=day(content["on"]), known_at=clock(content["known_at"]))]


def meaning(content: Content, name: str) -> str:
    """In words, what the document confirms and what it does not."""
    if content["dwelling"]:
        sentences = ["names" if content["residents"] else "names_nobody", "not_family"]
    elif content["no_data"] or not content["residences"]:
        sentences = ["confirms_nothing", "not_others"]
    else:
        ended = all(row["until"] or row["note"] == ANNULLED for row in content["residences"])
        sentences = ["confirms", *(["none_standing"] if ended else [])]
    sentences += [*(["only_here"] if content["previous"] is not None else []), "no_title"]
    when = SAYS["when_past" if content["past"] else "when_now"]
    return " ".join(SAYS[code].format(name=name, when=when) for code in sentences)


# --- lines -----------------------------------------------------------------------------------------------------------


def lines(*texts: str) -> list[Line]:
    """The lines of one value."""
    return [flowing(text) for text in texts]


def dated(value: str) -> list[str]:
    """A date as written by `day`, what is unknown of it on a line of its own. Anything else stays one line."""
    written, bracket, unknown = value.partition(" (")
    return [written, f"({unknown}"] if bracket and unknown.endswith(SAYS["unknown_part"]) else [value]


def flowing(text: str) -> Line:
    """The text, in pieces if a word is so long that it must be able to break anywhere: a name never leaves the page."""
    if not LONG_WORD.search(text):
        return text
    return LONG_WORD.sub(lambda word: "\0".join(pieces(word[0])), text).split("\0")


def pieces(word: str) -> list[str]:
    """A word cut after every few letters, never before a mark that stands on the letter before it."""
    letters = [place for place, character in enumerate(word) if category(character)[0] != "M"]
    return [word[start:end] for start, end in pairwise([0, *letters[PIECE::PIECE], len(word)])]


# --- dates -----------------------------------------------------------------------------------------------------------


def moment(stamp: str) -> datetime:
    """A recorded time, `2026-11-23T09:15:42.123456Z`. Raises ValueError, also where the zone is left out."""
    read = datetime.fromisoformat(stamp)
    if read.tzinfo is None:
        raise ValueError(f"an instant without its zone: {stamp}")
    return read


def clock(stamp: str, seconds: bool = False) -> str:
    """A recorded time as clocks in Kyiv show it: `23.11.2026 11:15`."""
    return moment(stamp).astimezone(KYIV).strftime("%d.%m.%Y %H:%M:%S" if seconds else "%d.%m.%Y %H:%M")


def day(written: str | None, known: str | None = "day") -> str:
    """A date as far as it is written and known: `15.07.2010`, `травень 2008 (день невідомий)`, … Raises ValueError."""
    parts = [int(part) for part in written.split("-")] if written else []
    if parts:
        date(*parts, *[1] * (3 - len(parts)))
    match parts[: PRECISION.get(known or "day", 3)]:
        case [year, month, number]:
            return f"{number:02}.{month:02}.{year:04}"
        case [year, month]:
            return SAYS["month"].format(SAYS["months"].split()[month - 1], year)
        case [year]:
            return SAYS["year"].format(year)
    return texts.TEXTS["dates"]["unknown"]


# --- characters ------------------------------------------------------------------------------------------------------


def drawable(value: Any, marks: bool = True) -> Any:
    """A copy of a JSON value in which every character that cannot be printed reads [U+XXXX]."""
    match value:
        case str() if value.isascii() and value.isprintable():
            return value
        case str():
            return "".join(drawn(character, marks) for character in value)
        case dict():
            return {key: drawable(item, marks) for key, item in value.items()}
        case list():
            return [drawable(item, marks) for item in value]
    return value


@lru_cache(maxsize=4096)
def drawn(character: str, marks: bool = True) -> str:
    """The character, a space for any blank, or its code where no glyph shows it (marks of direction included)."""
    if character.isspace():
        return "\u00a0" if character in "\u00a0\u202f" else " "
    kind = category(character)
    visible = ord(character) in glyphs() and kind not in UNPRINTABLE and (marks or kind[0] != "M")
    return character if visible else f"[U+{ord(character):04X}]"


@lru_cache(maxsize=1)
def glyphs() -> frozenset[int]:
    """Code points that can be seen when printed, regular and bold, in one family or another of the bundled fonts."""

    def of_font(path: Path) -> frozenset[int]:
        with TTFont(path, lazy=True) as font:
            return frozenset(font.getBestCmap())

    def of_weight(weight: str) -> frozenset[int]:
        return frozenset().union(*map(of_font, FONTS.glob(f"*-{weight}.ttf")))

    return (of_weight("Regular") & of_weight("Bold")) - INVISIBLE


# --- engine ----------------------------------------------------------------------------------------------------------

_idle: deque[typst.Compiler] = deque(maxlen=4)


def compiled(inputs: dict[str, str], formed_at: datetime) -> bytes:
    """The template filled with `inputs`. A compiler serves one thread at a time and then waits to be used again. Raises
    TypstError, also for a character without a glyph: the standards forbid to draw one."""
    try:
        compiler = _idle.pop()
    except IndexError:
        compiler = typst.Compiler(TEMPLATE, root=HERE, font_paths=fonts())
    try:
        document = compiler.compile(
            format="pdf", pdf_standards=["a-2a", "ua-1"], sys_inputs=inputs, timestamp=int(formed_at.timestamp())
        )
    finally:
        _idle.append(compiler)
    assert isinstance(document, bytes)
    return document


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The bundled fonts and no others, so that every machine makes the same bytes."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def qr(url: str) -> str:
    """The address as a QR code in SVG; the template leaves the quiet zone around it."""
    return segno.make_qr(url, error="m", mask=MASK).svg_inline(border=0)
