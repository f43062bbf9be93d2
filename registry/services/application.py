"""The facts of one application or message, parsed: what the cards look at, with the defaults of the vocabulary.

The defaults describe an adult citizen and an ordinary private dwelling (`cases/services_vocabulary.yaml`). Moments are
naive local times of Kyiv. What a register that we do not hold would say (ownership, encumbrance, civil status,
payment) is a fact here like any other: a clerk answers it today.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from registry.services.adopted import AS_DECIDED, Readings
from registry.services.headers import SERVICES, Service

ServiceId = str
"""One of `SERVICES`, which the cards list: data, so that no type can."""
Channel = Literal["office", "diia", "emaliatko", "notice"]
ApplicantKind = Literal[
    "person",
    "parent",
    "legal_representative",
    "proxy_representative",
    "owner_representative",
    "dwelling_owner",
    "dwelling_co_owner",
    "dwelling_authorised_person",
    "social_institution",
    "guardianship_body",
    "mortgagee",
    "trust_owner",
    "dms",
    "court",
    "civil_registry",
    "registration_body",
    "official_body",
    "other",
]
Citizenship = Literal["ua", "foreigner", "stateless"]
IdentityDocument = Literal[
    "passport_card",
    "passport_booklet",
    "passport_travel",
    "temporary_ua_certificate",
    "permanent_permit",
    "temporary_permit",
    "refugee_certificate",
    "additional_protection_certificate",
    "temporary_protection_certificate",
    "stateless_document",
    "protection_application_certificate",
    "other",
]
DwellingKind = Literal[
    "private",
    "state_or_communal",
    "dormitory_school",
    "dormitory_other",
    "social_institution",
    "orphan_institution",
    "military_unit",
    "family_type_home",
    "foster_family",
]
GroundId = Literal[
    "application",
    "owner_application",
    "emigration",
    "stay_ended",
    "court_ownership_lost",
    "court_use_lost",
    "court_eviction",
    "court_missing",
    "court_declared_dead",
    "court_removal",
    "death_certificate",
    "death_data",
    "foreign_death_document",
    "dms_notice",
    "permit_cancelled",
    "institution_notice",
    "authorised_person_notice",
    "registered_elsewhere_notice",
    "official_request",
    "residence_mistake",
    "personal_data_change",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who files, or which body sent the message."""

    kind: ApplicantKind = "person"
    authority_proved: bool = True
    citizenship: Citizenship = "ua"
    identity_document: IdentityDocument = "passport_card"
    permit_received_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupied:
    """The address is in a listed territory of hostilities or occupation, ended on a day or not."""

    end_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentResidence:
    """The residence active when the application comes: removed in the same act unless the applicant asks to keep it."""

    kind: Literal["residence", "stay"] = "residence"
    place: Literal["this_community", "other_community"] = "this_community"
    kept: bool = False
    occupied: Occupied | None = None
    electronic_exchange: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The person whose residence it is."""

    born: date
    citizenship: Citizenship = "ua"
    identity_document: IdentityDocument = "passport_card"
    military_duty: bool = False
    capacity: Literal["full", "emancipated", "limited", "incapable"] = "full"
    orphan: bool = False
    guardianship: bool = False
    learner: bool = False
    homeless_record: bool = False
    serves_in_unit: bool = False
    """Serves, not as a conscript, in the military unit whose address is named: asked by card 71-05 only."""
    birth_registered_abroad: bool = False
    first_registration: bool = False
    adopted_with_new_name: bool = False
    deregistered_on: date | None = None
    deregistered_from: Literal["this_community", "other_community"] = "this_community"
    """Which community's body removed the person last: of another one's the register knows nothing."""
    permit_received_on: date | None = None
    birth_registered_on: date | None = None
    died_on: date | None = None
    death_registered_on: date | None = None
    declared_dead_on: date | None = None
    """When the court's decision that declares the person dead entered into force."""
    registered_elsewhere_on: date | None = None
    """Since when, as its notice says, another registration body has the person registered."""
    current_residence: CurrentResidence | None = None
    absence_protected: bool = False
    """Away for a reason that an owner's removal has to reckon with, by a mark of the register or as the clerk knows."""
    absence_stands: bool = True
    """Whether that still is so, as was found before the removal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rental:
    """The contract that the residence rests on; without `until` it is open-ended."""

    until: date | None = None
    terminated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDwelling:
    """The dwelling asked for; in cards 2 and 4 the one that is left."""

    kind: DwellingKind = "private"
    owners: int = 1
    subject_is_owner: bool = False
    right_document_held: bool = False
    in_property_register: bool = True
    encumbrance: Literal["none", "forbids_registration", "other"] = "none"
    mortgaged: bool = False
    property_register_agrees: bool = True
    address_assigned: bool = True
    is_dwelling: bool = True
    rental: Rental | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parents:
    """The parents or other legal representatives."""

    other_exists: bool = True
    same_address: bool = True
    child_place_decided: bool = False
    dwelling_is_parents: bool | None = None
    registry_agrees: bool = True
    in_this_registry: bool = True
    foreigner_in_birth_certificate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousPeriod:
    """An earlier residence that an extract might show."""

    id: str
    place: Literal["this_community", "other_community"] = "this_community"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractAsked:
    """What is asked of an extract (card 7)."""

    state: Literal["active", "removed", "cancelled"] = "active"
    history_requested: bool = False
    previous_periods: tuple[PreviousPeriod, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application, declaration or message. An id in `documents` or `consents` means: in the form demanded."""

    service: ServiceId
    received: datetime
    channel: Channel = "office"
    ground: GroundId | None = None
    applicant: Applicant = Applicant()
    subject: Subject
    dwelling: AskedDwelling = AskedDwelling()
    parents: Parents = Parents()
    documents: frozenset[str] = frozenset()
    consents: frozenset[str] = frozenset()
    invalid_documents: frozenset[str] = frozenset()
    valid_until: Mapping[str, date] = field(default_factory=dict)
    false_data: bool = False
    persons: int = 1
    payments: int | None = None
    moves_to: DwellingKind | None = None
    portal_check_passed: bool = True
    family_formed: tuple[datetime, ...] = ()
    documents_collected_on: date | None = None
    extract: ExtractAsked | None = None
    shown_on: Mapping[str, date] = field(default_factory=dict)
    """The day on which a paper was shown, where it came later than the application."""

    def __post_init__(self) -> None:
        """The defaults that depend on the service or on another fact; a service that no card offers is refused."""
        does = SERVICES.get(self.service)
        if does is None:
            raise NotAnApplication("service")
        does = SERVICES[self.service]
        unsaid = "official_request" if does.informs and self.channel == "notice" else "application"
        filled: dict[str, Any] = {
            "ground": self.ground or ("residence_mistake" if does.corrects else unsaid),
            "payments": self.persons if self.payments is None else self.payments,
        }
        if self.extract is None and does.informs:
            filled["extract"] = ExtractAsked()
        if self.parents.dwelling_is_parents is None:
            filled["parents"] = replace(self.parents, dwelling_is_parents=does.of_children)
        for name, value in filled.items():
            object.__setattr__(self, name, value)

    @property
    def does(self) -> Service:
        """What the service does, as the cards say."""
        return SERVICES[self.service]

    def day_of(self, paper: str) -> date:
        """The day on which a paper was shown."""
        return max(self.shown_on.get(paper, date.min), self.received.date())

    def is_over(self, paper: str) -> bool:
        """Whether the last day of a paper had passed by the day on which it was shown."""
        return paper in self.valid_until and self.valid_until[paper] < self.day_of(paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """An application with what has been worked out about it so far: what every predicate looks at."""

    asked: Application
    age: int
    settings: Readings = AS_DECIDED
    fee: int = 0
    late: bool = False
    listed: bool = True
    """The applicant is among those whom the card names, for this ground."""
    admitted: bool = True
    """The card admits the channel (rows 9, 10, 16)."""
    is_notice: bool = False
    """It came as a notice, from a body that the card names as its sender on this ground."""
    missing: frozenset[str] = frozenset()
    granted: bool = False
    refused: bool = False
    """A ground of refusal holds; what is barred is neither granted nor refused."""
    due_by: date | None = None
    """The last day for the entry."""
    last_in_time: date | None = None
    """Of who is late: the last day on which they were not."""
    paid_in_full: bool = False
    """What was paid is said, and is no less than what is due."""
    outside: bool = False
    """The dwelling that somebody is to be recorded in is not in this community: nobody says so but the register."""
    unheld: bool = False
    """The dwelling whose owner's side asks of a person does not hold that person: by the register too."""
    child_files: bool = False
    """Whoever files for another is a child under 14: by the register too."""

    @property
    def day(self) -> date:
        """The day of receipt."""
        return self.asked.received.date()

    @property
    def permit_received_on(self) -> date | None:
        """When the permit was received: that of the subject, or of the parent who files for a child."""
        asked = self.asked
        return (asked.applicant if asked.does.of_children else asked.subject).permit_received_on

    @property
    def holder_citizenship(self) -> Citizenship:
        """The citizenship of whoever shows the identity document."""
        return self.asked.applicant.citizenship if shown_by_applicant(self.asked) else self.asked.subject.citizenship

    @property
    def holder_document(self) -> IdentityDocument:
        """The kind of the identity document shown."""
        return (self.asked.applicant if shown_by_applicant(self.asked) else self.asked.subject).identity_document


def shown_by_applicant(asked: Application) -> bool:
    """Whether the identity document is the applicant's: the parent's in cards 3, 4, 9; in 6, 7 that of who asks."""
    does = asked.does
    return does.of_children or ((does.corrects or does.informs) and asked.applicant.kind != "person")


class NotAnApplication(ValueError):
    """What was given is not the form of an application: `field` says where."""

    def __init__(self, field: str):
        self.field = field
        super().__init__(field)


def read(said: Mapping[str, Any]) -> Application:
    """The application that plain data say: dates and moments as ISO text, lists, nested mappings.

    Raises `NotAnApplication` for an unknown key, a value outside its closed list or of another type.
    """
    application: Application = record(Application, said)
    return application


def record(kind: type, said: Mapping[str, Any]) -> Any:
    """A dataclass of such facts from plain data. Raises as `read` does."""
    return _record(kind, said, "")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _record(kind: type, said: Any, where: str) -> Any:
    if not isinstance(said, Mapping) or not set(said) <= set(_hints(kind)):
        raise NotAnApplication(where or ", ".join(sorted(map(str, set(said) - set(_hints(kind))))))
    values = {name: _value(_hints(kind)[name], value, f"{where}{name}") for name, value in said.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise NotAnApplication(f"{where}{error}") from error


def _value(hint: Any, said: Any, where: str) -> Any:
    kind, parts = get_origin(hint), get_args(hint)
    if kind is UnionType or NoneType in parts:
        if said is None:
            return None
        hint = next(one for one in parts if one is not NoneType)
        kind, parts = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return _record(hint, said, f"{where}.")  # type: ignore[arg-type]  # is_dataclass does not narrow to a type
    if kind in (frozenset, tuple) and isinstance(said, list | tuple | set | frozenset):
        return kind(_value(parts[0], one, where) for one in said)
    if kind is Mapping and isinstance(said, Mapping):
        return {name: _value(parts[1], value, f"{where}.{name}") for name, value in said.items()}
    if hint in (date, datetime):
        return _moment(hint, said, where)
    plain = said in parts if kind is Literal else type(said) is hint and (hint is not int or said >= 0)
    if not plain:
        raise NotAnApplication(where)
    return said


def _moment(hint: Any, said: Any, where: str) -> Any:
    if type(said) is hint:
        return said
    try:
        return hint.fromisoformat(said)
    except (TypeError, ValueError) as error:
        raise NotAnApplication(where) from error
