"""Issuing a letter by its two facts, as an extract is (semantics 9): formed in the act of the decision, with number,
code and content; then issued, with the hash of its document.

The document is rendered outside any lock. A letter whose document was not made (the work was cut off, or a font is
missing) is made when it is asked for next: the decision that it tells of stands meanwhile.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.persistence import PersistenceError
from joserfc.jwk import OKPKey

from registry import texts
from registry.aggregates.case.events import ApplicationBarred, ApplicationRefused
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.letter.events import LetterFormed, LetterIssued
from registry.aggregates.letter.state import LetterRecord, fold
from registry.aggregates.values import Actor, Entry, sure
from registry.app import Registry
from registry.extracts import documents, keys, signing
from registry.extracts.issuing import NoDocument
from registry.extracts.statement import LETTER, with_statement
from registry.extracts.typeset import CannotRender
from registry.letters import pdf
from registry.letters.content import UnreadableLetter, read
from registry.settings import Settings
from registry.storage.access import Look
from registry.storage.mapper import instant_text

NOT_GRANTED = ApplicationRefused | ApplicationBarred
"""What a letter tells of."""


class CannotForm(Exception):
    """The document of a letter cannot be made now; the text, in Ukrainian, says why. The letter stays as formed."""


@dataclass(frozen=True, slots=True)
class Formed:
    """A letter: its number, code, parts, and the hash of its document, None while it is not made."""

    letter: UUID
    number: str
    code: str
    parts: tuple[int, ...]
    sha256: str | None


def of_application(registry: Registry, application: UUID) -> list[Formed]:
    """The letters of an application, in the order of its parts; none of a decision of an earlier release."""
    rows = registry.query("letters", "of_application", application=application)
    return [Formed(row["letter"], row["number"], row["code"], tuple(row["parts"]), row["sha256"]) for row in rows]


def finished(registry: Registry, settings: Settings, letter: UUID) -> bytes:
    """The document of a letter: made now, if it was not, and kept. Shown to nobody by this. Raises `CannotForm`, or
    `NoDocument` where the bytes that were issued are lost."""
    entries = registry.entries(letter)
    record = fold(entries)
    if record.issued:
        return _again(settings, entries[0], record)
    try:
        key, known = signing.current(registry, settings)
        made = _made(entries[0], key)
    except PersistenceError:
        raise
    except Exception as error:
        said = isinstance(error, CannotRender | keys.BadKey)
        raise CannotForm(texts.say("letter_says", "not_made", error if said else type(error).__name__)) from error
    fact = LetterIssued(sha256=documents.keep(settings, made), renderer=pdf.RENDERER, key=sure(key.kid))
    line, command = (letter, [fact], 1), uuid5(letter, "issued")
    act = signing.issued(registry, line, known, by=entries[0].by, command=command)
    # The same letter may have been asked for twice at once, with a new key between: then the other one was faster; or
    # another key signs by now.
    return made if act and not act.repeated else finished(registry, settings, letter)


def document(registry: Registry, settings: Settings, asked: Formed, *, persons: tuple[UUID, ...], by: Actor) -> bytes:
    """The document of a letter, once it is written down who got to see whom (semantics 10). Raises as `finished`."""
    made = finished(registry, settings, asked.letter)
    registry.looked(Look(action="printed", persons=persons, about={"letter": str(asked.letter)}), by)
    return made


def stands(formed: LetterFormed, record: CaseRecord) -> bool:
    """Whether the application is decided as a letter of it tells, part by part."""
    told = {one.part for one in record.outcomes if isinstance(one, NOT_GRANTED) and one.decided_on == formed.decided_on}
    return set(formed.parts) <= told


def _made(entry: Entry, key: OKPKey) -> bytes:
    """The document with its signed statement. Raises `CannotRender`."""
    formed: LetterFormed = entry.fact
    try:
        letter = read(formed.content)
    except UnreadableLetter as wrong:
        raise CannotRender(texts.say("letter_says", "bad_content")) from wrong
    said: dict[str, Any] = {"iss": letter.check_host, "number": formed.number, "code": formed.code}
    return with_statement(
        lambda statement: pdf.render(letter, entry.recorded_at, statement),
        key,
        **said,
        formed_at=instant_text(entry.recorded_at),
        typ=LETTER,
    )


def _again(settings: Settings, entry: Entry, record: LetterRecord) -> bytes:
    """The issued bytes, or the same made anew. Raises `NoDocument`."""
    issued = sure(record.issued)
    if made := documents.kept(settings, issued.sha256):
        return made
    key = next((one for one in keys.kept(settings) if one.kid == issued.key), None)
    if key and issued.renderer == pdf.RENDERER:
        with suppress(CannotRender):
            made = _made(entry, key)
            if hashlib.sha256(made).hexdigest() == issued.sha256:
                return made
    raise NoDocument(texts.say("letter_says", "lost", f"{issued.sha256}.pdf"))
