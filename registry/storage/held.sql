What processes are at: session locks, shared, for several may be at the same; whoever asks takes one of its own for the
length of a transaction.

-- hold --
SELECT pg_advisory_lock_shared(hashtextextended(current_schema() || '.held.' || %(id)s, 0))

-- leave --
SELECT pg_advisory_unlock_shared(hashtextextended(current_schema() || '.held.' || %(id)s, 0))

-- is_free --
SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.held.' || %(id)s, 0)) AS free
