-- A month's invoices for the post, in one file. A large month comes in several volumes, each a
-- batch of its own. The file is erased after a time; what was printed stays known.
CREATE TABLE print_batch (
    batch_id uuid PRIMARY KEY,
    month date NOT NULL,
    without_mail boolean NOT NULL,
    volume integer NOT NULL CHECK (volume BETWEEN 1 AND volumes),
    volumes integer NOT NULL,
    invoices integer NOT NULL CHECK (invoices > 0),
    done integer NOT NULL DEFAULT 0 CHECK (done BETWEEN 0 AND invoices),
    pages integer,
    asked_at timestamptz NOT NULL,
    asked_by uuid,
    finished_at timestamptz,
    pdf bytea
);
CREATE INDEX print_batch_month ON print_batch (month, asked_at);
CREATE INDEX print_batch_waiting ON print_batch (asked_at, volume) WHERE finished_at IS NULL;

-- Which invoices, in postal order as it was when they were asked for.
CREATE TABLE print_batch_invoice (
    batch_id uuid NOT NULL REFERENCES print_batch,
    position integer NOT NULL,
    invoice_id uuid NOT NULL,
    PRIMARY KEY (batch_id, position)
);
CREATE INDEX print_batch_invoice_invoice ON print_batch_invoice (invoice_id);

-- Some pages of a batch that is being made.
CREATE TABLE print_part (
    batch_id uuid NOT NULL REFERENCES print_batch,
    first_position integer NOT NULL,
    pdf bytea NOT NULL,
    PRIMARY KEY (batch_id, first_position)
);
