-- A document of a family that was merged into another one lies where it lay, under the key that
-- it was sealed with; null: its own family's.
ALTER TABLE document ADD COLUMN sealed_for uuid;
