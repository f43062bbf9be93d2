"""The statement inside an extract: who issued it, its number, code and moment, and the hash of the document, signed.

It is a JWS (RFC 7515, EdDSA) that stands twice in the file, in Info and in XMP, after `hromada-statement, `. What it
hashes is the same file with a placeholder of the same length in both places; so the file alone, with the public keys,
proves itself, without the register and without a network.
"""

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import OKPKey

from registry import texts
from registry.aggregates.community.keys import EndedBecause
from registry.extracts import examining
from registry.extracts.keys import ALGORITHM, CURVE

MARK = b"hromada-statement, "
TOKEN = re.compile(rb"[\w-]{1,2000}\.[\w-]{1,4000}\.[\w-]{0,2000}")
STATED = re.compile(re.escape(MARK) + b"(" + TOKEN.pattern + b")")
KID = re.compile(r"[A-Za-z0-9_-]{1,64}")
DOCUMENT, STATUS = "hromada-extract", "hromada-extract-status"
LETTER, LETTER_STATUS = "hromada-letter", "hromada-letter-status"
"""The `typ` of each statement, so that none passes for another."""
DOCUMENTS, STATUSES = (DOCUMENT, LETTER), (STATUS, LETTER_STATUS)
LONGEST = 10**10 - 1
"""Room for the length of a document: the statement must be as long before its document is made as after."""

_OF_DOCUMENT: dict[str, type] = {"iss": str, "number": str, "code": str, "formed_at": str, "sha256": str, "length": int}
_OF_STATUS: dict[str, type] = {
    "iss": str,
    "number": str,
    "sha256": str,
    "formed_at": str,
    "status": str,
    "checked_at": str,
}
SAID: dict[str, dict[str, type]] = {
    **dict.fromkeys(DOCUMENTS, _OF_DOCUMENT),
    **dict.fromkeys(STATUSES, _OF_STATUS),
}


Examine = Callable[[bytes, int], examining.Seal]
"""A file and the length of its document → the seal that follows it, or `BadSeal`, or `CannotExamine`."""


class BadKeys(ValueError):
    """What was given as public keys is not a JWKS; the text, in Ukrainian, says where to get one."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found. All but `outcome`, `sha256` and `kid` is only what a known key signed.

    outcome: `valid`; `altered` (not the file that was issued); `broken` (the statement itself is not sound);
    `unknown-key`; `no-statement`; `seal-unchecked` (the document is sound, its seal could not be judged here); of a
    statement without a document, `superseded` or `no-document`. `sha256` is that of the whole file, or of the file that
    a status is about. `kind` is the `typ` of the statement, where a known key signed it. When that key began and ended
    is what the file of the keys tells of it; nothing is concluded from it.
    """

    outcome: str
    number: str | None = None
    code: str | None = None
    formed_at: str | None = None
    iss: str | None = None
    sha256: str | None = None
    kid: str | None = None
    superseded_on: str | None = None
    checked_at: str | None = None
    seal: examining.Seal | None = None
    kind: str | None = None
    key_begun_at: str | None = None
    key_ended_at: str | None = None
    key_ended_because: str | None = None


class Pinned(jws.JWSRegistry):
    """One algorithm and no other, whatever a header asks for. With Ed25519 keys only, its name means one thing, which
    is what RFC 9864 misses in it; and every library knows it by this name."""

    def get_alg(self, name: str) -> Any:
        """EdDSA. Raises UnsupportedAlgorithmError for any other name."""
        if name != ALGORITHM:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[ALGORITHM]


# --- making ----------------------------------------------------------------------------------------------------------


def with_statement(
    render: Callable[[str], bytes],
    key: OKPKey,
    *,
    iss: str,
    number: str,
    code: str,
    formed_at: str,
    typ: str = DOCUMENT,
) -> bytes:
    """The document with its signed statement, of a `typ` of `DOCUMENTS`. `render` puts the text that it is given after
    `MARK` into Info and XMP; it is called once, with the placeholder. The same document and key always give the same
    bytes."""
    said = {"iss": iss, "number": number, "code": code, "formed_at": formed_at}
    place = placeholder(_signed(key, typ, _padded(said, "0" * 64, LONGEST)))
    unsigned = render(place)
    assert unsigned.count(MARK + place.encode()) == unsigned.count(MARK) == 2, "the statement has exactly two places"
    sha256 = hashlib.sha256(unsigned).hexdigest()
    token = _signed(key, typ, _padded(said, sha256, len(unsigned)))
    assert len(token) == len(place)
    return unsigned.replace(MARK + place.encode(), MARK + token.encode())


