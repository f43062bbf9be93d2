"""Issuing an extract by its two facts (semantics 9): asked for, with number and content; issued, with the hash.

The document is rendered outside any lock. Issued bytes are kept by their sha256 (`documents.py`).
"""

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from eventsourcing.persistence import PersistenceError
from joserfc.jwk import OKPKey

from registry import texts
from registry.aggregates.extract.events import ExtractIssued, ExtractNumberVoided, ExtractRequested
from registry.aggregates.extract.state import asked_for, fold
from registry.aggregates.values import Actor, Entry, sure
from registry.app import LostRace, Registry
from registry.extracts import content, documents, keys, pdf, sealing, signing
from registry.extracts.requesting import CannotIssue
from registry.extracts.statement import with_statement
from registry.extracts.typeset import printed_code
from registry.settings import Settings
from registry.storage.access import Look
from registry.storage.mapper import instant_text
from registry.viewer import Viewer

UNFINISHED_AFTER = timedelta(seconds=20)
"""So long after it was given a number nobody who issues it has still to begin with the document."""
NUMBER = re.compile(r"(\d{4})/(\d{1,9})", re.ASCII)


class NoDocument(LookupError):
    """There is no issued document under this number."""


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued extract: its number (`2026/000000017`), code, hash, the position read at, the position of the fact that
    asked for it, what it states, and the document."""

    number: str
    code: str
    sha256: str
    position: int
    fact: int
    residences: list[dict[str, Any]]
    residents: list[dict[str, Any]] | None
    pdf: bytes

    @property
    def said(self) -> dict[str, Any]:
        """All of it but the document, as JSON values; of a dwelling its residents in place of residences."""
        stated = "residences" if self.residents is None else "residents"
        names = ("number", "code", "sha256", "position", "fact", stated)
        return {name: getattr(self, name) for name in names}


def document(registry: Registry, settings: Settings, number: str, *, by: Actor, seen_by: Viewer) -> bytes:
    """The issued bytes again, after checking the hash; rendered anew only if that gives the same hash. Raises
    `NoDocument`, or `Hidden`."""
    return issued_before(registry, settings, number, by=by, seen_by=seen_by).pdf


def issued_before(registry: Registry, settings: Settings, number: str, *, by: Actor, seen_by: Viewer) -> Issued:
    """An extract that was issued under a number, with the same bytes. Raises `NoDocument`, or `Hidden`."""
    row = by_number(registry, number)
    entry = asked_for(registry.entries(row["extract"]))
    content.insist_on_shown(entry.fact, seen_by)
    if not row["issued"]:
        raise NoDocument(texts.TEXTS["extract_faults"]["no-document"])
    made = _document(registry, settings, row["extract"], row["sha256"])
    return _shown(registry, entry, row["sha256"], made, "printed", by)


def void_unfinished(registry: Registry, *, by: Actor, now: datetime) -> int:
    """Closes the numbers whose document never came because the work was cut off: no process is at it. Returns how
    many."""
    closed = 0
    for row in registry.query("extracts", "unfinished", before=now - UNFINISHED_AFTER):
        # Whoever was at it a moment ago may have finished; whoever asked again may have closed it.
        with suppress(LostRace):
            if not registry.is_held(row["extract"]):
                _void(registry, row["extract"], by, texts.TEXTS["extract_faults"]["interrupted"])
                closed += 1
    return closed


def printed(entry: Entry) -> dict[str, Any]:
    """Everything that the document prints, from the fact alone: its content, number, code and moment of forming. Raises
    `content.Unreadable`."""
    asked: ExtractRequested = entry.fact
    told = content.read(asked.content)
    return {
        **told.printed,
        "number": texts.extract_number(asked.year, asked.number),
        "code": printed_code(asked.code),
        "check_url": f"{told.check_host}/v/{asked.code}",
        "formed_at": instant_text(entry.recorded_at),
        "position": asked.read_at,
    }


def _finish(registry: Registry, settings: Settings, entry: Entry, after: int, seen_by: Viewer) -> Issued:
    """Makes and keeps the document of an extract that stands at a version."""
    asked: ExtractRequested = entry.fact
    try:
        key, said = signing.current(registry, settings)
        made = _made(entry, key, settings)
    except PersistenceError:
        raise
    except Exception as error:
        told = isinstance(error, pdf.CannotRender | sealing.CannotSeal | keys.BadKey)
        text = texts.TEXTS["extract_faults"]["render"].format(error if told else type(error).__name__)
        _void(registry, entry.stream, entry.by, text)
        raise CannotIssue(text) from error
    sha256 = documents.keep(settings, made)
    fact = ExtractIssued(person=asked.person, sha256=sha256, renderer=pdf.RENDERER, key=key.kid)
    # Each extract of an act has a command of its own: a visit may ask for several.
    line, command = (entry.stream, [fact], after), uuid5(entry.stream, "issued")
    act = signing.issued(registry, line, said, by=entry.by, command=command)
    if act is None:
        return _finish(registry, settings, entry, after, seen_by)
    if act.repeated:
        # The same request came twice at once, and the other one was faster: a seal differs each time it is made.
        return finished(registry, settings, entry, seen_by=seen_by)
    return _shown(registry, entry, sha256, made, "issued", entry.by)


def _made(entry: Entry, key: OKPKey, settings: Settings) -> bytes:
    """The document with its signed statement, and sealed if it was asked for so."""
    asked: ExtractRequested = entry.fact
    said = printed(entry)
    made = with_statement(
        lambda statement: pdf.render(said, statement),
        key,
        iss=said["check_host"],
        number=said["number"],
        code=asked.code,
        formed_at=said["formed_at"],
    )
    if not said["sealed"]:
        return made
    signer = sealing.configured(settings)
    if signer is None:
        raise sealing.CannotSeal(texts.TEXTS["extract_faults"]["no-seal"])
    return sealing.sealed(signer, made, entry.recorded_at)


def finished(registry: Registry, settings: Settings, entry: Entry, *, seen_by: Viewer) -> Issued:
    """The extract that an entry asked for, with its document: made now if it is not there yet. Raises `CannotIssue`, or
    `Hidden`."""
    entries = registry.entries(entry.stream)
    entry, extract = asked_for(entries), fold(entries)
    content.insist_on_shown(entry.fact, seen_by)
    if extract.voided:
        raise CannotIssue(extract.voided.reason)
    if extract.issued is None:
        with registry.held.at(entry.stream):
            return _finish(registry, settings, entry, extract.version, seen_by)
    made = _document(registry, settings, entry.stream, extract.issued.sha256)
    return _shown(registry, entry, extract.issued.sha256, made, "printed", entry.by)


def _shown(registry: Registry, entry: Entry, sha256: str, made: bytes, action: str, by: Actor) -> Issued:
    """The document, once it is written down who got to see whom (semantics 10)."""
    asked: ExtractRequested = entry.fact
    number = texts.extract_number(asked.year, asked.number)
    registry.looked(Look(action=action, persons=content.shown_people(asked), about={"extract": number}), by)
    # As they were stored: what is read of an earlier schema says more.
    kept = asked.content if content.of(asked) else {}
    residences = [row for name in ("residences", "previous") for row in kept.get(name) or ()]
    residents = kept.get("residents")
    return Issued(number, asked.code, sha256, asked.read_at, entry.position, residences, residents, made)


def _void(registry: Registry, id: UUID, by: Actor, reason: str) -> None:
    extract = registry.extract(id)
    fact = ExtractNumberVoided(person=sure(extract.requested).person, reason=reason)
    # One that was finished or closed meanwhile stays so: it stands at a later version than what was asked for.
    after = extract.version - 1 if extract.issued or extract.voided else extract.version
    registry.append([(id, [fact], after)], by=by, command=uuid4())


def _document(registry: Registry, settings: Settings, extract: UUID, sha256: str) -> bytes:
    if made := documents.kept(settings, sha256):
        return made
    entries = registry.entries(extract)
    entry, issued = asked_for(entries), sure(fold(entries).issued)
    key = next((one for one in keys.kept(settings) if one.kid == issued.key), None)
    told = content.of(entry.fact)
    # A seal is made once: nobody makes the same bytes again.
    if key and issued.renderer == pdf.RENDERER and told and not told.sealed:
        made = _made(entry, key, settings)
        if hashlib.sha256(made).hexdigest() == sha256:
            return made
    raise NoDocument(texts.TEXTS["extract_faults"]["lost"].format(f"{sha256}.pdf"))


def by_number(registry: Registry, number: str) -> dict[str, Any]:
    """The row of an extract that has this number, issued or not. Raises `NoDocument`."""
    parts = NUMBER.fullmatch(number)
    rows = registry.query("extracts", "by_number", year=int(parts[1]), number=int(parts[2])) if parts else []
    if not rows:
        raise NoDocument(texts.TEXTS["extract_faults"]["no-document"])
    return rows[0]


def as_json(issued: Issued) -> str:
    """What `--json` prints of an issued extract."""
    return json.dumps(issued.said, ensure_ascii=False)
