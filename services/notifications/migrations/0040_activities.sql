-- Who is enrolled in what: whom a message to the families of an activity is for.
-- `starts_on` null: it ended before we heard of its beginning; `ends_on` null: it never began.
CREATE TABLE enrolled (
    enrolment_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    family_id uuid NOT NULL,
    child_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    starts_on date,
    ends_on date
);
CREATE INDEX enrolled_activity ON enrolled (activity_id);
CREATE INDEX enrolled_family ON enrolled (family_id);

-- The acceptances that we have written to families about are known already.
INSERT INTO enrolled (enrolment_id, version, family_id, child_id, activity_id, starts_on, ends_on)
SELECT DISTINCT ON (concerns) concerns, split_part(cause, ':', 3)::bigint, family_id,
       (facts->>'child_id')::uuid, activity_id, (facts->>'starts_on')::date,
       (facts->>'ends_on')::date
FROM message
WHERE kind = 'enrolment_accepted' AND activity_id IS NOT NULL AND facts ? 'child_id'
ORDER BY concerns, split_part(cause, ':', 3)::bigint DESC;

-- Who is expected on a day to come, for a message about that day; days that are over go.
CREATE TABLE expected (
    session_id uuid NOT NULL,
    child_id uuid NOT NULL,
    version bigint NOT NULL,
    family_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    date date NOT NULL,
    held boolean NOT NULL,
    PRIMARY KEY (session_id, child_id)
) WITH (fillfactor = 80);
CREATE INDEX expected_day ON expected (activity_id, date) WHERE held;
CREATE INDEX expected_over ON expected (date);
CREATE INDEX expected_family ON expected (family_id);

-- Why a session was closed, in the town's words.
CREATE TABLE closed_session (
    session_id uuid PRIMARY KEY,
    date date NOT NULL,
    reason text NOT NULL
);

-- Places that a closure took from families; those of one family are told together.
CREATE TABLE closed_place (
    reservation_id uuid NOT NULL,
    version bigint NOT NULL,
    family_id uuid NOT NULL,
    child_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    session_id uuid NOT NULL,
    date date NOT NULL,
    heard_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    told boolean NOT NULL DEFAULT false,
    PRIMARY KEY (reservation_id, version)
);
CREATE INDEX closed_place_untold ON closed_place (family_id, heard_at) WHERE NOT told;
CREATE INDEX closed_place_over ON closed_place (date);

-- What the staff wrote to the families of an activity.
CREATE TABLE broadcast (
    broadcast_id uuid PRIMARY KEY,
    activity_id uuid NOT NULL,
    day date,
    school_class text,
    subject text NOT NULL,
    body text NOT NULL,
    families integer NOT NULL,
    sent_by uuid,
    created_at timestamptz NOT NULL
);
CREATE INDEX broadcast_newest ON broadcast (created_at DESC);

-- Families whose message of a broadcast is not made yet: some hundreds at a time.
CREATE TABLE broadcast_recipient (
    broadcast_id uuid NOT NULL REFERENCES broadcast,
    family_id uuid NOT NULL,
    PRIMARY KEY (broadcast_id, family_id)
);
CREATE INDEX broadcast_recipient_family ON broadcast_recipient (family_id);
