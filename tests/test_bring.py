"""What to bring, for anybody: what the dry run says of the same facts, asked by closed lists and stored nowhere."""

import html
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from clocks import StoppedClock
from given import founded, installation
from running import served
from starlette.testclient import TestClient
from test_api import API, SECRET
from test_pages import DESK, PATIENCE, TWICE, chromium
from tiers import tries

from api.bring import opening
from api.bring.facts import plain
from api.bring.path import walk
from api.bring.questions import BY_ID, QUESTIONS
from api.main import create_app
from registry.aggregates.community.events import ReadingsAdopted
from registry.aggregates.community.reading import facts_of
from registry.aggregates.community.state import Here
from registry.opening import opened
from registry.services.application import read
from registry.services.catalogue import card
from registry.services.decision import decide
from registry.services.headers import SERVICES

__all__ = ["chromium"]

NOW = datetime(2026, 11, 30, 10, 0)
"""A Monday, by the clock of Kyiv."""
TODAY = NOW.date()
PHONE = {"width": 360, "height": 740}
VYHADIV = facts_of(tomllib.loads((Path(__file__).parents[1] / "registry/demo/vyhadiv.toml").read_text("utf-8")))
MOVE = {"want": "register_residence", "age": "adult", "who": "person", "citizenship": "ua"}
CONSENT = {**MOVE, "before": "elsewhere", "home": "private", "right": "consent", "owners": "3"}
WHOLE = {**CONSENT, "mortgage": "no", "military": "yes"}


class Visitor:
    """Somebody with a browser, at a register whose clock stands."""

    def __init__(self, url: str, folder: Path, community: Any = VYHADIV, rate: str = "100000/minute"):
        self.clock = StoppedClock()
        self.clock.moment = f"{NOW:%Y-%m-%dT%H:%M}"
        self.opening = opened(url, clock=self.clock)
        self.registry = self.opening.__enter__()
        if community:
            founded(self.registry, community)
        self.client = TestClient(create_app(self.registry, installation(data=folder, public_rate=rate)))

    def asks(self, **answers: str) -> Any:
        return self.client.get("/bring", params=answers)

    def page(self, **answers: str) -> str:
        """The words of a page that must be there."""
        answer = self.asks(**answers)
        assert answer.status_code == 200, answer.text
        return words(answer.text)

    def walks(self, luck: random.Random, **answers: str) -> tuple[dict[str, str], str]:
        """The whole way as a browser goes it, by whatever the pages offer: the answers, and the last page."""
        for _ in range(len(QUESTIONS) + 2):
            answer = self.asks(**answers)
            assert answer.status_code == 200, answers
            asked = re.search(r'name="asked" value="(\w+)"', answer.text)
            if asked is None:
                return answers, answer.text
            offered = re.findall(rf'type="radio" id="\S+" name="{asked[1]}" value="(\w+)"', answer.text)
            assert len(offered) > 1 or BY_ID[asked[1]].most, answers
            answers = {**answers, asked[1]: luck.choice(offered or ["1", "2", "5"])}
        raise AssertionError(answers)


@pytest.fixture
def visitor(database_url: str, tmp_path: Path) -> Iterator[Visitor]:
    visitor = Visitor(database_url, tmp_path)
    yield visitor
    visitor.registry.close()


def words(page: str) -> str:
    """What people read of a page, in one line."""
    text = re.sub(r"<[^>]+>", " ", page.partition('<main id="main" tabindex="-1">')[2].partition("</main>")[0])
    return " ".join(html.unescape(text).replace("\u00a0", " ").split())


def path_of(answers: dict[str, str]) -> Any:
    return walk(card(answers["want"], TODAY), Here(), answers, NOW)


def facts_of_path(path: Any) -> dict[str, Any]:
    return plain(path.context, f"{NOW:%Y-%m-%dT%H:%M}", TODAY)


def law_of(path: Any) -> Any:
    """What the law says of the facts, as far as a visitor needs to know."""
    asked = read(facts_of_path(path))
    said = decide(asked, card(asked.service, TODAY))
    papers = [sorted((one.id, one.optional) for one in one_kind) for one_kind in papers_of(said)]
    return papers, said.fee.kopiykas, said.late, [one.id for one in said.barred]


def papers_of(said: Any) -> Any:
    return said.documents_required, said.consents_required


