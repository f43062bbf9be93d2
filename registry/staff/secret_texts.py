"""Texts that open something to whoever has them: cookies, keys, tokens of browsers. Kept is only their SHA-256."""

import hashlib
import secrets


def new() -> str:
    """256 random bits, as base64url."""
    return secrets.token_urlsafe(32)


def as_bytes(text: str) -> bytes:
    """A text as it was sent, whatever stands in it."""
    return text.encode("utf-8", "surrogatepass")


def sha256(text: str) -> bytes:
    """What is kept of a text: random as it is, no slower hash would hide it better."""
    return hashlib.sha256(as_bytes(text)).digest()
