The addresses of dwellings by the keys by which they are compared. A renumbered or merged dwelling is no more.

-- of_home --
SELECT * FROM addresses_now()
WHERE street_key = %(street_key)s AND home_key = %(home_key)s AND until IS NULL AND successor IS NULL

-- on_streets --
SELECT * FROM addresses_at(%(position)s)
WHERE street_key = ANY(%(keys)s) AND successor IS NULL
    AND (since IS NULL OR since <= %(day)s) AND (until IS NULL OR until > %(day)s)
ORDER BY sort_key, dwelling

-- street_keys --
SELECT DISTINCT street_key FROM addresses_at(%(position)s)
WHERE %(after)s::text IS NULL OR street_key > %(after)s
ORDER BY street_key LIMIT %(limit)s
