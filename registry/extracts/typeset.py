"""What every document that we issue is set with: the bundled fonts, lines that never leave the page, characters that
the fonts can draw, dates in words, the QR code, and the engine that makes PDF/A-2a and PDF/UA-1 at once.

A document becomes ready lines of text before its layout (`extract.typ`, `letter.typ`) sees it. The text reaches Typst
as JSON and is never evaluated, so nothing written in a name can act. The same inputs always give the same bytes.
"""

import json
import re
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import datetime
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
from registry.aggregates.values import first_day

HERE = Path(__file__).parent
ROOT = HERE.parent
"""What a layout may import from: `paper.typ` is shared by all of them."""
FONTS = HERE / "fonts"
KYIV = ZoneInfo("Europe/Kyiv")
LONG_WORD = re.compile(r"\S{20,}")
"""A word that might be wider than its column, though none of its letters is."""
LONG_PART = re.compile(r"[^\s-]{20,}")
"""The same of a word that may break at its hyphens."""
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
FOR_TYPST = {name: f"{{{name}}}" for name in ("page", "total", "link")}
"""What only the template can put into the words."""

Page = dict[str, Any]
"""What a layout prints, as JSON."""
Line = str | list[str]
"""One line of text; as pieces, if it has a word so long that it may break between them."""
Fact = tuple[str, list[Line]]
"""A label and its value; what follows the first line of a value is printed smaller."""


class CannotRender(Exception):
    """The document cannot be made from this content; the message, in Ukrainian, says why."""


def typeset(
    layout: Path,
    page: Callable[[bool], Page],
    *,
    formed_at: datetime,
    check_url: str | None = None,
    statement: str | None = None,
) -> bytes:
    """The PDF of a page. `page` makes it, with combining marks as they are (True) or by their codes. `check_url`
    becomes its QR code, and `statement`, ASCII, stands after "hromada-statement" in the keywords. Raises
    `CannotRender`."""
    told = {**({"qr": qr(check_url)} if check_url else {}), **({"statement": statement} if statement else {})}
    try:
        try:
            return compiled(layout, told | {"page": written(page(True))}, formed_at)
        except typst.TypstError:
            # Of a letter and a mark of another script there may be no font that draws both: then all marks are codes.
            return compiled(layout, told | {"page": written(page(False))}, formed_at)
    except typst.TypstError as wrong:
        raise CannotRender(SAYS["cannot_form"]) from wrong


def written(page: Page) -> str:
    """The page as the template reads it."""
    return json.dumps(page, ensure_ascii=False)


def worded(*groups: str, **known: str) -> dict[str, str]:
    """What a layout says by itself, of groups of `texts.toml`; `{page}`, `{total}` and `{link}` are left to it."""
    said = {code: text for group in groups for code, text in texts.TEXTS[group].items()}
    return {code: text.format_map({**known, **FOR_TYPST}) for code, text in said.items()}


# --- lines -----------------------------------------------------------------------------------------------------------


def lines(*texts: str) -> list[Line]:
    """The lines of one value."""
    return [flowing(text) for text in texts]


def dated(value: str) -> list[str]:
    """A date as written by `day`, what is unknown of it on a line of its own. Anything else stays one line."""
    written, bracket, unknown = value.partition(" (")
    return [written, f"({unknown}"] if bracket and unknown.endswith(SAYS["unknown_part"]) else [value]


def present(*pairs: tuple[str, str | None]) -> list[Fact]:
    """The pairs that have a value. A precision in brackets, «(день невідомий)», stands on a line of its own."""
    return [(label, lines(*dated(value))) for label, value in pairs if value]


def flowing(text: str, long: re.Pattern[str] = LONG_WORD) -> Line:
    """The text, in pieces if a word is so long that it must be able to break anywhere: a name never leaves the page."""
    if not long.search(text):
        return text
    return long.sub(lambda word: "\0".join(pieces(word[0])), text).split("\0")


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
    if written and parts:
        # Old cards say 30 February: what the log holds is printed as the papers have it.
        first_day(written)
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


def printed_code(code: str) -> str:
    """The code of a check as it is printed: `K7QM-3XFB-9D2A`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


# --- engine ----------------------------------------------------------------------------------------------------------

_idle: Mapping[Path, deque[typst.Compiler]] = defaultdict(lambda: deque(maxlen=4))


def compiled(layout: Path, inputs: dict[str, str], formed_at: datetime) -> bytes:
    """A layout filled with `inputs`. A compiler serves one thread at a time and then waits to be used again. Raises
    TypstError, also for a character without a glyph: the standards forbid to draw one."""
    idle = _idle[layout]
    try:
        compiler = idle.pop()
    except IndexError:
        compiler = typst.Compiler(layout, root=ROOT, font_paths=fonts())
    try:
        document = compiler.compile(
            format="pdf", pdf_standards=["a-2a", "ua-1"], sys_inputs=inputs, timestamp=int(formed_at.timestamp())
        )
    finally:
        idle.append(compiler)
    assert isinstance(document, bytes)
    return document


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The bundled fonts and no others, so that every machine makes the same bytes."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def qr(url: str) -> str:
    """The address as a QR code in SVG; the template leaves the quiet zone around it."""
    return segno.make_qr(url, error="m", mask=MASK).svg_inline(border=0)
