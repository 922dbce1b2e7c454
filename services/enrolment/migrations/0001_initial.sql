-- What the town offers.
CREATE TABLE school_year (
    label text PRIMARY KEY,
    starts_on date NOT NULL,
    ends_on date NOT NULL CHECK (ends_on > starts_on)
);

CREATE TABLE school (
    code text PRIMARY KEY,
    name text NOT NULL,
    address text NOT NULL
);

-- House rules: a version is never changed, for families accepted that very text.
CREATE TABLE regulations (
    school_year text NOT NULL REFERENCES school_year,
    version integer NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (school_year, version)
);

CREATE TABLE activity (
    activity_id uuid PRIMARY KEY,
    version integer NOT NULL,
    school_year text NOT NULL REFERENCES school_year,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    place text NOT NULL,
    description text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    days text NOT NULL,
    weekdays integer[] NOT NULL,
    starts_at text NOT NULL,
    ends_at text NOT NULL,
    capacity integer NOT NULL,
    min_age integer NOT NULL,
    max_age integer NOT NULL,
    document_types text[] NOT NULL,
    -- Deadline rules will have more kinds than columns could follow.
    reserve_rule jsonb NOT NULL,
    cancel_rule jsonb NOT NULL,
    UNIQUE (school_year, code)
);

-- Our copy of the family files, fed by FamilyFileUpdated.
CREATE TABLE family (
    family_id uuid PRIMARY KEY,
    record_version integer NOT NULL,
    reference text NOT NULL,
    label text NOT NULL
);

-- A child in two homes stands in two files, so the pair is the key. A child that left
-- the file keeps its row: enrolments still name it.
CREATE TABLE family_child (
    family_id uuid NOT NULL REFERENCES family ON DELETE CASCADE,
    child_id uuid NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    birth_date date NOT NULL,
    school_code text,
    school_class text,
    in_file boolean NOT NULL,
    PRIMARY KEY (family_id, child_id)
);
CREATE INDEX family_child_child ON family_child (child_id);

-- Who is enrolled. No reference to family: its file may arrive later than an old enrolment's
-- repeat, and is erased apart.
CREATE TABLE enrolment (
    enrolment_id uuid PRIMARY KEY,
    version integer NOT NULL,
    status text NOT NULL,
    family_id uuid NOT NULL,
    child_id uuid NOT NULL,
    activity_id uuid NOT NULL REFERENCES activity,
    school_year text NOT NULL,
    regulations_version integer,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    submitted_at timestamptz NOT NULL,
    FOREIGN KEY (school_year, regulations_version) REFERENCES regulations
);
-- One live request a child and activity (hence a school year); each of two homes has its own.
CREATE UNIQUE INDEX enrolment_live ON enrolment (child_id, activity_id, family_id)
    WHERE status <> 'refused';
CREATE INDEX enrolment_family ON enrolment (family_id, submitted_at);
CREATE INDEX enrolment_status ON enrolment (status, submitted_at);
CREATE INDEX enrolment_accepted ON enrolment (activity_id) WHERE status = 'accepted';

CREATE TABLE enrolment_step (
    enrolment_id uuid NOT NULL REFERENCES enrolment ON DELETE CASCADE,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    status text NOT NULL,
    note text,
    by uuid,
    PRIMARY KEY (enrolment_id, version)
);
