"""The facts of a person's life in the register: no logic, the whole subject.

Stored names never change; an old shape is upcast on reading. `since` and `until` are the law's days, half-open, as
written (`YYYY-MM-DD`, `YYYY-MM`, `YYYY`). `takes_back` names a fact of the same stream by its version.
Sources: design 2, semantics 1-4; the acts themselves: law 1871-IX and the service cards named at each.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from registry.aggregates.papers import Paper
from registry.aggregates.person.absence_events import AbsenceFact
from registry.aggregates.person.merge_events import MergeFact
from registry.aggregates.person.protection_events import ProtectionFact
from registry.aggregates.values import DateText


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Who the person is. УНЗР, РНОКПП, patronymic and contacts may be absent lawfully (domain 2.1)."""

    surname: str | None = None
    given_names: str | None = None
    patronymic: str | None = None
    sex: str | None = None
    birth_date: DateText | None = None
    birth_country: str | None = None
    birth_place: str | None = None
    citizenship: str | None = None
    unzr: str | None = None
    rnokpp: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that proves who the person is, as printed on it."""

    kind: str | None = None
    number: str | None = None
    issued_on: DateText | None = None
    issued_by: str | None = None
    valid_until: DateText | None = None
    latin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A row of the card index as it was imported: its key is the first four (semantics 8)."""

    person_ref: str
    dwelling_ref: str
    kind: str
    since: DateText | None = None
    until: DateText | None = None
    ended_by: str | None = None
    basis: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntered:
    """Somebody new; `distinct_from` look like the same person and are others, by `distinct_reason`; `confirmed` are
    the warnings of the gate that somebody confirmed: so it stands in the papers."""

    NAME: ClassVar[str] = "person-entered"
    particulars: Particulars
    documents: tuple[Document, ...] = ()
    ref: str | None = None
    confirmed: tuple[str, ...] | None = None
    """The warnings of the gate that somebody confirmed: so it stands in the papers."""
    on_card: dict[str, str] | None = None
    """Field → what the paper card says where it cannot be kept: of a birth in 1948-02 that it was on 1948-02-30."""
    distinct_from: tuple[UUID, ...] | None = None
    distinct_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceDeclared:
    """The person's own electronic declaration (cards 8, 9)."""

    NAME: ClassVar[str] = "residence-declared"
    residence: UUID
    dwelling: UUID
    since: DateText | None = None
    basis: str | None = None
    application: UUID | None = None
    row: CardRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceRegistered:
    """On an application (cards 1, 3); not a synonym of declared."""

    NAME: ClassVar[str] = "residence-registered"
    residence: UUID
    dwelling: UUID
    since: DateText | None = None
    basis: str | None = None
    application: UUID | None = None
    row: CardRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StayRegistered:
    """Місце перебування (card 5)."""

    NAME: ClassVar[str] = "stay-registered"
    residence: UUID
    dwelling: UUID
    since: DateText | None = None
    basis: str | None = None
    application: UUID | None = None
    row: CardRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceCarriedOver:
    """The dwelling was renumbered or merged; not a move (semantics 2). `succession` is the version of the fact in the
    stream of the dwelling that was left."""

    NAME: ClassVar[str] = "residence-carried-over"
    from_residence: UUID
    residence: UUID
    dwelling: UUID
    since: DateText
    succession: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastResidenceEntered:
    """From paper cards or another register: it began and ended before it was recorded here."""

    NAME: ClassVar[str] = "past-residence-entered"
    residence: UUID
    kind: str
    dwelling: UUID
    since: DateText | None = None
    until: DateText
    basis: str | None = None
    application: UUID | None = None
    row: CardRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceDeregistered:
    """Зняття (cards 2, 4). `dwelling` is the one that is left, `country` where an emigrant goes, `destination` where
    somebody goes within Ukraine, if they said."""

    NAME: ClassVar[str] = "residence-deregistered"
    residence: UUID
    dwelling: UUID
    until: DateText
    ground: str | None = None
    application: UUID | None = None
    country: str | None = None
    destination: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceVersion:
    """What one version of a residence says; in a correction, complete: what is absent in `now` is unknown or open."""

    kind: str
    dwelling: UUID
    since: DateText | None = None
    until: DateText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceCorrected:
    """Card 6: recorded wrongly. What was, what is; the wrong version stays readable for ever."""

    NAME: ClassVar[str] = "residence-corrected"
    residence: UUID
    was: ResidenceVersion
    now: ResidenceVersion
    reason: str
    application: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceAnnulled:
    """Скасування (law 1871-IX art. 17): should never have been made (semantics 1.5). `revived` is the residence that
    runs on because of it, `revived_until` its end from now on, if it has one."""

    NAME: ClassVar[str] = "residence-annulled"
    residence: UUID
    dwelling: UUID
    basis: str
    revives: bool
    revived: UUID | None = None
    revived_until: DateText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeregistrationAnnulled:
    NAME: ClassVar[str] = "deregistration-annulled"
    takes_back: int
    residence: UUID
    dwelling: UUID
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathAnnulled:
    """The namesake's death, or a wrong date of it: annulled, then recorded right."""

    NAME: ClassVar[str] = "death-annulled"
    takes_back: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOverAnnulled:
    NAME: ClassVar[str] = "carry-over-annulled"
    takes_back: int
    residence: UUID
    dwelling: UUID
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupiedAddressNoted:
    """The exception to "one address" (law 1871-IX final provisions 10-10³, КМУ 820/2023; semantics 3).

    Inside this community `residence` names the one that is kept; outside, the address is text and code. `list_entry` is
    the entry in the list of territories as it was named, `territory` which one it is; once `list_until` is noted, the
    exception has ended."""

    NAME: ClassVar[str] = "occupied-address-noted"
    residence: UUID | None = None
    dwelling: UUID | None = None
    address: str | None = None
    katottg: str | None = None
    list_entry: str
    list_since: DateText | None = None
    list_until: DateText | None = None
    territory: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of the particulars: what it said, what it says. Absent = the person has none."""

    field: str
    was: str | None = None
    now: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticularsUpdated:
    """Was right and changed: a new surname, a new document."""

    NAME: ClassVar[str] = "particulars-updated"
    changes: tuple[Change, ...] = ()
    documents: tuple[Document, ...] | None = None
    basis: str
    confirmed: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticularsCorrected:
    """Was wrong from the start: a slip of the pen."""

    NAME: ClassVar[str] = "particulars-corrected"
    changes: tuple[Change, ...] = ()
    documents: tuple[Document, ...] | None = None
    basis: str
    confirmed: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deceased:
    """`registered_on` is the date of *registration* of the death (cards 2 and 4, row 9); `supersedes` are the
    residences that it leaves without a day: they start on or after it (semantics 1.3, 1.8)."""

    NAME: ClassVar[str] = "deceased"
    registered_on: DateText
    basis: str | None = None
    supersedes: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWithdrawn:
    """The entry itself was an error; the next `person-entered` starts an empty life on the same stream."""

    NAME: ClassVar[str] = "entry-withdrawn"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLinkVersion:
    """What one version of a family link says; in a correction, complete: what is absent in `now` is unknown or open."""

    role: str
    relative: UUID | None = None
    relative_name: str | None = None
    since: DateText | None = None
    until: DateText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLinkEntered:
    """Who somebody is to this person, on the stream of the child or the ward: `role` is one of parent, guardian (an
    опікун or a піклувальник, or another legal representative) and adopter.

    `relative` is somebody of this register, `relative_name` somebody who is not in it. `paper` is what was shown of it.
    """

    NAME: ClassVar[str] = "family-link-entered"
    link: UUID
    role: str
    relative: UUID | None = None
    relative_name: str | None = None
    since: DateText | None = None
    until: DateText | None = None
    paper: Paper | None = None
    basis: str | None = None
    application: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLinkEnded:
    """It was so until a day: a guardianship that was lifted, rights of a parent that a court took away."""

    NAME: ClassVar[str] = "family-link-ended"
    link: UUID
    until: DateText
    paper: Paper | None = None
    basis: str | None = None
    application: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLinkCorrected:
    """Recorded wrongly: what was, what is; the wrong version stays readable for ever."""

    NAME: ClassVar[str] = "family-link-corrected"
    link: UUID
    was: FamilyLinkVersion
    now: FamilyLinkVersion
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLinkAnnulled:
    """It never was: the paper was false, or of somebody else."""

    NAME: ClassVar[str] = "family-link-annulled"
    link: UUID
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerIdentitySealed:
    """Adopted with another name (card 4, row 9): this entry is who the person was, and from here on nobody finds it but
    on a named ground. Nothing of who they are now leads to it; `successor`, if somebody said, leads there from here."""

    NAME: ClassVar[str] = "former-identity-sealed"
    basis: str
    application: UUID | None = None
    successor: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealAnnulled:
    """The seal was put on a wrong entry: everybody sees it again."""

    NAME: ClassVar[str] = "former-identity-seal-annulled"
    takes_back: int
    basis: str


PersonFact = (
    PersonEntered
    | ResidenceDeclared
    | ResidenceRegistered
    | StayRegistered
    | ResidenceCarriedOver
    | PastResidenceEntered
    | ResidenceDeregistered
    | ResidenceCorrected
    | ResidenceAnnulled
    | DeregistrationAnnulled
    | DeathAnnulled
    | CarryOverAnnulled
    | OccupiedAddressNoted
    | ParticularsUpdated
    | ParticularsCorrected
    | Deceased
    | EntryWithdrawn
    | FamilyLinkEntered
    | FamilyLinkEnded
    | FamilyLinkCorrected
    | FamilyLinkAnnulled
    | FormerIdentitySealed
    | SealAnnulled
    | AbsenceFact
    | ProtectionFact
    | MergeFact
)
