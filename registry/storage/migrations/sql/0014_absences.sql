-- Who is away for a reason that an owner's removal has to reckon with; dates as written, and the widest days of each.

CREATE TABLE absences (
    person uuid NOT NULL,
    mark uuid NOT NULL,
    ground text NOT NULL,
    begins date NOT NULL,
    ends date,
    since text NOT NULL,
    until text,
    paper text NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (person, mark, known_from)
);

CALL make_known('absences');

-- Nothing of them was recorded by the releases before: their empty table is as this code makes it.
INSERT INTO projections SELECT 'absences', 1 WHERE EXISTS (SELECT FROM facts);
