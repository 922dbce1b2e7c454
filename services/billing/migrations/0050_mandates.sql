-- A family's consent to be debited. iban is sealed under the service's key, bound to mandate_id;
-- masked is what may be shown. Never edited: a change of account is another mandate.
CREATE TABLE mandate (
    mandate_id uuid PRIMARY KEY,
    rum text NOT NULL UNIQUE CHECK (rum ~ '^[A-Z0-9]{1,35}$'),
    family_id uuid NOT NULL REFERENCES family,
    account_id uuid,
    holder text NOT NULL,
    iban bytea NOT NULL,
    masked text NOT NULL,
    bic text NOT NULL,
    bank text NOT NULL,
    signed_on date NOT NULL,
    signed_at timestamptz NOT NULL,
    consent text NOT NULL,
    last_used_on date,
    revoked_at timestamptz,
    revoked_by uuid,
    revoked_cause text CHECK (revoked_cause IN ('family', 'office', 'bank', 'replaced')),
    revoked_reason text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX mandate_in_force ON mandate (family_id) WHERE revoked_at IS NULL;
CREATE INDEX mandate_family ON mandate (family_id, signed_at);
