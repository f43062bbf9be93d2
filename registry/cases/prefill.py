"""What the register itself knows of an application's subject: filled in where nothing was said, compared where it was.

So that a clerk is not asked for what is on the screen, and so that no fee or term rests on a slip.
"""

from collections.abc import Mapping
from typing import Any, get_args
from uuid import UUID

from registry.aggregates.dwelling.state import Dwelling, in_community
from registry.aggregates.person.state import Person
from registry.aggregates.person.timeline import current, standing, timeline
from registry.aggregates.values import Fault, first_day, known, refuse
from registry.services.application import Citizenship
from registry.services.headers import SERVICES


def filled(asked: Mapping[str, Any], person: Person, homes: Mapping[UUID, Dwelling], community: str) -> dict[str, Any]:
    """The plain facts of an application with those of its subject that the register holds.

    `homes` are the dwellings of the person's residences, `community` the beginning of this community's codes. Raises
    `Impossible` where the application says otherwise of the birth or of an active residence.
    """
    subject = dict(asked.get("subject", {}))
    faults = []
    for name, value in _of_subject(person).items():
        if subject.setdefault(name, value) != value and name == "born":
            faults.append(Fault("differs-from-register", "subject.born"))
    if _settles(asked):
        faults += _residence(subject, person, homes, community)
    refuse(faults)
    return {**asked, "subject": subject}


def filled_for_another(
    asked: Mapping[str, Any], person: Person, homes: Mapping[UUID, Dwelling], community: str
) -> dict[str, Any]:
    """The same for somebody whom the part names besides its subject: who they are and where they live by the register.

    What it does not know is as was said of the subject.
    """
    said = asked.get("subject", {})
    subject = {name: value for name, value in {**said, **_of_subject(person)}.items() if name != "deregistered_on"}
    if _settles(asked):
        if _residence(subject, person, homes, community):
            subject.pop("current_residence")
            _residence(subject, person, homes, community)
        if subject.get("current_residence") is None and "deregistered_on" in said:
            subject.setdefault("deregistered_on", said["deregistered_on"])
    elif "deregistered_on" in said:
        subject["deregistered_on"] = said["deregistered_on"]
    return {**asked, "subject": subject}


def birth_date(person: Person) -> str | None:
    """The day of birth that the register holds, ISO; None where it is not known to the day."""
    return _of_subject(person).get("born")


def _settles(asked: Mapping[str, Any]) -> bool:
    service = SERVICES.get(asked.get("service", ""))
    return service is not None and service.settles is not None


def _of_subject(person: Person) -> dict[str, Any]:
    said: dict[str, Any] = {}
    born = person.particulars.birth_date
    if born and known(born) == "day":
        said["born"] = first_day(born).isoformat()
    if person.particulars.citizenship in get_args(Citizenship):  # a card index may say anything
        said["citizenship"] = person.particulars.citizenship
    return said


def _residence(subject: dict[str, Any], person: Person, homes: Mapping[UUID, Dwelling], community: str) -> list[Fault]:
    """Where the person lives now, or since when nowhere; a residence in another community only the applicant knows."""
    rows = timeline(person) if person.residences else []
    here = current(rows) if rows else None
    home = homes.get(here.dwelling) if here else None
    if here is None or home is None or not in_this_community(home, community):
        said = subject.get("current_residence")
        if said is not None and said.get("place", "this_community") == "this_community":
            stays = said.get("kept") and any(row.kept and row.until is None for row in standing(rows))
            return [] if stays else [Fault("differs-from-register", "subject.current_residence")]
        if said is None and here is None:
            _left(subject, rows)
        return []
    found = {"kind": "stay" if here.kind == "stay" else "residence", "place": "this_community"}
    said = subject.setdefault("current_residence", found)
    agrees = said is not None and said.get("place", "this_community") == "this_community"
    return [] if agrees else [Fault("differs-from-register", "subject.current_residence")]


def _left(subject: dict[str, Any], rows: Any) -> None:
    ends = [row.until for row in standing(rows) if row.until and row.until_known == "day"]
    if ends:
        subject.setdefault("deregistered_on", max(ends).isoformat())


def in_this_community(home: Dwelling, community: str) -> bool:
    """Whether a dwelling lies in this community (semantics 3), as it is called now."""
    return in_community(home.kind, home.names[-1].address.katottg if home.names else None, community)
