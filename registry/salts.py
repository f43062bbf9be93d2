"""Where the salts of lines come from (semantics 7): like the clock, a function that a register is opened with.

A salt hides what a line does not show of itself, so nobody may guess it; the invented community's are from its seed.
"""

import secrets
from collections.abc import Callable
from random import Random

SALT_BYTES = 16
"""Of a line's salt, and of each member's: nobody tries 2^128 of them."""
Salts = Callable[[], bytes]
"""Gives the salt of the next line."""


def random_salt() -> bytes:
    """A salt that nobody can guess."""
    return secrets.token_bytes(SALT_BYTES)


def seeded(seed: int) -> Salts:
    """The salts of something invented: the same for the same seed."""
    random = Random(f"salts of {seed}")
    return lambda: random.randbytes(SALT_BYTES)
