"""What the log names and is kept beside it: the documents that were issued, by their hashes, and the keys that signed
them, by theirs. A key's name is the hash of the key, so that no other one can have it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from registry.aggregates.community.keys import KeyBegun, KeyEnded
from registry.aggregates.extract.events import ExtractIssued
from registry.aggregates.letter.events import LetterIssued
from registry.aggregates.values import Entry
from registry.extracts import documents, keys
from registry.projections import extracts
from registry.settings import Settings
from registry.storage import mapper
from registry.storage.recorder import SQL as LOG
from replay.words import at, told

ISSUED = {"topics": [ExtractIssued.NAME, LetterIssued.NAME]}
KEYS = {"topics": [KeyBegun.NAME, KeyEnded.NAME]}

SOON = timedelta(minutes=1)
"""Within which a server closes a number whose document never came."""


def differences(connection: Any, settings: Settings, unread: set[int], now: datetime) -> Iterator[str]:
    """The documents that are not there or are others by now, the keys that are not there, by position; a key that signs
    and is not the one that the log says; and the numbers that have neither a document nor a reason why not."""
    for row in connection.execute(extracts.SQL["unfinished"], {"before": now - SOON}):
        yield told("number_open", where=f"extracts {row['extract']}")
    try:
        held = [key.kid for key in keys.kept(settings)]
    except keys.BadKey as error:
        yield told("key_file", str(error), where="keys")
        held = [key.kid for key in keys.sound(settings)]
    lost: set[str] = set()
    for entry in _entries(connection, ISSUED, unread):
        stands = documents.stands(settings, entry.fact.sha256)
        if stands != "kept":
            yield at(entry.position, f"document_{stands}")
        key = entry.fact.key
        if key and key not in {*held, *lost}:
            lost.add(key)
            yield at(entry.position, "key_lost", key)
    signs = _signs(_entries(connection, KEYS, unread))
    if signs is None:
        return
    if held and held[0] != signs.fact.kid:
        yield told("key_foreign", held[0], where="keys")
    if signs.fact.kid not in {*held, *lost}:
        yield at(signs.position, "key_lost", signs.fact.kid)


def _entries(connection: Any, topics: dict[str, list[str]], unread: set[int]) -> Iterator[Entry]:
    """The facts of some kinds, in the order of the log, those that can be read."""
    for row in connection.execute(LOG["of_topics"], topics):
        with suppress(ValueError):
            entry = mapper.read_entry(bytes(row["state"]))
            if entry.position not in unread:
                yield entry


def _signs(told: Iterator[Entry]) -> Entry | None:
    """The beginning of the key that signs, as facts say."""
    signs: Entry | None = None
    for entry in told:
        if isinstance(entry.fact, KeyBegun):
            signs = entry
        elif signs and signs.fact.kid == entry.fact.kid:
            signs = None
    return signs
