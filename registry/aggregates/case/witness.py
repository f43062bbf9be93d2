"""The register as the first witness: what it holds of whom a part concerns, of the dwelling, and of who files.

Where nothing was said its value is used. Only what was said can differ from it; then the decision is made on neither,
and `differs-from-register` names both. Dates that are not known to the day differ only from what they cannot mean. Who
owns a dwelling is for the property register to say: ours has a note of it, which fills in and never differs.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import eq
from typing import Any, get_args
from uuid import UUID

from registry.aggregates.case.kin import NO_KIN, Around, Kinship, compare
from registry.aggregates.dwelling.events import LeaseRecorded
from registry.aggregates.dwelling.state import Dwelling, in_this_community
from registry.aggregates.person.away import holding
from registry.aggregates.person.events import Document
from registry.aggregates.person.state import Person
from registry.aggregates.person.timeline import Row, current, standing, timeline
from registry.aggregates.territory.listing import ListedTerritory
from registry.aggregates.values import Fault, days, first_day, known, last_day
from registry.services import terms
from registry.services.application import Citizenship, DwellingKind, IdentityDocument
from registry.services.headers import SERVICES, Service
from registry.services.predicates import OF_CITIZENS

_OF_FOREIGNERS = tuple(kind for kind in get_args(IdentityDocument) if kind not in (*OF_CITIZENS, "other"))
"""`other` may be anybody's."""
_NOT_CITIZENS = ("foreigner", "stateless")
_OF_EACH = (
    *("born", "citizenship", "identity_document", "deregistered_on", "deregistered_from", "current_residence"),
    "absence_protected",
)
"""What is said of the subject and not of whoever is named beside them."""
AGES = (14, 16, 18)
"""The birthdays on which the cards say something else (rows 8, 9)."""
_OF_APPLICANT = ("parent_identity_document", "owner_identity", "representative_identity")
"""The papers by which whoever files for another shows who they are; for an extract it is the identity document."""
Words = Mapping[str, Any]
"""The plain facts of an application, or a part of them."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the register holds that bears on a part about one person.

    `homes` are the dwellings of their residences, `home` that of the part: where they settle, or the one that is left,
    and `residences` the one that ends, with those it was carried over from. `lived_in`: whether anybody but them lives
    there, None where nobody looked; `files_from`: whether whoever files does, None where that is not known; `awaited`:
    neither, and whoever was to settle there at the same visit was not granted it. `applicant` is who files, where the
    application names them; `shown` the contract by which whoever settles lives there, where its paper was shown;
    `noticed` the day of the notice, ISO; `community` the beginning of our codes; `rests` the entry of the list that a
    kept address rests on, `unlisted` why it has none; `kin` what is known of the family.
    """

    who: UUID
    person: Person
    homes: Mapping[UUID, Dwelling]
    home: Dwelling | None = None
    residences: Collection[UUID] = ()
    lived_in: bool | None = None
    files_from: bool | None = None
    awaited: bool = False
    applicant: Person | None = None
    shown: LeaseRecorded | None = None
    noticed: str | None = None
    community: str = ""
    rests: ListedTerritory | None = None
    unlisted: tuple[Fault, ...] = ()
    kin: Kinship = NO_KIN


@dataclass
class _Compared:
    """What was said beside what is held: what is filled in, and what differs."""

    said: Words
    who: UUID
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    words: Mapping[str, Words] = field(init=False)
    """What was said of whom, by the part of the form."""

    def __post_init__(self) -> None:
        self.words = defaultdict(dict, {name: said for name, said in self.said.items() if isinstance(said, Mapping)})

    def value(self, where: str, name: str) -> Any:
        """As said, else as the register holds it."""
        words = self.words[where]
        return words[name] if name in words else self.known.get(where, {}).get(name)

    def fill(self, where: str, name: str, value: Any) -> None:
        """Where nothing was said, or only some of it."""
        words = self.words[where]
        if name not in words or (isinstance(value, Mapping) and isinstance(words[name], Mapping)):
            self.known.setdefault(where, {})[name] = value

    def hold(self, where: str, name: str, value: Any, same: Callable[[Any, Any], bool] = eq, told: Any = None) -> None:
        """Filled in, or compared; `told` is how the held value is named, where it is no plain one."""
        words = self.words[where]
        self.fill(where, name, value)
        if name in words and not same(words[name], value):
            self.differs(f"{where}.{name}", value if told is None else told, words[name])

    def differs(self, field: str, held: Any, said: Any) -> None:
        named = {"held": _told(held), "said": _told(said), "person": str(self.who)}
        self.faults.append(Fault("differs-from-register", field, named))


