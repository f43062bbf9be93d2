"""One letter of each kind, kept: the content it is made from, its text, and its first page as a picture to look at.

After a change that is meant: `python -c "from test_letter_golden import update_golden; update_golden()"` here, look at
every picture that changed, and raise `RENDERER` of `letters/pdf.py`. Nobody in these contents exists, nor does the law.
"""

import hashlib
import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat
from test_extract_golden import picture, text
from test_extract_pdf import missing_glyphs, tags

from registry.letters.content import read
from registry.letters.pdf import RENDERER, render

GOLDEN = Path(__file__).parent / "golden" / "letters"
KINDS = sorted(path.stem for path in GOLDEN.glob("*.json"))
FORMED = datetime(2026, 11, 23, 9, 15, 42, 123456, tzinfo=UTC)
RENDERED_AS = {"1": "a6f1421e0870a5b4dc0d771bb4860579eb229acaa9cc5ce9d37fd48040672fab"}
"""sha256 of `refusal` by version of the renderer. Differs? Then old letters cannot be made again: raise RENDERER."""


def letter(kind):
    return read(json.loads((GOLDEN / f"{kind}.json").read_text()))


def update_golden():
    """Writes the texts and the pictures anew. No test does."""
    for kind in KINDS:
        made = render(letter(kind), FORMED)
        (GOLDEN / f"{kind}.txt").write_text(text(made))
        picture(made, 72).quantize(16).save(GOLDEN / f"{kind}-1.png", optimize=True)


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def made(kind):
    return render(letter(kind), FORMED)


def test_all_kinds_are_here():
    assert {"refusal", "not-possible", "many-grounds"} <= set(KINDS)
    assert {path.name for path in GOLDEN.iterdir()} == {
        name for kind in KINDS for name in (f"{kind}.json", f"{kind}.txt", f"{kind}-1.png")
    }


def test_says_what_it_said(kind, made):
    assert text(made) == (GOLDEN / f"{kind}.txt").read_text()


def test_looks_as_it_looked(kind, made):
    kept = Image.open(GOLDEN / f"{kind}-1.png").convert("L")
    difference = ImageStat.Stat(ImageChops.difference(kept, picture(made, 72)))
    assert difference.mean[0] < 1


def test_the_same_letter_gives_the_same_bytes():
    sha256 = hashlib.sha256(render(letter("refusal"), FORMED)).hexdigest()
    assert RENDERED_AS[RENDERER] == sha256


def test_is_archival_accessible_and_tagged(kind, made):
    said = letter(kind)
    with pikepdf.open(BytesIO(made)) as opened:
        described = opened.open_metadata()
        assert (described["pdfaid:part"], described["pdfaid:conformance"], described["pdfuaid:part"]) == ("2", "A", "1")
        assert opened.Root.Lang == "uk" and opened.check_pdf_syntax() == []
    assert missing_glyphs(made) == 0
    assert len(tags(made, "/H1")) == 1
    assert len(tags(made, "/H2")) == sum(one.heading is not None for one in said.blocks)
    assert bool(tags(made, "/Figure")) == bool(said.code)


def test_its_code_can_be_scanned(kind, made):
    scanner = pytest.importorskip("zxingcpp")
    if letter(kind).code:
        (found,) = scanner.read_barcodes(picture(made, 150))
        assert found.text == letter(kind).check_url


def test_all_that_it_is_given_is_printed(kind, made):
    """Nothing is cut off, on whichever page it stands; a page's foot may stand between two words."""
    said, shown = letter(kind), text(made).replace("\xa0", " ")
    words = "".join(line for line in shown.split("\n") if not line.startswith(("----", said.title + " № ")))
    printed = "".join(words.split())
    points = [point for block in said.blocks for point in block.points]
    told = [*said.to, said.signer, said.position, *(one for point in points for one in (point.text, *point.beneath))]
    told += [
        one for block in said.blocks for one in (*block.paragraphs, *(part for pair in block.pairs for part in pair))
    ]
    assert [one for one in told if "".join(one.split()) not in printed] == []
