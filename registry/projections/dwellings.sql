Questions about dwellings, as known at a position; `until IS NULL` is the name that holds to this day.

-- by_id --
SELECT * FROM dwellings_at(%(position)s)
WHERE dwelling = %(dwelling)s AND until IS NULL

-- by_ref --
SELECT dwelling FROM dwellings_at(%(position)s)
WHERE ref = %(ref)s AND until IS NULL

-- by_refs --
SELECT dwelling, ref FROM dwellings_now() WHERE ref = ANY(%(refs)s) AND until IS NULL

-- predecessors --
SELECT dwelling, address FROM dwellings_at(%(position)s)
WHERE successor = %(dwelling)s AND until IS NULL
ORDER BY sort_key, dwelling LIMIT %(limit)s

-- names --
SELECT since, until, address FROM dwellings_at(%(position)s)
WHERE dwelling = %(dwelling)s
ORDER BY since NULLS FIRST

-- few_by_lexeme --
WITH found AS MATERIALIZED (
    SELECT p.sort_key, p.dwelling FROM dwellings_now() AS p
    WHERE p.words @@ %(words)s::tsquery AND NOT p.words @@ %(but_not)s::tsquery
    AND (p.until IS NULL OR (
        SELECT now.words @@ %(called)s::tsquery FROM dwellings_now() AS now
        WHERE now.dwelling = p.dwelling AND now.until IS NULL LIMIT 1) IS NOT TRUE)
), bounded AS MATERIALIZED (
    SELECT * FROM found LIMIT %(most)s
), counted AS (
    SELECT count(*) AS counted FROM bounded
)
SELECT * FROM bounded CROSS JOIN counted LIMIT (SELECT CASE WHEN counted < %(most)s THEN counted ELSE 1 END FROM counted)

-- few_ranked --
WITH found AS MATERIALIZED (
    SELECT p.sort_key, p.dwelling, p.words FROM dwellings_now() AS p
    WHERE p.words @@ %(words)s::tsquery
    AND (p.until IS NULL OR (
        SELECT now.words @@ %(called)s::tsquery FROM dwellings_now() AS now
        WHERE now.dwelling = p.dwelling AND now.until IS NULL LIMIT 1) IS NOT TRUE)
), bounded AS MATERIALIZED (
    SELECT * FROM found LIMIT %(most)s
), counted AS (
    SELECT count(*) AS counted FROM bounded
)
SELECT sort_key, dwelling, words @@ %(marked)s::tsquery AS number, words @@ %(exact)s::tsquery AS exact,
    words @@ %(anywhere)s::tsquery AS anywhere, counted
FROM bounded CROSS JOIN counted LIMIT (SELECT CASE WHEN counted < %(most)s THEN counted ELSE 1 END FROM counted)

-- many_by_lexeme --
SELECT p.sort_key, p.dwelling FROM dwellings_now() AS p
WHERE p.words @@ %(words)s::tsquery AND NOT p.words @@ %(but_not)s::tsquery
    AND (p.until IS NULL OR (
        SELECT now.words @@ %(called)s::tsquery FROM dwellings_now() AS now
        WHERE now.dwelling = p.dwelling AND now.until IS NULL LIMIT 1) IS NOT TRUE)
    AND (p.sort_key, p.dwelling) > (%(after_key)s, %(after)s::uuid)
ORDER BY p.sort_key, p.dwelling LIMIT %(limit)s

-- few_inside --
WITH found AS MATERIALIZED (
    SELECT p.sort_key, p.dwelling FROM dwellings_now() AS p
    WHERE p.haystack LIKE %(holds)s AND p.haystack ~ %(longest)s AND p.haystack ~ %(next)s AND p.haystack ~ ALL(%(others)s::text[])
    AND (%(among)s::tsquery IS NULL OR p.words @@ %(among)s::tsquery)
    AND NOT p.words @@ %(but_not)s::tsquery
    AND (p.until IS NULL OR (
        SELECT now.words @@ %(called)s::tsquery FROM dwellings_now() AS now
        WHERE now.dwelling = p.dwelling AND now.until IS NULL LIMIT 1) IS NOT TRUE)
), bounded AS MATERIALIZED (
    SELECT * FROM found LIMIT %(most)s
), counted AS (
    SELECT count(*) AS counted FROM bounded
)
SELECT * FROM bounded CROSS JOIN counted LIMIT (SELECT CASE WHEN counted < %(most)s THEN counted ELSE 1 END FROM counted)

