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
import psycopg
import pytest
from browsing import Window, user_of
from filing import CHILD_BORN, DAY, MOVE, NEXT, about, amendment, filed, strict
from given import NAMED, anywhere
from running import served
from test_absentees import marked, resident
from test_api import Desk
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
from registry.aggregates.community.state import Matter
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

QUICK = (
    *("residence-corrected", "entry-withdrawn", "entry-merged", "merge-annulled", "former-identity-sealed"),
    *("absence-protection-corrected", "family-link-annulled", "address-protection-annulled", "territory", "street"),
    *("visit with a newcomer", "visit of a past day"),
)
"""One of each way in which a change is worked out."""


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
    """An extract of each who is not hidden, with earlier periods if they live and are of age, to somebody who can be
    told of what becomes of it."""
    reached = {"contact": "+380000777333"}
    asked = {"basis": "official_request", "notice": {"sender": "Вигадівський суд", "dated": "2020-01-09"}, **reached}
    for one in people:
        if desk.post(f"/persons/{one}/extracts", {"history": True, **reached}).status_code != 201:
            desk.post(f"/persons/{one}/extracts", asked)


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
    @pytest.mark.parametrize(
        "kind", [kind if kind in QUICK else pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS]
    )
    def test_what_the_page_says_is_what_the_approval_does(self, strict: Two, tmp_path: Path, kind: str) -> None:
        desk, head = strict
        id = KINDS[kind](desk, head, tmp_path)
        registry, ground = desk.registry, "own_record" if kind == "former-identity-seal-annulled" else ""
        change = registry.application(UUID(id)).change
        told = foreseen.subjects(registry, change, mapper.kyiv_day(registry.clock()))
        assert any(statements(one.aggregate, one.before) != statements(one.aggregate, one.after) for one in told)
        issue(desk, change.people)
        before = standing(desk)
        assert before or ground or not any(one.aggregate == "person" and one.before.entered for one in told)
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


@pytest.fixture
def change(strict: Two) -> str:
    """A residence that is to be corrected, and an extract that will fall."""
    desk, _ = strict
    person, home = desk.person(), desk.dwelling()
    residence = desk.settled(person, home)
    body = {"since": "2010-07-16", "reason": "описка в даті"}
    id = requested(desk, f"/persons/{person}/residences/{residence}/correction", body)
    issue(desk, [UUID(person)])
    return id


def facts(desk: Desk, change: str) -> list[str]:
    return [entry.fact.NAME for entry in desk.registry.entries(UUID(change))]


class TestThePage:
    def test_says_what_changes_why_who_asks_and_what_falls(self, strict: Two, change: str) -> None:
        _, head = strict
        said = read(head.client.get(f"/approvals/{change}"))
        for words_ in (
            "Виправлення відомостей про місце проживання",
            "Просить Вигадана clerk",
            "Причина: «описка в даті».",
            "дата початку змінено 15.07.2010 16.07.2010",
            "Без змін: адреса: смт Вигадівка, вул. Калинова, буд. 7; вид: зареєстроване місце проживання",
            "чинний → застаріє отримувача буде сповіщено",
            "Повідомлення тому, хто отримав витяг",
            "1 з 1",
            "Інших змін немає",
        ):
            assert words_ in said, (words_, said)

    def test_its_title_and_address_name_nobody(self, strict: Two, change: str) -> None:
        _, head = strict
        page = head.client.get(f"/approvals/{change}").text
        assert "Погодження · зміна" in (title := re.search("<title>(.*?)</title>", page)[1]) and "Вигадана" not in title

    def test_the_paper_and_the_scan_are_named(self, strict: Two) -> None:
        desk, head = strict
        scan = "ab" * 32
        paper = {"id": "identity_document", "number": "Пелікан-5", "shown_by": "Шпаківна", "scan": scan}
        id = decided(desk, {**amendment(desk)[1], "papers": [paper]})
        page = head.client.get(f"/approvals/{id}")
        assert "№ Пелікан-5, хто показав: Шпаківна" in read(page) and f'href="/api/v1/scans/{scan}"' in page.text

    def test_the_card_leads_to_it(self, strict: Two, change: str) -> None:
        desk, head = strict
        person = desk.registry.application(UUID(change)).change.person
        for one in (desk, head):
            assert f'href="/approvals/{change}"' in one.client.get(f"/persons/{person}").text

    @pytest.mark.parametrize("id", ["x", str(UUID(int=9)), "%00"])
    def test_of_nothing_is_not_found(self, strict: Two, id: str) -> None:
        desk, head = strict
        case = desk.act("/applications", amendment(desk)[1])["application"]
        for one in (id, case):
            answer = head.client.get(f"/approvals/{one}")
            assert answer.status_code == 404 and "Не знайдено" in answer.text
            assert head.client.post(f"/approvals/{one}/approval", data={}).status_code == 404

    def test_a_form_that_no_page_drew_is_refused(self, strict: Two, change: str) -> None:
        _, head = strict
        for data in ({}, {"command": "?", "version": "1"}, {"command": str(uuid4()), "version": "x"}):
            assert head.client.post(f"/approvals/{change}/approval", data=data).status_code == 400
        assert facts(head, change) == ["change-requested"]

    def test_of_the_same_before_and_after_nothing_is_said_to_differ(self) -> None:
        assert before_after.difference("person", Person(), Person(), Plain()).rows == []


