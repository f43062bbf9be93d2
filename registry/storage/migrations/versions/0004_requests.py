"""The digest of what each command asked for."""

from registry.storage.migrations.run_sql import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply `sql/0004_requests.sql`."""
    run_sql(revision)
