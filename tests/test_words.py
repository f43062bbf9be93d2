"""No words of a clerk's grant what the register contradicts, over HTTP, on whatever is said of whomever.

The register holds when somebody was born, whose citizen they are, by which document and for how long, where they live
or when they left, what kind of dwelling it is and by which contract they live there. A clerk says any of it, right or
wrong, or nothing; every paper, consent and check is there, so that nothing else stands in the way.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from filing import about, came
from given import CLERK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_api import Desk, desk
from test_decision_properties import CONSENTS, PAPERS
from tiers import tries

from registry.aggregates.dwelling.events import LeaseRecorded

pytestmark = pytest.mark.slow

__all__ = ["desk"]

VISIT, YESTERDAY, LAST_YEAR = "2025-03-13T09:00", "2025-03-12", "2024-02-01"
SINCE, LEFT = "2010-07-15", "2025-02-20"
BORN = {"adult": "1990-03-15", "minor": "2008-09-01"}
SERVICES = ("register_residence", "register_stay", "declare_residence", "deregister_residence")
LEAVES = "deregister_residence"
NOTHING = "—"
"""In place of what is not said."""

CITIZENSHIPS = st.sampled_from(["ua", "foreigner", "stateless"])
KINDS = st.sampled_from(["private", "state_or_communal", "dormitory_other", "dormitory_school"])
IDENTITIES = {"ua": ("passport_card", "passport_travel"), "foreigner": ("permanent_permit", "temporary_permit")}
DAYS = st.sampled_from([LEFT, YESTERDAY, LAST_YEAR, "2025-02-10"])
ENDS = st.sampled_from([None, YESTERDAY, "2025-12-31", LAST_YEAR])
HERE = {"kind": "residence", "place": "this_community"}
RESIDENCES = st.sampled_from([None, HERE, {"place": "this_community"}, {"kind": "stay"}, {"place": "other_community"}])


@st.composite
def visits(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the register holds, and what is said of it."""
    honest = draw(st.booleans())

    def said(*right: Any, wrong: st.SearchStrategy[Any]) -> Any:
        """Nothing, or what is held, or whatever somebody says who is not honest."""
        return draw(st.one_of(st.just(NOTHING), *map(st.just, right), *([] if honest else [wrong])))

    citizenship = draw(st.sampled_from(["ua", "foreigner"]))
    service = draw(st.sampled_from(SERVICES))
    held = {
        "service": service,
        "born": draw(st.sampled_from(sorted(BORN.values()))),
        "citizenship": citizenship,
        "identity_document": draw(st.sampled_from(IDENTITIES[citizenship])),
        "valid_until": draw(st.sampled_from(["2030-01-01", YESTERDAY])),
        "kind": draw(KINDS),
        "stands": "lives" if service == LEAVES else draw(st.sampled_from(["lives", "left", "new"])),
        "owner": service == LEAVES and draw(st.booleans()),
        "lease": draw(ENDS) if service == LEAVES and draw(st.booleans()) else NOTHING,
    }
    here = [HERE] if held["stands"] == "lives" else []
    left = [LEFT] if held["stands"] == "left" else []
    papers = st.sampled_from([*IDENTITIES["ua"], *IDENTITIES["foreigner"]])
    rental = st.one_of(st.none(), ENDS.map(lambda end: {"until": end}))
    words = {
        "subject.born": said(held["born"], wrong=st.sampled_from(["1990-03-16", "1991-03-15"])),
        "subject.citizenship": said(citizenship, wrong=CITIZENSHIPS),
        "subject.identity_document": said(held["identity_document"], wrong=papers),
        "subject.deregistered_on": said(*left, wrong=DAYS),
        "subject.current_residence": said(*here, wrong=RESIDENCES),
        "dwelling.kind": said(held["kind"], wrong=KINDS),
        "dwelling.rental": said(wrong=rental) if service == LEAVES else NOTHING,
        "valid_until.identity_document": said(held["valid_until"], wrong=st.sampled_from(["2031-01-01", LAST_YEAR])),
    }
    return held, {name: value for name, value in words.items() if value != NOTHING}


