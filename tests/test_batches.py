"""A table of an institution's week: every row is judged and recorded alone, once, and by the law of one application."""

import html
import io
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from browsing import Window, user_of
from eventsourcing.persistence import OperationalError
from given import NAMED
from test_api import Desk, desk
from test_viewer import Denies

from api.guided import batch
from api.guided.batch import BATCHES
from api.main import create_app
from api.routes import batches
from registry import drafts, seals, viewer
from registry.settings import Settings

__all__ = ["desk"]
PATH = "/batches/arrivals"
HEAD = (
    "Прізвище;Ім’я;По батькові;Дата народження;Документ;Номер документа;Номер довідки;Дата довідки;Звідки;Папери подано"
)
IVAN = "Вигаданенко;Іван;Іванович;03.02.1988;ID-картка;000900001;15;03.03.2025;уперше;усі"
OLHA = "Вигадайко;Ольга;Іванівна;04.05.1990;ID-картка;000900002;16;03.03.2025;уперше;усі"
COLUMNS = (
    *("surname", "given_names", "patronymic", "birth_date", "document_kind", "document_number"),
    *("certificate_number", "certificate_dated", "where_from", "documents"),
)
ALPHABET = [first + second for first in "абвгдежзик" for second in "лмнопрст"]
NAMES = {"surname": "Вигаданенко", "given_names": "Іван", "patronymic": "Іванович", "birth_date": "1988-02-03"}
NAMED_OTHER = {"surname": "Стороння", "given_names": "Особа", "birth_date": "1970-01-01"}
CHECKED = {"0-ownership-owners": "1", "0-encumbrance-encumbrance": "none"}


