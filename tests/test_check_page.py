"""The public check of an extract by its code, by HTTP and in a real Chromium: three verdicts, nothing of anybody."""

import hashlib
from datetime import date, datetime

import psycopg
import pytest
from extracting import ZENOVIIA, Office, text
from given import installation
from joserfc import jws
from joserfc.jwk import KeySet
from running import served
from starlette.testclient import TestClient
from test_pages import DESK, PATIENCE, PHONE, TWICE, chromium

from api.main import create_app
from registry.extracts import issuing, keys
from registry.extracts.requesting import ALPHABET
from registry.extracts.statement import Pinned, checked
from registry.opening import opened
from registry.storage import access
from registry.storage.mapper import KYIV

__all__ = ["chromium"]

UNKNOWN = "ABCDEFGHJKLM"


class Town(Office):
    """An office with an extract that still holds, one that was corrected since, and one about a dwelling."""

    def __init__(self, registry, settings):
        super().__init__(registry, settings)
        self.person, self.dwelling, self.residence = self.lives()
        self.valid = self.issue(self.person, contact="+380000000099")
        self.dwelt = self.of(self.dwelling)
        other, _, wrong = self.lives(surname="Придуманенко", unzr=None, rnokpp=None)
        self.superseded = self.issue(other, history=True)
        self.does("correct_residence", other, residence=wrong, changes={"since": "2010-07-16"}, reason="описка")


@pytest.fixture
def town(database_url, tmp_path):
    with opened(database_url) as registry:
        yield Town(registry, installation(data=tmp_path, public_rate="100000/minute"))


@pytest.fixture
def client(town):
    with TestClient(create_app(town.registry, town.settings)) as client:
        yield client


def spaced(code):
    return f"{code[:4]} {code[4:8]} {code[8:]}"


def hyphenated(code):
    return spaced(code).replace(" ", "-")


def one_wrong(code):
    return code[:-1] + next(letter for letter in ALPHABET if letter != code[-1])


class TestVerdicts:
    def test_valid(self, client, town):
        said = client.get(f"/v/{town.valid.code}")
        assert said.status_code == 200 and "Витяг чинний" in said.text and town.valid.number in said.text
        assert f"{town.asked(town.valid).recorded_at.astimezone(KYIV):%d.%m.%Y}" in said.text
        assert "В… З… О…" in said.text and "поточне" in said.text

    def test_superseded_since_a_day_and_never_because_of_what(self, client, town):
        said = client.get(f"/v/{town.superseded.code}")
        assert said.status_code == 200 and f"Витяг застарів {town.today():%d.%m.%Y}" in said.text
        assert "чинний" not in said.text and "описка" not in said.text and "2010" not in said.text

    def test_of_a_dwelling_it_names_nobody(self, client, town):
        said = client.get(f"/v/{town.dwelt.code}").text
        assert "зареєстровані в житлі" in said and "В…" not in said and "Калинова" not in said

    @pytest.mark.parametrize("typed", [str.lower, hyphenated, spaced, lambda code: f" {hyphenated(code).lower()} "])
    def test_as_people_type_it(self, client, town, typed):
        assert client.get(f"/v/{typed(town.valid.code)}").text == client.get(f"/v/{town.valid.code}").text

    def test_of_the_past(self, client, town):
        then = client.get(f"/v/{town.issue(town.person, on=date(2015, 1, 1)).code}").text
        assert "На день" in then and "01.01.2015" in then
        stood = town.issue(town.person, known_at=town.asked(town.valid).recorded_at)
        town.does(
            "correct_residence", town.person, residence=town.residence, changes={"since": "2011"}, reason="описка"
        )
        assert "Витяг застарів" in client.get(f"/v/{town.valid.code}").text
        assert "пізніші записи його не змінюють" in client.get(f"/v/{stood.code}").text

    def test_never_issued_and_malformed_look_alike_to_the_byte(self, client, town, monkeypatch):
        with monkeypatch.context() as broken, pytest.raises(issuing.CannotIssue):
            broken.setattr(issuing, "_made", lambda *_: 1 / 0)
            town.issue(town.person)
        with town.registry.snapshot() as connection:
            voided = connection.execute("SELECT code FROM extracts WHERE voided").fetchone()["code"]
        code = town.valid.code
        typed = [UNKNOWN, one_wrong(code), code[::-1], voided, code[:-1], code + "A", "O0I1O0I1O0I1", "нічого", "%00"]
        typed += ["'; DROP TABLE extracts", "<b>", "A" * 5000, "x.pdf", "%ff%fe", "🙂" * 12]
        answers = [client.get(f"/v/{one}") for one in typed]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1 and "не видавав" in answers[0].text
        headers = [{**answer.headers, "date": ""} for answer in answers]
        assert all(one == headers[0] for one in headers)

    def test_they_cost_the_same_questions(self, client, town, monkeypatch):
        """So that the time of an answer tells nothing either."""
        asked, execute = [], psycopg.Cursor.execute

        def heard(cursor, query, *more, **how):
            # The empty one asks whether the server is there, once in a while, whatever is asked.
            if query:
                asked.append(query)
            return execute(cursor, query, *more, **how)

        monkeypatch.setattr(psycopg.Cursor, "execute", heard)
        questions = []
        for code in (UNKNOWN, one_wrong(town.valid.code), "нічого", "A" * 5000, town.valid.code[:-1]):
            asked.clear()
            client.get(f"/v/{code}")
            questions.append(list(asked))
        assert questions[0] and all(one == questions[0] for one in questions)


