The addresses of dwellings by the keys by which they are compared. A renumbered or merged dwelling is no more.

-- of_homes --
SELECT found.* FROM unnest(%(street_keys)s::text[], %(home_keys)s::text[]) AS asked (street_key, home_key)
JOIN addresses_now() AS found USING (street_key, home_key)
WHERE found.until IS NULL AND found.successor IS NULL

-- ever_of_homes --
SELECT found.* FROM unnest(%(street_keys)s::text[]) AS asked (street_key)
JOIN addresses_now() AS found USING (street_key)
WHERE found.home_key = %(home_key)s

-- any_flat --
SELECT DISTINCT katottg, settlement, district, street, house, building FROM addresses_now()
WHERE street_key = ANY(%(street_keys)s)
    AND home_key > %(house)s::text || '|' AND home_key < %(house)s::text || '}'
    AND home_key <> %(house)s::text || '||' AND successor IS NULL

-- houses_on --
SELECT katottg, settlement, district, street, house, building, kind, split_part(home_key, '|', 1) AS house_key,
    count(*) AS homes, min(dwelling::text) AS dwelling, bool_or(flat IS NOT NULL OR room IS NOT NULL) AS parted
FROM addresses_at(%(position)s)
WHERE street_key = ANY(%(keys)s) AND place_key = ANY(%(places)s) AND successor IS NULL
    AND (since IS NULL OR since <= %(day)s) AND (until IS NULL OR until > %(day)s)
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
LIMIT %(limit)s

-- of_house --
SELECT * FROM addresses_at(%(position)s)
WHERE street_key = ANY(%(keys)s) AND place_key = ANY(%(places)s)
    AND home_key > %(house)s::text || '|' AND home_key < %(house)s::text || '}' AND successor IS NULL
    AND (since IS NULL OR since <= %(day)s) AND (until IS NULL OR until > %(day)s)
ORDER BY sort_key, dwelling LIMIT %(limit)s

-- on_streets --
SELECT * FROM addresses_at(%(position)s)
WHERE street_key = ANY(%(keys)s) AND successor IS NULL
    AND (since IS NULL OR since <= %(day)s) AND (until IS NULL OR until > %(day)s)
ORDER BY sort_key, dwelling

-- street_keys --
SELECT DISTINCT street_key FROM addresses_at(%(position)s)
WHERE %(after)s::text IS NULL OR street_key > %(after)s
ORDER BY street_key LIMIT %(limit)s
