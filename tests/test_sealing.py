"""The seal after the statement: what it is, and that nothing else may follow a document."""

import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from given import installation
from papers import PASSWORD, SEALER, jwks, pkcs12_file, stated

from registry.extracts import examining, sealing
from registry.extracts.examining import examined
from registry.extracts.statement import checked
from registry.settings import Settings, SettingsError
from registry.texts import TEXTS

pytest.importorskip("pyhanko", reason="печатка — додаток seal: pip install 'hromada-registry[seal]'")

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

FILE = stated()
AT = datetime(2026, 11, 23, 9, 15, 42, tzinfo=UTC)
NAME = generic.pdf_name


@pytest.fixture(scope="module")
def signer():
    return sealing.PadesSigner(pkcs12_file(), PASSWORD)


@pytest.fixture(scope="module")
def file(signer):
    return sealing.sealed(signer, FILE, AT)


def outcome(made):
    return checked(made, jwks(), examined).outcome


def signed(made, how=signers.PdfSigner, subfilter=fields.SigSeedSubFilter.PADES, **field):
    """A signature by somebody, by pyHanko's own ways."""
    writer = made if isinstance(made, IncrementalPdfFileWriter) else IncrementalPdfFileWriter(BytesIO(made))
    name = f"Sig{writer.prev.xrefs.total_revisions}"
    asked = signers.PdfSignatureMetadata(field_name=name, md_algorithm="sha256", subfilter=subfilter)
    whose = signers.SimpleSigner.load_pkcs12_data(pkcs12_file("Хтось інший"), [], PASSWORD)
    spec = fields.SigFieldSpec(name, **field)
    return how(asked, whose, new_field_spec=spec).sign_pdf(writer).getvalue()


class _Writer(IncrementalPdfFileWriter):
    """Writes an update without one of the metadata, as a seal is written."""

    def _update_meta(self):
        pass


class _Sealer(signers.PdfSigner):
    def register_extensions(self, pdf_out, *, md_algorithm):
        pass


def _sealed_by_somebody(writer, how=None, **field):
    """All that a seal is, but by anybody's key, and with whatever the update holds beside it."""
    said = {"sig_field_name": examining.FIELD, "readable_field_name": TEXTS["seal"]["field"], **field}
    spec = fields.SigFieldSpec(invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True), **said)
    asked = signers.PdfSignatureMetadata(
        field_name=spec.sig_field_name, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, **(how or {})
    )
    whose = signers.SimpleSigner.load_pkcs12_data(pkcs12_file("Хтось інший"), [], PASSWORD)
    return _Sealer(asked, whose, new_field_spec=spec).sign_pdf(writer).getvalue()


def _another_title(writer):
    info = writer.trailer["/Info"]
    info[NAME("/Title")] = generic.pdf_string("ВИТЯГ ПІДРОБЛЕНО")
    writer.update_container(info)


def _another_info(writer):
    title = {NAME("/Title"): generic.pdf_string("ВИТЯГ ПІДРОБЛЕНО")}
    writer.set_info(writer.add_object(generic.DictionaryObject(title)))


def _another_metadata(writer):
    writer.root[NAME("/Metadata")] = writer.add_object(generic.StreamObject(stream_data=b"<x:xmpmeta/>"))
    writer.update_root()


def _in_the_catalog(name, value):
    def add(writer):
        writer.root[NAME(name)] = value
        writer.update_root()

    return add


def _of_the_page(name, value):
    def change(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        page[NAME(name)] = value
        writer.update_container(page)

    return change


_BOX = generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 200)))
ADDED = {
    "another title": _another_title,
    "another Info": _another_info,
    "other XMP": _another_metadata,
    "a security store": _in_the_catalog(
        "/DSS", generic.DictionaryObject({NAME("/Certs"): generic.ArrayObject([generic.pdf_string("x" * 15_000)])})
    ),
    "another version": _in_the_catalog("/Version", NAME("/2.0")),
    "an extension": _in_the_catalog(
        "/Extensions", generic.DictionaryObject({NAME("/ABCD"): generic.DictionaryObject({})})
    ),
    "names": _in_the_catalog("/Names", generic.DictionaryObject({})),
    "another language": _in_the_catalog("/Lang", generic.pdf_string("ru")),
    "another box of the page": _of_the_page("/CropBox", _BOX),
    "a turned page": _of_the_page("/Rotate", generic.NumberObject(180)),
    "a stray stream": lambda writer: writer.add_object(generic.StreamObject(stream_data=b"anything" * 3_000)),
    "a stray word": lambda writer: writer.add_object(generic.pdf_string("anything")),
}


