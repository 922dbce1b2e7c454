-- Who did what to whose data, in every service: fed by StaffActed and AccessRefused.
CREATE TABLE audit_act (
    act_id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    service text NOT NULL,
    action text NOT NULL,
    account_id uuid,
    roles text[] NOT NULL,
    family_id uuid,
    child_id uuid,
    object_id uuid,
    own_family_id uuid,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'not_theirs')),
    refusal text,
    correlation_id text NOT NULL
);
CREATE INDEX audit_act_at ON audit_act (at DESC, act_id);
CREATE INDEX audit_act_family ON audit_act (family_id, at DESC);
CREATE INDEX audit_act_own_family ON audit_act (own_family_id, at DESC)
    WHERE own_family_id IS NOT NULL;
CREATE INDEX audit_act_account ON audit_act (account_id, at DESC);

-- What each operation is called in the town, and the choices of the search form.
CREATE TABLE audit_action (
    service text NOT NULL,
    action text NOT NULL,
    label text NOT NULL,
    PRIMARY KEY (service, action)
);

-- The trail is written once and never rewritten, whatever a statement of the service says.
-- Only purge_audit_acts deletes, and nothing younger than the half-year that the CNIL asks for
-- at least, whatever the setting.
CREATE FUNCTION keep_audit_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.at < nullif(current_setting('portail.audit_purge', true), '')::timestamptz THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_act_kept BEFORE UPDATE OR DELETE ON audit_act
    FOR EACH ROW EXECUTE FUNCTION keep_audit_act();
CREATE TRIGGER audit_act_not_emptied BEFORE TRUNCATE ON audit_act
    FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_act();

CREATE FUNCTION purge_audit_acts(before timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    purged bigint;
BEGIN
    IF before > now() - interval '180 days' THEN
        RAISE EXCEPTION 'the audit trail is kept for half a year at least';
    END IF;
    PERFORM set_config('portail.audit_purge', before::text, true);
    DELETE FROM audit_act WHERE at < before;
    GET DIAGNOSTICS purged = ROW_COUNT;
    PERFORM set_config('portail.audit_purge', '', true);
    RETURN purged;
END $$;

-- Families that ask for their data to be erased, and what became of it. No names: the rows outlive
-- the family.
CREATE TABLE erasure_request (
    request_id uuid PRIMARY KEY,
    family_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by uuid, -- the guardian's account; NULL when the staff found that the family has left
    status text NOT NULL CHECK (status IN ('asked', 'withdrawn', 'refused', 'done')),
    decided_at timestamptz,
    decided_by uuid,
    reason text,
    CHECK ((status = 'asked') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX erasure_request_open ON erasure_request (family_id) WHERE status = 'asked';
CREATE INDEX erasure_request_family ON erasure_request (family_id, asked_at DESC);

-- Until when each family is known to use a service, fed by enrolment's events. No reference to
-- family: an old event may come after the family is gone.
CREATE TABLE family_presence (
    family_id uuid PRIMARY KEY,
    until date NOT NULL
);
