"""The community's list of streets: a street by its beginning, its houses and flats; and the dwellings reconciled."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from api.desk import desk_of
from api.forms import Houses, OnKnown, Reconciliation, Streets, Unlisted
from api.shapes import streets as shapes
from registry import questions, streets, texts
from registry.aggregates.street.matching import OnList
from registry.aggregates.values import sure
from registry.app import Registry
from registry.questions import NotFound

router = APIRouter(prefix="/api/v1", tags=["dwellings"])


@dataclass(frozen=True)
class Looking:
    """A question about the list: its times, its position, and how the codes of this community begin."""

    registry: Registry
    head: dict[str, Any]
    day: date
    position: int
    community: str

    def street(self, street: UUID) -> OnList:
        """The street of an address. Raises `NotFound`."""
        if found := streets.of_ids(self.registry, [street], self.position):
            return found[0]
        raise NotFound(texts.say("questions", "no_street"))

    def answer(self, rows: list[dict[str, Any]], next_: str | None, **more: Any) -> dict[str, Any]:
        """The page of an answer."""
        said: Any = rows if self.position else texts.say("answers", "not-yet")
        return {**self.head, "position": self.position, **more, "answer": said, "next": next_}


def looking(request: Request, asked: OnKnown | Streets | Unlisted | Reconciliation | Houses) -> Looking:
    """What a request asks about, on a day (today without one), as known at an instant."""
    desk = desk_of(request)
    moment = desk.now()
    on = getattr(asked, "on", None)
    question = questions.asked(on=on, known_at=asked.known_at, position=asked.position, now=moment)
    question = questions.settled(desk.registry, question, moment)
    position = sure(question.position)
    within = desk.here(question.day, position).within
    return Looking(desk.registry, question.head, question.day, position, within)


@router.get("/streets")
def listed(asked: Annotated[Streets, Query()], request: Request) -> dict[str, Any]:
    """Streets of the list, those with a name, old ones too, of which a word begins so."""
    at = looking(request, asked)
    found, following = _page(at, asked)
    return at.answer([shapes.street(one, at.day) for one in found], following)


@router.get("/streets/reconciliation")
def counts(asked: Annotated[Streets, Query()], request: Request) -> dict[str, Any]:
    """The same streets with how many dwellings on each are as the list says, differ, or are not on it."""
    at = looking(request, asked)
    found, following = _page(at, asked)
    compared = streets.reconciled(at.registry, found, day=at.day, position=at.position, community=at.community)
    return at.answer([shapes.counted(one, at.day) for one in compared], following)


@router.get("/streets/unlisted")
def unlisted(asked: Annotated[Unlisted, Query()], request: Request) -> dict[str, Any]:
    """Dwellings whose street the list has not, street by street; a page holds all of its last street."""
    at = looking(request, asked)
    found, following = streets.unlisted(
        at.registry,
        day=at.day,
        position=at.position,
        community=at.community,
        after=asked.after,
        least=asked.limit,
    )
    return at.answer([shapes.home(one) for one in found], following)


@router.get("/streets/{street}")
def one(street: UUID, asked: Annotated[OnKnown, Query()], request: Request) -> dict[str, Any]:
    """A street: its place, its names with their days."""
    at = looking(request, asked)
    return {**at.head, "position": at.position, **shapes.street(at.street(street), at.day)}


@router.get("/streets/{street}/houses")
def houses(street: UUID, asked: Annotated[Houses, Query()], request: Request) -> dict[str, Any]:
    """Its houses in their order, those whose number begins so, with their flats."""
    at = looking(request, asked)
    found = streets.houses(
        at.registry, at.street(street), at.position, number=asked.number, after=asked.after, limit=asked.limit + 1
    )
    page = found[: asked.limit]
    following = page[-1][0] if len(found) > len(page) else None
    return at.answer([shapes.house(key, held) for key, held in page], following, street=str(street))


@router.get("/streets/{street}/reconciliation")
def reconciliation(street: UUID, asked: Annotated[Reconciliation, Query()], request: Request) -> dict[str, Any]:
    """The dwellings of one state on a street, or the houses and flats without a dwelling; and all counts."""
    at = looking(request, asked)
    [said] = streets.reconciled(
        at.registry, [at.street(street)], day=at.day, position=at.position, community=at.community
    )
    if asked.state == "without_dwelling":
        rows = [(f"{key}|{flat or ''}", _empty(said.street, key, flat)) for key, flat in said.empty]
    else:
        rows = [(str(home.dwelling), shapes.home(home)) for home in said.homes if home.said.state == asked.state]
    begin = next((number for number, (key, _) in enumerate(rows, 1) if key == asked.after), 0)
    page = rows[begin : begin + asked.limit]
    following = page[-1][0] if begin + len(page) < len(rows) else None
    return at.answer([row for _, row in page], following, **shapes.counted(said, at.day))


def _page(at: Looking, asked: Streets) -> tuple[list[OnList], str | None]:
    found = streets.page(
        at.registry,
        position=at.position,
        name=asked.name,
        settlement=asked.settlement,
        after=asked.after,
        limit=asked.limit + 1,
    )
    page = found[: asked.limit]
    return page, str(page[-1].street) if len(found) > len(page) else None


def _empty(street: OnList, key: str, flat: str | None) -> dict[str, Any]:
    said = street.houses[key].said
    return {"house": said.house, "building": said.building, "flat": flat}