class TestTheList:
    def test_of_fifty_is_as_many_queries_as_of_five(self, strict: Two, monkeypatch: pytest.MonkeyPatch) -> None:
        desk, head = strict
        home, took = desk.dwelling(), []
        plain, asked = psycopg.Connection.execute, Counter[str]()

        def counted(self: Any, query: Any, *said: Any, **named: Any) -> Any:
            # An empty one only asks of a connection that was idle whether it is alive.
            asked["now"] += query != ""
            return plain(self, query, *said, **named)

        for number in range(50):
            person = desk.person(surname=f"Черговенко{number}", birth_date="1990-01-01", unzr=None)
            residence = desk.settled(person, home)
            requested(
                desk,
                f"/persons/{person}/residences/{residence}/correction",
                {"since": "2010-07-16", "reason": "описка"},
            )
            if number + 1 in (5, 50):
                head.client.get("/approvals")
                with monkeypatch.context() as patched:
                    patched.setattr(psycopg.Connection, "execute", counted)
                    asked.clear()
                    page = head.client.get("/approvals").text
                assert page.count('class="hit"') == number + 1
                took.append(asked["now"])
        assert 0 < took[1] <= took[0], took

    def test_is_of_the_oldest_first_with_the_exact_count(self, strict: Two, monkeypatch: pytest.MonkeyPatch) -> None:
        desk, head = strict
        assert "Жодна зміна не чекає" in read(head.client.get("/approvals"))
        life = Life(desk)
        asked = [requested(desk, *life.asked(name)[:2]) for name in FOR_TWO[:3]]
        page = head.client.get("/approvals")
        assert re.findall(r'class="hit" href="/approvals/([^"]+)"', page.text) == asked
        assert "Чекає змін: 3" in read(page) and "Вигадана Оксана" in read(page) and "сьогодні" in read(page)
        assert "ваше подання" not in read(page) and "ваше подання" in read(desk.client.get("/approvals"))
        monkeypatch.setattr("api.shapes.approvals.LISTED", 2)
        page = head.client.get("/approvals")
        assert "Показано 2 найдавніших із 3" in read(page) and asked[2] not in page.text

    def test_leads_from_each_to_the_next_and_round(self, strict: Two) -> None:
        desk, head = strict
        life = Life(desk)
        asked = [requested(desk, *life.asked(name)[:2]) for name in FOR_TWO[:2]]
        for here, there in (asked, reversed(asked)):
            page = head.client.get(f"/approvals/{here}").text
            assert re.search(rf'href="/approvals/{there}" data-key="KeyY"', page)


