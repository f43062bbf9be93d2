"""The decisions about a person: one pure function an act, from state and request to new facts.

Each takes the person as folded, what is asked, `today` (the Kyiv day) and, where it may surprise, `confirmed`; and
returns the facts to append. `Impossible` lists every fault at once; `NeedsConfirmation` names what the act would do
that the clerk may not expect. The services' own rules (documents, fees, grounds) come before these, elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from uuid import UUID

from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.person.checks import (
    birth_faults,
    born_too_late,
    codes_of,
    date_faults,
    document_faults,
    home_faults,
    kept_faults,
    last_row,
    left_dayless,
    named,
    not_alive,
    not_entered,
    overlaps,
    period_faults,
    succession_faults,
    supposing,
    value_warnings,
)
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
from registry.aggregates.person.state import FIELDS, Person, Residence
from registry.aggregates.person.timeline import Row, standing, timeline
from registry.aggregates.values import (
    DateText,
    Fault,
    confirm,
    first_day,
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


def enter_person(
    person: Person,
    *,
    particulars: Particulars,
    documents: Sequence[Document] = (),
    ref: str | None = None,
    distinct_from: Sequence[UUID] = (),
    distinct_reason: str | None = None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """A new entry; also after a withdrawn one, on the same stream, but not where another entry answers in its place.
    Who looks like the same person (`distinct_from`) is another one for a reason."""
    faults = [Fault("already-entered")] if person.entered else []
    faults += [Fault("entry-merged", "person")] if person.merged else []
    faults += [Fault("distinct-reason-missing", "distinct_reason")] if distinct_from and not distinct_reason else []
    if not (particulars.surname or particulars.given_names):
        faults.append(Fault("name-missing", "surname"))
    born = date_faults("birth_date", particulars.birth_date, today)
    refuse([*faults, *born, *document_faults(documents, None if born else particulars.birth_date, today)])
    warnings = value_warnings(asdict(particulars))
    confirm(warnings, confirmed)
    return [
        PersonEntered(
            particulars=particulars,
            documents=tuple(documents),
            ref=ref,
            confirmed=codes_of(warnings),
            distinct_from=tuple(distinct_from) or None,
            distinct_reason=distinct_reason if distinct_from else None,
        )
    ]


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
    faults = [*not_alive(person), *home_faults(home), *kept_faults(person)]
    faults += [] if kind in KINDS else [Fault("kind-unknown", "kind")]
    faults += [] if since else [Fault("since-missing", "since")]
    faults += [*date_faults("since", since, today), *birth_faults(person, since, None)]
    refuse(faults)
    fact = SETTLED[kind](
        residence=residence, dwelling=dwelling, since=since, basis=basis, application=application, row=row
    )
    confirm([*succession_faults(home), *left_dayless(person, [fact], today)], confirmed)
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
    faults = [*not_entered(person), *home_faults(home), *kept_faults(person)]
    faults += [] if kind in KINDS else [Fault("kind-unknown", "kind")]
    faults += [] if until else [Fault("until-missing", "until")]
    faults += period_faults(person, since, until, today)
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
    confirm(left_dayless(person, [fact], today, new=residence), confirmed)
    return [fact]


def deregister_residence(
    person: Person,
    *,
    residence: UUID,
    until: DateText | None,
    ground: str | None = None,
    application: UUID | None = None,
    country: str | None = None,
    destination: str | None = None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """Ends one named residence; one that already ended is refused: correct its end (semantics 1.3)."""
    faults, found = named(person, residence)
    faults = [*not_alive(person), *faults, *([] if found and found.kept else kept_faults(person))]
    row = last_row(person, residence)
    if row and row.state == "superseded":
        faults.append(Fault("residence-superseded", "residence"))
    if row and row.state == "standing" and row.until:
        faults.append(Fault("residence-ended", "residence", {"until": row.until.isoformat()}))
    faults += [] if until else [Fault("until-missing", "until")]
    faults += date_faults("until", until, today)
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
        destination=destination,
    )
    confirm(left_dayless(person, [fact], today), confirmed)
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
    faults, found = named(person, residence)
    faults += [] if reason else [Fault("reason-missing", "reason")]
    faults += home_faults(home)
    faults += [] if now.kind in KINDS else [Fault("kind-unknown", "kind")]
    if found and not now.since and not found.past and not found.row:
        faults.append(Fault("since-missing", "since"))
    if found and found.past and not now.until:
        faults.append(Fault("until-missing", "until"))
    faults += period_faults(person, now.since, now.until, today)
    refuse(faults)
    found = sure(found)
    was = ResidenceVersion(kind=found.kind, dwelling=found.dwelling, since=found.since, until=found.until)
    fact = ResidenceCorrected(residence=residence, was=was, now=now, reason=sure(reason), application=application)
    surprises = [Fault("nothing-changed")] if was == now else []
    surprises += succession_faults(home) if _moves_in(person, fact, today) else []
    confirm([*surprises, *left_dayless(person, [fact], today)], confirmed)
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
    faults, found = named(person, residence)
    faults += [] if basis else [Fault("basis-missing", "basis")]
    faults += date_faults("revived_until", revived_until, today)
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
    lost = [fault for fault in left_dayless(person, [fact], today) if fault.named.get("residence") != str(residence)]
    confirm(lost, confirmed)
    return [fact]


def annul_deregistration(
    person: Person, *, basis: str | None, residence: UUID | None = None, today: date, confirmed: bool = False
) -> list[PersonFact]:
    """Takes back the latest deregistration that stands (semantics 1.6); `residence`, if given, must be the one."""
    faults = [*not_entered(person), *([] if basis else [Fault("basis-missing", "basis")])]
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
    confirm(left_dayless(person, [fact], today), confirmed)
    return [fact]


def annul_death(person: Person, *, basis: str | None) -> list[PersonFact]:
    """Takes back the death: the namesake's, or a wrong date (then it is recorded again, right)."""
    faults = [*not_entered(person), *([] if basis else [Fault("basis-missing", "basis")])]
    if person.death is None:
        faults.append(Fault("no-death"))
    refuse(faults)
    return [DeathAnnulled(takes_back=sure(person.death).version, basis=sure(basis))]


