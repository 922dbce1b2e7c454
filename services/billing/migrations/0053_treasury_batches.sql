-- What was sent to the public accountant at one time (a bordereau of PES v2), and the very file:
-- sealed, for it holds names and accounts. Numbered without a gap in each fiscal year.
CREATE TABLE pes_counter (
    fiscal_year integer PRIMARY KEY,
    last_number integer NOT NULL CHECK (last_number > 0)
);
CREATE TABLE pes_batch (
    batch_id uuid PRIMARY KEY,
    fiscal_year integer NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    register text NOT NULL REFERENCES register,
    filename text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    created_by uuid,
    pieces integer NOT NULL CHECK (pieces > 0),
    total_cents bigint NOT NULL CHECK (total_cents > 0),
    with_papers boolean NOT NULL,
    debited_on date,
    file bytea NOT NULL,
    UNIQUE (fiscal_year, number)
);

-- An invoice is sent once. From then on the accountant collects it.
CREATE TABLE pes_piece (
    invoice_id uuid PRIMARY KEY,
    batch_id uuid NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    UNIQUE (batch_id, position)
);

CREATE FUNCTION refuse_edited_pes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the accountant was sent is never edited'
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER immutable BEFORE UPDATE ON pes_batch
    FOR EACH ROW EXECUTE FUNCTION refuse_edited_pes();
CREATE TRIGGER immutable BEFORE UPDATE ON pes_piece
    FOR EACH ROW EXECUTE FUNCTION refuse_edited_pes();
