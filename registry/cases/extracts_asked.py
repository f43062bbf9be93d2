"""The extract that an application asks for (card 7; for those before 1 December 2021 cards 71-03, 71-04)."""

from registry.aggregates.case.case import Case, about_dwelling
from registry.aggregates.case.ruling import PartRuling
from registry.aggregates.values import sure
from registry.extracts.requesting import APPLICANTS, CERTIFICATES, Wanted

BASES = {
    **{kind: basis for basis, kind in APPLICANTS.items()},
    "parent": "legal_representative",
    "dwelling_co_owner": "dwelling_owner",
}
"""On whose application an extract is formed (card 7, row 8)."""
STATES = {"removed": "left", "cancelled": "annulled"}
"""What of a residence an application asks about; an active one is found by itself."""


def wanted_by(case: Case, ruled: PartRuling) -> Wanted:
    """What is to be formed for a granted part. A body that no card gives extracts to has no basis, and issuing
    refuses."""
    part, shown = ruled.service.part, sure(ruled.decision.extract)
    of_dwelling = about_dwelling(part, ruled.service.asked)
    return Wanted(
        person=None if of_dwelling else part.concerned[0].person,
        dwelling=part.dwelling if of_dwelling else None,
        asked_for=STATES.get(shown.state),
        history=shown.with_history,
        basis=BASES.get(ruled.service.asked.applicant.kind, ""),
        requester=case.received.applicant,
        contact=case.received.phone,
        application=case.id,
        card=part.card if part.card in CERTIFICATES else None,
    )
