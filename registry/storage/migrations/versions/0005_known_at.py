"""What is known at a position asked in one place, and the versions of the projections."""

from registry.storage.migrations.run_sql import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply `sql/0005_known_at.sql`."""
    run_sql(revision)
