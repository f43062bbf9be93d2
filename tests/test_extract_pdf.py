"""The paper: an archival, accessible PDF that says all the law asks and nothing that a name could smuggle in."""

import copy
import hashlib
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import segno

from registry.extracts import typeset
from registry.extracts.content import titled
from registry.extracts.pdf import RENDERER, CannotRender, render

RENDERED_AS = {
    "1": "ce7c5f9be9ba23f4d33dcd1097ec598ca43bdbaf4b49f69896339027a196eec8",
    "2": "cbab9bfc0e82dd24a78c9702aaf2ee25dc0101bd2ce4f21c9ddb1176a1949b82",
}
"""sha256 of `content()` by version of the renderer. Differs? Then old extracts cannot be made again: raise RENDERER."""


def period(since="2019-03-01", until=None, **changed):
    known = {10: "day", 7: "month", 4: "year", 0: "none"}
    row = {
        "kind": "зареєстроване місце проживання",
        "address": "м. Зарічне, вул. Івана Франка, буд. 12, кв. 34",
        "address_now": None,
        "since": since,
        "until": until,
        "since_known": known[len(since or "")],
        "until_known": known[len(until or "")],
        "note": None,
        "kept": False,
    }
    return row | changed


def person(**changed):
    row = {
        "surname": "Їжаченко",
        "given_names": "Ґалина",
        "patronymic": "Омелянівна",
        "birth_date": "1985-04-02",
        "unzr": "19850402-00001",
        "rnokpp": "3113800001",
        "latin": "IZHACHENKO GALYNA",
    }
    return row | changed


def content(**changed):
    row = {
        "number": "2026/000000017",
        "code": "K7QM-3XFB-9D2A",
        "check_url": "http://127.0.0.1:8080/v/K7QM3XFB9D2A",
        "kind": "поточне місце проживання",
        "register": "Реєстр територіальної громади",
        "community": "Зарічненська територіальна громада",
        "office": "Відділ реєстрації Зарічненської міської ради",
        "formed_at": "2026-11-23T09:15:42.123456Z",
        "requested_at": "2026-11-22T22:02:00.000000Z",
        "on": "2026-11-23",
        "known_at": "2026-11-23T09:15:40.000000Z",
        "position": 12345,
        "past": False,
        "basis": "заява особи",
        "requester": "Вишнева Зоряна Гнатівна, паспорт 000000001",
        "clerk": "Щедрик Оксана",
        "person": person(),
        "died": None,
        "residences": [period()],
        "previous": None,
        "no_data": False,
    }
    return row | changed


def resident(**changed):
    row = {
        "surname": "Мрійник",
        "given_names": "Ґалина",
        "patronymic": "Омелянівна",
        "kind": "задеклароване місце проживання",
        "since": "2020-02-01",
        "since_known": "day",
        "note": None,
        "kept": False,
    }
    return row | changed


def by_dwelling(residents, **changed):
    dwelling = {"address": "м. Зарічне, вул. Івана Франка, буд. 12", "address_now": "м. Зарічне, вул. Нова, буд. 1"}
    return content(person=None, residences=[], dwelling=dwelling, residents=residents, **changed)


def pages(document):
    """The text of each page, blanks made single."""
    read = pypdfium2.PdfDocument(document)
    return [" ".join(read[number].get_textpage().get_text_bounded().split()) for number in range(len(read))]


def text(**changed):
    return " ".join(pages(render(content(**changed))))


def tags(document, name):
    """Every structure element of that name, in reading order."""
    with pikepdf.open(BytesIO(document)) as opened:
        found, waiting = [], [opened.Root.StructTreeRoot]
        while waiting:
            node = waiting.pop()
            if isinstance(node, pikepdf.Array):
                waiting.extend(reversed(list(node)))
            elif isinstance(node, pikepdf.Dictionary):
                if node.get("/S") == name:
                    found.append(str(node.get("/Alt", "")))
                if "/K" in node:
                    waiting.append(node.K)
        return found


