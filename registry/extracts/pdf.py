"""One extract as a PDF: archival (PDF/A-2a) and accessible (PDF/UA-1) at once, set as `typeset` sets every document.

The content of an extract becomes ready lines of text here; `extract.typ` only lays them out. What is printed is what
`content.read` reads, whatever release recorded it, with the number, code, address of the check, moment of forming and
position beside it.
"""

from datetime import date
from pathlib import Path
from typing import Any

from registry import texts
from registry.extracts.content import Unreadable, read
from registry.extracts.typeset import (
    HIGHEST_ROW,
    KYIV,
    SAYS,
    CannotRender,
    Fact,
    clock,
    dated,
    day,
    drawable,
    flowing,
    lines,
    moment,
    present,
    typeset,
    worded,
)
from registry.ukrainian import PRINTED_LABEL

RENDERER = "2"
"""Changes whenever the same content would give other bytes (a new Typst or segno, or other words in `texts.toml`
included); extracts record theirs."""

TEMPLATE = Path(__file__).parent / "extract.typ"
ANNULLED = texts.TEXTS["states"]["annulled"]
"""The note of a row that was annulled: it lasts till no day."""

Content = dict[str, Any]


def render(content: Content, statement: str | None = None) -> bytes:
    """The PDF of one extract. `content` is not changed. Raises CannotRender, for whatever reason it fails.

    `statement`, ASCII, is put after "hromada-statement" into the keywords, where it stands twice and uncompressed: in
    Info and in XMP. Another text of the same length may take its place there, and the file stays sound.
    """
    try:
        content = {**content, **read(content).printed}
        return typeset(
            TEMPLATE,
            lambda marks: page(content, marks),
            formed_at=moment(content["formed_at"]),
            check_url=content["check_url"],
            statement=statement,
        )
    except KeyError as missing:
        raise CannotRender(SAYS["no_field"].format(missing)) from missing
    except Unreadable as wrong:
        said = SAYS["no_field"].format(repr(wrong.missing)) if wrong.missing else SAYS["bad_content"]
        raise CannotRender(said) from wrong
    except (TypeError, ValueError, AttributeError) as wrong:
        raise CannotRender(SAYS["bad_content"]) from wrong


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
    known |= {"name": title["name"], "of": title["of"], "of_name": genitive, "formed_at": formed_at}
    return worded("document", **known)


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
        (texts.TEXTS["fields"]["rnokpp"], texts.rnokpp(person["rnokpp"])),
        (SAYS["died"], day(died) if died else None),
    )


def basis(shown: Content) -> list[Fact]:
    """On what the extract was formed: card 7 asks for the basis, the day of the request, and who asked."""
    return present(
        (SAYS["basis"], shown["basis"]),
        (SAYS["requested_at"], clock(shown["requested_at"])),
        (SAYS["requester"], shown["requester"]),
    )


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
