"""Family links, and former identities that are sealed."""

from registry.storage.migrations.run_sql import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply `sql/0008_family.sql`."""
    run_sql(revision)
