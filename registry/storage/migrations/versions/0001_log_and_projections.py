"""The log of facts and the tables that are projected from it."""

from registry.storage.migrations.run_sql import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply `sql/0001_log_and_projections.sql`."""
    run_sql(revision)
