"""Forms that were sent while the screen was locked; an index for the last sign-ins."""

from registry.storage.migrations.run_sql import run_sql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Apply `sql/0022_kept_posts.sql`."""
    run_sql(revision)
