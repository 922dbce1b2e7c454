-- Activities as version 2 of ActivityPublished tells them; columns are called as its fields.
-- `planned_with`: from which calendar the sessions were made; another one makes them anew.
ALTER TABLE activity
    ADD COLUMN slots jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN age_groups jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN classes text[] NOT NULL DEFAULT '{}',
    ADD COLUMN after_deadline jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN waiting_list jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN absence_rule jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN planned_with text NOT NULL DEFAULT '';
UPDATE activity SET slots = jsonb_build_array(jsonb_build_object(
    'starts_at', to_char(starts_at, 'HH24:MI'), 'ends_at', to_char(ends_at, 'HH24:MI')));
ALTER TABLE activity DROP COLUMN starts_at, DROP COLUMN ends_at;

-- One session a day and slot. Families reserve from `reserve_from` (null: at once) until
-- `reserve_until`, and after that as `late_policy` says until `late_until`.
-- `closed_reason`: why the town closes it; null in a session that the calendar dropped.
ALTER TABLE session
    ADD COLUMN slot text NOT NULL DEFAULT '',
    ADD COLUMN slot_name text NOT NULL DEFAULT '',
    ADD COLUMN reserve_from timestamptz,
    ADD COLUMN late_policy text NOT NULL DEFAULT 'refuse',
    ADD COLUMN late_until timestamptz,
    ADD COLUMN closed_reason text,
    DROP CONSTRAINT session_activity_id_date_key,
    ADD CONSTRAINT session_of_day UNIQUE (activity_id, date, slot);
UPDATE session SET late_until = reserve_until;
ALTER TABLE session ALTER COLUMN late_until SET NOT NULL;

-- Days on which the town closes activities (null: all). A lifted one stays on record.
CREATE TABLE closure (
    closure_id uuid PRIMARY KEY,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    activity_ids uuid[],
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    lifted_at timestamptz,
    lifted_by uuid
);
CREATE INDEX closure_in_force ON closure (first_day) WHERE lifted_at IS NULL;

-- School years of the official calendar that an administrator put in after this version was
-- made; each takes the place of the shipped one. `data` is written as in calendars/*.json.
CREATE TABLE official_year (
    zone text NOT NULL,
    label text NOT NULL,
    data jsonb NOT NULL,
    put_in_at timestamptz NOT NULL,
    put_in_by uuid,
    PRIMARY KEY (zone, label)
);

-- What a family asks of the staff after the limit: one a child and session, in its latest state.
-- Each of two homes asks for itself.
CREATE TABLE late_ask (
    session_id uuid NOT NULL REFERENCES session,
    child_id uuid NOT NULL,
    ask_id uuid NOT NULL UNIQUE,
    version integer NOT NULL,
    family_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'accepted', 'refused')),
    reason text,
    asked_at timestamptz NOT NULL,
    asked_by uuid,
    answered_at timestamptz,
    answered_by uuid,
    PRIMARY KEY (session_id, child_id, family_id)
);
CREATE INDEX late_ask_pending ON late_ask (asked_at) WHERE state = 'pending';
CREATE INDEX late_ask_family ON late_ask (family_id);
