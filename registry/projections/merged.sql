Entries of one person that was entered twice: who answers in their place, as known at a position.

-- survivor --
WITH RECURSIVE chain AS (
    SELECT survivor, 1 AS step FROM merged_at(%(position)s) WHERE person = %(person)s
    UNION ALL
    SELECT m.survivor, c.step + 1 FROM chain AS c JOIN merged_at(%(position)s) AS m ON m.person = c.survivor
)
SELECT survivor FROM chain ORDER BY step DESC LIMIT 1

-- called --
SELECT person FROM merged_at(%(position)s)
WHERE person = %(id)s OR ref = %(mark)s OR unzr = %(mark)s
ORDER BY known_from DESC LIMIT 1

-- into --
WITH RECURSIVE gone AS (
    SELECT person FROM merged_at(%(position)s) WHERE survivor = ANY(%(people)s)
    UNION ALL
    SELECT m.person FROM gone AS g JOIN merged_at(%(position)s) AS m ON m.survivor = g.person
)
SELECT person FROM gone ORDER BY person

-- taken --
SELECT DISTINCT CASE
    WHEN p.unzr = %(unzr)s THEN 'unzr' WHEN p.ref = %(ref)s THEN 'ref' ELSE 'rnokpp' END AS field
FROM people_now() AS p
WHERE p.unzr = %(unzr)s OR p.ref = %(ref)s OR p.rnokpp = %(rnokpp)s
    AND NOT EXISTS (
        SELECT FROM people_at(%(position)s) AS held WHERE held.person = p.person AND held.rnokpp = p.rnokpp
    )
