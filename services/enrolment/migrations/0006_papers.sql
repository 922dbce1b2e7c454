-- Our copy of the kinds of document that the town asks for, fed by DocumentTypesPublished.
CREATE TABLE document_type (
    code text PRIMARY KEY,
    label text NOT NULL,
    per_child boolean NOT NULL,
    asked_of text NOT NULL,
    compulsory boolean NOT NULL,
    help text NOT NULL,
    retired boolean NOT NULL,
    position integer NOT NULL
);
CREATE TABLE document_catalogue (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    version integer NOT NULL
);

-- Our copy of the families' documents, fed by DocumentStateChanged: ids and dates alone. One
-- that was erased keeps its row, lest an older event that comes late bring it back.
CREATE TABLE paper (
    document_id uuid PRIMARY KEY,
    version integer NOT NULL,
    family_id uuid NOT NULL,
    child_id uuid,
    document_type text NOT NULL,
    state text NOT NULL,
    deposited_at timestamptz NOT NULL,
    valid_until date
);
CREATE INDEX paper_of_family ON paper (family_id) WHERE state <> 'erased';
