What is asked again of the whole register, as it stood at a position: of the log, which never changes, or of what the
projections say of then.

-- everybody --
SELECT DISTINCT originator_id AS person FROM facts WHERE topic = ANY(%(of_people)s) AND notification_id <= %(position)s
UNION
SELECT (newcomer #>> '{}')::uuid FROM facts,
    jsonb_path_query(convert_from(state, 'UTF8')::jsonb, '$.body.parts[*].concerned[*].person') AS newcomer
WHERE topic = ANY(%(of_visits)s) AND notification_id <= %(position)s

-- living --
SELECT DISTINCT person FROM residences_at(%(position)s)
WHERE state = 'standing' AND (since IS NULL OR since <= %(on)s) AND (until IS NULL OR until > %(on)s)
