"""Drafts of applications that nobody has filed yet."""

from registry.storage.migrations.run_sql import run_sql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Apply `sql/0026_drafts.sql`."""
    run_sql(revision)
