"""The keys that sign statements: Ed25519, one JWK a file in `keys/` of the data folder, numbered; the last one signs.

Earlier ones stay, so that what they signed can be checked. The folder belongs in the backup and to nobody else's eyes.
Here are the files alone; what the log says of them is in `signing.py`, by which everything is signed.
"""

import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from registry import texts
from registry.settings import Settings
from registry.storage.mapper import instant_text

ALGORITHM = "EdDSA"
CURVE: Literal["Ed25519"] = "Ed25519"
PUBLIC = ("kty", "crv", "x", "kid", "alg", "use")
"""What others are told of a key; `d` must never be among these."""


class BadKey(Exception):
    """A file in `keys/` is not a signing key; the text, in Ukrainian, names it and says what to do."""


def current(settings: Settings, now: datetime) -> OKPKey:
    """The key that signs, made `now` if there is none: of several processes one makes it. Raises `BadKey`."""
    if not _files(settings):
        with suppress(FileExistsError):
            _add(settings, 1, now)
    return _read(_files(settings)[0])


def rotate(settings: Settings, now: datetime) -> OKPKey:
    """A new key, which signs from `now` on; the ones before it stay for checking."""
    while True:
        last = next((int(path.stem) for path in _files(settings)), 0)
        # Another process may have taken this number just now.
        with suppress(FileExistsError):
            return _add(settings, last + 1, now)


def kept(settings: Settings) -> list[OKPKey]:
    """All keys, the newest (current) first. Raises `BadKey`."""
    return [_read(path) for path in _files(settings)]


def sound(settings: Settings) -> Iterator[OKPKey]:
    """Those of the files that are keys, the newest first."""
    for path in _files(settings):
        with suppress(BadKey):
            yield _read(path)


def public(settings: Settings) -> dict[str, Any]:
    """The public parts of all keys as a JWKS (RFC 7517), newest first; makes no key. Raises `BadKey`."""
    return {"keys": [{name: key[name] for name in PUBLIC} for key in kept(settings)]}


def thumbprint(x: str) -> str:
    """The name of a key by its public part (RFC 7638)."""
    hashed = sha256(json.dumps({"crv": CURVE, "kty": "OKP", "x": x}, separators=(",", ":")).encode()).digest()
    return urlsafe_b64encode(hashed).decode().rstrip("=")


def exposed(settings: Settings) -> list[Path]:
    """The files of keys that others of this machine may read: whoever reads one can sign as this register."""
    return [path for path in _files(settings) if path.stat().st_mode & 0o077]


def _files(settings: Settings) -> list[Path]:
    numbered = [path for path in (settings.data / "keys").glob("*.jwk") if path.stem.isdecimal()]
    return sorted(numbered, key=lambda path: int(path.stem), reverse=True)


def _add(settings: Settings, number: int, now: datetime) -> OKPKey:
    """Makes a key and keeps it under this number. Raises FileExistsError if the number is taken."""
    key = OKPKey.generate_key(CURVE)
    named = {"kid": key.thumbprint(), "alg": ALGORITHM, "use": "sig", "created_at": instant_text(now)}
    path = settings.data / "keys" / f"{number:06}.jwk"
    _keep(path, json.dumps(key.as_dict(private=True) | named))
    return _read(path)


def _keep(path: Path, text: str) -> None:
    """Writes a new file whole or not at all, for its owner only: a key that signed must outlive a power cut."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    finally:
        beside.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> OKPKey:
    try:
        key = OKPKey.import_key(json.loads(path.read_text("ascii")))
        datetime.fromisoformat(str(key["created_at"]))
        sound = key.is_private and key.curve_name == CURVE and key.kid == key.thumbprint()
    except (ValueError, KeyError, TypeError, AttributeError, JoseError):
        sound = False
    if not sound:
        raise BadKey(texts.TEXTS["keys"]["bad"].format(path.name))
    return key
