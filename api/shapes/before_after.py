"""What the register says of a person, a dwelling or an entry of a list, statement by statement, and how two states
differ: what was, and what will be once a change is approved.

A statement has a key that it keeps through corrections (a residence its id, a mark its own), so that the same one is
found in both states; what an aggregate says is told here once, whatever act changes it.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from api.shapes.words import NamesOf, field_label, field_text
from registry import texts
from registry.aggregates.dwelling.state import Dwelling, dated_names
from registry.aggregates.person.absence_events import AbsenceVersion
from registry.aggregates.person.events import Document, FamilyLinkVersion, Particulars
from registry.aggregates.person.state import Person
from registry.aggregates.person.timeline import timeline
from registry.aggregates.street.state import Street
from registry.aggregates.territory.state import Territory
from registry.aggregates.values import DateText, sure

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: `of` is what it belongs to (a residence by its address), `group` tells which; `label` and `text`
    are what is read."""

    group: Key
    of: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """The statements that differ, in order: what each is, `was`, `now` and a code of [approval_differs]; those of the
    same groups that do not, in words; and of how many others nothing changes."""

    rows: list[dict[str, str]]
    same: list[str]
    others: int


Statements = Iterator[tuple[Key, Said]]


def difference(aggregate: str, before: Any, after: Any, called: NamesOf) -> Difference:
    """How two states of a stream differ."""
    told: Callable[[Any, NamesOf], Statements] = TOLD[aggregate]
    was, now = dict(told(before, called)), dict(told(after, called))
    keys = list(dict.fromkeys([*was, *now]))
    differ = [key for key in keys if _text(was, key) != _text(now, key)]
    touched = {(was.get(key) or now[key]).group for key in differ}
    alike = [was[key] for key in keys if key in was and key not in differ]
    near = [one for one in alike if one.group in touched]
    rows: list[dict[str, str]] = []
    for group, of_group in groupby(differ, key=lambda key: (was.get(key) or now[key]).group):
        found, all_of = list(of_group), [key for key in keys if (was.get(key) or now[key]).group == group]
        new = all(key not in was for key in all_of)
        if len(all_of) > 1 and (new or all(key not in now for key in all_of)):
            rows.append(_whole([(now if new else was)[key] for key in all_of], new=new))
        else:
            rows += [_row(was.get(key), now.get(key)) for key in found]
    return Difference(rows, [_line(one) for one in near], len(alike) - len(near))


def _text(told: Mapping[Key, Said], key: Key) -> str | None:
    return told[key].text if key in told else None


def _row(was: Said | None, now: Said | None) -> dict[str, str]:
    one = sure(was or now)
    how = "added" if was is None else "gone" if now is None else "changed"
    return {
        "of": one.of,
        "label": one.label,
        "was": was.text if was else "—",
        "now": now.text if now else "—",
        "how": how,
    }


def _whole(said: list[Said], *, new: bool) -> dict[str, str]:
    """What is all new, or all gone, in one row."""
    text = "; ".join(map(_line, said))
    both = {"was": "—", "now": text, "how": "added"} if new else {"was": text, "now": "—", "how": "gone"}
    return {"of": "", "label": said[0].of or texts.say("approval_says", "particulars"), **both}


def _line(one: Said) -> str:
    return f"{one.label}: {one.text}"


def _group(group: Key, of: str, pairs: Iterator[tuple[str, str]]) -> Statements:
    for label, text in pairs:
        yield (*group, label), Said(group, of, label, text)


def _fields(whole: Any, names: Iterator[str] | tuple[str, ...], called: NamesOf) -> Iterator[tuple[str, str]]:
    """The fields that say something, each with what it is called."""
    for name in names:
        said = getattr(whole, name)
        match said:
            case None | () | "":
                continue
            case UUID():
                yield field_label(name), called.person(said)
            case _:
                yield field_label(name), field_text(whole, name, said)


def _names(of: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(of))


