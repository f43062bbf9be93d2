"""The outbox gets the ids of its items, which are those of their streams, and their state."""

from uuid import UUID, uuid5

from alembic import op

from registry.storage.migrations.run_sql import run_sql

revision = "0009"
down_revision = "0008"

_NAMESPACE = UUID("68726f6d-6164-4161-8000-000000000006")
_KEY = "position, item, person, residence, extract"
_FILL = """
    UPDATE outbox AS o SET id = k.id FROM ids AS k
    WHERE o.position = k.position AND o.item = k.item AND o.person IS NOT DISTINCT FROM k.person
        AND o.residence IS NOT DISTINCT FROM k.residence AND o.extract IS NOT DISTINCT FROM k.extract
"""


def upgrade() -> None:
    """Apply `sql/0009_outgoing.sql`, then name every row: no function of the database makes an id of version 5."""
    run_sql(revision)
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    connection.execute(f"CREATE TEMPORARY TABLE ids ON COMMIT DROP AS SELECT {_KEY}, id FROM outbox LIMIT 0")
    found = connection.execute(f"SELECT {_KEY} FROM outbox").fetchall()
    with connection.cursor() as cursor, cursor.copy(f"COPY ids ({_KEY}, id) FROM STDIN") as copy:
        for row in found:
            key = row if isinstance(row, tuple) else tuple(row.values())
            copy.write_row((*key, uuid5(_NAMESPACE, "/".join(str(one or "") for one in key))))
    connection.execute(_FILL)
    connection.execute("ALTER TABLE outbox ALTER COLUMN id SET NOT NULL")
    connection.execute("CREATE UNIQUE INDEX outbox_id ON outbox (id)")
