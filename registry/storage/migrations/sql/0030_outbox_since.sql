-- Since when the outbox has all that facts make: a register of a release before was kept by fewer rules, and what an act
-- made somebody do is made once. One row, or none in a register that was never otherwise.
CREATE TABLE outbox_since (
    position bigint NOT NULL,
    one boolean PRIMARY KEY DEFAULT true CHECK (one)
);
INSERT INTO outbox_since (position) SELECT max(notification_id) FROM facts HAVING max(notification_id) IS NOT NULL;
