-- What the town settles of each kind of document, beside its name.
ALTER TABLE document_type
    ADD COLUMN asked_of text NOT NULL DEFAULT 'activities'
        CHECK (asked_of IN ('everyone', 'activities')),
    ADD COLUMN compulsory boolean NOT NULL DEFAULT true,
    ADD COLUMN validity text NOT NULL DEFAULT 'none'
        CHECK (validity IN ('none', 'months', 'school_year')),
    ADD COLUMN validity_months integer CHECK (validity_months BETWEEN 1 AND 240),
    ADD COLUMN help text NOT NULL DEFAULT '',
    ADD COLUMN accepts text[] NOT NULL
        DEFAULT '{application/pdf,image/jpeg,image/png}' CHECK (accepts <> '{}'),
    -- Kept out of messages: its very name says something of a child.
    ADD COLUMN discreet boolean NOT NULL DEFAULT false,
    ADD COLUMN retired boolean NOT NULL DEFAULT false,
    ADD CHECK ((validity = 'months') = (validity_months IS NOT NULL));

UPDATE document_type SET validity = 'months', validity_months = 12
    WHERE code IN ('proof_of_address', 'family_allowance', 'medical_certificate');
UPDATE document_type SET validity = 'school_year' WHERE code IN ('insurance', 'care_plan');
UPDATE document_type SET discreet = true
    WHERE code IN ('custody_ruling', 'vaccination', 'care_plan', 'medical_certificate');

-- One row: how often the list of types changed, and which state of it was told.
CREATE TABLE catalogue (
    catalogue_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    version integer NOT NULL DEFAULT 1,
    told_version integer NOT NULL DEFAULT 0,
    only_one boolean NOT NULL DEFAULT true UNIQUE CHECK (only_one)
);
INSERT INTO catalogue DEFAULT VALUES;

ALTER TABLE document
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN state text NOT NULL DEFAULT 'submitted' CHECK (state IN (
        'quarantined', 'submitted', 'accepted', 'expiring', 'expired', 'rejected', 'infected',
        'replaced')),
    -- When the present state began: what retention counts from.
    ADD COLUMN state_since timestamptz,
    ADD COLUMN replaces uuid,
    ADD COLUMN valid_from date,
    ADD COLUMN valid_until date,
    ADD COLUMN reason text,
    ADD COLUMN reviewed_by uuid,
    ADD COLUMN reviewed_at timestamptz,
    ADD COLUMN scan_attempts integer NOT NULL DEFAULT 0,
    ADD COLUMN scan_after timestamptz,
    -- False for documents older than these columns: a job tells where they stand.
    ADD COLUMN standing_told boolean NOT NULL DEFAULT true,
    ADD CHECK (valid_until >= valid_from);
UPDATE document SET state_since = deposited_at, standing_told = false;
ALTER TABLE document ALTER COLUMN state_since SET NOT NULL;

-- The same content handed in again is the same document as long as that one is of use.
DROP INDEX document_once;
CREATE UNIQUE INDEX document_once
    ON document (family_id, document_type, child_id, fingerprint) NULLS NOT DISTINCT
    WHERE state IN ('quarantined', 'submitted', 'accepted', 'expiring');
CREATE INDEX document_to_review ON document (deposited_at, document_id) WHERE state = 'submitted';
CREATE INDEX document_to_scan ON document (scan_after) WHERE state = 'quarantined';
CREATE INDEX document_ending ON document (valid_until) WHERE state IN ('accepted', 'expiring');
CREATE INDEX document_over ON document (state_since)
    WHERE state IN ('expired', 'rejected', 'infected', 'replaced');
CREATE INDEX document_replaces ON document (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX document_untold ON document (document_id) WHERE NOT standing_told;

-- Each step of a document's life; who took it is for the office alone.
CREATE TABLE document_step (
    document_id uuid NOT NULL REFERENCES document ON DELETE CASCADE,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL,
    note text,
    by uuid,
    PRIMARY KEY (document_id, version)
);
INSERT INTO document_step (document_id, version, at, state, by)
    SELECT document_id, 1, deposited_at, 'submitted', deposited_by FROM document;

-- What families and children are called, for those who review their documents.
CREATE TABLE family_name (
    family_id uuid PRIMARY KEY,
    record_version bigint NOT NULL,
    reference text NOT NULL,
    label text NOT NULL,
    children jsonb NOT NULL
);
