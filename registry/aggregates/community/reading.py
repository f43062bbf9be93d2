"""What a file says of a community → facts, every fault of it named by its place in the file: `schedule[2].mon`.

The file is plain data (TOML): `since`, `basis`, `[community]`, `[[office]]`, `[[schedule]]`, `[[saturday]]`, `[[day]]`,
`[readings]`, `[[payee]]`, `[bodies]`, `[appeal]`, `[signatory]`. A table that is not there says nothing of its matter.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date, time
from itertools import pairwise
from typing import Any

from registry import gate
from registry.aggregates.community.events import (
    AppealDescribed,
    BodiesDescribed,
    CommunityDescribed,
    LocalOffice,
    OfficesDescribed,
    Opening,
    OtherBody,
    ReadingsAdopted,
    Saturdays,
    Schedule,
    SignatoryNamed,
    SingleDay,
)
from registry.aggregates.community.payees import Payee, PayeesDescribed, payee_faults
from registry.aggregates.community.state import Matter
from registry.aggregates.values import Fault, refuse
from registry.services.adopted import Readings
from registry.services.application import NotAnApplication, record
from registry.services.offices import BODY, WEEK

ID = re.compile(r"[a-z0-9_]{1,40}")
NEEDED = ("code", "name", "body")
"""What a community is not known without."""
MOST_DAYS = 366
"""So many days a reading may give at most: what is beyond them is mistyped."""
_DAYS = {"days_where_silent": 0, "days_to_bring": 1, "days_to_answer": 1, "days_to_answer_notices": 0}
"""The readings that are days, and the least that makes sense: whoever is to bring papers, or to answer,
has a day for it."""
_BLOCKS = {"office": LocalOffice, "schedule": Schedule, "saturday": Saturdays, "day": SingleDay}
_BODIES, _OTHERS = ("dms", "guardianship"), "registration"
_TEXTS = {"appeal": AppealDescribed, "signatory": SignatoryNamed}
"""The tables that are words alone, each a fact."""
_TOP = ("since", "basis", "community", "readings", "payee", "bodies", *_TEXTS, *_BLOCKS)
_DATES = ("since", "until", "on")


def facts_of(said: Mapping[str, Any]) -> list[Matter]:
    """The facts that a file says, those matters that it names. Raises `Impossible` with every fault."""
    faults = [Fault("community-field-unknown", name) for name in said if name not in _TOP]
    since = _day(said, "since", "", faults)
    basis = _text(said, "basis", "", faults)
    facts: list[Matter] = []
    if "community" in said:
        facts.append(CommunityDescribed(since=since, basis=basis, **_identity(said["community"], faults)))
    if any(name in said for name in _BLOCKS):
        facts.append(OfficesDescribed(since=since, basis=basis, **_offices(said, faults)))
    if "readings" in said:
        facts.append(ReadingsAdopted(since=since, basis=basis, readings=_readings(said["readings"], faults)))
    if "payee" in said:
        facts.append(PayeesDescribed(since=since, basis=basis, payees=_payees(said, faults)))
    if "bodies" in said:
        facts.append(BodiesDescribed(since=since, basis=basis, **_bodies(said["bodies"], faults)))
    for name, kind in _TEXTS.items():
        if name in said:
            facts += _words(kind, said[name], name, faults, since=since, basis=basis)
    if not set(said) & set(_TOP[2:]):
        faults.append(Fault("community-table-missing", "community"))
    refuse(faults)
    return facts


def _identity(said: Any, faults: list[Fault]) -> dict[str, Any]:
    if not isinstance(said, Mapping):
        faults.append(Fault("community-table-missing", "community"))
        return {}
    names = [one.name for one in fields(CommunityDescribed) if one.name not in ("since", "basis")]
    faults += [Fault("community-field-unknown", f"community.{name}") for name in said if name not in names]
    found: dict[str, Any] = {
        name: _text(said, name, "community.", faults, needed=name in NEEDED) for name in names if name != "sample"
    }
    for name, called in (("code", gate.katottg_beginning), ("public_url", gate.web_address)):
        found[name] = _gated(called, found[name], f"community.{name}", faults)
    if said.get("sample", False) not in (True, False) or not isinstance(said.get("sample", False), bool):
        faults.append(Fault("community-not-a-boolean", "community.sample"))
    return {**found, "sample": said.get("sample") or None}


def _bodies(said: Any, faults: list[Fault]) -> dict[str, Any]:
    """`[bodies.dms]`, `[bodies.guardianship]`, `[[bodies.registration]]`."""
    if not isinstance(said, Mapping):
        faults.append(Fault("community-table-missing", "bodies"))
        return {}
    faults += [Fault("community-field-unknown", f"bodies.{name}") for name in said if name not in (*_BODIES, _OTHERS)]
    blocks = said.get(_OTHERS, [])
    if not isinstance(blocks, list):
        faults.append(Fault("community-not-blocks", f"bodies.{_OTHERS}"))
        blocks = []
    found: dict[str, Any] = {name: _body(said[name], f"bodies.{name}", faults) for name in _BODIES if name in said}
    others = [_body(one, f"bodies.{_OTHERS}[{number}]", faults) for number, one in enumerate(blocks, 1)]
    for number, one in enumerate(others, 1):
        if one and not one.katottg:
            faults.append(Fault("community-field-missing", f"bodies.{_OTHERS}[{number}].katottg"))
    return {**found, _OTHERS: tuple(one for one in others if one)}


def _body(said: Any, where: str, faults: list[Fault]) -> OtherBody | None:
    if not isinstance(said, Mapping):
        faults.append(Fault("community-table-missing", where))
        return None
    before = len(faults)
    values = _block(OtherBody, said, f"{where}.", faults)
    values["katottg"] = _gated(gate.katottg_beginning, values["katottg"], f"{where}.katottg", faults)
    return OtherBody(**values) if len(faults) == before else None


def _readings(said: Any, faults: list[Fault]) -> dict[str, Any]:
    if not isinstance(said, Mapping):
        faults.append(Fault("community-table-missing", "readings"))
        return {}
    known = {one.name for one in fields(Readings)}
    found = {}
    for name, value in said.items():
        if name not in known:
            faults.append(Fault("reading-unknown", f"readings.{name}", {"known": ", ".join(sorted(known))}))
            continue
        try:
            record(Readings, {name: value})
        except NotAnApplication as error:
            faults.append(Fault("community-value", f"readings.{error.field}"))
        if name in _DAYS and type(value) is int and not _DAYS[name] <= value <= MOST_DAYS:
            faults.append(Fault("community-value", f"readings.{name}"))
        found[name] = _stored(value)
    return found


def _words(
    kind: type[Any], said: Any, table: str, faults: list[Fault], *, since: str | None, basis: str | None
) -> list[Matter]:
    """The fact of a table of words; none where something is wrong with it."""
    if not isinstance(said, Mapping):
        faults.append(Fault("community-not-a-table", table))
        return []
    needed = {one.name: one.default is MISSING for one in fields(kind) if one.name not in ("since", "basis")}
    before = len(faults)
    faults += [Fault("community-field-unknown", f"{table}.{name}") for name in said if name not in needed]
    found = {name: _text(said, name, f"{table}.", faults, needed=must) for name, must in needed.items()}
    return [kind(since=since, basis=basis, **found)] if len(faults) == before else []


def _stored(value: Any) -> Any:
    """Plain data as a fact keeps them: days as text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _stored(part) for name, part in value.items()}
    return [_stored(part) for part in value] if isinstance(value, list | tuple) else value


