Entries of one person that was entered twice: who answers in their place, as known at a position. A journal of
elsewhere may hold a circle of them: it ends where it began.

-- survivor --
WITH RECURSIVE chain AS (
    SELECT survivor, 1 AS step FROM merged_at(%(position)s) WHERE person = %(person)s
    UNION ALL
    SELECT m.survivor, c.step + 1 FROM chain AS c JOIN merged_at(%(position)s) AS m ON m.person = c.survivor
) CYCLE survivor SET again USING path
SELECT survivor FROM chain WHERE NOT again ORDER BY step DESC LIMIT 1

-- called --
SELECT person FROM merged_at(%(position)s)
WHERE person = %(id)s OR ref = %(mark)s OR unzr = %(mark)s
ORDER BY known_from DESC LIMIT 1

-- keyed --
SELECT person, coalesce(keys && %(marks)s::text[] OR person = %(id)s, false) AS by_mark FROM merged_at(%(position)s)
WHERE keys && %(keys)s::text[] OR person = %(id)s
ORDER BY person

-- into --
WITH RECURSIVE gone AS (
    SELECT person FROM merged_at(%(position)s) WHERE survivor = ANY(%(people)s)
    UNION
    SELECT m.person FROM gone AS g JOIN merged_at(%(position)s) AS m ON m.survivor = g.person
)
SELECT person FROM gone ORDER BY person

-- by_refs --
SELECT DISTINCT ON (ref) ref, person FROM merged_now() WHERE ref = ANY(%(refs)s) ORDER BY ref, known_from DESC

-- ever_into --
SELECT DISTINCT person FROM merged WHERE survivor = %(person)s AND known_from <= %(position)s ORDER BY person

-- taken --
SELECT DISTINCT CASE
    WHEN p.unzr = %(unzr)s THEN 'unzr' WHEN p.ref = %(ref)s THEN 'ref' ELSE 'rnokpp' END AS field
FROM people_now() AS p
WHERE p.unzr = %(unzr)s OR p.ref = %(ref)s OR p.rnokpp = %(rnokpp)s
    AND NOT EXISTS (
        SELECT FROM people_at(%(position)s) AS held WHERE held.person = p.person AND held.rnokpp = p.rnokpp
    )
