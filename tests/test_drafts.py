"""Drafts: what is answered and not filed outlives the session, is its owner's alone, and ends."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from browsing import SYSTEM, Window, led_to, token_of, user_of
from clerks import Clerk
from clocks import StoppedClock
from fastapi import FastAPI
from given import CLERK, NAMED
from test_guided_services import NEWCOMER, form_of

from api.main import create_app
from registry import drafts, journal, seals, viewer
from registry.aggregates.person.events import Particulars
from registry.app import Registry
from registry.drafts import DraftRefused, SavedDraft
from registry.opening import opened
from registry.roles import Role
from registry.settings import Settings, SettingsError
from registry.staff import users
from registry.storage import access

MORNING = "2026-03-02T07:00"
PAGE = "/services/register_residence"
TYPED = "Чернеткевич"
JSON = {"Accept": "application/json"}


@pytest.fixture
def registry(database_url: str) -> Iterator[Registry]:
    with opened(database_url) as registry:
        registry.clock = StoppedClock(MORNING)
        user_of(registry)
        user_of(registry, "halyna", "head", name="Вигадана Г. Г.")
        yield registry


@pytest.fixture
def app(registry: Registry, tmp_path: Path) -> FastAPI:
    return create_app(registry, Settings(data=tmp_path, **NAMED))


@pytest.fixture
def inside(app: FastAPI) -> Iterator[Window]:
    with Window(app) as window:
        assert window.sign_in().status_code == 303
        yield window


def form(draft: UUID, version: int = 0, **answers: str) -> dict[str, str]:
    """What a guided page sends of somebody new; the page of somebody in the register names them."""
    of_page = {"draft": str(draft), "draft_version": str(version), "draft_page": PAGE}
    return {**of_page, "command": str(uuid4()), "version": "0", **answers}


def saved(window: Window, draft: UUID, version: int = 0, **answers: str) -> httpx.Response:
    return window.sends("/drafts", **form(draft, version, **answers))


def held(registry: Registry, login: str = "olena") -> list[SavedDraft]:
    user = users.of_login(registry.staff, login)
    assert user
    return drafts.of_owner(registry.staff, user.id, now=registry.clock())


def person(registry: Registry) -> UUID:
    entered = Clerk(registry, CLERK).enter_person(command=uuid4(), particulars=Particulars(surname="Вигаданко"))
    id: UUID = entered.entries[0].stream
    return id


class TestSaving:
    def test_keeps_the_answers_and_nothing_of_the_page(self, registry: Registry, inside: Window) -> None:
        draft = uuid4()
        assert led_to(saved(inside, draft, surname=TYPED, where="2")) == ("/drafts", None)
        [one] = held(registry)
        assert (one.id, one.version, one.page, one.person) == (draft, 1, PAGE, None)
        assert one.answers == (("surname", TYPED), ("where", "2"))
        assert one.ends_at - one.saved_at == timedelta(hours=24)

    def test_twice_the_same_is_once(self, registry: Registry, inside: Window) -> None:
        draft = uuid4()
        for _ in range(2):
            assert saved(inside, draft, surname=TYPED).status_code == 303
        assert [one.version for one in held(registry)] == [1]

    def test_a_script_goes_on_from_the_version_it_is_told(self, registry: Registry, inside: Window) -> None:
        draft, token = uuid4(), token_of(inside.get("/me"))
        version = 0
        for typed in ("В", "Ви", "Виг"):
            body = {"csrf": token, **form(draft, version, surname=typed)}
            answer = inside.post("/drafts", data=body, headers=JSON)
            assert answer.status_code == 200 and "09:00" in answer.json()["said"]
            version = answer.json()["version"]
        assert [(one.version, one.answers) for one in held(registry)] == [(3, (("surname", "Виг"),))]

    def test_another_window_overwrites_nothing(self, registry: Registry, inside: Window) -> None:
        draft = uuid4()
        saved(inside, draft, surname="Перший")
        answer = saved(inside, draft, surname="Друга")
        assert (
            answer.status_code == 409 and "в іншому вікні" in answer.text and f'href="/drafts/{draft}"' in answer.text
        )
        assert [one.answers for one in held(registry)] == [(("surname", "Перший"),)]
        again = dict(
            re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text[answer.text.index("<h1>") :])
        )
        assert inside.post("/drafts", data=again).status_code == 303
        assert {one.answers[0][1] for one in held(registry)} == {"Перший", "Друга"}

    def test_what_was_filed_or_thrown_away_does_not_come_back(self, registry: Registry, inside: Window) -> None:
        draft = uuid4()
        saved(inside, draft, surname=TYPED)
        assert led_to(inside.sends(f"/drafts/{draft}/drop")) == ("/drafts", None)
        assert held(registry) == []
        assert saved(inside, draft, 1, surname=TYPED + "а").status_code == 409
        command = uuid4()
        Clerk(registry, CLERK).enter_person(command=command, particulars=Particulars(surname="Вигаданко"))
        assert saved(inside, uuid4(), surname=TYPED, command=str(command)).status_code == 409
        assert held(registry) == []

    def test_what_no_page_of_ours_sends_is_refused(self, registry: Registry, inside: Window) -> None:
        wrong = {
            "draft": ("x", ""),
            "draft_version": ("-1", "٣", "9" * 30),
            "draft_page": ("", "/", "/kept", "/services/", f"/persons/{36 * '-'}/services/x", f"//x{PAGE}"),
        }
        for name, values in wrong.items():
            for value in values:
                answer = inside.sends("/drafts", **{**form(uuid4(), surname=TYPED), name: value})
                assert answer.status_code == 422 and "Форму не впізнано" in answer.text, (name, value)
        assert held(registry) == []

    def test_too_much_and_too_many_are_refused_with_words(self, registry: Registry, inside: Window) -> None:
        answer = saved(inside, uuid4(), surname="а" * (drafts.LARGEST + 1))
        assert answer.status_code == 422 and "задовгі" in answer.text
        owner = users.of_login(registry.staff, "olena")
        assert owner
        said: dict[str, Any] = {"office": None, "page": PAGE, "person": None, "term": timedelta(hours=1)}
        for number in range(drafts.EACH):
            drafts.save(
                registry.staff,
                uuid4(),
                owner=owner.id,
                answers=(("n", str(number)),),
                version=0,
                now=registry.clock(),
                **said,
            )
        answer = saved(inside, uuid4(), surname=TYPED)
        assert answer.status_code == 422 and str(drafts.EACH) in answer.text
        assert len(held(registry)) == drafts.EACH

    def test_a_person_whom_nobody_entered_has_none(self, registry: Registry, inside: Window) -> None:
        assert saved(inside, uuid4(), surname=TYPED, draft_page=f"/persons/{uuid4()}{PAGE}").status_code == 404
        assert held(registry) == []

    def test_a_letter_that_no_text_holds_is_kept_as_it_came(self, registry: Registry, inside: Window) -> None:
        assert saved(inside, uuid4(), surname="а\0б").status_code == 303
        assert held(registry)[0].answers == (("surname", "а\0б"),)


class TestWhoseItIs:
    def test_it_outlives_the_session(self, registry: Registry, inside: Window) -> None:
        draft = uuid4()
        saved(inside, draft, surname=TYPED)
        registry.clock.set("2026-03-02T12:00")
        assert led_to(inside.get("/drafts")) == ("/sign-in", "/drafts")
        inside.sign_in()
        page = inside.get("/drafts").text
        assert f'href="/drafts/{draft}"' in page and "нова особа" in page and TYPED not in page

    def test_a_head_is_told_that_there_is_one_and_opens_nothing(
        self, app: FastAPI, registry: Registry, inside: Window
    ) -> None:
        draft, who = uuid4(), person(registry)
        saved(inside, draft, surname=TYPED, draft_page=f"/persons/{who}{PAGE}")
        assert "Чернетки працівників" not in inside.get("/drafts").text
        with Window(app) as head:
            head.sign_in("halyna")
            page = head.get("/drafts").text
            assert "Чернетки працівників" in page and "Вигадана О. О." in page
            assert all(secret not in page for secret in (TYPED, str(draft), str(who), "Вигаданко"))
            assert head.get(f"/drafts/{draft}").status_code == 404
            head.sends(f"/drafts/{draft}/drop")
            assert saved(head, draft, 1, surname="Чужа").status_code == 409
        assert [one.answers for one in held(registry)] == [(("surname", TYPED),)]

    def test_others_have_nothing_of_it(self, app: FastAPI, registry: Registry) -> None:
        others: tuple[Role, ...] = ("auditor", "admin", "reader")
        for role in others:
            user_of(registry, role, role)
            with Window(app) as window:
                window.sign_in(role)
                assert window.get("/drafts").status_code == 403

    def test_the_list_is_a_look_at_whom_it_names(self, registry: Registry, inside: Window) -> None:
        who = person(registry)
        saved(inside, uuid4(), surname=TYPED, draft_page=f"/persons/{who}{PAGE}")
        assert "Вигаданко" in inside.get("/drafts").text
        look = access.latest(registry.access, limit=1)[0]
        assert str(who) in str(look) and TYPED not in str(look)


class TestTheEnd:
    def test_after_its_term_it_is_gone_for_ever(self, registry: Registry, inside: Window) -> None:
        draft = uuid4()
        saved(inside, draft, surname=TYPED)
        registry.clock.set("2026-03-03T06:59")
        assert len(held(registry)) == 1
        registry.clock.set("2026-03-03T07:00")
        assert held(registry) == []
        registry.clock.set(MORNING)
        assert held(registry) == []

    def test_saving_again_puts_the_end_off(self, registry: Registry, inside: Window) -> None:
        draft = uuid4()
        saved(inside, draft, surname=TYPED)
        registry.clock.set("2026-03-02T07:05")
        saved(inside, draft, 1, surname=TYPED, where="1")
        assert [f"{one.ends_at:%d %H:%M}" for one in held(registry)] == ["03 07:05"]

    def test_of_whoever_is_disabled_nothing_stays(self, registry: Registry, inside: Window) -> None:
        saved(inside, uuid4(), surname=TYPED)
        users.disable(registry.staff, "olena", by=SYSTEM, now=registry.clock())
        assert held(registry) == []

    def test_it_is_no_part_of_the_journal(self, registry: Registry, inside: Window, tmp_path: Path) -> None:
        person(registry)
        saved(inside, uuid4(), surname=TYPED)
        file = tmp_path / "journal.jsonl"
        journal.export(registry, file, seen_by=viewer.OPEN)
        assert b"person-entered" in file.read_bytes() and TYPED.encode() not in file.read_bytes()

    def test_the_term_is_a_setting(self) -> None:
        assert Settings.read({}).draft_hours == 24
        assert Settings.read({"HROMADA_DRAFT_HOURS": "72"}).draft_hours == 72
        for wrong in ("0", "169", "день", "-1"):
            with pytest.raises(SettingsError, match="HROMADA_DRAFT_HOURS"):
                Settings.read({"HROMADA_DRAFT_HOURS": wrong})


def test_a_save_that_lost_changes_nothing(registry: Registry) -> None:
    owner = users.of_login(registry.staff, "olena")
    assert owner
    said: dict[str, Any] = {"owner": owner.id, "office": None, "page": PAGE, "person": None}
    said |= {"now": registry.clock(), "term": timedelta(hours=1)}
    id = uuid4()
    first = drafts.save(registry.staff, id, answers=(("a", "1"),), version=0, **said)
    second = drafts.save(registry.staff, id, answers=(("a", "2"),), version=first.version, **said)
    assert second.version == 2
    with pytest.raises(DraftRefused, match="elsewhere"):
        drafts.save(registry.staff, id, answers=(("a", "3"),), version=first.version, **said)
    assert [one.answers for one in held(registry)] == [(("a", "2"),)]


class TestGoingOn:
    """From the guided page to the draft and back, until it is filed."""

    def test_the_page_comes_back_as_it_was_answered(self, registry: Registry, inside: Window) -> None:
        page = inside.get(PAGE)
        fields = {name: values[0] for name, values in form_of(page).fields.items()}
        assert inside.post("/drafts", data={**fields, "1-surname": TYPED}).status_code == 303
        [one] = held(registry)
        again = inside.get(f"/drafts/{one.id}")
        assert again.status_code == 200, again.text
        drawn = {name: values[0] for name, values in form_of(again).fields.items()}
        assert (drawn["1-surname"], drawn["draft"], drawn["draft_version"]) == (TYPED, str(one.id), "1")
        assert drawn["command"] != fields["command"] and f'action="{PAGE}"' in again.text
        assert inside.post("/drafts", data={**drawn, "1-given_names": "Тест"}).status_code == 303
        assert [one.version for one in held(registry)] == [2]

    def test_of_somebody_it_is_a_look_at_them(self, registry: Registry, inside: Window) -> None:
        who = person(registry)
        saved(inside, draft := uuid4(), draft_page=f"/persons/{who}{PAGE}")
        assert inside.get(f"/drafts/{draft}").status_code == 200
        assert str(who) in str(access.latest(registry.access, limit=1)[0])

    def test_whoever_is_hidden_since_is_not_shown(
        self, registry: Registry, inside: Window, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        who = person(registry)
        saved(inside, draft := uuid4(), draft_page=f"/persons/{who}{PAGE}")
        monkeypatch.setattr(viewer, "viewer_of", lambda who: viewer.NOBODY)
        monkeypatch.setattr(seals, "viewer_of", lambda *of: viewer.NOBODY)
        listed = inside.get("/drafts").text
        assert viewer.HIDDEN in listed and "Вигаданко" not in listed and str(who) not in listed
        assert inside.get(f"/drafts/{draft}").status_code == 403

    def test_what_is_filed_is_no_draft(self, registry: Registry, inside: Window) -> None:
        headers = {"X-CSRF-Token": token_of(inside.get("/me"))}
        address = {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "7"}
        home = inside.post("/api/v1/dwellings", json={"address": address, "kind": "private"}, headers=headers).json()
        said = {**NEWCOMER, "1-dwelling": home["dwelling"], "1-right": "owner"}
        fields = {name: values[0] for name, values in form_of(inside.get(PAGE)).fields.items()}
        assert inside.post("/drafts", data={**fields, **said}).status_code == 303
        [one] = held(registry)
        fields = {name: values[0] for name, values in form_of(inside.get(f"/drafts/{one.id}")).fields.items()}
        refused = inside.post(PAGE, data={**fields, "1-birth_date": "колись", "press": "receive"})
        assert refused.status_code == 422 and held(registry) == [one]
        filed = inside.post(PAGE, data={**fields, "press": "receive"})
        assert filed.status_code == 303, filed.text
        assert held(registry) == []
