"""What the papers shown tell of a person, and what of it a desk has to confirm (domain 2.4)."""

from dataclasses import asdict, replace
from datetime import date

from registry.aggregates.case.events import Concerned
from registry.aggregates.case.sent import unreachable, unsound
from registry.aggregates.person import decisions as about_person
from registry.aggregates.person.checks import value_warnings
from registry.aggregates.person.events import Particulars, PersonEntered, PersonFact
from registry.aggregates.person.state import Person, with_shown
from registry.aggregates.values import Fault, confirm, refuse


def warned_of(one: Concerned, person: Person) -> list[Fault]:
    """What a desk has to confirm of what is said of a person."""
    if one.particulars and not person.entered:
        return value_warnings(asdict(one.particulars))
    said = one.changed.particulars if one.changed else None
    return value_warnings(said, person.particulars) if said else []


def as_shown(one: Concerned, person: Person, today: date, confirmed: bool = True) -> list[PersonFact]:
    """What the papers shown tell of a person before anything else is done: that the register did not hold them, or that
    it says otherwise. Raises `Impossible`, and `NeedsConfirmation` of what nobody confirmed at receipt."""
    if unsound(one):
        # Only supposed: whatever was sent so is not granted.
        told = one.particulars or Particulars()
        wrong = {field: None for field in Particulars.__slots__ if f"particulars.{field}" in (one.faulty or {})}
        return [] if person.entered else [PersonEntered(particulars=replace(told, **wrong))]
    confirm(unreachable(one), confirmed)
    confirmed = confirmed or {fault.code for fault in warned_of(one, person)} <= set(one.confirmed or ())
    if one.particulars and not person.entered:
        return about_person.enter_person(person, **one.entering, today=today, confirmed=confirmed)
    if one.changed is None:
        return []
    said = one.changed
    if not said.corrects and "birth_date" in (said.particulars or {}):
        refuse([Fault("never-changes", "register.persons")])
    change = about_person.correct_particulars if said.corrects else about_person.update_particulars
    now = with_shown(person.documents, said.documents) if said.documents else None
    if not said.particulars and now is not None and set(now) == set(person.documents):
        return []
    changes = said.particulars or {}
    return change(person, changes=changes, documents=now, basis=said.paper, today=today, confirmed=confirmed)
