"""The command that proves what one fact says: its line opened, some members shown, the rest as commitments."""

import json
import re
from typing import Annotated
from uuid import UUID

import typer

from api.commands.registers import As, acting, migrated, told, viewer_of
from api.commands.terminal import Json, Stop, print_json
from registry import occasion, opened, texts
from registry.aggregates.case.events import ApplicationReceived
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.letter.events import LetterFormed
from registry.app import Registry
from registry.settings import Settings
from registry.storage import mapper
from registry.storage.recorder import SQL as LOG
from registry.viewer import insist

OPTIONS = texts.TEXTS["options"]
_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def proof(
    fact: Annotated[int, typer.Argument(min=1, help=OPTIONS["proof FACT"])],
    show: Annotated[list[str] | None, typer.Option("--show", help=OPTIONS["proof --show"])] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Prints the opened line of a fact, which `hromada check` recomputes the leaf of."""
    settings = Settings.read()
    with migrated(settings) as registry:
        seen_by = viewer_of(registry, acting(registry, settings, "proof", as_))
        state = _state(registry, fact)
        people = _people(registry, state)
        insist(seen_by, *people)
        try:
            said = opened.opened_line(state, show or ())
        except opened.CannotOpen as error:
            raise Stop(2, texts.say("opened_line", error.why, error.path)) from None
        occasion.shows(*people)
        told(registry, said)
    print_json(said) if as_json else print(json.dumps(said, ensure_ascii=False, indent=1))


def _state(registry: Registry, position: int) -> bytes:
    with registry.datastore.get_connection() as connection:
        row = connection.execute(LOG["at_position"], {"position": position}).fetchone()
    if row is None:
        raise Stop(2, texts.say("opened_line", "no-fact", position))
    return bytes(row["state"])


def _people(registry: Registry, state: bytes) -> list[UUID]:
    """Everybody whom a line may tell of: whom it names by id, and where it tells of a case all whom that concerns."""
    fact = mapper.read_entry(state).fact
    ids = set(_ID.findall(state))
    if isinstance(fact, LetterFormed):
        facts = [one.fact for one in registry.entries(fact.application)]
        received = (one for one in facts if isinstance(one, ApplicationReceived))
        ids |= {found for one in received for found in _ID.findall(mapper.encode_body(one))}
    named = registry.of_streams([UUID(one.decode()) for one in ids])
    return [stream for stream, entries in named.items() if AGGREGATE_OF[entries[0].fact.NAME] == "person"]
