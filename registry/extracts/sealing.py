"""The seal after the statement: a signature with a certificate, appended to the document, which stays as it is.

`PadesSigner` makes PAdES B-B by pyHanko (the extra `seal`). Anything else that fills `Signer`, such as a service that
holds the community's КЕП, may seal instead, if what it appends is again PAdES.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from registry import texts
from registry.settings import Settings

FIELD = "HromadaSeal"
FIELD_KEYS = {"/Type", "/Subtype", "/FT", "/T", "/TU", "/F", "/Ff", "/Rect", "/P", "/V"}
"""All that a seal's field may have: no appearance and no action."""
DIGESTS = ("sha256", "sha384", "sha512")

# What pyHanko would write to standard error, our exceptions say in Ukrainian.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())


class CannotSeal(Exception):
    """The seal that the settings name cannot be used; the text, in Ukrainian, says why and what to do."""


class CannotExamine(Exception):
    """There is nothing here to judge a seal with: the extra `seal` is not installed."""


class BadSeal(Exception):
    """What follows a document is not a seal of the whole file, or is more than a seal."""


class Signer(Protocol):
    """Whoever can seal: a certificate in a file, a device, a service of the community's КЕП."""

    @property
    def name(self) -> str:
        """Whose seal it is, as people read it."""

    def seal(self, document: bytes, at: datetime) -> bytes:
        """The same bytes with an invisible PAdES signature of the whole file appended. Raises `CannotSeal`."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that is sound: the name in its certificate, the sha256 of that certificate, the time that it claims.

    Whether the certificate is the community's is for the reader to judge, by this hash or at its authority.
    """

    name: str
    certificate: str
    at: str | None


def configured(settings: Settings) -> Signer | None:
    """The seal of this installation, ready to use; None where the settings name none. Raises `CannotSeal`."""
    if settings.seal is None:
        return None
    password = _read(settings.seal_password_file).strip() if settings.seal_password_file else None
    return PadesSigner(_read(settings.seal), password)


def sealed(signer: Signer, document: bytes, at: datetime) -> bytes:
    """The document with its seal, which has been examined: no signer is believed. Raises `CannotSeal`."""
    made = signer.seal(document, at)
    try:
        if not made.startswith(document):
            raise BadSeal
        examined(made, len(document))
    except CannotExamine:
        raise CannotSeal(texts.TEXTS["seal"]["no-pyhanko"]) from None
    except BadSeal:
        raise CannotSeal(texts.TEXTS["seal"]["unsound"].format(signer.name)) from None
    return made


