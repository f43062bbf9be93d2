"""Extracts as answers have them: issued, told of, superseded."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from api.answers.plain import Day, Id, Instant, Open, Sha256
from api.answers.rulings import Warned
from registry.extracts.content import DwellingLine, PersonLine, ResidenceLine, ResidentLine, Title


class IssuedExtract(TypedDict):
    """The document is where Location says; of a person what it states are residences, of a dwelling residents."""

    number: str
    code: str
    sha256: Sha256
    position: int
    fact: int
    residences: NotRequired[list[ResidenceLine]]
    residents: NotRequired[list[ResidentLine]]
    warnings: NotRequired[list[Warned]]


class ExtractContent(TypedDict):
    """What an extract states. Of an earlier release it says less."""

    schema: NotRequired[int]
    title: NotRequired[Title | None]
    kind: str
    register: NotRequired[str | None]
    community: NotRequired[str | None]
    within: NotRequired[str | None]
    office: NotRequired[str | None]
    basis: NotRequired[str | None]
    requester: NotRequired[str | None]
    clerk: NotRequired[str | None]
    requested_at: NotRequired[str | None]
    known_at: NotRequired[str | None]
    check_host: NotRequired[str | None]
    past: NotRequired[bool]
    sealed: NotRequired[str | None]
    on: Day
    person: NotRequired[PersonLine | None]
    died: NotRequired[str | None]
    residences: NotRequired[list[ResidenceLine]]
    previous: NotRequired[list[ResidenceLine] | None]
    no_data: NotRequired[bool]
    dwelling: NotRequired[DwellingLine | None]
    residents: NotRequired[list[ResidentLine] | None]
    sample: NotRequired[bool]


class Extract(TypedDict):
    number: str
    status: Literal["issued", "voided", "requested"]
    reason: str | None
    person: Id | None
    dwelling: Id | None
    about: str | None
    history: bool
    on: Day | None
    position: int
    as_known: bool
    basis: str
    requester: str | None
    contact: str | None
    application: Id | None
    formed_at: Instant
    code: str
    sha256: Sha256 | None
    superseded_on: Day | None
    content: ExtractContent | Open


class SupersededExtract(TypedDict):
    number: str
    kind: str
    on: Day | None
    formed_at: Instant
    basis: str
    requester: str | None
    contact: str | None
    person_id: Id | None
    dwelling_id: Id | None
    superseded_on: Day
    fact: int
    because: str


class SupersededExtracts(TypedDict):
    since: Instant
    position: int
    answer: list[SupersededExtract]


class PublicKey(TypedDict):
    """A JWK of RFC 8037, and when the log says that it began to sign and ended."""

    kty: str
    crv: str
    x: str
    kid: str
    use: NotRequired[str]
    alg: NotRequired[str]
    begun_at: NotRequired[Instant]
    ended_at: NotRequired[Instant]
    ended_because: NotRequired[str]


class PublicKeys(TypedDict):
    keys: list[PublicKey]
