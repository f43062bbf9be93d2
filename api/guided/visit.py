"""A form of a guided page, read: which parts a visit has, what is answered in each, what was pressed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from api.guided.body import Ticked, Typed, one, ticked
from api.guided.path import GuidedPart
from api.guided.shape import NOTICES, QUESTIONS, NoticeKind
from registry.aggregates.values import id_of
from registry.services.catalogue import NoCard, cards
from registry.services.headers import SERVICES, UnknownService

MOST_PARTS = 12
CHILD_OF = {"settles": "register_child_residence", "removes": "deregister_child_residence"}
"""The service of a child that goes with one of an adult."""
COPIED = ("dwelling", "dwelling_kind", "right", "where_from", "left_address", "ground", "destination")
"""What a child's part begins with: as the part before says."""


@dataclass(frozen=True, kw_only=True)
class GuidedVisit:
    """A visit as a page asks for it: its parts with what is ticked, and the form itself."""

    parts: tuple[tuple[GuidedPart, Ticked], ...]
    typed: Typed
    notice: NoticeKind | None = None

    def said(self, name: str) -> str:
        """A field of the page itself."""
        return one(self.typed, name)


def card_of(service: str, on: date) -> GuidedPart:
    """The empty part of a service by its card of the day. Raises `UnknownService`, or `NoCard`."""
    if service not in SERVICES:
        raise UnknownService(service)
    found = cards(service, on)
    if not found:
        raise NoCard(service, on)
    return GuidedPart(card=found[0])


def read(service: str, typed: Typed, on: date, *, notice: str | None = None, person: UUID | None = None) -> GuidedVisit:
    """The visit of a form. `person` is whom the page is about, whatever the form says."""
    kind = NOTICES[notice] if notice else None
    count = int(number) if (number := one(typed, "parts")).isascii() and number.isdigit() and len(number) < 3 else 1
    parts = [
        _part(one(typed, f"{number}-service") if number > 1 else service, typed, number, on, kind)
        for number in range(1, min(max(count, 1), MOST_PARTS) + 1)
    ]
    parts = [pair for pair in parts if pair]
    if person:
        first, marks = parts[0]
        parts[0] = (replace(first, said={**first.said, "person": str(person)}), marks)
    removed = one(typed, "remove")
    if removed.isascii() and removed.isdigit() and 1 < int(removed) <= len(parts):
        del parts[int(removed) - 1]
    if one(typed, "add") and len(parts) < MOST_PARTS and (more := child_of(parts[0][0])):
        parts.append((_child(more, parts[-1][0], parts[0][0], on), Ticked()))
    parts = [(replace(part, first=not number), marks) for number, (part, marks) in enumerate(parts)]
    return GuidedVisit(parts=tuple(parts), typed=typed, notice=kind)


def child_of(part: GuidedPart) -> str | None:
    """The service of a child that may go with a part; None where none does."""
    does = part.service
    named = CHILD_OF["settles"] if does.settles == "registered" else CHILD_OF["removes"] if does.removes else None
    return None if part.notice else named


def _part(service: str, typed: Typed, number: int, on: date, notice: NoticeKind | None) -> tuple[GuidedPart, Ticked]:
    said = {question.id: one(typed, f"{number}-{question.id}") for question in QUESTIONS}
    return replace(card_of(service, on), said=said, notice=notice, first=number == 1), ticked(typed, number)


def _child(service: str, before: GuidedPart, first: GuidedPart, on: date) -> GuidedPart:
    said = {name: before.answer(name) for name in COPIED if before.said.get(name)}
    empty = card_of(service, on)
    if said.get("ground") not in (empty.offered("grounds")):
        said.pop("ground", None)
    adult = first.answer("person")
    if not first.service.of_children and id_of(adult):
        said["applicant"] = adult
    return replace(empty, said={**said, "applicant_kind": "parent"}, first=False)


def people_of(asked: GuidedVisit) -> Sequence[UUID]:
    """Everybody of the register whom a visit names."""
    named = [part.answer(name) for part, _ in asked.parts for name in ("person", "applicant", "family_relative")]
    return tuple(dict.fromkeys(filter(None, map(id_of, named))))


def dwellings_of(asked: GuidedVisit) -> Sequence[UUID]:
    """Every dwelling that a visit names."""
    named = [part.answer(name) for part, _ in asked.parts for name in ("dwelling", "now_dwelling")]
    return tuple(dict.fromkeys(filter(None, map(id_of, named))))
