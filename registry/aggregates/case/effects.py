"""What a granted application records about people, in one act: pure, from the decision and the people as they are.

A move ends the residence here by ranking, or notes the one elsewhere; a death ends it on the day of its registration
(cards 2, 4, row 9); correcting is card 6 (semantics 1.4). Everybody whom a part concerns gets facts of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from registry.aggregates.case import kept
from registry.aggregates.case.events import ChangedDwelling, Concerned, Elsewhere, Lease, Part
from registry.aggregates.case.family_shown import recorded
from registry.aggregates.case.kin import Filing
from registry.aggregates.case.sent import unsound
from registry.aggregates.case.shown import as_shown
from registry.aggregates.case.written import lease_number
from registry.aggregates.dwelling.decisions import change_kind, enter_dwelling, record_lease, record_owners
from registry.aggregates.dwelling.events import Address, DwellingFact
from registry.aggregates.dwelling.state import NOWHERE, Dwelling
from registry.aggregates.person import decisions as about_person
from registry.aggregates.person import sealing
from registry.aggregates.person.checks import supposing
from registry.aggregates.person.events import PersonFact
from registry.aggregates.person.leaving import carried, left_home
from registry.aggregates.person.state import Person, find
from registry.aggregates.person.timeline import timeline
from registry.aggregates.territory.events import TerritoryFact
from registry.aggregates.territory.listing import ListedTerritory, Listing
from registry.aggregates.values import Fault, Impossible, NeedsConfirmation, confirm, first_day, refuse, sure
from registry.services.application import Application as Asked
from registry.services.decision import DEATHS, day_of_death
from registry.services.headers import Service

_BEGINS = tuple(about_person.SETTLED.values())
_DAYS = ("registered_on", "until")
_DAY_SAID = {
    **dict.fromkeys(DEATHS, "subject.death_registered_on"),
    "court_declared_dead": "subject.declared_dead_on",
    "registered_elsewhere_notice": "subject.registered_elsewhere_on",
}
"""Where an application says the day from which a removal holds, by its ground; of others it is that of the act."""


@dataclass
class Effects:
    """The facts for each stream of a person, each stream begun for what lies elsewhere (a dwelling, an entry of the
    list of territories) and each dwelling of which something is now known, the dwellings settled in, and everybody as
    they are after it."""

    people: dict[UUID, list[PersonFact]] = field(default_factory=dict)
    elsewhere: dict[UUID, Sequence[DwellingFact | TerritoryFact]] = field(default_factory=dict)
    dwellings: dict[UUID, list[DwellingFact]] = field(default_factory=dict)
    homes: set[UUID] = field(default_factory=set)
    after: dict[UUID, Person] = field(default_factory=dict, compare=False)


@dataclass
class _PersonInAct:
    """A person, act after act: each decision sees what the ones before it in the same act did."""

    id: UUID
    person: Person
    named: UUID | None
    today: date
    confirmed: bool
    facts: list[PersonFact] = field(default_factory=list)

    def then(self, made: Sequence[PersonFact]) -> None:
        """Facts that a decision on the person as they are now has made."""
        self.facts += made
        self.person = supposing(self.person, made, self.today)

    def residence(self) -> UUID:
        """The residence that was named, else the one where the person lives and which has no end."""
        if self.named:
            return self.named
        rows = [row for row in timeline(self.person) if row.state == "standing" and row.until is None]
        current = [row.residence for row in rows if not row.kept] or [row.residence for row in rows]
        if len(current) != 1:
            refuse([Fault("residence-not-one" if current else "residence-missing", "register.persons")])
        return current[0]


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A granted part, the day from which it holds, who files it where the visit tells, and what is at hand for it: the
    dwellings that it names, ids for new residences, dwellings and family links, and the entries of the list of
    territories, None where nobody looked."""

    application: UUID
    part: Part
    asked: Asked
    on: date
    homes: Mapping[UUID, Dwelling]
    ids: Iterator[UUID]
    listing: Listing | None = None
    filed_by: UUID | None = None


def effects(granted: Granted, people: Mapping[UUID, Person], *, today: date, confirmed: bool = False) -> Effects:
    """What a granted part records. Raises `Impossible` or `NeedsConfirmation` with the faults of everybody at once,
    each naming its person."""
    made = Effects()
    faults: list[Fault] = []
    surprises: list[Fault] = []
    for one in granted.part.concerned:
        life = _PersonInAct(one.person, people[one.person], one.residence, today, confirmed)
        try:
            refuse(unsound(one))
            life.then(as_shown(one, life.person, today, confirmed))
            home = home_of(granted.part, granted.asked.does, one, life.person)
            left = next(iter(carried(life.person, one.residence)), None)
            _note_family(life, one, granted, people)
            _act(life, granted, made)
            _note_dwelling(life, granted, made, home, left)
        except Impossible as error:
            faults += _of(one, error.faults)
        except NeedsConfirmation as error:
            surprises += _of(one, error.faults)
        made.people[one.person], made.after[one.person] = life.facts, life.person
    refuse(faults)
    confirm(surprises, confirmed=False)
    return made


