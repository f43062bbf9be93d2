-- Papers that were drawn up are numbered by how many of their kind the year has before them.

CREATE INDEX facts_drawn ON facts (kind, since) WHERE topic = 'outgoing-drawn';
