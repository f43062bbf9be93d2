"""Users, sessions, keys, visits: who works with the register."""

from registry.storage.migrations.run_sql import run_sql

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Apply `sql/0018_staff.sql`."""
    run_sql(revision)