def _offices(said: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {name: [] for name in _BLOCKS}
    for name, kind in _BLOCKS.items():
        found[name] = _blocks(kind, said.get(name, []), name, faults)
    faults += [*_office_faults(found), *_schedule_faults(found), *_day_faults(found)]
    return {
        "offices": tuple(one for _, one in found["office"]),
        "schedules": tuple(one for _, one in found["schedule"]),
        "saturdays": tuple(one for _, one in found["saturday"]),
        "days": tuple(one for _, one in found["day"]),
    }


def _payees(said: Mapping[str, Any], faults: list[Fault]) -> tuple[Payee, ...]:
    found = _blocks(Payee, said["payee"], "payee", faults)
    offices = said.get("office", [])
    ours = [one.get("id") for one in offices if isinstance(one, Mapping)] if isinstance(offices, list) else []
    faults += payee_faults(found, [one for one in ours if isinstance(one, str)])
    return tuple(one for _, one in found)


def _blocks(kind: type[Any], blocks: Any, name: str, faults: list[Fault]) -> list[tuple[str, Any]]:
    """The blocks of a name with nothing wrong in themselves, each with its place in the file."""
    if not isinstance(blocks, list) or not all(isinstance(one, Mapping) for one in blocks):
        faults.append(Fault("community-not-blocks", name))
        return []
    found: list[tuple[str, Any]] = []
    for number, block in enumerate(blocks, 1):
        before = len(faults)
        values = _block(kind, block, f"{name}[{number}].", faults)
        if len(faults) == before:
            found.append((f"{name}[{number}]", kind(**values)))
    return found


def _block(kind: type[Any], said: Mapping[str, Any], where: str, faults: list[Fault]) -> dict[str, Any]:
    said = {("since" if name == "from" else name): value for name, value in said.items()}
    known = {one.name: one.default is MISSING for one in fields(kind)}
    for name in said:
        if name not in known:
            faults.append(Fault("community-field-unknown", f"{where}{name}"))
    found: dict[str, Any] = {}
    for name, needed in known.items():
        if name in _DATES:
            found[name] = _day(said, name, where, faults, needed=needed)
        elif name in (*WEEK, "hours"):
            found[name] = _hours(said.get(name, []), f"{where}{name}", faults)
        elif name in ("rooms", "offices", "services"):
            found[name] = _texts(said.get(name, []), f"{where}{name}", faults)
        elif name == "works":
            found[name] = said.get(name)
            if not isinstance(said.get(name), bool):
                faults.append(Fault("community-not-a-boolean", f"{where}works"))
        else:
            found[name] = _text(said, name, where, faults, needed=needed)
    if found.get("since") and found.get("until") and found["since"] >= found["until"]:
        faults.append(Fault("ends-before-start", f"{where}until"))
    return found


def _office_faults(found: Mapping[str, list[Any]]) -> Iterable[Fault]:
    schedules, seen = {one.id for _, one in found["schedule"]}, set()
    for where, one in found["office"]:
        if not ID.fullmatch(one.id) or one.id in seen:
            yield Fault("office-id", f"{where}.id")
        seen.add(one.id)
        if one.schedule is not None and one.schedule not in schedules:
            yield Fault("schedule-unknown", f"{where}.schedule", {"known": ", ".join(sorted(schedules)) or "—"})


def _schedule_faults(found: Mapping[str, list[Any]]) -> Iterable[Fault]:
    if not any(one.id == BODY for _, one in found["schedule"]):
        yield Fault("body-schedule-missing", "schedule")
    earlier: list[Any] = []
    for where, one in found["schedule"]:
        if one.id == BODY and not any(getattr(one, day) for day in WEEK if day != "sat"):
            yield Fault("no-working-day", where)
        if any(other.id == one.id and _meet(one, other) for other in earlier):
            yield Fault("schedules-overlap", f"{where}.from")
        earlier.append(one)
    earlier = []
    for where, one in found["saturday"]:
        if any(_meet(one, other) for other in earlier):
            yield Fault("schedules-overlap", f"{where}.from")
        earlier.append(one)


def _day_faults(found: Mapping[str, list[Any]]) -> Iterable[Fault]:
    known = {BODY, *(one.id for _, one in found["office"])}
    for where, one in found["day"]:
        for office in one.offices:
            if office not in known:
                yield Fault("office-unknown", f"{where}.offices", {"offices": ", ".join(sorted(known))})


def _meet(one: Any, other: Any) -> bool:
    """Whether two dated blocks hold on a day in common."""
    starts = max(one.since or "", other.since or "")
    ends = [block.until for block in (one, other) if block.until]
    return not ends or starts < min(ends)


def _hours(said: Any, where: str, faults: list[Fault]) -> tuple[Opening, ...]:
    try:
        found = tuple(Opening(opens=_clock(opens), closes=_clock(closes)) for opens, closes in said)
    except (TypeError, ValueError):
        faults.append(Fault("hours-shape", where))
        return ()
    moments = [moment for one in found for moment in (one.opens, one.closes)]
    if any(earlier >= later for earlier, later in pairwise(moments)):
        faults.append(Fault("hours-order", where))
    return found


def _clock(said: Any) -> str:
    moment = said if isinstance(said, time) else time.fromisoformat(said)
    if moment.tzinfo is not None:
        raise ValueError("hours are by the clock of Kyiv")
    return moment.isoformat(timespec="minutes")


def _texts(said: Any, where: str, faults: list[Fault]) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(one, str) and one for one in said):
        faults.append(Fault("community-not-a-text", where))
        return ()
    return tuple(text for one in said if (text := _gated(gate.words, one, where, faults)))


