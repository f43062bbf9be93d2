Questions about dwellings, as known at a position; `until IS NULL` is the name that holds to this day.

-- by_id --
SELECT * FROM dwellings
WHERE dwelling = %(dwelling)s AND until IS NULL
    AND known_from <= %(position)s AND (known_until IS NULL OR known_until > %(position)s)

-- by_ref --
SELECT dwelling FROM dwellings
WHERE ref = %(ref)s AND until IS NULL
    AND known_from <= %(position)s AND (known_until IS NULL OR known_until > %(position)s)

-- by_refs --
SELECT dwelling, ref FROM dwellings WHERE ref = ANY(%(refs)s) AND until IS NULL AND known_until IS NULL

-- names --
SELECT since, until, address FROM dwellings
WHERE dwelling = %(dwelling)s AND known_from <= %(position)s AND (known_until IS NULL OR known_until > %(position)s)
ORDER BY since NULLS FIRST

-- search --
SELECT * FROM dwellings
WHERE known_until IS NULL AND haystack ~ %(longest)s AND haystack ~ ALL(%(others)s)
    AND (sort_key, dwelling) > (%(after_key)s, %(after)s::uuid)
ORDER BY sort_key, dwelling LIMIT %(limit)s

-- count --
SELECT count(*) AS dwellings FROM dwellings WHERE known_until IS NULL AND until IS NULL
