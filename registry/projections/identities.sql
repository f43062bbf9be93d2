Who may be the same person: by names and a day of birth that can be the same, by a number or a document.

-- alike --
WITH found AS (
    SELECT person FROM identities_at(%(position)s)
    WHERE names && %(names)s::text[]
        AND (born_from IS NULL OR %(born_from)s::date IS NULL
            OR (born_from <= %(born_until)s AND born_until >= %(born_from)s))
    UNION
    SELECT person FROM identities_at(%(position)s) WHERE numbers && %(numbers)s::text[]
)
SELECT p.*, i.names, i.born_from, i.born_until, i.numbers
FROM found
JOIN identities_at(%(position)s) AS i USING (person)
JOIN people_at(%(position)s) AS p USING (person)
WHERE person <> %(besides)s
ORDER BY p.sort_key, person

-- entered --
SELECT person FROM people_at(%(position)s) WHERE person = ANY(%(people)s)

-- alike_any --
WITH found AS (
    SELECT person FROM identities_now() WHERE names && %(names)s::text[]
    UNION
    SELECT person FROM identities_now() WHERE numbers && %(numbers)s::text[]
)
SELECT person, p.died, p.birth_date, p.patronymic, p.unzr, p.rnokpp, i.names, i.born_from, i.born_until, i.numbers
FROM found
JOIN identities_now() AS i USING (person)
JOIN people_now() AS p USING (person)
ORDER BY p.sort_key, person
