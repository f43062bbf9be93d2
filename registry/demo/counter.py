"""At the counter: an application granted and told to everybody, one refused with its letter, one without movement."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from registry.aggregates.case.case import Case
from registry.aggregates.community.state import fold
from registry.aggregates.outgoing.events import OutgoingDone, OutgoingFailed, OutgoingSent
from registry.aggregates.papers import Paper
from registry.aggregates.values import supposed
from registry.demo.book import CARD, BookedAct
from registry.demo.desk import Counter
from registry.demo.inventing import PAPERS, Newcomer, story_place
from registry.demo.town import DECLARING_SINCE, Story, Town

SHOWN = ("application", "identity_document", "fee_evidence")
"""What everybody of these stories shows; the paper that is missing is the right to live in the dwelling."""


def granted(town: Town) -> Story:
    """Moves with papers; of what followed one message came back at first, and both arrived."""
    who = town.person("female", 33)
    act = yield town.at(0.2)
    _card(act, who, town.home(act))
    act = yield _late(town, 0.83)
    counter = _counter(town, act)
    case = _asked(counter, who, "41", _right(act))
    decided = counter.decide(case)
    act = yield act.today + timedelta(1)
    counter = _counter(town, act)
    counter.delivered(decided, "dms", OutgoingFailed, how="electronic", reason=PAPERS["not_delivered"])
    counter.delivered(decided, "applicant_sms", OutgoingSent, how="sms")
    act = yield act.today + timedelta(2)
    counter = _counter(town, act)
    counter.delivered(decided, "dms", OutgoingSent, how="post", number=PAPERS["our_number"])
    act = yield act.today + timedelta(5)
    _counter(town, act).delivered(decided, "dms", OutgoingDone, how="post", outcome=PAPERS["handed_over"])
    town.show("application_granted", who.id)


def refused(town: Town) -> Story:
    """Has no paper that lets them live there: refused, with a letter; nobody answered the phone."""
    who = town.person("male", 45)
    act = yield town.at(0.2)
    _card(act, who, town.home(act))
    act = yield _late(town, 0.86)
    counter = _counter(town, act)
    decided = counter.decide(_asked(counter, who, "43"))
    act = yield act.today + timedelta(1)
    reason = PAPERS["no_answer"]
    _counter(town, act).delivered(decided, "applicant_sms", OutgoingFailed, how="phone", reason=reason)
    town.show("application_refused", who.id)


def without_movement(town: Town) -> Story:
    """Lacks the same paper, and agreed to bring it: until then nothing moves."""
    who = town.person("female", 62)
    act = yield town.at(0.2)
    _card(act, who, town.home(act))
    act = yield _late(town, 1) - timedelta(4)
    counter = _counter(town, act)
    counter.leave(_asked(counter, who, "45"), PAPERS["agreed_to_wait"])
    town.show("without_movement", who.id)


def _late(town: Town, part: float) -> date:
    """A day so far towards the last, when the cards were in force already."""
    return max(town.first + (town.last - town.first) * part, DECLARING_SINCE)


def _asked(counter: Counter, who: Newcomer, house: str, *papers: Paper) -> Case:
    """Asks for a residence in a house of their own, with these papers beside what everybody shows."""
    act = counter.act
    documents = (*SHOWN, *(one.id for one in papers))
    home = act.enter_home(story_place(house=house))
    return counter.take_in(who.id, home, documents=documents, papers=(_passport(act, who), *papers))


def _counter(town: Town, act: BookedAct) -> Counter:
    return Counter(act, fold(supposed(town.community, 0, act.today)).on(act.today))


def _card(act: BookedAct, who: Newcomer, home: UUID) -> None:
    act.enter(who)
    act.settle(who.id, home, since=act.ago(300), basis=CARD)


def _passport(act: BookedAct, who: Newcomer) -> Paper:
    shown = who.passport()
    return Paper(
        paper=act.book.id(),
        id="identity_document",
        kind=shown.kind,
        number=shown.number,
        dated=shown.issued_on,
        issuer=shown.issued_by,
        whose=who.id,
    )


def _right(act: BookedAct) -> Paper:
    number, dated = PAPERS["right_number"], act.ago(30)
    return Paper(paper=act.book.id(), id="dwelling_right_document", number=number, dated=dated)


STORIES: tuple[Callable[[Town], Story], ...] = (granted, refused, without_movement)
