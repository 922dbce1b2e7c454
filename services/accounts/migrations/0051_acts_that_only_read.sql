-- An operation that only opens something: in the whole trail, but not among a family's last acts.
ALTER TABLE audit_action ADD COLUMN reads boolean NOT NULL DEFAULT false;
