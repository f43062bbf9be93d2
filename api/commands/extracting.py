"""The command that issues extracts."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from api.commands.asking import KnownAt, On, Position
from api.commands.registers import As, acting, clerk_of, up_to_date, viewer_of
from api.commands.terminal import Json, Stop, err, named, plain, typed, write_privately
from api.commands.trust import tell_exposed
from registry import gate, questions, texts
from registry.aggregates.case.events import Notice
from registry.aggregates.values import sure
from registry.app import Registry
from registry.cases import at_desk, extract_warnings
from registry.cases.at_desk import AtDesk
from registry.cases.cases import Cases
from registry.clock import utc_now
from registry.extracts import issuing
from registry.extracts.requesting import OWNERS_SIDE
from registry.roles import PROGRAM
from registry.settings import Settings

OPTIONS = texts.TEXTS["options"]

Requester = Annotated[
    str | None, typer.Option("--requester", help=OPTIONS["extract --requester"], callback=typed(gate.name))
]
Dated = Annotated[
    str | None, typer.Option("--dated", help=OPTIONS["extract --dated"], callback=typed(gate.whole_day, "not-a-day"))
]
Number = Annotated[str | None, typer.Option("--number", help=OPTIONS["extract --number"], callback=typed(gate.line))]


def extract(
    file: Annotated[Path, typer.Option("--out", help=OPTIONS["extract --out"])],
    person: Annotated[str | None, typer.Argument(help=OPTIONS["person"], show_default=False)] = None,
    dwelling: Annotated[str | None, typer.Option("--dwelling", help=OPTIONS["extract --dwelling"])] = None,
    again: Annotated[str | None, typer.Option("--again", help=OPTIONS["extract --again"])] = None,
    history: Annotated[bool, typer.Option("--history", help=OPTIONS["extract --history"])] = False,
    about: Annotated[str | None, typer.Option("--about", help=OPTIONS["extract --about"])] = None,
    basis: Annotated[str, typer.Option("--for", help=OPTIONS["extract --for"])] = "person",
    requester: Requester = None,
    shown: Annotated[list[str] | None, typer.Option("--document", help=OPTIONS["extract --document"])] = None,
    dated: Dated = None,
    number: Number = None,
    on: On = None,
    known_at: KnownAt = None,
    position: Position = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Issues an extract: number, document, fact. With --again: the same document once more, byte for byte."""
    settings, now = Settings.read(), utc_now()
    asked = questions.asked(on=on, known_at=known_at, position=position, now=now)
    _require_folder(file)
    because_of_home = person and dwelling and basis in OWNERS_SIDE
    if [person, dwelling, again].count(None) != (1 if because_of_home else 2):
        raise Stop(2, texts.say("commands_say", "one_of_three"))
    with up_to_date(settings) as registry:
        tell_exposed(settings)
        who = acting(registry, settings, "extract", as_)
        seen_by = viewer_of(registry, who)
        person, dwelling = (named(one) if one else None for one in (person, dwelling))
        issuing.void_unfinished(registry, by=PROGRAM, now=now)
        if again:
            issued = issuing.issued_before(registry, settings, again, by=who.actor, seen_by=seen_by)
        else:
            position, moment = _read_at(registry, asked, now)
            home = questions.find_dwelling(registry, dwelling, position) if dwelling else None
            wanted = AtDesk(
                person=questions.find_person(registry, person, position, seen_by=seen_by) if person else None,
                dwelling=None if person else home,
                home=home if person else None,
                documents=frozenset(shown) if shown else None,
                notice=Notice(sender=requester or "", dated=dated, number=number) if dated else None,
                history=history,
                asked_for=about,
                on=asked.on if on else None,
                known_at=moment,
                basis=basis,
                requester=requester,
            )
            cases = Cases(clerk_of(registry, who), settings)
            warned = extract_warnings.warnings(registry, wanted, registry.position())
            issued = at_desk.issue(cases, wanted, command=uuid4())
            for one in warned:
                err.print(texts.fault_text(one), markup=False)
    write_privately(file, issued.pdf)
    if as_json:
        print(issuing.as_json(issued))
    else:
        plain(texts.say("commands_say", "issued", issued.number, file))


def _read_at(registry: Registry, asked: questions.Asked, now: datetime) -> tuple[int, datetime | None]:
    """The last position that is read, and the moment that is asked about, if one is."""
    known = questions.settled(registry, asked, now)
    of_then = asked.known_at is not None or asked.position is not None
    return sure(known.position), known.known_at if of_then else None


def _require_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise Stop(2, texts.say("commands_say", "no_folder", file.parent))
