Forms that were sent to a locked screen or after the end of a session.

-- keep --
INSERT INTO kept_posts (id, user_id, path, content_type, body, kept_at)
SELECT %(id)s, sessions.user_id, %(path)s, %(content_type)s, %(body)s, %(now)s
FROM sessions JOIN users ON users.id = sessions.user_id
WHERE sessions.sha256 = %(sha256)s AND users.disabled_at IS NULL
    AND (sessions.ended_at IS NULL OR (sessions.ended_why IN ('pin', 'idle', 'old') AND sessions.ended_at > %(since)s))
    AND sessions.ends_at > %(since)s
RETURNING user_id

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