def _state(annulled: bool) -> tuple[str, str]:
    return texts.say("approval_says", "state"), texts.say("approval_says", "annulled" if annulled else "in_force")


def _person(person: Person, called: NamesOf) -> Statements:
    yield from _group(("entry",), "", iter([_entry(person, called)]))
    if not person.entered:
        return
    yield from _group(("particulars",), "", _fields(person.particulars, _names(Particulars), called))
    seen: dict[str | None, int] = {}
    for one in person.documents:
        seen[one.kind] = seen.get(one.kind, 0) + 1
        of = texts.label("document_kinds", one.kind) or texts.say("person_page", "document")
        details = tuple(name for name in _names(Document) if name != "kind")
        yield from _group(("document", one.kind, seen[one.kind]), of, _fields(one, details, called))
    yield from _residences(person, called)
    if person.death:
        died = field_label("registered_on"), texts.day(person.death.registered_on)
        yield from _group(("death",), "", iter([died]))
    yield from _kept(person)
    for link in person.links:
        pairs = [*_fields(link, _names(FamilyLinkVersion), called), _state(link.annulled)]
        yield from _group(("link", link.id), texts.say("person_page", "family"), iter(pairs))
    yield from _marks(person, called)


def _entry(person: Person, called: NamesOf) -> tuple[str, str]:
    label = texts.say("approval_says", "entry")
    if person.merged:
        return label, texts.say("approval_says", "merged", called.person(person.merged.says.survivor))
    if not person.entered:
        return label, texts.say("approval_says", "no_entry")
    return label, texts.say("approval_says", "sealed" if person.seal else "open")


def _residences(person: Person, called: NamesOf) -> Statements:
    for row in timeline(person):
        group, home = ("residence", row.residence, row.part), called.dwelling(row.dwelling)
        pairs = [
            (field_label("address"), home),
            (field_label("kind"), texts.label("kinds", row.kind)),
            (field_label("since"), texts.since_day(row.since, row.since_known)),
            (field_label("until"), texts.until_day(row.until, row.until_known)),
            (texts.say("approval_says", "state"), texts.label("states", row.state)),
        ]
        pairs += [(texts.say("approval_says", "mark"), texts.label("marks", "kept"))] if row.kept else []
        yield from _group(group, home, iter(pairs))


def _kept(person: Person) -> Statements:
    """The addresses of the list of territories, in the order noted: the last of one address is how it stands."""
    for note in person.occupied:
        where = note.address or note.katottg or texts.say("person_page", "kept")
        pairs = [
            (field_label("list_entry"), note.list_entry),
            (field_label("list_since"), texts.day(note.list_since)),
            (field_label("list_until"), _open(note.list_until)),
        ]
        yield from _group(("kept", note.residence, note.address, note.katottg), where, iter(pairs))


def _marks(person: Person, called: NamesOf) -> Statements:
    for away in person.absences:
        pairs = [*_fields(away.says, _names(AbsenceVersion), called)] if away.says else []
        pairs.append(_state(away.says is None))
        yield from _group(("absence", away.mark), texts.say("approval_says", "absence"), iter(pairs))
    for mark in person.protections:
        pairs = [*_fields(mark, ("basis", "since", "until"), called), _state(mark.annulled)]
        yield from _group(("protection", mark.mark), texts.say("approval_says", "protection"), iter(pairs))