def way(service: str, luck: random.Random) -> Any:
    """A whole path of a service, by chance."""
    answers = {"want": service}
    while (path := path_of(answers)).question:
        offered = path.question.offered(path.context)
        answers[path.question.id] = luck.choice(offered[:4] if path.question.most else offered)
    return path


class TestTheSameAsTheDryRun:
    @pytest.mark.examples
    @pytest.mark.parametrize("service", SERVICES)
    def test_papers_consents_and_fee_of_the_same_facts(self, visitor: Visitor, service: str) -> None:
        luck, done, tried = random.Random(service), 0, 0
        while tried < tries(20) or not done:
            tried += 1
            answers, page = visitor.walks(luck, want=service)
            path = path_of(answers)
            body = facts_of_path(path)
            answer = visitor.client.post(f"{API}/applications?dry_run=1", json=body)
            assert answer.status_code == 200, answer.text
            said, shown = answer.json(), words(page)
            if said["outcome"] == "not_possible":
                assert "Так не можна" in shown and said["barred"][0]["wording"] in shown
                continue
            if "Так не можна" in shown and "Збір" not in shown:
                assert any(text in shown for text in ("Хто може подати", "Що зробити натомість", "Інакше")), answers
                assert {"not_among_applicants", "child_applies"} & {
                    fact["id"] for ground in said["grounds"] for fact in ground["triggered_by"]
                }
                continue
            names = re.findall(r'<div><b>(.*?)</b>(?:\s*<span class="nb">\(.*? (\d+)\))?', page)
            listed = [html.unescape(name).lower() for name, count in names for _ in range(int(count or 1))]
            needed = [*said["documents_required"], *said["consents_required"]]
            assert sorted(listed) == sorted(one["name"].lower() for one in needed), answers
            assert all(" ".join(one[what].split()) in shown for one in needed for what in ("wording", "reason"))
            kopiykas = said["fee"]["kopiykas"]
            assert (f"{kopiykas // 100},{kopiykas % 100:02} грн" if kopiykas else "Безкоштовно") in shown
            done += 1

    @pytest.mark.examples
    @pytest.mark.parametrize("service", SERVICES)
    def test_what_is_not_asked_decides_nothing(self, service: str) -> None:
        luck = random.Random(service)
        for _ in range(tries(40)):
            path = way(service, luck)
            before = law_of(path)
            if before[-1] or ("who" in path.context.answers and not _listed(path)):
                continue
            for question in QUESTIONS:
                offered = question.offered(path.context) if question.fitting(path.context) else ()
                if question.id not in path.context.answers and len(offered) > 1:
                    other = replace(path.context, answers={**path.context.answers, question.id: luck.choice(offered)})
                    assert law_of(replace(path, context=other)) == before, (question.id, path.context.answers)

    @pytest.mark.parametrize("service", ["deregister_residence", "deregister_child_residence"])
    def test_one_answer_stands_for_the_decisions_of_a_court_that_are_free(self, service: str) -> None:
        grounds = [one.id for one in card(service, TODAY).rules["grounds"] if one.id.startswith("court_")]
        path = way(service, random.Random(1))
        said = {}
        for ground in grounds:
            facts = {**facts_of_path(path), "ground": ground, "applicant": {"kind": "other"}, "channel": "office"}
            decision = decide(read(facts), card(service, TODAY))
            said[ground] = ([one.id for part in papers_of(decision) for one in part], decision.fee.kopiykas)
        free = [said.pop(ground) for ground in grounds if ground != "court_removal"]
        assert len(free) == 5 and all(one == (["court_decision"], 0) for one in free)
        assert said == {"court_removal": (["fee_evidence", "court_decision"], 4992)}

    def test_only_what_decides_is_asked(self, visitor: Visitor) -> None:
        assert path_of(WHOLE).asked == ("age", "who", "citizenship", *list(WHOLE)[4:])
        owner = path_of({**WHOLE, "right": "owner"})
        assert "owners" not in owner.asked and owner.question is None
        foreigner = path_of({**WHOLE, "citizenship": "foreigner"})
        assert foreigner.question and foreigner.question.id == "document"
        died = path_of({"want": "deregister_residence", "channel": "office", "ground": "death_certificate"})
        assert (
            died.question and died.question.id == "age" and path_of({**given_to(died), "age": "adult"}).question is None
        )
        assert path_of({"want": "amend_record", "ground": "personal_data_change"}).question is None

    def test_a_community_that_asks_consents_by_capacity_asks_of_it(self, database_url: str, tmp_path: Path) -> None:
        facts = [*VYHADIV, ReadingsAdopted(readings={"consents_by_age": False})]
        visitor = Visitor(database_url, tmp_path, facts)
        teen = {**WHOLE, "age": "teen", "parents": "together", "there": "no", "before": "never"}
        assert "Чи має особа повну цивільну дієздатність?" in visitor.page(**teen)
        assert "Згода батьків" in visitor.page(**teen, emancipated="no")
        assert "Згода батьків" not in visitor.page(**teen, emancipated="yes")
        visitor.registry.close()


