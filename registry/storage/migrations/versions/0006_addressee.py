"""The addressee of what waits in the outbox."""

from registry.storage.migrations.run_sql import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply `sql/0006_addressee.sql`."""
    run_sql(revision)
