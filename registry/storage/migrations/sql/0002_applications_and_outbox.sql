-- Applications, changes that a second person approves, and what follows from decisions.

-- A row is one version of one application; `received` is a local moment of Kyiv, absent for a change without one.
CREATE TABLE applications (
    application uuid NOT NULL,
    status text NOT NULL,
    code text,
    services text[] NOT NULL,
    channel text,
    office text,
    received text COLLATE "C",
    due_by date,
    persons uuid[] NOT NULL,
    asked_by text,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (application, known_from)
);
CREATE INDEX ON applications (code, received) WHERE known_until IS NULL;
CREATE INDEX ON applications USING gin (persons) WHERE known_until IS NULL;
CREATE INDEX applications_awaiting ON applications (known_from, application)
    WHERE known_until IS NULL AND status = 'awaiting-approval';
CREATE INDEX applications_open ON applications (due_by, application)
    WHERE known_until IS NULL AND received IS NOT NULL AND status IN ('received', 'awaiting-approval');

-- What a fact makes somebody do outside the log, once: written with the fact, marked when it is sent or done.
CREATE TABLE outbox (
    position bigint NOT NULL,
    item text NOT NULL,
    role text NOT NULL CHECK (role IN ('message', 'task')),
    person uuid,
    residence uuid,
    application uuid,
    deadline date NOT NULL,
    text text,
    made_at timestamptz NOT NULL,
    sent_at timestamptz,
    extract uuid,
    UNIQUE NULLS NOT DISTINCT (position, item, person, residence, extract)
);
CREATE INDEX outbox_waiting ON outbox (deadline, position, item, person, residence, extract) WHERE sent_at IS NULL;
CREATE INDEX ON outbox (application) WHERE application IS NOT NULL;

-- An extract about a dwelling is about nobody in particular.
ALTER TABLE extracts ALTER COLUMN person DROP NOT NULL;
