"""All that is printed on an extract but its number, code and moment of forming: a value, kept as JSON in the fact.

`read` is the one reader of what is kept. It knows every earlier schema: a content without a number is of schema 1, and
was written by releases that knew fewer fields. What was not stated then is neither compared nor printed.
"""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from datetime import date
from typing import Annotated, Any, NotRequired
from uuid import UUID

import msgspec
from typing_extensions import TypedDict

from registry import texts
from registry.aggregates.extract.events import ExtractContinued, ExtractRequested
from registry.aggregates.person.state import Person
from registry.seals import tells_of_all
from registry.storage import mapper
from registry.viewer import Hidden, Viewer

SCHEMA = 3
"""Raised with each field that is added: 2 is the first that says its number, 3 that it is a sample."""

ROWS = ("residences", "previous", "residents")
"""Its lists, which further facts of the act may continue."""
PART_BYTES = 48 * 1024
"""How many bytes of it one fact holds at most: with a comma for each row and the heads it is shorter than a line."""
Text = Annotated[str, msgspec.Meta(pattern=r"\A[^\0]*\Z")]
"""What the database can hold: a content of another register's journal may be anything that is JSON."""
Id = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")]


class Title(TypedDict):
    """How the document calls itself: «Витяг», «з реєстру територіальної громади»."""

    name: str
    of: str


class Unreadable(ValueError):
    """What is kept is not the content of an extract. The text says where, not what stands there; `missing` is the name
    of a field that every schema has and this one has not."""

    def __init__(self, why: str, missing: str | None = None):
        self.missing = missing
        super().__init__(why)


class PersonLine(TypedDict, total=False):
    """Who it is about: what was printed of them. Of a later release a line may say more, of an earlier one less."""

    surname: str | None
    given_names: str | None
    patronymic: str | None
    birth_date: str | None
    unzr: str | None
    rnokpp: str | None
    latin: str | None


class Note(TypedDict):
    """What stands under a row, in words and by its id."""

    note: NotRequired[str | None]
    note_id: NotRequired[str | None]


class StatedLine(Note):
    """What the rows of both tables say: `since` as far as it is known (`since_known`: day, month, year, none)."""

    kind: str
    kind_id: NotRequired[str | None]
    since: str | None
    since_known: NotRequired[str]
    kept: NotRequired[bool]


class ResidenceLine(StatedLine):
    """A residence of the person. `address_now`: how the address is called today, if otherwise."""

    residence_id: NotRequired[str]
    address: str | None
    address_now: NotRequired[str | None]
    until: str | None
    until_known: NotRequired[str]


class ResidentLine(StatedLine):
    """Somebody who is registered in the dwelling."""

    person_id: NotRequired[Id]
    surname: str | None
    given_names: str | None
    patronymic: str | None
    latin: NotRequired[str | None]