def contradicted(held: Mapping[str, Any], words: Mapping[str, Any]) -> set[str]:
    """The words of which the register holds the contrary: written here once more, from what semantics and the issue
    say, so that it is not the program that tells what it should do."""
    wrong = {
        name
        for name, value in (
            ("subject.born", held["born"]),
            ("subject.citizenship", held["citizenship"]),
            ("subject.identity_document", held["identity_document"]),
            ("dwelling.kind", held["kind"]),
            ("valid_until.identity_document", held["valid_until"]),
        )
        if name in words and words[name] != value
    }
    settles = held["service"] != LEAVES
    if settles and "subject.current_residence" in words:
        lives, value = held["stands"] == "lives", words["subject.current_residence"]
        if lives and (value is None or {**HERE, **value} != HERE):
            wrong.add("subject.current_residence")
        if not lives and value is not None and value.get("place", "this_community") == "this_community":
            wrong.add("subject.current_residence")
    if settles and "subject.deregistered_on" in words:
        day = words["subject.deregistered_on"]
        if held["stands"] == "left" and day != LEFT:
            wrong.add("subject.deregistered_on")
        if held["stands"] == "lives" and day > SINCE:
            wrong.add("subject.deregistered_on")
    if held["lease"] != NOTHING and "dwelling.rental" in words:
        rental = words["dwelling.rental"]
        if rental is None or rental["until"] != held["lease"]:
            wrong.add("dwelling.rental")
    return wrong


