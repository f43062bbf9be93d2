"""Questions with both times: on which day of the law, and as the register stood at which instant.

`known_at` is translated once into a last position; every answer prints both times and the position. Before the first
fact the answer is «реєстр ще не вівся», not an empty list (semantics 5). `seen_by` is whom an answer is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from registry import gate, merged, occasion, seals, search, texts, writing
from registry.aggregates.values import id_of, sure
from registry.app import Registry
from registry.compositions import ResidentsPage, TooManyNamed, called, covers, segments
from registry.services.terms import months_after
from registry.storage.mapper import KYIV, instant_of, instant_text, kyiv_day
from registry.viewer import OPEN, Viewer, insist, shown_address, shown_row

BEHIND_ALL = 2**63
"""No log is as long."""


class BadQuestion(ValueError):
    """The question cannot be asked so; the text says what to do, in Ukrainian."""


class NotFound(LookupError):
    """No such person or dwelling, as known at the asked time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Both times of a question. Either `on`, or a period `[start, end)` with open bounds; as it was recorded by
    `known_at`, or as of a `position`, one of the two, or as the last act left it. `settled` says both."""

    on: date | None = None
    start: date | None = None
    end: date | None = None
    period: bool = False
    known_at: datetime | None = None
    position: int | None = None
    today: date = date.min

    @property
    def day(self) -> date:
        """The day asked about; a question about a period has none."""
        return sure(self.on)

    @property
    def head(self) -> dict[str, Any]:
        """What every answer prints of it, but the position."""
        days = {"from": _iso(self.start), "until": _iso(self.end)} if self.period else {}
        return {"on": _iso(self.on), **days, "known_at": instant_text(sure(self.known_at))}


def asked(
    *,
    on: str | None = None,
    start: str | None = None,
    end: str | None = None,
    known_at: str | None = None,
    position: int | None = None,
    now: datetime,
) -> Asked:
    """A question's times from what was typed. `on` defaults to the Kyiv day of `now`. Raises `BadQuestion`."""
    if known_at and position is not None:
        raise BadQuestion(texts.say("questions", "instant_or_position"))
    if position is not None and not 0 < position < BEHIND_ALL:
        raise BadQuestion(texts.say("questions", "no_position"))
    if on and (start or end):
        raise BadQuestion(texts.say("questions", "day_or_period"))
    first, last = _day("from", start), _day("until", end)
    if first and last and last <= first:
        raise BadQuestion(texts.say("questions", "empty_period"))
    period = bool(start or end)
    moment = instant(known_at, now) if known_at else None
    today = kyiv_day(now)
    day = None if period else (_day("on", on) or today)
    return Asked(on=day, start=first, end=last, period=period, known_at=moment, position=position, today=today)


def instant(text: str, now: datetime) -> datetime | None:
    """An instant as typed: a day (to its end in Kyiv), a local time (Kyiv) or one with its offset; None for today,
    which has not ended: as it stands now. Raises `BadQuestion`, also for what has not come yet."""
    moment, whole_day = _instant("known_at", text, time.max)
    if kyiv_day(moment) > kyiv_day(now) if whole_day else moment > now:
        raise BadQuestion(texts.say("questions", "not_come", "known_at"))
    return moment if moment <= now else None


def beginning(text: str, now: datetime) -> datetime:
    """The instant from which something is asked, as typed: a day is its beginning in Kyiv. Raises `BadQuestion`, also
    for what has not come yet."""
    moment, _ = _instant("since", text, time.min)
    if moment > now:
        raise BadQuestion(texts.say("questions", "not_come", "since"))
    return moment


def _instant(name: str, text: str, of_day: time) -> tuple[datetime, bool]:
    """The instant that a typed day, local time or time with offset means, in UTC, and whether it is a day."""
    found = gate.instant(text)
    if found.value is None:
        raise _bad(name, found, "not_come" if "far-day" in found.faults and gate.is_beyond(text) else "not_an_instant")
    if len(found.value) == 10:
        return datetime.combine(date.fromisoformat(found.value), of_day, KYIV).astimezone(UTC), True
    return instant_of(found.value), False


