"""The list of territories of hostilities or occupation, and whose addresses rest on it."""

from registry.storage.migrations.run_sql import run_sql

revision = "0011"
down_revision = "0007"


def upgrade() -> None:
    """Apply `sql/0011_territories.sql`."""
    run_sql(revision)
