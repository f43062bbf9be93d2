"""The bytes of what was issued, by their sha256, in `documents/` of the data folder: outside the log, in the backup."""

import hashlib
import secrets
from pathlib import Path

from registry.settings import Settings


def keep(settings: Settings, made: bytes) -> str:
    """Keeps a document and returns its sha256."""
    sha256 = hashlib.sha256(made).hexdigest()
    _write(_path(settings, sha256), made)
    return sha256


def copied(settings: Settings, sha256: str, folder: Path) -> bool:
    """Copies the document of a hash into another folder, under the same name; False where it is not there."""
    made = kept(settings, sha256)
    if made is not None:
        _write(folder / _path(settings, sha256).name, made)
    return made is not None


def kept(settings: Settings, sha256: str) -> bytes | None:
    """The document of a hash; None where it is not there, or is another one by now."""
    path = _path(settings, sha256)
    made = path.read_bytes() if path.exists() else None
    return made if made is not None and hashlib.sha256(made).hexdigest() == sha256 else None


def _write(path: Path, made: bytes) -> None:
    """Whole or not at all: written beside, then renamed; only the register's own account reads it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(f".{secrets.token_hex(4)}")
    beside.touch(mode=0o600)
    beside.write_bytes(made)
    beside.rename(path)


def _path(settings: Settings, sha256: str) -> Path:
    return settings.data / "documents" / f"{sha256}.pdf"
