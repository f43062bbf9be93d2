Extracts: numbers, codes, and what became of them.

-- next_number --
SELECT coalesce(max(number), 0) + 1 AS number FROM extracts WHERE year = %(year)s AND known_until IS NULL

-- of_person --
SELECT * FROM extracts WHERE person = %(person)s AND known_until IS NULL ORDER BY year DESC, number DESC

-- by_number --
SELECT * FROM extracts WHERE year = %(year)s AND number = %(number)s AND known_until IS NULL

-- unfinished --
SELECT e.extract, e.person, f.recorded_at
FROM extracts AS e JOIN facts AS f ON f.notification_id = e.known_from
WHERE e.known_until IS NULL AND NOT e.issued AND NOT e.voided AND f.recorded_at < %(before)s
ORDER BY e.known_from

-- by_code --
SELECT e.year, e.number, e.issued, f.recorded_at
FROM extracts AS e JOIN facts AS f ON f.originator_id = e.extract AND f.originator_version = 1
WHERE e.code = %(code)s AND e.known_until IS NULL
