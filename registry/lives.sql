Lives that are plain by their facts, from the typed heads alone: who they are (`lives`), and what is asked of them.

-- lives --
WITH said AS (
    SELECT originator_id AS person, originator_version AS version, notification_id AS position, recorded_at, begins, ends, born,
        ref,
        CASE topic WHEN 'residence-registered' THEN 1 WHEN 'person-entered' THEN 2 WHEN 'past-residence-entered' THEN 3
            WHEN 'residence-declared' THEN 1 WHEN 'stay-registered' THEN 1 WHEN 'residence-carried-over' THEN 4
            WHEN 'residence-deregistered' THEN 5 WHEN 'deceased' THEN 6
            WHEN 'particulars-updated' THEN CASE WHEN born IS NULL THEN 0 END
            WHEN 'particulars-corrected' THEN CASE WHEN born IS NULL THEN 0 END
            WHEN 'occupied-address-noted' THEN CASE WHEN residence IS NULL THEN 0 END
            ELSE CASE WHEN topic = ANY(%(quiet)s) THEN 0 END END AS what
    FROM facts
    WHERE notification_id <= %(position)s AND topic = ANY(%(topics)s)
    OFFSET 0  -- so that each is worked out once
), of_facts AS (
    SELECT person, max(ref) AS ref, max(born) FILTER (WHERE what = 2) AS born,
        bool_and(CASE what WHEN 0 THEN true WHEN 1 THEN begins > '0001-01-01' AND begins < '9999-12-31'
            WHEN 2 THEN version = 1 AND born < '9999-12-31'
            WHEN 3 THEN begins > '0001-01-01' AND begins < '9999-12-31' AND ends < '9999-12-31' WHEN 5 THEN ends < '9999-12-31'
            WHEN 6 THEN begins < '9999-12-31' END IS TRUE)
            AND bool_or(what = 2) AND count(*) FILTER (WHERE what = 6) <= 1 AS plain,
        bool_or(what IN (1, 3, 4)) AS lived,
        min(begins) FILTER (WHERE what = 1) AS first_turn,
        count(*) FILTER (WHERE what = 3) AS pasts, max(ends) FILTER (WHERE what = 3 AND begins < ends) AS last_past,
        max(begins) FILTER (WHERE what = 6) AS died_on, max(position) FILTER (WHERE what = 6) AS died_by,
        max(recorded_at) FILTER (WHERE what = 6) AS died_at,
        max(position) FILTER (WHERE what = 1 AND begins <= %(on)s) AS deciding,
        max(position) FILTER (WHERE what = 1 AND begins > %(on)s) AS later,
        max(position) FILTER (WHERE what = 3 AND begins <= %(on)s AND ends > %(on)s) AS then_past
    FROM said GROUP BY person
), left_ones AS (
    SELECT d.originator_id AS person, d.residence, max(d.ends) AS ends, max(d.notification_id) AS position,
        max(d.recorded_at) AS recorded_at, count(*) = 1 AND bool_and((b.topic <> 'past-residence-entered' AND b.originator_version < d.originator_version) IS TRUE)
            AS plain
    FROM facts AS d
    LEFT JOIN facts AS b ON b.originator_id = d.originator_id AND b.residence = d.residence
        AND b.topic = ANY(%(beginnings)s) AND b.notification_id <= %(position)s
    WHERE d.topic = 'residence-deregistered' AND d.notification_id <= %(position)s
    GROUP BY d.originator_id, d.residence
), crossed AS (
    SELECT person FROM (
        SELECT l.person, f.ends > lead(f.begins) OVER (PARTITION BY l.person ORDER BY f.begins, f.ends) AS crossed
        FROM of_facts AS l JOIN facts AS f ON f.originator_id = l.person AND f.topic = 'past-residence-entered'
            AND f.begins < f.ends AND f.notification_id <= %(position)s
        WHERE l.pasts > 1
    ) AS pasts
    WHERE crossed
), lives AS (
    SELECT person, ref, born, died_on, died_by, died_at, deciding, later, then_past,
        plain AND coalesce(last_past <= first_turn, true) AND person NOT IN (SELECT crossed.person FROM crossed)
            AND person NOT IN (SELECT left_ones.person FROM left_ones WHERE NOT left_ones.plain) AS plain
    FROM of_facts WHERE lived
    OFFSET 0
)

-- on_day --
, later_turns AS (
    SELECT DISTINCT ON (l.person) l.person, f.begins, f.notification_id AS position
    FROM lives AS l JOIN facts AS f ON f.originator_id = l.person AND f.topic = ANY(%(turns)s)
        AND f.notification_id BETWEEN l.deciding + 1 AND l.later
    WHERE l.later > l.deciding
    ORDER BY l.person, f.begins, f.notification_id DESC
), there AS (
    SELECT l.plain, l.person, l.ref, greatest(f.begins, l.born) AS since, f.residence, f.kind, f.dwelling,
        f.notification_id AS made_by, coalesce(own.ends, f.ends) AS own_end, own.position AS left_by, l.died_on, l.died_by,
        later.position AS followed_by, least(own.ends, f.ends, l.died_on, later.begins) AS until
    FROM lives AS l
    LEFT JOIN facts AS f ON f.notification_id = coalesce(l.deciding, l.then_past) AND l.plain
        AND f.topic = ANY(%(beginnings)s)
    LEFT JOIN left_ones AS own ON own.person = l.person AND own.residence = f.residence
    LEFT JOIN later_turns AS later ON later.person = l.person
    OFFSET 0
)
SELECT plain, person::text AS person_id, coalesce(ref, person::text) AS person_ref, residence::text AS residence_id,
    kind, dwelling::text AS dwelling_id, since::text, until::text, made_by, left_by,
    CASE WHEN until = own_end THEN NULL WHEN until = died_on THEN died_by ELSE followed_by END AS ended_by
