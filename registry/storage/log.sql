The log: reading it, and the statements of an append. All writes happen under the table lock.

-- tip --
SELECT coalesce(last.notification_id, 0) AS position, last.recorded_at, clock_timestamp() AS clock
FROM (SELECT 1) AS one
LEFT JOIN LATERAL (
    SELECT notification_id, recorded_at FROM facts ORDER BY notification_id DESC LIMIT 1
) AS last ON true

-- last_position --
SELECT coalesce(max(notification_id), 0) AS position FROM facts

-- position_known_at --
SELECT coalesce((
    SELECT notification_id FROM facts WHERE recorded_at <= %(known_at)s
    ORDER BY recorded_at DESC, notification_id DESC LIMIT 1
), 0) AS position, coalesce((
    SELECT recorded_at >= %(known_at)s FROM facts ORDER BY notification_id DESC LIMIT 1
), false) AS behind_all

-- act_in_flight --
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE relation = 'facts'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND mode IN ('ExclusiveLock', 'AccessExclusiveLock') AND granted
) AS held

-- act_of_position --
SELECT recorded_at, (SELECT max(notification_id) FROM facts AS other WHERE other.recorded_at = asked.recorded_at) AS position
FROM facts AS asked WHERE notification_id = %(position)s

-- positions_known_at --
SELECT asked.known_at, coalesce(found.position, 0) AS position
FROM unnest(%(known_at)s::timestamptz[]) AS asked (known_at)
LEFT JOIN LATERAL (
    SELECT notification_id AS position FROM facts WHERE recorded_at <= asked.known_at
    ORDER BY recorded_at DESC, notification_id DESC LIMIT 1
) AS found ON true

-- versions --
SELECT originator_id AS stream, max(originator_version) AS version
FROM facts WHERE originator_id = ANY(%(streams)s) GROUP BY originator_id

-- last_of_stream --
SELECT state FROM facts WHERE originator_id = %(stream)s ORDER BY originator_version DESC LIMIT 1

-- of_command --
SELECT facts.state, requests.digest FROM facts LEFT JOIN requests USING (command)
WHERE command = %(command)s ORDER BY notification_id

-- keep_request --
INSERT INTO requests (command, digest) VALUES (%(command)s, %(digest)s)

-- of_streams --
SELECT state FROM facts WHERE originator_id = ANY(%(streams)s) ORDER BY originator_id, originator_version

-- of_stream --
SELECT state FROM facts WHERE originator_id = %(stream)s AND notification_id <= %(position)s ORDER BY originator_version

-- naming_dwelling_after --
SELECT state FROM facts
WHERE dwelling = %(dwelling)s AND notification_id > %(position)s
ORDER BY notification_id DESC LIMIT 1

-- dwelling_touched_after --
SELECT greatest(known_from, known_until) AS position FROM residences
WHERE dwelling = %(dwelling)s AND (known_from > %(position)s OR known_until > %(position)s)
ORDER BY position DESC LIMIT 1

-- at_position --
SELECT state FROM facts WHERE notification_id = %(position)s

-- recorded_at --
SELECT recorded_at FROM facts WHERE notification_id = %(position)s

-- copy --
COPY facts (originator_id, originator_version, topic, state, notification_id, recorded_at, command, kind, since, until,
    person, dwelling, residence, target, kept, revives, ref, born, leaf) FROM STDIN

-- of_topics --
SELECT state FROM facts WHERE topic = ANY(%(topics)s) ORDER BY notification_id

-- by_position --
SELECT state, leaf FROM facts WHERE notification_id > %(after)s ORDER BY notification_id LIMIT %(limit)s

-- declare_by_stream --
DECLARE by_stream NO SCROLL CURSOR FOR
SELECT notification_id AS position, state FROM facts WHERE notification_id <= %(position)s
ORDER BY originator_id, originator_version

-- fetch_by_stream --
FETCH FORWARD 20000 FROM by_stream

-- close_by_stream --
CLOSE by_stream

-- streams_after --
SELECT DISTINCT originator_id AS stream FROM facts WHERE notification_id > %(position)s

-- mark --
INSERT INTO marks (mark, made_at) VALUES (%(mark)s, %(made_at)s)

-- marks --
SELECT mark, made_at FROM marks ORDER BY made_at

-- with_heads --
SELECT * FROM facts WHERE notification_id > %(after)s ORDER BY notification_id LIMIT %(limit)s