def status_statement(
    key: OKPKey,
    *,
    iss: str,
    number: str,
    sha256: str,
    formed_at: str,
    status: str,
    superseded_on: str | None,
    checked_at: str,
    typ: str = STATUS,
) -> str:
    """What the register says of an issued document now, for machines: a JWS. `status` is `valid` or `superseded`,
    `sha256` that of the issued file."""
    said = {"iss": iss, "number": number, "sha256": sha256, "formed_at": formed_at, "status": status}
    return _signed(key, typ, json.dumps({**said, "superseded_on": superseded_on, "checked_at": checked_at}).encode())


def placeholder(token: str) -> str:
    """What stands in place of a statement while its document is hashed."""
    return "0" * len(token)


def _padded(said: Mapping[str, str], sha256: str, length: int) -> bytes:
    """The payload, as long for any length of a document: blanks after a JSON value mean nothing."""
    longest, written = (json.dumps({**said, "sha256": sha256, "length": size}).encode() for size in (LONGEST, length))
    return written.ljust(len(longest))


def _signed(key: OKPKey, typ: str, payload: bytes) -> str:
    return jws.serialize_compact({"alg": ALGORITHM, "kid": key.kid, "typ": typ}, payload, key, registry=Pinned())


# --- checking --------------------------------------------------------------------------------------------------------


def checked(file: bytes, jwks: Any, examine: Examine = examining.judged) -> CheckResult:
    """What the bytes of a file (a PDF, or the text of a statement) prove by these public keys. Any bytes have an
    outcome; what follows a document is judged in a process of its own, unless `examine` says how. Raises `BadKeys`."""
    keys = _public_keys(jwks)
    found = _checked(file, keys, examine)
    return replace(found, **_told_of(jwks, found.kid)) if found.kid in keys else found


def _checked(file: bytes, keys: Mapping[str, OKPKey], examine: Examine) -> CheckResult:
    if bare := TOKEN.fullmatch(file.strip()):
        return _checked_text(bare[0].decode(), keys)
    sha256 = hashlib.sha256(file).hexdigest()
    found = {match[1] for match in STATED.finditer(file)}
    if len(found) != 1:
        return CheckResult("altered" if found else "no-statement", sha256=sha256)
    token = found.pop()
    try:
        typ, kid, said = _verified(token.decode(), keys)
        if typ not in DOCUMENTS:
            raise _NotSound("broken")
    except _NotSound as unsound:
        return CheckResult(unsound.outcome, sha256=sha256, kid=unsound.kid)
    proved = {
        **{name: said[name] for name in ("number", "code", "formed_at", "iss")},
        "sha256": sha256,
        "kid": kid,
        "kind": typ,
    }
    if not _is_the_document(file[: said["length"]], token, said["sha256"]):
        return CheckResult("altered", **proved)
    return _checked_seal(file, said["length"], proved, examine)


class _NotSound(Exception):
    """Why nothing can be taken from a statement; the key's name if that is what is missing."""

    def __init__(self, outcome: str, kid: str | None = None):
        self.outcome, self.kid = outcome, kid


def _checked_text(token: str, keys: Mapping[str, OKPKey]) -> CheckResult:
    """A statement on its own: one of status says how things are, one of a document proves nothing without it."""
    try:
        typ, kid, said = _verified(token, keys)
    except _NotSound as unsound:
        return CheckResult(unsound.outcome, kid=unsound.kid)
    proved = {name: said.get(name) for name in ("number", "code", "formed_at", "iss", "superseded_on", "checked_at")}
    if typ in DOCUMENTS:
        return CheckResult("no-document", kid=kid, kind=typ, **proved)
    return CheckResult(said["status"], kid=kid, kind=typ, sha256=said["sha256"], **proved)


