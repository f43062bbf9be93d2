-- What of an application was recorded later than on its day, or on paper first. No release before recorded any, so the
-- rows stay what they are.

ALTER TABLE applications ADD COLUMN past text[] NOT NULL DEFAULT '{}';
CREATE INDEX applications_past ON applications (known_from) WHERE known_until IS NULL AND past <> '{}';
CALL make_known('applications');