class DwellingLine(TypedDict):
    """The dwelling that it is about."""

    address: str | None
    address_now: NotRequired[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an extract states. `person`, `died`, `residences`, `previous` (None where history was not asked for) and
    `no_data` are about a person; `dwelling` and `residents` about a dwelling, and then `person` is None.

    Moments are UTC, `…Z`; `on` a day, `YYYY-MM-DD`. `past`: of an earlier day, or as the register stood. `within`: how
    the codes of this community begin. `sealed`: whose seal the document bears. `sample`: of an invented community.
    """

    schema: int = 1
    title: Title | None = None
    kind: str
    register: str
    community: str
    within: str = ""
    office: Text
    basis: str
    requester: str
    clerk: str
    requested_at: str
    known_at: str
    check_host: str = ""
    past: bool
    sealed: str | None = None
    on: str
    person: PersonLine | None
    died: str | None
    residences: list[ResidenceLine]
    previous: list[ResidenceLine] | None
    no_data: bool
    dwelling: DwellingLine | None = None
    residents: list[ResidentLine] | None = None
    sample: bool = False

    @property
    def day(self) -> date:
        """The day that it states."""
        return date.fromisoformat(self.on)

    @property
    def stored(self) -> dict[str, Any]:
        """As the fact keeps it."""
        return asdict(self)

    @property
    def printed(self) -> dict[str, Any]:
        """As it is printed: every name of the newest schema, so that no printing asks for what was not stated."""
        return {
            **asdict(self),
            "title": self.title or titled("extract"),
            "person": _PERSON | self.person if self.person is not None else None,
            "residences": [_LINE | _RESIDENCE | row for row in self.residences],
            "previous": None if self.previous is None else [_LINE | _RESIDENCE | row for row in self.previous],
            "dwelling": {"address_now": None} | self.dwelling if self.dwelling is not None else None,
            "residents": None if self.residents is None else [_LINE | _RESIDENT | row for row in self.residents],
        }


_PERSON: dict[str, Any] = dict.fromkeys(PersonLine.__annotations__)
_LINE: dict[str, Any] = {
    **{"kind_id": None, "address_now": None, "since_known": "day", "note": None, "note_id": None, "kept": False}
}
_RESIDENCE: dict[str, Any] = {"residence_id": None, "until_known": "day"}
_RESIDENT: dict[str, Any] = {"person_id": None, "latin": None}
_KINDS = {words: kind for kind, words in texts.TEXTS["kinds"].items()}
_NOTES = {texts.label("states", "annulled"): "annulled", texts.label("marks", "carried"): "carried"}


def titled(document: str) -> Title:
    """How a document calls itself, by its id in `texts.toml`."""
    name, of = texts.TEXTS["extract_titles"][document].split("|")
    return {"name": name, "of": of}


def latin(person: Person) -> str | None:
    """The name in Latin letters as the first document that has one says it."""
    return next((one.latin for one in person.documents if one.latin), None)


def read(kept: Mapping[str, Any]) -> Content:
    """The content that a fact keeps, of whatever schema. Raises `Unreadable`."""
    if missing := [one.name for one in fields(Content) if one.default is MISSING and one.name not in kept]:
        raise Unreadable(f"no {missing[0]}", missing[0])
    try:
        content = msgspec.convert(kept, Content)
        content = replace(content, on=content.day.isoformat())
    except msgspec.ValidationError as wrong:
        raise Unreadable(str(wrong)) from None
    except ValueError:
        raise Unreadable("not a day at `$.on`") from None
    for row in (*content.residences, *(content.previous or ()), *(content.residents or ())):
        _name(row)
    return content


def _name(row: StatedLine) -> None:
    """Gives a row of the days before ids the ids of its kind and note, by their words; no id where a release has put
    the words otherwise since."""
    if "kind_id" not in row and row["kind"] in _KINDS:
        row["kind_id"] = _KINDS[row["kind"]]
    note = row.get("note")
    if "note_id" not in row and (note is None or note in _NOTES):
        row["note_id"] = _NOTES[note] if note is not None else None


def of(asked: ExtractRequested) -> Content | None:
    """What an extract states; None of one that cannot be read, or is not about what it says: a journal of others may
    hold such, and nothing is claimed of it."""
    try:
        content = read(asked.content)
    except Unreadable:
        return None
    of_dwelling = content.dwelling is not None and content.residents is not None
    about = of_dwelling if asked.dwelling else asked.person is not None and content.person is not None
    return content if about and content.on == asked.on else None


def parted(asked: ExtractRequested) -> list[ExtractRequested | ExtractContinued]:
    """The facts that ask for an extract: one, or with more rows than a line of the journal holds as many as it takes,
    in one act (semantics 7)."""
    if len(mapper.encode_body(asked)) <= PART_BYTES:
        return [asked]
    kept = {name: asked.content[name] for name in ROWS if isinstance(asked.content.get(name), list)}
    facts: list[ExtractRequested | ExtractContinued] = [
        replace(asked, content={**asked.content, **{name: [] for name in kept}})
    ]
    rows: dict[str, list[Any]] = {}
    room = PART_BYTES
    for name, row in ((name, row) for name, listed in kept.items() for row in listed):
        size = len(msgspec.json.encode(row))
        if rows and size > room:
            facts.append(ExtractContinued(person=asked.person, rows=rows))
            rows, room = {}, PART_BYTES
        rows.setdefault(name, []).append(row)
        room -= size
    return [*facts, ExtractContinued(person=asked.person, rows=rows)]


def shown_people(asked: ExtractRequested) -> tuple[UUID, ...]:
    """Whom the content of an extract shows: its person, or the residents of its dwelling, as far as it names them."""
    if asked.person:
        return (asked.person,)
    told = of(asked)
    return tuple(UUID(one["person_id"]) for one in (told and told.residents) or () if "person_id" in one)


def is_seen(asked: ExtractRequested, seen_by: Viewer) -> bool:
    """Whether a viewer sees everybody whom an extract shows; if it does not name them all by id, whoever sees
    everything."""
    told = None if asked.person else of(asked)
    names_all = asked.person or (told and all("person_id" in one for one in told.residents or ()))
    return all(map(seen_by.sees, shown_people(asked))) if names_all else tells_of_all(seen_by)


def insist_on_shown(asked: ExtractRequested, seen_by: Viewer) -> None:
    """Raises `Hidden` if an extract shows somebody who is hidden."""
    if not is_seen(asked, seen_by):
        raise Hidden(texts.say("viewer", "person"))
