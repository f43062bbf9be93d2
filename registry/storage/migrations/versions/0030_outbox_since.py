"""Since when the outbox has all that facts make."""

from registry.storage.migrations.run_sql import run_sql

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Apply `sql/0030_outbox_since.sql`."""
    run_sql(revision)
