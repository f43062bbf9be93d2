"""The access journal: who looked at whom."""

from registry.storage.migrations.run_sql import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply `sql/0003_access_journal.sql`."""
    run_sql(revision)
