"""Asking for an extract: who may ask for what by the card of the day, and the fact that fixes all that is printed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from registry import community, texts
from registry.aggregates.case import case
from registry.aggregates.community.state import Here
from registry.aggregates.dwelling import state as dwelling_state
from registry.aggregates.dwelling.state import Dwelling
from registry.aggregates.extract.events import ExtractRequested
from registry.aggregates.person.state import NOBODY, Person
from registry.aggregates.person.timeline import lives_in
from registry.aggregates.values import Actor, sure
from registry.app import Registry
from registry.extracts import sealing, stated
from registry.extracts.content import SCHEMA, Content, DwellingLine, PersonLine, ResidentLine, latin, titled
from registry.extracts.sources import Known, Source
from registry.extracts.stated import Stated
from registry.settings import Settings
from registry.storage.mapper import instant_text, kyiv_day
from registry.viewer import Viewer, insist

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of codes: no letter or digit that is read as another. Twelve of them are 59 bits."""
CODE_LENGTH = 12

APPLICANTS = {
    "person": "person",
    "legal_representative": "legal_representative",
    "representative": "proxy_representative",
    "dwelling_owner": "dwelling_owner",
    "owner_representative": "owner_representative",
    "dwelling_authorised_person": "dwelling_authorised_person",
    "mortgagee": "mortgagee",
    "trust_owner": "trust_owner",
    "official_request": "official_body",
}
"""Who asks, by the basis that is printed → the applicant of card 7, row 8, or the body whose request it is."""

WITH_HISTORY = ("person", "legal_representative")
FOR_THE_LIVING = (*WITH_HISTORY, "representative")
"""Who asks for themselves, or for somebody who is alive."""
OWNERS_SIDE = tuple(basis for basis, kind in APPLICANTS.items() if kind in case.OWNERS_SIDE)
"""Who asks because of a dwelling, and gets only whom it holds."""
OF_DWELLINGS = (*OWNERS_SIDE, "official_request")
CERTIFICATES = {"card_71_03": "current", "card_71_04": "left"}
"""The older certificates, for applications before 1 December 2021, and what each is about."""


class CannotIssue(ValueError):
    """No extract can be given for this request; the text, in Ukrainian, says why and what to do. Nothing is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for: about a person or a dwelling, on which day, as known when, by whom on what basis.

    `asked_for` is one of `stated.ASKED_FOR` or None; `card` names an older certificate; `contact` is where whoever
    gets it can be told that it was superseded, `application` the one on which it was granted, `asked_at` when that
    came. `home` is the dwelling because of which its owner's side asks about a person; `paper` names the request that
    came on paper (its number and day).
    """

    person: UUID | None = None
    dwelling: UUID | None = None
    asked_for: str | None = None
    history: bool = False
    on: date | None = None
    known_at: datetime | None = None
    basis: str = "person"
    requester: str | None = None
    contact: str | None = None
    application: UUID | None = None
    card: str | None = None
    asked_at: datetime | None = None
    home: UUID | None = None
    paper: tuple[str, str] | None = None


def requested(
    registry: Registry, wanted: Wanted, *, seen_by: Viewer, settings: Settings, by: Actor, now: datetime
) -> ExtractRequested:
    """The fact that asks for an extract of the register as it stands, or stood at the moment that is wanted; its number
    is given as it is appended. Raises as `requested_of` does."""
    here = community.here(registry, settings, kyiv_day(now))
    then = registry.position_known_at(wanted.known_at) if wanted.known_at else None
    with registry.snapshot() as connection:
        read_at = registry.position_at(connection) if then is None else then
        if not read_at:
            raise CannotIssue(texts.TEXTS["extract_faults"]["not-yet"])
        source = Known(registry, connection, read_at)
        return requested_of(source, wanted, seen_by=seen_by, settings=settings, here=here, by=by, now=now)


def requested_of(
    source: Source, wanted: Wanted, *, seen_by: Viewer, settings: Settings, here: Here, by: Actor, now: datetime
) -> ExtractRequested:
    """The fact that asks for an extract which states what a source says; `here` is who issues it, today. Raises
    `CannotIssue`; `Hidden` if it would show somebody who is: an extract says all or is none."""
    insist_on_identity(here)
    if wanted.person:
        insist(seen_by, wanted.person)
    today = kyiv_day(now)
    day = wanted.on or today
    check(wanted, day, today)
    dwelling = _dwelling(source.dwelling(wanted.dwelling), day) if wanted.dwelling else None
    person = None if wanted.dwelling else _person(source, wanted.person)
    _admit(wanted, person, day)
    told = (
        _of_home(source, wanted.dwelling, day, seen_by) if wanted.dwelling else _told(source, wanted, day, here.within)
    )
    requester = wanted.requester or (texts.person_name(person.particulars) if person else "")
    return ExtractRequested(
        person=wanted.person,
        year=0,
        number=0,
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        on=day.isoformat(),
        read_at=source.read_at,
        history=wanted.history,
        basis=wanted.basis,
        requester=requester,
        content=_content(
            told,
            title=wanted.card or "extract",
            person=person,
            dwelling=dwelling,
            on=day,
            community=sure(here.identity.name),
            within=here.within,
            office=sure(here.identity.body),
            basis=_basis(wanted),
            requester=requester,
            clerk=by.name,
            requested_at=instant_text(wanted.asked_at or now),
            known_at=instant_text(wanted.known_at or now),
            check_host=community.public_url(here, settings),
            past=day < today or wanted.known_at is not None,
            sealed=_seal(settings),
            sample=bool(here.identity.sample),
        ).stored,
        dwelling=wanted.dwelling,
        asked_for=CERTIFICATES.get(wanted.card or "") or wanted.asked_for,
        as_known=wanted.known_at is not None or None,
        contact=wanted.contact,
        application=wanted.application,
    )


