"""The command that asks the access journal: who saw a person, what somebody looked at and did, whether it is whole."""

from typing import Annotated, Any
from uuid import UUID

import typer

from api.commands import tables
from api.commands.registers import As, acting, told, up_to_date, viewer_of
from api.commands.terminal import Json, Stop, err, named, out, plain, print_json
from api.shapes import looks as shapes
from registry import looks, occasion, questions, texts
from registry.app import Registry
from registry.settings import Settings
from registry.storage import access as journal
from registry.storage.access import LookEntry

OPTIONS, SAYS = texts.TEXTS["options"], texts.TEXTS["access_says"]
COLUMNS = ("look", "at", "by", "action_uk", "route_uk", "reason_uk", "shown")


def access(
    person: Annotated[str | None, typer.Option("--person", help=OPTIONS["access --person"])] = None,
    by: Annotated[str | None, typer.Option("--by", help=OPTIONS["access --by"])] = None,
    visit: Annotated[UUID | None, typer.Option("--visit", help=OPTIONS["access --visit"])] = None,
    verify: Annotated[bool, typer.Option("--verify", help=OPTIONS["access --verify"])] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help=OPTIONS["access --limit"])] = looks.PAGE,
    before: Annotated[int | None, typer.Option("--before", min=1, help=OPTIONS["access --before"])] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Who saw a person, newest first; or what one actor or one visit saw and did; or whether the journal is whole."""
    settings = Settings.read()
    if [person, by, visit, verify or None].count(None) != 3:
        raise Stop(2, SAYS["one_of_four"])
    with up_to_date(settings) as registry:
        who = acting(registry, settings, "access", as_)
        if verify:
            _verified(registry, as_json)
        occasion.asks("asked")
        size: dict[str, Any] = {"limit": limit + 1, "before": before}
        if person:
            seen_by = viewer_of(registry, who)
            id = questions.find_person(registry, named(person), registry.position(), seen_by=seen_by)
            occasion.shows(id)
            found = looks.of_person(registry, id, **size)
        elif by:
            found = journal.of_actor(registry.access, named(by), **size)
        else:
            found = journal.of_visit(registry.access, visit or UUID(int=0), **size)
        rows = [shapes.look(one, persons=not person) for one in found[:limit]]
        told(registry, None)
    _printed(rows, found, limit, as_json)


def _verified(registry: Registry, as_json: bool) -> None:
    """Ends the command: 1 if anything is wrong."""
    faults = looks.faults(registry)
    size, root = (None, None) if any("a hole" in one for one in faults) else journal.tree_head(registry.access)
    if as_json:
        print_json({"size": size, "root": root, "origin": journal.origin("hromada"), "faults": faults})
    else:
        for one in faults:
            err.print(one, soft_wrap=True, markup=False)
        if size is not None:
            plain(texts.say("access_says", "verified", size, root))
        plain(texts.say("access_says", "faults", len(faults)) if faults else SAYS["whole"])
    raise typer.Exit(1 if faults else 0)


def _printed(rows: list[dict[str, Any]], found: list[LookEntry], limit: int, as_json: bool) -> None:
    more = rows[-1]["position"] if len(found) > limit else None
    if as_json:
        print_json({"looks": rows, "next": more})
        return
    for line in tables.lines(COLUMNS, [_cells(row) for row in rows], out.width) if rows else ():
        plain(line)
    if not rows:
        plain(texts.say("terminal", "nothing_found"))
    if more:
        plain(texts.say("access_says", "further", more))


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    at = tables.clock(row["recorded_at"], seconds=True)
    return {**row, "look": row["position"], "at": at, "by": f"{row['by']['name']} ({row['by']['id']})"}
