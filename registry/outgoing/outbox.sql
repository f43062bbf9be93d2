The outbox: what waits, what follows from an application, and its writing.

-- waiting --
SELECT * FROM outbox
WHERE sent_at IS NULL AND (%(role)s::text IS NULL OR role = %(role)s)
ORDER BY deadline, position, item, person, residence, extract LIMIT %(limit)s

-- of_application --
SELECT * FROM outbox WHERE application = %(application)s ORDER BY position, item, person

-- copy --
COPY outbox (position, item, role, person, residence, application, deadline, text, made_at, sent_at, extract,
    addressee)
FROM STDIN

-- makers --
SELECT state FROM facts
WHERE topic = ANY(%(makers)s) AND notification_id > %(after)s ORDER BY notification_id LIMIT %(limit)s
