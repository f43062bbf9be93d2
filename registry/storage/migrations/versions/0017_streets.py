"""The list of streets and houses, and addresses by the keys by which they are compared."""

from registry.storage.migrations.run_sql import run_sql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Apply `sql/0017_streets.sql`."""
    run_sql(revision)
