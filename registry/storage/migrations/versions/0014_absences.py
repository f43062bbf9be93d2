"""The marks of protected absentees."""

from registry.storage.migrations.run_sql import run_sql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Apply `sql/0014_absences.sql`."""
    run_sql(revision)
