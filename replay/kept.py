"""What the log names and is kept beside it: the documents that were issued, by their hashes, and the keys that signed
them, by theirs. A key's name is the hash of the key, so that no other one can have it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from registry.aggregates.extract.events import ExtractIssued
from registry.aggregates.letter.events import LetterIssued
from registry.extracts import documents, keys
from registry.projections import extracts
from registry.settings import Settings
from registry.storage import mapper
from registry.storage.recorder import SQL as LOG
from replay.words import at, told

ISSUED = {"topics": [ExtractIssued.NAME, LetterIssued.NAME]}


SOON = timedelta(minutes=1)
"""Within which a server closes a number whose document never came."""


def differences(connection: Any, settings: Settings, unread: set[int], now: datetime) -> Iterator[str]:
    """The documents that are not there or are others by now, the keys that are not there, by position; and the numbers
    that have neither a document nor a reason why not."""
    for row in connection.execute(extracts.SQL["unfinished"], {"before": now - SOON}):
        yield told("number_open", where=f"extracts {row['extract']}")
    try:
        held = {key.kid for key in keys.kept(settings)}
    except keys.BadKey as error:
        yield told("key_file", str(error), where="keys")
        held = {key.kid for key in keys.sound(settings)}
    lost: set[str] = set()
    for row in connection.execute(LOG["of_topics"], ISSUED):
        try:
            entry = mapper.read_entry(bytes(row["state"]))
        except ValueError:
            continue
        if entry.position in unread:
            continue
        stands = documents.stands(settings, entry.fact.sha256)
        if stands != "kept":
            yield at(entry.position, f"document_{stands}")
        key = entry.fact.key
        if key and key not in held | lost:
            lost.add(key)
            yield at(entry.position, "key_lost", key)
