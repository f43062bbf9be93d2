"""Whose child somebody is: parents, guardians and an adoption, each written down, put right or taken back once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from registry.aggregates.papers import Paper
from registry.aggregates.person import family as about_family
from registry.aggregates.person import sealing
from registry.aggregates.person.events import FamilyLinkVersion
from registry.demo.book import CARD, BookedAct
from registry.demo.families import certificate
from registry.demo.inventing import PAPERS, Newcomer
from registry.demo.town import Story, Town


def child_of_both(town: Town) -> Story:
    """A girl whose father was written down by another's certificate at first; and a guardian who never was one."""
    mother, father = town.person("female", 37), town.person("male", 39)
    child = town.person("female", 9, surname=father.surname, father=father.particulars.given_names)
    act = yield town.at(0.21)
    home = town.home(act)
    for who in (mother, father, child):
        act.enter(who)
        _lives(act, who, home)
    paper = certificate(act, child)
    act.link(child.id, _parent(child, mother.id), paper)
    wrong = act.link(child.id, FamilyLinkVersion(role="parent", relative_name=PAPERS["other_father"]), paper)
    act = yield town.at(0.37)
    act.relink(child.id, wrong, _parent(child, father.id), reason=PAPERS["wrong_father"])
    stranger = FamilyLinkVersion(role="guardian", relative_name=PAPERS["other_guardian"])
    never = act.link(child.id, stranger, _order(act, child))
    act = yield town.at(0.44)
    act.person(child.id, about_family.annul_link, link=never, basis=PAPERS["no_guardian"])
    town.show("child_of_both", child.id)


def ward(town: Town) -> Story:
    """An orphan with a guardian by the order of a district, until another order."""
    guardian, child = town.person("female", 46), town.person("male", 15)
    act = yield town.at(0.24)
    home = town.home(act)
    for who in (guardian, child):
        act.enter(who)
        _lives(act, who, home)
    since = FamilyLinkVersion(role="guardian", relative=guardian.id, since=act.ago(12))
    link = act.link(child.id, since, _order(act, child))
    act = yield town.at(0.78)
    asked = {"until": act.ago(4), "basis": PAPERS["guardianship_over"]}
    act.person(child.id, about_family.end_link, link=link, **asked)
    town.show("ward", child.id)


def adopted(town: Town) -> Story:
    """A child gets a new name with new parents: a new entry, and who the child was is sealed."""
    adopter = town.person("female", 41)
    was = town.person("male", 7)
    now = town.born("male", was.born, surname=adopter.surname)
    act = yield town.at(0.26)
    act.enter(was)
    _lives(act, was, town.home(act))
    act.link(was.id, FamilyLinkVersion(role="parent", relative_name=PAPERS["other_mother"]), certificate(act, was))
    act.enter(adopter)
    home = town.home(act)
    _lives(act, adopter, home)
    act = yield town.at(0.69)
    act.enter(now)
    act.settle(now.id, home, basis=PAPERS["parent"])
    act.link(now.id, FamilyLinkVersion(role="adopter", relative=adopter.id, since=act.ago(15)), certificate(act, now))
    asked = {"id": was.id, "basis": PAPERS["adoption"], "successor": now.id}
    act.person(was.id, sealing.seal_removed, people=town.book.people, **asked)
    town.show("sealed", was.id)


def unsealed(town: Town) -> Story:
    """The seal was put on another child, who had left: taken off again."""
    who = town.person("female", 13)
    act = yield town.at(0.28)
    act.enter(who)
    _lives(act, who, town.home(act))
    act = yield town.at(0.7)
    act.leave(who.id)
    act = yield act.today + timedelta(6)
    asked = {"id": who.id, "basis": PAPERS["adoption"], "successor": None}
    act.person(who.id, sealing.seal_removed, people=town.book.people, **asked)
    act = yield act.today + timedelta(2)
    act.person(who.id, sealing.annul_seal, basis=PAPERS["wrong_seal"])
    town.show("unsealed", who.id)


def _lives(act: BookedAct, who: Newcomer, home: UUID) -> None:
    """Registered some time ago, as the paper card says; nobody before they were born."""
    act.settle(who.id, home, since=max(act.ago(200), (who.born + timedelta(20)).isoformat()), basis=CARD)


def _parent(child: Newcomer, parent: UUID) -> FamilyLinkVersion:
    return FamilyLinkVersion(role="parent", relative=parent, since=child.born.isoformat())


def _order(act: BookedAct, child: Newcomer) -> Paper:
    """The order by which somebody is a guardian."""
    return Paper(
        paper=act.book.id(),
        id="representative_authority",
        number=PAPERS["guardianship"],
        dated=act.ago(12),
        issuer=PAPERS["guardianship_body"],
        whose=child.id,
    )


STORIES: tuple[Callable[[Town], Story], ...] = (child_of_both, ward, adopted, unsealed)
