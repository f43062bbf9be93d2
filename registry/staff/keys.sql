Keys of programs. Of a key only its SHA-256 is kept, and it is found by that.

-- insert --
INSERT INTO api_keys (id, name, role, sha256, made_at, made_by, expires_at)
VALUES (%(id)s, %(name)s, %(role)s, %(sha256)s, %(now)s, %(by)s, %(expires_at)s) RETURNING *

-- login_named --
SELECT 1 FROM users WHERE login = lower(%(name)s)

-- of_sha256 --
SELECT * FROM api_keys
WHERE sha256 = %(sha256)s AND ended_at IS NULL AND (expires_at IS NULL OR %(now)s < expires_at)

-- used --
UPDATE api_keys SET used_at = %(now)s WHERE id = %(id)s AND (used_at IS NULL OR used_at < %(now)s)

-- of_id --
SELECT * FROM api_keys WHERE id = %(id)s

-- end --
UPDATE api_keys SET ended_at = %(now)s WHERE id = %(id)s RETURNING *

-- listed --
SELECT * FROM api_keys ORDER BY made_at DESC, id
