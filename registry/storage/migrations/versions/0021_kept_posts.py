"""Forms that were sent while the screen was locked; an index for the last sign-ins."""

from registry.storage.migrations.run_sql import run_sql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Apply `sql/0021_kept_posts.sql`."""
    run_sql(revision)
