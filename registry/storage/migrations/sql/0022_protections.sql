-- Whose address is protected, by which decision; dates as written, and the widest days of each.

CREATE TABLE protections (
    person uuid NOT NULL,
    mark uuid NOT NULL,
    begins date NOT NULL,
    ends date,
    since text NOT NULL,
    until text,
    basis text NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (person, mark, known_from)
);
-- Asked at every request of whoever may not see them, of those that hold today.
CREATE INDEX protections_now_until ON protections (COALESCE(ends, 'infinity')) WHERE known_until IS NULL;

CALL make_known('protections');

-- Nothing of them was recorded by the releases before: their empty table is as this code makes it.
INSERT INTO projections SELECT 'protections', 1 WHERE EXISTS (SELECT FROM facts);
