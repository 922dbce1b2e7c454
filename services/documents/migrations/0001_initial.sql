-- What the town asks for. The codes are what activities name in their document_types.
CREATE TABLE document_type (
    code text PRIMARY KEY,
    label text NOT NULL,
    per_child boolean NOT NULL,
    position integer NOT NULL
);
INSERT INTO document_type (code, label, per_child, position) VALUES
    ('proof_of_address', 'Justificatif de domicile de moins de trois mois', false, 1),
    ('family_allowance', 'Attestation de quotient familial (CAF ou MSA)', false, 2),
    ('family_book', 'Livret de famille', false, 3),
    ('custody_ruling', 'Décision de justice sur la garde des enfants', false, 4),
    ('insurance', 'Attestation d’assurance scolaire et extrascolaire', true, 5),
    ('vaccination', 'Certificat de vaccination à jour', true, 6),
    ('care_plan', 'Projet d’accueil individualisé (PAI)', true, 7),
    ('medical_certificate', 'Certificat médical', true, 8),
    ('identity_photo', 'Photo d’identité', true, 9);

-- Our copy of the families: ids alone, to know whose child is whose.
CREATE TABLE family (
    family_id uuid PRIMARY KEY,
    record_version bigint NOT NULL
);
CREATE TABLE family_child (
    family_id uuid NOT NULL REFERENCES family ON DELETE CASCADE,
    child_id uuid NOT NULL,
    PRIMARY KEY (family_id, child_id)
);

-- One data key a family, wrapped by the master key of the settings.
CREATE TABLE family_key (
    family_id uuid PRIMARY KEY,
    master_id text NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE document (
    document_id uuid PRIMARY KEY,
    family_id uuid NOT NULL,
    child_id uuid,
    document_type text NOT NULL REFERENCES document_type,
    filename text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL,
    fingerprint bytea NOT NULL,
    deposited_by uuid,
    deposited_at timestamptz NOT NULL
);
-- The same content handed in again for the same purpose is the same document.
CREATE UNIQUE INDEX document_once
    ON document (family_id, document_type, child_id, fingerprint) NULLS NOT DISTINCT;
CREATE INDEX document_of_family ON document (family_id, deposited_at DESC);

-- Who opened which document, and when.
CREATE TABLE opening (
    opening_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id uuid NOT NULL,
    family_id uuid NOT NULL,
    account_id uuid,
    roles text[] NOT NULL,
    opened_at timestamptz NOT NULL
);
CREATE INDEX opening_of_document ON opening (document_id, opened_at);
