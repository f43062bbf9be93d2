"""Why a protocol is drawn up against somebody, or a foreigner is referred to ДМС (cards 1 to 3, row 16)."""

from dataclasses import dataclass, replace
from datetime import date

from registry.services import grounds, terms
from registry.services.adopted import AS_DECIDED, Readings
from registry.services.application import Application, Facts, shown_by_applicant
from registry.services.catalogue import Card

_OF_APPLICANT = {"representative_identity", "owner_identity"}
"""The identity documents that are the applicant's and not the subject's, whoever the service is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """What was found as the documents were submitted: `late`, with the last day in time, and the ids of the `invalid`
    identity documents. `by_applicant`: it is whoever files for another who was late or showed them."""

    late: bool
    last_in_time: date | None = None
    invalid: tuple[str, ...] = ()
    by_applicant: bool = False

    def overdue(self, received: date) -> int:
        """So many days after the last one in time; 0 of whoever was in time."""
        return (received - self.last_in_time).days if self.late and self.last_in_time else 0


def breach(asked: Application, by: Card, settings: Readings = AS_DECIDED, *, citizen: bool) -> Breach:
    """What was found of a citizen, whom a protocol is about, or of a foreigner, who is referred, by the card of their
    application and as the community reads it."""
    facts = Facts(asked=asked, age=terms.age_on(asked.subject.born, asked.received.date()), settings=settings)
    facts = replace(facts, late=terms.is_late(by.lateness, facts))
    late = grounds.late_citizen(facts) if citizen else grounds.late_foreigner(facts)
    shown = grounds.invalid_identities(facts)
    invalid = tuple(name for name, (citizenship, _) in shown.items() if (citizenship == "ua") is citizen)
    theirs = bool(invalid) and not late and set(invalid) <= _OF_APPLICANT
    return Breach(
        late=late,
        last_in_time=terms.last_day_in_time(by.lateness, facts) if late else None,
        invalid=invalid,
        by_applicant=shown_by_applicant(asked) or theirs,
    )
