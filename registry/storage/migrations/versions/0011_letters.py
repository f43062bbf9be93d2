"""Letters that tell of a decision."""

from registry.storage.migrations.run_sql import run_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Apply `sql/0011_letters.sql`."""
    run_sql(revision)