@settings(max_examples=tries(250), deadline=None, suppress_health_check=list(HealthCheck))
@given(visit=visits())
def test_nothing_is_granted_that_the_register_contradicts(
    desk: Desk, visit: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    held, words = visit
    wrong, body = contradicted(held, words), visit_of(desk, held, words)
    tried = desk.post("/applications?dry_run=1", body)
    if tried.status_code == 200:
        (part,) = tried.json()["parts"]
        told = desk.act("/applications", {**body, "checks": answers(part), "decide": True})
        assert told["status"] != "granted" or not (wrong or kept_by_lease(held)), (wrong, told["decision"]["parts"])
        assert (part["outcome"] == "granted") == (told["status"] == "granted")
    else:
        differs = desk.refused("/applications?dry_run=1", body)["errors"]
        assert {one["code"] for one in differs} == {"differs-from-register"}
        assert wrong & {one["field"] for one in differs} and {one["field"] for one in differs} <= wrong, differs


def kept_by_lease(held: Mapping[str, Any]) -> bool:
    """Whether the owner asks to remove somebody whose contract runs: that needs not be said once more."""
    runs = held["lease"] is None or (held["lease"] != NOTHING and held["lease"] >= VISIT[:10])
    return bool(held["owner"]) and runs


def answers(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    """To each check that is asked for: it is as the applicant says, and all is paid."""
    paid = {"kopiykas": part["fee"]["kopiykas"]}
    return [
        {"part": 1, "check": one["check"], "said": paid if one["check"] == "payment" else {}} for one in part["checks"]
    ]


def visit_of(desk: Desk, held: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    """The visit of somebody whom the register holds so, with all that any card could ask for."""
    paper = {"kind": held["identity_document"], "number": "000000001", "valid_until": held["valid_until"]}
    entered = desk.act(
        "/persons",
        {
            "particulars": {"surname": "Вигадана", "birth_date": held["born"], "citizenship": held["citizenship"]},
            "documents": [paper],
        },
    )
    person, home = entered["person"], desk.dwelling(kind=held["kind"])
    lives_in = home if held["service"] == LEAVES else desk.dwelling("11", kind="private")
    if held["stands"] != "new":
        residence = desk.settled(person, lives_in, since=SINCE)
        if held["stands"] == "left":
            desk.core("deregister_residence", person, residence=residence, until=LEFT)
    if held["lease"] != NOTHING:
        lease(desk, home, person, held["lease"])
    declares = held["service"] == "declare_residence"
    comes = (words.get("subject.current_residence") or {}).get("place") == "other_community"
    register = {} if held["service"] == LEAVES else {"dwelling": home}
    register |= {"elsewhere": {"address": "м. Деінде, вул. Нова, 1"}} if comes and register else {}
    body: dict[str, Any] = {
        "service": held["service"],
        "received": VISIT,
        "channel": "diia" if declares else "office",
        "acted_on": VISIT[:10],
        "subject": {},
        "dwelling": {} if declares else {"right_document_held": True},
        "documents": PAPERS,
        "consents": CONSENTS,
        "register": about(person, **register),
    }
    if held["owner"]:
        body |= {"ground": "owner_application", "applicant": {"kind": "dwelling_owner"}}
    return with_words(body, words)


@st.composite
def children(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the register holds of a parent who files for a child, and what is said of it."""
    honest, citizenship = draw(st.booleans()), draw(st.sampled_from(["ua", "foreigner"]))

    def said(right: Any, wrong: st.SearchStrategy[Any]) -> Any:
        return draw(st.one_of(st.just(NOTHING), st.just(right), *([] if honest else [wrong])))

    held = {
        "service": draw(st.sampled_from(["register_child_residence", "deregister_child_residence", "register_stay"])),
        "citizenship": citizenship,
        "identity_document": draw(st.sampled_from(IDENTITIES[citizenship])),
        "valid_until": draw(st.sampled_from(["2030-01-01", YESTERDAY])),
        "lives": draw(st.sampled_from(["there", "elsewhere"])),
        "child": draw(st.sampled_from(["lives", "new"])),
    }
    papers = st.sampled_from([*IDENTITIES["ua"], *IDENTITIES["foreigner"]])
    words = {"parents.dwelling_is_parents": said(held["lives"] == "there", st.just(True))}
    if held["service"] != "register_stay":
        # For a stay of a child its own birth certificate is shown, and no document of the parent's.
        words |= {
            "applicant.citizenship": said(citizenship, CITIZENSHIPS),
            "applicant.identity_document": said(held["identity_document"], papers),
            "valid_until.parent_identity_document": said(held["valid_until"], st.just("2031-01-01")),
        }
    if held["service"] != "deregister_child_residence":
        here = HERE if held["child"] == "lives" else None
        words["subject.current_residence"] = said(here, st.sampled_from([None, HERE, {"kind": "stay"}]))
    else:
        del words["parents.dwelling_is_parents"]
    return held, {name: value for name, value in words.items() if value != NOTHING}


def denied(held: Mapping[str, Any], words: Mapping[str, Any]) -> set[str]:
    """The same of what is said of a parent, of the dwelling as a parent's, and of where the child lives."""
    wrong = {
        name
        for name, value in (
            ("applicant.citizenship", held["citizenship"]),
            ("applicant.identity_document", held["identity_document"]),
            ("valid_until.parent_identity_document", held["valid_until"]),
        )
        if name in words and words[name] != value
    }
    if held["lives"] == "elsewhere" and words.get("parents.dwelling_is_parents"):
        wrong.add("parents.dwelling_is_parents")
    if "subject.current_residence" in words:
        lives, value = held["child"] == "lives", words["subject.current_residence"]
        if lives != (value is not None) or (value is not None and {**HERE, **value} != HERE):
            wrong.add("subject.current_residence")
    return wrong


@settings(max_examples=tries(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(visit=children())
def test_nor_is_it_of_a_child_whose_parent_the_register_knows(
    desk: Desk, visit: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    held, words = visit
    wrong, body = denied(held, words), childs_visit(desk, held, words)
    tried = desk.post("/applications?dry_run=1", body)
    if tried.status_code == 200:
        (part,) = tried.json()["parts"]
        told = desk.act("/applications", {**body, "checks": answers(part), "decide": True})
        assert told["status"] != "granted" or not wrong, (wrong, told["decision"]["parts"])
    else:
        differs = desk.refused("/applications?dry_run=1", body)["errors"]
        assert {one["code"] for one in differs} == {"differs-from-register"}
        assert wrong & {one["field"] for one in differs} and {one["field"] for one in differs} <= wrong, differs


def childs_visit(desk: Desk, held: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    """The visit of a parent, with all that any card could ask for."""
    paper = {"kind": held["identity_document"], "number": "000000002", "valid_until": held["valid_until"]}
    particulars = {"surname": "Вигадана", "birth_date": "1990-03-15", "citizenship": held["citizenship"]}
    parent = desk.act("/persons", {"particulars": particulars, "documents": [paper]})["person"]
    child, home, other = desk.person(birth_date="2018-09-01"), desk.dwelling(), desk.dwelling("11")
    desk.settled(parent, home if held["lives"] == "there" else other, since=SINCE)
    leaves = held["service"] == "deregister_child_residence"
    if leaves or held["child"] == "lives":
        desk.settled(child, home if leaves else desk.dwelling("13"), since="2018-10-01")
    register = about(child, applicant=parent, **({} if leaves else {"dwelling": home}))
    body: dict[str, Any] = {
        "service": held["service"],
        "received": VISIT,
        "acted_on": VISIT[:10],
        "subject": {},
        "applicant": {"kind": "parent"},
        "dwelling": {"right_document_held": True},
        "documents": PAPERS,
        "consents": CONSENTS,
        "register": register,
    }
    return with_words(body, words)


def with_words(body: dict[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in words.items():
        where, what = name.split(".")
        body.setdefault(where, {})[what] = value
    return {**body, **came(body)}


def lease(desk: Desk, home: str, person: str, until: str | None) -> None:
    """Somebody lives there by a contract; without `until` it has no end."""
    stream = UUID(home)
    fact = LeaseRecorded(number="7/25", until=until, lessee=UUID(person))
    version = desk.registry.dwelling(stream).version
    desk.registry.append([(stream, [fact], version)], by=CLERK, command=uuid4())
