"""Since when the outbox has all that facts make."""

from registry.storage.migrations.run_sql import run_sql

revision = "0031"
down_revision = "0028"


def upgrade() -> None:
    """Apply `sql/0031_outbox_since.sql`."""
    run_sql(revision)
