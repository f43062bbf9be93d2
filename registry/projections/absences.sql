The marks of protected absentees, as known at a position.

-- of_person --
SELECT * FROM absences_at(%(position)s)
WHERE person = %(person)s
    AND (%(on)s::date IS NULL OR begins <= %(on)s AND (ends IS NULL OR ends > %(on)s OR until <> ends::text AND ends >= %(on)s))
ORDER BY begins, mark
