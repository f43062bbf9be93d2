-- One person entered twice: which entry answers for which, and by what one sees that somebody is there already.

CREATE TABLE merged (
    person uuid NOT NULL,
    survivor uuid NOT NULL,
    ref text,
    unzr text,
    keys text[] NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (person, known_from)
);
CREATE INDEX ON merged (survivor, known_from);
CREATE INDEX ON merged (ref, known_from);
CREATE INDEX ON merged (unzr, known_from);
CREATE INDEX ON merged USING gin (keys);

CALL make_known('merged');

-- Nothing was merged by the releases before: the empty table is as this code makes it. `identities` has to be rebuilt.
INSERT INTO projections SELECT 'merged', 1 WHERE EXISTS (SELECT FROM facts);

CREATE TABLE identities (
    person uuid NOT NULL,
    names text[] NOT NULL,
    born_from date,
    born_until date,
    numbers text[] NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (person, known_from)
);
CREATE INDEX ON identities USING gin (names);
CREATE INDEX ON identities USING gin (numbers);

CALL make_known('identities');
