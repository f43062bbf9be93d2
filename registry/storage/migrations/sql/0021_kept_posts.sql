-- Forms that were sent to a locked screen or after the end of a session: each its owner's, for a day.

CREATE TABLE kept_posts (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users,
    path text NOT NULL,
    content_type text NOT NULL,
    body bytea NOT NULL,
    kept_at timestamptz NOT NULL
);
CREATE INDEX ON kept_posts (user_id, kept_at);
CREATE INDEX ON kept_posts (kept_at);

-- The last sign-ins of a user.
CREATE INDEX ON sessions (user_id, began_at);
