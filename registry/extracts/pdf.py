"""One extract as a PDF: archival (PDF/A-2a) and accessible (PDF/UA-1) at once.

The content of an extract becomes ready lines of text here; `extract.typ` only lays them out. The text reaches Typst
as JSON and is never evaluated, so nothing written in a name can act. The same content always gives the same bytes.
"""

import json
import re
from collections import deque
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import category
from zoneinfo import ZoneInfo

import segno
import typst
from fontTools.ttLib import TTFont

RENDERER = "1"
"""Changes whenever the same content would give other bytes (a new Typst or segno included); extracts record theirs."""

HERE = Path(__file__).parent
TEMPLATE = HERE / "extract.typ"
FONTS = HERE / "fonts"
KYIV = ZoneInfo("Europe/Kyiv")
MONTHS = [
    "січень",
    "лютий",
    "березень",
    "квітень",
    "травень",
    "червень",
    "липень",
    "серпень",
    "вересень",
    "жовтень",
    "листопад",
    "грудень",
]
SHORT_LABEL = re.compile(r"\b((?:буд|корп|кв)\.) ")
"""No line of an address ends between «буд.» and its number."""
PRECISION = {"none": 0, "year": 1, "month": 2}
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
UNKNOWN = "дата невідома"
UNSTATED = "не зазначено"

AS_GIVEN = ("number", "code", "check_url", "kind", "register", "community", "office", "basis", "requester", "clerk")

Content = dict[str, Any]


class CannotRender(Exception):
    """The document cannot be made from this content; the message, in Ukrainian, says why."""


def render(content: Content) -> bytes:
    """The PDF of one extract. `content` is not changed. Raises CannotRender, for whatever reason it fails."""
    try:
        formed_at = moment(content["formed_at"])
        inputs = {"page": json.dumps(page(content), ensure_ascii=False), "qr": qr(content["check_url"])}
    except KeyError as missing:
        raise CannotRender(f"У змісті витягу немає поля {missing}.") from missing
    except (TypeError, ValueError, AttributeError) as wrong:
        raise CannotRender("Зміст витягу записано неправильно, документ не сформовано.") from wrong
    return compiled(inputs, formed_at)


# --- what is printed -------------------------------------------------------------------------------------------------


def page(content: Content) -> Content:
    """Everything the template prints, as text that the bundled fonts can draw."""
    shown = drawable(content)
    return {
        **{key: shown[key] for key in AS_GIVEN},
        "position": content["position"],
        "formed_at": clock(content["formed_at"]),
        "requested_at": clock(content["requested_at"]),
        "known_at": clock(content["known_at"], seconds=True),
        "on": day(content["on"]),
        "past": past(content) if content["past"] else [],
        "who": particulars(shown["person"]),
        "ids": numbers(shown["person"], shown["died"]),
        "empty": content["no_data"] or not content["residences"],
        "residences": [residence(row, "не знято" if content["past"] else "по цей час") for row in shown["residences"]],
        "previous": earlier(shown["previous"]),
    }


def particulars(person: Content) -> list[list[str]]:
    """Labelled names; the transcription from the document only where a name has a character that cannot be drawn."""
    undrawn = any("[U+" in (person[name] or "") for name in ("surname", "given_names", "patronymic"))
    return present(
        ("Прізвище", person["surname"] or UNSTATED),
        ("Власне ім’я", person["given_names"] or UNSTATED),
        ("По батькові", person["patronymic"]),
        ("Латиницею", person.get("latin") if undrawn else None),
    )


def numbers(person: Content, died: str | None) -> list[list[str]]:
    """Labelled date of birth and the two numbers of a person, those that the register has; the date of death."""
    return present(
        ("Дата народження", day(person["birth_date"])),
        ("УНЗР", person["unzr"]),
        ("РНОКПП", person["rnokpp"]),
        ("Дата смерті", day(died) if died else None),
    )


def present(*pairs: tuple[str, str | None]) -> list[list[str]]:
    """The pairs that have a value."""
    return [[label, value] for label, value in pairs if value]


