Whose kept addresses rest on an entry of the list of territories, as known at a position.

-- by_entry --
SELECT person, residence, territory FROM kept_addresses_at(%(position)s)
WHERE territory = ANY(%(entries)s) ORDER BY person, residence
