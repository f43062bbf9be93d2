Who stands in for a head, on the days from `since` until `until`, which is no more one of them.

-- insert --
INSERT INTO substitutes (id, head, substitute, since, until, made_at, made_by)
VALUES (%(id)s, %(head)s, %(substitute)s, %(since)s, %(until)s, %(now)s, %(by)s)

-- standing_in --
SELECT DISTINCT substitute FROM substitutes
WHERE substitute = ANY(%(users)s::uuid[]) AND ended_at IS NULL
  AND since <= %(day)s AND (until IS NULL OR %(day)s < until)

-- listed --
SELECT one.*, head.login AS head_login, head.name AS head_name, other.login AS other_login, other.name AS other_name
FROM substitutes one JOIN users head ON head.id = one.head JOIN users other ON other.id = one.substitute
WHERE %(head)s::text IS NULL OR head.login = %(head)s
ORDER BY one.since DESC, one.made_at DESC

-- of_id --
SELECT one.ended_at, one.since, head.login AS head_login, other.login AS other_login
FROM substitutes one JOIN users head ON head.id = one.head JOIN users other ON other.id = one.substitute
WHERE one.id = %(id)s

-- end --
UPDATE substitutes SET ended_at = %(now)s WHERE id = %(id)s