def home_of(part: Part, does: Service, one: Concerned, person: Person) -> UUID | None:
    """The dwelling that a part is about: where somebody settles, or the one that is left; None of another part."""
    if does.settles:
        return part.dwelling
    return left_home(person, one.residence) if does.removes else None


def dwelling_as_shown(
    said: ChangedDwelling | None,
    home: Dwelling,
    who: UUID,
    *,
    residence: UUID | None = None,
    application: UUID,
    today: date,
) -> list[DwellingFact]:
    """What has changed of a dwelling by the paper shown. Raises `Impossible`."""
    if said is None:
        return []
    basis, made = said.paper, list[DwellingFact]()
    if said.kind:
        made += change_kind(home, kind=said.kind, basis=basis, application=application)
    if said.owners is not None:
        made += record_owners(home, owners=said.owners, since=None, basis=basis, today=today)
    if said.lease:
        made += _contract(home, said.lease, who, residence, basis=basis, application=application, today=today)
    return made


def _contract(
    home: Dwelling, said: Lease, who: UUID, residence: UUID | None, *, basis: str | None, application: UUID, today: date
) -> list[DwellingFact]:
    """The contract on which somebody lives in a dwelling, as it now stands."""
    return record_lease(
        home,
        number=said.number,
        since=None,
        until=said.until,
        lessee=who,
        terminated_on=said.terminated_on,
        basis=basis,
        application=application,
        of_residence=residence,
        today=today,
    )


def _note_dwelling(life: _PersonInAct, granted: Granted, made: Effects, home: UUID | None, left: UUID | None) -> None:
    """What is now known of the dwelling: what has changed, and the contract on which somebody settles in it. `left` is
    the residence that ends."""
    if home is None or home not in granted.homes:
        return
    said, noted = granted.part.dwelling_changed, made.dwellings.get(home, [])
    if said and noted:
        # Of several people the dwelling has changed once; each has a contract of their own.
        said = replace(said, kind=None, owners=None)
    who, settles = life.id, granted.asked.does.settles
    begun = next((fact.residence for fact in reversed(life.facts) if isinstance(fact, _BEGINS)), None)
    residence = begun or left
    state, by, today = granted.homes[home], granted.application, life.today
    facts = dwelling_as_shown(said, state, who, residence=residence, application=by, today=today)
    rental = granted.asked.dwelling.rental
    if settles and rental and rental.terminated_on is None and not (said and said.lease):
        runs = Lease(number=lease_number(granted.part), until=rental.until.isoformat() if rental.until else None)
        facts += _contract(state, runs, who, residence, basis=None, application=by, today=today)
    if facts:
        made.dwellings[home] = [*noted, *facts]


def _note_family(life: _PersonInAct, one: Concerned, granted: Granted, people: Mapping[UUID, Person]) -> None:
    """Whose child or ward the papers show, and, of whoever is adopted with another name, that this entry is who they
    were: the card ends the residence under the name before (card 4, row 9)."""
    filing = Filing(part=granted.part, application=granted.application, filed_by=granted.filed_by)
    life.then(recorded(one, filing, life.person, people, granted.ids, life.today))
    asked = granted.asked
    if asked.does.removes and asked.does.of_children and asked.subject.adopted_with_new_name and not life.person.seal:
        life.then(sealing.seal(life.person, basis=asked.service, application=granted.application))


def _act(life: _PersonInAct, granted: Granted, made: Effects) -> None:
    does = granted.asked.does
    if does.settles:
        _settle(life, granted, made)
    elif does.removes:
        _remove(life, granted)
    elif does.corrects:
        _correct(life, granted, made)


def _settle(life: _PersonInAct, granted: Granted, made: Effects) -> None:
    part, current = granted.part, granted.asked.subject.current_residence
    if part.dwelling is None:
        refuse([Fault("dwelling-missing", "register.dwelling")])
    if current and current.place == "other_community" and part.elsewhere is None:
        refuse([Fault("elsewhere-missing", "register.elsewhere")])
    _close_ended(life, granted)
    if current and current.kept:
        _keep(life, granted, current.place, made)
    home = sure(part.dwelling)
    made.homes.add(home)
    life.then(
        about_person.settle(
            life.person,
            kind=sure(granted.asked.does.settles),
            residence=next(granted.ids),
            dwelling=home,
            home=granted.homes[home],
            since=granted.on.isoformat(),
            basis=granted.asked.service,
            application=granted.application,
            today=life.today,
            confirmed=life.confirmed,
        )
    )
    if current and not current.kept and current.place == "other_community":
        _note_elsewhere(life, granted, sure(part.elsewhere), current.kind, made)


