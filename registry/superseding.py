"""Which issued extracts no longer state what the register says, since when, and because of which fact.

Two questions. Of one extract, for whoever checks it: is it still so today (`superseded_on`)? Of corrections and
annulments: which extracts state what was wrong (`changed_by`), so that whoever got them can be told? An extract of the
register as it stood at a past moment is never superseded: it says what stood then.
"""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from registry import stating, texts
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.values import Entry
from registry.projections import extracts
from registry.storage import mapper, outbox
from registry.storage.recorder import SQL as LOG
from registry.storage.recorder import Connection, one_row

CHANGING = frozenset(
    {
        *("residence-corrected", "residence-annulled", "deregistration-annulled", "death-annulled"),
        *("carry-over-annulled", "particulars-corrected", "entry-withdrawn", "past-residence-entered"),
        "dwelling-corrected",
    }
)
"""The facts that can make untrue what was stated of an earlier day; others only tell what came later."""

NOTICE = "extract_superseded"


@dataclass(frozen=True, slots=True)
class Superseded:
    """An extract, as it was asked for, and the fact that made what it states untrue."""

    asked: Entry
    by: Entry
    issued: bool


def superseded_on(connection: Connection, asked: Entry, *, today: date) -> date | None:
    """The day (Kyiv) since which the register states something else than an issued extract: of the first such fact, or
    of an end that has come; None if it still states the same."""
    said: ExtractRequested = asked.fact
    if said.as_known:
        return None
    own = date.fromisoformat(said.on) if said.content.get("past") else None
    if stating.still_states(connection, said, position=_last(connection), on=own or today):
        return None
    since = today
    for day, position in reversed(_moments(connection, said, today)):
        if stating.still_states(connection, said, position=position, on=own or day):
            break
        since = day
    return since


def changed_by(connection: Connection, facts: Iterable[Entry], *, reachable: bool = False) -> Iterator[Superseded]:
    """The extracts that state of their own day what each of these facts made untrue, in their order; with `reachable`,
    only those whose holder can be told."""
    changing = [entry for entry in facts if entry.fact.NAME in CHANGING]
    speaking = _speaking_of(connection, {entry.stream for entry in changing})
    for entry in changing:
        for asked, issued in speaking.get(entry.stream, ()):
            said: ExtractRequested = asked.fact
            if said.as_known or said.read_at >= entry.position or (reachable and not said.contact):
                continue
            before = _states_its_day(connection, said, entry.position - 1)
            if before and not _states_its_day(connection, said, entry.position):
                yield Superseded(asked, entry, issued)


def superseded_since(connection: Connection, since: datetime) -> list[Superseded]:
    """The issued extracts that facts recorded from an instant on made untrue, and that still are; each once, with the
    first such fact."""
    first: dict[UUID, Superseded] = {}
    for one in changed_by(connection, _facts_since(connection, since)):
        first.setdefault(one.asked.stream, one)
    position = _last(connection)
    return [one for one in first.values() if one.issued and not _states_its_day(connection, one.asked.fact, position)]


def notices(connection: Connection, facts: Iterable[Entry]) -> Iterator[outbox.Row]:
    """For each extract that the facts superseded and whose holder can be reached: a message, on the day itself. One
    whose document is being made at that moment counts: its holder gets it a moment later."""
    for one in changed_by(connection, facts, reachable=True):
        said: ExtractRequested = one.asked.fact
        if one.asked.position < one.by.position:
            number, office = texts.extract_number(said.year, said.number), said.content.get("office", "")
            yield outbox.Row(
                position=one.by.position,
                item=NOTICE,
                role="message",
                person=said.person,
                extract=one.asked.stream,
                deadline=one.by.recorded_on,
                text=texts.TEXTS["to_applicant"]["superseded"].format(number=number, office=office),
                made_at=one.by.recorded_at,
            )


def write_notices_as_sent(connection: Connection) -> None:
    """Writes the notices of a log that was just loaded into emptiness, as sent when they were due (semantics 7)."""
    facts = _facts_since(connection, datetime.min.replace(tzinfo=UTC))
    outbox.write(connection, [replace(row, sent_at=row.made_at) for row in notices(connection, facts)])


def _states_its_day(connection: Connection, said: ExtractRequested, position: int) -> bool:
    return stating.still_states(connection, said, position=position, on=date.fromisoformat(said.on))


def _moments(connection: Connection, said: ExtractRequested, today: date) -> list[tuple[date, int]]:
    """Since when an extract may state something else: the day and position of each fact that changed something of what
    it speaks of, and of each day (its beginning) on which an end recorded before has come. Rising."""
    params = {"person": said.person, "dwelling": said.dwelling, "position": said.read_at}
    touched, ends = ("dwelling", "in_dwelling") if said.dwelling else ("person", "of_person")
    facts = connection.execute(extracts.SQL[f"touched_{touched}_after"], params)
    moments = [(mapper.kyiv_day(row["recorded_at"]), row["position"]) for row in facts]
    between = {**params, "from": date.fromisoformat(said.on), "today": today}
    for row in connection.execute(extracts.SQL[f"ends_{ends}_between"], between).fetchall():
        at = datetime.combine(row["until"], time.min, mapper.KYIV)
        known = one_row(connection.execute(LOG["position_known_at"], {"known_at": at}))
        moments.append((row["until"], known["position"]))
    return sorted(moments)


def _speaking_of(connection: Connection, streams: Set[UUID]) -> dict[UUID, list[tuple[Entry, bool]]]:
    """The extracts, not voided, that speak of a person or a dwelling, by its stream, and whether each was issued."""
    found: dict[UUID, list[tuple[Entry, bool]]] = {}
    if streams:
        for row in connection.execute(extracts.SQL["speaking_of"], {"streams": list(streams)}).fetchall():
            found.setdefault(row["stream"], []).append((mapper.read_entry(bytes(row["state"])), row["issued"]))
    return found


def _facts_since(connection: Connection, since: datetime) -> Iterator[Entry]:
    """The changing facts since an instant about people and dwellings that any extract speaks of."""
    rows = connection.execute(extracts.SQL["facts_since"], {"since": since, "names": sorted(CHANGING)}).fetchall()
    return (mapper.read_entry(bytes(row["state"])) for row in rows)


def _last(connection: Connection) -> int:
    return one_row(connection.execute(LOG["last_position"]))["position"]
