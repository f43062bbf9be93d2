-- The list of territories, an entry a row as known from a position on; and whose kept addresses rest on which entry.

CREATE TABLE territories (
    entry uuid NOT NULL,
    name text NOT NULL,
    plain text NOT NULL,
    code text NOT NULL COLLATE "C",
    covers text NOT NULL COLLATE "C",
    kind text NOT NULL,
    since date NOT NULL,
    until date,
    order_number text,
    order_dated date,
    source text NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (entry, known_from)
);
CREATE INDEX ON territories (covers, since, entry);
CREATE INDEX ON territories (plain);

CREATE TABLE kept_addresses (
    person uuid NOT NULL,
    place uuid NOT NULL,
    territory uuid NOT NULL,
    residence uuid,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (person, place, known_from)
);
CREATE INDEX ON kept_addresses (territory);

CALL make_known('territories');
CALL make_known('kept_addresses');

-- Nothing of either was recorded by the releases before: their empty tables are as this code makes them.
INSERT INTO projections
SELECT name, 1 FROM unnest(ARRAY['territories', 'kept_addresses']) AS name
WHERE EXISTS (SELECT FROM facts);