def annul_carry_over(
    person: Person, *, residence: UUID, basis: str | None, today: date, confirmed: bool = False
) -> list[PersonFact]:
    """Takes back a carry-over: the residence in the dwelling before stands again."""
    faults, found = named(person, residence)
    faults += [] if basis else [Fault("basis-missing", "basis")]
    if found and not found.carried_from:
        faults.append(Fault("not-carried-over", "residence"))
    refuse(faults)
    found = sure(found)
    fact = CarryOverAnnulled(takes_back=found.rank, residence=residence, dwelling=found.dwelling, basis=sure(basis))
    lost = [fault for fault in left_dayless(person, [fact], today) if fault.named.get("residence") != str(residence)]
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
    faults = not_entered(person)
    if person.death:
        faults.append(Fault("death-stands", "registered_on", {"registered_on": person.death.registered_on}))
    faults += [] if registered_on else [Fault("death-date-missing", "registered_on")]
    faults += date_faults("registered_on", registered_on, today)
    born = person.particulars.birth_date
    if not faults and born and registered_on and last_day(registered_on) < first_day(born):
        faults.append(Fault("before-birth", "registered_on"))
    refuse(faults)
    fact = Deceased(registered_on=sure(registered_on), basis=basis)
    lost = left_dayless(person, [fact], today)
    confirm(lost, confirmed)
    return [replace(fact, supersedes=tuple(UUID(fault.named["residence"]) for fault in lost) or None)]


def note_occupied_address(
    person: Person,
    *,
    list_entry: str | None,
    residence: UUID | None = None,
    address: str | None = None,
    katottg: str | None = None,
    list_since: DateText | None = None,
    list_until: DateText | None = None,
    territory: UUID | None = None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """The address in an occupied or combat territory that may stay (semantics 3); with `list_until`, that this ended.

    What the kept residence had ended would stand again, since it leaves the ranking: its end is recorded with the note.
    """
    faults = [*not_alive(person), *([] if list_entry else [Fault("list-entry-missing", "list_entry")])]
    faults += [one for one in kept_faults(person) if one.named["residence"] != str(residence)]
    faults += [*date_faults("list_since", list_since, today), *date_faults("list_until", list_until, today)]
    found = None
    if residence:
        more, found = named(person, residence)
        row = last_row(person, residence)
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
        territory=territory,
    )
    facts: list[PersonFact] = [note]
    if found is not None and not found.kept:
        facts = [*_ended_by_kept(person, found, note, today), note]
    confirm(left_dayless(person, facts, today), confirmed)
    return facts


def update_particulars(
    person: Person,
    *,
    changes: Mapping[str, str | None],
    documents: Sequence[Document] | None = None,
    basis: str | None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """What was right and changed (актуалізація)."""
    faults = [*not_alive(person), *kept_faults(person)]
    return _change(ParticularsUpdated, faults, person, changes, documents, basis, today, confirmed)


def correct_particulars(
    person: Person,
    *,
    changes: Mapping[str, str | None],
    documents: Sequence[Document] | None = None,
    basis: str | None,
    today: date,
    confirmed: bool = False,
) -> list[PersonFact]:
    """What was wrong from the start; possible after a death too."""
    return _change(ParticularsCorrected, not_entered(person), person, changes, documents, basis, today, confirmed)


def withdraw_entry(person: Person, *, reason: str | None) -> list[PersonFact]:
    """The entry itself was an error; also of somebody recorded as dead (semantics 1.7)."""
    faults = [*not_entered(person), *([] if reason else [Fault("reason-missing", "reason")])]
    refuse(faults)
    return [EntryWithdrawn(reason=sure(reason))]


def _change(
    fact_class: type[ParticularsUpdated | ParticularsCorrected],
    faults: list[Fault],
    person: Person,
    changes: Mapping[str, str | None],
    documents: Sequence[Document] | None,
    basis: str | None,
    today: date,
    confirmed: bool,
) -> list[PersonFact]:
    was = person.particulars
    faults = [*faults, *([] if basis else [Fault("basis-missing", "basis")])]
    faults += [Fault("field-unknown", "changes") for name in changes if name not in FIELDS]
    born = date_faults("birth_date", changes.get("birth_date"), today)
    faults += born or (born_too_late(person, changes.get("birth_date")) if "birth_date" in changes else [])
    given = () if documents is None else [one for one in documents if one not in person.documents]
    refuse([*faults, *document_faults(given, None if born else changes.get("birth_date", was.birth_date), today)])
    real = {name: now for name, now in changes.items() if getattr(was, name) != now}
    if not real and documents is None:
        refuse([Fault("nothing-changed", "changes")])
    now = replace(was, **real)
    if not (now.surname or now.given_names):
        refuse([Fault("name-missing", "surname")])
    warnings = value_warnings(real, was)
    confirm(warnings, confirmed)
    listed = tuple(Change(field=name, was=getattr(was, name), now=value) for name, value in real.items())
    papers = None if documents is None else tuple(documents)
    return [fact_class(changes=listed, documents=papers, basis=sure(basis), confirmed=codes_of(warnings))]


def _moves_in(person: Person, fact: ResidenceCorrected, today: date) -> bool:
    """Whether a correction makes somebody a present resident of a dwelling who was not one there before."""

    def lives_there(state: Person) -> bool:
        row = last_row(state, fact.residence)
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
