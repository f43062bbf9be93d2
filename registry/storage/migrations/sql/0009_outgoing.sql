-- What of the outbox was sent, done or failed: its rows get the id of their stream of facts, and their state.

ALTER TABLE outbox
    ADD COLUMN id uuid,
    ADD COLUMN state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'done', 'failed'));
-- What came with an imported journal or the seeded demo.
UPDATE outbox SET state = 'sent' WHERE sent_at IS NOT NULL;
-- An address to keep that the same act recorded was done as it was made, and waited for nobody.
UPDATE outbox AS o SET state = 'done', sent_at = coalesce(o.sent_at, o.made_at)
FROM facts AS f JOIN facts AS noted ON noted.command = f.command AND noted.topic = 'occupied-address-noted'
WHERE o.item = 'record_occupied_address' AND f.notification_id = o.position AND noted.originator_id = o.person;
ALTER TABLE outbox ALTER COLUMN state DROP DEFAULT;

DROP INDEX outbox_waiting;
CREATE INDEX outbox_open ON outbox (position, id) WHERE state IN ('waiting', 'failed');
CREATE INDEX outbox_nearest ON outbox (deadline, position, item, id) WHERE state IN ('waiting', 'failed');
CREATE INDEX outbox_of_state ON outbox (state, position, id);
CREATE INDEX outbox_of_role ON outbox (state, role, position, id);
CREATE INDEX outbox_of_item ON outbox (state, item, position, id);
