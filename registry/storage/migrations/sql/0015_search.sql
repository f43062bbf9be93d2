-- By which words, births and numbers people and dwellings are found: lexemes that the program makes, see registry/finding.

ALTER TABLE people ADD COLUMN words tsvector NOT NULL DEFAULT '';
-- Without a pending list: what an act adds is searched at once, and no search pays for the acts of others.
CREATE INDEX people_words ON people USING gin (words) WITH (fastupdate = off) WHERE known_until IS NULL;
CALL make_known('people');

ALTER TABLE dwellings ADD COLUMN words tsvector NOT NULL DEFAULT '';
CREATE INDEX dwellings_words ON dwellings USING gin (words) WITH (fastupdate = off) WHERE known_until IS NULL;
CALL make_known('dwellings');
