"""Passwords and PINs: made, judged, and kept as Argon2id hashes alone (RFC 9106)."""

import re
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from registry.staff.events import refused

SHORTEST, LONGEST = 12, 200
"""Characters of a password that somebody chose."""
FEWEST_OF_ITS_OWN = 6
"""Characters that have to be left of it without the login and the name."""
PIN = re.compile(r"[0-9]{4,8}")
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of temporary passwords, which are read from paper: nothing that looks like something else (0 o, 1 i l)."""
GROUPS, GROUP = 4, 4
"""16 characters of 31: 79 bits."""

PASSWORDS = PasswordHasher()
"""The library's own parameters are the low-memory ones of RFC 9106, 4: 64 MiB, three passes, four lanes."""
PINS = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
"""Cheap: of ten thousand PINs no hash hides one for long. What guards it are the five tries that a session has."""


def temporary() -> str:
    """A random password to be read from paper and typed once: `xxxx-xxxx-xxxx-xxxx`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def hashed(password: str) -> str:
    """The hash of a password, with its salt and parameters. It takes a tenth of a second and 64 MiB."""
    return PASSWORDS.hash(_bytes(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one whose hash is kept. Where none is kept it takes as long, and is not."""
    try:
        return PASSWORDS.verify(_nobodys() if kept is None else kept, _bytes(password)) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def pin_hashed(pin: str) -> str:
    """The hash of a PIN."""
    return PINS.hash(pin)


def pin_fits(kept: str | None, pin: str) -> bool:
    """Whether a PIN is the one whose hash is kept."""
    try:
        return kept is not None and PINS.verify(kept, _bytes(pin))
    except (VerifyMismatchError, InvalidHashError):
        return False


def judge(password: str, *, login: str, name: str) -> None:
    """Raises `StaffError` for a password that is too short, too long, or little more than the login or the name of
    whoever chose it."""
    said = unicodedata.normalize("NFKC", password)
    if len(said) < SHORTEST:
        raise refused("password_short", "password", least=SHORTEST)
    if len(said) > LONGEST:
        raise refused("password_long", "password", most=LONGEST)
    rest = said.casefold()
    for word in sorted({login, *re.findall(r"\w{3,}", name)}, key=len, reverse=True):
        rest = rest.replace(word.casefold(), "")
    if len(set(rest)) < FEWEST_OF_ITS_OWN:
        raise refused("password_plain", "password")


def judge_pin(pin: str) -> None:
    """Raises `StaffError` for what is no PIN."""
    if not PIN.fullmatch(pin):
        raise refused("pin", "pin")


def _bytes(password: str) -> bytes:
    """One form of a password, whichever way a keyboard puts together its letters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    return hashed(temporary())