class PadesSigner:
    """A seal with a certificate and its key from a PKCS#12 file."""

    def __init__(self, pkcs12: bytes, password: bytes | None):
        """Raises `CannotSeal` without pyHanko, and where the file does not open with this password."""
        try:
            from pyhanko.sign.signers import SimpleSigner
        except ImportError:
            raise CannotSeal(texts.TEXTS["seal"]["no-pyhanko"]) from None
        try:
            self._signer = SimpleSigner.load_pkcs12_data(pkcs12, other_certs=[], passphrase=password)
        except Exception:
            # Whatever is wrong with such a file, pyHanko and what it stands on say it in a hundred ways.
            raise CannotSeal(texts.TEXTS["seal"]["not-pkcs12"]) from None

    @property
    def name(self) -> str:
        """The name in the certificate."""
        return _name(self._signer.signing_cert)

    def seal(self, document: bytes, at: datetime) -> bytes:
        """PAdES B-B in an invisible field; Info and XMP stay as they are, and the document PDF/A-2a and PDF/UA-1."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers
        from pyhanko.sign.signers.constants import ESIC_EXTENSION_1

        class Writer(IncrementalPdfFileWriter):
            def _update_meta(self) -> None:
                """The metadata speak of the document, which is not changed."""

        class Sealer(signers.PdfSigner):
            def register_extensions(self, pdf_out: Any, *, md_algorithm: str) -> None:
                # For P-256 pyHanko would raise the file to PDF 2.0, where PDF/A-2 is no more.
                pdf_out.register_extension(ESIC_EXTENSION_1)

            def init_signing_session(self, *args: Any, **more: Any) -> Any:
                session = super().init_signing_session(*args, **more)
                session.system_time = at
                return session

        # PDF/A wants every annotation printable, PDF/UA wants one without a tag to be off the page.
        unseen = fields.InvisSigSettings(box_out_of_bounds=True)
        field = fields.SigFieldSpec(FIELD, invis_sig_settings=unseen, readable_field_name=texts.TEXTS["seal"]["field"])
        how = signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        sealer = Sealer(how, self._signer, new_field_spec=field)
        return sealer.sign_pdf(Writer(BytesIO(document))).getvalue()


def examined(file: bytes, length: int) -> Seal:
    """The seal that follows the first `length` bytes, if it is a PAdES signature of the whole file and nothing but that
    was added. Raises `BadSeal`, for any bytes; `CannotExamine` without pyHanko."""
    try:
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
    except ImportError:
        raise CannotExamine from None
    try:
        document, reader = PdfFileReader(BytesIO(file[:length])), PdfFileReader(BytesIO(file))
        (signature,) = reader.embedded_signatures
        added = _added(reader)
        sound = (
            _continues(reader, document)
            and _covers(signature, file)
            and _is_signed(signature)
            and _is_unseen(signature.sig_field)
            and isinstance(added, DiffResult)
            and added.modification_level <= ModificationLevel.FORM_FILLING
        )
        at = signature.self_reported_timestamp
        seal = Seal(_name(signature.signer_cert), signature.signer_cert.sha256.hex(), at.isoformat() if at else None)
    except Exception:
        # The bytes may be anybody's: whatever pyHanko stumbles over is not a seal.
        raise BadSeal from None
    if not sound:
        raise BadSeal
    return seal


def _continues(reader: Any, document: Any) -> bool:
    """Whether the file is this very document, as it is read from its own end, and one update of it."""
    first = reader.xrefs.get_startxref_for_revision(0)
    own = document.xrefs.get_startxref_for_revision(0)
    return (reader.xrefs.total_revisions, document.xrefs.total_revisions, first) == (2, 1, own)


def _covers(signature: Any, file: bytes) -> bool:
    """Whether every byte is signed but those of the signature itself, which stands where it was left out, and zeros
    that fill up its place."""
    from asn1crypto.cms import ContentInfo

    start, size, after, rest = (int(one) for one in signature.byte_range)
    content = signature.pkcs7_content
    filling = content[len(ContentInfo.load(content).dump()) :]
    left_out = b"<" + content.hex().encode() + b">"
    return (start, after + rest) == (0, len(file)) and file[size:after].lower() == left_out and not any(filling)


def _is_signed(signature: Any) -> bool:
    """Whether the signature is PAdES, intact and right; of whom, is not asked."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    intact, right = validate_sig_integrity(
        signature.signer_info,
        signature.signer_cert,
        expected_content_type="data",
        actual_digest=signature.compute_digest(),
    )
    pades = signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached" and signature.md_algorithm in DIGESTS
    return pades and intact and right


def _is_unseen(field: Any) -> bool:
    """Whether a field draws nothing and does nothing: it could cover what the document says."""
    left, bottom, right, top = field["/Rect"]
    return set(field) <= FIELD_KEYS and (left, bottom) == (right, top)


def _added(reader: Any) -> Any:
    """What the update adds to the document, as pyHanko's policy weighs it."""
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, pdf_name
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY

    before = reader.get_historical_resolver(0)
    form = reader.root["/AcroForm"]
    # The policy compares forms, and a document without one has nothing to compare: it gets an empty one.
    empty = {pdf_name("/Fields"): ArrayObject(), pdf_name("/SigFlags"): form["/SigFlags"]}
    before.root[pdf_name("/AcroForm")] = DictionaryObject(empty)
    return DEFAULT_DIFF_POLICY.review_file(reader, before)


def _name(certificate: Any) -> str:
    """The common name of a certificate's subject, or all of it; nothing in it can act on a screen."""
    subject = certificate.subject.native
    text = str(subject.get("common_name") or certificate.subject.human_friendly)
    return "".join(char for char in text if char.isprintable())[:200]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError):
        raise CannotSeal(texts.TEXTS["seal"]["unreadable"].format(path)) from None
