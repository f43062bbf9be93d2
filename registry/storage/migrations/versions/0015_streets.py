"""The list of streets and houses, and addresses by the keys by which they are compared."""

from registry.storage.migrations.run_sql import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply `sql/0015_streets.sql`."""
    run_sql(revision)
