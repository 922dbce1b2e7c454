-- Less than this waits for a later month; null: as the town's setting says.
ALTER TABLE register ADD COLUMN least_cents integer CHECK (least_cents >= 0);
