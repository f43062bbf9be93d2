-- The access journal (semantics 10): who looked, searched, asked, printed, exported.

-- The bytes of an entry and its leaf; beside them what is looked up by. `bulk`: a stored query stands for the people.
CREATE TABLE access (
    position bigint PRIMARY KEY CHECK (position > 0),
    recorded_at timestamptz NOT NULL,
    persons uuid[] NOT NULL,
    bulk boolean NOT NULL,
    state bytea NOT NULL,
    leaf bytea NOT NULL
);
CREATE UNIQUE INDEX ON access (recorded_at);
CREATE INDEX ON access (position) WHERE bulk;
CREATE INDEX access_persons ON access USING gin (persons);

-- An entry is never edited and never deleted.
CREATE FUNCTION access_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry of the access journal is never edited, never deleted';
END $$;
CREATE TRIGGER access_is_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON access
    FOR EACH STATEMENT EXECUTE FUNCTION access_is_for_ever();
