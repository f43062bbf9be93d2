"""What follows a document: a seal and nothing but a seal, judged object by object, of bytes that may be anybody's.

pyHanko says whether the signature is right. What the update may hold beside it is said here: the field, the signature,
the page and the catalog that name them, the form; nothing else is new, nothing else is changed, and no byte of it is
outside of these. A file is judged in a process of its own, with limits of memory and time (`judged`).
"""

import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

from registry import texts

FIELD = "HromadaSeal"
DIGESTS = ("sha256", "sha384", "sha512")
LONGEST = 128 * 1024
"""Of a seal, in bytes: one with a chain of certificates is a quarter of this."""
MEMORY = 1024 * 2**20
PATIENCE = 20
"""Seconds, and bytes of address space, that a file may take to be judged: a true one takes a tenth."""

_FIELD_KEYS = {"/Type", "/Subtype", "/FT", "/T", "/TU", "/F", "/Ff", "/Rect", "/P", "/V"}
"""All that a seal's field may have: no appearance and no action."""
_SIGNATURE_KEYS = {"/Type", "/Filter", "/SubFilter", "/ByteRange", "/Contents", "/M"}
"""And its signature: no reason, place or name of anybody's choice."""
_EXTENSIONS = {"/ESIC": {"/Type": "/DeveloperExtensions", "/BaseVersion": "/1.7", "/ExtensionLevel": 1}}
"""What PAdES may declare in the catalog (ETSI EN 319 142-1, 5.6)."""
_OBJECT = re.compile(rb"\b\d+ \d+ obj\b.*?\bendobj\b", re.DOTALL)
_REST = re.compile(rb"\s*xref[\s\d nf]*trailer\s*<<[^%]*?>>\s*startxref\s*\d+\s*%%EOF\s*")
_REST_STREAM = re.compile(rb"\s*startxref\s*\d+\s*%%EOF\s*")


class CannotExamine(Exception):
    """There is nothing here to judge a seal with: the extra `seal` is not installed."""


class BadSeal(Exception):
    """What follows a document is not a seal of the whole file, or is more than a seal."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that is sound: the name in its certificate, the sha256 of that certificate, the time that it claims.

    Whether the certificate is the community's is for the reader to judge, by this hash or at its authority.
    """

    name: str
    certificate: str
    at: str | None


def judged(file: bytes, length: int) -> Seal:
    """As `examined`, in a process of its own, which ends with its limits: a file can be made to be read without end.
    Raises `BadSeal` then too, and `CannotExamine`."""
    if len(file) - length > LONGEST:
        raise BadSeal
    command = [sys.executable, "-c", "from registry.extracts.examining import main; main()", str(length)]
    try:
        done = subprocess.run(command, input=file, capture_output=True, timeout=PATIENCE, check=False)
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise BadSeal from None
    if found == "cannot":
        raise CannotExamine
    return Seal(**found)


def main() -> None:
    """Judges the file on standard input and prints the seal as JSON; `"cannot"` without pyHanko; else nothing."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    try:
        found: Any = asdict(examined(sys.stdin.buffer.read(), int(sys.argv[1])))
    except CannotExamine:
        found = "cannot"
    except BadSeal:
        sys.exit(1)
    print(json.dumps(found))


def examined(file: bytes, length: int) -> Seal:
    """The seal that follows the first `length` bytes, if it is a PAdES signature of the whole file and nothing but that
    was added. Raises `BadSeal`, for any bytes; `CannotExamine` without pyHanko."""
    try:
        from pyhanko.pdf_utils.reader import PdfFileReader
    except ImportError:
        raise CannotExamine from None
    try:
        document, reader = PdfFileReader(BytesIO(file[:length])), PdfFileReader(BytesIO(file))
        (signature,) = reader.embedded_signatures
        sound = (
            len(file) - length <= LONGEST
            and _continues(reader, document)
            and _covers(signature, file)
            and _is_signed(signature)
            and _is_unseen(signature.sig_field)
            and all(_only_a_seal(reader, document, signature, file[length:]))
        )
        at = signature.self_reported_timestamp
        certificate = signature.signer_cert
        seal = Seal(name_in(certificate), certificate.sha256.hex(), at.isoformat() if at else None)
    except Exception:
        # The bytes may be anybody's: whatever pyHanko stumbles over is not a seal.
        raise BadSeal from None
    if not sound:
        raise BadSeal
    return seal


def name_in(certificate: Any) -> str:
    """The common name of a certificate's subject, or all of it; nothing in it can act on a screen."""
    subject = certificate.subject.native
    text = str(subject.get("common_name") or certificate.subject.human_friendly)
    return "".join(char for char in text if char.isprintable())[:200]


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
    named = (field["/T"], field["/TU"]) == (FIELD, texts.TEXTS["seal"]["field"])
    return named and set(field) <= _FIELD_KEYS and (left, bottom) == (right, top)