def missing_glyphs(document):
    """How many times the glyph that stands for a missing one is drawn."""
    with pikepdf.open(BytesIO(document)) as opened:
        shown = [
            bytes(part)
            for page in opened.pages
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) in ("Tj", "TJ")
            for part in (operands[0] if str(operator) == "TJ" else operands)
            if isinstance(part, pikepdf.String)
        ]
    return sum(word[at : at + 2] == b"\0\0" for word in shown for at in range(0, len(word), 2))


class TestDocument:
    """Archival and accessible at once, as the engine enforces and the file declares."""

    def test_declares_archival_and_accessible(self):
        with pikepdf.open(BytesIO(render(content()))) as opened:
            described = opened.open_metadata()
            assert described["pdfaid:part"] == "2"
            assert described["pdfaid:conformance"] == "A"
            assert described["pdfuaid:part"] == "1"
            assert described["dc:title"] == "Витяг з реєстру територіальної громади № 2026/000000017"

    def test_is_tagged_in_ukrainian_with_its_title_shown(self):
        with pikepdf.open(BytesIO(render(content()))) as opened:
            assert opened.Root.Lang == "uk"
            assert opened.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in opened.Root
            assert opened.Root.ViewerPreferences.DisplayDocTitle

    def test_tables_have_heads_headings_and_the_picture_its_description(self):
        made = render(content(previous=[period("2010-01-01", "2019-03-01")]))
        assert len(tags(made, "/TH")) == 2 * 4
        assert len(tags(made, "/H1")) == 1
        assert len(tags(made, "/H2")) == 4
        assert tags(made, "/Figure") == ["QR-код з адресою перевірки витягу: http://127.0.0.1:8080/v/K7QM3XFB9D2A"]

    def test_labels_are_tied_to_their_values(self):
        made = render(content())
        assert len(tags(made, "/Lbl")) == len(tags(made, "/LBody")) == 3 + 3 + 3 + 3

    def test_the_picture_is_the_code_of_the_checking_address(self):
        modules = segno.make_qr(content()["check_url"], error="m", mask=typeset.MASK).matrix
        scale = 6
        drawn = pypdfium2.PdfDocument(render(content()))[0].render(scale=scale).to_pil().convert("L")
        millimetre = scale * 72 / 25.4
        left, top, side = 170 * millimetre, 17 * millimetre, 30 * millimetre / len(modules)
        for row, line in enumerate(modules):
            for column, dark in enumerate(line):
                shade = drawn.getpixel((int(left + (column + 0.5) * side), int(top + (row + 0.5) * side)))
                assert (shade < 128) == bool(dark)

    def test_only_bundled_fonts(self):
        with pikepdf.open(BytesIO(render(content()))) as opened:
            names = {str(font.BaseFont).split("+")[-1] for font in opened.pages[0].Resources.Font.values()}
        assert names == {"NotoSans-Regular", "NotoSans-Bold"}


