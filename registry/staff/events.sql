Who changed what of users, substitutes and keys: one change at a time, and its record.

-- lock --
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.staff', 0))

-- record --
INSERT INTO staff_events (at, by_id, by_name, what, whom, details)
VALUES (%(at)s, %(by_id)s, %(by_name)s, %(what)s, %(whom)s, %(details)s)

-- listed --
SELECT * FROM staff_events
WHERE (%(before)s::bigint IS NULL OR number < %(before)s)
ORDER BY number DESC LIMIT %(limit)s

-- listed_of --
SELECT * FROM staff_events
WHERE whom = %(whom)s AND (%(before)s::bigint IS NULL OR number < %(before)s)
ORDER BY number DESC LIMIT %(limit)s
