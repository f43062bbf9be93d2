"""Papers that were drawn up are numbered by an index of their own."""

from registry.storage.migrations.run_sql import run_sql

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Apply `sql/0028_drawn.sql`."""
    run_sql(revision)
