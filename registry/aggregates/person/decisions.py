"""The decisions about a person: one pure function an act, from state and request to new facts.

Each takes the person as folded, what is asked, `today` (the Kyiv day) and, where it may surprise, `confirmed`; and
returns the facts to append. `Impossible` lists every fault at once; `NeedsConfirmation` names what the act would do
that the clerk may not expect. The services' own rules (documents, fees, grounds) come before these, elsewhere.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID

from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person.events import (
    CardRow,
    CarryOverAnnulled,
    Change,
    DeathAnnulled,
    Deceased,
    DeregistrationAnnulled,
    Document,
    EntryWithdrawn,
    OccupiedAddressNoted,
    Particulars,
    ParticularsCorrected,
    ParticularsUpdated,
    PastResidenceEntered,
    PersonEntered,
    PersonFact,
    ResidenceAnnulled,
    ResidenceCorrected,
    ResidenceDeclared,
    ResidenceDeregistered,
    ResidenceRegistered,
    ResidenceVersion,
    StayRegistered,
)
from registry.aggregates.person.state import FIELDS, Person, Residence, find, fold
from registry.aggregates.person.timeline import Row, standing, timeline
from registry.aggregates.values import (
    AFTER_ALL,
    Actor,
    DateText,
    Entry,
    Fault,
    NotADate,
    confirm,
    days,
    first_day,
    is_real,
    last_day,
    refuse,
    sure,
)

KINDS = ("declared", "registered", "stay")
SETTLED: dict[str, type[ResidenceDeclared | ResidenceRegistered | StayRegistered]] = {
    "declared": ResidenceDeclared,
    "registered": ResidenceRegistered,
    "stay": StayRegistered,
}
"""The fact by which a residence of each kind begins."""

_NOWHERE = UUID(int=0)


def enter_person(
    person: Person,
    *,
    particulars: Particulars,
    documents: Sequence[Document] = (),
    ref: str | None = None,
    today: date,
) -> list[PersonFact]:
    """A new entry; also after a withdrawn one, on the same stream."""
    faults = [Fault("already-entered")] if person.entered else []
    if not (particulars.surname or particulars.given_names):
        faults.append(Fault("name-missing", "surname"))
    faults += _date_faults("birth_date", particulars.birth_date, today)
    refuse(faults)
    return [PersonEntered(particulars=particulars, documents=tuple(documents), ref=ref)]


def settle(
    person: Person,
    *,
    kind: str,
    residence: UUID,
    dwelling: UUID,
    home: Dwelling,
    since: DateText | None,
    basis: str | None = None,
    application: UUID | None = None,
    row: CardRow | None = None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """A new residence: `declared`, `registered` or `stay`. What it ends, it ends by being the last recorded."""
    faults = [*_alive(person), *_home_faults(home), *_kept_faults(person)]
    faults += [] if kind in KINDS else [Fault("kind-unknown", "kind")]
    faults += [] if since else [Fault("since-missing", "since")]
    faults += [*_date_faults("since", since, today), *_birth_faults(person, since, None)]
    refuse(faults)
    fact = SETTLED[kind](
        residence=residence, dwelling=dwelling, since=since, basis=basis, application=application, row=row
    )
    confirm([*succession_faults(home), *_lost(person, [fact], today)], confirmed)
    return [fact]


declare_residence: Callable[..., list[PersonFact]] = partial(settle, kind="declared")
register_residence: Callable[..., list[PersonFact]] = partial(settle, kind="registered")
register_stay: Callable[..., list[PersonFact]] = partial(settle, kind="stay")


def enter_past_residence(
    person: Person,
    *,
    kind: str,
    residence: UUID,
    dwelling: UUID,
    home: Dwelling,
    since: DateText | None,
    until: DateText | None,
    basis: str | None = None,
    application: UUID | None = None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """A residence from old papers; refused if it certainly overlaps what stands (semantics 1.2)."""
    faults = [*_entered(person), *_home_faults(home), *_kept_faults(person)]
    faults += [] if kind in KINDS else [Fault("kind-unknown", "kind")]
    faults += [] if until else [Fault("until-missing", "until")]
    faults += _period_faults(person, since, until, today)
    if not faults and person.death and until and first_day(until) > last_day(person.death.registered_on):
        faults.append(Fault("ends-after-death", "until"))
    refuse(faults)
    refuse(overlaps(timeline(person), since, until))
    fact = PastResidenceEntered(
        residence=residence,
        kind=kind,
        dwelling=dwelling,
        since=since,
        until=sure(until),
        basis=basis,
        application=application,
    )
    confirm(_lost(person, [fact], today, new=residence), confirmed)
    return [fact]


def deregister_residence(
    person: Person,
    *,
    residence: UUID,
    until: DateText | None,
    ground: str | None = None,
    application: UUID | None = None,
    country: str | None = None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """Ends one named residence; one that already ended is refused: correct its end (semantics 1.3)."""
    faults, found = _named(person, residence)
    faults = [*_alive(person), *faults, *([] if found and found.kept else _kept_faults(person))]
    row = _row(person, residence)
    if row and row.state == "superseded":
        faults.append(Fault("residence-superseded", "residence"))
    if row and row.state == "standing" and row.until:
        faults.append(Fault("residence-ended", "residence", {"until": row.until.isoformat()}))
    faults += [] if until else [Fault("until-missing", "until")]
    faults += _date_faults("until", until, today)
    if not faults and until and row and row.since and last_day(until) < row.since:
        faults.append(Fault("ends-before-start", "until"))
    refuse(faults)
    fact = ResidenceDeregistered(
        residence=residence,
        dwelling=sure(found).dwelling,
        until=sure(until),
        ground=ground,
        application=application,
        country=country,
    )
    confirm(_lost(person, [fact], today), confirmed)
    return [fact]


def correct_residence(
    person: Person,
    *,
    residence: UUID,
    now: ResidenceVersion,
    home: Dwelling,
    reason: str | None,
    application: UUID | None = None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """What was recorded wrongly, and how it is: the complete new version, the id and the rank stay (semantics 1.4)."""
    faults, found = _named(person, residence)
    faults += [] if reason else [Fault("reason-missing", "reason")]
    faults += _home_faults(home)
    faults += [] if now.kind in KINDS else [Fault("kind-unknown", "kind")]
    if found and not now.since and not found.past and not found.row:
        faults.append(Fault("since-missing", "since"))
    if found and found.past and not now.until:
        faults.append(Fault("until-missing", "until"))
    faults += _period_faults(person, now.since, now.until, today)
    refuse(faults)
    found = sure(found)
    was = ResidenceVersion(kind=found.kind, dwelling=found.dwelling, since=found.since, until=found.until)
    fact = ResidenceCorrected(residence=residence, was=was, now=now, reason=sure(reason), application=application)
    surprises = [Fault("nothing-changed")] if was == now else []
    surprises += succession_faults(home) if _moves_in(person, fact, today) else []
    confirm([*surprises, *_lost(person, [fact], today)], confirmed)
    return [fact]


def annul_residence(
    person: Person,
    *,
    residence: UUID,
    basis: str | None,
    revives: bool,
    revived_until: DateText | None = None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """It should never have been made (law 1871-IX art. 17). Whether the one before revives, the clerk answers."""
    faults, found = _named(person, residence)
    faults += [] if basis else [Fault("basis-missing", "basis")]
    faults += _date_faults("revived_until", revived_until, today)
    if revived_until and not revives:
        faults.append(Fault("nobody-revives", "revived_until"))
    refuse(faults)
    found = sure(found)
    fact = ResidenceAnnulled(residence=residence, dwelling=found.dwelling, basis=sure(basis), revives=revives)
    if revives:
        revived = _revived(person, found, fact, today)
        if revived_until and not revived:
            refuse([Fault("nobody-revives", "revived_until")])
        if revived_until and revived and revived.since and last_day(revived_until) < revived.since:
            refuse([Fault("ends-before-start", "revived_until")])
        fact = replace(fact, revived=revived.residence if revived else None, revived_until=revived_until)
    lost = [fault for fault in _lost(person, [fact], today) if fault.named.get("residence") != str(residence)]
    confirm(lost, confirmed)
    return [fact]


def annul_deregistration(
    person: Person, *, basis: str | None, residence: UUID | None = None, today: date, confirmed: bool = False
) -> list[PersonFact]:
    """Takes back the latest deregistration that stands (semantics 1.6); `residence`, if given, must be the one."""
    faults = [*_entered(person), *([] if basis else [Fault("basis-missing", "basis")])]
    ended = [one for one in person.residences if one.deregistration and not one.annulled]
    latest = max(ended, key=lambda one: sure(one.deregistration), default=None)
    if latest is None:
        faults.append(Fault("no-deregistration"))
    elif residence and latest.id != residence:
        faults.append(Fault("not-the-latest", "residence", {"residence": str(latest.id)}))
    refuse(faults)
    latest = sure(latest)
    fact = DeregistrationAnnulled(
        takes_back=sure(latest.deregistration), residence=latest.id, dwelling=latest.dwelling, basis=sure(basis)
    )
    confirm(_lost(person, [fact], today), confirmed)
    return [fact]


def annul_death(person: Person, *, basis: str | None) -> list[PersonFact]:
    """Takes back the death: the namesake's, or a wrong date (then it is recorded again, right)."""
    faults = [*_entered(person), *([] if basis else [Fault("basis-missing", "basis")])]
    if person.death is None:
        faults.append(Fault("no-death"))
    refuse(faults)
    return [DeathAnnulled(takes_back=sure(person.death).version, basis=sure(basis))]


