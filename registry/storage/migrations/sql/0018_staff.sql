-- Who works with the register. None of it is in the log, nor in the journal that is exported.

CREATE TABLE users (
    id uuid PRIMARY KEY,
    login text NOT NULL UNIQUE COLLATE "C",
    name text NOT NULL,
    role text NOT NULL,
    office text,
    os_account text,
    password text NOT NULL,
    must_change boolean NOT NULL,
    pin text,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    disabled_at timestamptz,
    signed_in_at timestamptz
);
CREATE INDEX ON users (os_account) WHERE disabled_at IS NULL;
CREATE INDEX ON users (login) WHERE role = 'admin' AND disabled_at IS NULL;

CREATE TABLE substitutes (
    id uuid PRIMARY KEY,
    head uuid NOT NULL REFERENCES users,
    substitute uuid NOT NULL REFERENCES users,
    since date NOT NULL,
    until date,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    ended_at timestamptz
);
CREATE INDEX ON substitutes (substitute);

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL,
    sha256 bytea NOT NULL UNIQUE,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    expires_at timestamptz,
    ended_at timestamptz,
    used_at timestamptz
);
CREATE INDEX ON api_keys (lower(name));

CREATE TABLE visits (
    id uuid PRIMARY KEY,
    by_id text NOT NULL,
    by_name text NOT NULL,
    purpose text NOT NULL,
    office text,
    began_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX ON visits (by_id) WHERE ended_at IS NULL;

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    sha256 bytea NOT NULL UNIQUE,
    user_id uuid NOT NULL REFERENCES users,
    began_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    locked_at timestamptz,
    ends_at timestamptz NOT NULL,
    address text,
    agent text,
    visit uuid REFERENCES visits,
    pin_failures integer NOT NULL DEFAULT 0,
    ended_at timestamptz,
    ended_why text
);
CREATE INDEX ON sessions (user_id, seen_at) WHERE ended_at IS NULL;

-- A session that nobody ended, with whose it is. By the clock it may be over.
CREATE VIEW open_sessions AS
SELECT users.*, sessions.id AS session, sha256, began_at, seen_at, locked_at, ends_at, address, agent, visit,
       pin_failures
FROM sessions JOIN users ON users.id = sessions.user_id
WHERE ended_at IS NULL AND disabled_at IS NULL;

-- Browsers in which somebody has signed in before: a flood of wrong passwords from elsewhere does not slow them.
CREATE TABLE devices (
    sha256 bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users,
    made_at timestamptz NOT NULL
);
CREATE INDEX ON devices (user_id, made_at);

-- Who made, disabled, reset, substituted whom, and which keys: for the auditor.
CREATE TABLE staff_events (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    by_id text NOT NULL,
    by_name text NOT NULL,
    what text NOT NULL,
    whom text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX ON staff_events (whom, number);

-- What was done is never edited and never deleted.
CREATE FUNCTION staff_events_are_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was done with users and keys is never edited, never deleted';
END $$;
CREATE TRIGGER staff_events_are_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_events
    FOR EACH STATEMENT EXECUTE FUNCTION staff_events_are_for_ever();