def _bad(name: str, found: gate.Gated, otherwise: str) -> BadQuestion:
    if "far-day" in found.faults and otherwise != "not_come":
        return BadQuestion(f"{name}: {texts.TEXTS['faults']['far-day']}")
    return BadQuestion(texts.say("questions", otherwise, name))


def settled(registry: Registry, question: Asked, now: datetime) -> Asked:
    """A question with the last position that its answer may see and the instant by which all of that was recorded:
    asked again by either, it has the same answer for ever. A position counts to the end of its act. Raises
    `BadQuestion` for a position that is to come, or `NotFinal`."""
    if question.position is not None and question.known_at is not None:
        return question
    if question.position is not None:
        if not (act := registry.act_of(question.position)):
            raise BadQuestion(texts.say("questions", "no_position"))
    elif question.known_at is not None:
        act = question.known_at, registry.position_known_at(question.known_at)
    else:
        # A register without a fact answers at once, too: looking never waits for acting.
        act = registry.last_act() or (now, 0)
    return replace(question, known_at=act[0], position=act[1])


def moment_of(registry: Registry, known_at: str | None, position: int | None, now: datetime) -> datetime | None:
    """The instant that was asked for, by itself or by a position; None: as the register stands. Raises as `asked` and
    `settled` do."""
    question = asked(known_at=known_at, position=position, now=now)
    return question.known_at if question.position is None else settled(registry, question, now).known_at


def position_of(registry: Registry, question: Asked, now: datetime) -> int:
    """The last position that a question may see."""
    return sure(settled(registry, question, now).position)


def find_person(registry: Registry, name: str, position: int, *, seen_by: Viewer) -> UUID:
    """The person named by id, import ref or УНЗР, as known at a position; for an entry that was merged, who answers in
    its place. Raises `NotFound`, or `Hidden`."""
    if not _is_text(name):
        raise NotFound(texts.say("extract_faults", "person-unknown"))
    if id := id_of(name):
        rows = registry.query("people", "by_id", person=id, position=position)
    elif unzr := gate.unzr(name).value:
        rows = registry.query("people", "by_unzr", unzr=unzr, position=position)
        rows = rows or _by_ref(registry, "people", name, position)
    else:
        rows = _by_ref(registry, "people", name, position)
    if not rows and (answers := merged.answering(registry, name, position)):
        rows = registry.query("people", "by_id", person=answers, position=position)
    if not rows or (not id and seals.is_sealed_from(seen_by, rows[0]["person"])):
        raise NotFound(texts.say("extract_faults", "person-unknown"))
    person: UUID = rows[0]["person"]
    insist(seen_by, person)
    return person


def number_taken(registry: Registry, unzr: str | None, position: int, by: UUID | None = None) -> bool:
    """Whether somebody else than `by` has a УНЗР, whoever asks: nobody may have it twice."""
    try:
        return bool(unzr) and find_person(registry, sure(unzr), position, seen_by=OPEN) != by
    except NotFound:
        return False


def find_dwelling(registry: Registry, name: str, position: int) -> UUID:
    """The dwelling named by id or import ref, as known at a position. Raises `NotFound`."""
    if id := id_of(name):
        rows = registry.query("dwellings", "by_id", dwelling=id, position=position)
    else:
        rows = _by_ref(registry, "dwellings", name, position) if _is_text(name) else []
    if not rows:
        raise NotFound(texts.say("questions", "no_dwelling"))
    return rows[0]["dwelling"]


def _is_text(name: str) -> bool:
    """Whether a name can be written down: what a terminal of another encoding sends may be halves of characters."""
    return not any("\ud800" <= char <= "\udfff" or char == "\0" for char in name)


def _by_ref(registry: Registry, projection: str, name: str, position: int) -> list[dict[str, Any]]:
    """What bears a mark, as it is said (earlier releases kept what was typed) or in its one form."""
    spelt = (name, writing.marked(gate.line(name).value or ""))
    return next(filter(None, (registry.query(projection, "by_ref", ref=one, position=position) for one in spelt)), [])


