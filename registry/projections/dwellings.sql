Questions about dwellings, as known at a position; `until IS NULL` is the name that holds to this day.

-- by_id --
SELECT * FROM dwellings_at(%(position)s)
WHERE dwelling = %(dwelling)s AND until IS NULL

-- by_ref --
SELECT dwelling FROM dwellings_at(%(position)s)
WHERE ref = %(ref)s AND until IS NULL

-- by_refs --
SELECT dwelling, ref FROM dwellings_now() WHERE ref = ANY(%(refs)s) AND until IS NULL

-- names --
SELECT since, until, address FROM dwellings_at(%(position)s)
WHERE dwelling = %(dwelling)s
ORDER BY since NULLS FIRST

-- search --
SELECT * FROM dwellings_now()
WHERE haystack ~ %(longest)s AND haystack ~ ALL(%(others)s)
    AND (sort_key, dwelling) > (%(after_key)s, %(after)s::uuid)
ORDER BY sort_key, dwelling LIMIT %(limit)s

-- count --
SELECT count(*) AS dwellings FROM dwellings_now() WHERE until IS NULL

-- by_sort_keys --
SELECT dwelling, sort_key, address FROM dwellings_now() WHERE sort_key = ANY(%(keys)s) AND until IS NULL
