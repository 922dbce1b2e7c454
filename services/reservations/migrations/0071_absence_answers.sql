-- Families are told what becomes of an absence: `version` orders the answers, each later one holds.
ALTER TABLE absence ADD COLUMN version integer NOT NULL DEFAULT 1;
