"""The pages of approval: what waits, each kind of change as it was and as it will be, and the word on it.

What a page says an approval will do is compared with what it then does: the statements about everybody whom the change
is about, the extracts that fall, the messages that go out.
"""

import html
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, get_args
from uuid import UUID, uuid4

import httpx
import pytest
from browsing import Window, user_of
from clerks import Clerk
from filing import CHILD_BORN, DAY, MOVE, NEXT, about, amendment, filed, strict
from given import CLERK, NAMED
from running import served
from test_absentees import SERVES, marked, resident
from test_api import API, Desk
from test_family import link_of, linked, mother_of
from test_pages import DESK, NARROW, PATIENCE, TWICE, chromium
from test_second_person import FOR_TWO, Life
from test_signing_browser import sign_in
from test_streets import imported as streets_imported
from test_streets import row as street
from test_territories import FAR, THERE
from test_territories import imported as territories_imported
from test_territories import row as territory
from test_waiting_cases import NEW, beside, with_child

from api.main import create_app
from api.shapes import before_after
from registry import community, viewer
from registry.aggregates.community import events as of_community
from registry.aggregates.community.events import COMMUNITY, CommunityDescribed
from registry.aggregates.community.payees import Payee
from registry.aggregates.facts import AGGREGATE_OF
from registry.aggregates.person.state import Person
from registry.aggregates.values import Actor
from registry.app import LostRace
from registry.cases import foreseen
from registry.cases.foreseen import FOLDS
from registry.extracts import superseding
from registry.services.adopted import Readings
from registry.settings import Settings
from registry.storage import mapper
from registry.texts import TEXTS

__all__ = ["chromium", "strict"]

Two = tuple[Desk, Desk]
Asks = Callable[[Desk, Desk, Path], str]


def requested(desk: Desk, path: str, body: dict[str, Any], **headers: str) -> str:
    """Asks for a change over the API; where it waits."""
    answer = desk.post(path, body, **headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["application"])


def of_life(name: str) -> Asks:
    return lambda desk, head, folder: requested(desk, *Life(desk).asked(name)[:2])


def merge(desk: Desk, head: Desk, folder: Path) -> str:
    stays, gone = desk.person(), desk.person(ref="К-2")
    desk.settled(stays, desk.dwelling(), "2015-01-01")
    residence = desk.settled(gone, desk.dwelling("9"), "2012-01-01")
    desk.act(f"/persons/{gone}/extracts", {"history": True, "contact": "+380000777333"})
    return requested(desk, f"/persons/{gone}/merge", {"into": stays, "reason": "внесено двічі", "keep": [residence]})


def merge_taken_back(desk: Desk, head: Desk, folder: Path) -> str:
    asked = merge(desk, head, folder)
    gone = desk.registry.application(UUID(asked)).change.person
    head.act(f"/applications/{asked}/approval")
    return requested(desk, f"/persons/{gone}/merge-annulment", {"basis": "двоє"})


def seal(desk: Desk, head: Desk, folder: Path) -> str:
    child = desk.person(surname="Колишня", birth_date=CHILD_BORN)
    new = desk.person(surname="Названа", birth_date=CHILD_BORN)
    for one, since in ((child, CHILD_BORN), (new, DAY)):
        desk.settled(one, desk.dwelling(), since)
    return requested(desk, f"/persons/{child}/identity-seal", {"basis": "рішення суду", "successor": new})


def unseal(desk: Desk, head: Desk, folder: Path) -> str:
    asked = seal(desk, head, folder)
    child = desk.registry.application(UUID(asked)).change.person
    head.act(f"/applications/{asked}/approval")
    return requested(
        desk, f"/persons/{child}/identity-seal-annulment", {"basis": "не той запис"}, Access_Ground="own_record"
    )


def absence(act: str, body: dict[str, Any]) -> Asks:
    def ask(desk: Desk, head: Desk, folder: Path) -> str:
        person = resident(desk)
        return requested(desk, f"/persons/{person}/absences/{marked(desk, person)}/{act}", body)

    return ask


