Questions about residences. Every one takes a position: what the register said when that was its last fact.

-- of_people_on --
SELECT r.*, d.address, d.ref AS dwelling_ref
FROM residences_at(%(position)s) AS r
LEFT JOIN dwellings_at(%(position)s) AS d ON d.dwelling = r.dwelling
    AND (d.since IS NULL OR d.since <= %(on)s) AND (d.until IS NULL OR d.until > %(on)s)
WHERE r.person = ANY(%(people)s) AND r.state = 'standing'
    AND (r.since IS NULL OR r.since <= %(on)s) AND (r.until IS NULL OR r.until > %(on)s)
ORDER BY r.since DESC NULLS LAST, r.known_from DESC, r.residence

-- of_person_over --
SELECT r.*, d.address, d.ref AS dwelling_ref
FROM residences_at(%(position)s) AS r
LEFT JOIN dwellings_at(%(position)s) AS d ON d.dwelling = r.dwelling
    AND (d.since IS NULL OR d.since <= least(%(today)s::date, coalesce(least(r.until, %(until)s::date), %(today)s::date + 1) - 1))
    AND (d.until IS NULL OR d.until > least(%(today)s::date, coalesce(least(r.until, %(until)s::date), %(today)s::date + 1) - 1))
WHERE r.person = %(person)s AND r.state = 'standing'
    AND (r.since IS NULL OR %(until)s::date IS NULL OR r.since < %(until)s)
    AND (r.until IS NULL OR %(from)s::date IS NULL OR r.until > %(from)s)
ORDER BY r.since DESC NULLS LAST, r.known_from DESC, r.residence

-- all_of_person --
SELECT r.*, d.address, d.ref AS dwelling_ref, d.katottg, d.kind AS dwelling_kind
FROM residences_at(%(position)s) AS r
LEFT JOIN dwellings_at(%(position)s) AS d ON d.dwelling = r.dwelling AND d.until IS NULL
WHERE r.person = %(person)s
ORDER BY r.since DESC NULLS LAST, r.known_from DESC, r.residence

-- of_dwelling_over --
SELECT r.*, coalesce(p.ref, r.person::text) AS person_ref, p.surname, p.given_names, p.patronymic, p.birth_date
FROM residences_at(%(position)s) AS r
LEFT JOIN people_at(%(position)s) AS p ON p.person = r.person
WHERE r.dwelling = %(dwelling)s AND r.state = 'standing'
    AND (r.since IS NULL OR %(until)s::date IS NULL OR r.since < %(until)s)
    AND (r.until IS NULL OR %(from)s::date IS NULL OR r.until > %(from)s)
ORDER BY coalesce(p.ref, r.person::text) COLLATE "C", r.since

-- living_count --
SELECT count(*) FILTER (WHERE NOT r.kept) AS counted, count(*) AS people
FROM residences_at(%(position)s) AS r
WHERE r.dwelling = %(dwelling)s AND r.state = 'standing'
    AND (r.since IS NULL OR r.since <= %(on)s) AND (r.until IS NULL OR r.until > %(on)s)

-- living_page --
WITH there AS MATERIALIZED (
    SELECT r.person, r.residence, r.part FROM residences_at(%(position)s) AS r
    WHERE r.dwelling = %(dwelling)s AND r.state = 'standing'
        AND (r.since IS NULL OR r.since <= %(on)s) AND (r.until IS NULL OR r.until > %(on)s)
    ORDER BY r.kept, r.since NULLS FIRST, r.person, r.residence
    LIMIT %(limit)s OFFSET %(skipped)s
)
SELECT r.*, coalesce(p.ref, r.person::text) AS person_ref, p.surname, p.given_names, p.patronymic, p.birth_date
FROM there
JOIN residences_at(%(position)s) AS r
    ON r.person = there.person AND r.residence = there.residence AND r.part = there.part
LEFT JOIN people_at(%(position)s) AS p ON p.person = r.person
ORDER BY r.kept, r.since NULLS FIRST, r.person, r.residence

-- living_births --
SELECT r.person, p.birth_date
FROM residences_at(%(position)s) AS r
LEFT JOIN people_at(%(position)s) AS p ON p.person = r.person
WHERE r.dwelling = %(dwelling)s AND r.state = 'standing' AND NOT r.kept
    AND (r.since IS NULL OR r.since <= %(on)s) AND (r.until IS NULL OR r.until > %(on)s)

-- ever_lived --
SELECT count(*) AS rows FROM (
    SELECT FROM residences_at(%(position)s) AS r
    WHERE r.dwelling = %(dwelling)s AND r.state IN ('standing', 'annulled') LIMIT %(limit)s
) AS bounded

-- composition_of_now --
WITH there AS MATERIALIZED (
    SELECT r.person, r.since, count(*) OVER () AS people FROM residences_at(%(position)s) AS r
    WHERE r.dwelling = %(dwelling)s AND r.state = 'standing' AND NOT r.kept
        AND (r.since IS NULL OR r.since <= %(on)s) AND (r.until IS NULL OR r.until > %(on)s)
    ORDER BY r.since NULLS FIRST, r.person
    LIMIT %(limit)s OFFSET %(skipped)s
)
SELECT r.*, there.people, true AS now, p.surname, p.given_names, p.patronymic, p.birth_date, p.died
FROM there
JOIN residences_at(%(position)s) AS r ON r.person = there.person AND r.dwelling = %(dwelling)s
    AND r.state IN ('standing', 'annulled')