class TestWhatIsNotTold:
    @pytest.mark.parametrize("which", ["valid", "superseded", "dwelt"])
    def test_nothing_of_the_person(self, client, town, which):
        for path in (f"/v/{getattr(town, which).code}", f"/v/{getattr(town, which).code}.jws"):
            answer = client.get(path)
            said = answer.text + str(answer.headers)
            secret = [*ZENOVIIA.values(), "02.04.1985", "1985", "Придуманенко", "Калинова", "Власник", "15.07.2010"]
            secret += ["+380000000099", "2010-07-15", str(town.person), str(town.residence), str(town.dwelling)]
            assert [one for one in secret if one in said] == []

    def test_nothing_is_indexed_kept_or_set(self, client, town):
        for code in (town.valid.code, UNKNOWN):
            answer = client.get(f"/v/{code}")
            assert answer.headers["x-robots-tag"] == "noindex" and answer.headers["cache-control"] == "no-store"
            assert "set-cookie" not in answer.headers and answer.headers["referrer-policy"] == "no-referrer"
            assert "script-src 'self';" in answer.headers["content-security-policy"]
            assert (
                "unsafe" not in answer.headers["content-security-policy"] and "//" not in answer.text.split("<body>")[1]
            )

    def test_markup_in_a_name_is_a_letter(self, client, town):
        person = town.enter(surname="<script>", given_names="&amp;", patronymic="مريم")
        said = client.get(f"/v/{town.issue(person).code}").text
        assert "<bdi>&lt;… &amp;… م…</bdi>" in said

    def test_too_many_at_once_wait(self, town):
        client = TestClient(create_app(town.registry, installation(data=town.settings.data, public_rate="3/minute")))
        answers = [client.get(f"/v/{code}") for code in (town.valid.code, UNKNOWN, "x", town.valid.code)]
        assert [answer.status_code for answer in answers] == [200, 404, 404, 429]
        assert 1 <= int(answers[3].headers["retry-after"]) <= 60 and "Забагато запитів" in answers[3].text
        assert client.get(f"/v/{town.valid.code}.jws").status_code == 429
        assert "чинний" not in answers[3].text


WHICH = [("valid", "valid"), ("superseded", "superseded"), ("dwelt", "valid")]


