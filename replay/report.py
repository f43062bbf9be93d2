"""What a verify found, put together of what was found in each part."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from eventsourcing.persistence import PersistenceError
from psycopg import Error

from replay.words import told

FIRST = 20


@dataclass
class Report:
    """What was compared: counts by name, the first differences, and how many there are; `roots` (hex) are those of the
    trees over the log and over the access journal: kept elsewhere, they show an end that was cut off or rewritten."""

    counts: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    found: int = 0
    roots: dict[str, str] = field(default_factory=dict)

    def all(self, found: Iterable[str]) -> None:
        """Notes differences as they are found."""
        for text in found:
            self.differ(text)

    def followed(self, what: str, found: Iterable[str]) -> None:
        """The same of what follows facts: one that leads nowhere ends this look alone, and is a difference."""
        try:
            self.all(found)
        except (Error, PersistenceError):
            raise
        except Exception as error:
            self.differ(told("unfollowed", type(error).__name__, where=what))

    def differ(self, text: str) -> None:
        """Notes one difference; only the first few are kept as text."""
        self.found += 1
        if len(self.differences) < FIRST:
            self.differences.append(text)

    def join(self, first: Iterable[str], found: int) -> None:
        """Notes so many differences that were found elsewhere, of which these are the first."""
        self.found += found
        self.differences = [*self.differences, *first][:FIRST]
