Finding people. What is searched is what is believed now; a person is looked up as known at a position.

A search asks `few_…` first: up to a thousand keys by the index of what is asked, in no order. Where there are more, `many_…`
goes along the alphabet instead, which meets the first page soon: `along_the_alphabet` allows nothing else until the transaction ends.

-- by_id --
SELECT * FROM people_at(%(position)s) WHERE person = %(person)s

-- by_ref --
SELECT person FROM people_at(%(position)s) WHERE ref = %(ref)s

-- by_unzr --
SELECT person FROM people_at(%(position)s) WHERE unzr = %(unzr)s AND NOT sealed

-- called --
SELECT person FROM people_at(%(position)s) WHERE person = %(id)s OR ref = %(mark)s OR unzr = %(mark)s

-- by_refs --
SELECT person, ref FROM people_now() WHERE ref = ANY(%(refs)s)

-- by_unzrs --
SELECT person, unzr FROM people_now() WHERE unzr = ANY(%(unzrs)s) AND NOT sealed

-- along_the_alphabet --
SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('enable_seqscan', 'off', true)

-- along_ranges --
SELECT count(*) AS counted FROM (
    SELECT FROM unnest(%(lows)s::text[], %(highs)s::text[]) AS part (low, high)
    CROSS JOIN LATERAL (
        SELECT FROM people_now() AS p
        WHERE p.sort_key >= part.low COLLATE "C" AND p.sort_key < part.high COLLATE "C" LIMIT %(most)s
    ) AS met LIMIT %(most)s
) AS bounded

-- few_by_lexeme --
WITH found AS MATERIALIZED (
    SELECT p.sort_key, p.person, p.words FROM people_now() AS p
    WHERE p.words @@ %(words)s::tsquery AND NOT p.words @@ %(but_not)s::tsquery
    AND NOT (p.words @@ %(surname)s::tsquery AND EXISTS (
        SELECT FROM unnest(%(lows)s::text[], %(highs)s::text[]) AS part (low, high)
        WHERE p.sort_key >= low COLLATE "C" AND p.sort_key < high COLLATE "C"))
), bounded AS MATERIALIZED (
    SELECT * FROM found LIMIT %(most)s
), counted AS (
    SELECT count(*) AS counted FROM bounded
)
SELECT sort_key, person, words @@ %(numbered)s::tsquery AS by_number, words @@ %(begun)s::tsquery AS by_surname, counted
FROM bounded CROSS JOIN counted LIMIT (SELECT CASE WHEN counted < %(most)s THEN counted ELSE 1 END FROM counted)

-- few_by_lexemes --
WITH found AS MATERIALIZED (
    SELECT p.sort_key, p.person FROM people_now() AS p
    WHERE p.words @@ %(one)s::tsquery AND p.words @@ %(others)s::tsquery
), bounded AS MATERIALIZED (
    SELECT * FROM found LIMIT %(most)s
), counted AS (
    SELECT count(*) AS counted FROM bounded
)
SELECT * FROM bounded CROSS JOIN counted LIMIT (SELECT CASE WHEN counted < %(most)s THEN counted ELSE 1 END FROM counted)

-- many_by_lexeme --
SELECT p.sort_key, p.person FROM people_now() AS p
WHERE p.words @@ %(words)s::tsquery AND p.sort_key < %(high)s AND NOT p.words @@ %(but_not)s::tsquery
    AND NOT (p.words @@ %(surname)s::tsquery AND EXISTS (
        SELECT FROM unnest(%(lows)s::text[], %(highs)s::text[]) AS part (low, high)
        WHERE p.sort_key >= low COLLATE "C" AND p.sort_key < high COLLATE "C"))
    AND (p.sort_key, p.person) > (%(after_key)s, %(after)s::uuid)
ORDER BY p.sort_key, p.person LIMIT %(limit)s

-- few_inside --
WITH found AS MATERIALIZED (
    SELECT p.sort_key, p.person FROM people_now() AS p
    WHERE p.haystack LIKE %(holds)s AND p.haystack ~ %(longest)s AND p.haystack ~ %(next)s AND p.haystack ~ ALL(%(others)s::text[])
    AND (%(among)s::tsquery IS NULL OR p.words @@ %(among)s::tsquery)
        AND NOT p.words @@ %(but_not)s::tsquery
), bounded AS MATERIALIZED (
    SELECT * FROM found LIMIT %(most)s
), counted AS (
    SELECT count(*) AS counted FROM bounded
)
SELECT * FROM bounded CROSS JOIN counted LIMIT (SELECT CASE WHEN counted < %(most)s THEN counted ELSE 1 END FROM counted)

-- few_inside_of --
WITH among AS MATERIALIZED (
    SELECT p.sort_key, p.person, p.haystack FROM people_now() AS p
    WHERE p.words @@ %(among)s::tsquery AND NOT p.words @@ %(but_not)s::tsquery
), found AS MATERIALIZED (
    SELECT p.sort_key, p.person FROM among AS p
    WHERE p.haystack LIKE %(holds)s AND p.haystack ~ %(longest)s AND p.haystack ~ %(next)s AND p.haystack ~ ALL(%(others)s::text[])
), bounded AS MATERIALIZED (
    SELECT * FROM found LIMIT %(most)s
), counted AS (
    SELECT count(*) AS counted FROM bounded
)
SELECT * FROM bounded CROSS JOIN counted LIMIT (SELECT CASE WHEN counted < %(most)s THEN counted ELSE 1 END FROM counted)

