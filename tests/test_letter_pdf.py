"""The paper of a letter: archival and accessible as an extract is, with a code or without, and nothing leaves it."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from test_extract_golden import NOT_JUDGED
from test_extract_pdf import missing_glyphs, tags

from registry.letters.content import Block, Letter, Point, UnreadableLetter, read
from registry.letters.pdf import render

FORMED = datetime(2026, 11, 29, 8, 5, 42, tzinfo=UTC)


def letter(**changed):
    said = Letter(
        title="Повідомлення",
        of="про зняття з реєстрації місця проживання",
        sender="Виконавчий комітет Вигадівської міської ради",
        community="Вигадівська територіальна громада",
        place="Центр надання адміністративних послуг: майдан Вигаданий, буд. 1",
        to=("Придуманська міська рада", "00001, м. Придумане, вул. Рання, буд. 2"),
        number="482913/1",
        dated="2026-11-29",
        blocks=(
            Block(pairs=(("Особа", "Вигаданко Ївга Остапівна"), ("Дата народження", "02.04.1985"))),
            Block(heading="Підстави", paragraphs=("Перше речення.", "Друге речення.")),
            Block(points=(Point(text="3) рядок", beneath=("Картка 1, рядок 13",)), Point(text="Інший рядок"))),
        ),
        signer="Оксана Щедрик",
        position="Адміністратор",
    )
    return replace(said, **changed)


def coded(**changed):
    return letter(code="K7QM3XFB9D2A", check_host="https://reestr.vyhadiv.example", **changed)


def pages(made):
    document = pypdfium2.PdfDocument(made)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


@pytest.mark.parametrize("said", [letter(), coded()], ids=["without a code", "with a code"])
class TestAPaper:
    def test_is_archival_and_accessible(self, said):
        made = render(said, FORMED)
        with pikepdf.open(BytesIO(made)) as opened:
            described = opened.open_metadata()
            assert (described["pdfaid:part"], described["pdfaid:conformance"]) == ("2", "A")
            assert described["pdfuaid:part"] == "1"
            assert described["dc:title"] == f"{said.title} {said.of} № 482913/1 від 29.11.2026"
            assert opened.check_pdf_syntax() == []
        assert missing_glyphs(made) == 0
        assert (len(tags(made, "/H1")), len(tags(made, "/H2")), len(tags(made, "/LI"))) == (1, 1, 4)

    def test_another_checker_finds_it_archival(self, said):
        checker = pytest.importorskip("pikepdf.pdfa", exc_type=ImportError)
        report = checker.validate_written(BytesIO(render(said, FORMED)), "2b")
        assert [one for one in report.findings if not one.message.startswith(NOT_JUDGED.get(one.rule, "\0"))] == []

    def test_says_all_that_it_is_given(self, said):
        (shown,) = pages(render(said, FORMED))
        for told in (
            said.sender,
            said.community,
            said.place,
            *said.to,
            said.title,
            said.of,
            "№ 482913/1 від 29.11.2026",
        ):
            assert told in shown
        for told in ("Особа Вигаданко Ївга Остапівна", "Перше речення. Друге речення.", "3) рядок Картка 1, рядок 13"):
            assert told in shown
        assert "Адміністратор Оксана Щедрик" in shown
        assert ("K7QM-3XFB-9D2A" in shown) == ("Перевірка: скануйте" in shown) == bool(said.code)

    def test_gives_the_same_bytes_for_the_same_letter(self, said):
        assert render(said, FORMED) == render(said, FORMED)

    def test_is_read_again_as_it_was_kept(self, said):
        assert read(said.stored) == said


def test_a_sample_says_so_and_a_letter_without_a_number_too():
    (shown,) = pages(render(letter(sample=True, number=None), FORMED))
    assert "ЗРАЗОК: громаду вигадано" in shown and "б/н від 29.11.2026" in shown


def test_what_is_kept_otherwise_is_no_letter():
    with pytest.raises(UnreadableLetter):
        read({**letter().stored, "to": "усім"})
    with pytest.raises(UnreadableLetter):
        read({})


@pytest.mark.parametrize("name", ["Щ" * 200, "#import <b>{x}", "漢字 Ю\u0301", "\u202eабв"])
def test_a_name_never_leaves_the_page_and_is_never_evaluated(name):
    made = render(coded(to=(name,), signer=name, blocks=(Block(heading=name, points=(Point(text=name),)),)), FORMED)
    assert missing_glyphs(made) == 0
    (shown,) = pages(made)
    if name.isprintable() and "漢" not in name:
        assert shown.replace(" ", "").count(name.replace(" ", "")) == 4
    else:
        assert "[U+" in shown


def test_many_lines_take_pages_with_the_number_on_each():
    points = tuple(Point(text=f"{number}) " + "підстава " * 40, beneath=("чого бракує " * 20,)) for number in range(12))
    made = pages(render(coded(blocks=(Block(heading="Підстави", points=points),)), FORMED))
    assert len(made) > 1
    assert all("№ 482913/1" in page and f"сторінка {at} з {len(made)}" in page for at, page in enumerate(made, 1))
    assert "Адміністратор" in made[-1] and "11)" in "".join(made)
