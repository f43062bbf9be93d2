"""Commands that ask the law and the hours: what a service costs, whether an office is open."""

from datetime import date, datetime
from typing import Annotated

import typer

from api.commands.registers import migrated
from api.commands.terminal import Json, Stop, say, through_gate
from registry import community, gate, texts
from registry.aggregates.case.case import office_faults
from registry.aggregates.values import refuse
from registry.services import fees
from registry.services.headers import SERVICES, UnknownService
from registry.services.offices import local
from registry.settings import Settings


def fee(
    service: Annotated[str, typer.Argument(help=texts.TEXTS["options"]["fee SERVICE"])],
    on: Annotated[str, typer.Option("--on", help=texts.TEXTS["options"]["fee --on"])],
    late: Annotated[bool, typer.Option("--late", help=texts.TEXTS["options"]["fee --late"])] = False,
    as_json: Json = False,
) -> None:
    """The fee of a service on the day of the application, with its reference."""
    said = texts.TEXTS["law"]
    day = date.fromisoformat(through_gate(gate.whole_day, on, "not-a-day"))
    try:
        due = fees.amount(service, day, late=late)
    except UnknownService:
        raise Stop(2, said["unknown-service"].format(", ".join(sorted(SERVICES)))) from None
    except fees.NoPublishedAmount as missing:
        raise Stop(2, said["no-published-amount"].format(missing.year)) from None
    answer = {"kopiykas": due.kopiykas, "rule": due.rule, "reference": due.reference}
    say(answer, as_json, f"{said['fee'].format(due.kopiykas // 100, due.kopiykas % 100)}\n{due.rule}\n{due.reference}")


def office(
    id: Annotated[str, typer.Argument(help=texts.TEXTS["options"]["office ID"])],
    at: Annotated[str, typer.Option("--at", help=texts.TEXTS["options"]["office --at"])],
    as_json: Json = False,
) -> None:
    """Whether an office is open at a moment by the clock of Kyiv; the last minute counts no more."""
    said = texts.TEXTS["law"]
    moment = local(datetime.fromisoformat(through_gate(gate.local_moment, at, "not-a-moment")))
    settings = Settings.read()
    with migrated(settings) as registry:
        timetable = community.here(registry, settings, moment.date()).timetable
    refuse(office_faults(id, timetable))
    found, opened = timetable.office(id), timetable.is_open(id, moment)
    hours = [f"{start:%H:%M}-{end:%H:%M}" for start, end in timetable.hours_on(id, moment.date())]
    answer = {"open": opened, "office": id, "name": found.name, "hours": hours}
    text = said["open" if opened else "closed"].format(found.name, ", ".join(hours) or said["day-off"])
    say(answer, as_json, text)
