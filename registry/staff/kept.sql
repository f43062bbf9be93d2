Forms that were sent to a locked screen or after the end of a session.

-- sessions --
WITH of_browser AS (SELECT user_id FROM devices WHERE sha256 = ANY(%(devices)s::bytea[])),
found AS (
    SELECT * FROM sessions
    WHERE sha256 = %(sha256)s AND (ended_at IS NULL OR ended_why IN ('pin', 'idle', 'old'))
    UNION
    SELECT sessions.* FROM of_browser JOIN sessions USING (user_id)
    WHERE began_at > %(since)s::timestamptz - interval '2 days'
)
SELECT found.sha256, user_id FROM found JOIN users ON users.id = user_id
WHERE users.disabled_at IS NULL AND (found.ended_at IS NULL OR found.ended_at > %(since)s) AND found.ends_at > %(since)s
    AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s)

-- keep --
INSERT INTO kept_posts (id, user_id, path, content_type, body, kept_at)
VALUES (%(id)s, %(user_id)s, %(path)s, %(content_type)s, %(body)s, %(now)s)

-- thin_out --
DELETE FROM kept_posts WHERE id IN (
    SELECT id FROM kept_posts WHERE user_id = %(user_id)s ORDER BY kept_at DESC, id OFFSET %(each)s
)

-- forget --
DELETE FROM kept_posts WHERE kept_at <= %(since)s

-- of_user --
SELECT id, path, content_type, body, kept_at FROM kept_posts
WHERE user_id = %(user_id)s AND kept_at > %(since)s ORDER BY kept_at DESC, id

-- take --
DELETE FROM kept_posts WHERE id = %(id)s AND user_id = %(user_id)s AND kept_at > %(since)s
RETURNING id, path, content_type, body, kept_at
