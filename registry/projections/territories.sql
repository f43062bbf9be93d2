The list of territories, as known at a position: entries that may be meant, and the list itself page by page.

-- sought --
SELECT entry, name, code, kind, since, until FROM territories_at(%(position)s)
WHERE entry = ANY(%(entries)s) OR covers = ANY(%(around)s) OR plain = ANY(%(names)s)

-- listed --
SELECT * FROM territories_at(%(position)s)
WHERE (%(on)s::date IS NULL OR since <= %(on)s AND (until IS NULL OR until > %(on)s))
    AND (%(around)s::text[] IS NULL OR covers = ANY(%(around)s))
    AND (%(plain)s::text IS NULL OR position(%(plain)s IN plain) > 0)
    AND (%(after)s::uuid IS NULL OR (covers, since, entry) > (
        SELECT last.covers, last.since, last.entry FROM territories_at(%(position)s) AS last WHERE last.entry = %(after)s
    ))
ORDER BY covers, since, entry LIMIT %(limit)s

-- from_list --
SELECT entry, name, code, kind, since, until FROM territories_now() WHERE source = 'list'
