-- When the transaction that wrote the posting began: the same instant as created_at of the event
-- that it told, which is how the audit finds a fact that was posted and never told. What was
-- posted before is out of its reach.
ALTER TABLE posting ADD COLUMN written_at timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE posting ALTER COLUMN written_at SET DEFAULT now();
