-- Second factors are kept encrypted; the clear column empties itself at the first start.
-- A secret is pending until its first code has been typed.
ALTER TABLE account
    ADD COLUMN totp_sealed bytea,
    ADD COLUMN pending_totp_sealed bytea,
    ADD COLUMN pending_totp_at timestamptz,
    -- Of the staff: the activities that a leader is limited to (null: all), and who may not
    -- come in any more.
    ADD COLUMN activity_ids uuid[],
    ADD COLUMN disabled_at timestamptz,
    ADD CHECK ((pending_totp_sealed IS NULL) = (pending_totp_at IS NULL));

CREATE TABLE recovery_code (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    digest bytea NOT NULL,
    PRIMARY KEY (account_id, digest)
);

-- What one is shown of one's own sessions. No address is kept.
ALTER TABLE login_session
    ADD COLUMN device text NOT NULL DEFAULT '',
    ADD COLUMN last_seen_at timestamptz,
    -- FranceConnect's token, sealed, which its own sign-out asks for.
    ADD COLUMN provider_token bytea;

-- Attempts are counted by more than the login now: by device, by address, by session.
ALTER TABLE login_attempt RENAME TO attempt;
ALTER TABLE attempt RENAME COLUMN login_digest TO bucket;
ALTER TABLE attempt RENAME COLUMN window_started_at TO last_at;
ALTER INDEX login_attempt_window RENAME TO attempt_last;

-- A forgotten password, as somebody typed the login. Worked off by a job, so that the answer
-- takes as long for a login that does not exist.
CREATE TABLE reset_request (
    request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text NOT NULL,
    requested_at timestamptz NOT NULL
);

-- Links that were mailed, by the digest of their token; used ones are gone.
CREATE TABLE password_reset (
    token_digest bytea PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX password_reset_account ON password_reset (account_id);

-- A mail address that waits for its two answers: yes from the new one, no from the old one.
CREATE TABLE mail_change (
    change_id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    old_mail text,
    new_mail text NOT NULL,
    confirm_digest bytea NOT NULL UNIQUE,
    cancel_digest bytea UNIQUE,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    confirmed_at timestamptz
);
CREATE INDEX mail_change_account ON mail_change (account_id);

-- Who signs in with FranceConnect: one identity, one account.
CREATE TABLE external_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id uuid NOT NULL UNIQUE REFERENCES account ON DELETE CASCADE,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject)
);

-- A sign-in that has left for FranceConnect; gone when it comes back.
CREATE TABLE external_flow (
    state_digest bytea PRIMARY KEY,
    browser_digest bytea NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Somebody whom FranceConnect knows and no account does yet; gone once linked.
CREATE TABLE external_ticket (
    ticket_digest bytea PRIMARY KEY,
    issuer text NOT NULL,
    subject text NOT NULL,
    sealed_identity bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
