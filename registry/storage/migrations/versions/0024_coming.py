"""What ends in the coming month: leases, residence permits, entries of the list of territories."""

from registry.storage.migrations.run_sql import run_sql

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Apply `sql/0024_coming.sql`."""
    run_sql(revision)
