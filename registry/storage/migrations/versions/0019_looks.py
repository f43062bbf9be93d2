"""The access journal is asked by who looked, by visit and by act."""

from registry.storage.migrations.run_sql import run_sql

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Apply `sql/0019_looks.sql`."""
    run_sql(revision)
