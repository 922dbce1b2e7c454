-- The whole family record. What only pages show, and no query looks into, stands in jsonb.
ALTER TABLE family
    ADD COLUMN quotient_source text CHECK (quotient_source IN ('staff', 'api_particulier')),
    -- Everything the record lacks; `missing` is what of it the town asks for.
    ADD COLUMN lacks text[] NOT NULL DEFAULT '{}';
UPDATE family SET quotient_source = 'staff' WHERE quotient IS NOT NULL;

ALTER TABLE guardian
    ADD COLUMN link text CHECK (link IN ('mother', 'father', 'guardian', 'other')),
    -- Only when it is not the family's.
    ADD COLUMN address jsonb;

-- pai, vaccinations, doctor, contacts
ALTER TABLE child ADD COLUMN care jsonb NOT NULL DEFAULT '{}';

-- Garde alternée: the other family of a child. child.family_id is the one that registered it.
CREATE TABLE second_home (
    child_id uuid PRIMARY KEY REFERENCES child,
    family_id uuid NOT NULL REFERENCES family,
    position integer NOT NULL,
    custody jsonb,
    linked_at timestamptz NOT NULL,
    linked_by uuid,
    CONSTRAINT second_home_position UNIQUE (family_id, position) DEFERRABLE INITIALLY DEFERRED
);

-- The town's choices, one row: what a complete record needs beyond address, guardian and child,
-- and which fields a parent's change of waits for the staff.
CREATE TABLE record_rules (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    required text[] NOT NULL,
    reviewed text[] NOT NULL,
    updated_at timestamptz,
    updated_by uuid
);
INSERT INTO record_rules (required, reviewed) VALUES (
    '{}',
    '{family.quotient,guardian.identity,child.identity,child.school_code,child.school_class,child.pai}'
);

-- Every change of a record by somebody, applied at once or not; values by attribute.
CREATE TABLE record_change (
    change_id uuid PRIMARY KEY,
    family_id uuid NOT NULL REFERENCES family,
    person_id uuid,
    field text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    status text NOT NULL
        CHECK (status IN ('applied', 'pending', 'accepted', 'refused', 'replaced')),
    asked_by uuid,
    by_staff boolean NOT NULL,
    asked_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    reason text
);
CREATE UNIQUE INDEX record_change_pending ON record_change (family_id, person_id, field)
    NULLS NOT DISTINCT WHERE status = 'pending';
CREATE INDEX record_change_queue ON record_change (asked_at, change_id) WHERE status = 'pending';
CREATE INDEX record_change_family ON record_change (family_id, asked_at);

-- What parents are asked to consent to. A text is never changed: another version asks again.
CREATE TABLE consent (
    consent_id uuid PRIMARY KEY,
    position integer GENERATED ALWAYS AS IDENTITY,
    withdrawn_at timestamptz
);
CREATE TABLE consent_text (
    consent_id uuid NOT NULL REFERENCES consent,
    version integer NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    published_at timestamptz NOT NULL,
    published_by uuid,
    PRIMARY KEY (consent_id, version)
);
-- Answers are kept for ever beside the version they were given to; the last one of a home holds.
CREATE TABLE consent_answer (
    answer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    family_id uuid NOT NULL REFERENCES family,
    child_id uuid NOT NULL REFERENCES child,
    consent_id uuid NOT NULL,
    version integer NOT NULL,
    granted boolean NOT NULL,
    guardian_id uuid,
    answered_by uuid,
    answered_at timestamptz NOT NULL,
    FOREIGN KEY (consent_id, version) REFERENCES consent_text
);
CREATE INDEX consent_answer_child ON consent_answer (family_id, child_id, consent_id, answer_id DESC);

-- The texts that each home still has to answer for each child; without personal data.
CREATE VIEW unanswered_consent AS
WITH home AS (
    SELECT child_id, family_id FROM child UNION ALL SELECT child_id, family_id FROM second_home
), current_text AS (
    SELECT t.consent_id, max(t.version) AS version
    FROM consent_text t JOIN consent c USING (consent_id)
    WHERE c.withdrawn_at IS NULL GROUP BY t.consent_id
)
SELECT h.family_id, h.child_id, t.consent_id, t.version
FROM home h CROSS JOIN current_text t
WHERE NOT EXISTS (
    SELECT FROM consent_answer a
    WHERE a.family_id = h.family_id AND a.child_id = h.child_id
      AND a.consent_id = t.consent_id AND a.version = t.version);

INSERT INTO consent (consent_id) VALUES
    ('8a0d3c1e-0001-4c60-9d6e-2f6a51c0a001'),
    ('8a0d3c1e-0002-4c60-9d6e-2f6a51c0a002'),
    ('8a0d3c1e-0003-4c60-9d6e-2f6a51c0a003');
INSERT INTO consent_text (consent_id, version, title, body, published_at) VALUES
    ('8a0d3c1e-0001-4c60-9d6e-2f6a51c0a001', 1, 'Photographies',
     'J’autorise la commune à photographier mon enfant pendant les activités et à publier ces photographies dans ses supports d’information.', now()),
    ('8a0d3c1e-0002-4c60-9d6e-2f6a51c0a002', 1, 'Départ seul',
     'J’autorise mon enfant à quitter seul l’activité à l’heure de sa fin.', now()),
    ('8a0d3c1e-0003-4c60-9d6e-2f6a51c0a003', 1, 'Soins d’urgence',
     'J’autorise les responsables de l’activité à faire transporter mon enfant à l’hôpital et à y faire donner les soins qu’un médecin juge urgents.', now());