def given_to(path: Any) -> dict[str, str]:
    return {"want": path.context.card.service.id, **path.context.answers}


def _listed(path: Any) -> bool:
    said = decide(read(facts_of_path(path)), card(path.context.card.service.id, TODAY))
    facts = {fact for ground in said.grounds for fact in ground.facts}
    return not facts & {"not_among_applicants", "child_applies"}


class TestThePage:
    def test_what_where_when_and_for_how_much(self, visitor: Visitor) -> None:
        said = visitor.page(**WHOLE)
        for word in (
            "Паспортний документ особи",
            "Військово-обліковий документ",
            "Згода власника (співвласника) житла (від кожного з 3)",
            "49,92 грн",
            "прожитковий мінімум на 01.01.2026 — 3328 грн",
            "Того самого дня, коли подасте заяву.",
            "відчинено до 15:30",
            "пн, ср–пт 8:00–15:30 вт 8:00–20:00 сб 8:00–12:30",
            "Мобільний офіс за окремим графіком",
            "Забороняється вимагати",
            "За яких умов відмовляють",
        ):
            assert word in said, word
        assert "83,20 грн" in visitor.page(**{**WHOLE, "before": "long_ago"})

    def test_before_the_office_opens_and_after_it_has_closed(self, visitor: Visitor) -> None:
        for moment, words_ in (
            ("2026-11-30T06:00", "зачинено сьогодні з 8:00"),
            ("2026-11-30T18:00", "зачинено завтра з 8:00"),
            ("2026-12-05T13:00", "зачинено пн, 07.12.2026, з 8:00"),
        ):
            visitor.clock.moment = moment
            assert words_ in visitor.page(**WHOLE), moment

    def test_a_holiday_is_no_day_of_the_week_that_it_shows(self) -> None:
        said = tomllib.loads((Path(__file__).parents[1] / "registry/demo/vyhadiv.toml").read_text("utf-8"))
        timetable = opening.Timetable(said)
        there = opening.places(timetable, datetime(2025, 3, 7, 16, 0))
        assert there[0].hours == (("пн, ср–пт", "8:00–15:30"), ("вт", "8:00–20:00"))
        assert there[0].next == "пн, 10.03.2025, з 8:00"
        mobile = opening.places(timetable, datetime(2025, 3, 11, 12, 0))[-1]
        assert (mobile.name, mobile.open, mobile.next) == ("Мобільний офіс", False, "завтра з 9:00")

    def test_by_a_portal_nobody_has_to_come(self, visitor: Visitor) -> None:
        online = {"want": "deregister_residence", "channel": "diia", "ground": "application", "age": "adult"}
        said = visitor.page(**online, who="person")
        assert "Через Портал Дія. Приходити до офісу не треба." in said and "відчинено" not in said
        assert "документи до заяви не додаються" in said and "Сьогодні, 30.11.2026, якщо подати зараз." in said
        visitor.clock.moment = "2026-11-30T21:00"
        assert "До 01.12.2026 включно" in visitor.page(**online, who="person")

    def test_what_cannot_be_done_so_says_why_and_who_may(self, visitor: Visitor) -> None:
        child = {"want": "register_child_residence", "channel": "office"}
        said = visitor.page(**child, who="proxy_representative")
        assert "Такої заяви цей заявник подати не може." in said and "Візьміть із собою" not in said
        assert "Хто може подати Батько або мати, усиновлювач Опікун" in said and "Візьміть" not in said
        orphan = visitor.page(**child, who="parent", parents="orphan")
        assert "Хто може подати Орган опіки та піклування" in orphan
        young = visitor.asks(want="register_residence", age="child", who="parent").text
        assert "/bring?want=register_child_residence" in young and "Для такого віку є інша послуга." in words(young)
        booklet = visitor.asks(**{**MOVE, "want": "declare_residence", "document": "passport_booklet"}).text
        assert "/bring?want=register_residence" in booklet and "з таким документом через дію" in words(booklet).lower()

    def test_a_document_that_is_not_taken_is_named_with_those_that_are(self, visitor: Visitor) -> None:
        answers = {**WHOLE, "citizenship": "foreigner", "document": "other", "before": "elsewhere", "right": "paper"}
        said = visitor.page(**answers)
        assert "Документ, який ви назвали, не приймають. Приймають:" in said and "посвідчення біженця" in said
        taken = visitor.page(**{**answers, "document": "permanent_permit"})
        assert "не приймають" not in taken and "Засвідчений переклад сторінки паспортного документа" in taken

    def test_a_reading_that_decides_is_told(self, visitor: Visitor) -> None:
        assert "T-" not in visitor.page(**WHOLE)
        told = visitor.page(**{**WHOLE, "who": "proxy_representative"})
        assert "Представник за довіреністю подає заяву: рядок 8 його не називає" in told
        owner = {"want": "deregister_residence", "channel": "office", "ground": "application", "age": "adult"}
        lease = visitor.page(**owner, who="dwelling_owner", ward="no", rental="endless")
        assert (
            "Так не можна Доки діє договір оренди" in lease and "Договір оренди (найму) без строку вважається" in lease
        )

    def test_a_kept_address_is_for_the_list_of_territories_to_decide(self, visitor: Visitor) -> None:
        assert "до офіційного переліку без дати завершення" in visitor.page(**{**WHOLE, "before": "kept"})
        assert "переліку без дати" not in visitor.page(**WHOLE)

    def test_of_a_year_without_a_published_amount_it_says_so(self, visitor: Visitor) -> None:
        visitor.clock.moment = "2027-01-04T10:00"
        said = visitor.page(**WHOLE)
        assert "Розмір збору на 2027 рік ще не оприлюднено" in said and "грн" not in said
        assert "Документ або відомості про сплату адміністративного збору" in said
        assert "Безкоштовно" in visitor.page(
            want="issue_extract", channel="office", age="adult", who="person", citizenship="ua"
        )

    def test_the_term_of_the_card_is_in_the_words_of_the_answer(self, visitor: Visitor) -> None:
        asked = visitor.page(**MOVE)
        assert "знято не більше ніж 30 днів тому" in asked and "народження" not in asked
        child = {"want": "register_child_residence", "channel": "office", "who": "parent", "parents": "together"}
        ours = visitor.page(**child, citizenship="ua", filer="ua", born_abroad="no")
        assert "народження зареєстровано понад 3 місяців тому" in ours
        foreign = visitor.page(
            **child, citizenship="ua", filer="foreigner", filer_document="permanent_permit", born_abroad="no"
        )
        assert "народження зареєстровано понад 30 днів тому" in foreign

    def test_a_register_that_does_not_know_whose_it_is(self, database_url: str, tmp_path: Path) -> None:
        with opened(database_url) as registry:
            client = TestClient(
                create_app(registry, installation(data=tmp_path, community_name=None, office_name=None))
            )
            said = client.get("/bring", params=WHOLE)
            assert said.status_code == 200 and "Реєстр ще не знає, чия це громада" in said.text
            assert "49,92" in said.text or "не оприлюднено" in said.text

    def test_it_is_marked_as_a_sample_where_it_is_one(self, visitor: Visitor) -> None:
        assert "ЗРАЗОК" in visitor.asks().text

    def test_the_status_page_and_the_front_page_lead_to_it(self, visitor: Visitor) -> None:
        assert 'href="/bring"' in visitor.client.get("/").text
        status = Path("api/templates/status.html")
        assert 'href="/bring"' in (Path(__file__).parents[1] / status).read_text("utf-8")


