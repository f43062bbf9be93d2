"""The bytes of what was issued, by their sha256, in `documents/` of the data folder: outside the log, in the backup."""

import hashlib
from pathlib import Path
from typing import Literal

from registry.settings import Settings
from registry.storage import files


def keep(settings: Settings, made: bytes) -> str:
    """Keeps a document and returns its sha256."""
    sha256 = hashlib.sha256(made).hexdigest()
    files.write(_path(settings, sha256), made)
    return sha256


def copied(settings: Settings, sha256: str, folder: Path) -> bool:
    """Copies the document of a hash into another folder, under the same name; False where it is not there."""
    made = kept(settings, sha256)
    if made is not None:
        files.write(folder / _path(settings, sha256).name, made)
    return made is not None


def kept(settings: Settings, sha256: str) -> bytes | None:
    """The document of a hash; None where it is not there, or is another one by now."""
    return files.read(_path(settings, sha256), sha256)


def stands(settings: Settings, sha256: str) -> Literal["kept", "lost", "altered"]:
    """How the document of a hash stands: kept as it was issued, not there, or another one by now."""
    path = _path(settings, sha256)
    return "kept" if files.read(path, sha256) is not None else "altered" if path.exists() else "lost"


def _path(settings: Settings, sha256: str) -> Path:
    return settings.data / "documents" / f"{sha256}.pdf"