def earlier(rows: list[Content] | None) -> list[Content] | None:
    """The rows of earlier periods; None, as given, where they were not asked for."""
    return None if rows is None else [residence(row, UNSTATED) for row in rows]


def residence(row: Content, open_end: str) -> Content:
    """One row of a table of residences: kind, address, two dates and the lines under the address."""
    return {
        "kind": row["kind"],
        "address": SHORT_LABEL.sub("\\1\u00a0", row["address"] or UNSTATED),
        "since": day(row["since"], row["since_known"]),
        "until": day(row["until"], row["until_known"]) if row["until"] else open_end,
        "remarks": remarks(row),
    }


def remarks(row: Content) -> list[str]:
    """What is said under an address: its name today, the row's note, why it stands beside another residence."""
    renamed = [f"нинішня адреса: {row['address_now']}"] if row["address_now"] else []
    note = [row["note"]] if row["note"] else []
    kept = ["не знято: тимчасово окупована територія або територія бойових дій"] if row["kept"] else []
    return renamed + note + kept


def past(content: Content) -> list[str]:
    """In words, how an extract about the past differs from one of today."""
    formed, known = moment(content["formed_at"]), moment(content["known_at"])
    on_past_day = date.fromisoformat(content["on"]) < formed.astimezone(KYIV).date()
    as_it_stood = known < formed and clock(content["known_at"]) != clock(content["formed_at"])
    lines = [f"Відомості подано на минулий день: {day(content['on'])}."] if on_past_day else []
    if as_it_stood:
        lines += [
            f"Відомості подано так, як їх містив реєстр {clock(content['known_at'])}; пізніші записи не враховано."
        ]
    return lines or [f"Відомості подано на {day(content['on'])} за станом реєстру на {clock(content['known_at'])}."]


# --- dates -----------------------------------------------------------------------------------------------------------


def moment(stamp: str) -> datetime:
    """A recorded time, `2026-11-23T09:15:42.123456Z`. Raises ValueError, also where the zone is left out."""
    read = datetime.fromisoformat(stamp)
    if read.tzinfo is None:
        raise ValueError(f"час без часового поясу «{stamp}»")
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
            return f"{MONTHS[month - 1]} {year} (день невідомий)"
        case [year]:
            return f"{year} рік (місяць невідомий)"
    return UNKNOWN


# --- characters ------------------------------------------------------------------------------------------------------


def drawable(value: Any) -> Any:
    """A copy of a JSON value in which every character that cannot be printed reads [U+XXXX]."""
    match value:
        case str():
            return value if value.isascii() and value.isprintable() else "".join(map(drawn, value))
        case dict():
            return {key: drawable(item) for key, item in value.items()}
        case list():
            return [drawable(item) for item in value]
    return value


@lru_cache(maxsize=4096)
def drawn(character: str) -> str:
    """The character, a space for any blank, or its code where no glyph shows it (marks of direction included)."""
    if character.isspace():
        return "\u00a0" if character in "\u00a0\u202f" else " "
    visible = ord(character) in glyphs() and category(character) not in UNPRINTABLE
    return character if visible else f"[U+{ord(character):04X}]"


@lru_cache(maxsize=1)
def glyphs() -> frozenset[int]:
    """Code points that every bundled font draws."""
    return frozenset.intersection(*(frozenset(TTFont(path, lazy=True).getBestCmap()) for path in FONTS.glob("*.ttf")))


# --- engine ----------------------------------------------------------------------------------------------------------

_idle: deque[typst.Compiler] = deque(maxlen=4)


def compiled(inputs: dict[str, str], formed_at: datetime) -> bytes:
    """The template filled with `inputs`. A compiler serves one thread at a time and then waits to be used again."""
    try:
        compiler = _idle.pop()
    except IndexError:
        compiler = typst.Compiler(TEMPLATE, root=HERE, font_paths=fonts())
    try:
        document = compiler.compile(
            format="pdf", pdf_standards=["a-2a", "ua-1"], sys_inputs=inputs, timestamp=int(formed_at.timestamp())
        )
    except typst.TypstError as wrong:
        raise CannotRender("Документ за цим змістом не вдалося сформувати.") from wrong
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
    return segno.make_qr(url, error="m").svg_inline(border=0)
