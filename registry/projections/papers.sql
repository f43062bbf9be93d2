Papers: what is written on them, by person, by key and by scan, as known at a position.

-- of_person --
SELECT p.*, f.recorded_at, a.code, a.received, a.persons AS case_persons
FROM papers_at(%(position)s) AS p
JOIN facts AS f ON f.notification_id = p.known_from
JOIN applications_at(%(position)s) AS a ON a.application = p.application
WHERE p.people && %(people)s::uuid[]
ORDER BY p.known_from DESC, p.application, p.part, p.id, p.paper

-- by_key --
SELECT * FROM papers_at(%(position)s) WHERE paper = %(paper)s ORDER BY known_from DESC, application, part, id

-- by_scan --
SELECT DISTINCT people FROM papers WHERE scan = %(scan)s
