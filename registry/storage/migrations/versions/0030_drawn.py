"""Papers that were drawn up are numbered by an index of their own."""

from registry.storage.migrations.run_sql import run_sql

revision = "0030"
down_revision = "0027"


def upgrade() -> None:
    """Apply `sql/0030_drawn.sql`."""
    run_sql(revision)
