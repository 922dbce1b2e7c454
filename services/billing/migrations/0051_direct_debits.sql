-- What was sent to the bank at one time, and the very file: sealed, for it holds accounts.
CREATE SEQUENCE debit_batch_number;
CREATE TABLE debit_batch (
    batch_id uuid PRIMARY KEY,
    number integer NOT NULL UNIQUE,
    message_id text NOT NULL UNIQUE,
    format text NOT NULL,
    collected_on date NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    debits integer NOT NULL CHECK (debits > 0),
    total_cents bigint NOT NULL CHECK (total_cents > 0),
    file bytea NOT NULL,
    collected_at timestamptz
);
CREATE INDEX debit_batch_waiting ON debit_batch (collected_on) WHERE collected_at IS NULL;

-- One invoice in one batch. returned_at: the bank sent it back, before or after the collection.
CREATE TABLE debit (
    debit_id uuid PRIMARY KEY,
    batch_id uuid NOT NULL,
    end_to_end_id text NOT NULL UNIQUE CHECK (end_to_end_id ~ '^[A-Z0-9]{1,35}$'),
    family_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    mandate_id uuid NOT NULL,
    rum text NOT NULL,
    sequence_type text NOT NULL CHECK (sequence_type IN ('FRST', 'RCUR', 'OOFF', 'FNAL')),
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    collected_at timestamptz,
    returned_at timestamptz,
    return_code text
);
CREATE INDEX debit_batch_debits ON debit (batch_id);
CREATE INDEX debit_mandate ON debit (mandate_id);
CREATE INDEX debit_family ON debit (family_id);
CREATE INDEX debit_invoice ON debit (invoice_id);
CREATE UNIQUE INDEX debit_under_way ON debit (invoice_id)
    WHERE collected_at IS NULL AND returned_at IS NULL;

-- A file of the bank: read first (a trial that changes nothing), then applied once.
CREATE TABLE debit_return_file (
    file_id uuid PRIMARY KEY,
    digest bytea NOT NULL,
    message_id text NOT NULL,
    read_at timestamptz NOT NULL,
    read_by uuid,
    applied_at timestamptz,
    applied_by uuid
);
CREATE UNIQUE INDEX debit_return_once ON debit_return_file (digest) WHERE applied_at IS NOT NULL;
CREATE UNIQUE INDEX debit_return_message ON debit_return_file (message_id)
    WHERE applied_at IS NOT NULL;

CREATE TABLE debit_return (
    file_id uuid NOT NULL REFERENCES debit_return_file ON DELETE CASCADE,
    position integer NOT NULL,
    debit_id uuid NOT NULL,
    code text NOT NULL,
    PRIMARY KEY (file_id, position),
    UNIQUE (file_id, debit_id)
);

-- What the bank was sent stays as it was sent.
CREATE FUNCTION refuse_edited_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a batch is never edited' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER immutable BEFORE UPDATE OF number, message_id, format, collected_on, debits,
    total_cents, file ON debit_batch FOR EACH ROW EXECUTE FUNCTION refuse_edited_batch();
CREATE TRIGGER immutable BEFORE UPDATE OF batch_id, end_to_end_id, invoice_id, mandate_id, rum,
    sequence_type, amount_cents ON debit FOR EACH ROW EXECUTE FUNCTION refuse_edited_batch();
