"""The list of territories of hostilities or occupation, and whose addresses rest on it."""

from registry.storage.migrations.run_sql import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply `sql/0010_territories.sql`."""
    run_sql(revision)
