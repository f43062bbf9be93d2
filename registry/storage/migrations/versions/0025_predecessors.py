"""Which dwellings were renumbered or merged into one."""

from registry.storage.migrations.run_sql import run_sql

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Apply `sql/0025_predecessors.sql`."""
    run_sql(revision)
