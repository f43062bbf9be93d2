"""What the law and the community say, as answers have it: services, cards, amounts, offices, territories."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from api.answers.plain import By, Day, Id, Instant, Minute, Open, Sha256
from registry.aggregates.community.events import (
    AppealDescribed,
    BodiesDescribed,
    CommunityDescribed,
    OfficesDescribed,
    SignatoryNamed,
)
from registry.aggregates.community.payees import Payee
from registry.aggregates.territory.events import Order


class CardTitle(TypedDict):
    card: str
    title: str
    reference: str


class CardHead(CardTitle):
    """Which card it is, and between which days it holds."""

    when: list[str]
    since: Day
    until: Day | None


class ListedService(CardHead):
    id: str


class ServiceList(TypedDict):
    on: Day
    services: list[ListedService]


class CardRule(TypedDict):
    """One rule of a card: its wording, where it stands, on which conditions, between which days."""

    id: str
    wording: str
    reference: str
    when: list[str]
    unless: list[str]
    inferred: str | None
    since: Day
    until: Day | None


class GroundRule(CardRule):
    senders: list[str]


class ApplicantRule(CardRule):
    kinds: list[str]
    grounds: list[str]


class _Required(CardRule):
    name: str
    reason: str


class PaymentRule(_Required):
    pass


class ConsentRule(_Required):
    optional: bool
    each: str | None


class DocumentRule(ConsentRule):
    accepted: list[str]


class BarRule(CardRule):
    reason: str


class RefusalRule(CardRule):
    number: int | None
    facts: dict[str, str]


class MessageRule(CardRule):
    deadline: str | None


class FeeRule(CardRule):
    kopiykas: int | None
    per_mille: int | None
    late: bool | None
    grounds: list[str]
    counted: str | None


class TermRule(CardRule):
    channels: list[str]
    before_opening: bool
    last_minutes: int | None


class LatenessRule(CardRule):
    after: list[str]
    days: int | None
    months: int | None


class ServiceCard(CardHead):
    settles: str | None
    removes: bool
    corrects: bool
    informs: bool
    of_children: bool
    channels: list[str]
    sha256: Sha256
    grounds: list[GroundRule]
    applicants: list[ApplicantRule]
    documents: list[DocumentRule]
    consents: list[ConsentRule]
    payments: list[PaymentRule]
    barred: list[BarRule]
    refusals: list[RefusalRule]
    messages: list[MessageRule]
    tasks: list[CardRule]
    fees: list[FeeRule]
    terms: list[TermRule]
    lateness: list[LatenessRule]
    results: list[CardRule]
    notes: list[CardRule]
    marks: list[CardRule]
    readings: list[CardRule]


class Amount(TypedDict):
    """What is due for one person, or why nobody can say."""

    kopiykas: int | None
    rule: str | None
    reference: str | None
    error: str | None


class Amounts(TypedDict):
    in_time: Amount
    late: Amount


class Service(TypedDict):
    id: str
    on: Day
    cards: list[ServiceCard]
    amounts: Amounts
    payees: NotRequired[list[Payee]]


class Office(TypedDict):
    id: str
    name: str
    district: str | None
    address: str | None
    rooms: list[str]
    hours: list[str]


class OfficeList(TypedDict):
    on: Day
    offices: list[Office]


class OfficeAt(Office):
    at: Minute
    open: bool


class Readings(TypedDict):
    """How the community reads what the cards leave open."""

    proxy_gets_extract: bool
    foreign_death_document: bool
    consents_by_age: bool
    official_requests: bool
    citizens_expired_invalid: bool
    expired_taken_until: dict[str, str]
    owner_representative_removes: bool
    one_receipt_for_several: bool
    expired_permit_referred: bool
    military_data_demanded: bool
    protected_absence_bars: bool
    days_where_silent: int
    days_to_bring: int
    days_to_answer: int
    days_to_answer_notices: int


class WaitingDescription(TypedDict):
    """What of the description waits for a second person."""

    facts: list[Open]
    asked_by: By
    recorded_at: Instant


class CommunityOnDay(TypedDict):
    on: Day
    known: bool
    community: CommunityDescribed
    offices: OfficesDescribed
    readings: Readings
    payees: list[Payee]
    bodies: BodiesDescribed
    appeal: AppealDescribed | None
    signatory: SignatoryNamed | None
    waiting: WaitingDescription | None


_From = TypedDict("_From", {"from": Day})


class Territory(_From):
    entry: Id
    code: str
    name: str
    kind: str
    kind_uk: str
    until: Day | None
    order: Order | None
    source: Literal["list", "desk"]


class Territories(TypedDict):
    on: str | None
    known_at: Instant
    position: int
    answer: list[Territory] | str
    next: str | None
