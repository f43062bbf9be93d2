-- What the day and the month of the head are counted by: decisions, visits, and where residences begin and end.

CREATE INDEX facts_decided ON facts (recorded_at, notification_id)
    WHERE topic IN ('application-granted', 'application-refused', 'application-barred');
CREATE INDEX visits_began ON visits (began_at);
CREATE INDEX residences_begun ON residences (since)
    WHERE known_until IS NULL AND state = 'standing' AND NOT kept AND since_known = 'day';
CREATE INDEX residences_ended ON residences (until)
    WHERE known_until IS NULL AND state = 'standing' AND NOT kept AND until_known = 'day';
