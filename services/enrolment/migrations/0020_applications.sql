-- A request's life: drafts that the family keeps, requests sent back or waiting, withdrawals.
-- What is asked for together bears one `application_id`. `arrival` is the order in which requests
-- came; `waiting_rank` the order among those who wait that an allocation gave.
CREATE SEQUENCE enrolment_arrival;
ALTER TABLE enrolment
    ALTER COLUMN submitted_at DROP NOT NULL,
    ADD COLUMN application_id uuid,
    ADD COLUMN together boolean NOT NULL DEFAULT false,
    ADD COLUMN declared text[] NOT NULL DEFAULT '{}',
    ADD COLUMN arrival bigint,
    ADD COLUMN waiting_rank integer,
    -- The last day of a child that had come in and left before the activity's end.
    ADD COLUMN left_on date;
UPDATE enrolment e SET arrival = o.arrival
FROM (SELECT enrolment_id, row_number() OVER (ORDER BY submitted_at, enrolment_id) AS arrival
      FROM enrolment) o
WHERE o.enrolment_id = e.enrolment_id;
SELECT setval('enrolment_arrival', (SELECT count(*) + 1 FROM enrolment));

-- Who took a step: the family, the staff, or the town's own rule.
ALTER TABLE enrolment_step ADD COLUMN actor text;
UPDATE enrolment_step SET actor = CASE status WHEN 'submitted' THEN 'family' ELSE 'staff' END;
ALTER TABLE enrolment_step ALTER COLUMN actor SET NOT NULL;

-- Whoever withdrew may ask anew, and a draft is nobody's request yet.
DROP INDEX enrolment_live;
CREATE UNIQUE INDEX enrolment_live ON enrolment (child_id, activity_id, family_id)
    WHERE status NOT IN ('draft', 'refused', 'withdrawn');
CREATE INDEX enrolment_application ON enrolment (application_id);
CREATE INDEX enrolment_waiting ON enrolment (activity_id) WHERE status = 'waiting';
CREATE INDEX enrolment_leaving ON enrolment (activity_id, left_on) WHERE left_on IS NOT NULL;

-- NULL until the family's file tells it again.
ALTER TABLE family ADD COLUMN resident boolean;

-- How children get into an activity. One that has no row: no window, no limit, the staff decide.
CREATE TABLE admission (
    activity_id uuid PRIMARY KEY REFERENCES activity,
    opens_at timestamptz,
    closes_at timestamptz,
    mode text NOT NULL,
    automatic boolean NOT NULL,
    places integer,
    papers text NOT NULL
);
CREATE TABLE criterion (
    activity_id uuid NOT NULL REFERENCES admission ON DELETE CASCADE,
    code text NOT NULL,
    position integer NOT NULL,
    label text NOT NULL,
    weight integer NOT NULL,
    source text NOT NULL,
    per_child boolean NOT NULL,
    schools text[] NOT NULL,
    PRIMARY KEY (activity_id, code)
);

-- What a distribution of places was made with and what came of it, for whoever asks why.
CREATE TABLE allocation (
    allocation_id uuid PRIMARY KEY,
    activity_id uuid NOT NULL REFERENCES activity,
    seed text NOT NULL,
    places integer NOT NULL,
    made_at timestamptz NOT NULL,
    made_by uuid,
    confirmed_at timestamptz,
    confirmed_by uuid
);
CREATE INDEX allocation_activity ON allocation (activity_id, made_at);
CREATE TABLE allocation_line (
    allocation_id uuid NOT NULL REFERENCES allocation ON DELETE CASCADE,
    enrolment_id uuid NOT NULL REFERENCES enrolment ON DELETE CASCADE,
    position integer NOT NULL,
    points integer NOT NULL,
    draw text NOT NULL,
    outcome text NOT NULL,
    reasons jsonb NOT NULL,
    explanation text NOT NULL,
    PRIMARY KEY (allocation_id, enrolment_id)
);
CREATE INDEX allocation_line_enrolment ON allocation_line (enrolment_id);

-- House rules of one activity, beside those of its school year; and what each family accepted.
CREATE TABLE activity_regulations (
    activity_id uuid NOT NULL REFERENCES activity,
    version integer NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (activity_id, version)
);
CREATE TABLE regulations_acceptance (
    family_id uuid NOT NULL,
    school_year text NOT NULL REFERENCES school_year,
    -- Of the whole school year when NULL.
    activity_id uuid REFERENCES activity,
    version integer NOT NULL,
    accepted_at timestamptz NOT NULL,
    accepted_by uuid,
    UNIQUE NULLS NOT DISTINCT (family_id, school_year, activity_id, version)
);
INSERT INTO regulations_acceptance (family_id, school_year, version, accepted_at)
SELECT family_id, school_year, regulations_version, min(submitted_at)
FROM enrolment WHERE regulations_version IS NOT NULL
GROUP BY family_id, school_year, regulations_version;

-- A replay of the family files fills `resident`; what is known already changes nothing.
DELETE FROM inbox;