class TestContents:
    """The fourteen contents of card 7, row 16, and what the paper says of itself."""

    @pytest.mark.parametrize(
        "printed",
        [
            "Прізвище Їжаченко",
            "Власне ім’я Ґалина",
            "По батькові Омелянівна",
            "Дата народження 02.04.1985",
            "УНЗР 19850402-00001",
            "РНОКПП 3113800001",
            "м. Зарічне, вул. Івана Франка, буд. 12, кв. 34 01.03.2019 по цей час",
            "Вид витягу поточне місце проживання",
            "Дата та час формування 23.11.2026 11:15",
            "Номер 2026/000000017",
            "Орган реєстрації Відділ реєстрації Зарічненської міської ради",
            "Підстава заява особи",
            "Дата звернення 23.11.2026 00:02",
            "Суб’єкт запиту Вишнева Зоряна Гнатівна, паспорт 000000001",
        ],
    )
    def test_is_printed(self, printed):
        assert printed in text()

    @pytest.mark.parametrize(
        "printed",
        [
            "Зарічненська територіальна громада",
            "Реєстр територіальної громади: відомості на 23.11.2026, стан реєстру на 23.11.2026 11:15:40",
            "останній запис № 12345",
            "Витяг не надає і не підтверджує права на житло.",
            "відкрийте http://127.0.0.1:8080/v/K7QM3XFB9D2A.",
            "Код перевірки K7QM-3XFB-9D2A",
            "Видається працівником Щедрик Оксана",
            "сторінка 1 з 1",
        ],
    )
    def test_says_of_itself(self, printed):
        assert printed in text()

    def test_what_the_register_does_not_have_leaves_no_label(self):
        shown = text(person=person(patronymic=None, unzr=None, rnokpp=None))
        assert not re.search("По батькові|УНЗР|РНОКПП|Дата смерті|None", shown)

    def test_a_missing_surname_or_address_is_said(self):
        shown = text(person=person(surname=""), residences=[period(address="")])
        assert "Прізвище не зазначено" in shown
        assert "не зазначено 01.03.2019" in shown

    def test_the_transcription_is_not_printed_where_the_name_can_be_read(self):
        assert "IZHACHENKO" not in text()

    def test_death(self):
        assert "Дата смерті 01.05.2024" in text(died="2024-05-01")

    def test_an_ordinary_history_fits_one_page(self):
        address = "Вінницька обл., Вінницький р-н, м. Зарічне, вул. Івана Франка, буд. 12, кв. 34"
        rows = [period(f"{year}-05-02", f"{year + 1}-05-02", address=address) for year in range(2017, 2009, -1)]
        assert len(pages(render(content(previous=rows)))) == 1


class TestResidences:
    def test_periods_not_asked_for_leave_no_section(self):
        assert not re.search("попередн", text(previous=None), re.IGNORECASE)

    def test_no_earlier_periods(self):
        assert "Попередніх періодів немає." in text(previous=[])

    def test_no_data(self):
        assert "Відомості відсутні: на 23.11.2026" in text(no_data=True, residences=[])

    def test_remarks_stand_under_the_address(self):
        shown = text(residences=[period(address_now="вул. Нова, буд. 1", note="перенумеровано", kept=True)])
        assert "нинішня адреса: вул. Нова, буд. 1 перенумеровано не знято: тимчасово окупована територія" in shown

    def test_a_past_extract_says_so_and_does_not_speak_of_now(self):
        shown = text(past=True, on="2018-05-01", known_at="2020-01-01T10:00:00.000000Z")
        assert "Відомості подано на минулий день: 01.05.2018." in shown
        assert "як їх містив реєстр 01.01.2020 12:00; пізніші записи не враховано." in shown
        assert "не знято" in shown and "по цей час" not in shown

    def test_a_past_day_alone(self):
        shown = text(past=True, on="2018-05-01")
        assert "на минулий день: 01.05.2018." in shown and "пізніші записи" not in shown

    def test_sixty_periods_flow_over_pages_with_heads_repeated(self):
        rows = [period(f"{year}-01-01", f"{year + 1}-01-01", address=f"буд. {year}") for year in range(1999, 1939, -1)]
        made = render(content(previous=rows))
        shown = pages(made)
        assert len(shown) > 2
        for number, page in enumerate(shown, start=1):
            assert f"Витяг № 2026/000000017, код перевірки K7QM-3XFB-9D2A сторінка {number} з {len(shown)}" in page
            assert ("Вид Адреса Дата декларування (реєстрації)" in page) == ("буд. 1" in page)
        assert all("№ 2026/000000017, сформовано 23.11.2026 11:15" in page for page in shown[1:])
        assert re.findall(r"буд\. (\d{4})", " ".join(shown)) == [str(year) for year in range(1999, 1939, -1)]
        assert len(tags(made, "/TH")) == 2 * 4, "repeated heads are not read out again"

    def test_the_signature_is_never_alone_on_a_page(self):
        for count in range(9, 16):
            rows = [period("2001-01-01", "2002-01-01")] * count
            last = pages(render(content(previous=rows)))[-1]
            assert "Підстава заява особи" in last and "Видається працівником" in last


