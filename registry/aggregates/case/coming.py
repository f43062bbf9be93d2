"""How a case came: to a desk, from a machine, as a notice; and what has to be said of that (card rows 9, 10, 16)."""

from dataclasses import dataclass
from datetime import date

from registry.aggregates.case.events import Notice, PaperJournal
from registry.aggregates.case.past import received_earlier
from registry.aggregates.values import Fault
from registry.services.application import Application
from registry.services.offices import Timetable

ELECTRONIC = ("diia", "emaliatko")
"""What comes from a portal, and so from a machine."""


@dataclass(frozen=True, kw_only=True)
class Coming:
    """How a case came. `machine` names the one whose key came with it; without one it was typed at a desk, and with
    `transcribed` from what a portal that is not connected sent another way. `notice` says which paper a notice is,
    `paper` where it was written first, `reason` why it is recorded on a later day than it came."""

    machine: str | None = None
    transcribed: bool = False
    notice: Notice | None = None
    paper: PaperJournal | None = None
    reason: str | None = None

    def is_late(self, asked: Application, today: date, timetable: Timetable) -> bool:
        """Whether it is recorded later than on a desk's word alone."""
        return received_earlier(asked.received, self.machine, self.paper, today, timetable)


def coming_faults(asked: Application, coming: Coming, today: date, timetable: Timetable) -> list[Fault]:
    """What an application cannot have come by: no word of a desk is a portal's, no machine stands at an office or
    writes a journal of paper, a notice has a sender and a date not after its receipt, and an earlier day a reason."""
    by_machine, notice = coming.machine is not None, coming.notice
    at_office, is_notice = asked.channel == "office", asked.channel == "notice"
    faults = []
    if asked.channel in ELECTRONIC and not by_machine and not coming.transcribed:
        faults.append(Fault("channel-of-machines", "channel"))
    if at_office and by_machine:
        faults.append(Fault("machine-at-office", "channel"))
    if coming.transcribed and (at_office or by_machine):
        faults.append(Fault("nothing-transcribed", "transcribed"))
    if is_notice and notice is None:
        faults.append(Fault("notice-missing", "notice"))
    if notice and not is_notice:
        faults.append(Fault("notice-unasked", "notice"))
    if notice and date.fromisoformat(notice.dated) > asked.received.date():
        faults.append(Fault("notice-after-receipt", "notice.dated"))
    if coming.paper and by_machine:
        faults.append(Fault("machine-has-no-paper", "paper_journal"))
    if coming.is_late(asked, today, timetable) and not coming.reason:
        faults.append(Fault("received-earlier", "reason"))
    return faults
