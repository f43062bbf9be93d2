-- Who looked, in which visit, and which act an entry ties to it: looked up by, as its bytes say them.

ALTER TABLE access ADD COLUMN by_id text, ADD COLUMN visit uuid, ADD COLUMN command uuid;

-- The older entries know no visits and no acts. Their bytes stay as they are; the trigger is away for this alone.
ALTER TABLE access DISABLE TRIGGER access_is_for_ever;
UPDATE access SET by_id = convert_from(state, 'UTF8')::jsonb -> 'by' ->> 'id';
ALTER TABLE access ENABLE TRIGGER access_is_for_ever;

ALTER TABLE access ALTER COLUMN by_id SET NOT NULL;
CREATE INDEX access_by ON access (by_id, position);
CREATE INDEX access_visit ON access (visit, position) WHERE visit IS NOT NULL;
CREATE INDEX access_command ON access (command) WHERE command IS NOT NULL;
