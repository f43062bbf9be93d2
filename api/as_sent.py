"""What a portal sends of people is taken as it is (003 c8 r9, r12): a value that cannot be read is no reason to turn a
declaration away. It is kept as sent, and its fault goes to the decision.

What is no text where one belongs, or too long for a fact, is refused as anywhere.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Self, cast

from pydantic import ModelWrapValidatorHandler, PrivateAttr, ValidationError, model_validator
from pydantic_core import PydanticUndefined

from api.forms import Form
from registry.aggregates.case.coming import ELECTRONIC

OF_PEOPLE = (("particulars",), ("documents",), ("military",), ("changed", "particulars"), ("changed", "documents"))
"""What a portal says of somebody in words of theirs."""
FAULTS = frozenset(
    {
        *("text-broken", "text-lost", "not-a-date", "far-day", "value-unknown", "email-shape"),
        *("unzr-shape", "rnokpp-shape"),
    }
)
"""What the gate says of a text that can be kept as it was sent."""
Place = tuple[int | str, ...]


class AsSent(Form):
    """Of whom a portal told: what it `sent` in another form than is kept, and what of it is `faulty`, by place."""

    _sent: dict[str, str] = PrivateAttr(default_factory=dict)
    _faulty: dict[str, str] = PrivateAttr(default_factory=dict)
    _by_portal: bool = PrivateAttr(default=False)

    @property
    def by_portal(self) -> bool:
        """Whether a portal told of them."""
        return self._by_portal

    @property
    def sent(self) -> dict[str, str]:
        """The texts that are kept in another form, or not at all."""
        return self._sent

    @property
    def faulty(self) -> dict[str, str]:
        """The codes of those that are not."""
        return self._faulty


class FromPortal(Form):
    """A visit whose people are told of by a portal, if it came through one."""

    @model_validator(mode="wrap")
    @classmethod
    def _as_sent(cls, said: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not (isinstance(said, dict) and said.get("channel") in ELECTRONIC):
            return handler(said)
        faulty: dict[Place, str] = {}
        try:
            form = handler(said)
        except ValidationError as error:
            faulty = {one["loc"]: one["type"] for one in error.errors() if _is_of_people(one, said)}
            if not faulty:
                raise
            form = handler(_without(said, faulty))
        for place, person in _people(form):
            raw, person._by_portal = _at(said, place), True
            person._sent = {_named(one): text for one, text in _texts(raw) if _kept(person, one) != text}
            of_person = {at[len(place) :]: code for at, code in faulty.items() if at[: len(place)] == place}
            person._faulty = {_named(at): code for at, code in of_person.items()}
        return form


def _is_of_people(error: Mapping[str, Any], said: Any) -> bool:
    """Whether an error of a form is a fault of what was sent of people, and a text that can be written down."""
    place = error["loc"]
    visit = place[2:] if place[:1] == ("children",) else place
    of_people = visit[:2] == ("register", "persons") and any(visit[3 : 3 + len(one)] == one for one in OF_PEOPLE)
    if error["type"] not in FAULTS or not of_people:
        return False
    text = _at(said, place)
    return isinstance(text, str) and not any("\ud800" <= char <= "\udfff" for char in text)


def _without(said: Any, places: Mapping[Place, str]) -> Any:
    found = deepcopy(said)
    for place in places:
        del _at(found, place[:-1])[place[-1]]
    return found


def _people(form: Any) -> Iterator[tuple[Place, AsSent]]:
    """Everybody whom a visit tells of, by their place in what was sent."""
    parts: list[tuple[Place, Any]] = [((), form), *((("children", at), one) for at, one in enumerate(form.children))]
    for place, part in parts:
        for number, person in enumerate(part.to_record.persons if part.to_record else ()):
            yield (*place, "register", "persons", number), cast(AsSent, person)


def _texts(raw: Any) -> Iterator[tuple[Place, str]]:
    """Every text that was sent of somebody, by its place."""
    for place in OF_PEOPLE:
        yield from ((one, text) for one, text in _leaves(_at(raw, place), place) if text.strip())


def _leaves(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    match value:
        case str():
            yield place, value
        case dict():
            for name, part in value.items():
                yield from _leaves(part, (*place, name))
        case list():
            for number, part in enumerate(value):
                yield from _leaves(part, (*place, number))


def _at(value: Any, place: Place) -> Any:
    """What lies at a place of plain data; None where there is nothing."""
    for name in place:
        try:
            value = value[name]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _kept(form: Any, place: Place) -> Any:
    """What a form keeps at a place."""
    for name in place:
        form = form[name] if isinstance(name, int) else getattr(form, name, PydanticUndefined)
    return form


def _named(place: Place) -> str:
    return ".".join(map(str, place))
