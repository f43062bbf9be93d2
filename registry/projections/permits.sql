The residence permits that end on some days, of people who live here, each with where.

-- ending --
SELECT held.until, held.kind, p.person, p.surname, p.given_names, p.patronymic, p.birth_date,
    home.dwelling, home.address, count(*) OVER () AS total
FROM permits_now() AS held
JOIN people_now() AS p ON p.person = held.person
JOIN residences_now() AS lives ON lives.person = held.person AND lives.state = 'standing' AND NOT lives.kept
    AND (lives.since IS NULL OR lives.since <= %(first)s) AND (lives.until IS NULL OR lives.until > %(first)s)
JOIN dwellings_now() AS home ON home.dwelling = lives.dwelling AND home.until IS NULL
WHERE held.ends >= %(first)s AND held.ends <= %(last)s
ORDER BY held.ends, held.person, held.permit LIMIT %(limit)s OFFSET %(offset)s
