"""An application that is left without movement is open."""

from registry.storage.migrations.run_sql import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply `sql/0010_unfinished.sql`."""
    run_sql(revision)
