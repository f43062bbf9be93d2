"""The services: the cards of a day, what they cost, and what the law says of an application. Nothing is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.case_forms import NewApplication
from api.desk import Desk, desk_of
from api.errors import Problem, no_card
from api.forms import OnDay
from api.shapes import law as law_shapes
from api.visits import papers_alone
from registry import texts
from registry.aggregates.case.case import ground_faults, office_faults
from registry.aggregates.case.hours import closed
from registry.aggregates.case.written import with_papers
from registry.aggregates.community.state import Here
from registry.aggregates.values import refuse
from registry.services import checks
from registry.services.application import Application, read
from registry.services.catalogue import NoCard
from registry.services.decision import card_for
from registry.services.fees import NoPublishedAmount
from registry.storage.mapper import KYIV

router = APIRouter(prefix="/api/v1", tags=["services"])
HOW_TO_PAY = texts.say("api", "payment_is_a_check")


@router.get("/services")
def services(asked: Annotated[OnDay, Query()], request: Request) -> dict[str, Any]:
    """The cards of a day with their official titles."""
    on = day_of(asked, desk_of(request))
    return {"on": on.isoformat(), "services": law_shapes.listed(on)}


@router.get("/services/{service}")
def service(service: str, asked: Annotated[OnDay, Query()], request: Request) -> dict[str, Any]:
    """The whole card of a day: what it asks for, refuses by, costs, and what follows."""
    desk = desk_of(request)
    on = day_of(asked, desk)
    said = law_shapes.service_on(service, on)
    return {**said, **law_shapes.payees_on(desk.here(on).payees, service, on)}


def day_of(asked: OnDay, desk: Desk) -> date:
    """The day of a question; without one today in Kyiv."""
    return date.fromisoformat(asked.on) if asked.on else desk.today()


def law_alone(body: NewApplication, desk: Desk, *, again: bool = True) -> dict[str, Any]:
    """What the law says of an application about nobody in particular, as the checks that are answered leave it;
    without `again` the community is taken as it was last read."""
    if not body.facts()["subject"].get("born"):
        raise _fault("missing", "subject.born", texts.say("input", "missing"))
    moment = desk.now().astimezone(KYIV).strftime("%Y-%m-%dT%H:%M")
    facts, registry = {**body.facts(), "received": body.received or moment}, desk.registry
    position = registry.position() if body.papers else 0
    papers = papers_alone(body.papers, facts, registry, position, seen_by=desk.viewer)
    asked = read(with_papers(facts, papers))
    here = desk.here(asked.received.date(), again=again)
    refuse(office_faults(body.office, here.timetable))
    with by_law():
        refuse(ground_faults(asked, card_for(asked)))
    answers = {check: checks.read_answer(check, said) for part, check, said in body.answers() if part == 1}
    paid = answers["payment"].kopiykas if "payment" in answers else None
    by_answers = checks.with_status(checks.answered(asked, answers.values()), answers)
    shut = closed(body.office, asked.received, here.timetable) if _at_desk(body) else []
    return {**_decided(by_answers, here, paid, body.office), **law_shapes.warnings(shut)}


def _at_desk(body: NewApplication) -> bool:
    """Whether somebody comes to the office, and no journal of paper says so already."""
    return body.channel == "office" and body.paper_journal is None


@contextmanager
def by_law() -> Iterator[None]:
    """A day without a card or an amount is a fault of the input."""
    try:
        yield
    except NoCard as none:
        raise _fault("no-card", "received", no_card(none)) from None
    except NoPublishedAmount as missing:
        raise _fault("no-published-amount", "received", f"{law_shapes.unpublished(missing)} {HOW_TO_PAY}") from None


def _decided(asked: Application, here: Here, paid: int | None = None, office: str | None = None) -> dict[str, Any]:
    """A day without a card or an amount, and an application for nobody, are faults of the input."""
    if asked.persons < 1:
        raise _fault("no-persons", "persons", texts.TEXTS["law"]["no-persons"])
    with by_law():
        return law_shapes.decided(asked, here, paid, office)


def _fault(code: str, field: str, detail: str) -> Problem:
    return Problem(422, code, detail, [{"code": code, "field": field, "detail": detail}])
