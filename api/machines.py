"""Machines that send applications: portals and registers of other bodies, each known by a key (until roles come).

`HROMADA_MACHINE_KEYS` names a file of `name:sha256` lines, the SHA-256 of a key in hex; blank lines and those that
begin with # say nothing. A name may have several keys. The key itself is in no file of ours, no log and no answer.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from pathlib import Path

from registry import texts
from registry.settings import SettingsError

_LINE = re.compile(r"([^\s:#][^:]{0,99}):([0-9a-fA-F]{64})")
Keys = Sequence[tuple[str, bytes]]
"""The name of a machine and the SHA-256 of a key of its own."""


def read_keys(file: Path | None) -> Keys:
    """The keys of a file; none without one. Raises `SettingsError` for a file that is not there, or a line of it."""
    if file is None:
        return ()
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(texts.say("settings", "machine_keys", file)) from None
    said = {number: line.strip() for number, line in enumerate(lines, 1)}
    return [_key(number, line) for number, line in said.items() if line and not line.startswith("#")]


def _key(number: int, line: str) -> tuple[str, bytes]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise SettingsError(texts.say("settings", "machine_key", number))
    return found[1].strip(), bytes.fromhex(found[2])


def machine_of(authorization: str, keys: Keys) -> str | None:
    """The machine whose key an `Authorization: Bearer` header holds; None if it is nobody's. Every key is compared, in
    a time that does not depend on where they differ."""
    scheme, _, key = authorization.partition(" ")
    # A header is bytes; as a text it is read as Latin-1.
    digest = hashlib.sha256(key.strip().encode("latin-1", "replace")).digest()
    found = [name for name, known in keys if hmac.compare_digest(digest, known)]
    return found[0] if found and scheme.lower() == "bearer" else None
