"""What a day and a month are counted by."""

from registry.storage.migrations.run_sql import run_sql

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Apply `sql/0027_days.sql`."""
    run_sql(revision)
