-- The log of facts, its marks, and the projections of the first release.

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The stock columns of the eventsourcing library, and beside them the typed heads (design 4).
CREATE TABLE facts (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    command uuid NOT NULL,
    kind text,
    since text,
    until text,
    person uuid,
    dwelling uuid,
    residence uuid,
    target bigint,
    kept boolean,
    revives boolean,
    leaf bytea NOT NULL,
    PRIMARY KEY (originator_id, originator_version),
    UNIQUE (notification_id),
    CHECK (notification_id > 0 AND originator_version > 0)
);
CREATE INDEX ON facts (recorded_at, notification_id);
CREATE INDEX ON facts (command);
CREATE INDEX ON facts (dwelling, notification_id) WHERE dwelling IS NOT NULL;

-- A fact is never edited and never deleted.
CREATE FUNCTION facts_are_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a fact is never edited, never deleted';
END $$;
CREATE TRIGGER facts_are_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON facts
    FOR EACH STATEMENT EXECUTE FUNCTION facts_are_for_ever();

-- What is known about the log as a whole and is not a fact: that its recorded times were given (semantics 5).
CREATE TABLE marks (
    mark text PRIMARY KEY,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Bitemporal: a row is one version of one residence, or of a part of it; [since, until) are the law's days,
-- [known_from, known_until) the positions between which the register said so.
CREATE TABLE residences (
    person uuid NOT NULL,
    residence uuid NOT NULL,
    part integer NOT NULL,
    kind text NOT NULL,
    dwelling uuid NOT NULL,
    since date,
    until date,
    since_known text NOT NULL,
    until_known text NOT NULL,
    certain_since date NOT NULL,
    certain_until date,
    state text NOT NULL,
    kept boolean NOT NULL,
    past boolean NOT NULL,
    carried boolean NOT NULL,
    facts bigint[] NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (person, residence, part, known_from)
);
CREATE INDEX ON residences (dwelling, known_from);
-- The last guard of "one residence at a time" (semantics 3).
ALTER TABLE residences ADD CONSTRAINT residences_one_at_a_time
    EXCLUDE USING gist (person WITH =, daterange(since, until) WITH &&)
    WHERE (known_until IS NULL AND state = 'standing' AND NOT kept);

CREATE TABLE people (
    person uuid NOT NULL,
    ref text,
    surname text,
    given_names text,
    patronymic text,
    sex text,
    birth_date text COLLATE "C",
    born_on date,
    citizenship text,
    unzr text,
    rnokpp text,
    died text,
    died_on date,
    former text[] NOT NULL,
    sort_key text COLLATE "C" NOT NULL,
    haystack text NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (person, known_from)
);
CREATE UNIQUE INDEX people_unzr_in_force ON people (unzr) WHERE known_until IS NULL;
CREATE UNIQUE INDEX people_ref_in_force ON people (ref) WHERE known_until IS NULL;
CREATE INDEX ON people (unzr, known_from);
CREATE INDEX ON people (ref, known_from);
CREATE INDEX ON people (rnokpp) WHERE known_until IS NULL;
CREATE INDEX ON people (birth_date) WHERE known_until IS NULL;
CREATE INDEX ON people (sort_key, person) WHERE known_until IS NULL;
CREATE INDEX ON people USING gin (haystack gin_trgm_ops) WHERE known_until IS NULL;

-- One row for each name of a dwelling and each version of what was known of it.
CREATE TABLE dwellings (
    dwelling uuid NOT NULL,
    since date,
    until date,
    address text NOT NULL,
    ref text,
    kind text,
    katottg text,
    successor uuid,
    sort_key text COLLATE "C" NOT NULL,
    haystack text NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint
);
CREATE UNIQUE INDEX ON dwellings (dwelling, since, known_from) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX dwellings_ref_in_force ON dwellings (ref) WHERE known_until IS NULL AND until IS NULL;
CREATE INDEX ON dwellings (ref, known_from);
CREATE INDEX ON dwellings (sort_key, dwelling) WHERE known_until IS NULL;
CREATE INDEX ON dwellings USING gin (haystack gin_trgm_ops) WHERE known_until IS NULL;

CREATE TABLE extracts (
    extract uuid NOT NULL,
    person uuid NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    code text NOT NULL,
    issued boolean NOT NULL,
    sha256 text,
    renderer text,
    voided boolean NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (extract, known_from)
);
CREATE UNIQUE INDEX extracts_number ON extracts (year, number) WHERE known_until IS NULL;
CREATE UNIQUE INDEX extracts_code ON extracts (code) WHERE known_until IS NULL;
CREATE INDEX ON extracts (person) WHERE known_until IS NULL;
CREATE INDEX ON extracts (known_from) WHERE known_until IS NULL AND NOT issued AND NOT voided;
