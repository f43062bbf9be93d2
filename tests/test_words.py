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


def said(*right: Any, wrong: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly nothing or what is held, and now and then anything."""
    return st.one_of(st.just(NOTHING), *map(st.just, right), wrong)


@st.composite
def visits(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the register holds, and what is said of it."""
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
        "lease": draw(ENDS) if service == LEAVES and draw(st.booleans()) else NOTHING,
    }
    lives = held["stands"] == "lives"
    left = LEFT if held["stands"] == "left" else NOTHING
    words = {
        "subject.born": draw(said(held["born"], wrong=st.sampled_from(["1990-03-16", "2008-09-01", "1991-03-15"]))),
        "subject.citizenship": draw(said(citizenship, wrong=CITIZENSHIPS)),
        "subject.identity_document": draw(
            said(held["identity_document"], wrong=st.sampled_from([*IDENTITIES["ua"], *IDENTITIES["foreigner"]]))
        ),
        "subject.deregistered_on": draw(said(*([left] if left != NOTHING else []), wrong=DAYS)),
        "subject.current_residence": draw(said(*([HERE] if lives else []), wrong=RESIDENCES)),
        "dwelling.kind": draw(said(held["kind"], wrong=KINDS)),
        "dwelling.rental": draw(said(wrong=st.one_of(st.none(), ENDS.map(lambda end: {"until": end}))))
        if service == LEAVES
        else NOTHING,
        "valid_until.identity_document": draw(said(held["valid_until"], wrong=st.sampled_from(["2031-01-01", LAST_YEAR]))),
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
def test_nothing_is_granted_that_the_register_contradicts(desk: Desk, visit: tuple[dict[str, Any], dict[str, Any]]) -> None:
    held, words = visit
    body = filed(desk, held, words)
    before = desk.registry.position()
    answer = desk.post("/applications", {**body, "decide": True})
    told = answer.json()
    wrong = contradicted(held, words)
    if answer.status_code == 201 and told["status"] == "granted":
        assert not wrong
    if answer.status_code == 422:
        assert desk.registry.position() == before
        differs = {one["field"] for one in told["errors"] if one["code"] == "differs-from-register"}
        assert differs >= wrong - {"valid_until.identity_document"} or not differs
        assert all(field in words for field in differs)


def filed(desk: Desk, held: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
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
            desk.core("deregister_residence", person, residence=residence, until=LEFT, basis="заява")
    if held["lease"] != NOTHING:
        lease(desk, home, person, held["lease"])
    declares = held["service"] == "declare_residence"
    body: dict[str, Any] = {
        "service": held["service"],
        "received": VISIT,
        "channel": "diia" if declares else "office",
        "office": "metalurhiinyi",
        "acted_on": VISIT[:10],
        "subject": {},
        "dwelling": {} if declares else {"right_document_held": True},
        "documents": PAPERS,
        "consents": CONSENTS,
        "register": about(person, **({} if held["service"] == LEAVES else {"dwelling": home})),
    }
    for name, value in words.items():
        where, what = name.split(".")
        body.setdefault(where, {})[what] = value
    body |= came(body)
    tried = desk.post("/applications?dry_run=1", body)
    if tried.status_code == 200:
        (part,) = tried.json()["parts"]
        paid = {"kopiykas": part["fee"]["kopiykas"]}
        body["checks"] = [
            {"part": 1, "check": one["check"], "said": paid if one["check"] == "payment" else {}} for one in part["checks"]
        ]
    return body


def lease(desk: Desk, home: str, person: str, until: str | None) -> None:
    """Somebody lives there by a contract; without `until` it has no end."""
    stream = UUID(home)
    fact = LeaseRecorded(number="7/25", until=until, lessee=UUID(person))
    version = desk.registry.dwelling(stream).version
    desk.registry.append([(stream, [fact], version)], by=CLERK, command=uuid4())
