Extracts: numbers, codes, and what became of them.

-- next_number --
SELECT coalesce(max(number), 0) + 1 AS number FROM extracts_now() WHERE year = %(year)s

-- of_person --
SELECT * FROM extracts_now() WHERE person = %(person)s ORDER BY year DESC, number DESC

-- of_dwelling --
SELECT e.* FROM facts AS f JOIN extracts_now() AS e ON e.extract = f.originator_id
WHERE f.dwelling = %(dwelling)s AND f.topic = 'extract-requested' AND e.person IS NULL
ORDER BY e.year DESC, e.number DESC

-- by_number --
SELECT * FROM extracts_now() WHERE year = %(year)s AND number = %(number)s

-- unfinished --
SELECT e.extract, e.person, f.recorded_at
FROM extracts_now() AS e JOIN facts AS f ON f.notification_id = e.known_from
WHERE NOT e.issued AND NOT e.voided AND f.recorded_at < %(before)s
ORDER BY e.known_from

-- by_code --
SELECT e.extract, e.year, e.number, e.issued, e.sha256, f.recorded_at
FROM extracts_now() AS e JOIN facts AS f ON f.originator_id = e.extract AND f.originator_version = 1
WHERE e.code = %(code)s

-- touched_person_after --
SELECT f.notification_id AS position, f.recorded_at FROM facts AS f WHERE f.notification_id IN (
    SELECT unnest(ARRAY[known_from, known_until]) FROM residences WHERE person = %(person)s
    UNION
    SELECT unnest(ARRAY[known_from, known_until]) FROM people WHERE person = %(person)s
    UNION
    SELECT unnest(ARRAY[d.known_from, d.known_until]) FROM dwellings AS d
    WHERE d.dwelling IN (SELECT dwelling FROM residences WHERE person = %(person)s)
) AND f.notification_id > %(position)s

-- touched_dwelling_after --
SELECT f.notification_id AS position, f.recorded_at FROM facts AS f WHERE f.notification_id IN (
    SELECT unnest(ARRAY[known_from, known_until]) FROM residences WHERE dwelling = %(dwelling)s
    UNION
    SELECT unnest(ARRAY[known_from, known_until]) FROM dwellings WHERE dwelling = %(dwelling)s
    UNION
    SELECT unnest(ARRAY[p.known_from, p.known_until]) FROM people AS p
    WHERE p.person IN (SELECT person FROM residences WHERE dwelling = %(dwelling)s)
) AND f.notification_id > %(position)s

-- ends_of_person_between --
SELECT DISTINCT until FROM residences_now()
WHERE person = %(person)s AND until > %(from)s AND until <= %(today)s

-- ends_in_dwelling_between --
SELECT DISTINCT until FROM residences_now()
WHERE dwelling = %(dwelling)s AND until > %(from)s AND until <= %(today)s

-- speaking_of --
WITH concerned AS (
    SELECT stream, stream AS id FROM unnest(%(streams)s::uuid[]) AS stream
    UNION
    SELECT person, dwelling FROM residences WHERE person = ANY(%(streams)s)
    UNION
    SELECT dwelling, person FROM residences WHERE dwelling = ANY(%(streams)s)
), speaking AS (
    SELECT c.stream, e.extract FROM concerned AS c JOIN extracts_now() AS e ON e.person = c.id
    UNION
    SELECT c.stream, f.originator_id FROM concerned AS c
    JOIN facts AS f ON f.dwelling = c.id AND f.topic = 'extract-requested'
)
SELECT s.stream, e.issued, f.state
FROM speaking AS s
JOIN extracts_now() AS e ON e.extract = s.extract AND NOT e.voided
JOIN facts AS f ON f.originator_id = s.extract AND f.topic IN ('extract-requested', 'extract-continued')
ORDER BY e.year, e.number, s.stream, f.originator_version

-- facts_since --
WITH people AS (
    SELECT DISTINCT person AS id FROM extracts_now() WHERE person IS NOT NULL
), homes AS (
    SELECT DISTINCT f.dwelling AS id
    FROM extracts_now() AS e JOIN facts AS f ON f.originator_id = e.extract AND f.originator_version = 1
    WHERE e.person IS NULL
)
SELECT state FROM facts
WHERE recorded_at >= %(since)s AND topic = ANY(%(names)s) AND originator_id IN (
    SELECT id FROM people
    UNION
    SELECT id FROM homes
    UNION
    SELECT r.dwelling FROM residences AS r JOIN people ON people.id = r.person
    UNION
    SELECT r.person FROM residences AS r JOIN homes ON homes.id = r.dwelling
    UNION
    SELECT person FROM merged
)
ORDER BY notification_id
