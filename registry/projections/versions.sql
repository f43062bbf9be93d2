Which code made the rows of each projection.

-- write --
INSERT INTO projections (name, version)
SELECT name, version FROM unnest(%(names)s::text[], %(versions)s::integer[]) AS said (name, version)
ON CONFLICT (name) DO UPDATE SET version = excluded.version

-- stale --
SELECT said.name
FROM unnest(%(names)s::text[], %(versions)s::integer[]) WITH ORDINALITY AS said (name, version, turn)
LEFT JOIN projections AS made USING (name)
WHERE made.version IS DISTINCT FROM said.version AND EXISTS (SELECT FROM facts)
ORDER BY said.turn
