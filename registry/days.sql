What the head counts: a day's acts, decisions and visits, a month's arrivals and departures. Each reads by an index.

-- acts --
WITH RECURSIVE acts AS (
    -- One fact of each act: its recorded time is its own, so that the next act begins behind it.
    (SELECT notification_id, recorded_at, state FROM facts
     WHERE recorded_at >= %(since)s AND recorded_at < %(until)s
     ORDER BY recorded_at, notification_id LIMIT 1)
    UNION ALL
    SELECT following.* FROM acts, LATERAL (
        SELECT f.notification_id, f.recorded_at, f.state FROM facts AS f
        WHERE f.recorded_at > acts.recorded_at AND f.recorded_at < %(until)s
        ORDER BY f.recorded_at, f.notification_id LIMIT 1
    ) AS following
)
SELECT notification_id AS position FROM acts
WHERE %(by)s::text[] IS NULL OR convert_from(state, 'UTF8')::jsonb -> 'by' ->> 'id' = ANY(%(by)s)
LIMIT %(limit)s

-- of_acts --
SELECT told.state, told.command
FROM unnest(%(positions)s::bigint[]) AS begun
JOIN facts AS first ON first.notification_id = begun
CROSS JOIN LATERAL (
    SELECT f.state, f.command, f.notification_id FROM facts AS f
    WHERE f.notification_id >= begun AND f.notification_id < begun + %(longest)s AND f.command = first.command
) AS told
ORDER BY told.notification_id

-- decisions --
SELECT state FROM facts
WHERE topic IN ('application-granted', 'application-refused', 'application-barred')
    AND recorded_at >= %(since)s AND recorded_at < %(until)s
ORDER BY recorded_at, notification_id

-- receipts --
SELECT state FROM facts
WHERE originator_id = ANY(%(streams)s) AND topic IN ('application-received', 'change-requested', 'change-approved')
ORDER BY notification_id

-- confirmed --
SELECT DISTINCT command, position('"confirmed":[' IN said) > 0 AS confirmed,
    position('"distinct_from":[' IN said) > 0 AS distinct_from
FROM (
    SELECT command, convert_from(state, 'UTF8') AS said FROM facts
    WHERE command = ANY(%(commands)s) AND topic IN ('person-entered', 'particulars-updated', 'particulars-corrected')
) AS found

-- due --
SELECT count(*) FILTER (WHERE due_by = %(on)s) AS today, count(*) FILTER (WHERE due_by < %(on)s) AS overdue
FROM applications_now()
WHERE received IS NOT NULL AND status IN ('received', 'awaiting-approval', 'left-without-movement') AND due_by <= %(on)s

-- visits --
SELECT count(*) AS begun, count(ended_at) AS ended, avg(extract(epoch FROM ended_at - began_at)) AS seconds
FROM visits WHERE began_at >= %(since)s AND began_at < %(until)s

-- visits_of --
SELECT by_name, purpose, office, began_at, ended_at FROM visits
WHERE began_at >= %(since)s AND began_at < %(until)s
ORDER BY began_at, id

-- of_office --
SELECT login FROM users WHERE office = %(office)s

-- arrivals --
SELECT DISTINCT r.since AS day, r.person
FROM residences_now() AS r
JOIN dwellings_now() AS d ON d.dwelling = r.dwelling AND d.until IS NULL
WHERE r.state = 'standing' AND NOT r.kept AND r.since_known = 'day'
    AND r.since >= %(first)s::date AND r.since < %(behind)s::date
    AND CASE WHEN %(community)s <> '' AND coalesce(d.katottg, '') <> ''
        THEN starts_with(d.katottg, %(community)s)
        ELSE coalesce(d.kind, '') NOT IN ('elsewhere', 'abroad') END
    AND NOT EXISTS (
        SELECT FROM residences_now() AS before
        JOIN dwellings_now() AS there ON there.dwelling = before.dwelling AND there.until IS NULL
        WHERE before.person = r.person AND before.state = 'standing' AND NOT before.kept
            AND (before.since IS NULL OR before.since < r.since) AND before.until >= r.since
            AND CASE WHEN %(community)s <> '' AND coalesce(there.katottg, '') <> ''
                THEN starts_with(there.katottg, %(community)s)
                ELSE coalesce(there.kind, '') NOT IN ('elsewhere', 'abroad') END
    )
ORDER BY 1, 2

-- departures --
SELECT r.until AS day, r.person, coalesce(bool_or(p.died_on <= r.until), false) AS died
FROM residences_now() AS r
JOIN dwellings_now() AS d ON d.dwelling = r.dwelling AND d.until IS NULL
LEFT JOIN people_now() AS p ON p.person = r.person
WHERE r.state = 'standing' AND NOT r.kept AND r.until_known = 'day'
    AND r.until >= %(first)s::date AND r.until < %(behind)s::date
    AND CASE WHEN %(community)s <> '' AND coalesce(d.katottg, '') <> ''
        THEN starts_with(d.katottg, %(community)s)
        ELSE coalesce(d.kind, '') NOT IN ('elsewhere', 'abroad') END
    AND NOT EXISTS (
        SELECT FROM residences_now() AS further
        JOIN dwellings_now() AS there ON there.dwelling = further.dwelling AND there.until IS NULL
        WHERE further.person = r.person AND further.state = 'standing' AND NOT further.kept
            AND (further.since IS NULL OR further.since <= r.until)
            AND (further.until IS NULL OR further.until > r.until)
            AND CASE WHEN %(community)s <> '' AND coalesce(there.katottg, '') <> ''
                THEN starts_with(there.katottg, %(community)s)
                ELSE coalesce(there.kind, '') NOT IN ('elsewhere', 'abroad') END
    )
GROUP BY r.until, r.person ORDER BY 1, 2

-- read --
SELECT convert_from(state, 'UTF8')::jsonb -> 'about' ->> 'application' AS application, max(recorded_at) AS at
FROM access
WHERE by_id = %(by)s
    AND position >= (SELECT a.position FROM access AS a WHERE a.recorded_at >= %(since)s ORDER BY a.recorded_at LIMIT 1)
    AND convert_from(state, 'UTF8')::jsonb ->> 'action' = 'looked'
    AND convert_from(state, 'UTF8')::jsonb -> 'about' ->> 'application' = ANY(%(applications)s)
GROUP BY 1