def _is_the_document(document: bytes, token: bytes, sha256: str) -> bool:
    """Whether these bytes, with the placeholder back in both places, are what was hashed."""
    place = placeholder(token.decode()).encode()
    before = document.replace(MARK + token, MARK + place)
    return document.count(MARK + token) == 2 and hashlib.sha256(before).hexdigest() == sha256


def _checked_seal(file: bytes, length: int, proved: Mapping[str, Any], examine: Examine) -> CheckResult:
    """A sound document by what follows it: nothing, or a seal and nothing but a seal."""
    if len(file) == length:
        return CheckResult("valid", **proved)
    try:
        return CheckResult("valid", seal=examine(file, length), **proved)
    except examining.CannotExamine:
        return CheckResult("seal-unchecked", **proved)
    except examining.BadSeal:
        return CheckResult("altered", **proved)


def _verified(token: str, keys: Mapping[str, OKPKey]) -> tuple[str, str, dict[str, Any]]:
    """The kind of a statement, the key's name and what it says, once its signature is right. Raises `_NotSound`."""
    # A last character may have bits that mean nothing: another one there would pass unseen.
    if not all(_canonical(part) for part in token.split(".")):
        raise _NotSound("broken")
    try:
        header = json.loads(urlsafe_b64decode(_filled(token.partition(".")[0])))
        typ, kid = header["typ"], header["kid"]
        known = header == {"alg": ALGORITHM, "kid": kid, "typ": typ} and typ in SAID and KID.fullmatch(kid)
    except (ValueError, KeyError, TypeError, RecursionError):
        known = None
    if not known:
        raise _NotSound("broken")
    if kid not in keys:
        raise _NotSound("unknown-key", kid)
    try:
        said = json.loads(jws.deserialize_compact(token, keys[kid], registry=Pinned()).payload)
    except (JoseError, ValueError, RecursionError):
        raise _NotSound("broken") from None
    if not _is_said(said, typ):
        raise _NotSound("broken")
    return typ, kid, said


def _is_said(said: Any, typ: str) -> bool:
    """Whether a payload has all that its kind must say, so that nothing later has to ask again."""
    if not isinstance(said, dict) or any(type(said.get(name)) is not kind for name, kind in SAID[typ].items()):
        return False
    if typ in STATUSES and said["status"] not in ("valid", "superseded"):
        return False
    return all(_is_instant(said[name]) for name in ("formed_at", "checked_at") if name in said)


def _canonical(part: str) -> bool:
    try:
        return urlsafe_b64encode(urlsafe_b64decode(_filled(part))).decode().rstrip("=") == part
    except ValueError:
        return False


def _filled(part: str) -> str:
    return part + "=" * (-len(part) % 4)


def _told_of(jwks: Mapping[str, Any], kid: str | None) -> dict[str, Any]:
    """When a key began and ended, and why, as far as its JWK says so in the words of a register."""
    said: Mapping[str, Any] = next((one for one in jwks["keys"] if one.get("kid") == kid), {})
    told = {f"key_{name}": said[name] for name in ("begun_at", "ended_at") if _is_instant(said.get(name))}
    if said.get("ended_because") in get_args(EndedBecause):
        told["key_ended_because"] = said["ended_because"]
    return told


def _is_instant(said: Any) -> bool:
    try:
        return datetime.fromisoformat(said).tzinfo is not None
    except (ValueError, TypeError):
        return False


def _public_keys(jwks: Any) -> dict[str, OKPKey]:
    """The Ed25519 keys of a JWKS by their names; other kinds are passed over (RFC 7517, 5). Raises `BadKeys`."""
    listed = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise BadKeys(texts.TEXTS["keys"]["not-jwks"])
    ours = [one for one in listed if (one.get("kty"), one.get("crv")) == ("OKP", CURVE) and one.get("use") != "enc"]
    try:
        # Only what checking needs: a private part that strayed into the file is not even looked at.
        keys = [(one.get("kid"), OKPKey.import_key({"kty": "OKP", "crv": CURVE, "x": one.get("x")})) for one in ours]
        return {kid if isinstance(kid, str) else key.thumbprint(): key for kid, key in keys}
    except (JoseError, ValueError, TypeError):
        raise BadKeys(texts.TEXTS["keys"]["not-jwks"]) from None