def witnessed(asked: Words, held: Held) -> tuple[dict[str, Any], list[Fault]]:
    """What the register adds to the facts of an application about its subject, in their form, and what differs."""
    found, does = _Compared(asked, held.who), SERVICES.get(asked.get("service", ""))
    _of_person(found, held)
    if does is None:
        return found.known, found.faults
    if does.settles and held.person.entered:
        _where_from(found, held)
    found.faults += held.unlisted
    if held.rests:
        _of_list(found, held.rests)
    if does.removes and holding(held.person, date.fromisoformat(asked["received"][:10])):
        found.hold("subject", "absence_protected", True, told="absence-marked")
    _of_home(found, held, does)
    if held.applicant and found.words["applicant"].get("kind", "person") != "person":
        _of_applicant(found, held.applicant, ("identity_document",) if does.informs else _OF_APPLICANT)
    if held.noticed:
        _of_notice(found, held.noticed)
    return found.known, found.faults


def of_another(asked: Words, held: Held) -> Words:
    """The facts of an application as they are said of somebody beside its subject: what the register itself knows of
    them was said of the subject alone."""
    subject, until = asked.get("subject", {}), asked.get("valid_until", {})
    alone = {name: said for name, said in subject.items() if name not in _OF_EACH}
    papers = {name: said for name, said in until.items() if name != "identity_document"}
    known, _ = witnessed({**asked, "subject": alone}, held)
    of_them = known.get("subject", {})
    left = {"deregistered_on", "deregistered_from"} if of_them.get("current_residence") else set()
    kept = {name: subject[name] for name in _OF_EACH if name in subject and name not in {*of_them, *left}}
    valid = until if "identity_document" not in of_them else papers
    more = {"valid_until": valid} if "valid_until" in asked else {}
    return {**asked, "subject": {**alone, **kept}, **more}


def merged(asked: Words, known: Words | None) -> dict[str, Any]:
    """The facts of an application with what the register adds to them: what was said stays."""
    found = dict(asked)
    for name, held in (known or {}).items():
        said = asked.get(name)
        if name not in asked:
            found[name] = held
        elif isinstance(held, Mapping) and isinstance(said, Mapping):
            found[name] = merged(said, held)
    return found


def birth_date(person: Person) -> str | None:
    """The day of birth that the register holds, ISO; None where it is not known to the day."""
    born = person.particulars.birth_date
    return first_day(born).isoformat() if born and known(born) == "day" else None


def birth_told(person: Person, on: date) -> str | None:
    """The birth that the register holds, as written, where on a day every age that a card asks about is told by it;
    None where the day decides that it does not say (semantics 4)."""
    born = person.particulars.birth_date
    if born is None or first_day(born) > on:
        return birth_date(person)
    oldest, youngest = (terms.age_on(day, on) if day <= on else 0 for day in days(born))
    return born if all((oldest < age) == (youngest < age) for age in AGES) else None


def under_14(person: Person, on: date) -> bool:
    """Whether the register knows somebody to be a child under 14 on a day."""
    born = person.particulars.birth_date
    return born is not None and terms.age_on(first_day(born), on) < 14


def lease_of(home: Dwelling, who: UUID, residences: Collection[UUID | None]) -> LeaseRecorded | None:
    """The contract on which somebody lives in a dwelling, as recorded last: that of one of these residences, or one of
    which nobody said of which."""
    found = (one for one in reversed(home.leases) if one.lessee == who and one.of_residence in (None, *residences))
    return next(found, None)


def _told(value: Any) -> str:
    """A value as a fault names it: codes and dates, which the texts put into words."""
    if isinstance(value, Mapping):
        return ", ".join(_told(part) for part in value.values() if part) or "open-ended"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else str(value)


