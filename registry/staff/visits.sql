Visits: one that goes on for each actor, and those that were.

-- alone --
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.visits.' || %(by)s, 0))

-- end_others --
UPDATE visits SET ended_at = greatest(began_at, %(now)s) WHERE by_id = %(by)s AND ended_at IS NULL

-- begin --
INSERT INTO visits (id, by_id, by_name, purpose, office, began_at)
VALUES (%(id)s, %(by)s, %(name)s, %(purpose)s, %(office)s, %(now)s)
RETURNING *

-- end --
UPDATE visits SET ended_at = coalesce(ended_at, greatest(began_at, %(now)s)) WHERE id = %(id)s AND by_id = %(by)s
RETURNING *

-- of --
SELECT * FROM visits WHERE id = %(id)s