class TestForMachines:
    @pytest.mark.parametrize(
        ("which", "status"), [("valid", "valid"), ("superseded", "superseded"), ("dwelt", "valid")]
    )
    def test_a_signed_status(self, client, town, which, status):
        issued = getattr(town, which)
        token = client.get(f"/v/{issued.code}.jws")
        assert token.headers["content-type"].startswith("application/jose")
        public = client.get("/.well-known/jwks.json").json()
        said = jws.deserialize_compact(token.text, KeySet.import_key_set(public), registry=Pinned())
        payload = checked(token.content, public)
        assert (payload.outcome, payload.number, payload.sha256) == (status, issued.number, issued.sha256)
        assert payload.superseded_on == (str(town.today()) if status == "superseded" else None)
        assert datetime.fromisoformat(payload.checked_at) and issued.code.encode() not in said.payload

    def test_also_after_a_new_key(self, client, town):
        before = client.get(f"/v/{town.valid.code}.jws").content
        keys.rotate(town.settings, town.now())
        public = client.get("/.well-known/jwks.json").json()
        assert len(public["keys"]) == 2 and not any("d" in one for one in public["keys"])
        for token in (before, client.get(f"/v/{town.valid.code}.jws").content):
            assert checked(token, public).outcome == "valid"
        assert checked(town.valid.pdf, public).outcome == "valid"

    def test_of_no_extract_there_is_none(self, client):
        answers = [client.get(f"/v/{code}.jws") for code in (UNKNOWN, "нічого")]
        assert {answer.status_code for answer in answers} == {404} and answers[0].content == answers[1].content


class TestTheAccessJournal:
    def test_one_entry_for_each_check_of_a_code_that_exists(self, client, town):
        before = len(access.entries(town.registry.access))
        for code in (
            town.valid.code,
            UNKNOWN,
            "нічого",
            hyphenated(town.valid.code),
            f"{town.valid.code}.jws",
            town.dwelt.code,
        ):
            client.get(f"/v/{code}")
        entries = access.entries(town.registry.access)[before:]
        one = ("checked", (town.person,), {"extract": town.valid.number}, "public")
        assert [(entry.action, entry.persons, entry.about, entry.by.id) for entry in entries] == [
            *(one, one, one),
            ("checked", (), {"extract": town.dwelt.number}, "public"),
        ]

    def test_what_cannot_be_written_down_is_not_shown(self, client, town, monkeypatch):
        def fails(*_):
            raise access.NotRecorded

        monkeypatch.setattr(access, "record", fails)
        answer = client.get(f"/v/{town.valid.code}")
        assert answer.status_code == 503 and town.valid.number not in answer.text and "чинний" not in answer.text
        assert client.get(f"/v/{UNKNOWN}").status_code == 404


@pytest.fixture
def address(town):
    """The application behind a real server."""
    app = create_app(town.registry, town.settings)
    with served(app) as at:
        yield at


@pytest.fixture
def page(chromium, address):
    """A page that asked nobody else for anything, was given no cookie, and complained about nothing."""
    context = chromium.new_context(base_url=address, viewport=PHONE, locale="uk-UA")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if "status of 4" not in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == [] and context.cookies() == []
    assert asked and all(url.startswith(address) for url in asked)
    context.close()


SCREENS = pytest.mark.parametrize("screen", [DESK, PHONE, TWICE], ids=["desk", "phone", "twice"])


