"""Family links, and former identities that are sealed."""

from registry.storage.migrations.run_sql import run_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Apply `sql/0012_family.sql`."""
    run_sql(revision)
