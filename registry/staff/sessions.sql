Sessions of people who signed in. The view `open_sessions` has those that were not ended, each with its user.

-- signed_in --
UPDATE users SET signed_in_at = %(now)s WHERE id = %(user)s AND disabled_at IS NULL RETURNING *

-- insert --
INSERT INTO sessions (id, sha256, user_id, began_at, seen_at, ends_at, address, agent)
VALUES (%(id)s, %(sha256)s, %(user)s, %(now)s, %(now)s, %(ends_at)s, %(address)s, %(agent)s)

-- of_cookie --
SELECT * FROM open_sessions WHERE sha256 = %(sha256)s

-- open_ones --
SELECT * FROM open_sessions
WHERE %(now)s < ends_at AND %(idle_since)s < seen_at AND (%(user)s::uuid IS NULL OR id = %(user)s)
ORDER BY seen_at DESC

-- seen --
UPDATE sessions SET seen_at = greatest(seen_at, %(now)s) WHERE id = %(session)s AND locked_at IS NULL

-- lock --
UPDATE sessions SET locked_at = %(now)s WHERE id = %(session)s AND locked_at IS NULL

-- try_pin --
UPDATE sessions SET pin_failures = pin_failures + 1
WHERE id = %(session)s AND ended_at IS NULL AND pin_failures < %(tries)s
RETURNING pin_failures

-- unlock --
UPDATE sessions SET locked_at = NULL, pin_failures = 0, seen_at = greatest(seen_at, %(now)s)
WHERE id = %(session)s AND ended_at IS NULL

-- in_visit --
UPDATE sessions SET visit = %(visit)s WHERE id = %(session)s

-- end --
WITH over AS (
    UPDATE sessions SET ended_at = %(now)s, ended_why = %(why)s WHERE id = %(session)s AND ended_at IS NULL
    RETURNING visit
), left_off AS (
    UPDATE visits SET ended_at = greatest(began_at, %(now)s) FROM over WHERE id = over.visit AND visits.ended_at IS NULL
)
SELECT visit FROM over

-- end_all --
WITH over AS (
    UPDATE sessions SET ended_at = %(now)s, ended_why = %(why)s
    WHERE user_id = %(user)s AND ended_at IS NULL AND id IS DISTINCT FROM %(but)s
    RETURNING visit
), left_off AS (
    UPDATE visits SET ended_at = greatest(began_at, %(now)s) FROM over WHERE id = over.visit AND visits.ended_at IS NULL
)
SELECT visit FROM over
