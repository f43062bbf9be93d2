"""The issued documents beside an exported journal, which holds their hashes alone (semantics 9)."""

from pathlib import Path

from registry.aggregates.extract.events import ExtractIssued
from registry.aggregates.letter.events import LetterIssued
from registry.app import Registry
from registry.extracts import documents
from registry.settings import Settings
from registry.storage import mapper
from registry.storage.recorder import SQL as LOG
from registry.viewer import Viewer, insist_on_everything


def copied(registry: Registry, settings: Settings, folder: Path, *, seen_by: Viewer) -> tuple[int, list[str]]:
    """Copies every document that was issued, of extracts and letters, into a folder, each by its hash as the register
    keeps it. Returns how many, and the hashes of those that are lost. Raises `Hidden` if anybody is."""
    insist_on_everything(seen_by)
    with registry.snapshot() as connection:
        topics = [ExtractIssued.NAME, LetterIssued.NAME]
        rows = connection.execute(LOG["of_topics"], {"topics": topics}).fetchall()
    issued = [mapper.read_entry(bytes(row["state"])).fact.sha256 for row in rows]
    lost = [one for one in issued if not documents.copied(settings, one, folder)]
    return len(issued) - len(lost), lost
