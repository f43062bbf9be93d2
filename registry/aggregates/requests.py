"""What asks for an act: a frozen class of typed fields, beside the decision that it calls; and what tells two apart.

The digest of a request is kept with its command, so that the same command with another content is told apart. What a
field says by default is left out of it: a field that a later release adds changes no digest.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence, Set
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID


class ActRequest(ABC):
    """One act as it is asked for: everything but who acts, when, and the ids that the act will make.

    Names were resolved to ids before. Two are equal if they ask for the same; `confirmed` asks for nothing.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def stream(self) -> UUID | None:
        """The stream that it acts on; None if it begins one."""

    @property
    @abstractmethod
    def makes(self) -> str:
        """The stored name of the fact that it is for."""

    @property
    def digest(self) -> bytes:
        """Of what is asked: of the name of its class, and its fields."""
        return digest_of(type(self).__name__, self)


class Unchanged(Enum):
    """Of a correction: this stays as it is, which is not to say that it is absent."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


def digest_of(name: str, content: Any) -> bytes:
    """SHA-256 of what is asked: the name of the act and its content, a dataclass or a mapping by field.

    The same for the same values whatever the order of keys and of sets. Fields that are not compared are left out, and
    those of dataclasses that say what they say by default. Raises `TypeError` for a value that no request holds.
    """
    return hashlib.sha256(json.dumps([name, _plain(content)], sort_keys=True).encode()).digest()


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case datetime() if value.tzinfo:
            return value.astimezone(UTC).isoformat()
        case UUID() | date():
            return str(value)
        case Mapping():
            return {str(name): _plain(part) for name, part in value.items()}
        case Sequence():
            return [_plain(part) for part in value]
        case Set():
            return sorted((_plain(part) for part in value), key=json.dumps)
    if isinstance(value, type) or not is_dataclass(value):
        raise TypeError(f"no request holds a {type(value).__name__}")
    said = ((field, getattr(value, field.name)) for field in fields(value) if field.compare)
    return {field.name: _plain(part) for field, part in said if part != _default(field)}


def _default(field: "Field[Any]") -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()
