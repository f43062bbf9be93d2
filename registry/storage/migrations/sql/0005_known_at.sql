-- What a projection says, as known at a position and now, each asked in one place; and by which code its rows were made.

-- Makes `<projection>_at(as_of)` and `<projection>_now()`, which the planner inlines, so that every index serves them. A
-- migration that changes the columns of a projection calls it again. The rows have a type of their own and the bodies
-- are text: a rebuild puts another table in place of the projection, and whoever asks meanwhile must not notice.
CREATE PROCEDURE make_known(projection text) LANGUAGE plpgsql AS $make$
DECLARE
    kind text := quote_ident(projection || '_row');
BEGIN
    EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', kind);
    EXECUTE format('CREATE TYPE %s AS (%s)', kind, (
        SELECT string_agg(concat_ws(' ', quote_ident(c.attname), format_type(c.atttypid, c.atttypmod),
            CASE WHEN c.attcollation <> t.typcollation THEN 'COLLATE ' || c.attcollation::regcollation END),
            ', ' ORDER BY c.attnum)
        FROM pg_attribute AS c JOIN pg_type AS t ON t.oid = c.atttypid
        WHERE c.attrelid = projection::regclass AND c.attnum > 0 AND NOT c.attisdropped
    ));
    EXECUTE format($said$
        CREATE FUNCTION %I(as_of bigint) RETURNS SETOF %s LANGUAGE sql STABLE PARALLEL SAFE AS
        'SELECT * FROM %I WHERE known_from <= as_of AND (known_until IS NULL OR known_until > as_of)'
    $said$, projection || '_at', kind, projection);
    EXECUTE format($said$
        CREATE FUNCTION %I() RETURNS SETOF %s LANGUAGE sql STABLE PARALLEL SAFE AS
        'SELECT * FROM %I WHERE known_until IS NULL'
    $said$, projection || '_now', kind, projection);
END $make$;

CALL make_known('residences');
CALL make_known('people');
CALL make_known('dwellings');
CALL make_known('extracts');
CALL make_known('applications');

-- The VERSION of the code that made the rows of each projection; none for a projection of which nothing was made yet.
CREATE TABLE projections (
    name text PRIMARY KEY,
    version integer NOT NULL
);
-- The releases before had one code for each.
INSERT INTO projections
SELECT name, 1 FROM unnest(ARRAY['residences', 'people', 'dwellings', 'extracts', 'applications']) AS name
WHERE EXISTS (SELECT FROM facts);
