-- What accounts tells of a family: what prices and letters need. The row of a family is also
-- the lock of its account: whoever writes its charges holds it. record_version 0: its file has
-- not arrived yet, its charges have.
CREATE TABLE family (
    family_id uuid PRIMARY KEY,
    record_version integer NOT NULL DEFAULT 0,
    reference text NOT NULL DEFAULT '',
    label text NOT NULL DEFAULT '',
    resident boolean NOT NULL DEFAULT false,
    quotient integer CHECK (quotient >= 0),
    quotient_until date,
    mail text,
    addressee text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE child (
    family_id uuid NOT NULL REFERENCES family,
    child_id uuid NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    PRIMARY KEY (family_id, child_id)
);

CREATE TABLE activity (
    activity_id uuid PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    school_year text NOT NULL
);

-- A tariff is never edited: another one for the same day takes its place.
CREATE TABLE tariff (
    tariff_id uuid PRIMARY KEY,
    activity_id uuid NOT NULL REFERENCES activity,
    valid_from date NOT NULL,
    unreserved_surcharge_cents integer NOT NULL CHECK (unreserved_surcharge_cents >= 0),
    published_at timestamptz NOT NULL,
    published_by uuid,
    replaced_at timestamptz
);
CREATE UNIQUE INDEX tariff_in_force ON tariff (activity_id, valid_from) WHERE replaced_at IS NULL;

CREATE TABLE tariff_band (
    tariff_id uuid NOT NULL REFERENCES tariff,
    from_quotient integer NOT NULL CHECK (from_quotient >= 0),
    to_quotient integer CHECK (to_quotient > from_quotient),
    price_cents integer NOT NULL CHECK (price_cents >= 0),
    PRIMARY KEY (tariff_id, from_quotient)
);
CREATE UNIQUE INDEX tariff_band_open ON tariff_band (tariff_id) WHERE to_quotient IS NULL;

-- What reservations told of one child at one session: the newest of each of the two histories.
CREATE TABLE unit (
    child_id uuid NOT NULL,
    session_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    date date NOT NULL,
    reservation_version integer NOT NULL DEFAULT 0,
    reservation_state text NOT NULL DEFAULT 'none'
        CHECK (reservation_state IN ('none', 'kept', 'cancelled', 'cancelled_late')),
    reservation_family_id uuid,
    attendance_version integer NOT NULL DEFAULT 0,
    attendance_state text NOT NULL DEFAULT 'unknown'
        CHECK (attendance_state IN ('unknown', 'present', 'absent', 'excused')),
    attendance_family_id uuid,
    attendance_expected boolean NOT NULL DEFAULT false,
    PRIMARY KEY (child_id, session_id)
);

CREATE TABLE register (
    code text PRIMARY KEY CHECK (code ~ '^[A-Z0-9]{1,8}$'),
    label text NOT NULL
);
INSERT INTO register (code, label) VALUES ('EJ', 'Régie enfance et jeunesse');

-- Taken and raised in the transaction that issues: a rollback gives the numbers back.
CREATE TABLE invoice_counter (
    register text NOT NULL REFERENCES register,
    fiscal_year integer NOT NULL,
    last_number integer NOT NULL CHECK (last_number >= 0),
    PRIMARY KEY (register, fiscal_year)
);

-- One a month; a repeated run goes on with the same row.
CREATE TABLE billing_run (
    run_id uuid PRIMARY KEY,
    month date NOT NULL UNIQUE CHECK (extract(day FROM month) = 1),
    status text NOT NULL CHECK (status IN ('running', 'done')),
    requested_at timestamptz NOT NULL,
    requested_by uuid,
    finished_at timestamptz,
    families integer NOT NULL DEFAULT 0,
    invoices integer NOT NULL DEFAULT 0,
    issued integer NOT NULL DEFAULT 0,
    total_cents bigint NOT NULL DEFAULT 0,
    skipped jsonb NOT NULL DEFAULT '[]',
    warnings jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX billing_run_running ON billing_run (requested_at) WHERE status = 'running';

-- Immutable once issued. pass_id: which pass of which run made it.
CREATE TABLE invoice (
    invoice_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    register text NOT NULL REFERENCES register,
    fiscal_year integer NOT NULL,
    sequence integer NOT NULL CHECK (sequence > 0),
    number text NOT NULL UNIQUE,
    family_id uuid NOT NULL REFERENCES family,
    month date NOT NULL,
    pass_id uuid NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    total_cents integer NOT NULL CHECK (total_cents > 0),
    family_reference text NOT NULL,
    addressee text[] NOT NULL,
    UNIQUE (family_id, month),
    UNIQUE (register, fiscal_year, sequence)
);
CREATE INDEX invoice_month ON invoice (month);
CREATE INDEX invoice_pass ON invoice (pass_id);

-- The account of each family in two tables, so that what changes is small whatever the years:
-- what may still change, and what an invoice holds for ever. Neither has foreign keys: a month
-- moves hundreds of thousands of rows, and every reference is written by the statement that
-- made what it refers to.

-- A unit that is charged, or what an invoiced one was charged too much or too little.
-- amount_cents is null while no tariff covers its day.
CREATE TABLE open_charge (
    child_id uuid NOT NULL,
    session_id uuid NOT NULL,
    family_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    date date NOT NULL,
    basis text NOT NULL,
    corrects text,
    tariff_id uuid,
    quotient integer,
    quotient_until date,
    quotient_state text CHECK (quotient_state IN ('known', 'missing', 'expired')),
    band_from integer,
    band_to integer,
    unit_cents integer,
    surcharge_cents integer,
    amount_cents integer,
    PRIMARY KEY (child_id, session_id, family_id)
);
CREATE INDEX open_charge_family ON open_charge (family_id);
CREATE INDEX open_charge_activity ON open_charge (activity_id, date);

CREATE TABLE invoiced_charge (
    invoice_id uuid NOT NULL,
    child_id uuid NOT NULL,
    session_id uuid NOT NULL,
    family_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    date date NOT NULL,
    basis text NOT NULL,
    corrects text,
    tariff_id uuid,
    quotient integer,
    quotient_until date,
    quotient_state text,
    band_from integer,
    band_to integer,
    unit_cents integer NOT NULL,
    surcharge_cents integer NOT NULL,
    amount_cents integer NOT NULL,
    PRIMARY KEY (child_id, session_id, family_id, invoice_id)
);
CREATE INDEX invoiced_charge_invoice ON invoiced_charge (invoice_id);

CREATE TABLE invoice_line (
    invoice_id uuid NOT NULL REFERENCES invoice,
    position integer NOT NULL,
    child_id uuid NOT NULL,
    child_name text NOT NULL,
    activity_id uuid NOT NULL,
    activity_name text NOT NULL,
    month date NOT NULL,
    basis text NOT NULL,
    corrects text,
    quotient integer,
    quotient_until date,
    quotient_state text,
    band_from integer,
    band_to integer,
    surcharge_cents integer,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_cents integer NOT NULL,
    amount_cents integer NOT NULL,
    dates date[] NOT NULL,
    PRIMARY KEY (invoice_id, position),
    CHECK (amount_cents = quantity * unit_cents)
);

CREATE TABLE payment (
    payment_id uuid PRIMARY KEY,
    family_id uuid NOT NULL REFERENCES family,
    account_id uuid,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    reference text NOT NULL,
    status text NOT NULL
        CHECK (status IN ('pending', 'paid', 'refused', 'cancelled', 'expired')),
    idop text UNIQUE,
    redirect_url text,
    authorisation text,
    started_at timestamptz NOT NULL,
    received_at timestamptz,
    -- Received beyond what the invoices still asked for.
    excess_cents integer NOT NULL DEFAULT 0 CHECK (excess_cents >= 0)
);
CREATE INDEX payment_family ON payment (family_id, started_at);
CREATE INDEX payment_unsettled ON payment (started_at) WHERE status <> 'paid';

-- Which invoices a payment is for, and how much of each it was to pay.
CREATE TABLE payment_invoice (
    payment_id uuid NOT NULL REFERENCES payment,
    invoice_id uuid NOT NULL REFERENCES invoice,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    PRIMARY KEY (payment_id, invoice_id)
);
CREATE INDEX payment_invoice_invoice ON payment_invoice (invoice_id);

-- Money that reduces what an invoice asks for. One row a payment and invoice: credited once.
CREATE TABLE credit (
    payment_id uuid NOT NULL REFERENCES payment,
    invoice_id uuid NOT NULL REFERENCES invoice,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    credited_at timestamptz NOT NULL,
    PRIMARY KEY (payment_id, invoice_id)
);
CREATE INDEX credit_invoice ON credit (invoice_id);