def _only_a_seal(reader: Any, document: Any, signature: Any, tail: bytes) -> Iterator[bool]:
    """Whether each thing of the update is as a seal needs it, and there is no other."""
    from pyhanko.pdf_utils.generic import IndirectObject

    root, before, field = reader.root, document.root, signature.sig_field
    page, form = field.raw_get("/P"), root.raw_get("/AcroForm")
    needed = [reader.trailer.raw_get("/Root"), page, form, field.container_ref, field.raw_get("/V")]
    annotations = page.get_object().raw_get("/Annots")
    if isinstance(annotations, IndirectObject):
        needed.append(annotations)
    refs = {getattr(one, "reference", one) for one in needed if hasattr(one, "idnum")}
    written = reader.xrefs.explicit_refs_in_revision(1) - set(reader.xrefs.xref_stream_refs)
    yield written <= refs and not reader.xrefs.refs_freed_in_revision(1) and not reader.xrefs.hybrid_xrefs_present
    for name in ("/Root", "/Info"):
        yield reader.trailer.raw_get(name) == document.trailer.raw_get(name)
    yield "/AcroForm" not in before and "/Extensions" not in before
    yield _differs_by(root, before) <= {"/AcroForm", "/Extensions"}
    yield "/Extensions" not in root or _plain(root["/Extensions"]) == _EXTENSIONS
    yield _differs_by(page.get_object(), document.get_object(page.reference)) <= {"/Annots"}
    ours = [_plain(field.container_ref)]
    yield _plain(page.get_object()["/Annots"]) == _plain(document.get_object(page.reference).get("/Annots", [])) + ours
    yield set(root["/AcroForm"]) <= {"/Fields", "/SigFlags"}
    yield _plain(root["/AcroForm"]["/Fields"]) == ours
    yield set(signature.sig_object) <= _SIGNATURE_KEYS
    yield _holds_nothing_else(tail, len(written) + len(set(reader.xrefs.xref_stream_refs) - _streams(document)))


def _holds_nothing_else(tail: bytes, objects: int) -> bool:
    """Whether the bytes of an update are so many objects, the table of them, and its end."""
    found = _OBJECT.findall(tail)
    rest = _OBJECT.sub(b"", tail)
    ends = _REST.fullmatch(rest) or _REST_STREAM.fullmatch(rest)
    return len(found) == objects and sum(b"stream" in one for one in found) <= 1 and ends is not None


def _streams(document: Any) -> set[Any]:
    return set(document.xrefs.xref_stream_refs)


def _differs_by(one: Any, other: Any) -> set[str]:
    """The keys of two dictionaries that are not the same in both, as they are written."""
    return {
        key
        for key in set(one) | set(other)
        if key not in one or key not in other or _plain(one.raw_get(key)) != _plain(other.raw_get(key))
    }


def _plain(value: Any) -> Any:
    """A value of a document without what it stands in: dictionaries and lists of names, numbers and references."""
    if hasattr(value, "idnum"):
        return (value.idnum, value.generation)
    raw = getattr(value, "raw_get", None)
    if raw is None:
        return value
    if isinstance(value, dict):
        return {str(key): _plain(raw(key)) for key in value}
    return [_plain(raw(number)) for number in range(len(value))]
