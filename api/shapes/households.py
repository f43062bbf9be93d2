"""An answer to another department: asked of the register, written down as a look, and only then told."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from api.desk import Desk
from api.household_forms import HouseholdAsked
from registry import seals, texts
from registry.aggregates.values import Fault, refuse, sure
from registry.households import Households, OfDwelling, OfMember, Resident
from registry.services.adjacent import AdjacentCard, NoAdjacentCard, adjacent_card
from registry.storage.access import Look
from registry.storage.mapper import instant_text


@dataclass(frozen=True, kw_only=True)
class HouseholdTold:
    """What a department is answered (`said`), and of whom something is told or kept back."""

    said: dict[str, Any]
    people: tuple[UUID, ...]


def household_answer(desk: Desk, asked: HouseholdAsked) -> dict[str, Any]:
    """What a department is answered today; as `answered`."""
    return answered(desk, asked).said


def answered(desk: Desk, asked: HouseholdAsked) -> HouseholdTold:
    """What a department is answered today. Raises `Impossible` for what cannot be asked so, `NotRecorded` where the
    look could not be written down: then nothing is told."""
    registry, today = desk.registry, desk.today()
    try:
        card = adjacent_card(asked.card, today)
    except NoAdjacentCard:
        refuse([Fault("household-no-card", "card")])
        raise
    refuse(asked.faults(card, today))
    position = registry.position()
    seen_by = seals.told_by_law(registry, desk.who)
    households = Households(registry, today, position, desk.here().within, seen_by)
    applicant = asked.applicant.particulars()
    found: OfDwelling | OfMember
    if card.asks == "dwelling":
        found = households.of_dwelling(sure(asked.address).address(), applicant)
        more = _of_dwelling(found)
    else:
        found = households.of_member(applicant, sure(asked.member).particulars())
        more = _of_member(found)
    # A number may be of any letters: which request it was is told by who knows it.
    request = {"request": sha256(asked.notice.number.encode()).hexdigest(), "dated": asked.notice.dated}
    about = {"card": card.id, **request, "on": today.isoformat(), "position": position, "registered": found.registered}
    about |= {"dwelling": str(found.dwelling), "hidden": found.hidden} if isinstance(found, OfDwelling) else {}
    registry.looked(Look("asked", found.people, about), desk.actor)
    times = {"on": today.isoformat(), "known_at": instant_text(desk.now()), "position": position}
    said = {**_head(card), **times, "registered": found.registered, **more}
    return HouseholdTold(said=said, people=found.people)


def _head(card: AdjacentCard) -> dict[str, Any]:
    return {"card": card.number, "title": card.title, "reference": card.reference}


def _of_dwelling(found: OfDwelling) -> dict[str, Any]:
    said = "hidden" if found.hidden else "residents" if found.registered else "applicant_elsewhere"
    return {
        "persons": [_resident(one) for one in found.residents],
        "hidden": found.hidden,
        "text": texts.say("household", said, len(found.residents) + found.hidden, found.hidden),
    }


def _of_member(found: OfMember) -> dict[str, Any]:
    said = "together" if found.together else "apart" if found.registered else "member_elsewhere"
    if found.registered and not found.applicant_registered:
        said = "applicant_unknown"
    return {
        "applicant_registered": found.applicant_registered,
        "together": found.together,
        "text": texts.say("household", said),
    }


def _resident(one: Resident) -> dict[str, Any]:
    known = {"day": 10, "month": 7, "year": 4}.get(one.since_known)
    return {
        **{name: getattr(one, name) for name in ("surname", "given_names", "patronymic", "birth_date")},
        "since": one.since.isoformat()[:known] if one.since and known else None,
        "certain": one.certain,
    }
