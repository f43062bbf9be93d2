"""What a visit would come to: the dry run of the API, and of what it cannot take yet what can be said."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from api.case_forms import NewApplication, ToDecide
from api.desk import Desk
from api.errors import Problem, input_fault, told
from api.routes.applying import tried
from api.routes.deciding import tried as tried_again
from api.routes.services import by_law, law_alone
from registry import texts
from registry.aggregates.case.witness import birth_date
from registry.aggregates.person.state import fold
from registry.aggregates.values import Impossible, NeedsConfirmation, id_of
from registry.questions import NotFound
from registry.services.catalogue import NoCard
from registry.twice import ALIKE, BECOMES

Fault = dict[str, Any]


@dataclass(kw_only=True)
class Outcome:
    """What came of trying: each part as ruled (of a visit that cannot be taken in yet, what the law says of the first),
    what is wrong, whom the newcomers look like, and what has to be confirmed."""

    parts: list[dict[str, Any]] = field(default_factory=list)
    said: NewApplication | None = None
    faults: list[Fault] = field(default_factory=list)
    alike: list[Fault] = field(default_factory=list)
    confirm: list[Fault] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    waits_for: list[dict[str, str]] = field(default_factory=list)
    whole: bool = False
    """Whether the register was asked, and not the law alone."""

    @property
    def refuses(self) -> bool:
        """Whether a part would be refused, or cannot be granted at all."""
        return any(part.get("outcome") in ("refused", "not_possible") for part in self.parts)

    @property
    def unchecked(self) -> list[tuple[str, str]]:
        """The checks that nobody has answered: the place of each on a page, and its name."""
        rows = [(number, row) for number, part in enumerate(self.parts, 1) for row in part["checks"]]
        return [(f"{number}-{row['check']}", row["name"]) for number, row in rows if not row["answered"]]


def try_out(body: dict[str, Any], desk: Desk) -> Outcome:
    """Tries a visit; nothing is stored. Raises `Hidden` where somebody whom the actor may not see is named."""
    found = Outcome()
    try:
        found.said = NewApplication(**body)
    except ValidationError as error:
        found.faults = [input_fault({**one, "loc": ("body", *one["loc"])}) for one in error.errors()]
        return _by_law_alone(found, body, desk)
    asks = _asked(found, found.said, desk)
    if asks:
        # As if all of it were so: what then comes of the visit.
        _asked(found, NewApplication(**_as_others({**body, "confirmed": True}, asks)), desk)
        _sorted(found, asks)
    return found if found.whole else _by_law_alone(found, body, desk)


def try_again(application: UUID, desk: Desk) -> Outcome:
    """What a decision of now on one that was received would come to; nothing is stored."""
    found = Outcome()
    asks = _answered(found, lambda: tried_again(application, ToDecide(), desk.cases), desk)
    if asks:
        people = [UUID(one["candidate"]["person"]) for one in asks if "candidate" in one]
        others = texts.say("guided_page", "is_other") if people else None
        said = ToDecide(confirmed=True, distinct_from=people, distinct_reason=others)
        _answered(found, lambda: tried_again(application, said, desk.cases), desk)
        _sorted(found, asks)
    return found


def _asked(found: Outcome, said: NewApplication, desk: Desk) -> list[Fault]:
    return _answered(found, lambda: tried(said, desk.cases), desk)


def _answered(found: Outcome, ask: Callable[[], dict[str, Any]], desk: Desk) -> list[Fault]:
    """Tries it, and returns what has to be confirmed first."""
    try:
        with by_law():
            answer = ask()
    except NeedsConfirmation as needs:
        return told(desk.registry, needs.faults, None, seen_by=desk.viewer, on_page=True)
    except Impossible as error:
        found.faults = told(desk.registry, error.faults, None, seen_by=desk.viewer, on_page=True)
    except NotFound as error:
        found.faults = [{"code": "not-found", "field": None, "detail": str(error)}]
    except Problem as problem:
        found.faults = problem.errors or [{"code": problem.kind, "field": None, "detail": problem.detail}]
    else:
        found.parts, found.whole = answer["parts"], True
        found.warnings, found.waits_for = answer["warnings"], answer["waits_for"]
    return []


def _sorted(found: Outcome, asks: list[Fault]) -> None:
    for one in asks:
        (found.alike if one["code"] in (ALIKE, BECOMES) and "candidate" in one else found.confirm).append(one)


def _as_others(body: dict[str, Any], asks: list[Fault]) -> dict[str, Any]:
    """The same visit with everybody who looks like somebody said to be another person."""
    people = [one["candidate"]["person"] for one in asks if "candidate" in one]

    def other(one: dict[str, Any]) -> dict[str, Any]:
        why = one.get("distinct_reason") or texts.say("guided_page", "is_other")
        return {**one, "distinct_from": people, "distinct_reason": why} if "particulars" in one else one

    def others(part: dict[str, Any]) -> dict[str, Any]:
        said = part.get("register", {})
        return {**part, "register": {**said, "persons": list(map(other, said.get("persons", [])))}}

    children = [others(one) for one in body.get("children", [])]
    return {**others(body), **({"children": children} if children else {})}


def _by_law_alone(found: Outcome, body: dict[str, Any], desk: Desk) -> Outcome:
    """What the law says of the first part, as far as it can be read."""
    if (ruled := law_of(body, desk)) is not None:
        found.parts = [{"part": 1, "persons": [], "checks": [], "would_record": {}, **ruled}]
    return found


def law_of(body: dict[str, Any], desk: Desk, *, born: str | None = None) -> dict[str, Any] | None:
    """What the law says of the first part of a visit; None where too little is said for it. Whoever asks several times
    reads the register once, the birth and the community: then `born` says whose first part it is."""
    alone = {name: value for name, value in body.items() if name not in ("register", "children", "papers", "checks")}
    known = born is not None
    if not alone.get("subject", {}).get("born") and (birth := born if known else _birth(body, desk)):
        alone = {**alone, "subject": {**alone.get("subject", {}), "born": birth}}
    try:
        return law_alone(NewApplication(**alone), desk, again=not known)
    except (ValidationError, Problem, Impossible, NoCard):
        return None


def _birth(body: dict[str, Any], desk: Desk) -> str | None:
    """The birth of somebody of the register whom the first part is about."""
    persons = body.get("register", {}).get("persons") or [{}]
    id: UUID | None = id_of(str(persons[0].get("person", "")))
    return birth_date(fold(desk.registry.entries(id))) if id and desk.viewer.sees(id) else None
