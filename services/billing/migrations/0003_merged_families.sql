-- After a merger a family may hold two invoices of one month: its own, and one made out to the
-- family that was merged into it.
ALTER TABLE invoice
    DROP CONSTRAINT invoice_family_id_month_key,
    ADD COLUMN merged_from uuid;
CREATE UNIQUE INDEX invoice_once ON invoice (family_id, month) WHERE merged_from IS NULL;
CREATE INDEX invoice_family ON invoice (family_id, month);
