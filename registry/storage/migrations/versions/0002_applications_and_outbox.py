"""Applications as they are projected, and the outbox."""

from registry.storage.migrations.run_sql import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply `sql/0002_applications_and_outbox.sql`."""
    run_sql(revision)
