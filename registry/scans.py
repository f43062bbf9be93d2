"""Pictures of papers, kept by their sha256 in `scans/` of the data folder, beside the log: none is ever required.

The register keeps the bytes as they came and looks no further than at what they begin with. They belong in the backup,
as issued documents do; the log holds the sha256 of each, with the paper that it is of.
"""

import hashlib
from pathlib import Path

from registry.settings import Settings
from registry.storage import files

KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""What a scan may be, by its first bytes."""


class NotAScan(ValueError):
    """The bytes are not those of the name, or no picture of a kind that is kept: `code` says which."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def kind_of(made: bytes) -> str:
    """The media type of a scan. Raises `NotAScan`."""
    found = next((kind for start, kind in KINDS.items() if made.startswith(start)), None)
    if found is None:
        raise NotAScan("scan-kind")
    return found


def keep(settings: Settings, sha256: str, made: bytes) -> bool:
    """Keeps a scan, whole or not at all, where only the register's own account reads it; whether it is new. Raises
    `NotAScan`."""
    kind_of(made)
    if hashlib.sha256(made).hexdigest() != sha256:
        raise NotAScan("scan-differs")
    path = _path(settings, sha256)
    if path.exists():
        return False
    files.write(path, made)
    return True


def kept(settings: Settings, sha256: str) -> bytes | None:
    """A scan that is kept, after checking its hash; None if there is none, or not that."""
    return files.read(_path(settings, sha256), sha256)


def _path(settings: Settings, sha256: str) -> Path:
    return settings.data / "scans" / sha256