class TestTheAddress:
    """An address holds ids of answers and small numbers; anything else is asked again, and never repeated."""

    @pytest.mark.parametrize(
        "more",
        [
            {"want": SECRET},
            {"name": SECRET},
            {SECRET: "1"},
            {"age": SECRET},
            {"age": "adult\u0000"},
            {"age": ""},
            {"owners": "0"},
            {"owners": "21"},
            {"owners": "03"},
            {"owners": "٣"},
            {"owners": "1e1"},
            {"owners": "-1"},
            {"persons": "999999999999999999999"},
            {"asked": SECRET},
            {"age": "<script>"},
            {"age": "adult'--"},
            {"born": "1990-05-04"},
            {"citizenship": "X" * 4000},
        ],
        ids=str,
    )
    def test_what_is_no_answer_is_asked_again(self, visitor: Visitor, more: dict[str, str]) -> None:
        answer = visitor.asks(**{**WHOLE, **more})
        assert answer.status_code == 422 and "Перевірте відповідь" in answer.text and 'name="asked"' in answer.text
        for value in (*more.values(), *more):
            if len(value) > 4 and value not in ("citizenship", "persons", "owners", "asked"):
                assert value not in answer.text
        assert SECRET not in answer.text and "<script" not in answer.text

    def test_the_same_twice_and_too_much_too(self, visitor: Visitor) -> None:
        twice = visitor.client.get("/bring?want=register_residence&age=adult&age=child")
        assert twice.status_code == 422 and "Виберіть відповідь" in twice.text
        many = visitor.client.get("/bring?" + "&".join(f"a{number}=1" for number in range(3000)))
        assert many.status_code == 422
        assert visitor.client.get("/bring?%ff=%ff&want=%").status_code == 422

    def test_nothing_chosen_says_what_to_do(self, visitor: Visitor) -> None:
        answer = visitor.asks(**MOVE, asked="before")
        assert answer.status_code == 422 and "Виберіть одну з відповідей" in answer.text
        assert "<title>Помилка: " in answer.text and "autofocus" in answer.text
        number = {name: value for name, value in CONSENT.items() if name != "owners"}
        assert "Введіть число від 1 до 20 цифрами." in words(visitor.asks(**number, asked="owners").text)
        assert "Перевірте відповідь" in visitor.asks(asked="want").text and visitor.asks().status_code == 200

    def test_an_answer_that_cannot_be_chosen_there_does_not_count(self, visitor: Visitor) -> None:
        said = visitor.page(**{**MOVE, "who": "mortgagee"})
        assert "Хто подасть заяву?" in said

    @pytest.mark.examples
    def test_whatever_is_chosen_of_each_list_there_is_a_page(self, visitor: Visitor) -> None:
        luck = random.Random(1)
        for _ in range(tries(200)):
            lists = {one.id: one.numbers or tuple(option.id for option in one.options) for one in QUESTIONS}
            answers = {name: luck.choice(listed) for name, listed in lists.items()}
            answer = visitor.asks(want=luck.choice(list(SERVICES)), **answers)
            assert answer.status_code == 200, answers

    def test_changing_an_answer_keeps_the_others(self, visitor: Visitor) -> None:
        page = visitor.asks(**WHOLE).text
        again = dict(re.findall(r'href="([^"]+)" aria-label="Змінити: ([^"]+)"', page))
        asked = {html.unescape(question): html.unescape(link) for link, question in again.items()}
        link = asked["Яке це житло?"]
        assert "home" not in link and link.count("&") == len(WHOLE) - 2
        changed = visitor.client.get(f"{link}&home=state_or_communal")
        assert "Згода наймача та членів його сім’ї" in words(changed.text)

    def test_two_consents_of_two_names_are_two_lines(self, visitor: Visitor) -> None:
        stay = {
            "want": "register_stay",
            "age": "teen",
            "who": "person",
            "parents": "apart",
            "decided": "no",
            "there": "no",
        }
        said = visitor.page(**stay, citizenship="ua", home="private", right="paper", mortgage="no", military="no")
        assert (
            "Згода одного з батьків бо" in said and "Згода другого з батьків бо" in said and "від кожного" not in said
        )


