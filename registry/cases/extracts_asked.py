"""The extracts that an application asks for (card 7; for those before 1 December 2021 cards 71-03, 71-04)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from registry import community
from registry.acts import Beside, Clerk
from registry.aggregates.case.case import Case, about_dwelling
from registry.aggregates.case.ruling import PartRuling, Ruling
from registry.aggregates.values import sure
from registry.app import Line
from registry.cases.after_act import AfterAct
from registry.extracts.requesting import APPLICANTS, CERTIFICATES, WITH_HISTORY, Wanted, requested_of
from registry.settings import Settings

BASES = {
    **{kind: basis for basis, kind in APPLICANTS.items()},
    "parent": "legal_representative",
    "dwelling_co_owner": "dwelling_owner",
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

    `versions` are those that the facts follow, without it those of the ruling. Raises `CannotIssue` or `Hidden`.
    """
    if not (parts := ruling.extracts):
        return Beside()
    versions = _seen(ruling) if versions is None else versions
    here = community.here(clerk.registry, settings, clerk.today())
    after = AfterAct(clerk.registry, facts=facts, versions=versions, today=clerk.today())
    lines: list[Line] = []
    for wanted in (one for part in parts for one in wanted_by(ruling.case, part)):
        fact = requested_of(
            after, wanted, seen_by=clerk.viewer, settings=settings, here=here, by=clerk.by, now=clerk.now()
        )
        lines.append((uuid4(), [fact], 0))
    return Beside(lines=[*lines, *after.as_read], unchanged=after.unchanged)


def wanted_by(case: Case, ruled: PartRuling) -> list[Wanted]:
    """What is to be formed for a granted part: one of the dwelling, or one of each person. A body that no card gives
    extracts to has no basis, and issuing refuses."""
    part, asked, shown = ruled.service.part, ruled.service.asked, sure(ruled.decision.extract)
    basis = BASES.get(asked.applicant.kind, "")
    # Who asks for one beside another service asks for it by card 7 all the same.
    beside = not asked.does.informs and sure(asked.extract).history_requested and basis in WITH_HISTORY
    wanted = Wanted(
        asked_for=STATES.get(shown.state),
        history=shown.with_history or beside,
        basis=basis,
        requester=case.received.applicant,
        contact=case.received.phone,
        application=case.id,
        card=part.card if part.card in CERTIFICATES else None,
    )
    if about_dwelling(part, asked):
        return [replace(wanted, dwelling=part.dwelling)]
    return [replace(wanted, person=one.person) for one in part.concerned]


def _seen(ruling: Ruling) -> dict[UUID, int]:
    """The version at which a ruling saw everybody and every dwelling."""
    held = ruling.holdings
    return {id: state.version for states in (held.people, held.homes) for id, state in states.items()}
