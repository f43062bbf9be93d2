-- What ends, by its day: leases and residence permits that have an end. The releases before recorded both, so that these
-- projections have to be rebuilt.

CREATE TABLE leases (
    dwelling uuid NOT NULL,
    lease uuid NOT NULL,
    lessee uuid,
    ends date NOT NULL,
    until text NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (dwelling, lease, known_from)
);
CREATE INDEX leases_ending ON leases (ends, dwelling, lease) WHERE known_until IS NULL;
CALL make_known('leases');

CREATE TABLE permits (
    person uuid NOT NULL,
    permit uuid NOT NULL,
    kind text NOT NULL,
    ends date NOT NULL,
    until text NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint,
    PRIMARY KEY (person, permit, known_from)
);
CREATE INDEX permits_ending ON permits (ends, person, permit) WHERE known_until IS NULL;
CALL make_known('permits');

CREATE INDEX territories_ending ON territories (until, entry) WHERE known_until IS NULL AND until IS NOT NULL;
