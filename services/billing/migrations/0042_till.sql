-- Numbers that must have no gap, by kind, register and year: receipts of the till, deposit slips,
-- credit notes. Raised in the transaction that uses the number, as invoice_counter is.
CREATE TABLE number_series (
    kind text NOT NULL CHECK (kind IN ('receipt', 'slip', 'credit_note')),
    register text NOT NULL REFERENCES register,
    fiscal_year integer NOT NULL,
    last_number integer NOT NULL CHECK (last_number > 0),
    PRIMARY KEY (kind, register, fiscal_year)
);

-- Money comes in online, by direct debit, or at the till. account_id: who began or recorded it.
ALTER TABLE payment
    ADD COLUMN method text NOT NULL DEFAULT 'card'
        CHECK (method IN ('card', 'direct_debit', 'cash', 'cheque', 'cesu')),
    ADD COLUMN cesu_number text;
CREATE INDEX payment_received ON payment (received_at) WHERE status = 'paid';

-- Cheques that go to the bank together. Once locked it is never changed; the number comes then.
CREATE TABLE cheque_slip (
    slip_id uuid PRIMARY KEY,
    register text NOT NULL REFERENCES register,
    made_at timestamptz NOT NULL,
    made_by uuid,
    number text UNIQUE,
    locked_at timestamptz,
    CHECK ((number IS NULL) = (locked_at IS NULL))
);

CREATE TABLE cheque (
    payment_id uuid PRIMARY KEY REFERENCES payment,
    number text NOT NULL,
    bank text NOT NULL,
    drawer text NOT NULL,
    slip_id uuid REFERENCES cheque_slip
);
CREATE INDEX cheque_slip_cheques ON cheque (slip_id);

-- A payment recorded at the till and undone: never changed, never deleted, once.
CREATE TABLE payment_reversal (
    reversal_id uuid PRIMARY KEY,
    payment_id uuid NOT NULL UNIQUE REFERENCES payment,
    reason text NOT NULL,
    reversed_at timestamptz NOT NULL,
    reversed_by uuid
);

-- What was paid back of a family's credit.
CREATE TABLE refund (
    refund_id uuid PRIMARY KEY,
    family_id uuid NOT NULL REFERENCES family,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    reason text NOT NULL,
    refunded_at timestamptz NOT NULL,
    refunded_by uuid
);
CREATE INDEX refund_family ON refund (family_id);

CREATE INDEX ledger_entry_credit ON ledger_entry (family_id) INCLUDE (amount_cents)
    WHERE account = 'family_credit';
