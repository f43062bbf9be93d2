Drafts of applications: answers that nobody has filed yet, each its owner's.

-- lock --
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.drafts.' || %(owner)s::text, 0))

-- forget --
DELETE FROM drafts WHERE ends_at <= %(now)s

-- held --
SELECT * FROM drafts WHERE id = %(id)s

-- many --
SELECT count(*) AS many FROM drafts WHERE user_id = %(owner)s

-- begin --
INSERT INTO drafts (id, user_id, office, page, person, answers, version, begun_at, saved_at, ends_at)
VALUES (%(id)s, %(owner)s, %(office)s, %(page)s, %(person)s, %(answers)s, 1, %(now)s, %(now)s, %(ends_at)s)
ON CONFLICT (id) DO NOTHING
RETURNING *

-- go_on --
UPDATE drafts SET answers = %(answers)s, version = version + 1, saved_at = %(now)s, ends_at = %(ends_at)s
WHERE id = %(id)s AND user_id = %(owner)s
RETURNING *

-- of_owner --
SELECT * FROM drafts WHERE user_id = %(owner)s AND ends_at > %(now)s ORDER BY saved_at DESC, id

-- one --
SELECT * FROM drafts WHERE id = %(id)s AND user_id = %(owner)s AND ends_at > %(now)s

-- of_others --
SELECT users.name AS owner, drafts.page, drafts.office, drafts.saved_at, drafts.ends_at
FROM drafts JOIN users ON users.id = drafts.user_id
WHERE drafts.user_id <> %(owner)s AND drafts.ends_at > %(now)s
ORDER BY drafts.saved_at, drafts.id
LIMIT %(limit)s

-- drop --
DELETE FROM drafts WHERE id = %(id)s AND user_id = %(owner)s
