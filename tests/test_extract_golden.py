"""One document of each kind, kept: the content it is made from, its text, and its first page as a picture to look at.

After a change that is meant: `python -c "from test_extract_golden import update_golden; update_golden()"` here, look at
every picture that changed, and raise `pdf.RENDERER`. Nobody in these contents exists.
"""

import hashlib
import json
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat
from test_extract_pdf import missing_glyphs, tags

from registry.extracts.pdf import clock, day, render

GOLDEN = Path(__file__).parent / "golden" / "extracts"
KINDS = sorted(path.stem for path in GOLDEN.glob("*.json"))
NOT_JUDGED = {
    "ISO_19005_2:6.2.11.4.2-2": "/CIDSet on a CIDFontType2 subset is not checked",
    "ISO_19005_2:6.6.2.3.1-1": "XMP ",
    "ISO_19005_2:6.6.2.3.1-2": "the content of structured XMP property xmpMM:History is not checked",
    "ISO_19005_2:6.6.4-3": "pdfaid:conformance is 'A', expected 'B'",
    "pikepdf:schema-OutlineItem": "",
}
"""What pikepdf's checker of PDF/A-2b says of any of our files: it judges neither level A, nor declared XMP schemas, nor
destinations that are references. All else it must find sound."""
OF_DWELLING = ("by-dwelling", "by-dwelling-empty")


def content(kind):
    return json.loads((GOLDEN / f"{kind}.json").read_text())


def text(document):
    """The text of all pages, line by line, a line of dashes between two pages."""
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(document)]
    return "\n----\n".join("\n".join(line.rstrip() for line in page.splitlines()) for page in pages) + "\n"


def picture(document, dpi):
    return pypdfium2.PdfDocument(document)[0].render(scale=dpi / 72).to_pil().convert("L")


def update_golden():
    """Writes the texts and the pictures anew. No test does."""
    for kind in KINDS:
        made = render(content(kind))
        (GOLDEN / f"{kind}.txt").write_text(text(made))
        picture(made, 72).quantize(16).save(GOLDEN / f"{kind}-1.png", optimize=True)


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def made(kind):
    return render(content(kind))


def test_all_kinds_are_here():
    assert KINDS == sorted(
        "current left annulled none with-history by-dwelling by-dwelling-empty certificate-registered "
        "certificate-removed past-day as-known sealed-words long-history".split()
    )
    assert {path.name for path in GOLDEN.iterdir()} == {
        name for kind in KINDS for name in (f"{kind}.json", f"{kind}.txt", f"{kind}-1.png")
    }


def test_says_what_it_said(kind, made):
    assert text(made) == (GOLDEN / f"{kind}.txt").read_text()


def test_looks_as_it_looked(kind, made):
    """Drawn again it is nearly the kept picture: another version of the library may smooth letters otherwise."""
    kept = Image.open(GOLDEN / f"{kind}-1.png").convert("L")
    difference = ImageStat.Stat(ImageChops.difference(kept, picture(made, 72)))
    assert difference.mean[0] < 1


def test_the_same_content_gives_the_same_bytes(kind, made):
    assert hashlib.sha256(render(content(kind))).digest() == hashlib.sha256(made).digest()


def test_is_archival_and_accessible(kind, made):
    with pikepdf.open(BytesIO(made)) as opened:
        described = opened.open_metadata()
        title = content(kind)["title"]
        assert (described["pdfaid:part"], described["pdfaid:conformance"]) == ("2", "A")
        assert described["pdfuaid:part"] == "1"
        assert described["dc:title"] == f"{title['name']} {title['of']} № {content(kind)['number']}"
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        assert opened.Root.Lang == "uk"
        assert opened.Root.MarkInfo.Marked
        assert opened.check_pdf_syntax() == []
    assert missing_glyphs(made) == 0


def test_another_checker_finds_it_archival(made):
    checker = pytest.importorskip("pikepdf.pdfa", exc_type=ImportError)
    report = checker.validate_written(BytesIO(made), "2b")
    assert [one for one in report.findings if not one.message.startswith(NOT_JUDGED.get(one.rule, "\0"))] == []


def test_is_tagged(kind, made):
    said = content(kind)
    tables = sum(bool(said[rows]) for rows in ("residences", "previous", "residents"))
    for name in ("/Table", "/THead"):
        assert len(tags(made, name)) == tables
    assert len(tags(made, "/TH")) == 4 * tables
    assert len(tags(made, "/H1")) == 1
    assert len(tags(made, "/H2")) == 3 + (said["previous"] is not None)
    (alternative,) = tags(made, "/Figure")
    assert said["check_url"] in alternative


def test_its_code_can_be_scanned(kind, made):
    scanner = pytest.importorskip("zxingcpp")
    (found,) = scanner.read_barcodes(picture(made, 150))
    assert found.text == content(kind)["check_url"]


def test_all_that_the_law_asks_is_printed(kind, made):
    """The fourteen contents of card 7, row 16; of a dwelling, those that are not of one person."""
    said, shown = content(kind), " ".join(text(made).split())
    person, rows = said["person"] or {}, [*said["residences"], *(said["previous"] or [])]
    names = [person.get(name) for name in ("surname", "given_names", "patronymic", "unzr", "rnokpp")]
    dates = [(person["birth_date"], "day")] if person else []
    dates += [(row[name], row[f"{name}_known"]) for row in rows for name in ("since", "until") if row[name]]
    head = [said["kind"], clock(said["formed_at"]), said["number"], said["office"]]
    request = [said["basis"], clock(said["requested_at"]), said["requester"]]
    residents = [
        line for one in said["residents"] or [] for line in (one["kind"], day(one["since"], one["since_known"]))
    ]
    places = [row["address"] for row in rows] + ([said["dwelling"]["address"]] if said["dwelling"] else [])
    wanted = [*names, *(day(*written) for written in dates), *head, *request, *residents, *places]
    assert [each for each in wanted if each and each not in shown] == []
    assert said["no_data"] == ("Відомості відсутні" in shown)


def test_what_it_is_not_is_said(kind, made):
    shown = " ".join(text(made).split())
    assert f"{content(kind)['title']['name']} не надає і не підтверджує права на житло." in shown
    assert ("Родинних зв’язків" in shown) == (kind in OF_DWELLING)


def test_an_extract_about_the_past_says_so_before_all_else(kind, made):
    shown = text(made)
    assert ("Відомості подано" in shown.partition("\nОсоба\n")[0]) == (kind in ("past-day", "as-known"))
