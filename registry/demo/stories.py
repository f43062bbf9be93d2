"""What a register must be right about, one story each: everything rare happens to somebody at least once.

The stories come in the order of their worth: a small community has only the first ones.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid5

from registry.aggregates.dwelling import decisions as about_dwelling
from registry.aggregates.dwelling.events import Owner
from registry.aggregates.person import absences, protections
from registry.aggregates.person import decisions as about_person
from registry.aggregates.person.absence_events import AbsenceVersion
from registry.aggregates.values import DateText
from registry.demo.book import CARD, BookedAct
from registry.demo.families import birth, marry
from registry.demo.inventing import DATA, PAPERS, Newcomer, Place, gendered, story_place
from registry.demo.town import Story, Town

LIST_ENTRY = PAPERS["list_entry"]


def old_timer(town: Town) -> Story:
    """There from the first day of the register to the last; of the first homes the cards know little."""
    who = town.person("female", 84, birth_text=str(town.last.year - 84))
    act = yield town.first
    act.enter(who)
    _card(act, who, town.home(act), "1987")
    act.past(who.id, town.away(act, "elsewhere", 1), None, "1969")
    act.past(who.id, town.home(act), "1972-05", "1980-11")
    act = yield town.last
    changes = {"phone": DATA["phone"].format(9_999_999)}
    act.person(who.id, about_person.update_particulars, changes=changes, basis=PAPERS["application"])
    town.show("old_timer", who.id)


def wedded(town: Town) -> Story:
    """She takes his name and moves to him; a child is born."""
    he, she = (
        town.person("male", 31, surname=DATA["wedded"]["his"]),
        town.person("female", 28, surname=DATA["wedded"]["hers"]),
    )
    child = town.born("male", town.last - timedelta(200), surname=he.surname, father=he.particulars.given_names)
    act = yield town.at(0.02)
    his, hers = town.home(act), town.home(act)
    act.enter(he)
    _card(act, he, his, "2015-06-17")
    act.enter(she)
    _card(act, she, hers, "2013-02-01")
    act = yield town.at(0.5)
    marry(act, she, gendered(he.surname, "female"))
    act = yield act.today + timedelta(20)
    act.settle(she.id, his, kind=town.kind(act.today))
    town.start(birth(town, child, (she.id, he.id), his))
    town.show("wedded", she.id)


def corrected(town: Town) -> Story:
    """Registered in the wrong flat; later the date turns out to be wrong too."""
    who = town.person("male", 44)
    act = yield town.at(0.1)
    wrong = act.enter_home(story_place(house="3", flat="18"))
    right = act.enter_home(story_place(house="3", flat="81"))
    act.enter(who)
    residence, earlier = act.settle(who.id, wrong, since=act.ago(30)), act.ago(40)
    act = yield town.at(0.25)
    act.correct(who.id, residence, dwelling=right, reason=PAPERS["wrong_flat"])
    act = yield town.at(0.45)
    act.correct(who.id, residence, since=earlier, reason=PAPERS["wrong_date"])
    town.show("corrected", who.id)


def restless(town: Town) -> Story:
    """Moves and moves: inside, away, and back."""
    who = town.person("female", 35)
    act = yield town.at(0.03)
    act.enter(who)
    _card(act, who, town.home(act), "2011-09-01")
    for part, place in ((0.15, ""), (0.3, "elsewhere"), (0.5, ""), (0.65, "abroad"), (0.8, ""), (0.95, "")):
        act = yield town.at(part)
        dwelling = town.away(act, place) if place else town.home(act)
        act.settle(who.id, dwelling, kind="registered" if place else town.kind(act.today))
    town.show("restless", who.id)


def declared(town: Town) -> Story:
    """A student declares a room in a dormitory through Дія."""
    who = town.person("male", 20)
    act = yield town.at(0.55)
    act.enter(who)
    dormitory = act.enter_home(story_place(house="1", kind="dormitory_school"))
    act.settle(who.id, dormitory, kind="declared")
    childhood = (who.born + timedelta(30)).isoformat()
    act.past(
        who.id, town.away(act, "elsewhere", 0), childhood, act.today.isoformat(), basis=PAPERS["told_by_applicant"]
    )
    town.show("declared", who.id)


def namesakes(town: Town) -> Story:
    """The death of one is recorded of the other, taken back, and recorded right."""
    said = DATA["namesakes"]
    alive, dead = town.person("female", 58, **said), town.person("female", 91, **said)
    act = yield town.at(0.08)
    for who in (alive, dead):
        act.enter(who)
        _card(act, who, town.home(act), "1998-10-07")
    act = yield town.at(0.6)
    registered_on = act.ago(6)
    act.die(alive.id, registered_on)
    act = yield act.today + timedelta(9)
    basis = PAPERS["namesake_died"]
    act.person(alive.id, about_person.annul_death, basis=basis)
    act.die(dead.id, registered_on)
    town.show("namesake_alive", alive.id)
    town.show("namesake_dead", dead.id)


def revived(town: Town) -> Story:
    """A forged paper: the new residence is annulled, the one before stands again."""
    who = town.person("male", 67)
    act = yield town.at(0.12)
    act.enter(who)
    _card(act, who, town.home(act), "2002-04-23")
    act = yield town.at(0.4)
    false = act.settle(who.id, town.home(act))
    act = yield town.at(0.55)
    asked = {"residence": false, "basis": PAPERS["court_forgery"], "revives": True}
    act.person(who.id, about_person.annul_residence, **asked)
    town.show("revived", who.id)


def revived_until(town: Town) -> Story:
    """The same, but the one before had ended meanwhile."""
    who = town.person("female", 52)
    act = yield town.at(0.14)
    act.enter(who)
    _card(act, who, town.home(act), "2009-11-30")
    act = yield town.at(0.35)
    false = act.settle(who.id, town.home(act))
    act = yield town.at(0.5)
    asked = {"residence": false, "basis": PAPERS["court"], "revives": True, "revived_until": act.ago(40)}
    act.person(who.id, about_person.annul_residence, **asked)
    town.show("revived_until", who.id)


def not_revived(town: Town) -> Story:
    """Annulled, and the one before stays ended; a new one comes later."""
    who = town.person("male", 39)
    act = yield town.at(0.16)
    act.enter(who)
    _card(act, who, town.home(act), "2014-07-15")
    act = yield town.at(0.45)
    false = act.settle(who.id, town.home(act))
    act = yield town.at(0.6)
    asked = {"residence": false, "basis": PAPERS["court_no_consent"], "revives": False}
    act.person(who.id, about_person.annul_residence, **asked)
    act = yield town.at(0.7)
    act.settle(who.id, town.home(act))
    town.show("not_revived", who.id)


def taken_back(town: Town) -> Story:
    """Taken off the register by mistake, and put back."""
    who = town.person("female", 47)
    act = yield town.at(0.09)
    act.enter(who)
    _card(act, who, town.home(act), "2006-01-19")
    act = yield town.at(0.52)
    act.leave(who.id, ground="owner_application")
    act = yield act.today + timedelta(12)
    basis = PAPERS["court_reinstated"]
    act.person(who.id, about_person.annul_deregistration, basis=basis)
    town.show("taken_back", who.id)


def emigrant(town: Town) -> Story:
    """Off the register for good, to live abroad."""
    who = town.person("male", 55)
    act = yield town.at(0.05)
    act.enter(who)
    _card(act, who, town.home(act), "1996-08")
    act = yield town.at(0.7)
    act.leave(who.id, ground="emigration", country=DATA["emigrants_to"][1])
    town.show("emigrant", who.id)


def from_paper_cards(town: Town) -> Story:
    """A whole life from the card index: no date, a year, a month, a day."""
    who = town.born("male", date(1949, 3, 8), birth_text="1949")
    act = yield town.at(0.07)
    act.enter(who)
    _card(act, who, town.home(act), "2001-05-11")
    act.past(who.id, town.away(act, "elsewhere", 2), None, "1968")
    act.past(who.id, town.home(act), "1968", "1979-04")
    act.past(who.id, town.away(act, "elsewhere", 3), "1979-06", "1990")
    act.past(who.id, town.home(act), "1991-02-14", "2001-05-11")
    town.show("from_paper_cards", who.id)


def renamed_street(town: Town) -> Story:
    """The street is renamed: everybody stays, all its dwellings are called otherwise; what was decided of one of them
    after that is taken back."""
    man, woman = town.person("male", 61), town.person("female", 59)
    act = yield town.at(0.04)
    home = act.enter_home(_on_renamed_street())
    for who in (man, woman):
        act.enter(who)
        _card(act, who, home, "1993-12-03")
    act = yield town.at(0.42)
    town.rename_street(act)
    act = yield town.at(0.44)
    now = replace(act.book.dwellings[home].names[-1].address, street=DATA["territory"]["renamed_in_vain"])
    said = {"since": act.ago(3), "basis": PAPERS["renamed_in_vain"]}
    act.dwelling(home, about_dwelling.rename_address, address=now, **said)
    act = yield town.at(0.46)
    act.dwelling(home, about_dwelling.annul_renames, decision=said["basis"], basis=PAPERS["not_renamed"])
    town.show("renamed_street", man.id)


def merged_flats(town: Town) -> Story:
    """Two flats become one: both families are carried over, nobody moved."""
    neighbours = [town.person("female", 41), town.person("male", 43), town.person("female", 15)]
    others = [town.person("male", 70), town.person("female", 68)]
    act = yield town.at(0.06)
    flats = [act.enter_home(story_place(house="7", flat=flat)) for flat in ("15", "16")]
    for flat, people in zip(flats, (neighbours, others), strict=True):
        for who in people:
            act.enter(who)
            _card(act, who, flat, "2012-03-20")
    act = yield town.at(0.58)
    merged = act.enter_home(story_place(house="7", flat="15/16"))
    for flat in flats:
        act.readdress(flat, merged, reason=PAPERS["flats_merged"])
    act = yield town.at(0.9)
    act.settle(neighbours[2].id, town.home(act), kind=town.kind(act.today))
    town.show("merged_flats", others[0].id)


def renumbered_house(town: Town) -> Story:
    """A house gets a new number; one of those carried over lives in the part that kept the old one."""
    people = [town.person("male", 50), town.person("female", 48), town.person("male", 76)]
    act = yield town.at(0.11)
    old = act.enter_home(story_place(house="12"))
    for who in people:
        act.enter(who)
        _card(act, who, old, "1999-09-09")
    act = yield town.at(0.48)
    new = act.enter_home(story_place(house=DATA["house"].format(12)))
    act.readdress(old, new, reason=PAPERS["renumbered"])
    act = yield act.today + timedelta(30)
    stays = people[2].id
    carried = town.book.people[stays].residences[-1].id
    basis = PAPERS["lives_in_old_part"]
    act.person(stays, about_person.annul_carry_over, residence=carried, basis=basis)
    town.show("renumbered_house", people[0].id)
    town.show("carry_over_annulled", stays)


def kept_inside(town: Town) -> Story:
    """The border street is in the list of combat territories: the address may stay beside the new one."""
    people = [town.person("female", 36), town.person("male", 9)]
    act = yield town.at(0.1)
    home = act.enter_home(story_place(house="5", street="border_street"))
    kept = {}
    for who in people:
        act.enter(who)
        kept[who.id] = act.settle(who.id, home, since=act.ago(20))
    act = yield town.at(0.57)
    shelter = town.home(act)
    for who in people:
        asked = {"residence": kept[who.id], "list_entry": LIST_ENTRY, "list_since": act.ago(60)}
        act.person(who.id, about_person.note_occupied_address, **asked)
        act.settle(who.id, shelter)
    town.show("kept_inside", people[0].id)


def kept_ended(town: Town) -> Story:
    """The same, until the list entry got an end date: then the kept address is deregistered."""
    who = town.person("male", 63)
    act = yield town.at(0.13)
    act.enter(who)
    kept = _card(act, who, act.enter_home(story_place(house="9", street="border_street")), "2004-06-01")
    act = yield town.at(0.59)
    noted = {"residence": kept, "list_entry": LIST_ENTRY, "list_since": act.ago(60)}
    act.person(who.id, about_person.note_occupied_address, **noted)
    act.settle(who.id, town.home(act))
    act = yield town.at(0.85)
    act.person(who.id, about_person.note_occupied_address, **noted, list_until=act.ago(3))
    until = act.today.isoformat()
    act.person(who.id, about_person.deregister_residence, residence=kept, until=until, ground="application")
    town.show("kept_ended", who.id)


def noted_outside(town: Town) -> Story:
    """Came from a listed territory elsewhere: the address is noted as text."""
    people = [town.person("female", 33), town.person("female", 6)]
    act = yield town.at(0.62)
    home = town.home(act)
    for who in people:
        act.enter(who)
        act.settle(who.id, home)
        asked = DATA["noted_outside"]
        listed = {"list_entry": LIST_ENTRY, "list_since": act.ago(400)}
        act.person(who.id, about_person.note_occupied_address, **asked, **listed)
    town.show("noted_outside", people[0].id)


def withdrawn(town: Town) -> Story:
    """Entered with somebody else's papers: withdrawn, and entered anew on the same stream. And a second card of one
    who was there already: merged the wrong way round, taken back, and merged right."""
    who = town.person("male", 26)
    double = town.person("male", 26, surname=who.surname, given=who.particulars.given_names)
    town.invented -= 1
    act = yield town.at(0.33)
    home = town.home(act)
    wrong = replace(who, particulars=replace(who.particulars, birth_date="1971-01-01", unzr=None, rnokpp=None))
    act.enter(wrong, ref=False)
    act.settle(who.id, home)
    act = yield act.today + timedelta(3)
    act.person(who.id, about_person.withdraw_entry, reason=PAPERS["others_papers"])
    act.enter(who)
    act.settle(who.id, home, since=act.ago(3))
    act = yield town.at(0.41)
    act.enter(replace(double, particulars=replace(who.particulars, unzr=None, rnokpp=None)), ref=False)
    act = yield act.today + timedelta(1)
    act.merge(who.id, double.id, reason=PAPERS["entered_before"])
    act = yield act.today + timedelta(1)
    act.take_apart(who.id, basis=PAPERS["merged_wrongly"])
    act.merge(double.id, who.id, reason=PAPERS["entered_before"])
    town.show("withdrawn", who.id)


def stay(town: Town) -> Story:
    """Somebody who asked for protection stays in a social institution, then finds a home."""
    town.invented += 1
    who = town.inventor.foreigner(5, date(1994, 2, 11))
    act = yield town.at(0.5)
    institution = act.enter_home(story_place(house="20", kind="social_institution"))
    act.enter(who)
    act.settle(who.id, institution, kind="stay", basis=PAPERS["asylum_certificate"])
    act = yield town.at(0.88)
    act.settle(who.id, town.home(act))
    town.show("stay", who.id)


def latin_names(town: Town) -> Story:
    """Foreigners whose names are written in Latin letters; one leaves when the permit ends."""
    town.invented += 5
    people = [town.inventor.foreigner(which, date(1968 + 5 * which, 4, 19 + which)) for which in range(5)]
    act = yield town.at(0.36)
    home = act.enter_home(story_place(house="22", kind="dormitory_other"))
    for who in people:
        act.enter(who)
        act.settle(who.id, home)
    act = yield town.at(0.75)
    act.leave(people[4].id, ground="stay_ended", country=DATA["foreigners"][4]["country"])
    town.show("latin_names", people[0].id)


def slip_of_the_pen(town: Town) -> Story:
    """The patronymic and the date of birth were written wrongly, as the certificate shows."""
    slip = DATA["slip_of_the_pen"]
    who = town.person("female", 23, given=slip["given"], father=slip["father"])
    said = replace(who.particulars, patronymic=slip["wrong"], birth_date=None)
    act = yield town.at(0.2)
    act.enter(replace(who, particulars=said))
    act.settle(who.id, town.home(act), since=act.ago(5))
    act = yield town.at(0.34)
    changes = {"patronymic": slip["right"], "birth_date": who.born.isoformat()}
    act.person(who.id, about_person.correct_particulars, changes=changes, basis=PAPERS["birth_certificate"])
    town.show("slip_of_the_pen", who.id)


def wrong_date_of_death(town: Town) -> Story:
    """The date of death was wrong: annulled, and recorded right in the same act."""
    who = town.person("male", 88)
    act = yield town.at(0.1)
    act.enter(who)
    _card(act, who, town.home(act), "1984-01")
    act = yield town.at(0.66)
    act.die(who.id, act.ago(3))
    right = act.ago(13)
    act = yield act.today + timedelta(5)
    act.person(who.id, about_person.annul_death, basis=PAPERS["false_date_of_death"])
    act.die(who.id, right)
    town.show("wrong_date_of_death", who.id)


def settled_after_death(town: Town) -> Story:
    """The death became known only after a residence that began later: that one stays on record without a day."""
    who = town.person("male", 72)
    act = yield town.at(0.17)
    act.enter(who)
    _card(act, who, town.home(act), "1991-08-24")
    act = yield town.at(0.68)
    act.settle(who.id, town.home(act), basis=PAPERS["representative"])
    before = act.ago(8)
    act = yield act.today + timedelta(20)
    act.die(who.id, before, confirmed=True)
    town.show("settled_after_death", who.id)


def backdated(town: Town) -> Story:
    """An act with an older date supersedes what was recorded before it."""
    who = town.person("female", 30)
    act = yield town.at(0.22)
    act.enter(who)
    act.settle(who.id, town.home(act), since=act.ago(4))
    older = act.ago(90)
    act = yield town.at(0.38)
    act.settle(who.id, town.home(act), since=older, basis=PAPERS["court"], confirmed=True)
    town.show("backdated", who.id)


def end_corrected(town: Town) -> Story:
    """Taken off with a wrong date; the end is put right."""
    who = town.person("male", 34)
    act = yield town.at(0.18)
    act.enter(who)
    residence = _card(act, who, town.home(act), "2016-10-10")
    act = yield town.at(0.72)
    act.leave(who.id, ground="court_use_lost")
    until = act.ago(30)
    act = yield act.today + timedelta(15)
    act.correct(who.id, residence, until=until, reason=PAPERS["court_earlier"])
    town.show("end_corrected", who.id)


def rented(town: Town) -> Story:
    """A mortgaged flat that is let: owners, a lease, and an encumbrance that ends; its number was wrong at first, and a
    court gives it to the community."""
    owner, tenant = town.person("male", 49), town.person("female", 27)
    act = yield town.at(0.19)
    place = story_place(house="31", flat="6")
    flat = act.enter_home(place)
    said = owner.particulars
    owners = [Owner(name=f"{said.surname} {said.given_names}", share="1/1", person=owner.id)]
    act.dwelling(flat, about_dwelling.record_owners, owners=owners, since="2017-03-03", basis=PAPERS["purchase"])
    mortgage = {"kind": "mortgage", "number": "99000001", "since": "2017-03-03", "holder": DATA["bank"]}
    act.dwelling(flat, about_dwelling.record_encumbrance, **mortgage)
    act.enter(owner)
    _card(act, owner, flat, "2017-04-01")
    act = yield town.at(0.29)
    right = {"address": replace(place.address, house="31/1"), "kind": place.kind}
    act.dwelling(flat, about_dwelling.correct_dwelling, **right, reason=PAPERS["wrong_house"])
    act = yield town.at(0.64)
    act.settle(owner.id, town.home(act))
    lease = {"number": DATA["lease"].format(1), "since": act.today.isoformat(), "tenant": tenant.particulars.surname}
    act.dwelling(flat, about_dwelling.record_lease, **lease, lessee=tenant.id)
    act.enter(tenant)
    act.settle(tenant.id, flat, basis=PAPERS["lease"])
    act = yield town.at(0.82)
    act.dwelling(flat, about_dwelling.record_encumbrance, **mortgage, until=act.today.isoformat())
    act = yield town.at(0.9)
    act.dwelling(flat, about_dwelling.change_kind, kind="state_or_communal", basis=PAPERS["court"])
    town.show("rented", tenant.id)


def away(town: Town) -> Story:
    """Serves: a mark that an owner who would remove him has to reckon with; one before it was written wrongly. So was
    one by which his address is protected; another one hid him for a time."""
    who = town.person("male", 34)
    act = yield town.at(0.66)
    act.enter(who)
    act.settle(who.id, town.home(act))
    marks = [town.book.id(), town.book.id()]
    # Not drawn by lot, so that whoever comes after him stays who they were in earlier releases.
    hides = [uuid5(who.id, name) for name in ("wrongly", "rightly")]
    serves = {"ground": "military_service", "since": act.ago(20), "paper": PAPERS["unit"]}
    act.person(who.id, absences.protect, mark=marks[0], **{**serves, "ground": "long_trip"})
    act.person(who.id, absences.correct, mark=marks[0], now=AbsenceVersion(**serves), reason=PAPERS["wrong_date"])
    act.person(who.id, protections.protect, mark=hides[0], basis=PAPERS["protects"], since=act.ago(3))
    act.person(who.id, protections.annul, mark=hides[0], basis=PAPERS["others_papers"])
    act = yield town.at(0.74)
    act.person(who.id, absences.annul, mark=marks[0], basis=PAPERS["others_papers"])
    act.person(who.id, absences.protect, mark=marks[1], **serves)
    act.person(who.id, protections.protect, mark=hides[1], basis=PAPERS["protects"], since=act.ago(1))
    act = yield town.at(0.93)
    act.person(who.id, absences.end, mark=marks[1], until=act.ago(5), paper=PAPERS["unit"])
    act.person(who.id, protections.end, mark=hides[1], until=act.ago(2), basis=PAPERS["protects_no_more"])
    town.show("away", who.id)
    town.show("hidden", who.id)


def _card(act: BookedAct, who: Newcomer, home: UUID, since: DateText) -> UUID:
    """Registered long ago, as the paper card says; nobody before they were born."""
    born = (who.born + timedelta(20)).isoformat()
    return act.settle(who.id, home, since=max(since, born[: len(since)]), basis=CARD)


def _on_renamed_street() -> Place:
    place = story_place(house="100")
    return replace(place, address=replace(place.address, street=DATA["territory"]["renamed_from"]))


STORIES: tuple[Callable[[Town], Story], ...] = (
    old_timer,
    wedded,
    corrected,
    restless,
    from_paper_cards,
    renamed_street,
    merged_flats,
    namesakes,
    declared,
    kept_inside,
    withdrawn,
    revived,
    not_revived,
    revived_until,
    taken_back,
    emigrant,
    renumbered_house,
    kept_ended,
    noted_outside,
    stay,
    latin_names,
    slip_of_the_pen,
    wrong_date_of_death,
    settled_after_death,
    backdated,
    end_corrected,
    rented,
    away,
)
