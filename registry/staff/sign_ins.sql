The sessions of a user, those that have ended too.

-- latest --
SELECT began_at, address, agent, ended_at, ended_why FROM sessions
WHERE user_id = %(user)s ORDER BY began_at DESC LIMIT %(limit)s
