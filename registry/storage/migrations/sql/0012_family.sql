-- Who is whose parent, guardian or adopter; and entries that are sealed, which nobody finds but on a named ground.

CREATE TABLE family (
    person uuid NOT NULL,
    link uuid NOT NULL,
    role text NOT NULL,
    relative uuid,
    relative_name text,
    since date,
    until date,
    since_known text NOT NULL,
    until_known text NOT NULL,
    certain_since date,
    certain_until date,
    state text NOT NULL,
    facts bigint[] NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (person, link, known_from)
);
CREATE INDEX ON family (relative, known_from) WHERE relative IS NOT NULL;
CALL make_known('family');
-- No release before recorded a link: of a register that has facts, there is nothing to make.
INSERT INTO projections SELECT 'family', 1 WHERE EXISTS (SELECT FROM facts);

-- Nor did any seal an entry, so the rows of people stay what they are. A number of who somebody was may be theirs again.
ALTER TABLE people ADD COLUMN sealed boolean NOT NULL DEFAULT false;
DROP INDEX people_unzr_in_force;
CREATE UNIQUE INDEX people_unzr_in_force ON people (unzr) WHERE known_until IS NULL AND NOT sealed;
CREATE INDEX people_sealed ON people (person) WHERE known_until IS NULL AND sealed;
CALL make_known('people');