def link(act: str, body: dict[str, Any]) -> Asks:
    def ask(desk: Desk, head: Desk, folder: Path) -> str:
        child = desk.person(birth_date=CHILD_BORN)
        linked(desk, child, mother_of(desk))
        return requested(desk, f"/persons/{child}/family/{link_of(desk, child)}/{act}", body)

    return ask


def unprotect(desk: Desk, head: Desk, folder: Path) -> str:
    where = f"/persons/{resident(desk)}/address-protection"
    desk.act(where, {"since": "2024-01-01", "basis": "рішення органу"})
    (mark,) = desk.get(where).json()["answer"]
    return requested(desk, f"{where}/{mark['mark']}/annulment", {"basis": "хибна позначка"})


def territories(desk: Desk, head: Desk, folder: Path) -> str:
    territories_imported(desk.registry, folder, territory(THERE), two=True)
    rows = territory(THERE, until="2025-01-01"), territory(FAR, "Інша")
    (act,) = territories_imported(desk.registry, folder, *rows, two=True).acts
    return str(act.entries[0].stream)


def streets(desk: Desk, head: Desk, folder: Path) -> str:
    streets_imported(desk.registry, folder, street("вул. Перша", "7"), two=True)
    rows = street("вул. Перша", "7"), street("вул. Друга", "1")
    (act,) = streets_imported(desk.registry, folder, *rows, two=True).acts
    return str(act.entries[0].stream)


def decided(desk: Desk, body: dict[str, Any]) -> str:
    return requested(desk, "/applications", {**body, "decide": True})


def visit(desk: Desk, head: Desk, folder: Path) -> str:
    return decided(desk, amendment(desk)[1])


def visit_with_a_newcomer(desk: Desk, head: Desk, folder: Path) -> str:
    return decided(desk, with_child(desk, NEW)[1])


def visit_that_brings_a_dwelling(desk: Desk, head: Desk, folder: Path) -> str:
    one = desk.person(surname="Приїжджа")
    there = {"place": "other_community"}
    part = {**MOVE, "dwelling": {"right_document_held": True, "rental": {"until": "2031-01-01"}}}
    part |= {"subject": {"born": "1990-05-04", "current_residence": there}}
    part |= {"register": about(one, dwelling=desk.dwelling("11"), elsewhere={"address": "м. Деінде, вул. Нова, 1"})}
    return decided(desk, beside(desk, amendment(desk)[1], part))


def late(desk: Desk, head: Desk, folder: Path) -> str:
    body = filed(desk, **MOVE, register=about(desk.person(), dwelling=desk.dwelling("11")))
    desk.clock.moment = head.clock.moment = f"{NEXT}T10:00"
    return decided(desk, {**body, "reason": "прийнято на папері"})


KINDS: dict[str, Asks] = {
    **{name: of_life(name) for name in FOR_TWO},
    "entry-merged": merge,
    "merge-annulled": merge_taken_back,
    "former-identity-sealed": seal,
    "former-identity-seal-annulled": unseal,
    "absence-protection-corrected": absence("correction", {"since": "2024-04-01", "reason": "описка"}),
    "absence-protection-annulled": absence("annulment", {"basis": "тезка"}),
    "family-link-corrected": link("correction", {"relative_name": "Інша Мати", "reason": "описка"}),
    "family-link-annulled": link("annulment", {"basis": "чуже рішення"}),
    "address-protection-annulled": unprotect,
    "territory": territories,
    "street": streets,
    "visit": visit,
    "visit with a newcomer": visit_with_a_newcomer,
    "visit that brings a dwelling": visit_that_brings_a_dwelling,
    "visit of a past day": late,
}
"""Each kind of change that waits, by the fact that it is about or what it is."""


class Plain:
    """Names that are the same before and after."""

    def dwelling(self, id: UUID) -> str:
        return str(id)

    residence = person = dwelling


def statements(aggregate: str, state: Any) -> list[Any]:
    return sorted((str(key), said.text) for key, said in before_after.TOLD[aggregate](state, Plain()))


def read(page: httpx.Response) -> str:
    """What stands on a page, without marks, with one blank between words."""
    assert page.status_code == 200, page.text
    return words(page)


def words(page: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split()).replace("\u00a0", " ")


