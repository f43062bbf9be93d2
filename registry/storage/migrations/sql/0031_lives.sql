-- What set-based replay needs of a fact and has no head yet: the days of its dates, where each is one day; under which
-- ref somebody or a dwelling is entered; and the first possible day of birth, before which nothing begins.

ALTER TABLE facts ADD COLUMN ref text, ADD COLUMN born date;

-- The day that a date as written names; none of a month, a year, 30 February, or what is no date.
CREATE FUNCTION exact_day(written text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE
    WHEN written ~ '^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$' AND substr(written, 9) <= CASE
        WHEN substr(written, 6, 2) IN ('04', '06', '09', '11') THEN '30'
        WHEN substr(written, 6, 2) <> '02' THEN '31'
        WHEN left(written, 4)::integer % 4 = 0 AND (substr(written, 3, 2) <> '00' OR left(written, 4)::integer % 400 = 0) THEN '29'
        ELSE '28' END
    THEN make_date(left(written, 4)::integer, substr(written, 6, 2)::integer, substr(written, 9)::integer) END;

-- The bytes of the older facts stay as they are, and the heads say what is in them; the trigger is away for this alone.
ALTER TABLE facts DISABLE TRIGGER facts_are_for_ever;
UPDATE facts SET ref = said.body ->> 'ref', born = CASE WHEN topic = 'person-entered' THEN said.born END
FROM (
    SELECT notification_id, body, coalesce(
        exact_day(body -> 'particulars' ->> 'birth_date'),
        exact_day(rpad(left(body -> 'particulars' ->> 'birth_date', 7), 10, '-01-01')), '0001-01-01') AS born
    FROM facts, LATERAL (SELECT convert_from(state, 'UTF8')::json -> 'body' AS body OFFSET 0) AS read
    WHERE topic IN ('person-entered', 'dwelling-entered')
) AS said
WHERE facts.notification_id = said.notification_id;
UPDATE facts SET born = said.born
FROM (
    SELECT DISTINCT ON (notification_id) notification_id, coalesce(exact_day(change ->> 'now'),
        exact_day(rpad(left(change ->> 'now', 7), 10, '-01-01')), '0001-01-01') AS born
    FROM facts, json_array_elements(convert_from(state, 'UTF8')::json -> 'body' -> 'changes') WITH ORDINALITY AS c (change, nth)
    WHERE topic IN ('particulars-updated', 'particulars-corrected') AND change ->> 'field' = 'birth_date'
    ORDER BY notification_id, nth DESC
) AS said
WHERE facts.notification_id = said.notification_id;
ALTER TABLE facts ENABLE TRIGGER facts_are_for_ever;

ALTER TABLE facts
    ADD COLUMN begins date GENERATED ALWAYS AS (exact_day(since)) STORED,
    ADD COLUMN ends date GENERATED ALWAYS AS (exact_day(until)) STORED;