class TestSeal:
    def test_leaves_the_document_as_it_is_and_proves_with_it(self, file, signer):
        assert file.startswith(FILE) and signer.name == SEALER
        found = checked(file, jwks())
        assert found.outcome == "valid"
        assert (found.seal.name, found.seal.at) == (SEALER, AT.isoformat()) and len(found.seal.certificate) == 64

    def test_is_pades_of_the_whole_file_to_whoever_trusts_the_certificate(self, file):
        (signature,) = PdfFileReader(BytesIO(file)).embedded_signatures
        whole = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
        status = validate_pdf_signature(signature, whole)
        assert status.bottom_line and status.coverage.name == "ENTIRE_FILE"
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        # PAdES B-B (EN 319 142-1): the time is in the dictionary, the certificate's hash among what is signed.
        attributes = {one["type"].native for one in signature.signer_info["signed_attrs"]}
        assert "signing_certificate_v2" in attributes and "signing_time" not in attributes

    def test_keeps_it_archival_and_accessible(self, file):
        with pikepdf.open(BytesIO(file)) as opened, opened.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")
            assert opened.pdf_version == "1.7" and "/Version" not in opened.Root
            assert opened.Root.Lang == "uk" and opened.Root.MarkInfo.Marked and "/StructTreeRoot" in opened.Root
            (field,) = opened.Root.AcroForm.Fields
            assert field.F == 4 | 128 and "/AP" not in field and str(field.TU)

    @pytest.mark.parametrize("kind", ["p-256", "rsa"])
    def test_with_either_kind_of_key(self, kind):
        made = sealing.sealed(sealing.PadesSigner(pkcs12_file(kind=kind), PASSWORD), FILE, AT)
        assert outcome(made) == "valid"

    def test_by_another_who_is_a_signer(self):
        other = sealing.PadesSigner(pkcs12_file("Хтось інший"), PASSWORD)
        assert checked(sealing.sealed(other, FILE, AT), jwks()).seal.name == "Хтось інший"


