"""The heads of the cards: which services there are, what each of them does, and for which days a card holds.

Read from `cards/*.toml` before any condition is: the facts of an application ask here what its service is. A card says
of each of its services one of `settles` (the kind of residence that it begins), `removes` (a residence), `corrects`
(the record) and `informs` (of it), whether it is `of_children`, and its `channels`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

CARDS_FOLDER = Path(__file__).parent / "cards"
KINDS = ("registered", "declared", "stay")
"""The kinds of residence that a service can begin."""

_AS_SAID = ("id", "number", "title", "reference", "until", "priced_as", "priced_from")

Said = Mapping[str, Any]
"""What a card says, as its TOML does."""


class UnknownService(LookupError):
    """No service has this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a service does, by today's id, on every day alike; only its channels are of a card's days.

    Of children are those where the document and the citizenship that count are the parent's who files (cards 3, 4, 9).
    """

    id: str
    settles: str | None = None
    removes: bool = False
    corrects: bool = False
    informs: bool = False
    of_children: bool = False
    channels: frozenset[str] = field(default=frozenset(), compare=False)
    """Rows 9, 10 and 16: those by which the card admits an application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A card without its rules. `since` is included, `until` is not.

    `priced_as` names services that have no card on these days, and the one whose fee and terms are theirs; before
    `priced_from` no amount is published. `sha256` is that of the file, in lower-case hex: which text it was.
    """

    id: str
    number: str
    title: str
    reference: str
    services: Mapping[str, Service]
    since: date
    until: date = date.max
    when: tuple[str, ...] = ()
    priced_as: Mapping[str, str] = field(default_factory=dict)
    priced_from: date = date.min
    sha256: str


def read_heads(folder: Path) -> tuple[tuple[Header, Said], ...]:
    """The head of each card of a folder and what else it says, by the number of the card.

    Raises `LookupError` for a service that does not do exactly one thing, or that two cards describe differently.
    """
    heads = tuple(sorted((_head(path) for path in sorted(folder.glob("*.toml"))), key=lambda one: _in_order(one[0])))
    known_services(head for head, _ in heads)
    return heads


def known_services(heads: Iterable[Header]) -> dict[str, Service]:
    """Every service of the cards, in the order of their numbers. Raises as `read_heads` does."""
    found: dict[str, Service] = {}
    for head in heads:
        for id, service in head.services.items():
            if found.setdefault(id, service) != service:
                raise LookupError(f"{head.id} says of {id} what another card does not")
    return found


def _in_order(head: Header) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", head.number))


def _head(path: Path) -> tuple[Header, Said]:
    text = path.read_bytes()
    said = tomllib.loads(text.decode())
    services = {id: _service(id, one) for id, one in said.pop("services").items()}
    since, when = said.pop("from"), tuple(said.pop("when", ()))
    named = {name: said.pop(name) for name in _AS_SAID if name in said}
    return Header(services=services, since=since, when=when, sha256=sha256(text).hexdigest(), **named), said


def _service(id: str, said: Said) -> Service:
    service = Service(id=id, **{**said, "channels": frozenset(said["channels"])})
    does = (service.settles, service.removes, service.corrects, service.informs)
    if sum(map(bool, does)) != 1 or service.settles not in (None, *KINDS):
        raise LookupError(f"{id} has to settle ({', '.join(KINDS)}), remove, correct or inform")
    return service


HEADS = read_heads(CARDS_FOLDER)
SERVICES: Mapping[str, Service] = known_services(head for head, _ in HEADS)
"""The services that a card of any day offers."""