def _of_person(found: _Compared, held: Held) -> None:
    person = held.person
    written, said = person.particulars.birth_date, found.words["subject"].get("born")
    if born := birth_date(person):
        found.hold("subject", "born", born)
    elif written and said and not _can_mean(written, said):
        found.differs("subject.born", written, said)
    elif not said and (told := birth_told(person, date.fromisoformat(found.said["received"][:10]))):
        found.fill("subject", "born", told)
    if person.particulars.citizenship in get_args(Citizenship):  # a card index may say anything
        found.hold("subject", "citizenship", person.particulars.citizenship)
    _identity(found, person, "subject")
    if person.residences and found.words["subject"].get("first_registration"):
        found.differs("subject.first_registration", "registered-before", "first-registration")
    if _shows_identity(found):
        _validity(found, person, "subject", "identity_document")


def _can_mean(written: str, day: str) -> bool:
    """Whether a date as written can mean a day."""
    earliest, latest = days(written)
    return earliest <= date.fromisoformat(day) <= latest


def _shows_identity(found: _Compared) -> bool:
    """Whether the subject's own identity document was shown: handed in, or by the declaration itself."""
    does, kind = SERVICES.get(found.said.get("service", "")), found.words["applicant"].get("kind", "person")
    if does is None or does.of_children or ((does.corrects or does.informs) and kind != "person"):
        return False
    return does.settles == "declared" or "identity_document" in found.said.get("documents", ())


def _identity(found: _Compared, person: Person, where: str) -> None:
    """The kind of identity document: that of the only valid one, else of the only one. One that the register does not
    hold differs, and so does a Ukrainian passport of a foreigner or a permit of a citizen."""
    citizenship = found.value(where, "citizenship") or "ua"
    kinds = OF_CITIZENS if citizenship == "ua" else _OF_FOREIGNERS
    papers = [one for one in person.documents if one.kind in kinds]
    valid = [one for one in papers if _valid_until(one) is None or _valid_until(one) >= found.said["received"][:10]]
    listed = dict.fromkeys(one.kind for one in papers)
    one = list(dict.fromkeys(one.kind for one in valid or papers))
    said = found.words[where].get("identity_document")
    if len(one) == 1:
        found.fill(where, "identity_document", one[0])
    if said is not None and said not in listed and papers:
        found.differs(f"{where}.identity_document", ", ".join(map(str, listed)), said)
    elif _of_others(said, person.particulars.citizenship):
        found.differs(f"{where}.identity_document", person.particulars.citizenship, said)


def _of_others(kind: str | None, citizenship: str | None) -> bool:
    """Whether an identity document is one that nobody of this citizenship has."""
    return kind in (_OF_FOREIGNERS if citizenship == "ua" else OF_CITIZENS if citizenship in _NOT_CITIZENS else ())


def _valid_until(paper: Document) -> Any:
    """The last day that it may be valid, ISO; None without an end."""
    return last_day(paper.valid_until).isoformat() if paper.valid_until else None


def _validity(found: _Compared, person: Person, where: str, paper: str) -> None:
    """The term of the document of the kind that is shown; of several of a kind the one that is valid longest."""
    kind = found.value(where, "identity_document") or "passport_card"
    ends = [one.valid_until for one in person.documents if one.kind == kind]
    terms_held = [one for one in ends if one]
    if terms_held and len(terms_held) == len(ends):
        longest = max(last_day(one).isoformat() for one in terms_held)
        found.hold("valid_until", paper, longest, lambda said, _: any(_can_mean(one, said) for one in terms_held))


def _where_from(found: _Compared, held: Held) -> None:
    """Where the person lives now, or since when nowhere; a residence in another community only the applicant knows."""
    rows = timeline(held.person)
    here = current(rows)
    home = held.homes.get(here.dwelling) if here else None
    words = found.words["subject"]
    if here and home and in_this_community(home, held.community):
        _lives_here(found, here)
        return
    said = words.get("current_residence")
    if said is not None and said.get("place", "this_community") == "this_community":
        stays = said.get("kept") and any(row.kept and row.until is None for row in standing(rows))
        if not stays:
            found.differs("subject.current_residence", "other_community" if here else "nowhere", _residence_told(said))
    elif here is None:
        _left(found, rows, comes=said is not None)


def _of_list(found: _Compared, rests: ListedTerritory) -> None:
    """An address is kept by an entry of the list alone, until the day that is set there (R-002)."""
    place = found.known.get("subject", {}).get("current_residence", {})
    found.fill("subject", "current_residence", {**place, "occupied": {"end_date": rests.until}})
    said = (found.words["subject"].get("current_residence") or {}).get("occupied") or {}
    if said.get("end_date", rests.until) != rests.until:
        found.differs("subject.current_residence.occupied", rests.until, said["end_date"])