def residence(registry: Registry, name: str, question: Asked, now: datetime, *, seen_by: Viewer) -> dict[str, Any]:
    """Where a person lived on a day or over a period: rows newest first. Raises `NotFound`, or `Hidden`."""
    question = settled(registry, question, now)
    position = sure(question.position)
    if not position:
        return not_yet(question)
    person = find_person(registry, name, position, seen_by=seen_by)
    occasion.asks("asked")
    occasion.shows(person)
    rows = residences_of(registry, person, question, position, seen_by=seen_by)
    return {**question.head, "position": position, "answer": rows}


def residences_of(
    registry: Registry, person: UUID, question: Asked, position: int, *, seen_by: Viewer
) -> list[dict[str, Any]]:
    """The rows of a person for a question, as JSON values, newest first."""
    if question.period:
        rows = registry.query(
            "residences",
            "of_person_over",
            **{"person": person, "position": position, "from": question.start, "until": question.end},
            today=question.today,
        )
    else:
        return residences_of_all(registry, [person], question, position, seen_by=seen_by)[person]
    return [residence_row(row, question, seen_by=seen_by) for row in rows]


def residences_of_all(
    registry: Registry, people: Sequence[UUID], question: Asked, position: int, *, seen_by: Viewer
) -> dict[UUID, list[dict[str, Any]]]:
    """The rows of several people for a question on a day, by person, each newest first."""
    found: dict[UUID, list[dict[str, Any]]] = {person: [] for person in people}
    rows = registry.query("residences", "of_people_on", people=list(people), position=position, on=question.on)
    for row in rows:
        found[row["person"]].append(residence_row(row, question, seen_by=seen_by))
    return found


def residence_row(row: dict[str, Any], question: Asked | None = None, *, seen_by: Viewer) -> dict[str, Any]:
    """One row of `residences` as an answer prints it; `certain` as the question asks."""
    said = {
        "residence_id": str(row["residence"]),
        "kind": row["kind"],
        "dwelling_id": str(row["dwelling"]),
        "dwelling_ref": row["dwelling_ref"] or str(row["dwelling"]),
        "address": shown_address(row["address"], row["person"], seen_by),
        **_when(row, question),
        "kept": row["kept"],
        "carried": row["carried"],
        "facts": row["facts"],
    }
    return shown_row(said, row["person"], seen_by, words=["dwelling_ref"], ids=["dwelling_id"])


def occupancy(
    registry: Registry, name: str, question: Asked, now: datetime, *, seen_by: Viewer, page: ResidentsPage | None = None
) -> dict[str, Any]:
    """Who lives in a dwelling: people on a day, all or a `page` of them and what continues it (`next`); over a period,
    one segment for each composition."""
    question = settled(registry, question, now)
    position = sure(question.position)
    if not position:
        return not_yet(question)
    dwelling = find_dwelling(registry, name, position)
    days = {} if question.on else {"from": _iso(question.start), "until": _iso(question.end)}
    query = {"name": "occupancy", "dwelling": str(dwelling), **days}
    occasion.asks("asked", dwelling=str(dwelling))
    occasion.asks_again(query, on=question.on, position=position, known_at=sure(question.known_at))
    if page is None or question.period:
        people = occupants(registry, dwelling, question, position, seen_by=seen_by)
        return {**question.head, "position": position, "answer": people}
    rows, following = page.of(registry, dwelling, question.day, position)
    people = [occupant(row, question, seen_by) for row in rows]
    return {**question.head, "position": position, "answer": people, "next": following}


def occupants(
    registry: Registry, dwelling: UUID, question: Asked, position: int, *, seen_by: Viewer
) -> list[dict[str, Any]]:
    """The people, or the segments, of a dwelling for a question, as JSON values."""
    rows = living_in(registry, dwelling, question, position)
    if question.period:
        try:
            return segments(rows, question.start, question.end, seen_by=seen_by)
        except TooManyNamed:
            raise BadQuestion(texts.say("questions", "too_many_compositions")) from None
    return [occupant(row, question, seen_by) for row in rows]


def living_in(registry: Registry, dwelling: UUID, question: Asked, position: int) -> list[dict[str, Any]]:
    """The stored rows of whoever lived in a dwelling on the day or over the period of a question."""
    start, end = (question.start, question.end) if question.period else (question.day, _day_after(question.day))
    found = {"dwelling": dwelling, "position": position, "from": start, "until": end}
    return registry.query("residences", "of_dwelling_over", **found)


