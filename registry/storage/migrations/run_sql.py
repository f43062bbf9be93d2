"""How a migration is applied: its SQL file, whole."""

from pathlib import Path

from alembic import op

_SQL = Path(__file__).parent / "sql"


def run_sql(number: str) -> None:
    """Execute `sql/<number>_*.sql` as it stands, in the migration's transaction.

    Raises psycopg.Error for a bad statement, ValueError unless there is exactly one such file.
    """
    (path,) = _SQL.glob(f"{number}_*.sql")
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    # Past SQLAlchemy and without parameters: several statements at once, and percent signs mean themselves.
    connection.execute(path.read_bytes())
