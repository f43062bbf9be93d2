"""Streets of the community's list, and dwellings reconciled with it, as JSON values."""

from datetime import date
from typing import Any

from registry import addresses, streets, texts
from registry.aggregates.street.matching import OnList
from registry.aggregates.street.state import HeldHouse
from registry.streets import Home, Reconciled


def street(one: OnList, day: date) -> dict[str, Any]:
    """A street, what it is called on a day, and all its names with their days."""
    return {
        "street": str(one.street),
        "settlement": one.settlement,
        "district": one.district,
        "katottg": one.katottg,
        "name": one.name_on(day)[1],
        "names": [{"name": name, "since": _day(since), "until": _day(until)} for since, until, name in one.names],
        "source": one.source,
        "houses": len(one.houses),
    }


def house(key: str, held: HeldHouse) -> dict[str, Any]:
    """A house and its flats, one by one and as the list writes them."""
    said = held.said
    return {
        "key": key,
        "house": said.house,
        "building": said.building,
        "flats_in_short": said.flats,
        "flats": addresses.within(said.flats),
        "source": held.source,
    }


def counted(one: Reconciled, day: date) -> dict[str, Any]:
    """A street and how many dwellings of each state are on it."""
    return {**street(one.street, day), "counts": one.counts}


def home(one: Home) -> dict[str, Any]:
    """A dwelling, what the list says of it, and the act that would call it as the list does, if there is one."""
    reasons = [{"id": reason, "text": texts.label("street_reasons", reason)} for reason in one.said.reasons]
    return {
        "dwelling": str(one.dwelling),
        "address": texts.address_label(one.address),
        "state": one.said.state,
        "reasons": reasons,
        "right": texts.address_label(one.said.right) if one.said.right else None,
        "act": streets.act_for(one),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
