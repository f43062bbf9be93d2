What the administrator's page measures in the database: counts, sizes and clocks, never a person.

-- patience --
SET TRANSACTION READ ONLY;
SET LOCAL lock_timeout = '1s';
SET LOCAL statement_timeout = '5s'

-- server --
SELECT current_setting('server_version_num')::integer / 10000 AS version,
    pg_database_size(current_database()) AS size,
    clock_timestamp() AS clock,
    (
        SELECT max(clock_timestamp() - xact_start) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    ) AS longest,
    CASE WHEN inet_server_addr() IS NULL OR inet_server_addr() = inet_client_addr()
        THEN (SELECT setting FROM pg_settings WHERE name = 'data_directory') END AS folder

-- schema --
SELECT version_num AS schema FROM alembic_version

-- outbox --
SELECT count(*) AS open,
    count(*) FILTER (WHERE deadline < %(today)s) AS overdue,
    count(*) FILTER (WHERE state = 'failed') AS failed
FROM outbox WHERE state IN ('waiting', 'failed')
