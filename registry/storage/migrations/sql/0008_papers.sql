-- What is written on the papers that were shown. No release before recorded any, so there are no rows to make.

-- A row is one version of one paper, as shown for one part of one application; days are as they were written.
CREATE TABLE papers (
    application uuid NOT NULL,
    part integer NOT NULL,
    paper uuid NOT NULL,
    id text NOT NULL,
    kind text,
    number text,
    dated text COLLATE "C",
    issuer text,
    valid_until text COLLATE "C",
    in_force_on text COLLATE "C",
    powers text[],
    whose uuid,
    holder text,
    shown_by text,
    scan text,
    annulled boolean NOT NULL,
    people uuid[] NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (application, part, paper, id, known_from)
);
CREATE INDEX papers_people ON papers USING gin (people);
CREATE INDEX papers_paper ON papers (paper);
CREATE INDEX papers_scan ON papers (scan) WHERE scan IS NOT NULL;
CALL make_known('papers');

INSERT INTO projections SELECT 'papers', 1 WHERE EXISTS (SELECT FROM facts);
