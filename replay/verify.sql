What verify asks of the log, of the schema and of what was issued, all at once: each line by its position.

-- no_dwelling --
SELECT f.notification_id AS position FROM facts AS f
WHERE f.dwelling IS NOT NULL AND f.notification_id <= %(position)s
    AND NOT EXISTS (SELECT FROM facts AS d WHERE d.originator_id = f.dwelling AND d.topic = 'dwelling-entered')
ORDER BY position

-- no_person --
SELECT f.notification_id AS position, f.topic, f.person FROM facts AS f
WHERE f.person <> f.originator_id AND f.notification_id <= %(position)s
    AND NOT EXISTS (SELECT FROM facts AS p WHERE p.originator_id = f.person AND p.topic = 'person-entered')
ORDER BY position

-- torn_acts --
SELECT min(notification_id) AS position FROM facts
GROUP BY command HAVING max(notification_id) - min(notification_id) + 1 <> count(*)
ORDER BY position

-- guards --
SELECT c.relname || ' ' || n.conname || ' ' || pg_get_constraintdef(n.oid)
    || CASE WHEN n.convalidated THEN '' ELSE ' NOT VALID' END AS said
FROM pg_constraint AS n JOIN pg_class AS c ON c.oid = n.conrelid
WHERE c.relnamespace = current_schema()::regnamespace AND n.contype IN ('c', 'f', 'p', 'u', 'x')
UNION ALL
SELECT c.relname || ' ' || t.tgname || ' ' || pg_get_triggerdef(t.oid, true)
    || CASE t.tgenabled WHEN 'O' THEN '' WHEN 'A' THEN '' ELSE ' DISABLED' END
    || ' ' || md5(p.prosrc)
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT c.relname || ' ' || i.relname || ' ' || split_part(pg_get_indexdef(x.indexrelid), ' USING ', 2)
    || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END
FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid JOIN pg_class AS i ON i.oid = x.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace AND x.indisunique
UNION ALL
SELECT c.relname || ' columns ' || string_agg(
    a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
    ', ' ORDER BY a.attname)
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
GROUP BY c.relname
ORDER BY said

-- schema --
SELECT version_num AS schema FROM alembic_version

-- between --
SELECT * FROM facts WHERE originator_id BETWEEN %(first)s AND %(last)s ORDER BY originator_id, originator_version

-- firsts_of_ranges --
SELECT DISTINCT stream FROM (
    SELECT originator_id AS stream, row_number() OVER (ORDER BY originator_id, originator_version) AS nth FROM facts
) AS numbered
WHERE nth %% %(facts)s = 0
ORDER BY stream

-- snapshot --
SELECT pg_export_snapshot() AS snapshot
