-- Bordereaux are numbered as receipts, slips and credit notes are. The accountant counts them by
-- the year alone, whatever the register: theirs is the series of no register.
ALTER TABLE number_series DROP CONSTRAINT number_series_register_fkey;
ALTER TABLE number_series DROP CONSTRAINT number_series_kind_check;
ALTER TABLE number_series ADD CONSTRAINT number_series_kind_check
    CHECK (kind IN ('receipt', 'slip', 'credit_note', 'bordereau')
           AND (register = '') = (kind = 'bordereau'));
INSERT INTO number_series (kind, register, fiscal_year, last_number)
SELECT 'bordereau', '', fiscal_year, last_number FROM pes_counter;
DROP TABLE pes_counter;
