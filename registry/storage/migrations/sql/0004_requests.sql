-- What each command asked for, as SHA-256: whether a repeated one asks for the same. It is no fact and in no journal.
CREATE TABLE requests (
    command uuid PRIMARY KEY,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32)
);