class TestTheWord:
    def test_is_recorded_once_however_often_it_is_pressed(self, strict: Two, change: str) -> None:
        _, head = strict
        drawn = fields_of(head.client.get(f"/approvals/{change}").text, "approval")
        for _ in range(2):
            answer = head.client.post(f"/approvals/{change}/approval", data=drawn, follow_redirects=False)
            assert (answer.status_code, answer.headers["location"]) == (303, f"/approvals/{change}")
        assert facts(head, change) == ["change-requested", "change-approved"]
        said = read(head.client.get(f"/approvals/{change}"))
        assert "Погоджено: Вигадана head" in said and "Рішення" not in said
        other = head.client.post(f"/approvals/{change}/approval", data={**drawn, "command": str(uuid4())})
        assert other.status_code == 412 and "Погоджено: Вигадана head" in words(other)
        assert facts(head, change) == ["change-requested", "change-approved"]

    def test_a_rejection_has_a_reason(self, strict: Two, change: str) -> None:
        _, head = strict
        for reason in ("", "  "):
            answer = press(head, change, "rejection", reason=reason)
            assert answer.status_code == 422 and 'role="alert"' in answer.text and "причину" in words(answer).lower()
        assert facts(head, change) == ["change-requested"]
        assert press(head, change, "rejection", reason="немає заяви").status_code == 303
        said = read(head.client.get(f"/approvals/{change}"))
        assert "Відхилено: Вигадана head" in said and "Причина відхилення: «немає заяви»." in said
        assert "Мало стати" in said and facts(head, change)[-1] == "change-rejected"

    def test_a_reason_that_is_too_long_stays_in_its_field(self, strict: Two, change: str) -> None:
        _, head = strict
        answer = press(head, change, "rejection", reason="ні" * 5000)
        assert answer.status_code == 422 and "ні" * 5000 in answer.text and facts(head, change) == ["change-requested"]

    def test_on_ones_own_is_only_a_taking_back(self, strict: Two, change: str) -> None:
        desk, _ = strict
        page = desk.client.get(f"/approvals/{change}")
        assert "Зміну просили ви" in read(page) and "/approval" not in page.text.replace("/approvals", "")
        sent = {"command": str(uuid4()), "version": "1"}
        answer = desk.client.post(f"/approvals/{change}/approval", data=sent)
        assert answer.status_code == 422 and "Погоджує інша особа" in words(answer)
        assert facts(desk, change) == ["change-requested"]
        assert press(desk, change, "rejection", reason="помилково").status_code == 303

    def test_of_a_page_that_has_grown_old_is_refused_with_what_is_now(self, strict: Two) -> None:
        desk, head = strict
        body = amendment(desk)[1]
        id = decided(desk, body)
        drawn = fields_of(head.client.get(f"/approvals/{id}").text, "approval")
        head.act(f"/applications/{id}/rejection", {"reason": "не той папір"})
        assert desk.post(f"/applications/{id}/decision", {"acted_on": DAY}).status_code == 202
        before = facts(desk, id)
        answer = head.client.post(f"/approvals/{id}/approval", data=drawn)
        assert answer.status_code == 412 and "Нічого не змінено" in words(answer) and facts(desk, id) == before
        fresh = fields_of(answer.text, "approval")
        assert fresh["version"] == str(len(before)) and fresh["command"] != drawn["command"]
        assert head.client.post(f"/approvals/{id}/approval", data=fresh, follow_redirects=False).status_code == 303

    def test_of_a_record_that_has_changed_is_only_a_rejection(self, strict: Two, change: str) -> None:
        desk, head = strict
        drawn = fields_of(head.client.get(f"/approvals/{change}").text, "approval")
        person = desk.registry.application(UUID(change)).change.person
        desk.core("change_particulars", str(person), corrects=True, changes={"phone": "1"}, basis="паспорт")
        answer = head.client.post(f"/approvals/{change}/approval", data=drawn)
        assert answer.status_code == 409 and facts(desk, change) == ["change-requested"]
        page = head.client.get(f"/approvals/{change}")
        assert "Погодити не можна: Реєстратор Вигадана О. О." in read(page) and 'data-key="KeyG"' not in page.text
        assert press(head, change, "rejection", reason="запис змінився").status_code == 303

    def test_by_rules_that_are_others_now_is_barred_in_words(self, strict: Two) -> None:
        desk, head = strict
        person, body = amendment(desk)
        part = {"service": "issue_extract", "applicant": {"kind": "proxy_representative"}, "register": about(person)}
        part |= {"subject": {"born": "1990-05-04"}}
        part |= {"documents": ["identity_document", "representative_identity", "representative_authority"]}
        id = decided(desk, beside(desk, {**body, "applicant_name": "Представниця Вигадана"}, part))
        state = head.client.app.state
        state.settings = type(state.settings)(
            **{one.name: getattr(state.settings, one.name) for one in fields(state.settings) if one.init}
            | {"proxy_gets_extract": True}
        )
        page = head.client.get(f"/approvals/{id}")
        assert "Погодити зараз не можна" in read(page) and 'data-key="KeyG"' not in page.text