def fields_of(page: str, act: str) -> dict[str, str]:
    """The hidden fields of the form of an act."""
    form = re.search(rf'<form method="post" action="[^"]*/{act}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form, page
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))


def press(desk: Desk, change: str, act: str = "approval", **typed: str) -> httpx.Response:
    """What the form of the page sends, unless something else is typed."""
    page = f"/approvals/{change}"
    drawn = fields_of(desk.client.get(page, params={"ground": typed.get("ground", "")}).text, act)
    return desk.client.post(f"{page}/{act}", data={**drawn, **typed}, follow_redirects=False)


def issue(desk: Desk, people: Iterable[UUID]) -> None:
    """An extract of each who is not hidden, to somebody who can be told of what becomes of it."""
    notice = {"sender": "Вигадівський суд", "dated": "2020-01-09"}
    for one in people:
        asks = {"basis": "official_request", "notice": notice, "contact": "+380000777333"}
        desk.post(f"/persons/{one}/extracts", asks)


def standing(desk: Desk) -> set[str]:
    """The numbers of the issued extracts that hold today."""
    with desk.registry.snapshot() as connection:
        found = connection.execute("SELECT extract FROM extracts WHERE known_until IS NULL AND issued").fetchall()
    asked = [desk.registry.entries(row["extract"])[0] for row in found]
    today = mapper.kyiv_day(desk.registry.clock())
    with desk.registry.snapshot() as connection:
        holding = [one for one in asked if superseding.superseded_on(connection, one, today=today) is None]
    return {f"{one.fact.year}/{one.fact.number:09d}" for one in holding}


class TestEachKind:
    @pytest.mark.parametrize("kind", KINDS)
    def test_what_the_page_says_is_what_the_approval_does(self, strict: Two, tmp_path: Path, kind: str) -> None:
        desk, head = strict
        id = KINDS[kind](desk, head, tmp_path)
        registry, ground = desk.registry, "own_record" if kind == "former-identity-seal-annulled" else ""
        change = registry.application(UUID(id)).change
        told = foreseen.subjects(registry, change, mapper.kyiv_day(registry.clock()))
        assert any(statements(one.aggregate, one.before) != statements(one.aggregate, one.after) for one in told)
        issue(desk, change.people)
        before = standing(desk)
        page = head.client.get(f"/approvals/{id}", params={"ground": ground})
        assert "Стане" in read(page) and "чекає погодження" in read(page)
        rows = re.findall(
            r'<td data-label="Було" class="was">(.*?)</td>.*?class="new">(.*?)</td>', page.text, re.DOTALL
        )
        assert rows and all(was != now for was, now in rows)
        fallen = set(re.findall(r">(\d{4}/\d{9})</a>", page.text))

        answer = press(head, id, ground=ground)
        assert answer.status_code == 303, words(answer)
        for one in told:
            now = FOLDS[one.aggregate](registry.entries(one.stream))
            assert statements(one.aggregate, now) == statements(one.aggregate, one.after)
        assert fallen == before - standing(desk)
        act = registry.of_command(registry.entries(UUID(id))[-1].command)
        positions = [entry.position for entry in act.entries]
        with registry.snapshot() as connection:
            sent = connection.execute("SELECT item FROM outbox WHERE position = ANY(%s)", [positions]).fetchall()
        listed = re.search(r'id="messages">.*?</section>', page.text, re.DOTALL)[0]
        told_of = [TEXTS["messages"].get(row["item"]) or TEXTS["tasks"][row["item"]] for row in sent]
        for label, count in Counter(told_of).items():
            assert label in html.unescape(listed).lower() or label[1:] in html.unescape(listed), label
            assert count == 1 or f"× {count}" in listed
        assert listed.count("<li>") == len(set(told_of))

    def test_all_that_needs_a_second_person_is_among_them(self) -> None:
        from registry.aggregates.person import absence_requests, family_requests, protection_requests, requests

        modules = (requests, absence_requests, family_requests, protection_requests)
        classes = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
        for_two = {one for one in classes if getattr(one, "FOR_TWO", False)}
        makes = {one.makes for one in for_two if isinstance(one.__dict__.get("makes", ""), str)}
        assert {name for name in makes if isinstance(name, str)} <= set(KINDS)
