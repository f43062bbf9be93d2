"""Questions to the register: on a day of the law, as known at a moment."""

from typing import Annotated, Any

import typer

from api.commands.helping import Commands
from api.commands.registers import As, acting, migrated, told, up_to_date, viewer_of
from api.commands.terminal import Json, Stop, answer_lines, bar, named
from registry import community, occasion, questions, texts
from registry.aggregates.values import sure
from registry.clock import utc_now
from registry.extracts import superseding
from registry.questions import BEHIND_ALL
from registry.settings import Settings
from replay.register import on_day

COMMANDS, OPTIONS = texts.TEXTS["commands"], texts.TEXTS["options"]

ask = Commands(help=COMMANDS["ask"])

On = Annotated[str | None, typer.Option("--on", help=OPTIONS["on"])]
From = Annotated[str | None, typer.Option("--from", help=OPTIONS["from"])]
Until = Annotated[str | None, typer.Option("--until", help=OPTIONS["until"])]
KnownAt = Annotated[str | None, typer.Option("--known-at", help=OPTIONS["known-at"])]
Position = Annotated[int | None, typer.Option("--position", min=1, max=BEHIND_ALL - 1, help=OPTIONS["position"])]


@ask.command("residence", help=COMMANDS["ask residence"])
def residence(
    person: Annotated[str, typer.Argument(help=OPTIONS["person"])],
    on: On = None,
    start: From = None,
    until: Until = None,
    known_at: KnownAt = None,
    position: Position = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Where a person lived: on a day or over a period, newest first."""
    now = utc_now()
    question = questions.asked(on=on, start=start, end=until, known_at=known_at, position=position, now=now)
    settings = Settings.read()
    with up_to_date(settings) as registry:
        seen_by = viewer_of(registry, acting(registry, settings, "ask residence", as_))
        answer = told(registry, questions.residence(registry, named(person), question, now, seen_by=seen_by))
    answer_lines(answer, as_json, ("kind", "address", "since", "until", "certain", "facts"))


@ask.command("occupancy", help=COMMANDS["ask occupancy"])
def occupancy(
    dwelling: Annotated[str, typer.Argument(help=OPTIONS["dwelling"])],
    on: On = None,
    start: From = None,
    until: Until = None,
    known_at: KnownAt = None,
    position: Position = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Who lived in a dwelling: on a day or, over a period, one stretch for each set of residents."""
    now = utc_now()
    question = questions.asked(on=on, start=start, end=until, known_at=known_at, position=position, now=now)
    settings = Settings.read()
    with up_to_date(settings) as registry:
        seen_by = viewer_of(registry, acting(registry, settings, "ask occupancy", as_))
        answer = told(registry, questions.occupancy(registry, named(dwelling), question, now, seen_by=seen_by))
    columns: tuple[str, ...] = ("person_ref", "name", "kind", "since", "until", "kept", "certain", "facts")
    if question.period:
        columns = ("from", "until", "persons", "certain", "facts")
        answer = answer if as_json else _with_names(answer)
    answer_lines(answer, as_json, columns)


@ask.command("moved", help=COMMANDS["ask moved"])
def moved(
    least: Annotated[int, typer.Option(min=1, help=OPTIONS["ask moved LEAST"])],
    first: Annotated[int, typer.Option(min=1, help=OPTIONS["ask moved FIRST"])],
    on: On = None,
    known_at: KnownAt = None,
    position: Position = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """The living from 14 years on who have at least so many residences in this community."""
    settings, now = Settings.read(), utc_now()
    question = questions.asked(on=on, known_at=known_at, position=position, now=now)
    with up_to_date(settings) as registry:
        seen_by = viewer_of(registry, acting(registry, settings, "ask moved", as_))
        question = questions.settled(registry, question, now)
        answer = questions.moved(
            registry,
            question,
            now,
            least=least,
            first=first,
            community=community.here(registry, settings, question.day, question.position).within,
            seen_by=seen_by,
        )
        told(registry, answer)
    answer_lines(answer, as_json, ("person_ref", "name", "residences"))


@ask.command("superseded", help=COMMANDS["ask superseded"])
def superseded(
    since: Annotated[str, typer.Option("--since", help=OPTIONS["ask superseded --since"])],
    as_: As = None,
    as_json: Json = False,
) -> None:
    """The issued extracts that a correction or an annulment concerns: which, and to whom they were given."""
    now = utc_now()
    begin = questions.beginning(since, now)
    settings = Settings.read()
    with up_to_date(settings) as registry:
        seen_by = viewer_of(registry, acting(registry, settings, "ask superseded", as_))
        answer = told(registry, superseding.listed(registry, begin, seen_by=seen_by))
    columns = ("number", "requester", "superseded_on", "because")
    answer_lines(answer, as_json, columns, nothing=texts.say("commands_say", "none_superseded"))


def replay(
    on: On = None,
    known_at: KnownAt = None,
    position: Position = None,
    person: Annotated[str | None, typer.Option(help=OPTIONS["replay --person"])] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Makes the register again from the log of facts alone, without the projections."""
    now = utc_now()
    question = questions.asked(on=on, known_at=known_at, position=position, now=now)
    settings = Settings.read()
    with migrated(settings) as registry:
        seen_by = viewer_of(registry, acting(registry, settings, "replay", as_))
        person, question = named(person) if person else None, questions.settled(registry, question, now)
        position = sure(question.position)
        with bar(texts.say("commands_say", "replaying"), position) as advance:
            rows = on_day(registry, question.day, position, person, advance, seen_by=seen_by) if position else []
        if not person:
            moment = sure(question.known_at)
            occasion.asks_again({"name": "living"}, on=question.day, position=position, known_at=moment)
        occasion.asks("asked")
        told(registry, rows)
    if rows is None:
        raise Stop(2, texts.say("extract_faults", "person-unknown"))
    found = rows[0]["residences"] if person and position else rows
    said: Any = found if position else texts.TEXTS["answers"]["not-yet"]
    answer = {**question.head, "position": position, "answer": said}
    answer_lines(answer, as_json, ("kind", "address", "since", "until") if person else ("person_ref", "residences"))


def _with_names(answer: dict[str, Any]) -> dict[str, Any]:
    """Who lived there over a period, each mark with its name; of whom nothing may be seen, neither."""
    if isinstance(answer["answer"], str):
        return answer
    rows = [{**row, "persons": list(map(_person, row["persons"], row["names"]))} for row in answer["answer"]]
    return {**answer, "answer": rows}


def _person(mark: str, name: str) -> str:
    return mark if mark == name else f"{mark} {name}".strip()
