"""The heads that set-based replay needs."""

from registry.storage.migrations.run_sql import run_sql

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Apply `sql/0031_lives.sql`."""
    run_sql(revision)
