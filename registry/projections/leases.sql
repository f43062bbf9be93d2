The leases that end on some days, each with its dwelling as it is called now and, of one of a person, who still lives there by it.

-- ending --
SELECT l.until, home.dwelling, home.address, p.person, p.surname, p.given_names, p.patronymic, p.birth_date,
    count(*) OVER () AS total
FROM leases_now() AS l
JOIN dwellings_now() AS was ON was.dwelling = l.dwelling AND was.until IS NULL
JOIN dwellings_now() AS home ON home.dwelling = coalesce(was.successor, was.dwelling) AND home.until IS NULL
LEFT JOIN merged_now() AS m ON m.person = l.lessee
LEFT JOIN people_now() AS p ON p.person = coalesce(m.survivor, l.lessee)
WHERE l.ends >= %(first)s AND l.ends <= %(last)s
    AND (l.lessee IS NULL OR EXISTS (
        SELECT FROM residences_now() AS lives
        WHERE lives.person = p.person AND lives.dwelling = home.dwelling AND lives.state = 'standing'
            AND (lives.until IS NULL OR lives.until > %(first)s)))
ORDER BY l.ends, l.dwelling, l.lease LIMIT %(limit)s OFFSET %(offset)s