class TestDates:
    @pytest.mark.parametrize(
        ("written", "known", "printed"),
        [
            ("2010-07-15", "day", "15.07.2010"),
            ("2008-05", "month", "травень 2008 (день невідомий)"),
            ("2008", "year", "2008 рік (місяць невідомий)"),
            (None, "none", "дата невідома"),
            ("2008-05-01", "month", "травень 2008 (день невідомий)"),
            ("2008-01-01", "none", "дата невідома"),
            ("2008-12", None, "грудень 2008 (день невідомий)"),
        ],
    )
    def test_as_far_as_known(self, written, known, printed):
        assert typeset.day(written, known) == printed

    def test_unknown_dates_are_printed_in_words(self):
        rows = [period("2008-05", "2012"), period(None, "2008-05")]
        shown = text(previous=rows, person=person(birth_date=None))
        assert "травень 2008 (день невідомий) 2012 рік (місяць невідомий)" in shown
        assert "дата невідома травень 2008 (день невідомий)" in shown
        assert "Дата народження дата невідома" in shown

    def test_times_are_those_of_kyiv_in_summer_and_winter(self):
        assert typeset.clock("2026-07-01T21:30:00.000000Z") == "02.07.2026 00:30"
        assert typeset.clock("2026-12-31T22:00:00.000000Z") == "01.01.2027 00:00"


class TestCharacters:
    def test_nothing_in_a_name_acts(self):
        evil = '#read("/etc/passwd") $x$ *b* _i_ `c` @r <l> \\n -- "q" // #sys.inputs'
        assert evil in text(person=person(surname=evil, latin=evil), requester=evil)

    def test_a_missing_glyph_never_blocks(self):
        given = content(person=person(surname="漢字", latin="HANZI"), clerk="👍")
        before = copy.deepcopy(given)
        shown = " ".join(pages(render(given)))
        assert "Прізвище [U+6F22][U+5B57]" in shown
        assert "Латиницею HANZI" in shown
        assert "[U+1F44D]" in shown
        assert given == before

    def test_a_missing_glyph_without_transcription(self):
        without = person(surname="漢")
        del without["latin"]
        shown = text(person=without)
        assert "[U+6F22]" in shown and "Латиницею" not in shown

    @pytest.mark.parametrize(
        "hidden", ["\x00", "\u034f", "\ufe00", "\u202e", "\u200b", "\u2066", "\ue000", "\ud800", "\ufffe", "\u0378"]
    )
    def test_a_hidden_character_is_shown_by_its_code(self, hidden):
        assert f"Ан[U+{ord(hidden):04X}]на" in text(person=person(given_names=f"Ан{hidden}на"))

    def test_marks_that_no_one_font_draws_are_shown_by_their_codes(self):
        shown = text(person=person(surname="Щур\u06f5\u1de9\u02cf", given_names="Га\u0301нна"))
        assert "Щур\u06f5[U+1DE9]\u02cf" in shown and "Га[U+0301]нна" in shown
        assert "Га\u0301нна" in text(person=person(given_names="Га\u0301нна"))

    def test_blanks_become_spaces(self):
        assert "Власне ім’я Анна Марія По батькові" in text(person=person(given_names="Анна\n\tМарія"))

    @pytest.mark.slow
    def test_every_character_of_the_fonts_is_drawn_in_both_weights(self):
        drawn = [chr(code) for code in sorted(typeset.glyphs()) if typeset.drawn(chr(code)) == chr(code)]
        assert len(drawn) > 4000
        made = render(content(requester=" ".join(drawn), person=person(surname=" ".join(drawn))))
        assert missing_glyphs(made) == 0

    @pytest.mark.parametrize("letter", ["Щ", "W", "Ճ", "ც", "ש", "س", "Ю\u0301", "漢"])
    @pytest.mark.parametrize("where", ["name", "resident", "address", "office", "basis", "clerk", "sealed"])
    def test_two_hundred_letters_stay_on_the_page(self, letter, where):
        long = letter * 200
        given = {
            "name": content(person=person(surname=long, given_names="Анна " * 40, patronymic=long)),
            "resident": by_dwelling([resident(surname=long)]),
            "address": content(residences=[period(address=long, address_now=long)]),
            "office": content(office=long, community=long),
            "basis": content(requester=long, basis=long),
            "clerk": content(clerk=long),
            "sealed": content(sealed=long, clerk=long),
        }[where]
        made = render(given)
        for page in pypdfium2.PdfDocument(made):
            words = page.get_textpage()
            boxes = [words.get_charbox(index) for index in range(words.count_chars())]
            assert max(box[2] for box in boxes) <= page.get_width() - 28
            assert min(box[0] for box in boxes) >= 84
        assert missing_glyphs(made) == 0

    def test_a_long_name_breaks_without_a_trace(self):
        shown = " ".join(pages(render(content(person=person(surname="Щ" * 200)))))
        assert shown.replace(" ", "").count("Щ" * 200) == 1

    def test_a_long_word_is_never_cut_before_a_mark(self):
        assert typeset.pieces("а\u0301бвгде\u0301\u0308жз") == ["а\u0301бвгд", "е\u0301\u0308жз"]
        assert typeset.pieces("\u0301аб") == ["\u0301аб"] and typeset.pieces("абвгд") == ["абвгд"]
        assert typeset.flowing("вул. Звичайна") == "вул. Звичайна"


