"""Checks against registers that we do not hold: who owns a dwelling, what lies on it, civil status, payment.

Each check is one kind of answer and one interface, `Register`: today a clerk looks and answers, later a connection may.
An answer speaks of fields of the application; what it leaves out is as the applicant says. Ownership and encumbrance
are asked where a card refuses on them (cards 1, 3, 5, 8, 9, row 13), by the reading of card 5 (T-01), and where they
tell the status of who asks for an extract (T-13); civil status for
the date of registration of a death (cards 2, 4, row 9); payment wherever something is due (row 11); a mark of our own
of a protected absence before an owner's removal (card 2, row 9: point 61 of the Procedure).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal, Protocol, TypeVar

from registry.services.application import Application, NotAnApplication, record
from registry.services.catalogue import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """What the property register says of the dwelling and its owners."""

    owners: int | None = None
    subject_is_owner: bool | None = None
    in_property_register: bool | None = None
    property_register_agrees: bool | None = None
    is_dwelling: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Encumbrance:
    """What the property register says of prohibitions, mortgages and trusts on the dwelling."""

    encumbrance: Literal["none", "forbids_registration", "other"] | None = None
    mortgaged: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CivilStatus:
    """What the register of civil status says of the person's birth and death."""

    birth_registered_on: date | None = None
    died_on: date | None = None
    death_registered_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How many fees were paid, how much in kopiykas altogether, and by which receipt."""

    payments: int | None = None
    kopiykas: int | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What was found of a protected absence before an owner's removal: whether it still stands, and why so."""

    stands: bool | None = None
    reason: str | None = None


Answer = TypeVar("Answer", covariant=True)

CHECKS: Mapping[str, type] = {
    "ownership": Ownership,
    "encumbrance": Encumbrance,
    "civil_status": CivilStatus,
    "payment": Payment,
    "absence": Absence,
}
"""The kind of answer of each check."""

_OWNERS = ("dwelling_owner", "dwelling_co_owner", "owner_representative")
_PROVES = {"mortgagee": "encumbrance", "trust_owner": "encumbrance", "dwelling_authorised_person": "ownership"}
"""By which answer of the property register the status of who asks for an extract is known: card 7 names no paper of it
(T-13)."""
_SPEAKS_OF: Mapping[type, str] = {Ownership: "dwelling", Encumbrance: "dwelling", CivilStatus: "subject"}
_DECIDES = {
    "ownership": {"property_register_differs", "not_a_dwelling"},
    "encumbrance": {"registration_forbidden", "mortgage_without_consent"},
}
"""The facts of refusal grounds that a check decides."""


class Register(Protocol[Answer]):
    """A connection that answers one check. None: it cannot say, and a clerk looks."""

    name: str

    def ask(self, asked: Application) -> Answer | None:
        """What the register says for the application."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """The connections of an installation, one for each check; without one a clerk answers."""

    ownership: Register[Ownership] | None = None
    encumbrance: Register[Encumbrance] | None = None
    civil_status: Register[CivilStatus] | None = None
    payment: Register[Payment] | None = None
    absence: Register[Absence] | None = None


NO_REGISTERS = Registers()


def required(asked: Application, by: Card, fee: int | None) -> tuple[str, ...]:
    """The checks that an application needs by its card; `fee` in kopiykas, None where no amount is published."""
    refusing = {fact for rule in by.rules["refusals"] for fact in rule.facts}
    needed = {check for check, facts in _DECIDES.items() if facts & refusing}
    if asked.ground in ("death_certificate", "death_data") and asked.channel != "notice":
        needed.add("civil_status")
    if fee is None or fee > 0:
        needed.add("payment")
    if check := _PROVES.get(asked.applicant.kind) if asked.does.informs and asked.channel == "office" else None:
        needed |= set() if "status_proof" in asked.documents else {check}
    if asked.subject.absence_protected and asked.ground == "owner_application":
        needed.add("absence")
    return tuple(check for check in CHECKS if check in needed)


def read_answer(check: str, said: Mapping[str, Any]) -> Any:
    """The answer to a check from plain data. Raises `NotAnApplication` for another check or other fields."""
    if check not in CHECKS:
        raise NotAnApplication("check")
    return record(CHECKS[check], said)


def plain_answer(answer: Any) -> dict[str, Any]:
    """An answer as plain data, what it leaves out left out."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in _said(answer).items()
        if value is not None
    }


def answered(asked: Application, answers: Iterable[Any]) -> Application:
    """An application as the answers leave it: each speaks of the dwelling, the subject or the payments."""
    for answer in answers:
        said = {name: value for name, value in _said(answer).items() if value is not None}
        if isinstance(answer, Payment):
            asked = replace(asked, payments=said["payments"]) if "payments" in said else asked
        elif isinstance(answer, Absence):
            asked = replace(asked, subject=replace(asked.subject, absence_stands=said.get("stands", True)))
        else:
            about = _SPEAKS_OF[type(answer)]
            asked = replace(asked, **{about: replace(getattr(asked, about), **said)})
    return asked


def may_be_told(asked: Application, check: str) -> bool:
    """Whether a check may be answered that nobody asks for: by what status an extract is asked for, though a paper
    shows it already; and whose the dwelling is that somebody is removed from by an owner (card 2, row 9)."""
    if asked.does.removes:
        return check == "ownership" and asked.applicant.kind in _OWNERS
    return asked.does.informs and asked.applicant.kind in _PROVES and check in _PROVES.values()


def with_status(asked: Application, answers: Mapping[str, Any]) -> Application:
    """An application as answered, with the proof of the status of who asks for an extract, where the property register
    was asked and bears it out: that a mortgage or a trust lies on the dwelling; of an authorised person nothing else
    than was said."""
    check, home = _PROVES.get(asked.applicant.kind), asked.dwelling
    borne_out = home.mortgaged if check == "encumbrance" else home.property_register_agrees
    return _shown(asked) if check in answers and borne_out else asked


def presumed(asked: Application, answers: Mapping[str, Any]) -> Application:
    """The same while nobody has asked the property register yet: till then it is as the applicant says."""
    check = _PROVES.get(asked.applicant.kind)
    return with_status(asked, answers) if check is None or check in answers else _shown(asked)


def _shown(asked: Application) -> Application:
    return replace(asked, documents=asked.documents | {"status_proof"}) if asked.does.informs else asked


def _said(answer: Any) -> dict[str, Any]:
    return {one.name: getattr(answer, one.name) for one in fields(answer)}
