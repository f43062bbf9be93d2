"""An application that is left without movement is open."""

from registry.storage.migrations.run_sql import run_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Apply `sql/0013_unfinished.sql`."""
    run_sql(revision)
