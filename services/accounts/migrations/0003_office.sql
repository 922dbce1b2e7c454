-- What a newcomer asks for. `form` holds the people and the address as typed; it is emptied by
-- forgetting the row. The link's token is kept as a digest, and only until it has served.
CREATE TABLE account_request (
    request_id uuid PRIMARY KEY,
    status text NOT NULL
        CHECK (status IN ('unconfirmed', 'waiting', 'approved', 'refused')),
    mail text NOT NULL,
    form jsonb NOT NULL,
    asked_at timestamptz NOT NULL,
    token_digest bytea UNIQUE,
    link_expires_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    decided_at timestamptz,
    decided_by uuid,
    family_id uuid REFERENCES family,
    reason text,
    CHECK ((status = 'unconfirmed') = (token_digest IS NOT NULL))
);
CREATE INDEX account_request_status ON account_request (status, asked_at);
CREATE INDEX account_request_mail ON account_request (mail, asked_at);

-- How many requests came from one address of the network, as a digest, within the hour.
CREATE TABLE account_request_origin (
    origin_digest bytea PRIMARY KEY,
    requests integer NOT NULL,
    window_started_at timestamptz NOT NULL
);

-- Numbers of the files that are made here; those of an import are the town's own.
CREATE SEQUENCE family_reference;

-- How the families that resemble a request are found.
CREATE INDEX guardian_mail ON guardian (mail) WHERE mail IS NOT NULL;
CREATE INDEX guardian_phone ON guardian (phone) WHERE phone IS NOT NULL;
CREATE INDEX child_birth_date ON child (birth_date);

-- An issue of codes may be planned for a later day, and withdrawn until then.
ALTER TABLE code_batch
    ADD COLUMN status text NOT NULL DEFAULT 'issued'
        CHECK (status IN ('planned', 'issued', 'withdrawn')),
    ADD COLUMN planned_for date,
    ADD COLUMN planned_at timestamptz,
    ADD COLUMN channel text CHECK (channel IN ('mail', 'letter')),
    ADD COLUMN family_ids uuid[],
    ADD COLUMN reissue_of uuid REFERENCES code_batch,
    ALTER COLUMN issued_at DROP NOT NULL,
    ADD CHECK ((status = 'issued') = (issued_at IS NOT NULL));
CREATE INDEX code_batch_planned ON code_batch (planned_for) WHERE status = 'planned';
CREATE INDEX account_batch ON account (batch_id) WHERE batch_id IS NOT NULL;

-- What an issue of codes to everybody would do for each family.
CREATE VIEW code_outcome AS
SELECT f.family_id, f.reference, f.label, f.missing,
       CASE WHEN EXISTS (SELECT FROM account a WHERE a.family_id = f.family_id) THEN 'already'
            WHEN f.missing <> '{}' THEN 'incomplete'
            WHEN EXISTS (SELECT FROM guardian g WHERE g.family_id = f.family_id
                         AND g.position = 0 AND g.mail IS NOT NULL) THEN 'mail'
            ELSE 'letter' END AS outcome
FROM family f;

-- Imports and the report of each, line by line, as a compressed CSV file.
CREATE TABLE import_run (
    import_id uuid PRIMARY KEY,
    imported_at timestamptz NOT NULL,
    imported_by uuid,
    outcome text NOT NULL CHECK (outcome IN ('done', 'trial', 'refused')),
    report bytea NOT NULL
);
CREATE INDEX import_run_at ON import_run (imported_at);

-- The classes that children go through, in order; after the last one they leave.
CREATE TABLE class_step (
    position integer PRIMARY KEY,
    name text NOT NULL UNIQUE
);
INSERT INTO class_step (position, name) VALUES
    (0, 'PS'), (1, 'MS'), (2, 'GS'), (3, 'CP'), (4, 'CE1'), (5, 'CE2'), (6, 'CM1'), (7, 'CM2');

-- Children change class once a school year.
CREATE TABLE roll_over (
    school_year text PRIMARY KEY,
    applied_at timestamptz NOT NULL,
    applied_by uuid,
    moved integer NOT NULL DEFAULT 0,
    leaving integer NOT NULL DEFAULT 0
);

-- Records that were put into another one; their numbers must not come back by an import.
CREATE TABLE merged_family (
    merged_family_id uuid PRIMARY KEY,
    family_id uuid NOT NULL REFERENCES family,
    reference text NOT NULL UNIQUE,
    merged_at timestamptz NOT NULL,
    merged_by uuid
);
CREATE INDEX merged_family_survivor ON merged_family (family_id);
