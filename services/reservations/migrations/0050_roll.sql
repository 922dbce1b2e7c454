-- What rosters say of a child beside its name: health and safety data, from FamilyFileUpdated.
-- `pick_ups`: who may fetch it, the guardians of this home first.
CREATE TABLE child_notes (
    family_id uuid NOT NULL,
    child_id uuid NOT NULL,
    school_code text,
    pick_ups jsonb NOT NULL,
    care_instructions text NOT NULL,
    care_valid_until date,
    consents jsonb NOT NULL,
    PRIMARY KEY (family_id, child_id),
    FOREIGN KEY (family_id, child_id) REFERENCES child ON DELETE CASCADE
);

-- Everything that was ever said of a child at a session. What stands is worked out from all of it
-- in the order of `taken_at`, so that tablets may send what they kept in any order, and twice.
CREATE TABLE roll_mark (
    mark_id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session,
    child_id uuid NOT NULL,
    family_id uuid NOT NULL,
    state text NOT NULL,
    says_arrival boolean NOT NULL,
    arrived_at timestamptz,
    says_departure boolean NOT NULL,
    left_at timestamptz,
    taken_at timestamptz NOT NULL,
    taken_by uuid,
    device text NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE INDEX roll_mark_line ON roll_mark (session_id, child_id);
CREATE INDEX roll_mark_family ON roll_mark (family_id);

ALTER TABLE attendance
    ADD COLUMN arrived_at timestamptz,
    ADD COLUMN left_at timestamptz,
    ADD COLUMN late_pickup_minutes integer NOT NULL DEFAULT 0,
    ADD COLUMN taken_at timestamptz,
    -- By an absence that the family declared and proved: holds unless the child came.
    ADD COLUMN excused boolean NOT NULL DEFAULT false;
UPDATE attendance SET taken_at = marked_at;
ALTER TABLE attendance ALTER COLUMN taken_at SET NOT NULL;
INSERT INTO roll_mark SELECT attendance_id, session_id, child_id, family_id, state, false, NULL,
    false, NULL, marked_at, marked_by, '', marked_at FROM attendance;

-- An absence that a family declares. It excuses nothing by itself: a certificate does.
CREATE TABLE absence (
    absence_id uuid PRIMARY KEY,
    family_id uuid NOT NULL,
    child_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    reason_kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('declared', 'excused', 'refused', 'withdrawn')),
    certificate_on date,
    document_id uuid UNIQUE,
    refusal text NOT NULL DEFAULT '',
    overridden boolean NOT NULL DEFAULT false, -- excused by the staff though it came too late
    declared_at timestamptz NOT NULL,
    declared_by uuid,
    by_staff boolean NOT NULL,
    decided_at timestamptz,
    decided_by uuid
);
CREATE INDEX absence_child ON absence (child_id, first_day);
CREATE INDEX absence_family ON absence (family_id, first_day);
CREATE INDEX absence_waiting ON absence (first_day) WHERE state = 'declared';

-- Our copy of where medical certificates stand, from documents; never what is in them.
CREATE TABLE certificate (
    document_id uuid PRIMARY KEY,
    version integer NOT NULL,
    family_id uuid NOT NULL,
    child_id uuid NOT NULL,
    state text NOT NULL,
    deposited_at timestamptz NOT NULL
);
CREATE INDEX certificate_child ON certificate (child_id);

-- What the kitchen was told to cook for a session, each version of it.
CREATE TABLE meal_order (
    session_id uuid NOT NULL REFERENCES session,
    version integer NOT NULL,
    order_id uuid NOT NULL,
    meals jsonb NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, version)
);
