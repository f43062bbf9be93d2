"""What the access journal is told of an occasion, and what it answers: whom did somebody see, who saw somebody.

One entry an occasion. It lists the people, or, of a question that showed more than `LISTED`, stores that in their
place: who asks whether they were among them has it answered once more.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from registry import merged, questions
from registry.aggregates.case.events import ApplicationReceived
from registry.aggregates.case.unfinished import ApplicationAmended
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.values import Actor
from registry.app import Registry
from registry.occasion import AskedAgain, Occasion
from registry.questions import Asked
from registry.storage import access, queries
from registry.storage.access import Look, LookEntry

CARDS = {"pages.person": "opened", "pages.dwelling": "dwelling"}
"""The pages that are cards, and what an entry says of which one was opened."""
LISTED = 500
"""How many people an entry lists at most: the longest page of any list, so that what is stored as a question is only
what has no pages. An entry of so many is 20 KB, and still found by each of them."""
PAGE = 50
RECENT = 200
"""How far back the last cards of somebody are looked for: a home and a search are looks as well."""
SQL = queries.load(Path(__file__).with_suffix(".sql"))

_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_OF_PEOPLE = [name for name, of in AGGREGATE_OF.items() if of == "person"]
_OF_VISITS = [ApplicationReceived.NAME, ApplicationAmended.NAME]


def record(registry: Registry, occasion: Occasion, body: bytes = b"", *, refused: bool = False) -> None:
    """Writes down what came of an occasion, before its answer is shown: the acts of the caller, and whom `body` shows.
    Nothing where it shows nobody and was neither a search nor a question. Of a refusal (`refused`) no act that was made
    before. Raises `NotRecorded`: nothing may be shown."""
    people = shown(occasion, body)
    commands = [one for one, repeated in occasion.acts.items() if not repeated or not (refused or _tied(registry, one))]
    action, about = occasion.action, dict(occasion.about)
    if commands:
        action, about = "acted", {**about, "command": str(commands[0])}
        about |= {"also": list(map(str, commands[1:]))} if commands[1:] else {}
    elif action == "looked" and people <= occasion.recorded:
        return
    if occasion.question and len(people) > LISTED:
        about |= _stored(occasion.question, occasion.hidden, len(people))
        people = frozenset()
    persons = tuple(sorted(people - occasion.recorded))
    registry.looked(Look(action, persons, about), occasion.by)
    occasion.acts.clear()


def record_export(registry: Registry, by: Actor, position: int) -> None:
    """Writes down that the whole register is handed out as it stands at a position. Raises `NotRecorded`."""
    question = AskedAgain({"name": "everybody"}, None, position, registry.clock())
    count = len(_everybody(registry, {}, None, position))
    registry.looked(Look("exported", about=_stored(question, (), count)), by)


def shown(occasion: Occasion, body: bytes) -> frozenset[UUID]:
    """Whom an answer shows: those whom a viewer let be seen and whose id it holds, and those whom the way to it named.
    Whoever was only considered is not among them."""
    if not occasion.seen:
        return frozenset(occasion.shown)
    there = {one.decode() for one in _ID.findall(body)}
    return frozenset(occasion.shown).union(one for one in occasion.seen if str(one) in there)


def of_person(registry: Registry, person: UUID, *, limit: int = PAGE, before: int | None = None) -> list[LookEntry]:
    """Who saw a person, newest first: entries that name them or an entry that was merged into theirs, and questions
    that, asked again, name them. `before` continues behind a position."""
    people = [person, *merged.entries_of(registry, [person], registry.position())]
    named = _pages(lambda last: access.of_person(registry.access, *people, limit=limit, before=last), before)
    stored = _pages(lambda last: access.bulk_questions(registry.access, limit=limit, before=last), before)
    asked = (entry for entry in stored if _names(registry, entry, people))
    return list(islice(merge(named, asked, key=lambda one: -one.position), limit))


def cards(registry: Registry, by: Actor, since: datetime, *, limit: int) -> list[tuple[str, UUID, datetime]]:
    """The cards that somebody opened last since an instant, newest first, each once: on which of the pages `CARDS`, of
    whom or what, and when. No more than their last `RECENT` entries are read."""
    found: dict[tuple[str, UUID], datetime] = {}
    for entry in access.of_actor(registry.access, by.id, limit=RECENT):
        page = entry.about.get("route", "")
        if entry.recorded_at < since or len(found) == limit:
            break
        if opened := entry.about.get(CARDS.get(page, "")):
            found.setdefault((page, UUID(opened)), entry.recorded_at)
    return [(page, id, at) for (page, id), at in found.items()]


def faults(registry: Registry) -> list[str]:
    """What is wrong with the journal: by itself, and stored questions that are answered otherwise now."""
    found = access.check(registry.access)
    for entry in _pages(lambda last: access.bulk_questions(registry.access, before=last), None):
        try:
            people_of(registry, entry)
        except (access.AnswerChanged, KeyError, TypeError, ValueError) as error:
            found.append(f"position {entry.position}: the question is not answered as it was: {type(error).__name__}")
    return found


def people_of(registry: Registry, entry: LookEntry) -> frozenset[UUID]:
    """Whom an entry showed. Raises `AnswerChanged`."""
    if "query" not in entry.about:
        return frozenset(entry.persons)

    def evaluate(query: Mapping[str, Any], on: date | None, position: int) -> Iterable[UUID]:
        hidden = set(map(UUID, query.get("hidden", ())))
        return QUESTIONS[query["name"]](registry, query, on, position) - hidden

    return access.asked_again(entry, evaluate)


def _names(registry: Registry, entry: LookEntry, people: Iterable[UUID]) -> bool:
    """Whether a stored question showed one of these; one that is answered otherwise now may have."""
    try:
        return not people_of(registry, entry).isdisjoint(people)
    except access.AnswerChanged:
        return True


def _pages(page: Callable[[int | None], list[LookEntry]], before: int | None) -> Iterator[LookEntry]:
    while found := page(before):
        yield from found
        before = found[-1].position


def _stored(question: AskedAgain, hidden: Iterable[UUID], count: int) -> dict[str, Any]:
    """A question in place of the people; with whom it did not show, for they are not asked about again."""
    query = dict(question.query)
    if unseen := sorted(map(str, hidden)):
        query["hidden"] = unseen
    return access.bulk(query, on=question.on, known_at=question.known_at, count=count, position=question.position)


def _tied(registry: Registry, command: UUID) -> bool:
    return access.is_tied(registry.access, command)


def _moved(registry: Registry, query: Mapping[str, Any], on: date | None, position: int) -> set[UUID]:
    said = {"least": query["least"], "first": query["first"], "community": query["community"] or ""}
    return {row["person"] for row in questions.movers(registry, _day(on), position, **said)}


def _occupancy(registry: Registry, query: Mapping[str, Any], on: date | None, position: int) -> set[UUID]:
    start, end = (date.fromisoformat(query[name]) if query.get(name) else None for name in ("from", "until"))
    asked = Asked(on=on, start=start, end=end, period=on is None)
    return {row["person"] for row in questions.living_in(registry, UUID(query["dwelling"]), asked, position)}


def _living(registry: Registry, query: Mapping[str, Any], on: date | None, position: int) -> set[UUID]:
    return _people(registry, "living", on=_day(on), position=position)


def _everybody(registry: Registry, query: Mapping[str, Any], on: date | None, position: int) -> set[UUID]:
    return _people(registry, "everybody", position=position, of_people=_OF_PEOPLE, of_visits=_OF_VISITS)


def _people(registry: Registry, query: str, **params: Any) -> set[UUID]:
    with registry.datastore.get_connection() as connection:
        return {row["person"] for row in connection.execute(SQL[query], params)}


def _day(on: date | None) -> date:
    if on is None:
        raise ValueError("the question is about a day")
    return on


QUESTIONS: Mapping[str, Callable[[Registry, Mapping[str, Any], date | None, int], set[UUID]]] = {
    "moved": _moved,
    "occupancy": _occupancy,
    "living": _living,
    "everybody": _everybody,
}
"""The questions that may be stored, by name: who is in the answer."""