def _lives_here(found: _Compared, here: Row) -> None:
    kind, words = "stay" if here.kind == "stay" else "residence", found.words["subject"]
    value = {"kind": kind, "place": "this_community"}
    found.hold("subject", "current_residence", value, _agrees, kind)
    left = words.get("deregistered_on")
    if left and here.since and left > here.since.isoformat():
        found.differs("subject.deregistered_on", kind, left)


def _agrees(said: Words | None, held: Words) -> bool:
    """Whether nothing of what is said is otherwise held: what was left out is not said."""
    return said is not None and all(said.get(name, value) == value for name, value in held.items())


def _residence_told(said: Words) -> str:
    return str(said.get("kind", "residence"))


def _left(found: _Compared, rows: tuple[Row, ...], *, comes: bool) -> None:
    """The day of the last removal here. Who was removed in another community since says so; who comes from one was
    not removed last here."""
    ended = [row for row in standing(rows) if row.until]
    if not ended:
        return
    last = max(ended, key=lambda row: row.until or date.min)
    until, words = (last.until or date.max).isoformat(), found.words["subject"]
    elsewhere, said = words.get("deregistered_from") == "other_community", words.get("deregistered_on")
    exact = [row.until.isoformat() for row in ended if row.until and row.until_known == "day"]
    if exact and not comes and not elsewhere:
        found.fill("subject", "deregistered_on", max(exact))
    if said is None:
        if "deregistered_on" in words and not comes and not elsewhere:
            found.differs("subject.deregistered_on", until, said)
        return
    earliest = (last.certain_until or date.min).isoformat()
    if said < earliest or (said > until and not elsewhere):
        found.differs("subject.deregistered_on", until, said)


def _of_home(found: _Compared, held: Held, does: Service) -> None:
    """The kind of the dwelling, the contract that a removed residence rests on or that whoever settles has shown, and
    whether a parent can live where a child settles."""
    home = held.home
    if home is None:
        return
    if home.kind in get_args(DwellingKind):
        found.hold("dwelling", "kind", home.kind)
    if does.removes:
        _of_removal(found, held, home)
        return
    if held.shown:
        found.hold("dwelling", "rental", _rental(held.shown), _agrees)
    if _is_minor(found):
        decisive = not (does.of_children and found.said.get("channel", "office") == "office")
        around = Around(
            kin=held.kin,
            lived_in=held.lived_in,
            files_from=held.files_from,
            awaited=held.awaited,
            decisive=decisive,
        )
        compare(found, around)


def _of_removal(found: _Compared, held: Held, home: Dwelling) -> None:
    homes = [home, *(one for one in held.homes.values() if one.succession)]
    lease = next((one for place in homes if (one := lease_of(place, held.who, held.residences))), None)
    if lease:
        found.hold("dwelling", "rental", _rental(lease), _agrees)
    if home.owners and home.owners.owners:
        found.fill("dwelling", "owners", len(home.owners.owners))
        found.fill("dwelling", "subject_is_owner", any(one.person == held.who for one in home.owners.owners))


def _rental(lease: LeaseRecorded) -> Words:
    return {"until": lease.until, "terminated_on": lease.terminated_on}


def _is_minor(found: _Compared) -> bool:
    born, received = found.value("subject", "born"), date.fromisoformat(found.said["received"][:10])
    return born is not None and terms.age_on(last_day(born), received) < terms.FULL_AGE


def _of_applicant(found: _Compared, applicant: Person, papers: tuple[str, ...]) -> None:
    """Who files for another, where it is somebody of the register: whose papers are shown."""
    if applicant.particulars.citizenship in get_args(Citizenship):
        found.hold("applicant", "citizenship", applicant.particulars.citizenship)
    _identity(found, applicant, "applicant")
    for paper in papers:
        if paper in found.said.get("documents", ()):
            _validity(found, applicant, "applicant", paper)


def _of_notice(found: _Compared, day: str) -> None:
    """A notice that does not name the day of what it tells tells it of its own."""
    if found.said.get("ground") == "dms_notice":
        found.fill("subject", "death_registered_on", day)
    elif found.said.get("ground") == "registered_elsewhere_notice":
        found.fill("subject", "registered_elsewhere_on", day)