-- few_inside_of --
WITH among AS MATERIALIZED (
    SELECT p.sort_key, p.dwelling, p.haystack FROM dwellings_now() AS p
    WHERE p.words @@ %(among)s::tsquery AND NOT p.words @@ %(but_not)s::tsquery
    AND (p.until IS NULL OR (
        SELECT now.words @@ %(called)s::tsquery FROM dwellings_now() AS now
        WHERE now.dwelling = p.dwelling AND now.until IS NULL LIMIT 1) IS NOT TRUE)
), found AS MATERIALIZED (
    SELECT p.sort_key, p.dwelling FROM among AS p
    WHERE p.haystack LIKE %(holds)s AND p.haystack ~ %(longest)s AND p.haystack ~ %(next)s AND p.haystack ~ ALL(%(others)s::text[])
), bounded AS MATERIALIZED (
    SELECT * FROM found LIMIT %(most)s
), counted AS (
    SELECT count(*) AS counted FROM bounded
)
SELECT * FROM bounded CROSS JOIN counted LIMIT (SELECT CASE WHEN counted < %(most)s THEN counted ELSE 1 END FROM counted)

-- many_inside --
SELECT p.sort_key, p.dwelling FROM dwellings_now() AS p
WHERE p.haystack LIKE %(holds)s AND p.haystack ~ %(longest)s AND p.haystack ~ %(next)s AND p.haystack ~ ALL(%(others)s::text[])
    AND (%(among)s::tsquery IS NULL OR p.words @@ %(among)s::tsquery)
    AND NOT p.words @@ %(but_not)s::tsquery
    AND (p.until IS NULL OR (
        SELECT now.words @@ %(called)s::tsquery FROM dwellings_now() AS now
        WHERE now.dwelling = p.dwelling AND now.until IS NULL LIMIT 1) IS NOT TRUE)
    AND (p.sort_key, p.dwelling) > (%(after_key)s, %(after)s::uuid)
ORDER BY p.sort_key, p.dwelling LIMIT %(limit)s

-- few_by_people --
WITH found AS MATERIALIZED (
    SELECT p.sort_key, p.dwelling FROM dwellings_now() AS p
    WHERE p.until IS NULL AND p.dwelling IN (
        SELECT lives.dwelling FROM residences_now() AS lives
        WHERE lives.person = ANY(%(people)s)
            AND lives.state = 'standing' AND (lives.until IS NULL OR lives.until > %(today)s))
), bounded AS MATERIALIZED (
    SELECT * FROM found LIMIT %(most)s
), counted AS (
    SELECT count(*) AS counted FROM bounded
)
SELECT * FROM bounded CROSS JOIN counted LIMIT (SELECT CASE WHEN counted < %(most)s THEN counted ELSE 1 END FROM counted)

-- described --
SELECT d.dwelling, d.ref, d.address, d.until, d.kind, d.successor, d.sort_key, (
    SELECT now.address FROM dwellings_now() AS now WHERE now.dwelling = d.dwelling AND now.until IS NULL
) AS address_now
FROM dwellings_now() AS d WHERE d.dwelling = ANY(%(ids)s)

-- count --
SELECT count(*) AS dwellings FROM dwellings_now() WHERE until IS NULL

-- by_sort_keys --
SELECT dwelling, sort_key, address FROM dwellings_now() WHERE sort_key = ANY(%(keys)s) AND until IS NULL

-- versions --
SELECT dwelling, since, until, address, kind, katottg, known_from, known_until FROM dwellings
WHERE dwelling = ANY(%(dwellings)s) AND (known_until IS NULL OR known_until > %(since)s)
