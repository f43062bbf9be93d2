The access journal: writing under its own lock, and what a person, an auditor and the tree ask of it.

-- lock --
SET LOCAL lock_timeout = '5s';
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.access', 0))

-- tip --
SELECT coalesce(last.position, 0) AS position, last.recorded_at
FROM (SELECT 1) AS one
LEFT JOIN LATERAL (SELECT position, recorded_at FROM access ORDER BY position DESC LIMIT 1) AS last ON true

-- insert --
INSERT INTO access (position, recorded_at, persons, bulk, by_id, visit, command, state, leaf)
VALUES (%(position)s, %(recorded_at)s, %(persons)s::uuid[], %(bulk)s, %(by_id)s, %(visit)s, %(command)s, %(state)s,
    %(leaf)s)

-- last_position --
SELECT coalesce(max(position), 0) AS position FROM access

-- of_person --
WITH shown AS MATERIALIZED (
    SELECT position FROM access WHERE persons && %(people)s::uuid[]
), page AS (
    SELECT position FROM shown WHERE %(before)s::bigint IS NULL OR position < %(before)s
    ORDER BY position DESC LIMIT %(limit)s
)
SELECT state FROM access JOIN page USING (position) ORDER BY position DESC

-- of_actor --
SELECT state FROM access
WHERE by_id = %(by)s AND (%(before)s::bigint IS NULL OR position < %(before)s)
ORDER BY position DESC LIMIT %(limit)s

-- of_visit --
SELECT state FROM access
WHERE visit = %(visit)s AND (%(before)s::bigint IS NULL OR position < %(before)s)
ORDER BY position DESC LIMIT %(limit)s

-- latest --
SELECT state FROM access
WHERE %(before)s::bigint IS NULL OR position < %(before)s
ORDER BY position DESC LIMIT %(limit)s

-- of_command --
SELECT state FROM access WHERE command = %(command)s LIMIT 1

-- bulk --
SELECT state FROM access
WHERE bulk AND (%(before)s::bigint IS NULL OR position < %(before)s)
ORDER BY position DESC LIMIT %(limit)s

-- by_position --
SELECT state FROM access WHERE position > %(after)s ORDER BY position LIMIT %(limit)s

-- leaves --
SELECT position, leaf FROM access
WHERE position > %(after)s AND position <= %(size)s ORDER BY position LIMIT %(limit)s

-- whole --
SELECT * FROM access WHERE position > %(after)s ORDER BY position LIMIT %(limit)s
