"""Issuing an extract by its two facts (semantics 9): asked for, with number and content; issued, with the hash.

The document is rendered outside any lock. Issued bytes are kept by their sha256 in `documents/` of the data folder.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

from registry import texts
from registry.aggregates.extract.events import ExtractIssued, ExtractNumberVoided, ExtractRequested
from registry.aggregates.person import state as person_state
from registry.aggregates.values import Actor, Entry
from registry.app import Registry
from registry.extracts import content as what
from registry.extracts import pdf
from registry.settings import Settings
from registry.storage.mapper import instant_text, kyiv_day

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
WITH_HISTORY = ("person", "legal_representative")
UNFINISHED_AFTER = timedelta(minutes=10)


class CannotIssue(ValueError):
    """No extract can be given for this request; the text, in Ukrainian, says why and what to do. Nothing is stored."""


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
    pdf: bytes


def issue(
    registry: Registry,
    person: UUID,
    *,
    settings: Settings,
    by: Actor,
    command: UUID,
    now: datetime,
    history: bool = False,
    on: date | None = None,
    known_at: datetime | None = None,
    basis: str = "person",
    requester: str | None = None,
) -> Issued:
    """Takes a number, renders, records, keeps. A repeated `command` gives the first document again. Raises
    `CannotIssue`; if the document cannot be rendered, its number is voided with the reason first."""
    if done := registry.of_command(command):
        return _again(registry, settings, done.entries[0])
    asked = _asked(registry, person, settings, now, history, on, known_at, basis, requester, by)
    extract = uuid4()
    act = registry.append([(extract, [asked], 0)], by=by, command=command)
    return (_again if act.repeated else _finish)(registry, settings, act.entries[0])


def document(registry: Registry, settings: Settings, number: str) -> bytes:
    """The issued bytes again, after checking the hash; rendered anew only if that gives the same hash. Raises
    `NoDocument`."""
    row = _by_number(registry, number)
    if row is None or not row["issued"]:
        raise NoDocument(texts.TEXTS["extract_faults"]["no-document"])
    return _document(registry, settings, row["extract"], row["sha256"])


def void_unfinished(registry: Registry, *, by: Actor, now: datetime) -> int:
    """Closes the numbers whose document never came because the work was cut off. Returns how many."""
    rows = registry.query("extracts", "unfinished", before=now - UNFINISHED_AFTER)
    for row in rows:
        _void(registry, row["extract"], row["person"], by, texts.TEXTS["extract_faults"]["interrupted"])
    return len(rows)


def printed(entry: Entry) -> dict[str, Any]:
    """Everything that the document prints, from the fact alone: its content, number, code and moment of forming."""
    asked: ExtractRequested = entry.fact
    return {
        **asked.content,
        "number": number_text(asked.year, asked.number),
        "code": "-".join(asked.code[start : start + 4] for start in (0, 4, 8)),
        "check_url": f"{asked.content['check_host']}/v/{asked.code}",
        "formed_at": instant_text(entry.recorded_at),
        "position": asked.read_at,
    }


def number_text(year: int, number: int) -> str:
    """`2026/000000017`."""
    return f"{year}/{number:09d}"


def _asked(registry, person, settings, now, history, on, known_at, basis, requester, by) -> ExtractRequested:
    faults = texts.TEXTS["extract_faults"]
    bases = texts.TEXTS["extract_basis"]
    if basis not in bases:
        raise CannotIssue(faults["basis-unknown"].format(", ".join(bases)))
    if history and basis not in WITH_HISTORY:
        raise CannotIssue(faults["no-history"])
    today = kyiv_day(now)
    day = on or today
    if day > today:
        raise CannotIssue(faults["on-in-future"])
    with registry.snapshot() as connection:
        read_at = registry.position_at(connection, known_at)
        entries = [entry for entry in registry.entries(person) if entry.position <= read_at]
        rows = registry.rows_for_extract(connection, person, read_at, day)
    state = person_state.fold(entries)
    if not read_at:
        raise CannotIssue(faults["not-yet"])
    if not state.entered:
        raise CannotIssue(faults["person-unknown"])
    name = texts.person_name(state.particulars)
    if basis != "person" and not requester:
        raise CannotIssue(faults["requester-missing"])
    kind, stated, earlier = what.chosen(rows, day, settings.community_prefix)
    said = what.content(
        kind=kind,
        stated=stated,
        earlier=earlier if history else None,
        person=state,
        on=day,
        community=settings.community_name,
        office=settings.office_name,
        basis=bases[basis],
        requester=requester or name,
        clerk=by.name,
        requested_at=instant_text(now),
        known_at=instant_text(known_at or now),
        check_host=settings.public_url,
        past=day < today or known_at is not None,
    )
    return ExtractRequested(
        person=person,
        year=0,
        number=0,
        code="".join(secrets.choice(ALPHABET) for _ in range(12)),
        on=(day).isoformat(),
        read_at=read_at,
        history=history,
        basis=basis,
        requester=requester or name,
        content=said,
    )


def _finish(registry: Registry, settings: Settings, entry: Entry) -> Issued:
    asked: ExtractRequested = entry.fact
    try:
        made = pdf.render(printed(entry))
    except Exception as error:
        reason = str(error) if isinstance(error, pdf.CannotRender) else type(error).__name__
        text = texts.TEXTS["extract_faults"]["render"].format(reason)
        _void(registry, entry.stream, asked.person, entry.by, text)
        raise CannotIssue(text) from error
    sha256 = hashlib.sha256(made).hexdigest()
    _keep(settings, sha256, made)
    fact = ExtractIssued(person=asked.person, sha256=sha256, renderer=pdf.RENDERER)
    registry.append([(entry.stream, [fact], 1)], by=entry.by, command=uuid5(entry.command, "issued"))
    return _issued(entry, sha256, made)


def _again(registry: Registry, settings: Settings, entry: Entry) -> Issued:
    """The first result of a repeated command; what was cut off before its document is finished now."""
    extract = registry.extract(entry.stream)
    if extract.voided:
        raise CannotIssue(extract.voided.reason)
    if extract.issued is None:
        return _finish(registry, settings, entry)
    return _issued(entry, extract.issued.sha256, _document(registry, settings, entry.stream, extract.issued.sha256))


def _issued(entry: Entry, sha256: str, made: bytes) -> Issued:
    asked: ExtractRequested = entry.fact
    stated = [*asked.content["residences"], *(asked.content["previous"] or [])]
    number = number_text(asked.year, asked.number)
    return Issued(number, asked.code, sha256, asked.read_at, entry.position, stated, made)


def _void(registry: Registry, extract: UUID, person: UUID, by: Actor, reason: str) -> None:
    fact = ExtractNumberVoided(person=person, reason=reason)
    registry.append([(extract, [fact], 1)], by=by, command=uuid4())


def _document(registry: Registry, settings: Settings, extract: UUID, sha256: str) -> bytes:
    kept = _path(settings, sha256)
    if kept.exists() and hashlib.sha256(made := kept.read_bytes()).hexdigest() == sha256:
        return made
    made = pdf.render(printed(registry.entries(extract)[0]))
    if hashlib.sha256(made).hexdigest() != sha256:
        raise NoDocument(texts.TEXTS["extract_faults"]["no-document"])
    return made


def _keep(settings: Settings, sha256: str, made: bytes) -> None:
    """Whole or not at all: written beside, then renamed; only the register's own account reads it."""
    path = _path(settings, sha256)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(f".{secrets.token_hex(4)}")
    beside.touch(mode=0o600)
    beside.write_bytes(made)
    beside.rename(path)


def _path(settings: Settings, sha256: str) -> Path:
    return settings.data / "documents" / f"{sha256}.pdf"


def _by_number(registry: Registry, number: str) -> dict[str, Any] | None:
    year, _, serial = number.partition("/")
    if not (year.isdigit() and serial.isdigit() and len(year) == 4 and len(serial) <= 9):
        return None
    rows = registry.query("extracts", "by_number", year=int(year), number=int(serial))
    return rows[0] if rows else None


def as_json(issued: Issued) -> str:
    """What `--json` prints of an issued extract."""
    said = {name: getattr(issued, name) for name in ("number", "code", "sha256", "position", "fact", "residences")}
    return json.dumps(said, ensure_ascii=False)
