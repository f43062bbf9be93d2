"""`people`: finding a person by any part of a name, date of birth or number; old names too."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from registry import texts, ukrainian
from registry.aggregates.person import absence_events, events, protection_events
from registry.aggregates.person.state import NOBODY, Person, fold
from registry.aggregates.values import first_day, last_day
from registry.finding import lexemes
from registry.storage import queries

SQL = queries.load(Path(__file__).with_suffix(".sql"))
TABLE = "people"
VERSION = 2
AGGREGATE = "person"
COLUMNS = (
    *("person", "ref", "surname", "given_names", "patronymic", "sex", "birth_date", "born_on"),
    *("citizenship", "unzr", "rnokpp", "died", "died_on", "former", "sort_key", "haystack", "words", "sealed"),
)
KEY = {"person": "uuid"}
IGNORES: Sequence[type] = (
    events.ResidenceDeclared,
    events.ResidenceRegistered,
    events.StayRegistered,
    events.ResidenceCarriedOver,
    events.PastResidenceEntered,
    events.ResidenceDeregistered,
    events.ResidenceCorrected,
    events.ResidenceAnnulled,
    events.DeregistrationAnnulled,
    events.CarryOverAnnulled,
    events.OccupiedAddressNoted,
    events.FamilyLinkEntered,
    events.FamilyLinkEnded,
    events.FamilyLinkCorrected,
    events.FamilyLinkAnnulled,
    absence_events.AbsenceProtected,
    absence_events.AbsenceProtectionEnded,
    absence_events.AbsenceProtectionCorrected,
    absence_events.AbsenceProtectionAnnulled,
    protection_events.AddressProtected,
    protection_events.AddressProtectionEnded,
    protection_events.AddressProtectionAnnulled,
)

EMPTY, FOLD = NOBODY, fold


def view(stream: UUID, person: Person) -> Iterator[tuple]:
    """The row of a person as now believed; none for a withdrawn entry."""
    if not person.entered:
        return
    said = person.particulars
    names = (said.surname, said.given_names, said.patronymic)
    former = tuple(
        dict.fromkeys(
            texts.person_name(old) for old in person.former if (old.surname, old.given_names, old.patronymic) != names
        )
    )
    yield (
        stream,
        person.ref,
        *names,
        said.sex,
        said.birth_date,
        first_day(said.birth_date) if said.birth_date else None,
        said.citizenship,
        said.unzr,
        said.rnokpp,
        person.death.registered_on if person.death else None,
        last_day(person.death.registered_on) if person.death else None,
        former,
        ukrainian.sort_key(*names),
        lexemes.haystack(*names, *former),
        lexemes.of_person(person),
        person.seal is not None,
    )
