"""What the register holds of a case: everybody whom it concerns, each dwelling that it names; and what of it bears on
one part, with what the papers shown have changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from registry.aggregates.case.effects import dwelling_as_shown, home_of
from registry.aggregates.case.events import Concerned, Notice, Part
from registry.aggregates.case.family_shown import shown
from registry.aggregates.case.kept import kept_by, rests_on
from registry.aggregates.case.kin import NOBODY_COMES, Filing, kinship
from registry.aggregates.case.shown import as_shown
from registry.aggregates.case.witness import Held
from registry.aggregates.community.payees import PayeesDescribed
from registry.aggregates.dwelling.events import DwellingFact, LeaseRecorded
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.dwelling.state import fold as fold_dwelling
from registry.aggregates.person.checks import homes as homes_of
from registry.aggregates.person.checks import supposing
from registry.aggregates.person.leaving import carried
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.person.timeline import current, timeline
from registry.aggregates.territory.listing import ListedTerritory, Listing
from registry.aggregates.values import Fault, Impossible, supposed
from registry.services.headers import Service
from registry.services.offices import PLAIN_WEEK, Timetable

_NOWHERE = UUID(int=0)
AskedAs = tuple[Mapping[UUID, Person], date]
"""People, and the day of which somebody asks about them."""


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """What the register holds of everybody whom a case concerns and of each dwelling that it names, and ids for new
    residences and dwellings. `outside` are those of their dwellings that lie outside this community, whose codes begin
    with `community`; `residents` who lives in a dwelling, where somebody looked; `timetable` its hours and `payees` who
    is paid, on the day of receipt. `asked_as`, of an extract of another day or as known before: the people as known
    then, and that day. `listing` are the entries of the list of territories that may be meant; None where nobody
    looked."""

    people: Mapping[UUID, Person]
    homes: Mapping[UUID, Dwelling]
    ids: Iterator[UUID]
    outside: frozenset[UUID] = frozenset()
    residents: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    community: str = ""
    timetable: Timetable = PLAIN_WEEK
    asked_as: AskedAs | None = None
    payees: PayeesDescribed | None = None
    listing: Listing | None = None


NOTHING = Holdings(people={}, homes={}, ids=iter(()))


def testimony(
    part: Part,
    does: Service,
    one: Concerned,
    held: Holdings,
    notice: Notice | None,
    filed_by: UUID | None,
    today: date,
    coming: Mapping[UUID, UUID | None] = NOBODY_COMES,
) -> Held:
    """What the register holds that bears on a part about a person, with what the papers shown have changed of it.

    `filed_by` is who files, if the visit tells; `coming` where those of the visit settle who were not granted it.
    Raises `Impossible` for a change that is none.
    """
    was = held.people.get(one.person, NOBODY)
    person = supposing(was, as_shown(one, was, today), today)
    filed_by = part.applicant or filed_by
    filing = Filing(part=part, application=_NOWHERE, filed_by=filed_by)
    person = shown(one, filing, person, held.people, (UUID(int=number) for number in count(1)), today)
    id = home_of(part, does, one, person)
    home, changed = held.homes.get(id) if id else None, list[DwellingFact]()
    if home:
        changed = dwelling_as_shown(part.dwelling_changed, home, one.person, application=_NOWHERE, today=today)
        home = noted(home, changed, today)
    applicant = held.people.get(filed_by) if filed_by else None
    rests, unlisted = _rests(part, one, person, held, today) if does.settles else (None, ())
    return Held(
        who=one.person,
        person=person,
        homes=held.homes,
        home=home,
        residences=carried(person, one.residence) if does.removes else (),
        lived_in=_lived_in(id, one.person, held) if does.settles and id else None,
        files_from=_lives_there(applicant, id) if does.settles and id else None,
        applicant=applicant,
        shown=next((fact for fact in changed if isinstance(fact, LeaseRecorded)), None),
        noticed=notice.dated if notice else None,
        community=held.community,
        rests=rests,
        unlisted=unlisted,
        kin=kinship(person, filing, held.people, id, date.fromisoformat(part.asked["received"][:10]), coming),
    )


def noted(home: Dwelling, facts: Sequence[Any], today: date) -> Dwelling:
    """A dwelling as facts that follow leave it."""
    return fold_dwelling(supposed(facts, home.version, today), home)


def _rests(
    part: Part, one: Concerned, person: Person, held: Holdings, today: date
) -> tuple[ListedTerritory | None, tuple[Fault, ...]]:
    """The entry that a kept address rests on, or why it rests on none; neither where nothing is kept, or nobody
    looked."""
    kept = kept_by(part, one, person, held.homes, held.community)
    if kept is None or held.listing is None:
        return None, ()
    try:
        day = date.fromisoformat(part.asked["received"][:10])
        return rests_on(kept, part, held.listing, day=day, today=today, person=one.person), ()
    except Impossible as error:
        return None, error.faults if kept.claimed else ()


def _lives_there(applicant: Person | None, home: UUID) -> bool | None:
    """Whether the register has whoever files in a dwelling; None where it has them nowhere."""
    here = current(timeline(applicant)) if applicant and applicant.residences else None
    return here.dwelling == home if here else None


def _lived_in(home: UUID, who: UUID, held: Holdings) -> bool | None:
    """Whether anybody else lives in a dwelling, after the parts before; None where nobody looked."""
    if home not in held.residents or home in held.outside:
        return None
    now = {id for id, person in held.people.items() if home in homes_of(person)}
    others = (held.residents[home] - held.people.keys()) | now
    return bool(others - {who})
