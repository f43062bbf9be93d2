Finding people. What is searched is what is believed now; a person is looked up as known at a position.

-- by_id --
SELECT * FROM people
WHERE person = %(person)s AND known_from <= %(position)s AND (known_until IS NULL OR known_until > %(position)s)

-- by_ref --
SELECT person FROM people
WHERE ref = %(ref)s AND known_from <= %(position)s AND (known_until IS NULL OR known_until > %(position)s)

-- by_unzr --
SELECT person FROM people
WHERE unzr = %(unzr)s AND known_from <= %(position)s AND (known_until IS NULL OR known_until > %(position)s)

-- by_refs --
SELECT person, ref FROM people WHERE ref = ANY(%(refs)s) AND known_until IS NULL

-- by_unzrs --
SELECT person, unzr FROM people WHERE unzr = ANY(%(unzrs)s) AND known_until IS NULL

-- search_by_unzr --
SELECT * FROM people WHERE unzr = %(unzr)s AND known_until IS NULL ORDER BY sort_key, person LIMIT %(limit)s

-- search_by_rnokpp --
SELECT * FROM people WHERE rnokpp = %(rnokpp)s AND known_until IS NULL ORDER BY sort_key, person LIMIT %(limit)s

-- search_by_ref --
SELECT * FROM people WHERE ref = %(ref)s AND known_until IS NULL ORDER BY sort_key, person LIMIT %(limit)s

-- search_by_name --
SELECT * FROM people
WHERE known_until IS NULL AND haystack ~ %(longest)s AND haystack ~ ALL(%(others)s)
    AND (%(births)s::text[] IS NULL OR birth_date LIKE ANY(%(births)s))
    AND (sort_key, person) > (%(after_key)s, %(after)s::uuid)
ORDER BY sort_key, person LIMIT %(limit)s

-- search_by_birth --
SELECT * FROM people
WHERE known_until IS NULL AND (birth_date >= %(birth)s AND birth_date < %(birth)s || '~' OR birth_date = ANY(%(coarser)s))
    AND (sort_key, person) > (%(after_key)s, %(after)s::uuid)
ORDER BY sort_key, person LIMIT %(limit)s

-- count --
SELECT count(*) AS people FROM people WHERE known_until IS NULL

-- once_by_refs --
SELECT DISTINCT once.ref FROM people AS once
WHERE once.ref = ANY(%(refs)s)
    AND NOT EXISTS (SELECT FROM people AS now WHERE now.ref = once.ref AND now.known_until IS NULL)