class TestScripts:
    """Names in the scripts of the bundled fonts print as they are, each in its own direction."""

    @pytest.mark.parametrize(
        "name",
        [
            "Ґалаґан-Їжакевич",
            "Nguyễn Þórður",
            "Παπαδόπουλος ὄς",
            "გამსახურდია",
            "ᲒᲐᲛᲡᲐᲮᲣᲠᲓᲘᲐ",
            "Տեր-Պետրոսյան և",
            "ביאליק",
            "الفاسي",
            "گلچین",
            "Шевченко محمد",
            "Коген כהן",
        ],
    )
    @pytest.mark.parametrize("where", ["surname", "requester"])
    def test_a_name_reads_back_as_it_was_written(self, name, where):
        made = render(content(person=person(surname=name)) if where == "surname" else content(requester=name))
        assert f"{'Прізвище' if where == 'surname' else 'Суб’єкт запиту'} {name}" in " ".join(pages(made))
        assert missing_glyphs(made) == 0

    @pytest.mark.parametrize("name", ["משה בר כוכבא", "علي حسن", "יוסף"])
    def test_a_name_from_right_to_left_runs_so_and_its_label_stays_left(self, name):
        words = pypdfium2.PdfDocument(render(content(person=person(surname=name))))[0].get_textpage()
        placed = [(chr(pypdfium2.raw.FPDFText_GetUnicode(words, at)), at) for at in range(words.count_chars())]
        first, last = (next(at for letter, at in placed if letter == wanted) for wanted in (name[0], name[-1]))
        label = next(at for letter, at in placed if letter == "П")
        assert words.get_charbox(label)[0] < words.get_charbox(last)[0] < words.get_charbox(first)[0]
        assert words.get_charbox(last)[0] == pytest.approx((30 + 26) / 25.4 * 72, abs=2), "it begins after its label"

    def test_fonts_of_all_scripts_are_those_bundled(self):
        mixed = person(surname="მელაძე Սարյան", given_names="כהן", patronymic="محمد")
        with pikepdf.open(BytesIO(render(content(person=mixed)))) as opened:
            names = {str(font.BaseFont).split("+")[-1] for font in opened.pages[0].Resources.Font.values()}
        scripts = ("", "Georgian", "Armenian", "Hebrew", "Arabic")
        assert names == {f"NotoSans{script}-Bold" for script in scripts} | {"NotoSans-Regular"}

    def test_each_family_has_both_weights_and_its_licence(self):
        weights = {path.stem for path in typeset.FONTS.glob("*.ttf")}
        families = {name.partition("-")[0] for name in weights}
        assert weights == {f"{family}-{weight}" for family in families for weight in ("Regular", "Bold")}
        licence = (typeset.FONTS / "OFL.txt").read_text()
        assert (
            len(re.findall("^Copyright 20", licence, re.MULTILINE)) == len(families)
            and "SIL OPEN FONT LICENSE" in licence
        )