def _text(said: Mapping[str, Any], name: str, where: str, faults: list[Fault], *, needed: bool = False) -> str | None:
    value = said.get(name)
    if value is None or value == "":
        if needed:
            faults.append(Fault("community-field-missing", f"{where}{name}"))
        return None
    if not isinstance(value, str):
        faults.append(Fault("community-not-a-text", f"{where}{name}"))
        return None
    text = _gated(gate.words, value, f"{where}{name}", faults)
    if text is None and gate.line(value) == gate.ABSENT:
        faults.append(Fault("text-broken", f"{where}{name}"))
    return text


def _gated(called: gate.Gate, text: str | None, where: str, faults: list[Fault]) -> str | None:
    """The one form of a value by its gate; what forbids it is a fault of its place."""
    found = called(text)
    faults += (Fault(code, where) for code in found.faults)
    return found.value


def _day(said: Mapping[str, Any], name: str, where: str, faults: list[Fault], *, needed: bool = False) -> str | None:
    value = said.get(name)
    named = f"{where}{'from' if name == 'since' and where else name}"
    if value is None:
        if needed:
            faults.append(Fault("community-field-missing", named))
        return None
    text = value.isoformat() if type(value) is date else value
    found = gate.whole_day(text) if isinstance(text, str) else gate.ABSENT
    if found.value is None:
        faults.append(Fault(next(iter(found.faults), "not-a-day"), named))
    return found.value