def _dwelling(home: Dwelling, called: NamesOf) -> Statements:
    if not home.entered:
        return
    says = [(field_label("kind"), texts.label("dwelling_kinds", home.kind))] if home.kind else []
    if home.succession:
        says.append((field_label("successor"), called.dwelling(home.succession.successor)))
    yield from _group(("dwelling",), "", iter(says))
    for since, _, address in dated_names(home):
        of = texts.say("approval_says", "called_from", texts.day(since)) if since else ""
        pairs = [(field_label("address"), texts.address_label(address))]
        pairs += [(field_label("katottg"), address.katottg)] if address.katottg else []
        yield from _group(("name", since), of, iter(pairs))
    for number, owner in enumerate(home.owners.owners if home.owners else (), 1):
        who = called.person(owner.person) if owner.person else owner.name
        text = ", ".join(part for part in (who, owner.share) if part)
        yield from _group(("owner", number), "", iter([(f"{field_label('owner')} {number}", text)]))
    for one in home.encumbrances:
        details = ("since", "until", "holder")
        of = texts.say("approval_says", "encumbrance", one.number)
        yield from _group(("encumbrance", one.number), of, _fields(one, details, called))
    for lease in home.leases:
        terms = ("since", "until", "terminated_on", "tenant", "lessee", "basis")
        of = texts.say("approval_says", "lease", lease.number or texts.say("approval_says", "no_number"))
        yield from _group(("lease", lease.number, lease.lessee), of, _fields(lease, terms, called))


def _open(until: DateText | None) -> str:
    return texts.day(until) if until else texts.TEXTS["dates"]["open"]


def _territory(entry: Territory, called: NamesOf) -> Statements:
    if entry.says is None:
        return
    column, says = texts.TEXTS["territory_columns"], entry.says
    pairs = [
        (column["name"], says.name),
        (column["code"], says.code),
        (column["kind"], texts.label("territory_kinds", says.kind)),
        (column["from"], texts.day(says.since)),
        (column["until"], _open(says.until)),
    ]
    if entry.order:
        pairs += [(column["order_number"], entry.order.number), (column["order_dated"], texts.day(entry.order.dated))]
    yield from _group(("territory",), "", iter(pairs))


def _street(street: Street, called: NamesOf) -> Statements:
    if street.says is None:
        return
    column, says = texts.TEXTS["street_columns"], street.says
    pairs = [(column["settlement"], says.settlement)]
    pairs += [(column[name], said) for name in ("district", "katottg") if (said := getattr(says, name))]
    yield from _group(("street",), "", iter(pairs))
    for name in says.names:
        of = texts.say("approval_says", "called_from", texts.day(name.since)) if name.since else ""
        yield from _group(("name", name.since), of, iter([(column["street"], name.name)]))
    for key, house in street.houses.items():
        of = " ".join(part for part in (house.said.house, house.said.building) if part)
        flats = house.said.flats or texts.say("approval_says", "listed")
        yield from _group(("house", key), "", iter([(f"{column['house']} {of}", flats)]))


def _community(matters: Mapping[tuple[str, DateText | None], Any], called: NamesOf) -> Statements:
    """What is said of each matter on the day from which something is said anew; what is listed in it is numbered."""
    for (name, since), fact in matters.items():
        of = texts.label("community_matters", name)
        from_day = texts.say("approval_says", "from_day", texts.day(since)) if since else ""
        yield from _group((name, since), " ".join(part for part in (of, from_day) if part), _leaves(fact, ()))


def _leaves(said: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What a matter of the community says, part by part."""
    match said:
        case None | () | "":
            return
        case Mapping():
            for name, one in said.items():
                yield from _leaves(one, (*path, texts.label("community_parts", name)))
        case tuple() | list() if all(isinstance(one, str) for one in said):
            yield " · ".join(path), ", ".join(said)
        case tuple() | list():
            for number, one in enumerate(said, 1):
                yield from _leaves(one, (*path, str(number)))
        case _ if is_dataclass(said):
            names = (one.name for one in fields(said) if path or one.name != "since")
            yield from _leaves({name: getattr(said, name) for name in names}, path)
        case bool():
            yield " · ".join(path), texts.say("terminal", "yes" if said else "no")
        case _:
            yield " · ".join(path), str(said)


TOLD: Mapping[str, Callable[[Any, NamesOf], Statements]] = {
    "person": _person,
    "dwelling": _dwelling,
    "territory": _territory,
    "street": _street,
    "community": _community,
}
"""What each aggregate says."""
