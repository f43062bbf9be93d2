Applications: their codes, terms and statuses, and the changes that wait for a second person.

-- by_id --
SELECT * FROM applications
WHERE application = %(application)s
    AND known_from <= %(position)s AND (known_until IS NULL OR known_until > %(position)s)

-- by_code --
SELECT status, due_by, office FROM applications
WHERE code = %(code)s AND known_until IS NULL ORDER BY received DESC, known_from DESC LIMIT 1

-- codes_taken --
SELECT code FROM applications WHERE code = ANY(%(codes)s) AND received >= %(since)s AND known_until IS NULL

-- of_person --
SELECT a.*, f.recorded_at
FROM applications AS a JOIN facts AS f ON f.originator_id = a.application AND f.originator_version = 1
WHERE a.persons @> ARRAY[%(person)s::uuid] AND a.known_until IS NULL
ORDER BY f.notification_id DESC

-- awaiting --
SELECT * FROM applications
WHERE known_until IS NULL AND status = 'awaiting-approval'
ORDER BY known_from, application LIMIT %(limit)s

-- open --
SELECT * FROM applications
WHERE known_until IS NULL AND received IS NOT NULL AND status IN ('received', 'awaiting-approval')
ORDER BY due_by, application LIMIT %(limit)s

-- by_term --
SELECT * FROM applications
WHERE known_until IS NULL AND received IS NOT NULL AND status IN ('received', 'awaiting-approval')
    AND status = ANY(%(statuses)s)
ORDER BY due_by, application LIMIT %(limit)s
