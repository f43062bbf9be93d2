"""An application that is left without movement is open."""

from registry.storage.migrations.run_sql import run_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Apply `sql/0012_unfinished.sql`."""
    run_sql(revision)