class TestWhoMay:
    def at(self, desk: Desk, role: Any) -> Window:
        user_of(desk.registry, login=f"{role}-2", role=role)
        window = Window(create_app(desk.registry, Settings(data=anywhere(), **NAMED)))
        window.sign_in(f"{role}-2")
        return window

    def test_a_clerk_looks_and_neither_approves_nor_rejects_that_of_another(self, strict: Two, change: str) -> None:
        window, page = self.at(strict[0], "clerk"), f"/approvals/{change}"
        shown = window.get(page)
        assert "Погоджує керівник" in read(shown) and f'action="{page}/' not in shown.text
        assert window.get("/approvals").status_code == 403
        sent = {"command": str(uuid4()), "version": "1", "reason": "ні"}
        for act in ("approval", "rejection"):
            answer = window.sends(f"{page}/{act}", page="/", **sent)
            assert answer.status_code == 403 and "керівник" in words(answer)
        assert facts(strict[0], change) == ["change-requested"]

    def test_an_auditor_looks_and_never_acts(self, strict: Two, change: str) -> None:
        window, page = self.at(strict[0], "auditor"), f"/approvals/{change}"
        assert change in window.get("/approvals").text and f'action="{page}/' not in window.get(page).text
        assert window.sends(f"{page}/approval", command=str(uuid4()), version="1").status_code == 403

    def test_a_head_approves_by_the_form_with_its_token(self, strict: Two, change: str) -> None:
        window, page = self.at(strict[0], "head"), f"/approvals/{change}"
        drawn = fields_of(window.get(page).text, "approval")
        bare = {name: value for name, value in drawn.items() if name != "csrf"}
        assert window.post(f"{page}/approval", data=bare).status_code == 403
        assert window.post(f"{page}/approval", data=drawn).status_code == 303
        assert facts(strict[0], change) == ["change-requested", "change-approved"]

    def test_an_administrator_sees_none_of_it(self, strict: Two, change: str) -> None:
        window = self.at(strict[0], "admin")
        assert [window.get(path).status_code for path in ("/approvals", f"/approvals/{change}")] == [403, 403]

    def test_of_the_hidden_a_row_stays_and_nothing_else(
        self, strict: Two, change: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk, head = strict

        class Denies:
            sees_everything = False

            def sees(self, person: UUID) -> bool:
                return False

        monkeypatch.setattr(viewer, "viewer_of", lambda who: Denies())
        listed = read(head.client.get("/approvals"))
        assert viewer.HIDDEN in listed and "Чекає змін: 1" in listed and "Вигадана Оксана" not in listed
        for ground in ("", "own_record", "?"):
            answer = head.client.get(f"/approvals/{change}", params={"ground": ground})
            assert answer.status_code == 403
            assert "Оксана" not in answer.text and "описка" not in answer.text and "Калинова" not in answer.text
        sent = {"command": str(uuid4()), "version": "1"}
        assert head.client.post(f"/approvals/{change}/approval", data=sent).status_code == 403
        assert facts(desk, change) == ["change-requested"]

    def test_a_sealed_identity_is_opened_on_a_ground_and_hidden_again_once_it_is_sealed(
        self, strict: Two, tmp_path: Path
    ) -> None:
        desk, head = strict
        id = seal(desk, head, tmp_path)
        assert press(head, id).status_code == 303
        done = read(head.client.get(f"/approvals/{id}"))
        assert "Погоджено: Вигадана head" in done and "Колишня" not in done
        child = desk.registry.application(UUID(id)).change.person
        where, body = f"/persons/{child}/identity-seal-annulment", {"basis": "не той запис"}
        back = requested(desk, where, body, Access_Ground="own_record")
        asks = head.client.get(f"/approvals/{back}")
        assert asks.status_code == 403 and "На якій підставі" in words(asks) and "Колишня" not in asks.text
        page = head.client.get(f"/approvals/{back}", params={"ground": "own_record"})
        assert "Колишня" in read(page) and "закритий як попередні відомості" in read(page)
        headers = {"Access-Ground": "own_record"}
        looks = head.client.get(f"/api/v1/persons/{child}/looks", headers=headers).text
        assert "own_record" in looks and "сторінка зміни, що чекає погодження" in looks


class TestOfTheCommunity:
    @pytest.fixture
    def asked(self, strict: Two) -> str:
        """The name of the community is to change."""
        registry = strict[0].registry
        for name in ("Вигадівська", "Вигадівська міська"):
            said = [CommunityDescribed(code="UA12", name=f"{name} громада", body="Виконком")]
            community.enter(registry, said, by=Actor("clerk", "В. К."), settings=Settings(), today=date(2025, 1, 1))
        return str(COMMUNITY)

    def test_is_shown_and_approved_once(self, strict: Two, asked: str) -> None:
        desk, head = strict
        assert f'href="/approvals/{asked}"' in head.client.get("/approvals").text
        page = head.client.get(f"/approvals/{asked}")
        assert "Громада (з 01.01.2025) назва змінено Вигадівська громада Вигадівська міська громада" in read(page)
        drawn = fields_of(page.text, "approval")
        assert press(head, asked, version="1").status_code == 412
        assert press(desk, asked, "rejection", reason="").status_code == 422
        own = desk.client.post(f"/approvals/{asked}/approval", data={"command": str(uuid4()), "version": "2"})
        assert own.status_code == 422 and "Погоджує інша особа" in words(own)
        for _ in range(2):
            answer = head.client.post(f"/approvals/{asked}/approval", data=drawn, follow_redirects=False)
            assert answer.status_code == 303
        assert desk.registry.community().on(date.today()).identity.name == "Вигадівська міська громада"
        assert len(desk.registry.entries(COMMUNITY)) == 4 and "Погоджено" in read(
            head.client.get(f"/approvals/{asked}")
        )

    def test_is_taken_back_by_who_asked(self, strict: Two, asked: str) -> None:
        desk, head = strict
        assert press(desk, asked, "rejection", reason="описка").status_code == 303
        assert not desk.registry.community().awaiting and asked not in head.client.get("/approvals").text

    def test_a_version_that_is_another_is_a_lost_race(self, strict: Two, asked: str) -> None:
        with pytest.raises(LostRace):
            community.reject(strict[0].registry, Actor("head", "К."), "ні", version=1)

    def test_every_part_of_it_has_a_word(self) -> None:
        parts, said = {*(one.name for one in fields(Readings))}, TEXTS["community_parts"]
        matters = get_args(Matter)
        for one in (*matters, *(getattr(of_community, name) for name in PARTS), Payee):
            parts |= {part.name for part in fields(one)}
        assert parts == set(said) and {one.NAME for one in matters} == set(TEXTS["community_matters"])


PARTS = ("LocalOffice", "Opening", "Schedule", "Saturdays", "SingleDay", "OtherBody")


class TestInABrowser:
    @pytest.mark.parametrize("screen", [DESK, NARROW, TWICE], ids=["desk", "narrow", "twice"])
    def test_by_keys_with_axe_and_without_scrolling_sideways(
        self, strict: Two, chromium: Any, screen: Any, tmp_path: Path
    ) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
        desk, _ = strict
        person, home = desk.person(), desk.dwelling()
        residence = desk.settled(person, home)
        issue(desk, [UUID(person)])
        where = f"/persons/{person}/residences/{residence}/correction"
        first, second = (requested(desk, where, {"since": f"2010-07-{day}", "reason": "описка"}) for day in (16, 17))
        user_of(desk.registry, role="head")
        with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
            context = chromium.new_context(base_url=address, viewport=screen, locale="uk-UA")
            context.set_default_timeout(PATIENCE)
            page = context.new_page()

            def looked(what: str) -> None:
                assert axe.Axe().run(page).response["violations"] == [], what
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
                if folder := os.environ.get("SCREENSHOTS"):
                    page.screenshot(path=f"{folder}/approval-{what}-{screen['width']}.png", full_page=True)

            sign_in(page, to="/approvals")
            page.locator("a.hit").first.wait_for()
            looked("list")
            page.goto(f"/approvals/{first}")
            page.wait_for_load_state()
            page.locator("#main:focus").wait_for()
            looked("change")
            page.keyboard.press("KeyY")
            page.wait_for_url(f"**/approvals/{second}")
            page.locator("#main:focus").wait_for()
            page.keyboard.press("BracketLeft")
            page.get_by_role("alert").wait_for()
            looked("no-reason")
            page.locator("#reason").fill("описка не тут")
            page.get_by_role("button", name="Відхилити").click()
            page.get_by_text("Відхилено:").wait_for()
            looked("rejected")
            page.goto(f"/approvals/{first}")
            page.wait_for_load_state()
            page.locator("#main:focus").wait_for()
            page.keyboard.press("KeyG")
            page.get_by_text("Погоджено:").wait_for()
            looked("approved")
            context.close()
        assert facts(desk, first)[-1] == "change-approved" and facts(desk, second)[-1] == "change-rejected"

    def test_without_scripts(self, strict: Two, change: str, chromium: Any, tmp_path: Path) -> None:
        desk, _ = strict
        user_of(desk.registry, role="head")
        with served(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as address:
            context = chromium.new_context(base_url=address, java_script_enabled=False)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            sign_in(page, to=f"/approvals/{change}")
            page.get_by_role("button", name="Погодити").click()
            page.get_by_text("Погоджено:").wait_for()
            context.close()
        assert facts(desk, change)[-1] == "change-approved"
