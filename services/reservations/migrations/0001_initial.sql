-- Our copy of the activities, fed by ActivityPublished. Sessions are made from it.
CREATE TABLE activity (
    activity_id uuid PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    school_year text NOT NULL,
    place text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    days text NOT NULL,
    weekdays smallint[] NOT NULL,
    starts_at time NOT NULL,
    ends_at time NOT NULL,
    capacity integer NOT NULL,
    -- Deadline rules will have more kinds than columns could follow.
    reserve_rule jsonb NOT NULL,
    cancel_rule jsonb NOT NULL
);

-- Our copy of the family files, fed by FamilyFileUpdated.
CREATE TABLE family (
    family_id uuid PRIMARY KEY,
    record_version integer NOT NULL
);

-- A child in two homes stands in two files, so the pair is the key. A child that left
-- the file keeps its row: reservations still name it.
CREATE TABLE child (
    family_id uuid NOT NULL REFERENCES family ON DELETE CASCADE,
    child_id uuid NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    birth_date date NOT NULL,
    school_class text,
    diet text NOT NULL,
    allergies text,
    in_file boolean NOT NULL,
    PRIMARY KEY (family_id, child_id)
);

-- Our copy of the accepted enrolments. No references: an enrolment may arrive before
-- its activity and before its family.
CREATE TABLE enrolment (
    enrolment_id uuid PRIMARY KEY,
    version integer NOT NULL,
    family_id uuid NOT NULL,
    child_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL
);
CREATE INDEX enrolment_child ON enrolment (child_id, activity_id);
CREATE INDEX enrolment_activity ON enrolment (activity_id);

-- One activity on one date. The limits are kept as instants, so that reserving compares
-- and never computes; they are made anew when the activity is republished.
-- `booked` counts the confirmed reservations and changes under this row's lock only.
CREATE TABLE session (
    session_id uuid PRIMARY KEY,
    activity_id uuid NOT NULL REFERENCES activity,
    date date NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    capacity integer NOT NULL,
    booked integer NOT NULL DEFAULT 0 CHECK (booked >= 0),
    reserve_until timestamptz NOT NULL,
    cancel_until timestamptz NOT NULL,
    -- Closed: the calendar no longer has it; what families hold in it stays theirs.
    open boolean NOT NULL DEFAULT true,
    UNIQUE (activity_id, date)
) WITH (fillfactor = 70); -- booked changes often: room for the new row on the same page
CREATE INDEX session_date ON session (date);

-- The place of one child at one session, in its latest state. `version` grows with each change
-- of the pair, whichever of a child's homes makes it, so that readers can order its events.
CREATE TABLE reservation (
    session_id uuid NOT NULL REFERENCES session,
    child_id uuid NOT NULL,
    reservation_id uuid NOT NULL UNIQUE,
    version integer NOT NULL,
    family_id uuid NOT NULL,
    confirmed boolean NOT NULL,
    late boolean NOT NULL DEFAULT false, -- cancelled too late to go without charge
    past_deadline boolean NOT NULL, -- kept by the staff when the family no longer could
    by_staff boolean NOT NULL,
    changed_by uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, child_id)
) WITH (fillfactor = 80);
CREATE INDEX reservation_family ON reservation (family_id, session_id);

-- What the roll says, in its latest version.
CREATE TABLE attendance (
    session_id uuid NOT NULL REFERENCES session,
    child_id uuid NOT NULL,
    attendance_id uuid NOT NULL UNIQUE,
    version integer NOT NULL,
    family_id uuid NOT NULL,
    reservation_id uuid,
    state text NOT NULL,
    marked_by uuid,
    marked_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, child_id)
);

-- Every statement of this service looks rows up by key, and one plan serves them all. Left to
-- itself PostgreSQL plans the reading of each basket anew, which takes longer than reading it.
ALTER ROLE CURRENT_USER SET plan_cache_mode = 'force_generic_plan';
