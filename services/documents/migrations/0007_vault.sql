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