def occupant(row: dict[str, Any], question: Asked, seen_by: Viewer) -> dict[str, Any]:
    """A stored row of `living_in` as an answer prints it."""
    said = {
        "person_ref": row["person_ref"],
        "person_id": str(row["person"]),
        "name": called(row),
        "residence_id": str(row["residence"]),
        "kind": row["kind"],
        **_when(row, question),
        "kept": row["kept"],
        "facts": row["facts"],
    }
    return shown_row(said, row["person"], seen_by, words=["person_ref", "name"], ids=["person_id", "residence_id"])


def _moved(row: dict[str, Any]) -> dict[str, Any]:
    return {"person_ref": row["person_ref"], "name": called(row), "residences": row["residences"]}


def moved(
    registry: Registry, question: Asked, now: datetime, *, least: int, first: int, community: str, seen_by: Viewer
) -> dict[str, Any]:
    """Living people of 14 and over with at least `least` standing residences in this community, carry-overs not
    counted, by person_ref. Who has no date of birth counts as of age (the first possible birth)."""
    question = settled(registry, question, now)
    position = sure(question.position)
    if not position:
        return not_yet(question)
    query = {"name": "moved", "least": least, "first": first, "community": community or None}
    occasion.asks("asked")
    occasion.asks_again(query, on=question.on, position=position, known_at=sure(question.known_at))
    rows = movers(registry, question.day, position, least=least, first=first, community=community)
    occasion.shows(*(row["person"] for row in rows if seen_by.sees(row["person"])))
    said = [shown_row(_moved(row), row["person"], seen_by, words=["person_ref", "name"]) for row in rows]
    return {**question.head, "position": position, "answer": said}


def movers(
    registry: Registry, on: date, position: int, *, least: int, first: int, community: str
) -> list[dict[str, Any]]:
    """The stored rows of `moved`."""
    born_by = months_after(on, -14 * 12)
    asked = {"least": least, "first": first, "community": community}
    return registry.query("residences", "moved", position=position, on=on, born_by=born_by, **asked)


def search_people(
    registry: Registry, query: str, *, seen_by: Viewer, limit: int = 20, after: tuple[str, UUID] | None = None
) -> list[dict[str, Any]]:
    """The rows of `search.people`."""
    return search.people(registry, query, seen_by=seen_by, limit=limit, after=after).rows


def search_dwellings(
    registry: Registry, query: str, *, limit: int = 20, after: tuple[str, UUID] | None = None
) -> list[dict[str, Any]]:
    """The rows of `search.dwellings`, by addresses and marks of dwellings alone."""
    return search.dwellings(registry, query, limit=limit, after=after).rows


def _when(row: dict[str, Any], question: Asked | None) -> dict[str, Any]:
    """The days of a row as an answer prints them."""
    return {
        "since": _iso(row["since"]),
        "until": _iso(row["until"]),
        "since_known": row["since_known"],
        "until_known": row["until_known"],
        "certain": _certain(row, question),
    }


def _certain(row: dict[str, Any], question: Asked | None) -> bool:
    """Whether the row's part of the answer holds whatever the unknown parts of its dates are (semantics 4)."""
    first, last = row["since"] or date.min, row["until"] or date.max
    if question and question.on:
        first, last = question.on, _day_after(question.on) or date.max
    elif question:
        first, last = max(first, question.start or date.min), min(last, question.end or date.max)
    return covers(row, first, last)


def not_yet(question: Asked) -> dict[str, Any]:
    """The answer about a time before the first fact."""
    return {**question.head, "position": 0, "answer": texts.TEXTS["answers"]["not-yet"]}


def _day(name: str, text: str | None) -> date | None:
    if not text:
        return None
    found = gate.whole_day(text)
    if found.value is None:
        raise _bad(name, found, "not_a_day")
    return date.fromisoformat(found.value)


def _day_after(day: date) -> date | None:
    """The end of a period of one day; None behind the last day that there is."""
    return day + timedelta(1) if day < date.max else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
