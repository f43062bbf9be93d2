"""The extract that an application asks for (card 7; for those before 1 December 2021 cards 71-03, 71-04)."""

from uuid import UUID

from registry.aggregates.case import decisions
from registry.aggregates.case.events import ApplicationReceived, Part
from registry.extracts.requesting import APPLICANTS, CERTIFICATES, Wanted
from registry.services.decision import ExtractShown

BASES = {
    **{kind: basis for basis, kind in APPLICANTS.items()},
    "parent": "legal_representative",
    "dwelling_co_owner": "dwelling_owner",
}
"""On whose application an extract is formed (card 7, row 8)."""
STATES = {"removed": "left", "cancelled": "annulled"}
"""What of a residence an application asks about; an active one is found by itself."""


def wanted_by(application: UUID, received: ApplicationReceived, part: Part, shown: ExtractShown, kind: str) -> Wanted:
    """What is to be formed for a granted part; `kind` is that of the applicant. A body that no card gives extracts to
    has no basis, and issuing refuses."""
    of_dwelling = decisions.about_dwelling(part)
    return Wanted(
        person=None if of_dwelling else part.concerned[0].person,
        dwelling=part.dwelling if of_dwelling else None,
        asked_for=STATES.get(shown.state),
        history=shown.with_history,
        basis=BASES.get(kind, ""),
        requester=received.applicant,
        contact=received.phone,
        application=application,
        card=part.card if part.card in CERTIFICATES else None,
    )
