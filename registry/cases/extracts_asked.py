"""The extracts that an application asks for (card 7; for those before 1 December 2021 cards 71-03, 71-04)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from registry import community, texts
from registry.acts import Beside, Clerk
from registry.aggregates.case.case import AskedService, Case, about_dwelling
from registry.aggregates.case.ruling import PartRuling, Ruling, filed_by
from registry.aggregates.values import Fault, refuse, sure
from registry.app import Line
from registry.cases.after_act import AfterAct
from registry.extracts.content import parted
from registry.extracts.requesting import (
    APPLICANTS,
    CERTIFICATES,
    OWNERS_SIDE,
    WITH_HISTORY,
    CannotIssue,
    Wanted,
    requested_of,
)
from registry.services.adopted import Readings
from registry.services.application import Application
from registry.services.decision import card_for, decide
from registry.settings import Settings
from registry.storage.mapper import KYIV

BASES = {
    **{kind: basis for basis, kind in APPLICANTS.items()},
    "parent": "legal_representative",
    "dwelling_co_owner": "dwelling_owner",
    **dict.fromkeys(("court", "dms", "civil_registry", "registration_body", "guardianship_body"), "official_request"),
}
"""On whose application an extract is formed (card 7, row 8)."""
STATES = {"removed": "left", "cancelled": "annulled"}
"""What of a residence an application asks about; an active one is found by itself."""


def formed(
    ruling: Ruling,
    facts: Mapping[UUID, Sequence[Any]],
    versions: Mapping[UUID, int] | None = None,
    *,
    clerk: Clerk,
    settings: Settings,
) -> Beside:
    """The extracts that the granted parts ask for, of the register as an act of these facts will leave it, with all
    that must stay as it was for them to state it. Their documents are made when the act is done.

    `versions` are those that the facts follow, without it those of the ruling. Raises `CannotIssue`, `Hidden`, or
    `Impossible` where nobody says who asks.
    """
    if not (parts := ruling.extracts):
        return Beside()
    versions = _seen(ruling) if versions is None else versions
    here = community.here(clerk.registry, settings, clerk.today())
    after = AfterAct(clerk.registry, facts=facts, versions=versions, today=clerk.today())
    lines: list[Line] = []
    asked = ((part, one) for part in parts for one in wanted_by(ruling.case, part))
    for wanted in (one if one.requester else _by_who_files(one, part, ruling, after) for part, one in asked):
        fact = requested_of(
            after, wanted, seen_by=clerk.viewer, settings=settings, here=here, by=clerk.by, now=clerk.now()
        )
        lines.append((uuid4(), parted(fact), 0))
    return Beside(lines=[*lines, *after.as_read], unchanged=after.unchanged)


def _by_who_files(wanted: Wanted, part: PartRuling, ruling: Ruling, after: AfterAct) -> Wanted:
    """In the name of somebody of the register who files for another, where the application says no other."""
    if wanted.basis == "person":
        return wanted
    who = part.service.part.applicant or filed_by(part.service, ruling.parts[: ruling.parts.index(part)])
    if who is None:
        refuse([Fault("applicant-missing", "applicant_name")])
    return replace(wanted, requester=texts.person_name(after.people([sure(who)])[sure(who)].particulars))


def insist_beside(case: Case, law: Readings) -> None:
    """Raises `CannotIssue` where an extract is asked for beside another service by whom card 7 does not give it to: for
    that of the service alone nobody has to come again."""
    for service in case.services:
        if service.asked.extract is not None and not service.asked.does.informs and (why := _not_given(service, law)):
            raise CannotIssue(texts.TEXTS["extract_faults"]["not-given-beside"].format(why))


def _not_given(service: AskedService, law: Readings) -> str | None:
    """Why whoever asks for a service gets no extract with it: by row 8 of card 7, and because a dwelling holds nobody
    whom it is asked to let go. The papers are those of the service."""
    asked, faults = service.asked, texts.TEXTS["extract_faults"]
    basis = BASES.get(asked.applicant.kind, "official_request")
    if basis == "official_request":
        return faults["nobody-beside"]
    if basis in OWNERS_SIDE and asked.does.removes:
        return faults["removed-beside"]
    alone = Application(
        service="issue_extract",
        received=asked.received,
        channel=asked.channel,
        applicant=asked.applicant,
        subject=asked.subject,
        extract=asked.extract,
    )
    needed = decide(alone, card_for(alone), law).documents_required
    found = decide(replace(alone, documents=frozenset(one.id for one in needed)), card_for(alone), law)
    return "; ".join([*(one.wording for one in found.barred), *(said for one in found.grounds for said in one.said)])


def wanted_by(case: Case, ruled: PartRuling) -> list[Wanted]:
    """What is to be formed for a granted part: one of the dwelling, or one of each person. A body that no card gives
    extracts to has no basis, and issuing refuses."""
    part, asked, shown = ruled.service.part, ruled.service.asked, sure(ruled.decision.extract)
    basis = BASES.get(asked.applicant.kind, "")
    # Who asks for one beside another service asks for it by card 7 all the same.
    beside = not asked.does.informs and sure(asked.extract).history_requested and basis in WITH_HISTORY
    notice = case.received.notice if basis == "official_request" else None
    if basis == "official_request" and notice is None:
        # The older cards name no such applicant either, and do not say so.
        basis = ""
    wanted = Wanted(
        asked_for=STATES.get(shown.state),
        history=shown.with_history or beside,
        basis=basis,
        requester=case.received.applicant or (notice.sender if notice else None),
        contact=case.received.phone,
        application=case.id,
        asked_at=datetime.fromisoformat(case.received.received).replace(tzinfo=KYIV),
        home=part.dwelling if basis in OWNERS_SIDE else None,
        paper=(notice.number or texts.say("notices", "no_number"), notice.dated) if notice else None,
        card=part.card if part.card in CERTIFICATES else None,
    )
    if about_dwelling(part, asked):
        return [replace(wanted, dwelling=part.dwelling, home=None)]
    return [replace(wanted, person=one.person) for one in part.concerned]


def _seen(ruling: Ruling) -> dict[UUID, int]:
    """The version at which a ruling saw everybody and every dwelling."""
    held = ruling.holdings
    return {id: state.version for states in (held.people, held.homes) for id, state in states.items()}
