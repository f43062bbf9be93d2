"""What the facts of a person say of what came before them, and whether it is so (semantics 1.8).

A fold never refuses: a fact that names nothing, a second death, a residence of the dead, an untrue list stay on record
and count for what the rules make of them. This says which facts those are, by their positions. It shares no rule with
the decisions that keep them out: a list is compared with the days of `engine`, before the fact and after it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any
from uuid import UUID

from registry import gate
from registry.aggregates.person import events
from registry.aggregates.person.merge_events import EntryMerged, MergeAnnulled
from registry.aggregates.person.state import Person, Residence, evolve, find
from registry.aggregates.values import DateText, Entry, first_day, is_real, last_day
from replay.engine import Stretch, stretches
from replay.family import OF_FAMILY

OF_OTHERS = (*OF_FAMILY, EntryMerged, MergeAnnulled)
"""What `family` and `merging` tell."""
SETTLING = (events.ResidenceDeclared, events.ResidenceRegistered, events.StayRegistered)
DATED = (*SETTLING, events.PastResidenceEntered, events.ResidenceDeregistered, events.Deceased)
JUDGES = (gate.unzr, gate.rnokpp, gate.sex)
PLAIN: tuple[Callable[[str], object], ...] = (
    gate.UNZR_KEPT.fullmatch,
    gate.RNOKPP_KEPT.fullmatch,
    gate.SEXES.__contains__,
)
"""What each of these keeps as it is, and nearly all are; the gate is asked of the rest."""
ABOUT_CHANGES = (events.ParticularsUpdated, events.ParticularsCorrected)


def of_person(entries: Sequence[Entry], states: Sequence[Person]) -> Iterator[tuple[int, str]]:
    """What is untrue on a person's stream, whose states are given (before the first fact, after each): the position of
    each such fact, and a code."""
    entered = False
    for entry, (before, person) in zip(entries, pairwise(states), strict=True):
        entered = entered or isinstance(entry.fact, events.PersonEntered)
        if not entered:
            yield entry.position, "nobody_entered"
        if isinstance(entry.fact, OF_OTHERS):
            continue
        if entry.version in person.unmatched:
            yield entry.position, "second_death" if isinstance(entry.fact, events.Deceased) else "names_nothing"
        yield from ((entry.position, code) for code in _untrue(before, person, entry))


def _untrue(before: Person, after: Person, entry: Entry) -> Iterator[str]:
    fact = entry.fact
    if isinstance(fact, events.PersonEntered):
        if before.entered or before.merged:
            yield "entered_twice"
        yield from _of_numbers(fact.particulars)
        return
    if isinstance(fact, DATED):
        yield from _of_dates(fact, entry)
    match fact:
        case events.ResidenceDeclared() | events.ResidenceRegistered() | events.StayRegistered():
            yield from _of_new(before, fact.residence, fact.since, None)
            if before.death:
                yield "after_death"
        case events.PastResidenceEntered():
            yield from _of_new(before, fact.residence, fact.since, fact.until)
            if before.death and first_day(fact.until) > last_day(before.death.registered_on):
                yield "after_death"
        case events.ResidenceCarriedOver():
            left = find(before, fact.from_residence)
            if before.death and not (left and left.kept):
                yield "after_death"
            if find(before, fact.residence):
                yield "residence_twice"
        case events.ResidenceDeregistered(residence=id, dwelling=dwelling, until=until):
            yield from _of_end(before, find(before, id), dwelling, until)
        case events.ResidenceCorrected(residence=id, was=was):
            one = find(before, id)
            if one and was != events.ResidenceVersion(
                kind=one.kind, dwelling=one.dwelling, since=one.since, until=one.until
            ):
                yield "was"
        case events.ResidenceAnnulled():
            yield from _of_annulled(before, entry)
        case events.DeregistrationAnnulled(residence=id, dwelling=dwelling):
            if (one := find(before, id)) and one.dwelling != dwelling:
                yield "dwelling"
        case events.CarryOverAnnulled(residence=id, dwelling=dwelling, takes_back=rank):
            one = find(before, id)
            if one is None or one.rank != rank or one.dwelling != dwelling:
                yield "carry_over"
        case events.Deceased(registered_on=on):
            if (born := before.particulars.birth_date) and last_day(on) < first_day(born):
                yield "before_birth"
            if fact.supersedes and not before.death and {*fact.supersedes} != _counting(before) - _counting(after):
                yield "supersedes"
        case events.ParticularsUpdated() | events.ParticularsCorrected():
            held = before.particulars
            if any(getattr(held, change.field, None) != change.was for change in fact.changes):
                yield "was"
            yield from _of_numbers(after.particulars)


def _of_dates(fact: Any, entry: Entry) -> Iterator[str]:
    """An act refuses a day to come and a day of no calendar; cards may say either (semantics 4)."""
    said = (getattr(fact, name, None) for name in ("since", "until", "registered_on"))
    written = [text for text in said if text]
    if any(first_day(text) > entry.recorded_on for text in written):
        yield "day_to_come"
    if not getattr(fact, "row", None) and not all(map(is_real, written)):
        yield "no_day"


def _of_numbers(said: events.Particulars) -> Iterator[str]:
    """A number has the form of one, and the sex is one of the list: cards, too, were refused otherwise."""
    for text, is_plain, judge in zip((said.unzr, said.rnokpp, said.sex), PLAIN, JUDGES, strict=True):
        if text and not is_plain(text) and judge(text).faults:
            yield "number"
            return


def _of_new(before: Person, id: UUID, since: DateText | None, until: DateText | None) -> Iterator[str]:
    if find(before, id):
        yield "residence_twice"
    if since and until and last_day(until) < first_day(since):
        yield "ends_before_start"
    start, born = since or until, before.particulars.birth_date
    if born and start and last_day(start) < first_day(born):
        yield "before_birth"


def _of_end(before: Person, one: Residence | None, dwelling: UUID, until: DateText) -> Iterator[str]:
    if before.death:
        yield "after_death"
    if one is None:
        return
    if one.annulled:
        yield "names_nothing"
    if one.dwelling != dwelling:
        yield "dwelling"
    if one.since and last_day(until) < first_day(one.since):
        yield "ends_before_start"


def _of_annulled(before: Person, entry: Entry) -> Iterator[str]:
    """Whether the residence that a fact says to revive is the one that does, and ends by no date if none does."""
    fact: events.ResidenceAnnulled = entry.fact
    one = find(before, fact.residence)
    if one is None:
        return
    if one.annulled:
        yield "names_nothing"
    if one.dwelling != fact.dwelling:
        yield "dwelling"
    revives = _reviving(before, one, entry) if fact.revives else None
    if fact.revived != revives:
        yield "revived"
    if fact.revived_until and not fact.revived:
        yield "revived_until"


def _reviving(before: Person, annulled: Residence, entry: Entry) -> UUID | None:
    """Who gains days because a residence never was: who then holds its first day, else the first after it."""
    if annulled.past or annulled.kept or not annulled.since:
        return None
    day = first_day(annulled.since)
    plain = replace(entry, fact=replace(entry.fact, revived=None, revived_until=None))
    had = {_bounds(one) for one in stretches(before)}
    gained = [one for one in reversed(stretches(evolve(before, plain))) if _bounds(one) not in had]
    held = (one for one in gained if not one.residence.past and not one.residence.kept)
    return next((one.residence.id for one in held if one.until is None or day < one.until), None)


def _bounds(one: Stretch) -> tuple[Any, ...]:
    known = (one.since_known, one.until_known, one.certain_since, one.certain_until)
    return (one.residence.id, one.since, one.until, *known, one.facts)


def _counting(person: Person) -> set[UUID]:
    return {one.residence.id for one in stretches(person)}
