"""Which acts approved a change is read by its own index."""

from registry.storage.migrations.run_sql import run_sql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Apply `sql/0023_approvals.sql`."""
    run_sql(revision)