def insist_on_identity(here: Here) -> None:
    """Raises `CannotIssue` while it is not known in whose name."""
    if not here.may_issue:
        raise CannotIssue(texts.say("problem_details", "no-identity"))


def check(wanted: Wanted, day: date, today: date) -> None:
    """Refuses what cannot be asked for, whatever the register says."""
    faults = texts.TEXTS["extract_faults"]
    if wanted.asked_for not in (None, *stated.ASKED_FOR):
        raise CannotIssue(faults["about-unknown"].format(", ".join(stated.ASKED_FOR)))
    if wanted.basis not in APPLICANTS:
        raise CannotIssue(faults["basis-unknown"].format(", ".join(APPLICANTS)))
    if day > today:
        raise CannotIssue(faults["on-in-future"])
    if wanted.basis != "person" and not wanted.requester:
        raise CannotIssue(faults["requester-missing"])
    if wanted.dwelling and wanted.basis not in OF_DWELLINGS:
        raise CannotIssue(faults["dwelling-basis"])
    if wanted.dwelling and wanted.history:
        raise CannotIssue(faults["dwelling-history"])
    if wanted.history and (wanted.basis not in WITH_HISTORY or wanted.card):
        raise CannotIssue(faults["no-history"])


def _basis(wanted: Wanted) -> str:
    said = texts.TEXTS["extract_basis"][wanted.basis]
    if not wanted.paper:
        return said
    number, dated = wanted.paper
    return texts.TEXTS["extract_basis_of"][wanted.basis].format(basis=said, number=number, dated=texts.day(dated))


def _seal(settings: Settings) -> str | None:
    """Whose seal the document will bear; None: a clerk gives it out."""
    try:
        signer = sealing.configured(settings)
    except sealing.CannotSeal as error:
        raise CannotIssue(str(error)) from None
    return signer.name if signer else None


def _told(source: Source, wanted: Wanted, day: date, within: str) -> Stated:
    return source.of_person(
        sure(wanted.person),
        on=day,
        within=within,
        history=wanted.history,
        asked_for=CERTIFICATES.get(wanted.card or "") or wanted.asked_for,
    )


def _of_home(source: Source, dwelling: UUID, day: date, seen_by: Viewer) -> Stated:
    """Who lives in a dwelling, each with the transcription from their documents. Raises `Hidden` if one of them is."""
    told = source.of_dwelling(dwelling, on=day)
    streams = [UUID(one["person_id"]) for one in told.residents or ()]
    insist(seen_by, *streams)
    return _with_latin(told, source.people(streams))


def _content(
    told: Stated, *, title: str, person: Person | None, dwelling: DwellingLine | None, on: date, **head: Any
) -> Content:
    """`title` names the document (`texts.toml`); of `person` and `dwelling` there is one, whom or what it is about."""
    words = texts.TEXTS["extract"]
    label = words[told.kind]
    return Content(
        schema=SCHEMA,
        title=titled(title),
        kind=label if told.previous is None else words["with_history"].format(label),
        register=words["register"],
        **head,
        on=on.isoformat(),
        person=None if person is None else {**(told.person or PersonLine()), "latin": latin(person)},
        died=told.died,
        residences=list(told.residences),
        previous=None if told.previous is None else list(told.previous),
        no_data=told.kind == "none",
        dwelling=dwelling,
        residents=None if told.residents is None else list(told.residents),
    )


def _with_latin(told: Stated, people: Mapping[UUID, Person]) -> Stated:
    """The residents with the transcription from their documents, for a name that no font draws."""
    residents = told.residents or ()
    return replace(
        told, residents=tuple(ResidentLine(**one, latin=latin(people[UUID(one["person_id"])])) for one in residents)
    )


def _person(source: Source, id: UUID | None) -> Person:
    person = source.people([id])[id] if id else NOBODY
    if not person.entered:
        code = "withdrawn" if person.version else "person-unknown"
        raise CannotIssue(texts.TEXTS["extract_faults"][code])
    return person


def _dwelling(home: Dwelling, day: date) -> DwellingLine:
    """The address as it was called on the day and, if renamed since, as it is called now."""
    if not home.entered:
        raise CannotIssue(texts.TEXTS["faults"]["dwelling-unknown"])
    then, now = (texts.address_label(dwelling_state.address_on(home, one)) for one in (day, date.max))
    return {"address": then, "address_now": now if now != then else None}


def _admit(wanted: Wanted, person: Person | None, day: date) -> None:
    """Refuses what card 7 does not give to whoever asks, as the register is: the papers were judged with the case."""
    faults = texts.TEXTS["extract_faults"]
    if person is None:
        return
    if person.death and wanted.basis in FOR_THE_LIVING:
        raise CannotIssue(faults["dead"])
    if wanted.basis in OWNERS_SIDE:
        if wanted.home is None or not lives_in(person, wanted.home, day):
            raise CannotIssue(faults["not-held"])
        if wanted.asked_for not in (None, "current") and not person.death:
            raise CannotIssue(faults["owner-current"])
