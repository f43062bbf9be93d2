"""One person entered twice."""

from registry.storage.migrations.run_sql import run_sql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Apply `sql/0016_merged.sql`."""
    run_sql(revision)
