"""One letter as a PDF: archival (PDF/A-2a) and accessible (PDF/UA-1), set as an extract is (`extracts/typeset.py`)."""

from datetime import datetime
from pathlib import Path

from registry import texts
from registry.extracts.typeset import (
    HIGHEST_ROW,
    Page,
    clock,
    day,
    drawable,
    flowing,
    lines,
    typeset,
    worded,
)
from registry.letters.content import Block, Letter
from registry.storage.mapper import instant_text

RENDERER = "1"
"""Changes whenever the same letter would give other bytes; letters record theirs, as extracts do."""

TEMPLATE = Path(__file__).parent / "letter.typ"
SAYS = texts.TEXTS["letter_says"]


def render(letter: Letter, formed_at: datetime, statement: str | None = None) -> bytes:
    """The PDF of a letter; the same letter and moment (with a zone) always give the same bytes. `statement` as in
    `extracts.pdf.render`. Raises `CannotRender`."""
    return typeset(
        TEMPLATE,
        lambda marks: page(letter, formed_at, marks),
        formed_at=formed_at,
        check_url=letter.check_url,
        statement=statement,
    )


def page(letter: Letter, formed_at: datetime, marks: bool = True) -> Page:
    """Everything that the layout prints, as text that the bundled fonts can draw."""
    shown = drawable(letter.stored, marks)
    title = " ".join(filter(None, (shown["title"], shown.get("of"))))
    number = SAYS["number"].format(shown["number"]) if letter.number else SAYS["no_number"]
    code = printed_code(letter.code) if letter.code else None
    known = {"name": shown["title"], "title": title, "number": number, "dated": day(letter.dated)}
    known |= {"code": code or "", "check_url": letter.check_url or "", "formed_at": clock(instant_text(formed_at))}
    words = worded("letter_document", **known)
    return {
        "words": words | ({} if code else {"foot": words["foot_plain"]}),
        "author": shown["sender"],
        "sender": flowing(shown["sender"]),
        "community": flowing(shown["community"]),
        "place": flowing(shown.get("place", "")),
        "to": lines(*shown["to"]),
        "name": flowing(shown["title"]),
        "of": flowing(shown.get("of", "")),
        "code": code,
        "check_url": letter.check_url,
        "blocks": [_block(one, marks) for one in letter.blocks],
        "signer": flowing(shown["signer"]),
        "position": flowing(shown["position"]),
        "clerk": flowing(SAYS["clerk"].format(shown["clerk"])) if letter.clerk else None,
        "sample": letter.sample,
    }


def printed_code(code: str) -> str:
    """The code of a check as it is printed: `K7QM-3XFB-9D2A`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _block(block: Block, marks: bool) -> Page:
    def said(text: str) -> str:
        return str(drawable(text, marks))

    return {
        "heading": flowing(said(block.heading)) if block.heading else None,
        "pairs": [(said(label), lines(*said(value).split("\n"))) for label, value in block.pairs],
        "paragraphs": [flowing(said(one)) for one in block.paragraphs],
        "points": [
            {
                "text": flowing(said(one.text)),
                "beneath": lines(*map(said, one.beneath)),
                "high": sum(map(len, (one.text, *one.beneath))) > HIGHEST_ROW,
            }
            for one in block.points
        ],
    }
