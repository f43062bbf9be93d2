"""The guards of the database: the tables, constraints and triggers that the migrations make, and no others.

`guards.txt` is what they make, a line each; a test holds it against a database that was just migrated.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from registry.storage.database import newest_migration
from replay.existing import SQL
from replay.words import told

MADE = Path(__file__).with_name("guards.txt")


def there(connection: Any) -> set[str]:
    """What the database has: each begins with the table and the name."""
    return {row["said"] for row in connection.execute(SQL["guards"])}


def differences(connection: Any) -> Iterator[str]:
    """What is missing, is otherwise, or was added to tables of ours."""
    schema = [row["schema"] for row in connection.execute(SQL["schema"])]
    if schema != [newest_migration()]:
        yield told("schema", newest_migration(), where="schema")
    made, found = set(MADE.read_text("utf-8").splitlines()), there(connection)
    ours = {_name(one)[0] for one in made}
    changed = {_name(one) for one in made ^ found if _name(one)[0] in ours}
    known = {_name(one) for one in found}, {_name(one) for one in made}
    for table, name in sorted(changed):
        missing, added = ((table, name) not in one for one in known)
        code = "guard_missing" if missing else "guard_added" if added else "guard_changed"
        yield told(code, name, where=table)


def _name(said: str) -> tuple[str, str]:
    table, name, _ = said.split(" ", 2)
    return table, name
