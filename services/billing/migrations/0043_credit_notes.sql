-- Corrections of issued invoices, with numbers of their own; as immutable as the invoices.
-- credited_cents: what of it went to the family's credit, the invoice asking for less than that.
CREATE TABLE credit_note (
    credit_note_id uuid PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoice,
    register text NOT NULL REFERENCES register,
    number text NOT NULL UNIQUE,
    reason text NOT NULL,
    total_cents integer NOT NULL CHECK (total_cents > 0),
    credited_cents integer NOT NULL CHECK (credited_cents BETWEEN 0 AND total_cents),
    issued_on date NOT NULL,
    issued_at timestamptz NOT NULL,
    issued_by uuid
);
CREATE INDEX credit_note_invoice ON credit_note (invoice_id);

-- What is taken off each line of the invoice; below zero where the line is.
CREATE TABLE credit_note_line (
    credit_note_id uuid NOT NULL REFERENCES credit_note,
    invoice_id uuid NOT NULL,
    position integer NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents <> 0),
    PRIMARY KEY (credit_note_id, position)
);
CREATE INDEX credit_note_line_invoice ON credit_note_line (invoice_id, position);
