The marks of protected addresses, as known at a position; an unknown part of a day speaks for the protected.

-- hidden --
SELECT person, true AS sealed FROM people_now() WHERE sealed
UNION
SELECT person, false FROM protections_now()
WHERE COALESCE(ends, 'infinity') >= %(on)s AND begins <= %(on)s AND (ends IS NULL OR ends > %(on)s OR until <> ends::text)

-- of_person --
SELECT * FROM protections_at(%(position)s)
WHERE person = %(person)s
    AND (%(on)s::date IS NULL OR begins <= %(on)s AND (ends IS NULL OR ends > %(on)s OR until <> ends::text AND ends >= %(on)s))
ORDER BY begins, mark