def annul_carry_over(
    person: Person, *, residence: UUID, basis: str | None, today: date, confirmed: bool = False
) -> list[PersonFact]:
    """Takes back a carry-over: the residence in the dwelling before stands again."""
    faults, found = _named(person, residence)
    faults += [] if basis else [Fault("basis-missing", "basis")]
    if found and not found.carried_from:
        faults.append(Fault("not-carried-over", "residence"))
    refuse(faults)
    found = sure(found)
    fact = CarryOverAnnulled(takes_back=found.rank, residence=residence, dwelling=found.dwelling, basis=sure(basis))
    lost = [fault for fault in _lost(person, [fact], today) if fault.named.get("residence") != str(residence)]
    confirm(lost, confirmed)
    return [fact]


def record_death(
    person: Person,
    *,
    registered_on: DateText | None,
    basis: str | None = None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """The date of *registration* of the death ends everything; refused only while another death stands."""
    faults = _entered(person)
    if person.death:
        faults.append(Fault("death-stands", "registered_on", {"registered_on": person.death.registered_on}))
    faults += [] if registered_on else [Fault("death-date-missing", "registered_on")]
    faults += _date_faults("registered_on", registered_on, today)
    born = person.particulars.birth_date
    if not faults and born and registered_on and last_day(registered_on) < first_day(born):
        faults.append(Fault("before-birth", "registered_on"))
    refuse(faults)
    fact = Deceased(registered_on=sure(registered_on), basis=basis)
    confirm(_lost(person, [fact], today), confirmed)
    return [fact]


def note_occupied_address(
    person: Person,
    *,
    list_entry: str | None,
    residence: UUID | None = None,
    address: str | None = None,
    katottg: str | None = None,
    list_since: DateText | None = None,
    list_until: DateText | None = None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """The address in an occupied or combat territory that may stay (semantics 3); with `list_until`, that this ended.

    What the kept residence had ended would stand again, since it leaves the ranking: its end is recorded with the note.
    """
    faults = [*_alive(person), *([] if list_entry else [Fault("list-entry-missing", "list_entry")])]
    faults += [one for one in _kept_faults(person) if one.named["residence"] != str(residence)]
    faults += [*_date_faults("list_since", list_since, today), *_date_faults("list_until", list_until, today)]
    found = None
    if residence:
        more, found = _named(person, residence)
        row = _row(person, residence)
        ended = row is not None and (row.until is not None or row.state != "standing")
        faults += more or ([Fault("residence-ended", "residence")] if ended else [])
        if list_until and found and not found.kept:
            faults.append(Fault("list-entry-ended", "list_until"))
    elif not (address or katottg):
        faults.append(Fault("address-missing", "address"))
    refuse(faults)
    note = OccupiedAddressNoted(
        residence=residence,
        dwelling=found.dwelling if found else None,
        address=address,
        katottg=katottg,
        list_entry=sure(list_entry),
        list_since=list_since,
        list_until=list_until,
    )
    facts: list[PersonFact] = [note]
    if found is not None and not found.kept:
        facts = [*_ended_by_kept(person, found, note, today), note]
    confirm(_lost(person, facts, today), confirmed)
    return facts


def update_particulars(
    person: Person,
    *,
    changes: dict[str, str | None],
    documents: Sequence[Document] | None = None,
    basis: str | None,
    today: date,
) -> list[PersonFact]:
    """What was right and changed (актуалізація)."""
    faults = [*_alive(person), *_kept_faults(person)]
    return _change(ParticularsUpdated, faults, person, changes, documents, basis, today)


def correct_particulars(
    person: Person,
    *,
    changes: dict[str, str | None],
    documents: Sequence[Document] | None = None,
    basis: str | None,
    today: date,
) -> list[PersonFact]:
    """What was wrong from the start; possible after a death too."""
    return _change(ParticularsCorrected, _entered(person), person, changes, documents, basis, today)


def withdraw_entry(person: Person, *, reason: str | None) -> list[PersonFact]:
    """The entry itself was an error; also of somebody recorded as dead (semantics 1.7)."""
    faults = [*_entered(person), *([] if reason else [Fault("reason-missing", "reason")])]
    refuse(faults)
    return [EntryWithdrawn(reason=sure(reason))]


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
    nobody, instant = Actor("", ""), datetime(today.year, today.month, today.day, tzinfo=UTC)
    versions = range(person.version + 1, person.version + 1 + len(facts))
    return fold(
        (
            Entry(0, _NOWHERE, version, instant, today, nobody, _NOWHERE, fact)
            for version, fact in zip(versions, facts, strict=True)
        ),
        person,
    )


def homes(person: Person) -> set[UUID]:
    """The dwellings of which somebody is a present resident: standing there without an end, kept ones too."""
    return {row.dwelling for row in timeline(person) if row.state == "standing" and row.until is None}


def _change(fact_class, faults, person, changes, documents, basis, today) -> list[PersonFact]:
    faults = [*faults, *([] if basis else [Fault("basis-missing", "basis")])]
    faults += [Fault("field-unknown", "changes") for name in changes if name not in FIELDS]
    faults += _date_faults("birth_date", changes.get("birth_date"), today)
    refuse(faults)
    was = person.particulars
    real = {name: now for name, now in changes.items() if getattr(was, name) != now}
    if not real and documents is None:
        refuse([Fault("nothing-changed", "changes")])
    now = replace(was, **real)
    if not (now.surname or now.given_names):
        refuse([Fault("name-missing", "surname")])
    listed = tuple(Change(field=name, was=getattr(was, name), now=value) for name, value in real.items())
    return [fact_class(changes=listed, documents=None if documents is None else tuple(documents), basis=basis)]


def _entered(person: Person) -> list[Fault]:
    return [] if person.entered else [Fault("person-unknown")]


def _alive(person: Person) -> list[Fault]:
    """After a death, corrections, annulments and past residences remain possible, and nothing else (semantics 1.3)."""
    if person.entered and person.death:
        return [Fault("person-deceased", None, {"registered_on": person.death.registered_on})]
    return _entered(person)


def _home_faults(home: Dwelling) -> list[Fault]:
    return [] if home.entered else [Fault("dwelling-unknown", "dwelling")]


def _kept_faults(person: Person) -> list[Fault]:
    """A kept residence whose list entry has ended must be deregistered before the next act (semantics 3)."""
    return [
        Fault("kept-must-end", None, {"residence": str(one.id)})
        for one in person.residences
        if one.kept and one.kept_until and not one.until and not one.annulled
    ]


def _named(person: Person, residence: UUID) -> tuple[list[Fault], Residence | None]:
    found = find(person, residence)
    if not person.entered:
        return _entered(person), None
    if found is None:
        return [Fault("residence-unknown", "residence")], None
    if found.annulled:
        return [Fault("residence-annulled", "residence")], found
    return [], found


def _date_faults(field: str, text: DateText | None, today: date) -> list[Fault]:
    if not text:
        return []
    try:
        if days(text)[0] > today:
            return [Fault("date-in-future", field)]
        return [] if is_real(text) else [Fault("not-a-date", field)]
    except NotADate:
        return [Fault("not-a-date", field)]


def _birth_faults(person: Person, since: DateText | None, until: DateText | None) -> list[Fault]:
    try:
        return impossible_period(person.particulars.birth_date, since, until)
    except NotADate:
        return []


def _period_faults(person: Person, since: DateText | None, until: DateText | None, today: date) -> list[Fault]:
    return [
        *_date_faults("since", since, today),
        *_date_faults("until", until, today),
        *_birth_faults(person, since, until),
    ]


def _row(person: Person, residence: UUID) -> Row | None:
    """The last row of a residence."""
    return next((row for row in reversed(timeline(person)) if row.residence == residence), None)


def _lost(person: Person, facts: Sequence[PersonFact], today: date, new: UUID | None = None) -> list[Fault]:
    """The standing residences that would be left without a day, and the new one if it would have none."""
    before = {row.residence for row in standing(timeline(person))}
    after = {row.residence for row in standing(timeline(supposing(person, facts, today)))}
    lost = [Fault("would-supersede", None, {"residence": str(one)}) for one in sorted(before - after, key=str)]
    return lost if new is None or new in after else [*lost, Fault("without-a-day", "until")]


def _moves_in(person: Person, fact: ResidenceCorrected, today: date) -> bool:
    """Whether a correction makes somebody a present resident of a dwelling who was not one there before."""

    def lives_there(state: Person) -> bool:
        row = _row(state, fact.residence)
        return row is not None and (row.dwelling, row.state, row.until) == (fact.now.dwelling, "standing", None)

    return lives_there(supposing(person, [fact], today)) and not lives_there(person)


def _revived(person: Person, annulled: Residence, fact: ResidenceAnnulled, today: date) -> Row | None:
    """Who lives on because a residence never was: who then holds its first day, else the first to gain days after."""
    if annulled.past or annulled.kept or not annulled.since:
        return None
    day, before = first_day(annulled.since), set(timeline(person))
    rows = [row for row in reversed(standing(timeline(supposing(person, [fact], today)))) if row not in before]
    gained = [row for row in rows if not row.past and not row.kept and (row.until is None or day < row.until)]
    return next(iter(gained), None)


def _ended_by_kept(person: Person, kept: Residence, note: OccupiedAddressNoted, today: date) -> list[PersonFact]:
    """The ends of those that only the kept one had ended or superseded: they would run on once it leaves the ranks."""
    before = {row.residence: row for row in timeline(person)}
    after = [row for row in standing(timeline(supposing(person, [note], today))) if not row.past and not row.kept]
    ends = {row.residence: _end_before(before[row.residence], row) for row in after if row.residence != kept.id}
    return [
        ResidenceDeregistered(residence=one.id, dwelling=one.dwelling, until=until.isoformat(), ground="moved")
        for one in person.residences
        if (until := ends.get(one.id))
    ]


def _end_before(before: Row, after: Row) -> date | None:
    """The day on which a row ended that would now end later; its own first day if it had none."""
    if before.state == "superseded":
        return after.since
    return before.until if before.until != after.until else None
