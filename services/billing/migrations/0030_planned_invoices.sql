-- Which pass of the run is at work; null while the month waits for its turn.
ALTER TABLE billing_run ADD COLUMN pass_id uuid;

-- A part of a pass that one worker issues in one transaction.
CREATE TABLE billing_slice (
    slice_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    pass_id uuid NOT NULL,
    run_id uuid NOT NULL REFERENCES billing_run,
    number integer NOT NULL,
    invoices integer NOT NULL,
    asked_at timestamptz NOT NULL,
    done_at timestamptz,
    UNIQUE (pass_id, number)
);
CREATE INDEX billing_slice_waiting ON billing_slice (asked_at) WHERE done_at IS NULL;

-- An invoice that is decided, number and total, and not written yet: its row becomes the invoice.
-- Whoever would change the account of its family writes it first.
CREATE TABLE planned_invoice (
    invoice_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    slice_id uuid NOT NULL,
    pass_id uuid NOT NULL,
    register text NOT NULL,
    fiscal_year integer NOT NULL,
    sequence integer NOT NULL,
    family_id uuid NOT NULL,
    month date NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    total_cents integer NOT NULL CHECK (total_cents > 0)
);
CREATE INDEX planned_invoice_slice ON planned_invoice (slice_id);
CREATE INDEX planned_invoice_family ON planned_invoice (family_id);

-- Which register bills which kind of activity; those that are not named go to the first one, EJ.
CREATE TABLE register_of_kind (
    kind text PRIMARY KEY,
    register text NOT NULL REFERENCES register
);

-- A family has an invoice of each register.
DROP INDEX invoice_once;
CREATE UNIQUE INDEX invoice_once ON invoice (family_id, month, register)
    WHERE merged_from IS NULL;
-- Invoices of a pass are found by their ids while it is at work.
DROP INDEX invoice_pass;
