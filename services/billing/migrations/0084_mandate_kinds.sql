-- A mandate may be for one single collection (OOFF), or end on a day: the last collection before
-- that is sent to the bank as the last one (FNAL), and nothing after it.
ALTER TABLE mandate
    ADD COLUMN one_off boolean NOT NULL DEFAULT false,
    ADD COLUMN ends_on date;
