"""One letter as a PDF: archival (PDF/A-2a) and accessible (PDF/UA-1), set as an extract is (`extracts/typeset.py`)."""

import re
from datetime import datetime
from pathlib import Path

from registry import texts
from registry.extracts.typeset import (
    HIGHEST_ROW,
    LONG_PART,
    Line,
    Page,
    clock,
    day,
    drawable,
    flowing,
    printed_code,
    typeset,
    worded,
)
from registry.letters.content import Block, Letter
from registry.storage.mapper import instant_text

RENDERER = "1"
"""Changes whenever the same letter would give other bytes; letters record theirs, as extracts do."""

TEMPLATE = Path(__file__).parent / "letter.typ"
SAYS = texts.TEXTS["letter_says"]
_TIED = re.compile(SAYS["tied"])
"""What is not left alone at the end of a line: the sign of a number, the word before a date."""


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
        "sender": _line(shown["sender"]),
        "community": _line(shown["community"]),
        "place": _line(shown.get("place", "")),
        "to": [_line(one) for one in shown.get("to", ())],
        "name": _line(shown["title"]),
        "of": _line(shown.get("of", "")),
        "code": code,
        "check_url": letter.check_url,
        "blocks": [_block(one, marks) for one in letter.blocks],
        # The last block stays with the signature, unless that could not fit any page.
        "high": len(str(letter.blocks[-1:])) > HIGHEST_ROW,
        "signer": _line(shown["signer"]),
        "position": _line(shown["position"]),
        "clerk": _line(SAYS["clerk"].format(shown["clerk"])) if letter.clerk else None,
        "sample": letter.sample,
    }


def _line(text: str) -> Line:
    """A line of text: of long words the parts between hyphens may break anywhere."""
    return flowing(_TIED.sub("\\1\u00a0", text), LONG_PART)


def _block(block: Block, marks: bool) -> Page:
    def said(text: str) -> str:
        return str(drawable(text, marks))

    return {
        "heading": _line(said(block.heading)) if block.heading else None,
        "pairs": [(said(label), [_line(one) for one in said(value).split("\n")]) for label, value in block.pairs],
        "paragraphs": [_line(said(one)) for one in block.paragraphs],
        "points": [
            {
                "text": _line(said(one.text)),
                "beneath": [_line(said(part)) for part in one.beneath],
                "high": sum(map(len, (one.text, *one.beneath))) > HIGHEST_ROW,
            }
            for one in block.points
        ],
        "lines": block.lines,
        "signs": [_line(said(one)) for one in block.signs],
    }
