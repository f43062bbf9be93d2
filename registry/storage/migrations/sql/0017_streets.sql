-- The community's list of streets and houses, a name and a house a row as known from a position on; and the addresses
-- of dwellings by the keys by which they are compared with it and with each other.

CREATE TABLE streets (
    street uuid NOT NULL,
    since date,
    until date,
    name text NOT NULL,
    street_key text NOT NULL COLLATE "C",
    haystack text NOT NULL COLLATE "C",
    settlement text NOT NULL,
    place_key text NOT NULL COLLATE "C",
    district text,
    katottg text COLLATE "C",
    source text NOT NULL,
    sort_key text NOT NULL COLLATE "C",
    known_from bigint NOT NULL,
    known_until bigint
);
CREATE UNIQUE INDEX ON streets (street, since, known_from) NULLS NOT DISTINCT;
CREATE INDEX ON streets (street_key);
CREATE INDEX ON streets (sort_key, street) WHERE until IS NULL;
CREATE INDEX ON streets (place_key, sort_key, street) WHERE until IS NULL;
CREATE INDEX ON streets USING gin (haystack gin_trgm_ops);

CREATE TABLE houses (
    street uuid NOT NULL,
    house_key text NOT NULL COLLATE "C",
    house text NOT NULL,
    building text,
    flats text,
    source text NOT NULL,
    sort_key text NOT NULL COLLATE "C",
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (street, house_key, known_from)
);
CREATE INDEX ON houses (street, sort_key, house_key);

CREATE TABLE addresses (
    dwelling uuid NOT NULL,
    since date,
    until date,
    katottg text COLLATE "C",
    settlement text,
    district text,
    street text,
    house text,
    building text,
    flat text,
    room text,
    kind text,
    successor uuid,
    place_key text NOT NULL COLLATE "C",
    street_key text NOT NULL COLLATE "C",
    home_key text NOT NULL COLLATE "C",
    sort_key text NOT NULL COLLATE "C",
    known_from bigint NOT NULL,
    known_until bigint
);
CREATE UNIQUE INDEX ON addresses (dwelling, since, known_from) NULLS NOT DISTINCT;
CREATE INDEX ON addresses (street_key, home_key);

CALL make_known('streets');
CALL make_known('houses');
CALL make_known('addresses');

-- The releases before recorded no streets: those tables are as this code makes them. Of dwellings they recorded many:
-- their addresses are made by `hromada upgrade`.
INSERT INTO projections
SELECT name, 1 FROM unnest(ARRAY['streets', 'houses']) AS name
WHERE EXISTS (SELECT FROM facts);
