-- How an activity shares out the places of its sessions, as ActivityPublished (version 2) tells it.
-- By itself, without references: it may arrive before the activity. No row: the columns' defaults.
CREATE TABLE place_rule (
    activity_id uuid PRIMARY KEY,
    version integer NOT NULL,
    waiting_mode text NOT NULL DEFAULT 'offer' CHECK (waiting_mode IN ('none', 'give', 'offer')),
    answer_hours integer NOT NULL DEFAULT 24,
    notice_hours integer NOT NULL DEFAULT 24,
    -- The age groups, one element each; NULL arrays: the activity has none.
    group_name text[],
    group_min smallint[],
    group_max smallint[],
    group_capacity integer[],
    group_ratio integer[]
);

-- `offered` places are held for who was offered them, `waiting` children were not offered one yet.
-- Like `booked` they change under the row's lock only, and so does what each age group takes:
-- counted here, since a statement that waited for a lock reads anew what it locked, and no more.
ALTER TABLE session
    ADD waiting integer NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    ADD offered integer NOT NULL DEFAULT 0 CHECK (offered >= 0),
    ADD group_min smallint[],
    ADD group_max smallint[],
    ADD group_capacity integer[],
    ADD group_taken integer[];

-- `past_line`: kept by the staff while others waited.
ALTER TABLE reservation
    ADD age_group smallint,
    ADD past_line boolean NOT NULL DEFAULT false;

-- Garde alternée, as the family's file tells it.
ALTER TABLE child ADD custody jsonb;
CREATE INDEX child_any_home ON child (child_id);

-- A child's wait for a place in a full session. `position` is the order of arrival: given under
-- the session's lock. A child that waits again gets a row of its own, at the end of the line.
CREATE TABLE waiting (
    waiting_id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session,
    child_id uuid NOT NULL,
    family_id uuid NOT NULL,
    version integer NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    age_group smallint,
    state text NOT NULL CHECK
        (state IN ('waiting', 'offered', 'placed', 'given_up', 'unanswered', 'over')),
    answer_until timestamptz,
    joined_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CHECK ((state = 'offered') <= (answer_until IS NOT NULL))
);
CREATE UNIQUE INDEX waiting_once ON waiting (session_id, child_id)
    WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_line ON waiting (session_id, position) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_child ON waiting (child_id) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_offer ON waiting (answer_until) WHERE state = 'offered';
CREATE INDEX waiting_family ON waiting (family_id, joined_at);

-- The number of the first age group of a child born on this day; NULL when none fits.
CREATE FUNCTION age_group(born date, day date, youngest smallint[], oldest smallint[])
RETURNS smallint LANGUAGE sql STABLE AS $$
    SELECT min(g.number)::smallint
    FROM unnest(youngest, oldest) WITH ORDINALITY AS g(youngest, oldest, number)
    WHERE extract(year FROM age(day, born)) BETWEEN g.youngest AND g.oldest
$$;

-- What the groups take after these children's groups came (1) or went (-1).
CREATE FUNCTION groups_after(taken integer[], groups smallint[], step integer)
RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(t.taken + step * cardinality(array_positions(groups, t.number::smallint))
                     ORDER BY t.number)
    FROM unnest(taken) WITH ORDINALITY AS t(taken, number)
$$;