def _keep(life: _PersonInAct, granted: Granted, place: str, made: Effects) -> None:
    """The address in a listed territory stays (law 1871-IX, final provisions 10-10³): noted before settling anew, with
    the entry of the list that it rests on."""
    part, rests = granted.part, _rests_on(life, granted)
    if rests and granted.listing:
        new = kept.begun(part.territory, granted.listing, application=granted.application, today=life.today)
        made.elsewhere |= new
    elsewhere = None if place == "this_community" else sure(part.elsewhere)
    named = elsewhere.list_entry if elsewhere else part.list_entry
    life.then(
        about_person.note_occupied_address(
            life.person,
            residence=None if elsewhere else life.residence(),
            list_entry=named or (rests.name if rests else None),
            address=elsewhere.address if elsewhere else None,
            katottg=elsewhere.katottg if elsewhere else None,
            list_since=rests.since if rests else elsewhere.list_since if elsewhere else None,
            territory=rests.entry if rests else None,
            today=life.today,
            confirmed=life.confirmed,
        )
    )


def _rests_on(life: _PersonInAct, granted: Granted) -> ListedTerritory | None:
    """The entry that the kept address rests on; None where nobody looked. Raises `Impossible`."""
    part, listing = granted.part, granted.listing
    if listing is None:
        return None
    found = kept.kept_by(
        part, Concerned(person=life.id, residence=life.named), life.person, granted.homes, listing.community
    )
    return kept.rests_on(sure(found), part, listing, day=granted.asked.received.date(), today=life.today)


def _close_ended(life: _PersonInAct, granted: Granted) -> None:
    """An address outside this community that was kept by an entry which has ended: it is kept no more, and whoever
    keeps it is told so first (semantics 3)."""
    ended = kept.ended_elsewhere(life.person, granted.listing) if granted.listing else []
    confirm(kept.told_of(ended), life.confirmed)
    for note, until in ended:
        life.then([replace(note, list_until=until)])


def _note_elsewhere(life: _PersonInAct, granted: Granted, elsewhere: Elsewhere, kind: str, made: Effects) -> None:
    """Another community's residence ends by the move: here it is a past one, there a message goes."""
    there = next(granted.ids)
    address = Address(settlement=elsewhere.address, katottg=elsewhere.katottg)
    made.elsewhere[there] = enter_dwelling(NOWHERE, address=address, kind="elsewhere")
    life.then(
        about_person.enter_past_residence(
            life.person,
            kind="stay" if kind == "stay" else "registered",
            residence=next(granted.ids),
            dwelling=there,
            home=Dwelling(entered=True),
            since=elsewhere.since,
            until=granted.on.isoformat(),
            basis=granted.asked.service,
            application=granted.application,
            today=life.today,
            confirmed=life.confirmed,
        )
    )


def _remove(life: _PersonInAct, granted: Granted) -> None:
    """Raises `Impossible`, whose faults name the day as the application says it."""
    try:
        if granted.asked.ground in DEATHS:
            _note_death(life, granted)
        else:
            _deregister(life, granted)
    except Impossible as error:
        said = _DAY_SAID.get(granted.asked.ground or "", "")
        refuse([replace(fault, field=said) if said and fault.field in _DAYS else fault for fault in error.faults])


def _note_death(life: _PersonInAct, granted: Granted) -> None:
    asked = granted.asked
    # The day of the death, or nothing: never the day on which somebody recorded it.
    day, died, born = day_of_death(asked), asked.subject.died_on, life.person.particulars.birth_date
    faults = [Fault("date-in-future", "subject.died_on")] if died and died > life.today else []
    if died and born and died < first_day(born):
        faults.append(Fault("before-birth", "subject.died_on"))
    of_notice = "death_registered_on" in (granted.part.known or {}).get("subject", {})
    if died and day and day < died <= life.today and not of_notice:
        faults.append(Fault("registered-before-death", "subject.died_on"))
    refuse(faults)
    said = day.isoformat() if day else None
    life.then(
        about_person.record_death(
            life.person, registered_on=said, basis=asked.ground, today=life.today, confirmed=life.confirmed
        )
    )


def _deregister(life: _PersonInAct, granted: Granted) -> None:
    ground, residence = granted.asked.ground, life.residence()
    found = find(life.person, residence)
    if ground == "registered_elsewhere_notice" and found and found.kept and not found.kept_until:
        # Who keeps a listed address registered elsewhere without leaving it, until its entry ends (semantics 3).
        refuse([Fault("kept-address-stays", "register.persons")])
    life.then(
        about_person.deregister_residence(
            life.person,
            residence=residence,
            until=granted.on.isoformat(),
            ground=ground,
            application=granted.application,
            country=granted.part.country,
            destination=granted.part.destination,
            today=life.today,
            confirmed=life.confirmed,
        )
    )


def _correct(life: _PersonInAct, granted: Granted, made: Effects) -> None:
    if granted.part.now is None or life.named is None:
        refuse([Fault("correction-missing", "register.now")])
    now = sure(granted.part.now)
    made.homes.add(now.dwelling)
    life.then(
        about_person.correct_residence(
            life.person,
            residence=sure(life.named),
            now=now,
            home=granted.homes[now.dwelling],
            reason=granted.part.reason,
            application=granted.application,
            today=life.today,
            confirmed=life.confirmed,
        )
    )


def _of(one: Concerned, faults: Sequence[Fault]) -> list[Fault]:
    return [Fault(fault.code, fault.field, {"person": str(one.person), **fault.named}) for fault in faults]
