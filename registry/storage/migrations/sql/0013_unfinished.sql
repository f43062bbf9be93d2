-- An application that is left without movement is open. No release before knew any, so the rows stay what they are.

DROP INDEX applications_open;
CREATE INDEX applications_open ON applications (due_by, application)
    WHERE known_until IS NULL AND received IS NOT NULL
        AND status IN ('received', 'awaiting-approval', 'left-without-movement');