class TestInABrowser:
    def choose(self, page, town, file):
        page.goto(f"/v/{town.valid.code}")
        page.set_input_files("#file", file)
        page.locator("#result:not(:empty)").wait_for()
        return page.locator("#result").inner_text(), page.locator("#result").get_attribute("class")

    def test_the_issued_file_is_the_same_and_a_changed_one_is_not(self, page, town, tmp_path):
        (tmp_path / "same.pdf").write_bytes(town.valid.pdf)
        said, look = self.choose(page, town, tmp_path / "same.pdf")
        assert "Файл той самий" in said and look == "right"
        changed = bytearray(town.valid.pdf)
        changed[len(changed) // 2] ^= 1
        (tmp_path / "changed.pdf").write_bytes(bytes(changed))
        said, look = self.choose(page, town, tmp_path / "changed.pdf")
        assert "Це інший файл" in said and look == "fault"
        (tmp_path / "home.pdf").write_bytes(town.dwelt.pdf)
        assert "Це інший файл" in self.choose(page, town, tmp_path / "home.pdf")[0]
        (tmp_path / "empty.pdf").write_bytes(b"")
        assert "Це інший файл" in self.choose(page, town, tmp_path / "empty.pdf")[0]

    def test_dropping_it_on_the_page_does_too_and_the_file_goes_nowhere(self, page, town):
        sent = []
        page.on("request", lambda request: sent.append(request.method))
        page.goto(f"/v/{town.valid.code}")
        data = page.evaluate_handle(
            """bytes => { const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], 'a.pdf')); return data; }""",
            list(town.valid.pdf),
        )
        page.dispatch_event("body", "drop", {"dataTransfer": data})
        page.locator("#result.right").wait_for()
        assert set(sent) == {"GET"}

    def test_without_a_script_it_says_the_same_but_compares_nothing(self, chromium, address, town):
        context = chromium.new_context(base_url=address, java_script_enabled=False)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(f"/v/{town.valid.code}")
        assert page.locator("h1").inner_text() == "Витяг чинний" and not page.locator("#compare").is_visible()
        context.close()

    @SCREENS
    def test_it_fits_and_reads_well(self, page, town, screen):
        page.set_viewport_size(screen)
        for code, heading in (
            (town.valid.code, "Витяг чинний"),
            (town.superseded.code, "Витяг застарів"),
            (UNKNOWN, "Такого"),
        ):
            page.goto(f"/v/{code}")
            assert page.locator("h1").inner_text().startswith(heading) and page.locator("h1").count() == 1
            assert page.locator("h1").bounding_box()["y"] < screen["height"] / 2
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            rows = page.locator("dl div").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().left)")
            assert len(set(rows)) <= 1
            assert page.evaluate("document.documentElement.lang") == "uk" and page.locator("main").count() == 1
            links = page.locator("a, input").evaluate_all("all => all.map(one => one.getAttribute('href'))")
            assert "/" not in links
            small = page.locator("input").evaluate_all("all => all.filter(one => one.clientHeight < 32).length")
            assert small == 0

    @SCREENS
    def test_by_keyboard_alone(self, page, town, screen):
        page.set_viewport_size(screen)
        page.goto(f"/v/{town.valid.code}")
        stops = []
        for _ in range(4):
            page.keyboard.press("Tab")
            focused = page.evaluate_handle("document.activeElement")
            stops.append(focused.evaluate("one => one.id || one.getAttribute('href')"))
            assert focused.evaluate("one => getComputedStyle(one).outlineStyle") == "solid", stops
        assert stops == ["#main", "file", f"/v/{town.valid.code}.jws", "/.well-known/jwks.json"]
        page.locator("#file").focus()
        opened = []
        page.on("filechooser", lambda chooser: opened.append(chooser))
        for _ in range(PATIENCE // 500):
            # A busy browser may still be settling when the first key comes.
            page.keyboard.press("Enter")
            page.wait_for_timeout(500)
            if opened:
                break
        assert opened

    def test_the_code_in_the_paper_leads_here(self, page, town):
        """The address printed under the QR code is the one of this page."""
        printed = text(town.valid.pdf)
        assert f"/v/{town.valid.code}" in printed.replace(" ", "")
        page.goto(f"/v/{town.valid.code}")
        assert town.valid.number in printed and town.valid.number in page.locator("dl").inner_text()
        stamp = page.locator("dl div:nth-child(2) dd").inner_text()
        assert stamp in printed
        assert hashlib.sha256(town.valid.pdf).hexdigest() == page.locator("#compare").get_attribute("data-sha256")
