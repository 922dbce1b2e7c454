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
