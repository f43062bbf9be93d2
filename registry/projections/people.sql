Finding people. What is searched is what is believed now; a person is looked up as known at a position.

-- by_id --
SELECT * FROM people_at(%(position)s) WHERE person = %(person)s

-- by_ref --
SELECT person FROM people_at(%(position)s) WHERE ref = %(ref)s

-- by_unzr --
SELECT person FROM people_at(%(position)s) WHERE unzr = %(unzr)s AND NOT sealed

-- namesakes --
SELECT person, unzr FROM people_at(%(position)s)
WHERE birth_date = %(birth_date)s AND died IS NULL
    AND NOT sealed AND lower(surname) = lower(%(surname)s) AND lower(given_names) = lower(%(given_names)s)
ORDER BY person

-- by_refs --
SELECT person, ref FROM people_now() WHERE ref = ANY(%(refs)s)

-- by_unzrs --
SELECT person, unzr FROM people_now() WHERE unzr = ANY(%(unzrs)s) AND NOT sealed

-- search_by_unzr --
SELECT * FROM people_now() WHERE unzr = %(unzr)s ORDER BY sort_key, person LIMIT %(limit)s

-- search_by_rnokpp --
SELECT * FROM people_now() WHERE rnokpp = %(rnokpp)s ORDER BY sort_key, person LIMIT %(limit)s

-- search_by_ref --
SELECT * FROM people_now() WHERE ref = %(ref)s ORDER BY sort_key, person LIMIT %(limit)s

-- search_by_name --
SELECT * FROM people_now()
WHERE haystack ~ %(longest)s AND haystack ~ ALL(%(others)s)
    AND (%(births)s::text[] IS NULL OR birth_date LIKE ANY(%(births)s))
    AND (sort_key, person) > (%(after_key)s, %(after)s::uuid)
ORDER BY sort_key, person LIMIT %(limit)s

-- search_by_birth --
SELECT * FROM people_now()
WHERE (birth_date >= %(birth)s AND birth_date < %(birth)s || '~' OR birth_date = ANY(%(coarser)s))
    AND (sort_key, person) > (%(after_key)s, %(after)s::uuid)
ORDER BY sort_key, person LIMIT %(limit)s

-- count --
SELECT count(*) AS people FROM people_now() WHERE NOT sealed

-- sealed --
SELECT person FROM people_now() WHERE sealed

-- once_by_refs --
SELECT DISTINCT once.ref FROM people AS once
WHERE once.ref = ANY(%(refs)s)
    AND NOT EXISTS (SELECT FROM people_now() AS now WHERE now.ref = once.ref)

-- by_rnokpps --
SELECT person, rnokpp FROM people_now() WHERE rnokpp = ANY(%(rnokpps)s) AND NOT sealed

-- by_sort_keys --
SELECT person, sort_key, birth_date FROM people_now() WHERE sort_key = ANY(%(keys)s) AND NOT sealed
