-- Which dwellings became this one.
CREATE INDEX ON dwellings (successor) WHERE successor IS NOT NULL;