class TestAltered:
    @pytest.mark.slow
    def test_by_any_one_byte_of_the_seal(self, file):
        start = file.index(b"/Contents <", len(FILE)) + 11
        filled = start + len(re.match(rb"[0-9A-Fa-f]*?(?=0*>)", file[start:])[0]) + 1
        end = file.index(b">", start)
        # Within a CMS there are bytes that nobody signs and that say nothing, its version for one.
        for position in [*range(len(FILE), start, 3), *range(filled, end, 3), *range(end, len(file), 3)]:
            changed = file[:position] + bytes([file[position] ^ 1]) + file[position + 1 :]
            assert outcome(changed) == "altered", position

    @pytest.mark.parametrize("share", [0.999, 0.95, 0.9, 0.5, 0.1])
    def test_by_a_seal_cut_short(self, file, share):
        assert outcome(file[: len(FILE) + int((len(file) - len(FILE)) * share)]) == "altered"

    def test_by_anything_after_the_seal(self, file):
        assert outcome(file + b"\n") == outcome(file + FILE) == "altered"
        assert outcome(signed(file)) == "altered"

    def test_by_a_document_changed_under_the_seal(self, file):
        assert outcome(file.replace(b"/Lang(uk)", b"/Lang(ru)")) == "altered"

    def test_by_a_seal_that_can_be_seen(self):
        assert outcome(signed(FILE, box=(20, 20, 500, 800))) == "altered"

    def test_by_a_signature_that_is_not_pades(self):
        assert outcome(signed(FILE, subfilter=fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED)) == "altered"

    def test_by_an_update_before_the_seal(self):
        writer = IncrementalPdfFileWriter(BytesIO(FILE))
        writer.root[NAME("/Lang")] = generic.pdf_string("ru")
        writer.update_root()
        made = BytesIO()
        writer.write(made)
        assert outcome(made.getvalue()) == outcome(signed(made.getvalue())) == "altered"

    def test_by_a_page_drawn_over_and_sealed_at_once(self):
        writer = IncrementalPdfFileWriter(BytesIO(FILE))
        page = writer.root["/Pages"]["/Kids"][0]
        page[NAME("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"0 0 500 800 re f"))
        writer.update_container(page)
        assert outcome(signed(writer)) == "altered"

    def test_by_a_note_pinned_to_the_page_and_sealed_at_once(self):
        writer = IncrementalPdfFileWriter(BytesIO(FILE))
        page = writer.root["/Pages"]["/Kids"][0]
        box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 800)))
        note = {NAME("/Type"): NAME("/Annot"), NAME("/Subtype"): NAME("/FreeText"), NAME("/Rect"): box}
        note[NAME("/Contents")] = generic.pdf_string("інша адреса")
        page[NAME("/Annots")] = generic.ArrayObject([writer.add_object(generic.DictionaryObject(note))])
        writer.update_container(page)
        assert outcome(signed(writer)) == "altered"

    def test_by_an_action_in_the_field_of_the_seal(self):
        class Sly(signers.PdfSigner):
            def init_signing_session(self, *args, **more):
                session = super().init_signing_session(*args, **more)
                script = {NAME("/S"): NAME("/JavaScript"), NAME("/JS"): generic.pdf_string("app.alert()")}
                session.sig_field[NAME("/A")] = generic.DictionaryObject(script)
                return session

        assert outcome(signed(FILE, how=Sly)) == "altered"

    @pytest.mark.parametrize("change", [*ADDED])
    def test_by_whatever_comes_with_the_seal(self, change):
        """The certificate is anybody's, and the signature is right: only the title, say, is another one."""
        writer = _Writer(BytesIO(FILE))
        ADDED[change](writer)
        assert outcome(_sealed_by_somebody(writer)) == "altered"

    def test_by_no_more_than_a_seal(self):
        assert outcome(_sealed_by_somebody(_Writer(BytesIO(FILE)))) == "valid"

    @pytest.mark.parametrize("how", [{"reason": "скасовано"}, {"location": "Вигадів"}, {"name": "Голова"}])
    def test_by_what_a_signature_says_of_itself(self, how):
        assert outcome(_sealed_by_somebody(_Writer(BytesIO(FILE)), how=how)) == "altered"

    @pytest.mark.parametrize("field", [{"sig_field_name": "Інше"}, {"readable_field_name": "Документ скасовано"}])
    def test_by_another_name_of_the_field(self, field):
        assert outcome(_sealed_by_somebody(_Writer(BytesIO(FILE)), **field)) == "altered"

    def test_by_what_pyhanko_itself_adds_to_the_metadata(self):
        assert outcome(signed(FILE)) == "altered"

    @pytest.mark.parametrize("entries", [1_000_000, 2_000_000_000])
    def test_by_a_table_that_is_read_without_end(self, entries):
        """A file of 42 KB that pyHanko would read for hours; it is judged within limits of memory and time."""
        body = f"/Type/XRef/Size 151/W[0 0 0]/Index[0 {entries}]/Root 32 0 R/Prev 14142/Length 0"
        bomb = f"\n99 0 obj\n<<{body}>>stream\n\nendstream\nendobj\nstartxref\n{len(FILE) + 1}\n%%EOF\n"
        assert checked(FILE + bomb.encode(), jwks()).outcome == "altered"

    def test_by_more_than_a_seal_can_take(self, file):
        assert checked(file + b" " * examining.LONGEST, jwks()).outcome == "altered"

    def test_by_another_document_appended_whole_and_sealed(self):
        made = signed(FILE + _a_document_at(len(FILE)))
        assert made.startswith(FILE) and PdfFileReader(BytesIO(made)).xrefs.total_revisions == 2
        assert outcome(made) == "altered"


