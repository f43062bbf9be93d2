Whose kept addresses rest on an entry of the list of territories, as known at a position.

-- by_entry --
SELECT person, residence, territory FROM kept_addresses_at(%(position)s)
WHERE territory = ANY(%(entries)s) ORDER BY person, residence

-- ending --
SELECT t.until::text AS until, t.name AS territory, p.person, p.surname, p.given_names, p.patronymic, p.birth_date,
    home.dwelling, home.address, count(*) OVER () AS total
FROM territories_now() AS t
JOIN kept_addresses_now() AS k ON k.territory = t.entry
JOIN people_now() AS p ON p.person = k.person
LEFT JOIN residences_now() AS kept ON kept.person = k.person AND kept.residence = k.residence AND kept.kept
    AND kept.state = 'standing' AND kept.until IS NULL
LEFT JOIN dwellings_now() AS home ON home.dwelling = kept.dwelling AND home.until IS NULL
WHERE t.until >= %(first)s AND t.until <= %(last)s
ORDER BY t.until, t.entry, k.person, k.place LIMIT %(limit)s OFFSET %(offset)s
