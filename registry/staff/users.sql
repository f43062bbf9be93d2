Users: who may sign in. Passwords and PINs are hashes.

-- insert --
INSERT INTO users (id, login, name, role, office, os_account, password, must_change, made_at, made_by)
VALUES (%(id)s, %(login)s, %(name)s, %(role)s, %(office)s, %(os_account)s, %(password)s, %(must_change)s,
        %(now)s, %(by)s)
RETURNING *

-- key_named --
SELECT 1 FROM api_keys WHERE lower(name) = %(login)s LIMIT 1

-- of_login --
SELECT * FROM users WHERE login = %(login)s

-- of_id --
SELECT * FROM users WHERE id = %(id)s

-- of_account --
SELECT * FROM users WHERE os_account = %(account)s AND disabled_at IS NULL ORDER BY login

-- listed --
SELECT * FROM users ORDER BY login

-- any --
SELECT EXISTS (SELECT 1 FROM users) AS there

-- another_admin --
SELECT 1 FROM users WHERE role = 'admin' AND disabled_at IS NULL AND login <> %(login)s LIMIT 1

-- change --
UPDATE users SET name = %(name)s, role = %(role)s, office = %(office)s, os_account = %(os_account)s
WHERE login = %(login)s RETURNING *

-- disable --
UPDATE users SET disabled_at = %(now)s WHERE login = %(login)s AND disabled_at IS NULL RETURNING *

-- reset --
UPDATE users SET password = %(password)s, must_change = true, pin = NULL, disabled_at = NULL
WHERE login = %(login)s RETURNING *

-- end_sessions --
WITH over AS (
    UPDATE sessions SET ended_at = %(now)s, ended_why = %(why)s WHERE user_id = %(id)s AND ended_at IS NULL
    RETURNING visit
)
UPDATE visits SET ended_at = greatest(began_at, %(now)s) FROM over WHERE id = over.visit AND visits.ended_at IS NULL

-- forget_devices --
DELETE FROM devices WHERE user_id = %(id)s

-- forget_forms --
WITH kept AS (DELETE FROM kept_posts WHERE user_id = %(id)s) DELETE FROM drafts WHERE user_id = %(id)s

-- set_password --
UPDATE users SET password = %(password)s, must_change = false
WHERE id = %(id)s AND password = %(before)s AND disabled_at IS NULL RETURNING *

-- set_pin --
UPDATE users SET pin = %(pin)s WHERE id = %(id)s AND disabled_at IS NULL
