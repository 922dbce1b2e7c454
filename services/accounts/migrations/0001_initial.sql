-- The family file. `label`, `search_text` and `missing` are what the model says of the
-- record, written with it, so that lists need not compute them for every row.
CREATE TABLE family (
    family_id uuid PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    record_version integer NOT NULL,
    resident boolean NOT NULL,
    quotient integer CHECK (quotient >= 0),
    quotient_valid_until date,
    address_lines text[] NOT NULL,
    postcode text NOT NULL,
    city text NOT NULL,
    label text NOT NULL,
    search_text text NOT NULL,
    missing text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX family_label ON family (label, family_id);

-- Positions may be exchanged inside one statement, hence the check at commit.
CREATE TABLE guardian (
    guardian_id uuid PRIMARY KEY,
    family_id uuid NOT NULL REFERENCES family,
    position integer NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    mail text,
    phone text,
    CONSTRAINT guardian_position UNIQUE (family_id, position) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE child (
    child_id uuid PRIMARY KEY,
    family_id uuid NOT NULL REFERENCES family,
    position integer NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    birth_date date NOT NULL,
    school_code text,
    school_class text,
    diet text NOT NULL CHECK (diet IN ('standard', 'no_pork', 'vegetarian', 'own_meal')),
    allergies text,
    CONSTRAINT child_position UNIQUE (family_id, position) DEFERRABLE INITIALLY DEFERRED
);

-- One issue of access codes, by one member of staff.
CREATE TABLE code_batch (
    batch_id uuid PRIMARY KEY,
    issued_at timestamptz NOT NULL,
    issued_by uuid,
    by_mail integer NOT NULL,
    by_letter integer NOT NULL
);

-- Who can sign in: a guardian (guardian_id set) or a member of staff.
CREATE TABLE account (
    account_id uuid PRIMARY KEY,
    login text NOT NULL UNIQUE,
    guardian_id uuid UNIQUE REFERENCES guardian,
    family_id uuid REFERENCES family,
    name text,  -- of staff; a guardian's stands in the family file
    roles text[] NOT NULL,
    password_hash text NOT NULL,
    temporary boolean NOT NULL,
    expires_at timestamptz,
    batch_id uuid REFERENCES code_batch,
    totp_secret text,
    totp_last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    issued_at timestamptz,
    activated_at timestamptz,
    password_changed_at timestamptz,
    last_login_at timestamptz,
    CHECK ((guardian_id IS NULL) = (family_id IS NULL)),
    CHECK ((guardian_id IS NULL) = (name IS NOT NULL)),
    CHECK (temporary = (expires_at IS NOT NULL))
);
CREATE INDEX account_family ON account (family_id);

CREATE TABLE login_session (
    session_id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX login_session_account ON login_session (account_id) WHERE revoked_at IS NULL;
CREATE INDEX login_session_expiry ON login_session (expires_at);

-- Wrong passwords per login. The login is kept as a digest: people type their password there.
CREATE TABLE login_attempt (
    login_digest bytea PRIMARY KEY,
    failures integer NOT NULL,
    window_started_at timestamptz NOT NULL
);
CREATE INDEX login_attempt_window ON login_attempt (window_started_at);
