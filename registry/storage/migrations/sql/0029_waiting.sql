CREATE INDEX applications_waiting ON applications USING gist (int8range(known_from, known_until))
    WHERE status = 'awaiting-approval';
