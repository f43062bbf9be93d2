"""What decisions about a person check, and what they suppose: pure looks at a person before an act and after it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from registry import gate
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person.events import Document, Particulars, PersonFact
from registry.aggregates.person.state import Person, Residence, find, fold
from registry.aggregates.person.timeline import Row, standing, timeline
from registry.aggregates.values import (
    AFTER_ALL,
    DateText,
    Fault,
    NotADate,
    days,
    first_day,
    is_real,
    last_day,
    supposed,
)


def overlaps(rows: Iterable[Row], since: DateText | None, until: DateText | None) -> list[Fault]:
    """What stands and certainly shares a day with a period: on some day both hold, whatever their unknown parts are."""
    if since is None:
        return []
    start, end = last_day(since), first_day(until) if until else AFTER_ALL
    return [
        Fault("overlaps", "since", {"residence": str(row.residence)})
        for row in rows
        if row.state == "standing"
        and not row.kept
        and max(start, row.certain_since) < min(end, row.certain_until or AFTER_ALL)
    ]


def impossible_period(born: DateText | None, since: DateText | None, until: DateText | None) -> list[Fault]:
    """What no completion of the dates allows (semantics 4): an end before the start, a start before the birth."""
    faults = []
    if since and until and last_day(until) < first_day(since):
        faults.append(Fault("ends-before-start", "until"))
    start = since or until
    if born and start and last_day(start) < first_day(born):
        faults.append(Fault("before-birth", "since" if since else "until"))
    return faults


def succession_faults(home: Dwelling) -> list[Fault]:
    """What a clerk is asked who puts somebody into a dwelling that was renumbered or merged."""
    if home.succession is None:
        return []
    return [Fault("dwelling-succeeded", "dwelling", {"dwelling": str(home.succession.successor)})]


def supposing(person: Person, facts: Sequence[PersonFact], today: date) -> Person:
    """The person as if the facts were recorded today."""
    return fold(supposed(facts, person.version, today), person)


def homes(person: Person) -> set[UUID]:
    """The dwellings of which somebody is a present resident: standing there without an end, kept ones too."""
    return {row.dwelling for row in timeline(person) if row.state == "standing" and row.until is None}


def not_entered(person: Person) -> list[Fault]:
    return [] if person.entered else [Fault("person-unknown")]


def not_alive(person: Person) -> list[Fault]:
    """After a death, corrections, annulments and past residences remain possible, and nothing else (semantics 1.3)."""
    if person.entered and person.death:
        return [Fault("person-deceased", None, {"registered_on": person.death.registered_on})]
    return not_entered(person)


def home_faults(home: Dwelling) -> list[Fault]:
    return [] if home.entered else [Fault("dwelling-unknown", "dwelling")]


def kept_faults(person: Person) -> list[Fault]:
    """A kept residence whose list entry has ended must be deregistered before the next act (semantics 3)."""
    carried = {one.carried_from for one in person.residences if not one.annulled}
    return [
        Fault("kept-must-end", None, {"residence": str(one.id)})
        for one in person.residences
        if one.kept and one.kept_until and not one.until and not one.annulled and one.id not in carried
    ]


def named(person: Person, residence: UUID) -> tuple[list[Fault], Residence | None]:
    found = find(person, residence)
    if not person.entered:
        return not_entered(person), None
    if found is None:
        return [Fault("residence-unknown", "residence")], None
    if found.annulled:
        return [Fault("residence-annulled", "residence")], found
    return [], found


def date_faults(field: str, text: DateText | None, today: date) -> list[Fault]:
    if not text:
        return []
    try:
        if days(text)[0] > today:
            return [Fault("date-in-future", field)]
        return [] if is_real(text) else [Fault("not-a-date", field)]
    except NotADate:
        return [Fault("not-a-date", field)]


def value_warnings(said: Mapping[str, str | None], held: Particulars | None = None) -> list[Fault]:
    """What somebody has to confirm of particulars: numbers that disagree with them, letters of another script. Of what
    the register holds so already nobody is asked."""
    found = gate.particulars(said, asdict(held) if held else None)
    return [Fault(code, field) for field, codes in found.warnings.items() for code in codes]


def codes_of(warnings: Iterable[Fault]) -> tuple[str, ...] | None:
    """The warnings that were confirmed, as a fact keeps them; None where there were none."""
    return tuple(dict.fromkeys(one.code for one in warnings)) or None


def document_faults(documents: Iterable[Document], born: DateText | None, today: date) -> list[Fault]:
    """What no completion of the dates of documents allows: one issued in the future or before the birth of whom it
    identifies, or valid until a day before it was issued."""
    faults = []
    for number, one in enumerate(documents):
        issued, until, place = one.issued_on, one.valid_until, f"documents.{number}"
        if found := date_faults(f"{place}.issued_on", issued, today):
            faults += found
        elif issued and born and last_day(issued) < first_day(born):
            faults.append(Fault("issued-before-birth", f"{place}.issued_on"))
        elif issued and until and last_day(until) < first_day(issued):
            faults.append(Fault("paper-days-cross", f"{place}.valid_until"))
    return faults


def born_too_late(person: Person, born: DateText | None) -> list[Fault]:
    """What the register holds that certainly came before a birth: the death, or a residence that is not annulled."""
    if not born:
        return []
    faults = []
    if person.death and last_day(person.death.registered_on) < first_day(born):
        faults.append(Fault("born-after-death", "birth_date", {"registered_on": person.death.registered_on}))
    for one in person.residences:
        # A carried-over one begins on the day of the renumbering, whoever lived there then (semantics 2).
        if not one.annulled and not one.carried_from and impossible_period(born, one.since, one.until):
            faults.append(Fault("born-after-residence", "birth_date", {"residence": str(one.id)}))
    return faults


def birth_faults(person: Person, since: DateText | None, until: DateText | None) -> list[Fault]:
    try:
        return impossible_period(person.particulars.birth_date, since, until)
    except NotADate:
        return []


def period_faults(person: Person, since: DateText | None, until: DateText | None, today: date) -> list[Fault]:
    return [
        *date_faults("since", since, today),
        *date_faults("until", until, today),
        *birth_faults(person, since, until),
    ]


def last_row(person: Person, residence: UUID) -> Row | None:
    """The last row of a residence."""
    return next((row for row in reversed(timeline(person)) if row.residence == residence), None)


def left_dayless(person: Person, facts: Sequence[PersonFact], today: date, new: UUID | None = None) -> list[Fault]:
    """The standing residences that would be left without a day, and the new one if it would have none."""
    before = {row.residence for row in standing(timeline(person))}
    after = {row.residence for row in standing(timeline(supposing(person, facts, today)))}
    lost = [Fault("would-supersede", None, {"residence": str(one)}) for one in sorted(before - after, key=str)]
    return lost if new is None or new in after else [*lost, Fault("without-a-day", "until")]
