-- Who pays for children without being their family: a grandmother, an employer, a CCAS, a foster
-- care service. Its account is a row of `family`, so that invoices, books, reminders and balances
-- are those of any account; nobody signs in for it.
CREATE SEQUENCE third_party_number;
CREATE TABLE third_party (
    payer_id uuid PRIMARY KEY,
    version integer NOT NULL DEFAULT 1,
    kind text NOT NULL CHECK (kind IN ('person', 'organisation')),
    name text NOT NULL CHECK (name <> ''),
    lines text[] NOT NULL,
    postcode text NOT NULL,
    city text NOT NULL,
    mail text,
    siret text CHECK (siret ~ '^[0-9]{14}$'),
    decided_at timestamptz NOT NULL,
    decided_by uuid
);

-- What a family's charges for a child are divided into, from one day to another: all activities,
-- or one. One for an activity goes before one for all. The family's own part is a part like any.
CREATE TABLE sharing (
    sharing_id uuid PRIMARY KEY,
    family_id uuid NOT NULL REFERENCES family,
    child_id uuid NOT NULL,
    activity_id uuid,
    valid_from date NOT NULL,
    valid_until date CHECK (valid_until >= valid_from),
    decided_at timestamptz NOT NULL,
    decided_by uuid
);
CREATE INDEX sharing_child ON sharing (family_id, child_id);

-- Ten-thousandths; those of a sharing add up to 10,000.
CREATE TABLE sharing_part (
    sharing_id uuid NOT NULL REFERENCES sharing ON DELETE CASCADE,
    payer_id uuid NOT NULL REFERENCES family,
    part integer NOT NULL CHECK (part BETWEEN 1 AND 10000),
    PRIMARY KEY (sharing_id, payer_id)
);
CREATE INDEX sharing_part_payer ON sharing_part (payer_id);
