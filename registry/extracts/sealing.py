"""The seal after the statement: a signature with a certificate, appended to the document, which stays as it is.

`PadesSigner` makes PAdES B-B by pyHanko (the extra `seal`). Anything else that fills `Signer`, such as a service that
holds the community's КЕП, may seal instead, if what it appends is again PAdES.
"""

import logging
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from registry import texts
from registry.extracts import examining
from registry.settings import Settings

# What pyHanko would write to standard error, our exceptions say in Ukrainian.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())


class CannotSeal(Exception):
    """The seal that the settings name cannot be used; the text, in Ukrainian, says why and what to do."""


class Signer(Protocol):
    """Whoever can seal: a certificate in a file, a device, a service of the community's КЕП."""

    @property
    def name(self) -> str:
        """Whose seal it is, as people read it."""

    def seal(self, document: bytes, at: datetime) -> bytes:
        """The same bytes with an invisible PAdES signature of the whole file appended. Raises `CannotSeal`."""


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
            raise examining.BadSeal
        examining.examined(made, len(document))
    except examining.CannotExamine:
        raise CannotSeal(texts.TEXTS["seal"]["no-pyhanko"]) from None
    except examining.BadSeal:
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
        return examining.name_in(self._signer.signing_cert)

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
        field = fields.SigFieldSpec(
            examining.FIELD, invis_sig_settings=unseen, readable_field_name=texts.TEXTS["seal"]["field"]
        )
        how = signers.PdfSignatureMetadata(
            field_name=examining.FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        sealer = Sealer(how, self._signer, new_field_spec=field)
        return sealer.sign_pdf(Writer(BytesIO(document))).getvalue()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError):
        raise CannotSeal(texts.TEXTS["seal"]["unreadable"].format(path.name)) from None
