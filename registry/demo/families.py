"""Ordinary life: families enter the register, move, grow, part and die."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from registry.aggregates.dwelling import decisions as about_dwelling
from registry.aggregates.dwelling.events import Owner
from registry.aggregates.papers import Paper
from registry.aggregates.person import decisions as about_person
from registry.aggregates.person.events import FamilyLinkVersion
from registry.aggregates.person.timeline import standing, timeline
from registry.aggregates.values import DateText
from registry.demo.book import CARD, BookedAct
from registry.demo.inventing import DATA, PAPERS, Newcomer, gendered, years
from registry.demo.town import Story, Town

CARDS_MOVED_BY = 0.3
"""By this part of the time the card index was moved into the register; who enters later has arrived."""
EARLIEST = 1931
GROWN = 16
"""Of those who live with a child, nobody younger at its birth is its parent."""
EXACT_SINCE = date(2016, 4, 4)
"""Since communities register residence themselves, every date is known to the day."""


def household(town: Town, room: int) -> list[Newcomer]:
    """A family of no more than `room` people, children not yet born included."""
    kind = town.random.choices(("alone", "old", "couple", "children", "mother", "three"), (20, 10, 14, 38, 10, 8))[0]
    surname, women_keep = town.inventor.surname(), town.chance(0.1)
    oldest = town.last.year - EARLIEST - 2
    if kind == "alone":
        return _people(town, [(town.random.choice(("male", "female")), town.random.uniform(24, 80), surname)], room)
    if kind == "old":
        age = town.random.uniform(66, oldest)
        return _people(town, [("female", age, surname), ("male", min(age + 2, oldest), surname)], room)
    mother = town.random.uniform(23, 58)
    father_name = town.random.choice(list(DATA["people"]["men"]))
    adults = [("female", mother, town.inventor.surname() if women_keep else surname)]
    if kind != "mother":
        adults.append(("male", mother + town.random.uniform(0, 5), surname))
    people = _people(town, adults[:1], room)
    if adults[1:] and len(people) < room:
        people.append(town.person("male", adults[1][1], surname=surname, given=father_name))
    if kind == "three" and len(people) < room:
        people.append(town.person("female", min(mother + town.random.uniform(21, 30), oldest), surname=surname))
    if kind != "couple":
        people += _children(town, surname, father_name, mother, room - len(people))
    return people


def family(town: Town, members: Sequence[Newcomer]) -> Story:
    """A family enters together; those not yet born are entered when they are, and life goes on."""
    arrives = town.chance(0.25)
    part = town.random.uniform(CARDS_MOVED_BY, 0.93) if arrives else town.random.uniform(0.005, CARDS_MOVED_BY)
    act = yield town.at(part)
    present = [one for one in members if one.born < act.today - timedelta(7)]
    home = town.home(act)
    _arrive(town, act, present, home) if arrives else _from_cards(town, act, present, home)
    _property(town, act, present[0], home)
    unborn = [one for one in members if one not in present]
    for child in unborn:
        parents = [one.id for one in present[:2] if years(one.born, child.born) >= GROWN]
        town.start(birth(town, child, parents, home))
    _happen(town, act.today, present, growing=bool(unborn))
    town.singles += [one for one in present if len(present) == 1 and 19 <= years(one.born, act.today) <= 40]
    if len(town.singles) >= 2 and {one.sex for one in town.singles[-2:]} == {"male", "female"}:
        man, woman = sorted((town.singles.pop(), town.singles.pop()), key=lambda one: one.sex != "male")
        town.start(wedding(town, man, woman, town.between(act.today + timedelta(60), town.last)))


def birth(town: Town, child: Newcomer, parents: Sequence[UUID], home: UUID) -> Story:
    """A child is entered and registered with a parent within three months of birth, whose child it is on record."""
    act = yield min(child.born + timedelta(town.random.randint(5, 85)), town.last)
    act.enter(child)
    homes = [row.dwelling for one in parents if (row := town.book.home(one)) and not _outside(town, row.dwelling)]
    act.settle(child.id, homes[0] if homes else home, basis=PAPERS["parent"])
    paper = certificate(act, child)
    for parent in parents:
        act.link(child.id, FamilyLinkVersion(role="parent", relative=parent, since=child.born.isoformat()), paper)


def certificate(act: BookedAct, child: Newcomer) -> Paper:
    """The certificate of birth of a child, by which the parents are known."""
    shown = child.certificate(act.today)
    return Paper(
        paper=act.book.id(),
        id="birth_certificate",
        kind=shown.kind,
        number=shown.number,
        dated=shown.issued_on,
        issuer=PAPERS["civil_registry"],
        whose=child.id,
    )


def wedding(town: Town, man: Newcomer, woman: Newcomer, day: date) -> Story:
    """Two marry; mostly she takes his name; some weeks later one household remains."""
    act = yield day
    if _dead(town, man) or _dead(town, woman):
        return
    surname = gendered(man.surname, "female")
    if town.chance(0.75) and surname != woman.particulars.surname:
        marry(act, woman, surname)
    act = yield act.today + timedelta(town.random.randint(10, 60))
    theirs, hers = town.book.home(man.id), town.book.home(woman.id)
    if _dead(town, man) or not _quiet(town, woman.id, act) or not theirs or not hers:
        return
    if theirs.dwelling != hers.dwelling and not _outside(town, theirs.dwelling):
        act.settle(woman.id, theirs.dwelling, kind=town.kind(act.today))
        town.left.append(hers.dwelling)


def marry(act: BookedAct, woman: Newcomer, surname: str) -> None:
    """A new surname, and the new document that it asks for."""
    documents = [woman.new_passport(act.today)]
    asked = {"changes": {"surname": surname}, "documents": documents, "basis": PAPERS["married"]}
    act.person(woman.id, about_person.update_particulars, **asked)


def moving(town: Town, people: Sequence[UUID], day: date) -> Story:
    """Those who live together move to another dwelling of the community."""
    act = yield day
    if movers := _together(town, people, act):
        before = town.book.home(movers[0])
        home, kind = town.home(act), town.kind(act.today)
        for one in movers:
            act.settle(one, home, kind=kind)
        if before and not _outside(town, before.dwelling):
            town.left.append(before.dwelling)


def leaving(town: Town, people: Sequence[UUID], day: date) -> Story:
    """They leave the community: to another one, for good abroad, or only off the register; some come back."""
    act = yield day
    movers = _together(town, people, act)
    how = town.random.choices(("elsewhere", "abroad", "emigration", "off"), (6, 1, 2, 1))[0]
    if how in ("elsewhere", "abroad") and movers:
        home = town.away(act, how)
        for one in movers:
            act.settle(one, home, basis=PAPERS["other_office"])
    country = town.random.choice(DATA["emigrants_to"]) if how == "emigration" else None
    for one in movers if how in ("emigration", "off") else ():
        act.leave(one, ground="emigration" if country else "application", country=country)
    if town.chance(0.3):
        town.start(returning(town, movers, town.between(act.today + timedelta(90), town.last)))


def returning(town: Town, people: Sequence[UUID], day: date) -> Story:
    """Those who left come back, to another dwelling."""
    act = yield day
    if movers := [one for one in people if _quiet(town, one, act)]:
        home, kind = town.home(act), town.kind(act.today)
        for one in movers:
            act.settle(one, home, kind=kind)


def death(town: Town, who: Newcomer, day: date) -> Story:
    """A death, known some days after it was registered, never before the last residence began."""
    act = yield day
    if _quiet(town, who.id, act):
        latest = max((row.since for row in standing(timeline(town.book.people[who.id])) if row.since), default=date.min)
        registered_on = act.today - timedelta(town.random.randint(1, 25))
        act.die(who.id, (registered_on if latest < registered_on else act.today).isoformat())


def renewal(town: Town, who: Newcomer, day: date) -> Story:
    """A new telephone, or a slip of the pen in the particulars put right."""
    act = yield day
    if _dead(town, who):
        return
    if town.chance(0.7):
        changes = {"phone": DATA["phone"].format(town.random.randrange(5_000_000, 9_999_999))}
        act.person(who.id, about_person.update_particulars, changes=changes, basis=PAPERS["application"])
    else:
        changes = {"birth_place": town.random.choice(DATA["birth_places"])}
        basis = PAPERS["birth_certificate"]
        act.person(who.id, about_person.correct_particulars, changes=changes, basis=basis)


def mending(town: Town, who: Newcomer, day: date) -> Story:
    """The date of the current residence was a few days off."""
    act = yield day
    home = town.book.home(who.id)
    if _dead(town, who) or not home or not home.since or home.since_known != "day" or home.carried:
        return
    since = (home.since + timedelta(town.random.choice((1, 2, 3)))).isoformat()
    if since <= act.today.isoformat():
        act.correct(who.id, home.residence, since=since, reason=PAPERS["wrong_date_entered"])


def _happen(town: Town, entered: date, people: Sequence[Newcomer], growing: bool) -> None:
    """What may happen to a family after it was entered."""
    after, ids = entered + timedelta(40), [one.id for one in people]

    def some_day() -> date:
        return town.between(after, town.last - timedelta(3))

    if town.chance(0.16):
        town.start(moving(town, ids, some_day()))
    if not growing and town.chance(0.09):
        town.start(leaving(town, ids, some_day()))
    for one in people:
        age = years(one.born, town.last)
        if 19 <= age <= 35 and len(people) > 2 and one in people[2:] and town.chance(0.3):
            town.start(moving(town, [one.id], some_day()))
        if town.chance(0.4 if age > 82 else 0.15 if age > 66 else 0.008):
            town.start(death(town, one, some_day()))
        if age >= 18 and town.chance(0.15):
            town.start(renewal(town, one, some_day()))
        if town.chance(0.03):
            town.start(mending(town, one, some_day()))


def _from_cards(town: Town, act: BookedAct, people: Sequence[Newcomer], home: UUID) -> None:
    """From paper cards: they have lived there for years, and some dates are known only in part."""
    eldest = min(one.born for one in people)
    earliest = max(eldest + timedelta(365 * 19), date(1962, 1, 1))
    since = min(town.between(earliest, act.today - timedelta(30)), act.today - timedelta(30))
    precision = town.random.choices((10, 7, 4), (80, 10, 10))[0] if since < EXACT_SINCE else 10
    for one in people:
        act.enter(one)
        own = one.born + timedelta(20)
        exact = precision if own < since else 10
        text = min(max(since, own), act.today).isoformat()[:exact]
        act.settle(one.id, home, since=text, basis=CARD)
        if own < since and town.chance(0.2):
            _earlier(town, act, one, since)


def _earlier(town: Town, act: BookedAct, who: Newcomer, before: date) -> None:
    """A past residence from the same cards, ended by the year before; where it began is often not known."""
    until = str(before.year - 1)
    began = town.between(who.born, before)
    since: DateText | None = str(began.year) if town.chance(0.5) else None
    if int(until) <= who.born.year + 1 or (since and since >= until):
        return
    act.past(who.id, town.away(act, "elsewhere"), since, until)


def _arrive(town: Town, act: BookedAct, people: Sequence[Newcomer], home: UUID) -> None:
    """From another community: registered from today, with the residence before if they tell it."""
    kind, told, before = town.kind(act.today), town.chance(0.5), town.away(act, "elsewhere")
    lived = act.today - timedelta(town.random.randint(400, 5000))
    for one in people:
        act.enter(one)
        act.settle(one.id, home, kind=kind)
        if told:
            since = max(lived, one.born).isoformat()
            act.past(one.id, before, since, act.today.isoformat(), basis=PAPERS["earlier_office"])


def _property(town: Town, act: BookedAct, head: Newcomer, home: UUID) -> None:
    """What the property register says of some private dwellings."""
    said, dwelling = head.particulars, town.book.dwellings[home]
    if dwelling.kind != "private":
        return
    if town.chance(0.3):
        name = " ".join(part for part in (said.surname, said.given_names, said.patronymic) if part)
        owners = [Owner(name=name, share="1/1", person=head.id)]
        asked = {"owners": owners, "since": None, "basis": PAPERS["property_register"]}
        act.dwelling(home, about_dwelling.record_owners, **asked)
    if town.chance(0.03):
        asked = {"kind": "mortgage", "number": f"99{town.random.randrange(10**6):06d}", "since": act.ago(20)}
        act.dwelling(home, about_dwelling.record_encumbrance, holder=DATA["bank"], **asked)
    if town.chance(0.04):
        asked = {"number": DATA["lease"].format(town.random.randrange(10**4)), "since": act.today.isoformat()}
        act.dwelling(home, about_dwelling.record_lease, **asked)


def _people(town: Town, wanted: Sequence[tuple[str, float, str]], room: int) -> list[Newcomer]:
    return [town.person(sex, age, surname=surname) for sex, age, surname in wanted[:room]]


def _children(town: Town, surname: str, father: str, mother: float, room: int) -> list[Newcomer]:
    """Children of a mother of this age, the youngest perhaps born while the register is kept; twins at times."""
    youngest = max(0.2, mother - 40)
    ages = sorted(town.random.uniform(youngest, mother - 20) for _ in range(town.random.choice((1, 1, 2, 2, 3))))
    ages = [*ages, ages[0]] if town.chance(0.02) else ages
    births = [town.last - timedelta(int(age * 365.25)) for age in ages[: max(0, room)]]
    sexes = [town.random.choice(("male", "female")) for _ in births]
    return [town.born(sex, day, surname=surname, father=father) for sex, day in zip(sexes, births, strict=True)]


def _together(town: Town, people: Sequence[UUID], act: BookedAct) -> list[UUID]:
    """Those who still live with the first of them who has a home, and to whom nothing else happened today."""
    quiet = [one for one in people if _quiet(town, one, act)]
    homes = [row.dwelling for one in quiet if (row := town.book.home(one))]
    return town.book.at_home(quiet, homes[0]) if homes else []


def _quiet(town: Town, person: UUID, act: BookedAct) -> bool:
    """Whether somebody is alive and has no residence from today: two on one day would leave one without a day."""
    state = town.book.people[person]
    return not state.death and all(row.since is None or row.since < act.today for row in standing(timeline(state)))


def _outside(town: Town, dwelling: UUID) -> bool:
    return town.book.dwellings[dwelling].kind in ("elsewhere", "abroad")


def _dead(town: Town, who: Newcomer) -> bool:
    return town.book.people[who.id].death is not None
