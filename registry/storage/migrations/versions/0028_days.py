"""What a day and a month are counted by."""

from registry.storage.migrations.run_sql import run_sql

revision = "0028"
down_revision = "0023"


def upgrade() -> None:
    """Apply `sql/0028_days.sql`."""
    run_sql(revision)
