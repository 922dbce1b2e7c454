-- Our copy of the families: names, addresses and mail, which messages need.
CREATE TABLE family (
    family_id uuid PRIMARY KEY,
    record_version bigint NOT NULL,
    file jsonb NOT NULL
);

-- What messages call things by.
CREATE TABLE activity (
    activity_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    name text NOT NULL
);
CREATE TABLE invoice (
    invoice_id uuid PRIMARY KEY,
    number text NOT NULL
);

-- Letters that were printed together; the file is sealed, since it may hold access codes.
CREATE TABLE print_batch (
    batch_id uuid PRIMARY KEY,
    letters integer NOT NULL,
    pages integer NOT NULL,
    sealed_pdf bytea,
    printed_by uuid,
    created_at timestamptz NOT NULL
);
CREATE INDEX print_batch_created_at ON print_batch (created_at);

-- One message a cause. A password is there, sealed, until the message has left.
CREATE TABLE message (
    message_id uuid PRIMARY KEY,
    cause text NOT NULL UNIQUE,
    family_id uuid NOT NULL,
    guardian_id uuid,
    activity_id uuid,
    kind text NOT NULL,
    concerns uuid NOT NULL,
    facts jsonb NOT NULL,
    wished_channel text CHECK (wished_channel IN ('mail', 'letter')),
    channel text CHECK (channel IN ('mail', 'letter')),
    status text NOT NULL DEFAULT 'waiting'
        CHECK (status IN ('waiting', 'queued', 'sent', 'failed', 'to_print', 'printed')),
    recipient text,
    sealed_password text,
    expires_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    reason text,
    -- Not now(): events taken in together share a transaction, and the newest shows first.
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    batch_id uuid REFERENCES print_batch,
    first_page integer,
    pages integer,
    CHECK (sealed_password IS NULL OR status NOT IN ('sent', 'printed'))
);
CREATE INDEX message_waiting ON message (created_at) WHERE status = 'waiting';
CREATE INDEX message_queued ON message (next_attempt_at) WHERE status = 'queued';
CREATE INDEX message_to_print ON message (created_at) WHERE status = 'to_print';
CREATE INDEX message_of_family ON message (family_id, created_at DESC);
CREATE INDEX message_newest ON message (created_at DESC);
CREATE INDEX message_concerns ON message (concerns);
CREATE INDEX letter_newest ON message (created_at DESC) WHERE channel = 'letter';