class Table:
    """The page as a browser without scripts sees it: what its form would send."""

    def __init__(self, desk: Desk, answer: httpx.Response):
        self.desk, self.answer, self.text = desk, answer, html.unescape(answer.text)

    @property
    def fields(self) -> dict[str, list[str]]:
        form = self.answer.text[self.answer.text.index('<form id="batch"') :]
        form = form[: form.index("</form>")]
        found: dict[str, list[str]] = {}
        for tag in re.findall(r"<input [^>]*>", form):
            said = {name: html.unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
            if said.get("type") in ("file",) or (said.get("type") in ("radio", "checkbox") and " checked" not in tag):
                continue
            if value := said.get("value", ""):
                found.setdefault(said["name"], []).append(value)
        for select in re.findall(r'<select [^>]*name="([^"]+)".*?</select>', form, re.DOTALL):
            chosen = re.search(
                rf'<select [^>]*name="{select}"[^>]*>(?:(?!</select>).)*<option value="([^"]+)" selected',
                form,
                re.DOTALL,
            )
            if chosen:
                found[select] = [chosen[1]]
        return found

    def press(self, what: str = "check", **more: Any) -> "Table":
        return Table(self.desk, self.desk.client.post(PATH, data={**self.fields, "press": what, **more}))

    def sends(self, **more: Any) -> "Table":
        """A button of its own, which is no `press`."""
        return Table(self.desk, self.desk.client.post(PATH, data={**self.fields, **more}))

    @property
    def states(self) -> list[str]:
        return re.findall(r'class="card row out[^>]*>.*?<span class="chip \w+">([^<]+)<', self.text, re.DOTALL)

    @property
    def recorded(self) -> list[str]:
        return re.findall(r'<td data-label="Заява"><a href="/applications/([0-9a-f-]+)"', self.text)

    def row(self, number: int) -> str:
        found = re.search(
            rf'id="row-{number}" .*?</section>\n(?=<section class="card row|    <p><button)', self.text, re.DOTALL
        )
        assert found, self.text
        return found[0]

    @property
    def paid(self) -> dict[str, str]:
        """The fee of each row that asks for it, with a receipt."""
        found = {}
        for number in re.findall(r'name="(\d+)-payment-kopiykas"', self.text):
            found |= {f"{number}-payment-kopiykas": "49,92", f"{number}-payment-receipt": number}
        return found


@pytest.fixture
def home(desk: Desk) -> str:
    return desk.dwelling(kind="social_institution")


def begun(desk: Desk, home: str, *rows: str, head: str = HEAD, **more: str) -> Table:
    page = Table(desk, desk.client.get(PATH))
    said = {"0-dwelling": home, "0-right": "paper", "0-applicant_name": "Вигадана Установа", "0-authority": "yes"}
    return page.press("load", pasted="\n".join([head, *rows]), **said, **CHECKED, **more)


def facts(desk: Desk, application: str) -> list[str]:
    [person] = desk.get(f"/applications/{application}").json()["parts"][0]["register"]["persons"]
    return [one["name"] for one in desk.get(f"/persons/{person['person']}/facts").json()["facts"]]


def ready(desk: Desk, home: str, *rows: str, **more: str) -> Table:
    """Rows of which nothing is left to be said."""
    page = begun(desk, home, *rows, **more)
    return page.press("check", **page.paid)


class TestEachRowAlone:
    def test_is_an_application_of_its_own(self, desk: Desk, home: str) -> None:
        page = ready(desk, home, IVAN, OLHA)
        assert page.states == ["буде надано", "буде надано"], page.text
        before = desk.registry.position()
        page = page.press("record")
        assert page.answer.status_code == 200 and "Записано рядків: 2" in page.text and page.states == []
        assert len(set(page.recorded)) == 2 and desk.registry.position() > before
        for application in page.recorded:
            told = desk.get(f"/applications/{application}").json()
            assert told["status"] == "granted" and told["applicant_name"] == "Вигадана Установа"
            assert told["parts"][0]["asked"]["applicant"]["kind"] == "social_institution"
            [paper] = [one for one in told["parts"][0]["papers"] if one["id"] == "social_institution_certificate"]
            assert paper["number"] in ("15", "16") and paper["dated"] == "2025-03-03"
            assert facts(desk, application) == ["person-entered", "residence-registered"]
            assert f'href="/applications/{application}/receipt"' in page.text

    def test_what_is_refused_does_not_stop_the_others(self, desk: Desk, home: str) -> None:
        page = ready(desk, home, IVAN, OLHA.removesuffix("усі"))
        assert page.states == ["буде надано", "поки відмова"]
        said = page.row(2)
        assert "не в повному обсязі" in said and "Що мало б змінитися:" in said and "паспортний документ особи" in said
        page = page.press("record")
        assert len(page.recorded) == 1 and page.states == ["поки відмова"] and page.answer.status_code == 200
        # Agreed to, it is a stored refusal with its letter.
        page = page.press("record", **{"2-refuse": "yes"})
        assert len(page.recorded) == 2 and page.states == []
        refused = desk.get(f"/applications/{page.recorded[1]}").json()
        assert refused["status"] == "refused" and f'href="/applications/{page.recorded[1]}/letter"' in page.text

    def test_one_tick_brings_all_papers_that_the_card_asks_for_now(self, desk: Desk, home: str) -> None:
        page = ready(desk, home, IVAN.removesuffix("усі"))
        page = page.press("check", **{"1-documents": "all"})
        assert page.states == ["буде надано"]
        # Of whom more is asked later it does not say that this was brought too.
        page = page.press("check", **{"0-military": "yes"})
        assert page.states == ["поки відмова"] and "військово-обліковий документ" in page.row(1)

    def test_a_child_is_told_of_its_own_card(self, desk: Desk, home: str) -> None:
        page = ready(desk, home, IVAN.replace("1988", "2019"))
        assert page.states == ["поки відмова"] and "за карткою 3" in page.row(1)

    def test_a_room_is_found_in_the_house(self, desk: Desk) -> None:
        home, room = desk.dwelling("9", kind="social_institution"), ""
        address = {"settlement": "смт Вигадівка", "street": "вул. Калинова", "house": "9", "room": "12"}
        room = desk.act("/dwellings", {"address": address, "kind": "social_institution", "confirmed": True})["dwelling"]
        page = ready(desk, home, f"{IVAN};кімн. 12", f"{OLHA};99", head=f"{HEAD};Кімната")
        assert page.states == ["буде надано", "виправити"] and "виберіть" in page.row(2)
        page = page.press("record")
        told = desk.get(f"/applications/{page.recorded[0]}").json()
        assert told["parts"][0]["register"]["dwelling"] == room


class TestComparedWithTheRegister:
    def held(self, desk: Desk, **paper: str) -> str:
        body: dict[str, Any] = {"particulars": NAMES, "confirmed": True}
        if paper:
            body["documents"] = [{"kind": "passport_card", **paper}]
        return desk.act("/persons", body)["person"]

    def test_whom_names_birth_and_document_tell_is_found(self, desk: Desk, home: str) -> None:
        held = self.held(desk, number="000900001")
        page = ready(desk, home, IVAN)
        assert page.states == ["буде надано"] and "є в реєстрі" in page.row(1)
        page = page.press("record")
        [person] = desk.get(f"/applications/{page.recorded[0]}").json()["parts"][0]["register"]["persons"]
        assert person["person"] == held and facts(desk, page.recorded[0])[-1] == "residence-registered"

    def test_whom_they_may_tell_stands_side_by_side(self, desk: Desk, home: str) -> None:
        held = self.held(desk)
        page = ready(desk, home, IVAN)
        assert page.states == ["потрібен вибір"] and f'name="1-person" value="{held}"' in page.text
        before = desk.registry.position()
        assert page.press("record").answer.status_code == 422 and desk.registry.position() == before
        same = page.sends(**{"1-person": held})
        assert same.states == ["буде надано"] and held in same.row(1)
        other = page.press("record", **{"1-distinct_from": held, "1-distinct_reason": "інший документ"})
        [person] = desk.get(f"/applications/{other.recorded[0]}").json()["parts"][0]["register"]["persons"]
        assert person["person"] != held and person["distinct_reason"] == "інший документ"

    def test_an_unzr_of_somebody_else_by_name_is_asked_about(self, desk: Desk, home: str) -> None:
        held = desk.person(surname="Інша", unzr="19880203-00017", birth_date="1988-02-03")
        page = begun(desk, home, f"{IVAN};19880203-00017", head=f"{HEAD};УНЗР")
        assert page.states == ["потрібен вибір"] and held in page.row(1) and "Інша" in page.row(1)

    def test_two_rows_of_one_person_are_told(self, desk: Desk, home: str) -> None:
        page = ready(desk, home, IVAN, OLHA, IVAN.replace("000900001", "000900009"))
        assert page.states == ["буде надано", "буде надано", "виправити"] and "що в рядку 1" in page.row(3)
        page = page.press("record")
        assert len(page.recorded) == 2 and page.states == ["виправити"]
        page = page.sends(remove="3")
        assert page.states == [] and len(page.recorded) == 2

    def test_of_a_hidden_person_nothing_is_told_and_the_others_go_on(
        self, desk: Desk, home: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hidden = self.held(desk, number="000900001")
        page = ready(desk, home, IVAN, OLHA)
        page = page.sends(**{"1-person": hidden})
        denies = Denies(hidden)
        monkeypatch.setattr(viewer, "viewer_of", lambda who: denies)
        monkeypatch.setattr(seals, "told_by_law", lambda registry, who: denies)
        page = page.press("record")
        assert page.states == ["приховано"] and len(page.recorded) == 1
        assert "Вигаданенко" not in re.sub(r'name="1-packed" value=[^>]*', "", page.text)

    def test_a_change_in_between_is_shown_and_that_row_waits(self, desk: Desk, home: str) -> None:
        held = self.held(desk, number="000900001")
        page = ready(desk, home, IVAN, OLHA)
        desk.settled(held, desk.dwelling("8"), since="2020-07-15")
        page = page.press("record")
        assert page.states == ["запис змінився"] and len(page.recorded) == 1
        assert "Відомо зараз" in page.row(1) and "Калинова, буд. 8" in page.row(1)
        page = page.press("record")
        assert len(page.recorded) == 2 and page.states == []


class TestNothingTwice:
    def test_the_same_form_again_records_nothing_more(self, desk: Desk, home: str) -> None:
        page = ready(desk, home, IVAN, OLHA)
        first = page.press("record")
        after = desk.registry.position()
        assert page.press("record").recorded == first.recorded and desk.registry.position() == after
        assert first.press("record").recorded == first.recorded and desk.registry.position() == after

    def test_a_cut_in_the_middle_is_gone_on_from(self, desk: Desk, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
        page, whole = ready(desk, home, IVAN, OLHA), batches.apply
        made: list[Any] = []

        def cut(*asked: Any) -> Any:
            if made:
                raise OperationalError
            made.append(whole(*asked))
            return made[0]

        monkeypatch.setattr(batches, "apply", cut)
        assert page.press("record").answer.status_code == 503
        monkeypatch.setattr(batches, "apply", whole)
        page = page.press("record")
        assert len(page.recorded) == 2 and page.recorded[0] == json.loads(made[0].body)["application"]

    def test_a_command_of_another_act_is_of_no_row(self, desk: Desk, home: str) -> None:
        other = desk.act("/persons", {"particulars": NAMED_OTHER})["command"]
        page = ready(desk, home, IVAN)
        packed = page.fields["1-packed"][0]
        [command] = batch.unpacked(packed)[batch.COMMAND]
        page = page.press("record", **{"1-packed": packed.replace(command, other)})
        assert len(page.recorded) == 1 and facts(desk, page.recorded[0])[0] == "person-entered"


class TestTables:
    @pytest.mark.parametrize("separator", [";", "\t", ","], ids=["semicolon", "tab", "comma"])
    def test_are_pasted(self, desk: Desk, home: str, separator: str) -> None:
        page = Table(desk, desk.client.get(PATH))
        page = page.press("load", pasted="\n".join((HEAD, IVAN)).replace(";", separator))
        assert "Додано рядків: 1" in page.text and "Вигаданенко Іван" in page.row(1)

    def test_are_sent_as_a_workbook(self, desk: Desk, home: str) -> None:
        book = openpyxl.Workbook()
        book.active.append([*HEAD.split(";"), "Кімната", "Звідки прийшов"])
        cells: list[Any] = IVAN.split(";")
        cells[3], cells[7] = datetime(1988, 2, 3), "03.03.2025"
        book.active.append([*cells, datetime(2026, 5, 1), "пішки"])
        content = io.BytesIO()
        book.save(content)
        page = Table(desk, desk.client.get(PATH))
        sent = {**page.fields, "press": "load", "0-dwelling": home}
        answer = desk.client.post(PATH, data=sent, files={"file": ("Тиждень Вигаданенка.xlsx", content.getvalue())})
        page = Table(desk, answer)
        assert "03.02.1988" in page.row(1) and "Звідки прийшов" in page.text and "Тиждень" not in page.text
        # What Excel made of a room is no room, and waits to be typed.
        assert page.states == ["виправити"] and "Excel перетворив це на дату" in page.row(1)

    def test_what_is_no_table_is_told_and_stays_to_be_mended(self, desk: Desk) -> None:
        page = Table(desk, desk.client.get(PATH))
        pages = (("", "Вставте таблицю"), ("щось", "немає стовпця Прізвище"), (f'{HEAD}\n"', "пошкоджений"))
        for pasted, told in pages:
            answer = page.press("load", pasted=pasted)
            assert answer.answer.status_code == 422 and told in answer.text and pasted in answer.text

    def test_a_row_of_another_width_is_named_and_left_out(self, desk: Desk) -> None:
        page = Table(desk, desk.client.get(PATH)).press("load", pasted=f"{HEAD}\n{IVAN}\nЗайвий;;;;;;;;;;;поле\n")
        assert "Рядок 3 не внесено" in page.text and "Додано рядків: 1" in page.text

    def test_sixty_rows_are_answered_and_the_next_is_another_table(self, desk: Desk, home: str) -> None:
        rows = [IVAN.replace("000900001", f"0009{at:05}").replace("Іван;", f"Іван{ALPHABET[at]};") for at in range(61)]
        page = begun(
            desk, home, *(f"{row};49,92;{at}" for at, row in enumerate(rows)), head=f"{HEAD};Сплачено, грн;Квитанція"
        )
        assert page.states == ["буде надано"] * batch.MOST_ROWS and "не більше 60 рядків" in page.text
        # All of it fits a form and a draft.
        assert len(page.fields) < 1000 and len(json.dumps(page.fields, ensure_ascii=False)) < drafts.LARGEST

    @pytest.mark.parametrize(
        ("was", "typed", "told"),
        [
            ("03.02.1988", "31.02.1988", "Дата народження"),
            ("ID-картка", "грамота", "Документ"),
            ("уперше", "десь", "Звідки прибула особа?"),
            ("Вигаданенко", "", "Прізвище"),
            ("03.03.2025", "колись", "Дата довідки"),
        ],
        ids=["day", "document", "where", "surname", "certificate"],
    )
    def test_a_wrong_cell_is_named_and_mended_in_its_row(
        self, desk: Desk, home: str, was: str, typed: str, told: str
    ) -> None:
        page = begun(desk, home, IVAN.replace(was, typed), OLHA)
        page = page.press("check", **page.paid)
        assert page.states[0] in ("виправити", "бракує відповідей") and page.states[1] == "буде надано", page.states
        assert told in page.row(1)
        page = page.press("record")
        assert len(page.recorded) == 1 and len(page.states) == 1
        right = batch.of_table(BATCHES["arrivals"], dict(zip(COLUMNS, IVAN.split(";"), strict=True)))
        page = page.press("check", **{f"1-{name}": value for name, value in right.items() if name != batch.COMMAND})
        page = page.press("record", **page.paid)
        assert len(page.recorded) == 2, page.row(1)


class TestDrafts:
    def test_a_table_outlives_the_session(self, desk: Desk, home: str, tmp_path: Path) -> None:
        page = ready(desk, home, IVAN, OLHA)
        user_of(desk.registry)
        app = create_app(desk.registry, Settings(data=tmp_path, **NAMED))
        with Window(app) as window:
            window.sign_in()
            assert window.sends("/drafts", **page.fields).status_code == 303
        with Window(app) as window:
            window.sign_in()
            listed = window.get("/drafts").text
            assert "Тижнева відомість установи" in listed and "/application" not in listed
            [path] = re.findall(r'href="(/drafts/[0-9a-f-]{36})"', listed)
            again = Table(desk, window.get(path))
            assert again.states == ["буде надано", "буде надано"]
            fields = {**again.fields, "press": "record"}
            done = Table(desk, window.post(PATH, data=fields))
            assert len(done.recorded) == 2, done.text
            assert path not in window.get("/drafts").text

    def test_a_role_that_may_not_is_told_so(self, desk: Desk, tmp_path: Path) -> None:
        user_of(desk.registry, "auditor", "auditor")
        with Window(create_app(desk.registry, Settings(data=tmp_path, **NAMED))) as window:
            window.sign_in("auditor")
            assert window.get(PATH).status_code == 403
            assert "/batches/" not in window.get("/help/register_residence").text

    def test_it_is_led_to(self, desk: Desk) -> None:
        for page in ("/services", "/notices", "/help/register_residence"):
            assert f'href="{PATH}"' in desk.client.get(page).text
        assert desk.client.get("/batches/rumours").status_code == 404
