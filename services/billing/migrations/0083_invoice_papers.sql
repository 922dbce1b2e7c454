-- An invoice as it was set when it was first asked for: the same bytes from then on, whatever
-- becomes of the family's address, the letterhead or the setting. What is paid of it, credited or
-- owed beside it stands on the paper too: another standing is another paper, and both are kept.
-- As print files are: beside the rows that say the same in clear.
CREATE TABLE invoice_paper (
    invoice_id uuid NOT NULL REFERENCES invoice,
    standing bytea NOT NULL,
    drawn_at timestamptz NOT NULL,
    pdf bytea NOT NULL,
    PRIMARY KEY (invoice_id, standing)
);
-- A PDF is compressed already.
ALTER TABLE invoice_paper ALTER COLUMN pdf SET STORAGE EXTERNAL;
CREATE FUNCTION refuse_edited_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a paper that was handed out is never edited'
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER immutable BEFORE UPDATE ON invoice_paper
    FOR EACH ROW EXECUTE FUNCTION refuse_edited_paper();