class TestNothingIsKept:
    def test_no_cookie_no_act_no_line_of_anybodys_answers(self, visitor: Visitor, capsys: Any) -> None:
        before = visitor.registry.position()
        answer = visitor.asks(**WHOLE)
        assert visitor.registry.position() == before and "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
        assert "unsafe" not in answer.headers["content-security-policy"] and "<script" not in answer.text
        assert " style=" not in answer.text and answer.headers["x-robots-tag"] == "noindex"
        logged = capsys.readouterr().err
        assert '"/bring"' in logged and not any(value in logged for value in ("register_residence", "adult", "private"))

    def test_so_many_a_minute_and_no_more(self, database_url: str, tmp_path: Path) -> None:
        visitor = Visitor(database_url, tmp_path, rate="3/minute")
        assert [visitor.asks().status_code for _ in range(4)] == [200, 200, 200, 429]
        assert visitor.client.get("/status/000000").status_code == 429
        visitor.registry.close()

    def test_only_looked_at(self, visitor: Visitor) -> None:
        assert visitor.client.post("/bring", data=WHOLE).status_code == 405


@pytest.fixture
def address(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The application behind a real server."""
    visitor = Visitor(database_url, tmp_path)
    with served(visitor.client.app) as at:
        yield at
    visitor.registry.close()


@pytest.fixture
def page(chromium: Any, address: str) -> Iterator[Any]:
    """A page without scripts, that asked nobody else for anything and was given no cookie."""
    context = chromium.new_context(base_url=address, viewport=PHONE, locale="uk-UA", java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert context.cookies() == [] and asked and all(url.startswith(address) for url in asked)
    context.close()


PAGES = {
    "first": {},
    "question": MOVE,
    "fault": {**MOVE, "asked": "before"},
    "number": {**{name: value for name, value in CONSENT.items() if name != "owners"}, "asked": "owners"},
    "answer": WHOLE,
    "untaken": {**WHOLE, "citizenship": "foreigner", "document": "other", "right": "paper"},
    "stopped": {"want": "register_child_residence", "channel": "office", "who": "proxy_representative"},
    "portal": {"want": "issue_extract", "channel": "diia", "age": "adult", "who": "person"},
}
SCREENS = pytest.mark.parametrize("screen", [PHONE, TWICE, DESK], ids=["phone", "twice", "desk"])


def addressed(answers: dict[str, str]) -> str:
    return "/bring?" + "&".join(f"{name}={value}" for name, value in answers.items())


class TestInABrowser:
    @SCREENS
    @pytest.mark.parametrize("name", PAGES)
    def test_axe_finds_nothing_and_nothing_scrolls_sideways(
        self, chromium: Any, address: str, screen: dict[str, int], name: str
    ) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="немає axe-playwright-python")
        context = chromium.new_context(base_url=address, viewport=screen, locale="uk-UA")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if "status of 4" not in said.text else None)
        page.goto(addressed(PAGES[name]))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for one in page.locator("details").all():
            one.evaluate("one => { one.open = true }")
        found = axe.Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = page.locator("button, .options label, input:not([type=hidden]):not([type=radio])").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().height < 44).length"
        )
        assert small == 0 and page.locator("h1").count() == 1 and complaints == []
        context.close()

    def test_by_keyboard_alone_to_the_list(self, page: Any) -> None:
        """Tab to the list, arrow to the answer, Enter: on a phone and without a script."""
        page.goto("/bring")
        for name, steps in (
            ("want", 0),
            ("age", 2),
            ("who", 0),
            ("citizenship", 0),
            ("before", 1),
            ("home", 0),
            ("right", 2),
        ):
            self.press(page, f"[name={name}]", steps)
        self.tab_to(page, "#owners-1")
        page.keyboard.type("2")
        self.enter(page)
        for name, steps in (("mortgage", 1), ("military", 0)):
            self.press(page, f"[name={name}]", steps)
        said = page.locator("main").inner_text()
        assert "від кожного з 2" in said and "49,92 грн" in said and "before=kept" in page.url

    def test_a_press_without_an_answer_brings_the_summary_into_focus(self, page: Any) -> None:
        page.goto(addressed(MOVE))
        self.tab_to(page, "button.main")
        self.enter(page)
        page.locator(".faults:focus").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("#before-1:focus").wait_for()

    def test_on_paper_it_is_a_list(self, page: Any) -> None:
        page.goto(addressed(WHOLE))
        page.emulate_media(media="print")
        for hidden in (".change", ".again", "summary", ".top", ".now"):
            assert not page.locator(hidden).first.is_visible(), hidden
        for shown in (".box", ".sum", ".place", ".given", ".sample:not(.top *)"):
            assert page.locator(shown).first.is_visible(), shown

    def press(self, page: Any, name: str, steps: int) -> None:
        self.tab_to(page, name)
        page.keyboard.press("Space")
        for _ in range(steps):
            page.keyboard.press("ArrowDown")
        self.enter(page)

    def tab_to(self, page: Any, selector: str) -> None:
        for _ in range(20):
            if page.locator(f"{selector}:focus").count():
                return
            page.keyboard.press("Tab")
        raise AssertionError(selector)

    def enter(self, page: Any) -> None:
        with page.expect_navigation():
            page.keyboard.press("Enter")