class TestStatement:
    """A signed text in the keywords, which the caller puts in place of a placeholder of the same length."""

    def test_a_placeholder_stands_twice_and_gives_place(self):
        made = render(content(), statement="0" * 430)
        assert made.count(b"hromada-statement, " + b"0" * 430) == made.count(b"0" * 430) == 2
        signed = made.replace(b"0" * 430, b"eyJ-_." + b"Az9" * 140 + b"4321")
        with pikepdf.open(BytesIO(signed)) as opened:
            keywords = str(opened.docinfo["/Keywords"])
            assert opened.open_metadata()["pdf:Keywords"] == keywords
            assert opened.check_pdf_syntax() == []
        assert keywords == "hromada-statement, eyJ-_." + "Az9" * 140 + "4321"
        assert pages(signed) == pages(made) == pages(render(content()))

    def test_without_a_statement_there_is_no_place_for_it(self):
        assert b"hromada-statement" not in render(content())

    def test_the_same_statement_gives_the_same_bytes(self):
        assert render(content(), statement="a.b-_") == render(content(), statement="a.b-_")


class TestKinds:
    """An extract about a dwelling, a certificate of before, a document to be sealed."""

    def test_contents_recorded_before_print_as_an_extract(self):
        assert set(content()).isdisjoint({"title", "dwelling", "residents", "sealed"})
        later = {"title": titled("extract"), "dwelling": None, "residents": None, "sealed": None}
        assert render(content()) == render(content(**later))

    def test_a_certificate_calls_itself_so_throughout(self):
        title = {"name": "Довідка", "of": "про реєстрацію місця проживання особи"}
        made = render(content(title=title))
        (shown,) = pages(made)
        assert "Довідка про реєстрацію місця проживання особи Номер" in shown
        assert "Довідка підтверджує" in shown and "Довідка не надає" in shown and "Вид довідки" in shown
        assert "Довідка № 2026/000000017, код перевірки" in shown
        assert not re.search("витяг", shown, re.IGNORECASE)
        assert "довідки" in tags(made, "/Figure")[0]
        with pikepdf.open(BytesIO(made)) as opened:
            assert opened.docinfo["/Title"] == "Довідка про реєстрацію місця проживання особи № 2026/000000017"

    def test_those_registered_in_a_dwelling_by_name_kind_and_day(self):
        people = [resident(), resident(surname="Вигаданко", patronymic=None, since="2026-05", since_known="month")]
        shown = " ".join(pages(render(by_dwelling(people))))
        assert (
            "Житло Адреса м. Зарічне, вул. Івана Франка, буд. 12 Нинішня адреса м. Зарічне, вул. Нова, буд. 1" in shown
        )
        assert "На 23.11.2026 за цією адресою зареєстрованих (задекларованих) осіб: 2." in shown
        assert "1 Мрійник Ґалина Омелянівна задеклароване місце проживання 01.02.2020" in shown
        assert "2 Вигаданко Ґалина задеклароване місце проживання травень 2026 (день невідомий)" in shown
        assert "Родинних зв’язків і того, хто живе в житлі насправді, реєстр не засвідчує." in shown
        assert "Витяг не надає і не підтверджує права на житло." in shown
        assert not re.search("Особа|народження|УНЗР|РНОКПП|попередн|зняття", shown)

    def test_what_is_said_of_a_resident(self):
        unread = resident(surname="漢", latin="HAN", note="перенумеровано", kept=True)
        shown = " ".join(pages(render(by_dwelling([unread, resident(latin="MRIINYK")]))))
        assert "[U+6F22] Ґалина Омелянівна латиницею: HAN перенумеровано не знято: тимчасово окупована" in " ".join(
            shown.replace("задеклароване місце", "").replace("проживання 01.02.2020", "").split()
        )
        assert "MRIINYK" not in shown

    def test_nobody_is_registered(self):
        shown = " ".join(pages(render(by_dwelling([]))))
        assert "За цією адресою на 23.11.2026 зареєстрованих (задекларованих) осіб немає." in shown
        assert "підтверджує, що на дату й час формування за цією адресою немає осіб" in shown

    def test_many_residents_flow_over_pages_with_heads_repeated(self):
        made = render(by_dwelling([resident(given_names=f"Особа{number}") for number in range(1, 151)]))
        shown = pages(made)
        assert len(shown) > 2
        assert all("№ Прізвище, власне ім’я, по батькові Вид" in page for page in shown if "Особа" in page)
        assert re.findall(r"Особа(\d+)", " ".join(shown)) == [str(number) for number in range(1, 151)]
        assert len(tags(made, "/TH")) == 4

    def test_a_document_to_be_sealed_has_no_place_to_sign(self):
        shown = text(sealed="Відділ реєстрації Вигадівської ради")
        assert "Електронна печатка Відділ реєстрації Вигадівської ради Печатка є лише в електронному файлі" in shown
        assert "Сформовано працівником Щедрик Оксана" in shown
        assert not re.search("підпис|без електронної печатки|Видається", shown)

    def test_an_annulled_row_lasts_till_no_day(self):
        shown = text(residences=[period(note="скасоване")])
        assert "01.03.2019 скасоване" in shown and "по цей час" not in shown
        assert "Чинного місця проживання (перебування) тут не зазначено." in shown

    def test_a_residence_left_is_not_one_that_holds(self):
        assert "Чинного місця" in text(residences=[period(until="2024-01-01")])
        assert "Чинного місця" not in text()

    def test_no_data_speaks_of_this_community_alone(self):
        shown = text(no_data=True, residences=[])
        assert "реєстр не містить відомостей про місце проживання (перебування) особи. Відомостей інших громад" in shown


