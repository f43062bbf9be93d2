The community's list of streets, as known at a position: page by page, and the streets that may be meant by a name.

-- page --
SELECT street, sort_key FROM streets_at(%(position)s) AS shown
WHERE until IS NULL AND (sort_key, street) > (%(after_key)s, %(after)s::uuid)
    AND (%(place)s::text IS NULL OR place_key = %(place)s)
    AND (%(beginning)s::text IS NULL OR street IN (
        SELECT street FROM streets_at(%(position)s) AS named WHERE named.haystack LIKE %(beginning)s
    ))
ORDER BY sort_key, street LIMIT %(limit)s

-- by_ids --
SELECT * FROM streets_at(%(position)s)
WHERE street = ANY(%(streets)s) ORDER BY sort_key, street, since NULLS FIRST

-- by_keys --
SELECT DISTINCT street FROM streets_at(%(position)s)
WHERE street_key = ANY(%(keys)s)

-- any --
SELECT EXISTS (SELECT FROM streets_now() WHERE source = 'list') AS listed

-- held --
SELECT DISTINCT street FROM streets_now()
