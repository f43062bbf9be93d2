-- Letters that tell of a decision, by their application and by their code. No release before formed any.

CREATE TABLE letters (
    letter uuid NOT NULL,
    application uuid NOT NULL,
    number text NOT NULL,
    code text NOT NULL,
    parts integer[] NOT NULL,
    issued boolean NOT NULL,
    sha256 text,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (letter, known_from)
);
CREATE UNIQUE INDEX letters_code ON letters (code) WHERE known_until IS NULL;
CREATE INDEX ON letters (application) WHERE known_until IS NULL;
CALL make_known('letters');
-- Nothing of it was made yet, and nothing had to be.
INSERT INTO projections SELECT 'letters', 1 WHERE EXISTS (SELECT FROM facts);
