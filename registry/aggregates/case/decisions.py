"""The decisions about an application: taking it in, answering the checks, deciding each of its parts by its card.

The law is decided in `services/decision.py`; here its outcome becomes facts. What the register then records about
people is in `effects.py`. Faults as everywhere: `Impossible` lists all, nothing is changed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from registry.aggregates.case.events import (
    ApplicationBarred,
    ApplicationFact,
    ApplicationGranted,
    ApplicationReceived,
    ApplicationRefused,
    Bar,
    Charge,
    CheckAnswered,
    Following,
    Part,
    RefusalGround,
)
from registry.aggregates.case.state import Application, Outcome, fold
from registry.aggregates.values import Fault, refuse, supposed, sure
from registry.services import checks, decision, terms
from registry.services.application import AS_DECIDED, NotAnApplication, Settings, read
from registry.services.application import Application as Asked
from registry.services.catalogue import PAPERS
from registry.services.decision import Decision
from registry.services.fees import NoPublishedAmount

_TO_APPLICANT = ("applicant_sms", "applicant_diia")


def receive(
    application: Application,
    *,
    parts: Sequence[Part],
    office: str | None = None,
    applicant: str | None = None,
    phone: str | None = None,
    now: datetime,
) -> list[ApplicationFact]:
    """Takes in an application of one visit; `parts` come without card and term. `now` is the local time of Kyiv, naive.

    Raises `NoCard` for a service that no card knew on the day, `NotAnApplication` for facts that are none.
    """
    faults = [Fault("already-entered")] if application.version else []
    faults += [] if parts else [Fault("parts-missing", "service")]
    asked = [read(part.asked) for part in parts]
    faults += [Fault("received-in-future", "received") for one in asked if one.received > now]
    if len({(one.received, one.channel) for one in asked}) > 1:
        faults.append(Fault("not-one-visit", "received"))
    for part, one in zip(parts, asked, strict=True):
        faults += [Fault("paper-unknown", "documents") for _ in _unknown_papers(one)]
        unowned = one.dwelling.kind == "private" and one.dwelling.owners < 1
        faults += [Fault("owners-missing", "dwelling.owners")] if unowned else []
        faults += [] if part.concerned or about_dwelling(part) else [Fault("person-missing", "register")]
        people = {concerned.person for concerned in part.concerned}
        if part.concerned and (len(people) < len(part.concerned) or len(people) != one.persons):
            faults.append(Fault("persons-differ", "persons"))
    refuse(faults)
    return [
        ApplicationReceived(
            code="",
            received=asked[0].received.isoformat(timespec="minutes"),
            channel=asked[0].channel,
            office=office,
            applicant=applicant,
            phone=phone,
            parts=tuple(_judgeable(part, one) for part, one in zip(parts, asked, strict=True)),
        )
    ]


def about_dwelling(part: Part) -> bool:
    """Whether what is asked for is an extract of who is registered in a dwelling: it concerns nobody in particular."""
    return part.asked.get("service") == "issue_extract" and part.dwelling is not None and not part.concerned


def _unknown_papers(asked: Asked) -> frozenset[str]:
    """What was shown or consented and no card of any day names: a slip of the form, never a paper."""
    shown = asked.documents | asked.consents | asked.invalid_documents | asked.valid_until.keys()
    return frozenset(one for one in shown if re.sub(r"\d+$", "N", one) not in PAPERS and one not in PAPERS)


def answer_check(
    application: Application, *, part: int, check: str, said: Mapping[str, Any], source: str
) -> list[ApplicationFact]:
    """What a register says for a part; an answer given again takes the place of the one before."""
    faults = [*_open(application), *_part_faults(application, part)]
    refuse(faults)
    if check not in required(application, part):
        refuse([Fault("check-not-asked", "check")])
    try:
        answer = checks.plain_answer(checks.read_answer(check, said))
    except NotAnApplication as error:
        refuse([Fault("value-unknown", error.field)])
    if check == "payment" and answer.get("kopiykas") is None:
        refuse([Fault("paid-missing", "kopiykas")])
    return [CheckAnswered(part=part, check=check, said=answer, source=source)]


def asked_with(application: Application, part: int) -> Asked:
    """The facts of a part as the answers leave them."""
    answers = [(one.check, one.said) for one in application.answers if one.part == part]
    return read(checks.answered(_part(application, part).asked, answers))


def required(application: Application, part: int) -> tuple[str, ...]:
    """The checks that a part needs before it can be decided."""
    asked = asked_with(application, part)
    try:
        fee: int | None = decision.dues(asked).fee.kopiykas
    except NoPublishedAmount:
        fee = None
    return checks.required(asked, decision.card_for(asked), fee)


def unanswered(application: Application, part: int) -> tuple[str, ...]:
    """Those of the checks that nobody has answered."""
    answers = {one.check for one in application.answers if one.part == part}
    return tuple(check for check in required(application, part) if check not in answers)


def judged(application: Application, part: int, settings: Settings = AS_DECIDED, *, acted_on: date) -> Decision:
    """What is decided on a part by the card of its day, entered on a day: the same for a dry run and for good.

    Raises `NoPublishedAmount` where nobody has yet said what was paid.
    """
    paid = _paid(application, part)
    return _judged(application, part, settings, acted_on, paid.kopiykas if paid else None)


def decide(
    application: Application, settings: Settings = AS_DECIDED, *, acted_on: date, today: date
) -> list[tuple[Part, Decision, Outcome]]:
    """Decides every part for good, each with the fact that says so; texts are for whoever knows the words.

    Refused while a check is unanswered (unless the act is barred, whatever a register says), when it is decided
    already, while a change of it waits for the second person, or for a day before the receipt or after today.
    """
    check_open(application)
    check_day(application, acted_on, today)
    faults: list[Fault] = []
    decided = []
    for number, part in enumerate(sure(application.received).parts, 1):
        lacking = unanswered(application, number)
        try:
            found, unpublished = judged(application, number, settings, acted_on=acted_on), False
        except NoPublishedAmount:
            found, unpublished = _judged(application, number, settings, acted_on, 0), True
        if not found.barred:
            faults += [_lacking(number, check, unpublished) for check in lacking]
        decided.append((part, found, _outcome(application, number, part, found, settings, acted_on)))
    refuse(faults)
    return decided


def check_open(application: Application) -> None:
    """Refuses one that was never received, that is decided, or a change of which waits for the second person."""
    refuse(_open(application))


def check_day(application: Application, acted_on: date, today: date) -> None:
    """Refuses a day of the entry before the receipt or after today."""
    if not date.fromisoformat(sure(application.received).received[:10]) <= acted_on <= today:
        refuse([Fault("acted-on-impossible", "acted_on")])


def supposing(application: Application, facts: Sequence[ApplicationFact]) -> Application:
    """The application as if the facts were recorded."""
    return fold(supposed(facts, application.version, date.min), application)


def _outcome(
    application: Application, number: int, part: Part, found: Decision, settings: Settings, acted_on: date
) -> Outcome:
    on = acted_on.isoformat()
    if found.barred:
        bars = tuple(Bar(id=one.id, wording=one.wording, reference=one.reference) for one in found.barred)
        return ApplicationBarred(part=number, card=part.card, decided_on=on, barred=bars, text="")
    paid = _paid(application, number)
    charge = Charge(
        due=found.fee.kopiykas,
        rule=found.fee.rule,
        reference=found.fee.reference,
        paid=paid.kopiykas if paid else None,
        receipt=paid.receipt if paid else None,
    )
    follows = _follows(part, found, acted_on, settings)
    if found.decision == "granted":
        return ApplicationGranted(
            part=number,
            card=part.card,
            decided_on=on,
            effective_on=sure(found.effective_on).isoformat(),
            late=found.late,
            charge=charge,
            follows=follows,
        )
    return ApplicationRefused(
        part=number,
        card=part.card,
        decided_on=on,
        late=found.late,
        charge=charge,
        grounds=tuple(
            RefusalGround(
                id=one.id,
                number=one.number,
                wording=one.wording,
                reference=one.reference,
                facts=one.facts,
                said=one.said,
            )
            for one in found.grounds
        ),
        missing=found.missing,
        text="",
        follows=follows,
    )


def _follows(part: Part, found: Decision, acted_on: date, settings: Settings) -> tuple[Following, ...]:
    """One for each person concerned, but to the applicant once; tasks too."""
    silent = (acted_on + timedelta(days=settings.days_where_silent)).isoformat()
    listed = [(one.id, "message", one.deadline.isoformat() if one.deadline else silent) for one in found.messages]
    listed += [(one.id, "task", silent) for one in found.tasks]
    return tuple(
        Following(id=id, role=role, deadline=deadline, person=person)
        for id, role, deadline in listed
        for person in ((None,) if id in _TO_APPLICANT else (one.person for one in part.concerned))
    )


def _judgeable(part: Part, asked: Asked) -> Part:
    due_by = terms.due_by(asked.service, asked.received, asked.channel)
    return replace(part, card=decision.card_for(asked).id, due_by=due_by.isoformat())


def _open(application: Application) -> list[Fault]:
    if application.received is None:
        return [Fault("application-unknown")]
    if application.decided:
        return [Fault("application-decided")]
    return [Fault("change-waiting")] if application.awaiting else []


def _part_faults(application: Application, part: int) -> list[Fault]:
    parts = application.received.parts if application.received else ()
    return [] if 1 <= part <= len(parts) else [Fault("part-unknown", "part")]


def _part(application: Application, part: int) -> Part:
    return sure(application.received).parts[part - 1]


def _paid(application: Application, part: int) -> checks.Payment | None:
    said = (one.said for one in application.answers if (one.part, one.check) == (part, "payment"))
    return next((checks.read_answer("payment", one) for one in said), None)


def _judged(application: Application, part: int, settings: Settings, acted_on: date, paid: int | None) -> Decision:
    asked = asked_with(application, part)
    due = decision.dues(asked, paid).fee.kopiykas
    if paid is not None and paid < due:
        # Whatever was said of payments: so many fees as the money is enough for.
        asked = replace(asked, payments=min(sure(asked.payments), asked.persons * paid // due))
    return decision.decide(asked, decision.card_for(asked), settings, acted_on=acted_on, paid=paid)


def _lacking(part: int, check: str, unpublished: bool) -> Fault:
    named = {"part": str(part), "check": check}
    if unpublished and check == "payment":
        return Fault("paid-missing", "checks", named)
    return Fault("check-unanswered", "checks", named)