def _a_document_at(start):
    """A whole document whose bytes begin at this place of a file, and which knows nothing of what is before it."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 800]>>",
    ]
    made, places = b"\n", []
    for number, part in enumerate(parts, 1):
        places.append(start + len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = start + len(made)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 4\n0000000000 65535 f \n%strailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        rows,
        table,
    )


class TestConfigured:
    @pytest.fixture
    def settings(self, tmp_path):
        (tmp_path / "seal.p12").write_bytes(pkcs12_file())
        (tmp_path / "password").write_bytes(PASSWORD + b"\n")
        return installation(seal=tmp_path / "seal.p12", seal_password_file=tmp_path / "password")

    def test_without_a_setting_there_is_no_seal(self):
        assert sealing.configured(installation()) is None

    def test_by_the_files_that_the_settings_name(self, settings):
        signer = sealing.configured(settings)
        assert signer.name == SEALER
        assert outcome(sealing.sealed(signer, FILE, AT)) == "valid"

    @pytest.mark.parametrize("wrong", [b"", b"wrong", b"\xff\xfe"])
    def test_with_a_wrong_password(self, settings, wrong):
        settings.seal_password_file.write_bytes(wrong)
        with pytest.raises(sealing.CannotSeal, match="HROMADA_SEAL_PASSWORD_FILE"):
            sealing.configured(settings)
        with pytest.raises(sealing.CannotSeal, match="пароль"):
            sealing.configured(replace(settings, seal_password_file=None))

    @pytest.mark.parametrize("wrong", [b"", b"not a key", FILE])
    def test_with_a_file_that_is_no_pkcs12(self, settings, wrong):
        settings.seal.write_bytes(wrong)
        with pytest.raises(sealing.CannotSeal, match="PKCS#12"):
            sealing.configured(settings)

    def test_with_a_certificate_that_has_no_key(self, settings):
        from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

        whole = pkcs12.load_pkcs12(pkcs12_file(), PASSWORD)
        settings.seal.write_bytes(
            pkcs12.serialize_key_and_certificates(b"seal", None, whole.cert.certificate, None, NoEncryption())
        )
        with pytest.raises(sealing.CannotSeal, match="PKCS#12"):
            sealing.configured(replace(settings, seal_password_file=None))

    @pytest.mark.parametrize("missing", ["seal", "seal_password_file"])
    def test_with_a_file_that_is_not_there(self, settings, missing):
        getattr(settings, missing).unlink()
        with pytest.raises(sealing.CannotSeal, match="не прочитано"):
            sealing.configured(settings)

    def test_settings_name_files(self, tmp_path):
        read = Settings.read({"HROMADA_SEAL": "seal.p12", "HROMADA_SEAL_PASSWORD_FILE": ""})
        assert read.seal.is_absolute() and read.seal_password_file is None
        for bad in (str(tmp_path), "a\0b"):
            with pytest.raises(SettingsError, match="HROMADA_SEAL"):
                Settings.read({"HROMADA_SEAL": bad})

    @pytest.mark.parametrize("made", [b"", FILE, FILE[1:], FILE + b"\nseal"])
    def test_a_signer_is_not_believed(self, made):
        class Careless:
            name = "Необережна"

            def seal(self, document, at):
                return made

        with pytest.raises(sealing.CannotSeal, match="Необережна"):
            sealing.sealed(Careless(), FILE, AT)


class TestWithoutTheExtra:
    @pytest.fixture
    def bare(self, monkeypatch, file, signer):
        """Without pyHanko, as where the extra `seal` was not installed."""
        for name in [name for name in sys.modules if name.split(".")[0] == "pyhanko"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "pyhanko", None)

    def test_a_seal_cannot_be_judged_but_the_document_is_known_to_be_sound(self, bare, file):
        assert outcome(file) == "seal-unchecked"
        assert outcome(FILE) == "valid"
        assert outcome(file.replace(b"/Lang(uk)", b"/Lang(ru)")) == "altered"

    def test_a_seal_cannot_be_made_and_the_extra_is_named(self, bare):
        with pytest.raises(sealing.CannotSeal, match=r"hromada-registry\[seal\]"):
            sealing.PadesSigner(pkcs12_file(), PASSWORD)


def test_a_name_in_a_certificate_cannot_act():
    whole = signers.SimpleSigner.load_pkcs12_data(pkcs12_file("[red]\u001b[31m\u202eзло"), [], PASSWORD)
    assert examining.name_in(whole.signing_cert) == "[red][31mзло"
