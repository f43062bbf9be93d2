Applications: their codes, terms and statuses, and the changes that wait for a second person.

-- by_id --
SELECT * FROM applications_at(%(position)s) WHERE application = %(application)s

-- by_code --
SELECT application, status, due_by, office FROM applications_now()
WHERE code = %(code)s ORDER BY received DESC, known_from DESC LIMIT 1

-- codes_taken --
SELECT code FROM applications_now() WHERE code = ANY(%(codes)s) AND received >= %(since)s

-- of_person --
SELECT a.*, f.recorded_at
FROM applications_now() AS a JOIN facts AS f ON f.originator_id = a.application AND f.originator_version = 1
WHERE a.persons && %(people)s::uuid[]
ORDER BY f.notification_id DESC

-- open_about --
SELECT application FROM applications_now()
WHERE persons @> ARRAY[%(person)s::uuid]
    AND status IN ('received', 'awaiting-approval', 'left-without-movement')
ORDER BY due_by, application

-- persons_of --
SELECT application, persons FROM applications_now() WHERE application = ANY(%(streams)s)

-- awaiting --
SELECT * FROM applications_now()
WHERE status = 'awaiting-approval'
ORDER BY known_from, application LIMIT %(limit)s

-- awaiting_count --
SELECT count(*) AS changes FROM applications_now() WHERE status = 'awaiting-approval'

-- open --
SELECT * FROM applications_now()
WHERE received IS NOT NULL AND status IN ('received', 'awaiting-approval', 'left-without-movement')
ORDER BY due_by, application LIMIT %(limit)s

-- by_term --
SELECT * FROM applications_now()
WHERE received IS NOT NULL AND status IN ('received', 'awaiting-approval', 'left-without-movement')
    AND status = ANY(%(statuses)s)
ORDER BY due_by, application LIMIT %(limit)s

-- past --
SELECT * FROM applications_now()
WHERE past <> '{}'
    AND (%(before_position)s::bigint IS NULL OR known_from < %(before_position)s)
    AND known_from > coalesce((
        SELECT notification_id FROM facts WHERE recorded_at < %(since)s::timestamptz
        ORDER BY recorded_at DESC, notification_id DESC LIMIT 1
    ), 0)
    AND (%(until)s::timestamptz IS NULL OR known_from <= coalesce((
        SELECT notification_id FROM facts WHERE recorded_at < %(until)s::timestamptz
        ORDER BY recorded_at DESC, notification_id DESC LIMIT 1
    ), 0))
ORDER BY known_from DESC LIMIT %(limit)s

-- waiting_of_person --
SELECT a.application
FROM applications_now() AS n
JOIN applications_at(%(position)s) AS a ON a.application = n.application AND a.status = 'awaiting-approval'
WHERE n.persons @> ARRAY[%(person)s::uuid]

-- waiting_of_dwelling --
-- What waits is always little: who of it lives there is asked of each, not of all who ever lived there.
SELECT a.application
FROM applications AS a
WHERE a.status = 'awaiting-approval' AND int8range(a.known_from, a.known_until) @> %(position)s::bigint
    AND (EXISTS (
        SELECT FROM residences AS r WHERE r.person = ANY(a.persons) AND r.dwelling = %(dwelling)s
    ) OR EXISTS (
        SELECT FROM facts AS f
        WHERE f.originator_id = a.application AND f.topic = 'change-requested'
            AND position(%(dwelling)s::uuid::text IN convert_from(f.state, 'UTF8')) > 0
    ))

-- approvals --
SELECT f.originator_id AS application FROM facts AS f
WHERE f.command = ANY(%(commands)s) AND f.topic = 'change-approved'

-- queued --
SELECT *, count(*) OVER () AS total FROM applications_now()
WHERE received IS NOT NULL AND status IN ('received', 'awaiting-approval', 'left-without-movement')
    AND status <> 'awaiting-approval' AND due_by >= %(due_from)s AND due_by < %(due_until)s
    AND (%(at_desk)s::boolean IS NULL OR (channel = 'office') = %(at_desk)s)
ORDER BY due_by, application LIMIT %(limit)s

-- queued_for_approval --
SELECT *, count(*) OVER () AS total FROM applications_now()
WHERE status = 'awaiting-approval'
ORDER BY known_from, application LIMIT %(limit)s
