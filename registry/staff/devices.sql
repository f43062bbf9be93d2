Browsers in which somebody has signed in before.

-- remember --
INSERT INTO devices (sha256, user_id, made_at) VALUES (%(sha256)s, %(user)s, %(now)s)

-- keep_latest --
DELETE FROM devices WHERE user_id = %(user)s AND sha256 NOT IN (
    SELECT sha256 FROM devices WHERE user_id = %(user)s ORDER BY made_at DESC LIMIT %(most)s
)

-- of_token --
SELECT user_id FROM devices JOIN users ON users.id = user_id WHERE sha256 = %(sha256)s AND disabled_at IS NULL
