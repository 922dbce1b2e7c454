-- A family's vault. Its key is nowhere in clear: each opener holds it wrapped twice, inside by a
-- secret that only a parent knows, outside by the master key of the settings.
CREATE TABLE vault (
    family_id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL
);

-- passphrase: one a parent; recovery: the printed key; invitation: for the other parent, once.
-- failures counts tries since the last right one, so that guesses cost time.
CREATE TABLE vault_opener (
    opener_id uuid PRIMARY KEY,
    family_id uuid NOT NULL REFERENCES vault ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('passphrase', 'recovery', 'invitation')),
    account_id uuid NOT NULL,
    salt bytea NOT NULL,
    master_id text NOT NULL,
    wrapped bytea NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    blocked_until timestamptz,
    created_at timestamptz NOT NULL,
    expires_at timestamptz
);
CREATE UNIQUE INDEX vault_opener_of_parent ON vault_opener (family_id, account_id)
    WHERE kind = 'passphrase';
CREATE UNIQUE INDEX vault_opener_single ON vault_opener (family_id, kind)
    WHERE kind <> 'passphrase';
CREATE INDEX vault_opener_master ON vault_opener (master_id);

-- Names and types are sealed under the vault's key like the content; sizes and days show.
CREATE TABLE vault_document (
    document_id uuid PRIMARY KEY,
    family_id uuid NOT NULL REFERENCES vault ON DELETE CASCADE,
    sealed_label bytea NOT NULL,
    size bigint NOT NULL,
    added_at timestamptz NOT NULL
);
CREATE INDEX vault_document_of_family ON vault_document (family_id, added_at DESC);

CREATE INDEX family_key_master ON family_key (master_id);

-- What the town publishes. The content lies in storage under the town's own key (family_key of
-- the nil id); a replaced one has another content_id.
CREATE TABLE publication (
    publication_id uuid PRIMARY KEY,
    title text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('rules', 'menu', 'calendar', 'form', 'other')),
    audience text NOT NULL CHECK (audience IN ('everyone', 'families')),
    valid_from date NOT NULL,
    valid_until date CHECK (valid_until >= valid_from),
    version integer NOT NULL,
    content_id uuid NOT NULL UNIQUE,
    filename text NOT NULL,
    size bigint NOT NULL,
    published_at timestamptz NOT NULL,
    published_by uuid,
    withdrawn_at timestamptz
);

-- Our copies of what papers certify, fed by the events of the other services.
CREATE TABLE certified_family (
    family_id uuid PRIMARY KEY,
    record_version bigint NOT NULL,
    reference text NOT NULL,
    addressee text[] NOT NULL
);
CREATE TABLE certified_child (
    family_id uuid NOT NULL REFERENCES certified_family ON DELETE CASCADE,
    child_id uuid NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    birth_date date NOT NULL,
    PRIMARY KEY (family_id, child_id)
);
CREATE TABLE certified_activity (
    activity_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    place text NOT NULL
);
CREATE TABLE certified_enrolment (
    enrolment_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    family_id uuid NOT NULL,
    child_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    school_year text NOT NULL,
    is_accepted boolean NOT NULL,
    starts_on date,
    ends_on date
);
CREATE INDEX certified_enrolment_child ON certified_enrolment (family_id, child_id);
CREATE TABLE certified_attendance (
    attendance_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    family_id uuid NOT NULL,
    child_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    date date NOT NULL,
    is_present boolean NOT NULL
);
CREATE INDEX certified_attendance_child ON certified_attendance (family_id, child_id, date);
CREATE TABLE certified_payment (
    payment_id uuid NOT NULL,
    position integer NOT NULL,
    family_id uuid NOT NULL,
    received_on date NOT NULL,
    invoice_number text NOT NULL,
    child_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    period text NOT NULL,
    amount_cents bigint NOT NULL,
    PRIMARY KEY (payment_id, position)
);
CREATE INDEX certified_payment_family ON certified_payment (family_id, received_on);

-- Family files that were taken in before this now say more to us. All that we had listened to is
-- idempotent, so it may come again: `portail replay`, or the refill of an embedded bus.
DELETE FROM inbox;

-- What was certified, sealed under the family's key; found by the hash of its code.
CREATE TABLE certificate (
    certificate_id uuid PRIMARY KEY,
    code_hash bytea NOT NULL UNIQUE,
    family_id uuid NOT NULL,
    kind text NOT NULL,
    sealed bytea NOT NULL,
    issued_at timestamptz NOT NULL,
    issued_by uuid
);
CREATE INDEX certificate_of_family ON certificate (family_id, issued_at DESC);
