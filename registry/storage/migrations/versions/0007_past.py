"""What of an application was recorded later than on its day."""

from registry.storage.migrations.run_sql import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply `sql/0007_past.sql`."""
    run_sql(revision)
