"""Letters that tell of a decision."""

from registry.storage.migrations.run_sql import run_sql

revision = "0012"
down_revision = "0007"


def upgrade() -> None:
    """Apply `sql/0012_letters.sql`."""
    run_sql(revision)
