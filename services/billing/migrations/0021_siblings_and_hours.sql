ALTER TABLE child ADD COLUMN birth_date date;
ALTER TABLE activity ADD COLUMN starts_minute integer, ADD COLUMN ends_minute integer;

-- Who is enrolled in what, the ranks of brothers and sisters. starts_on null: never came in.
CREATE TABLE enrolled_child (
    enrolment_id uuid PRIMARY KEY,
    version integer NOT NULL,
    family_id uuid NOT NULL,
    child_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    starts_on date,
    ends_on date
);
CREATE INDEX enrolled_child_family ON enrolled_child (family_id, child_id);

ALTER TABLE tariff
    ADD COLUMN siblings text CHECK (siblings IN ('enrolled', 'same_day')),
    -- Percent off from the second child on, or how many ranks have lists of prices.
    ADD COLUMN sibling_percents integer[] NOT NULL DEFAULT '{}',
    ADD COLUMN sibling_lists integer NOT NULL DEFAULT 0,
    ADD COLUMN hours text CHECK (hours IN ('half_hours', 'time_bands')),
    -- Parts of the day [from, to) in minutes, those of the lists time_1, time_2 …
    ADD COLUMN time_from integer[] NOT NULL DEFAULT '{}',
    ADD COLUMN time_to integer[] NOT NULL DEFAULT '{}';

-- When the child came and left, in minutes of the local day.
ALTER TABLE unit ADD COLUMN arrived_minute integer, ADD COLUMN left_minute integer;
-- Brothers and sisters of a day.
CREATE INDEX unit_child_day ON unit (child_id, date);
-- What is open of a family's day is priced together.
DROP INDEX open_charge_family;
CREATE INDEX open_charge_family ON open_charge (family_id, date);
