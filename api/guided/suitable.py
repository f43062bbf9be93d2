"""Which services could be granted to somebody today, by what the register holds of them: of the others, why not.

What a visit has yet to bring (papers, checks, a dwelling) is in nobody's way. A service is not offered where there is
nothing to begin or to end, or where no applicant on any ground of its card could be granted it: each is barred by the
card, or refused for what no paper changes.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.guided.body import Ticked, body_of
from api.guided.path import GuidedPart
from api.guided.trying import law_of
from registry import texts
from registry.aggregates.case.witness import birth_date
from registry.aggregates.person.state import Person, fold
from registry.aggregates.person.timeline import standing, timeline
from registry.services.catalogue import cards
from registry.services.headers import SERVICES, Service

Row = dict[str, str]
UNCHANGED = frozenset({"child_applies", "not_among_applicants"})
"""What triggers a refusal whatever is brought: who applies."""


def services(desk: Desk) -> list[Row]:
    """The services of today in the order of their cards."""
    today = desk.today()
    return [{"id": id, "title": cards(id, today)[0].title} for id in SERVICES if cards(id, today)]


def services_for(person: UUID, desk: Desk) -> tuple[list[Row], list[Row]]:
    """Those that could be granted to somebody of the register, and the others, each with why; both in that order."""
    known = fold(desk.registry.entries(person))
    desk.here()  # read once, for each way of each service asks for it
    rows = [{**one, "why": _why(SERVICES[one["id"]], person, known, desk)} for one in services(desk)]
    return [one for one in rows if not one["why"]], [one for one in rows if one["why"]]


def _why(does: Service, person: UUID, known: Person, desk: Desk) -> str:
    """Why it cannot be granted; nothing where it can."""
    if known.death and (does.settles or does.removes):
        return texts.say("guided_page", "of_the_dead")
    if does.removes and not any(row.until is None for row in standing(timeline(known))):
        return texts.say("guided_page", "nothing_to_remove")
    part = GuidedPart(card=cards(does.id, desk.today())[0], said={"person": str(person)})
    born = (birth_date(known) or "") if desk.viewer.sees(person) else ""
    bodies = (body_of([(one, Ticked())], office=None, confirmed=False) for one in _ways(part))
    found = [_in_the_way(law_of(body, desk, born=born)) for body in bodies]
    return "" if not all(found) else next(text for _, text in sorted(filter(None, found), key=lambda one: one[0]))


def _in_the_way(ruled: dict[str, Any] | None) -> tuple[int, str] | None:
    """What of the law's answer nothing that is brought would change, a bar of the card before a ground; None if it is
    nothing, or too little is known for an answer."""
    if ruled is None:
        return None
    if ruled["barred"]:
        return 0, str(ruled["barred"][0]["reason"] or ruled["barred"][0]["wording"])
    facts = [fact for ground in ruled["grounds"] for fact in ground["triggered_by"] if fact["id"] in UNCHANGED]
    return (1, texts.begun(facts[0]["text"])) if facts else None


def _ways(part: GuidedPart) -> Iterator[GuidedPart]:
    """The part on each ground of the card, by each applicant of that ground."""
    for ground in part.offered("grounds") or ("",):
        on_ground = replace(part, said={**part.said, "ground": ground})
        for applicant in on_ground.offered("applicants") or ("",):
            yield replace(on_ground, said={**on_ground.said, "applicant_kind": applicant})
