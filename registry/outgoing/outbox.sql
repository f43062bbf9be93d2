The outbox: what waits, was sent, done or failed, what follows from an application, and its writing.

-- open --
SELECT * FROM outbox
WHERE state IN ('waiting', 'failed') AND (position, id) > (%(after_position)s, %(after)s::uuid)
    AND (%(state)s::text IS NULL OR state = %(state)s) AND (%(role)s::text IS NULL OR role = %(role)s)
    AND (%(item)s::text IS NULL OR item = %(item)s) AND (%(overdue)s::date IS NULL OR deadline < %(overdue)s)
ORDER BY position, id LIMIT %(limit)s

-- nearest --
SELECT * FROM outbox
WHERE state IN ('waiting', 'failed')
    AND (%(after)s::uuid IS NULL OR (deadline, position, item, id) > (
        SELECT last.deadline, last.position, last.item, last.id FROM outbox AS last WHERE last.id = %(after)s))
    AND (%(state)s::text IS NULL OR state = %(state)s) AND (%(role)s::text IS NULL OR role = %(role)s)
    AND (%(item)s::text IS NULL OR item = %(item)s) AND (%(overdue)s::date IS NULL OR deadline < %(overdue)s)
ORDER BY deadline, position, item, id LIMIT %(limit)s

-- queued_of_item --
SELECT *, count(*) OVER () AS total FROM outbox
WHERE state IN ('waiting', 'failed') AND item = %(item)s AND deadline >= %(due_from)s AND deadline < %(due_until)s
ORDER BY deadline, position, item, id LIMIT %(limit)s

-- troubles --
SELECT (SELECT count(*) FROM outbox WHERE state = 'failed') AS failed,
    (SELECT count(*) FROM outbox WHERE state = 'waiting' AND deadline < %(today)s) AS overdue

-- closed --
SELECT * FROM outbox
WHERE state = %(state)s AND (position, id) > (%(after_position)s, %(after)s::uuid)
ORDER BY position, id LIMIT %(limit)s

-- closed_of_role --
SELECT * FROM outbox
WHERE state = %(state)s AND role = %(role)s AND (position, id) > (%(after_position)s, %(after)s::uuid)
ORDER BY position, id LIMIT %(limit)s

-- closed_of_item --
SELECT * FROM outbox
WHERE state = %(state)s AND item = %(item)s AND (position, id) > (%(after_position)s, %(after)s::uuid)
ORDER BY position, id LIMIT %(limit)s

-- by_ids --
SELECT * FROM outbox WHERE id = ANY(%(ids)s)

-- of_application --
SELECT * FROM outbox WHERE application = %(application)s ORDER BY position, item, person

-- of_notices --
SELECT application FROM applications_now() WHERE application = ANY(%(applications)s) AND channel = 'notice'

-- acts_of --
SELECT f.notification_id AS position, f.state, last.position AS known
FROM facts AS f
CROSS JOIN LATERAL (SELECT max(g.notification_id) AS position FROM facts AS g WHERE g.command = f.command) AS last
WHERE f.notification_id = ANY(%(positions)s)

-- drawn_of_year --
SELECT count(*) AS papers FROM facts
WHERE topic = 'outgoing-drawn' AND kind = %(kind)s AND since >= %(year)s AND since < %(next)s

-- recorded --
SELECT command, person FROM facts WHERE command = ANY(%(commands)s) AND topic = %(topic)s

-- copy --
COPY outbox (position, item, role, person, residence, application, deadline, text, made_at, sent_at, extract,
    addressee, state, id)
FROM STDIN

-- makers --
SELECT state FROM facts
WHERE topic = ANY(%(makers)s) AND notification_id > %(after)s ORDER BY notification_id LIMIT %(limit)s

-- restate --
UPDATE outbox AS o SET state = said.state
FROM unnest(%(ids)s::uuid[], %(states)s::text[]) AS said (id, state)
WHERE o.id = said.id

-- restate_all --
UPDATE outbox AS o SET state = now.state
FROM (
    SELECT one.id, coalesce(
        (
            SELECT %(states)s::jsonb ->> f.topic FROM facts AS f
            WHERE f.originator_id = one.id ORDER BY f.originator_version DESC LIMIT 1
        ),
        CASE WHEN one.sent_at IS NULL THEN 'waiting' WHEN one.state = 'done' THEN 'done' ELSE 'sent' END
    ) AS state
    FROM outbox AS one
) AS now
WHERE o.id = now.id AND o.state <> now.state

-- count --
SELECT count(*) AS rows FROM outbox

-- whole --
SELECT * FROM outbox WHERE id > %(after)s ORDER BY id LIMIT %(limit)s

-- since --
SELECT coalesce(max(position), 0) AS position FROM outbox_since

-- untold --
SELECT o.id, o.position FROM outbox AS o
WHERE (o.state IN ('sent', 'done')) <> (o.sent_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM facts AS f WHERE f.originator_id = o.id)
