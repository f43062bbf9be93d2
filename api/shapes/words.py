"""What pages say: dates, instants, rows and facts in words."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.templating import Jinja2Templates
from markupsafe import Markup

from api import cookies
from api.desk import desk_of
from registry import papers, texts, ukrainian
from registry.aggregates.dwelling.events import Address, EncumbranceRecorded, Owner
from registry.aggregates.papers import Paper
from registry.aggregates.person.absence_events import AbsenceVersion
from registry.aggregates.person.events import (
    Change,
    Document,
    FamilyLinkCorrected,
    FamilyLinkVersion,
    Particulars,
    ResidenceVersion,
)
from registry.storage.mapper import KYIV


def _here(request: Request) -> dict[str, Any]:
    """Who we are today, for every page, and whether there are none but public ones. One that refuses asks no database,
    which may be silent: as was last read."""
    here = desk_of(request).here(again=not getattr(request.state, "refused", False))
    return {"here": here, "public": request.app.state.public}


def _who(request: Request) -> dict[str, Any]:
    """Who looks at the page, and the token that its forms carry."""
    return {"who": desk_of(request).who, "csrf": getattr(request.state, "csrf", "")}


templates = Jinja2Templates(Path(__file__).parents[1] / "templates", context_processors=[_here, _who])

DATES = {"since", "until", "registered_on", "birth_date", "list_since", "list_until", "revived_until", "on"}
DATES |= {"issued_on", "valid_until", "terminated_on"}
NAMES = {"kind": "kinds", "sex": "sex", "citizenship": "citizenship", "basis": "bases", "ground": "grounds"}
NAMES |= {"role": "family_roles"}
PEOPLE = ("relative", "survivor", "distinct_from", "lessee")
HIDDEN = {
    "takes_back",
    "link",
    "application",
    "row",
    "content",
    "read_at",
    "code",
    "renderer",
    "succession",
    "year",
    "territory",
    "mark",
    "residences",
    "links",
    "marks",
    "relinked",
    "of_residence",
}

Pair = tuple[str, str]


class NamesOf(Protocol):
    """What whatever a fact names by its id is called."""

    def dwelling(self, id: UUID) -> str:
        """Its address."""

    def residence(self, id: UUID) -> str:
        """The address of its dwelling."""

    def person(self, id: UUID) -> str:
        """The name of somebody, if whoever looks may know it."""


def marks(request: Request) -> list[dict[str, str]]:
    """What is marked about the register as a whole, with its meaning."""
    found = desk_of(request).registry.marks()
    return [{"mark": row["mark"], "text": texts.label("marks", row["mark"])} for row in found]


def instant(at: datetime) -> str:
    """An instant by the clock of Kyiv, to the second."""
    return at.astimezone(KYIV).strftime("%d.%m.%Y %H:%M:%S")


def minute(at: datetime) -> str:
    """The same to the minute, as extracts print it."""
    return at.astimezone(KYIV).strftime("%d.%m.%Y %H:%M")


def grouped(number: int) -> str:
    """A count with its thousands apart: `1 148`."""
    return f"{number:,}".replace(",", "\u00a0")


def clock(at: datetime) -> str:
    """The hour and the minute of an instant by the clock of Kyiv."""
    return at.astimezone(KYIV).strftime("%H:%M")


def since_text(row: dict[str, Any]) -> str:
    """The start of a row of an answer, no more exactly than it is known."""
    return texts.since_day(_date(row["since"]), row["since_known"])


def until_text(row: dict[str, Any]) -> str:
    """The end of a row of an answer, likewise; «по цей час» if it has none."""
    return texts.until_day(_date(row["until"]), row["until_known"])


def unbroken(address: str) -> str:
    """An address in which no number is left alone on a line."""
    return ukrainian.SHOWN_LABEL.sub("\\1\u00a0", address)


def full_name(row: Any) -> str:
    """Surname, given names and patronymic of a row, those that there are."""
    return texts.joined_name(row["surname"], row["given_names"], row["patronymic"]) or texts.say("pages", "no_name")


def rich(group: str, code: str, *filled: Any, **named: Any) -> Markup:
    """A sentence of `texts.toml` that has marks of its own in it, `<b>`; whatever is filled in is escaped."""
    return Markup(texts.say(group, code)).format(*filled, **named)


def said_by(fact: Any, called: NamesOf) -> list[Pair]:
    """What a fact says, as labelled text; ids of dwellings and residences become addresses, those of people names."""
    return list(_pairs(fact, called))


def _pairs(value: Any, called: NamesOf) -> Iterator[Pair]:
    # The dwelling that a fact names is where the residence is: said once.
    twice = "residence" if getattr(value, "dwelling", None) else None
    for field in fields(value):
        said = getattr(value, field.name)
        if said in (None, (), "") or field.name in (*HIDDEN, twice):
            continue
        match said:
            case Particulars():
                yield from _pairs(said, called)
            case Address():
                yield field_label("address"), texts.address_label(said)
            case ResidenceVersion() | AbsenceVersion():
                if field.name == "now":
                    yield from _corrected(value, called)
            case FamilyLinkVersion():
                if field.name == "now":
                    yield from _corrected_link(value)
            case Paper():
                yield field_label("paper"), papers.said(said)
            case tuple() | list():
                yield from (_item(field.name, one, called) for one in said)
            case UUID():
                yield field_label(field.name), _place(field.name, said, called)
            case _:
                yield field_label(field.name), field_text(value, field.name, said)


def _corrected(fact: Any, called: NamesOf) -> Iterator[Pair]:
    for name in (one.name for one in fields(fact.now)):
        was, now = getattr(fact.was, name), getattr(fact.now, name)
        if was != now:
            said = (_one(fact, name, part, called) for part in (was, now))
            yield field_label(name), " → ".join(said)


def _corrected_link(fact: FamilyLinkCorrected) -> Iterator[Pair]:
    for one in fields(FamilyLinkVersion):
        was, now = getattr(fact.was, one.name), getattr(fact.now, one.name)
        if was != now:
            said = ("—" if part is None else field_text(fact, one.name, part) for part in (was, now))
            yield field_label(one.name), " → ".join(said)


def _one(fact: Any, name: str, said: Any, called: NamesOf) -> str:
    if said is None:
        return "—"
    return called.dwelling(said) if isinstance(said, UUID) else field_text(fact, name, said)


def _item(name: str, one: Any, called: NamesOf) -> Pair:
    match one:
        case Change():
            was, now = (
                field_text(one, one.field, value) if value else texts.say("pages", "none")
                for value in (one.was, one.now)
            )
            return field_label(one.field), f"{was} → {now}"
        case Document():
            return field_label("document"), ", ".join(text for _, text in _pairs(one, called))
        case Owner():
            return field_label("owner"), ", ".join(part for part in (one.name, one.share) if part)
        case UUID():
            return field_label(name), _place(name, one, called)
    return field_label(name), texts.label("confirmed_values", str(one))


def _place(name: str, id: UUID, called: NamesOf) -> str:
    if name in PEOPLE:
        return called.person(id)
    if name in ("residence", "from_residence", "revived", "supersedes"):
        return called.residence(id)
    return called.dwelling(id) if name in ("dwelling", "successor") else str(id)


def field_text(whole: Any, name: str, said: Any) -> str:
    """What a field of a fact, or of a part of one, says: a code of a closed list or a date in words."""
    if isinstance(said, bool):
        return texts.say("terminal", "yes" if said else "no")
    if name in DATES and isinstance(said, str):
        return texts.day(said)
    if name == "kind":
        of_others = {Document: "document_kinds", EncumbranceRecorded: "encumbrance_kinds"}
        group = of_others.get(type(whole), "dwelling_kinds")
        return texts.TEXTS["kinds"].get(said) or texts.label(group, str(said))
    if name == "rnokpp":
        return texts.rnokpp(str(said)) or ""
    if name == "ground" and said in texts.TEXTS["absence_grounds"]:
        return texts.label("absence_grounds", said)
    if name in NAMES and not is_dataclass(said):
        return texts.label(NAMES[name], str(said))
    return str(said)


def key(code: str) -> Markup:
    """The letter of a key, by its code, as it stands on a button; a reader of screens hears the button alone."""
    return Markup('<kbd aria-hidden="true">{}</kbd>').format(texts.label("key_letters", code))


def field_label(name: str) -> str:
    """What a field is called."""
    return texts.TEXTS["fact_fields"].get(name) or texts.label("fields", name)


def _date(iso: str | date | None) -> date | None:
    return date.fromisoformat(iso) if isinstance(iso, str) else iso


templates.env.filters |= {
    "day": texts.day,
    "instant": instant,
    "minute": minute,
    "clock": clock,
    "since": since_text,
    "until": until_text,
    "full_name": full_name,
    "unbroken": unbroken,
    "done": lambda kind: texts.label("done", kind),
    "label": lambda code, group: texts.label(group, code),
    "plural": lambda number, noun: ukrainian.plural(number, *texts.say("plurals", noun).split("|")),
    "grouped": grouped,
}
templates.env.globals |= {"say": texts.say, "rich": rich, "PAGES": texts.TEXTS, "key": key}
templates.env.globals |= {"has_letters": cookies.has_letters, "fresh_id": uuid4}
templates.env.trim_blocks = templates.env.lstrip_blocks = True
# The templates of a running program stay as they are: none is looked for anew at each page.
templates.env.auto_reload = False