class TestSameBytes:
    def test_twice(self):
        assert render(content()) == render(content())

    def test_in_another_process(self):
        code = (
            "import sys, json, hashlib; from registry.extracts.pdf import render; "
            "print(hashlib.sha256(render(json.load(sys.stdin))).hexdigest())"
        )
        other = subprocess.run(
            [sys.executable, "-c", code], input=json.dumps(content()), capture_output=True, text=True, check=True
        )
        assert other.stdout.strip() == hashlib.sha256(render(content())).hexdigest()

    def test_on_many_threads_each_gets_its_own(self):
        contents = [content(number=f"2026/{number:09}") for number in range(12)]
        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(render, contents)) == [render(each) for each in contents]

    def test_other_content_other_bytes(self):
        assert render(content()) != render(content(position=12346))

    def test_the_renderer_makes_what_its_version_made_before(self):
        assert hashlib.sha256(render(content())).hexdigest() == RENDERED_AS[RENDERER]


class TestRefusals:
    @pytest.mark.parametrize("field", ["number", "person", "formed_at", "residences"])
    def test_a_missing_field_is_named(self, field):
        given = content()
        del given[field]
        with pytest.raises(CannotRender, match=f"немає поля '{field}'"):
            render(given)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"on": "23.11.2026"},
            {"formed_at": "2026-11-23T09:15:42"},
            {"residences": [period("2008-13", "2009")]},
            {"office": None},
            {"check_url": "http://x/" + "v" * 5000},
        ],
    )
    def test_wrong_content_is_refused_in_ukrainian_and_leaves_the_engine_working(self, wrong):
        with pytest.raises(CannotRender, match="сформ"):
            render(content(**wrong))
        assert render(content())
