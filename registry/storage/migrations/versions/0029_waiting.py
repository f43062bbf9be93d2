"""What waited for a second person at a position is found by an index of its own."""

from registry.storage.migrations.run_sql import run_sql

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Apply `sql/0029_waiting.sql`."""
    run_sql(revision)
