"""What is written on the papers that were shown."""

from registry.storage.migrations.run_sql import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply `sql/0008_papers.sql`."""
    run_sql(revision)
