"""An index by which a search finds who lives at an address."""

from registry.storage.migrations.run_sql import run_sql

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Apply `sql/0020_living.sql`."""
    run_sql(revision)
