What a bulk load and a rebuild need to know of the tables.

-- drop_guard --
ALTER TABLE residences DROP CONSTRAINT residences_one_at_a_time;
DROP INDEX people_words, dwellings_words

-- add_guard --
ALTER TABLE residences ADD CONSTRAINT residences_one_at_a_time
    EXCLUDE USING gist (person WITH =, daterange(since, until) WITH &&)
    WHERE (known_until IS NULL AND state = 'standing' AND NOT kept);
CREATE INDEX people_words ON people USING gin (words) WITH (fastupdate = off) WHERE known_until IS NULL;
CREATE INDEX dwellings_words ON dwellings USING gin (words) WITH (fastupdate = off) WHERE known_until IS NULL

-- wait_a_second_at_most --
SET LOCAL lock_timeout = '1s'

-- one_rebuild_at_a_time --
SELECT pg_advisory_lock(hashtextextended('rebuild ' || %(table)s, 0))

-- next_rebuild_may_begin --
SELECT pg_advisory_unlock(hashtextextended('rebuild ' || %(table)s, 0))

-- constraints --
SELECT conname AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype IN ('p', 'u', 'x')
ORDER BY contype DESC

-- indexes --
SELECT replace(pg_get_indexdef(i.indexrelid), format(' ON %%I.%%I ', current_schema(), %(table)s::text),
    format(' ON shadow.%%I ', %(table)s::text)) AS definition
FROM pg_index AS i
WHERE i.indrelid = %(table)s::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