-- many_inside --
SELECT p.sort_key, p.person FROM people_now() AS p
WHERE p.haystack LIKE %(holds)s AND p.haystack ~ %(longest)s AND p.haystack ~ %(next)s AND p.haystack ~ ALL(%(others)s::text[])
    AND (%(among)s::tsquery IS NULL OR p.words @@ %(among)s::tsquery)
    AND NOT p.words @@ %(but_not)s::tsquery
    AND (p.sort_key, p.person) > (%(after_key)s, %(after)s::uuid)
ORDER BY p.sort_key, p.person LIMIT %(limit)s

-- numbered_home --
SELECT true AS there FROM dwellings_now() AS home WHERE home.words @@ %(address)s::tsquery LIMIT 1

-- few_by_home --
WITH homes AS MATERIALIZED (
    SELECT home.dwelling FROM dwellings_now() AS home WHERE home.words @@ %(address)s::tsquery
), met AS MATERIALIZED (
    SELECT p.sort_key, p.person, p.words, p.haystack FROM people_now() AS p
    WHERE p.person IN (
        SELECT lives.person FROM residences_now() AS lives
        WHERE lives.dwelling IN (SELECT dwelling FROM homes)
            AND lives.state = 'standing' AND (lives.until IS NULL OR lives.until > %(today)s))
    AND (%(named)s::tsquery IS NULL OR p.words @@ %(named)s::tsquery)
), found AS MATERIALIZED (
    SELECT p.sort_key, p.person FROM met AS p
    WHERE NOT p.words @@ %(but_not)s::tsquery
    AND NOT (p.haystack ~ ALL(%(patterns)s::text[]) AND (%(among)s::tsquery IS NULL OR p.words @@ %(among)s::tsquery))
), bounded AS MATERIALIZED (
    SELECT * FROM found LIMIT %(most)s
), counted AS (
    SELECT count(*) AS counted FROM bounded
)
SELECT * FROM bounded CROSS JOIN counted LIMIT (SELECT CASE WHEN counted < %(most)s THEN counted ELSE 1 END FROM counted)

-- many_by_home --
SELECT p.sort_key, p.person FROM people_now() AS p
WHERE p.person IN (
        SELECT lives.person FROM dwellings_now() AS home JOIN residences_now() AS lives ON lives.dwelling = home.dwelling
        WHERE home.words @@ %(address)s::tsquery
            AND lives.state = 'standing' AND (lives.until IS NULL OR lives.until > %(today)s))
    AND (%(named)s::tsquery IS NULL OR p.words @@ %(named)s::tsquery)
    AND NOT p.words @@ %(but_not)s::tsquery
    AND NOT (p.haystack ~ ALL(%(patterns)s::text[]) AND (%(among)s::tsquery IS NULL OR p.words @@ %(among)s::tsquery))
    AND (p.sort_key, p.person) > (%(after_key)s, %(after)s::uuid)
ORDER BY p.sort_key, p.person LIMIT %(limit)s

-- described --
SELECT person, ref, surname, given_names, patronymic, birth_date, unzr, died, former, sort_key
FROM people_now() WHERE person = ANY(%(ids)s)

-- known_parts --
SELECT of_addresses,
    CASE WHEN part.name IS NULL OR NOT of_addresses THEN true
        ELSE EXISTS (SELECT FROM people_now() AS p WHERE p.words @@ part.name) END AS of_people
FROM unnest(%(addresses)s::tsquery[], %(names)s::tsquery[]) WITH ORDINALITY AS part (address, name, number),
    -- What many hold is met among a few of them; the index would gather all that hold it.
    LATERAL (SELECT coalesce(
        (SELECT true FROM (
            SELECT words FROM dwellings_now() ORDER BY sort_key COLLATE "C", dwelling LIMIT 100
        ) AS met WHERE met.words @@ part.address LIMIT 1),
        EXISTS (SELECT FROM dwellings_now() AS home WHERE home.words @@ part.address)
    ) AS of_addresses OFFSET 0) AS held  -- asked once, not in each place that names it
ORDER BY part.number

-- count --
SELECT count(*) AS people FROM people_now() WHERE NOT sealed

-- refs_of --
SELECT person, ref FROM people_now() WHERE person = ANY(%(people)s)

-- once_by_refs --
SELECT DISTINCT once.ref FROM people AS once
WHERE once.ref = ANY(%(refs)s)
    AND NOT EXISTS (SELECT FROM people_now() AS now WHERE now.ref = once.ref)

-- by_rnokpps --
SELECT person, rnokpp FROM people_now() WHERE rnokpp = ANY(%(rnokpps)s) AND NOT sealed

-- by_sort_keys --
SELECT person, sort_key, birth_date FROM people_now() WHERE sort_key = ANY(%(keys)s) AND NOT sealed

-- coming_of_age --
SELECT p.person, p.surname, p.given_names, p.patronymic, p.birth_date, home.dwelling, home.address,
    count(*) OVER () AS total
FROM people_now() AS p
JOIN residences_now() AS lives ON lives.person = p.person AND lives.state = 'standing' AND NOT lives.kept
    AND (lives.since IS NULL OR lives.since <= %(first)s) AND (lives.until IS NULL OR lives.until > %(first)s)
JOIN dwellings_now() AS home ON home.dwelling = lives.dwelling AND home.until IS NULL
WHERE p.birth_date > %(born_after)s AND p.birth_date <= %(born_by)s AND length(p.birth_date) = 10 AND NOT p.sealed
ORDER BY p.birth_date, p.sort_key, p.person LIMIT %(limit)s OFFSET %(offset)s

-- versions --
SELECT person, surname, given_names, patronymic, birth_date, unzr, rnokpp, died, died_on, sort_key, known_from, known_until
FROM people
WHERE person = ANY(%(people)s) AND (known_until IS NULL OR known_until > %(since)s)
