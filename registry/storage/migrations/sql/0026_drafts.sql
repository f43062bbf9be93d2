-- Answers of a guided page that nobody has filed yet: each its owner's, until its term is over. Never in the log.

CREATE TABLE drafts (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users,
    office text,
    page text NOT NULL,
    person uuid,
    answers json NOT NULL,
    version integer NOT NULL,
    begun_at timestamptz NOT NULL,
    saved_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX ON drafts (user_id, saved_at);
CREATE INDEX ON drafts (saved_at);
CREATE INDEX ON drafts (ends_at);
