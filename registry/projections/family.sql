Families: whose parents, guardians and adopters somebody's are, and whose they are in turn, as known at a position.

-- of_person --
SELECT f.*, r.ref AS relative_ref, r.surname, r.given_names, r.patronymic
FROM family_at(%(position)s) AS f LEFT JOIN people_at(%(position)s) AS r ON r.person = f.relative
WHERE f.person = %(person)s AND f.state = 'standing'
    AND (f.since IS NULL OR %(until)s::date IS NULL OR f.since < %(until)s)
    AND (f.until IS NULL OR %(from)s::date IS NULL OR f.until > %(from)s)
ORDER BY f.since NULLS FIRST, f.link

-- of_relative --
SELECT f.*, c.ref AS relative_ref, c.surname, c.given_names, c.patronymic
FROM family_at(%(position)s) AS f JOIN people_at(%(position)s) AS c ON c.person = f.person
WHERE f.relative = %(person)s AND f.state = 'standing'
    AND (f.since IS NULL OR %(until)s::date IS NULL OR f.since < %(until)s)
    AND (f.until IS NULL OR %(from)s::date IS NULL OR f.until > %(from)s)
ORDER BY f.since NULLS FIRST, f.link

-- naming --
SELECT DISTINCT person FROM family_now() WHERE relative = %(person)s AND state = 'standing' ORDER BY person
