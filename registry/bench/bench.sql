What the bench asks the databases that it makes: the limits that our ways are held against, and whom to act upon.

-- typed --
COPY (
    SELECT originator_id, notification_id, recorded_at, topic, kind, since, until, person, dwelling, residence, target,
        kept, revives
    FROM facts WHERE notification_id <= %(position)s
) TO STDOUT (FORMAT binary)

-- as_of_scan --
SELECT count(*) AS people, max(since) AS latest FROM residences_at(%(position)s)
WHERE state = 'standing' AND (since IS NULL OR since <= %(on)s) AND (until IS NULL OR until > %(on)s)

-- bare_scan --
SELECT count(*) AS people, max(since) AS latest FROM residences

-- create_as --
CREATE TABLE bench_residences AS SELECT * FROM residences

-- drop_created --
DROP TABLE IF EXISTS bench_residences

-- filled --
SELECT c.oid::regclass::text AS name, array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS columns
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'
    AND pg_relation_size(c.oid) > 0
GROUP BY c.oid

-- built_after --
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname) AS take_off,
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS put_back
FROM pg_constraint WHERE contype = 'x' AND conrelid::regclass::text = ANY(%(tables)s)
UNION ALL
SELECT format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_am AS am ON am.oid = c.relam
WHERE am.amname = 'gin' AND i.indrelid::regclass::text = ANY(%(tables)s)

-- some_people --
SELECT p.person, p.surname, p.given_names, p.born_on, v.version
FROM people AS p
JOIN LATERAL (SELECT max(originator_version) AS version FROM facts WHERE originator_id = p.person) AS v ON true
WHERE p.known_until IS NULL AND p.died_on IS NULL AND p.born_on < '2002-01-01'
ORDER BY md5(p.person::text) LIMIT %(limit)s

-- some_dwellings --
SELECT dwelling FROM dwellings WHERE known_until IS NULL AND until IS NULL ORDER BY md5(dwelling::text) LIMIT %(limit)s

-- row_bytes --
SELECT coalesce(avg(pg_column_size(f.*)), 0)::integer AS bytes FROM (
    SELECT * FROM facts WHERE topic = 'person-entered' LIMIT 1000
) AS f

-- bare_table --
CREATE TABLE IF NOT EXISTS bench_bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, said bytea NOT NULL)

-- stock_copy --
COPY stored_events (originator_id, originator_version, topic, state, notification_id) FROM STDIN

-- stock_next --
SELECT setval(pg_get_serial_sequence('stored_events', 'notification_id'), max(notification_id)) FROM stored_events

-- sizes --
SELECT pg_database_size(current_database()) AS database, pg_total_relation_size('facts') AS log

-- last --
SELECT coalesce(max(notification_id), 0) AS position FROM facts

-- stock_size --
SELECT pg_total_relation_size('stored_events') AS log
