"""What a second person says to a change that waits on an application (semantics 11).

Whoever asked cannot approve; anybody may reject with a reason, also who asked: so a request is taken back. An actor is
known by the id alone. After a rejection, a change may be asked for again. Roles come with the desk.
"""

from registry.aggregates.case.events import ChangeApproved, ChangeRejected
from registry.aggregates.case.every_fact import ApplicationFact
from registry.aggregates.case.state import CaseRecord
from registry.aggregates.values import Actor, Fault, refuse, sure


def approve(application: CaseRecord, by: Actor) -> list[ApplicationFact]:
    """The waiting change may be recorded; its facts go onto their streams in the same act."""
    faults = _not_waiting(application)
    if not faults and sure(application.asked_by).id == by.id:
        faults.append(Fault("same-person"))
    refuse(faults)
    return [ChangeApproved(person=sure(application.change).person)]


def reject(application: CaseRecord, *, reason: str | None) -> list[ApplicationFact]:
    """The waiting change is not to be, and why."""
    refuse([*_not_waiting(application), *([] if reason else [Fault("reason-missing", "reason")])])
    return [ChangeRejected(person=sure(application.change).person, reason=sure(reason))]


def _not_waiting(application: CaseRecord) -> list[Fault]:
    if not application.version:
        return [Fault("application-unknown")]
    return [] if application.awaiting else [Fault("no-change-waiting")]
