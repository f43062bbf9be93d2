"""What stands in the way of a part because somebody has died: whom it is about, or who files it (semantics 1.3)."""

from collections.abc import Mapping
from uuid import UUID

from registry.aggregates.case.case import AskedService
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.values import Fault
from registry.services.decision import DEATHS

_FOR_THE_LIVING = ("person", "parent", "legal_representative", "proxy_representative")
"""Who applies for themselves, or for somebody who is alive."""


def of_the_dead(service: AskedService, people: Mapping[UUID, Person]) -> tuple[Fault, ...]:
    """Nothing begins or ends for the dead, and neither they nor who represented them apply (semantics 1.3)."""
    does, asked = service.asked.does, service.asked
    if does.removes and asked.ground in DEATHS:
        return ()
    found = ((one.person, people.get(one.person, NOBODY).death) for one in service.part.concerned)
    dead = [{"person": str(person), "registered_on": death.registered_on} for person, death in found if death]
    if does.settles or does.removes:
        return tuple(Fault("person-deceased", "register.persons", one) for one in dead)
    if asked.applicant.kind in _FOR_THE_LIVING:
        return tuple(Fault("dead-apply-for-nothing", "applicant.kind", one) for one in dead)
    return ()


def files(service: AskedService, people: Mapping[UUID, Person]) -> Person:
    """Whoever files for another, where the application names them."""
    return people.get(service.part.applicant, NOBODY) if service.part.applicant else NOBODY


def filed_by_dead(service: AskedService, people: Mapping[UUID, Person]) -> tuple[Fault, ...]:
    """Whoever files, where the register holds them, is alive when it comes."""
    death = files(service, people).death
    return (Fault("applicant-deceased", "register.applicant", {"registered_on": death.registered_on}),) if death else ()
