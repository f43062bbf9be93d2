The houses of the community's list, as known at a position.

-- of_streets --
SELECT * FROM houses_at(%(position)s)
WHERE street = ANY(%(streets)s) ORDER BY street, sort_key, house_key

-- page --
SELECT * FROM houses_at(%(position)s)
WHERE street = %(street)s AND (sort_key, house_key) > (%(after_key)s, %(after)s)
    AND (%(beginning)s::text IS NULL OR house_key LIKE %(beginning)s)
ORDER BY sort_key, house_key LIMIT %(limit)s

-- one --
SELECT sort_key, house_key FROM houses_at(%(position)s)
WHERE street = %(street)s AND house_key = %(house)s

-- counts --
SELECT street, count(*) AS houses FROM houses_at(%(position)s)
WHERE street = ANY(%(streets)s) GROUP BY street
