"""The words by which people and dwellings are found."""

from registry.storage.migrations.run_sql import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply `sql/0015_search.sql`."""
    run_sql(revision)
