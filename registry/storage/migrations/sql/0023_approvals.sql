-- A card asks which of its acts approved what somebody else had asked for. By the command alone that reads every fact of
-- an act, and an import is one act of many thousands; approvals are few.
CREATE INDEX facts_approvals ON facts (command) WHERE topic = 'change-approved';
