-- Who lives in the dwellings that an address means, read from this index alone: a street that half the register lives in
-- is asked as well.

CREATE INDEX residences_living ON residences (dwelling, person, until) WHERE known_until IS NULL AND state = 'standing';
