"""Files that are named by the sha256 of their bytes: kept beside the log, in the backup."""

import hashlib
import secrets
from pathlib import Path


def write(path: Path, made: bytes) -> None:
    """Whole or not at all: written beside, then renamed; only the register's own account reads it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(f".{secrets.token_hex(4)}")
    beside.touch(mode=0o600)
    beside.write_bytes(made)
    beside.rename(path)


def read(path: Path, sha256: str) -> bytes | None:
    """The bytes of a hash (lower-case hex); None where they are not there, or are others by now."""
    made = path.read_bytes() if path.exists() else None
    return made if made is not None and hashlib.sha256(made).hexdigest() == sha256 else None
