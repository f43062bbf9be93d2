"""The marks of protected addresses."""

from registry.storage.migrations.run_sql import run_sql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Apply `sql/0022_protections.sql`."""
    run_sql(revision)
