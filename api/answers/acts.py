"""What an act answers: what was recorded and where, or that it waits for another person."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from api.answers.plain import Day, FellAway, FormedExtract, FormedLetter, Id, Instant, Minute, Named, StandsStill


class Act(TypedDict):
    command: Id
    position: int
    recorded_at: Instant


class Recorded(Act):
    version: int
    facts: list[int]
    extracts: NotRequired[list[FormedExtract]]
    letters: NotRequired[list[FormedLetter]]


class RecordedOfPerson(Recorded):
    person: Id
    residence: NotRequired[Id]


class FactToBe(TypedDict):
    """A fact that would be recorded, by its name and in words."""

    name: str
    label_uk: str


class ActTried(TypedDict):
    """What an act would record, by stream, and whether it would wait for another person; nothing is stored."""

    dry_run: Literal[True]
    would_record: dict[str, list[FactToBe]]
    waits: bool


class RecordedOfDwelling(Recorded):
    dwelling: Id


class RecordedOfApplication(Recorded):
    application: Id


class Judged(Recorded):
    """A change that was approved or rejected: of whom, or of what, and where it was asked for."""

    application: NotRequired[Id]
    person: NotRequired[Id]
    dwelling: NotRequired[Id]
    residence: NotRequired[Id]
    community: NotRequired[Id]
    territory: NotRequired[Id]


class WentOn(RecordedOfApplication):
    """An act on an application that is not decided, and how it stands then."""

    status: str
    status_uk: str
    code: str
    received: Minute
    due_by: Day
    without_movement: StandsStill | None
    withdrawn: list[int]
    fell_away: NotRequired[list[FellAway]]
    paid: NotRequired[int | None]
    paid_uk: NotRequired[str]


class RecordedOfOutgoing(Recorded):
    outgoing: Id
    state: Literal["waiting", "failed", "sent", "done"]


class OutgoingMoved(TypedDict):
    outgoing: Id
    version: int
    state: Literal["waiting", "failed", "sent", "done"]


class RecordedTogether(Act):
    items: list[OutgoingMoved]


class AskedChange(TypedDict):
    """Which change waits: whose fact it is about, whom it changes; of a decision also its day and why it waits."""

    asked_for: str
    person: Id | None
    persons: list[Id]
    acted_on: NotRequired[Day | None]
    outcomes: NotRequired[list[str]]
    waits_for: NotRequired[list[Named]]
    recorded_later: NotRequired[str | None]


class Waiting(Act, AskedChange):
    """Nothing is recorded yet: another person has yet to approve."""

    application: Id
    version: int
    status: Literal["awaiting-approval"]