LEFT JOIN people_at(%(position)s) AS p ON p.person = there.person
ORDER BY there.since NULLS FIRST, r.person, r.since NULLS FIRST, r.residence, r.part

-- composition --
WITH there AS MATERIALIZED (
    SELECT r.person, count(*) OVER () AS people, min(r.since) AS since, max(coalesce(r.until, 'infinity')) AS until,
        bool_or(r.state = 'standing' AND (r.since IS NULL OR r.since <= %(on)s) AND (r.until IS NULL OR r.until > %(on)s)) AS now
    FROM residences_at(%(position)s) AS r
    WHERE r.dwelling = %(dwelling)s AND r.state IN ('standing', 'annulled')
    GROUP BY r.person
    ORDER BY now DESC, until DESC, since NULLS FIRST, r.person
    LIMIT %(limit)s OFFSET %(skipped)s
)
SELECT r.*, there.people, there.now, p.surname, p.given_names, p.patronymic, p.birth_date, p.died
FROM there
JOIN residences_at(%(position)s) AS r ON r.person = there.person AND r.dwelling = %(dwelling)s
    AND r.state IN ('standing', 'annulled')
LEFT JOIN people_at(%(position)s) AS p ON p.person = there.person
ORDER BY there.now DESC, there.until DESC, there.since NULLS FIRST, r.person, r.since NULLS FIRST, r.residence, r.part

-- beside --
SELECT there.person, there.people, p.surname, p.given_names, p.patronymic, p.birth_date
FROM (
    SELECT r.person, min(r.since) AS since, count(*) OVER () AS people
    FROM residences_at(%(position)s) AS r
    WHERE r.dwelling = %(dwelling)s AND r.state = 'standing' AND r.person <> %(besides)s AND NOT r.kept
        AND (r.since IS NULL OR r.since <= %(on)s) AND (r.until IS NULL OR r.until > %(on)s)
    GROUP BY r.person
    ORDER BY since NULLS FIRST, r.person
    LIMIT %(limit)s
) AS there
LEFT JOIN people_at(%(position)s) AS p ON p.person = there.person
ORDER BY there.since NULLS FIRST, there.person

-- current_in_dwelling --
SELECT person FROM residences_now()
WHERE dwelling = %(dwelling)s AND state = 'standing' AND until IS NULL
ORDER BY person

-- residents_of_dwelling --
SELECT person FROM residences_at(%(position)s)
WHERE dwelling = %(dwelling)s AND state = 'standing' AND until IS NULL
ORDER BY person

-- residents_among --
SELECT person FROM residences_at(%(position)s)
WHERE person = ANY(%(people)s) AND dwelling = %(dwelling)s AND state = 'standing' AND until IS NULL

-- moved --
SELECT r.person, coalesce(p.ref, r.person::text) AS person_ref, p.surname, p.given_names, p.patronymic,
    count(DISTINCT r.residence) AS residences
FROM residences_at(%(position)s) AS r
JOIN people_at(%(position)s) AS p ON p.person = r.person
JOIN dwellings_at(%(position)s) AS d ON d.dwelling = r.dwelling AND d.until IS NULL
WHERE r.state = 'standing' AND NOT r.carried
    AND (r.since IS NULL OR r.since <= %(on)s)
    AND (p.died_on IS NULL OR p.died_on > %(on)s)
    AND (p.born_on IS NULL OR p.born_on <= %(born_by)s)
    AND CASE WHEN %(community)s <> '' AND coalesce(d.katottg, '') <> ''
        THEN starts_with(d.katottg, %(community)s)
        ELSE coalesce(d.kind, '') NOT IN ('elsewhere', 'abroad') END
GROUP BY r.person, coalesce(p.ref, r.person::text), p.surname, p.given_names, p.patronymic
HAVING count(DISTINCT r.residence) >= %(least)s
ORDER BY coalesce(p.ref, r.person::text) COLLATE "C"
LIMIT %(first)s

-- for_extract --
SELECT r.*, coalesce(d.address, last.address) AS address, last.address AS address_now, last.katottg,
    last.kind AS dwelling_kind
FROM residences_at(%(position)s) AS r
LEFT JOIN dwellings_at(%(position)s) AS last ON last.dwelling = r.dwelling AND last.until IS NULL
LEFT JOIN dwellings_at(%(position)s) AS d ON d.dwelling = r.dwelling
    AND (d.since IS NULL OR d.since <= least(%(on)s::date, coalesce(r.until, %(on)s::date + 1) - 1))
    AND (d.until IS NULL OR d.until > least(%(on)s::date, coalesce(r.until, %(on)s::date + 1) - 1))
WHERE r.person = %(person)s
ORDER BY r.since DESC NULLS LAST, r.known_from DESC, r.residence

-- registered_in_dwelling --
SELECT r.*, p.surname, p.given_names, p.patronymic, p.birth_date
FROM residences_at(%(position)s) AS r
JOIN people_at(%(position)s) AS p ON p.person = r.person
WHERE r.dwelling = %(dwelling)s AND r.state = 'standing'
    AND (r.since IS NULL OR r.since <= %(on)s) AND (r.until IS NULL OR r.until > %(on)s)
ORDER BY p.sort_key, r.person

-- versions --
SELECT * FROM residences WHERE person = ANY(%(people)s) AND (known_until IS NULL OR known_until > %(since)s)
UNION
SELECT * FROM residences WHERE dwelling = ANY(%(dwellings)s) AND (known_until IS NULL OR known_until > %(since)s)