FROM there
WHERE NOT plain OR residence IS NOT NULL AND since <= %(on)s AND coalesce(until > %(on)s, true)

-- versions --
, acts AS (
    SELECT originator_id AS person, recorded_at, max(notification_id) AS act FROM facts
    WHERE notification_id <= %(position)s AND topic = ANY(%(topics)s)
    GROUP BY originator_id, recorded_at
), twice AS (
    SELECT originator_id AS person FROM facts WHERE topic = ANY(%(beginnings)s) AND residence IN (
        SELECT residence FROM facts WHERE notification_id <= %(position)s AND topic = ANY(%(beginnings)s)
        GROUP BY residence HAVING count(*) > 1
    )
), rebuilt AS (
    SELECT person, born, died_on, died_by, died_at, plain AND person NOT IN (SELECT twice.person FROM twice) AS plain FROM lives
), homes AS (
    SELECT l.person, f.residence, f.kind, f.dwelling, f.topic = 'past-residence-entered' AS past, greatest(f.begins, l.born) AS since,
        f.ends AS past_until, f.notification_id AS made_by, a.act AS made, own.ends AS left_on, own.position AS left_by,
        left_act.act AS left_in, l.died_on, l.died_by, died_act.act AS died_in
    FROM rebuilt AS l
    JOIN facts AS f ON f.originator_id = l.person AND f.notification_id <= %(position)s AND f.topic = ANY(%(beginnings)s)
    JOIN acts AS a ON a.person = l.person AND a.recorded_at = f.recorded_at
    LEFT JOIN left_ones AS own ON own.person = l.person AND own.residence = f.residence
    LEFT JOIN acts AS left_act ON left_act.person = l.person AND left_act.recorded_at = own.recorded_at
    LEFT JOIN acts AS died_act ON died_act.person = l.person AND died_act.recorded_at = l.died_at
    WHERE l.plain
), moments AS (
    SELECT homes.*, made AS act, NULL::bigint AS turn FROM homes
    UNION ALL SELECT homes.*, left_in, NULL FROM homes WHERE left_in IS NOT NULL
    UNION ALL SELECT homes.*, greatest(made, died_in), NULL FROM homes WHERE died_in IS NOT NULL
    -- Of later turns the one that begins first is the smallest; of those of one day, the one that was recorded last.
    UNION ALL SELECT h.*, later.made, (later.since - date '0001-01-01') * 1099511627776 - later.made_by
    FROM homes AS h JOIN homes AS later ON later.person = h.person AND later.made_by > h.made_by AND NOT later.past
    WHERE NOT h.past
), in_order AS (
    SELECT *, min(turn) OVER of_home AS next, lead(act) OVER of_home AS then_act FROM moments
    WINDOW of_home AS (PARTITION BY made_by ORDER BY act)
), ended AS (
    SELECT *, CASE WHEN past THEN past_until WHEN left_in <= act THEN left_on END AS own_end,
        CASE WHEN left_in <= act THEN left_by END AS then_left_by, CASE WHEN died_in <= act THEN died_on END AS then_died_on,
        date '0001-01-01' + ((next + 1099511627775) / 1099511627776)::integer AS next_since,
        (next + 1099511627775) / 1099511627776 * 1099511627776 - next AS next_by
    FROM in_order WHERE act IS DISTINCT FROM then_act
), ran AS (
    SELECT *, least(own_end, then_died_on, next_since) AS ran_until FROM ended
), believed AS (
    SELECT *, coalesce(since < ran_until, true) AS standing, CASE WHEN since >= ran_until THEN own_end ELSE ran_until END AS until,
        CASE WHEN ran_until = own_end OR since >= ran_until THEN NULL WHEN ran_until = then_died_on THEN died_by ELSE next_by END AS ended_by
    FROM ran OFFSET 0
), changed AS (
    SELECT *, row(until, then_left_by, ended_by, standing) IS DISTINCT FROM lag(row(until, then_left_by, ended_by, standing)) OVER of_home
        AS changed
    FROM believed WINDOW of_home AS (PARTITION BY made_by ORDER BY act)
), written AS (
    INSERT INTO {table} (person, residence, part, kind, dwelling, since, until, since_known, until_known, certain_since,
        certain_until, state, kept, past, carried, facts, known_from, known_until)
    SELECT person, residence, 1, kind, dwelling, since, until, 'day', CASE WHEN until IS NULL THEN 'none' ELSE 'day' END,
        since, CASE WHEN standing THEN until ELSE since END, CASE WHEN standing THEN 'standing' ELSE 'superseded' END,
        false, past, false,
        CASE WHEN ended_by IS NULL AND then_left_by IS NULL THEN ARRAY[made_by]
            WHEN ended_by IS NULL THEN ARRAY[made_by, then_left_by]
            WHEN then_left_by IS NULL THEN ARRAY[least(made_by, ended_by), greatest(made_by, ended_by)]
            WHEN ended_by < made_by THEN ARRAY[ended_by, made_by, then_left_by]
            ELSE ARRAY[made_by, least(then_left_by, ended_by), greatest(then_left_by, ended_by)] END,
        act, lead(act) OVER (PARTITION BY made_by ORDER BY act)
    FROM changed WHERE changed
)
SELECT person FROM rebuilt WHERE NOT plain ORDER BY person

-- naming --
SELECT originator_id::text AS dwelling, state FROM facts WHERE notification_id <= %(position)s AND topic = ANY(%(topics)s)
