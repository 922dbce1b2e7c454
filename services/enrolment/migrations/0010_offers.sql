-- What version 2 of ActivityPublished tells of an activity; columns are called as its fields.
-- `starts_at` and `ends_at` stay: when the day begins and ends, over all slots.
-- `told_in`: in which version of the event the present description was told.
ALTER TABLE activity
    ADD COLUMN slots jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN age_groups jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN classes text[] NOT NULL DEFAULT '{}',
    ADD COLUMN after_deadline jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN waiting_list jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN absence_rule jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN told_in smallint NOT NULL DEFAULT 1;
UPDATE activity SET slots = jsonb_build_array(jsonb_build_object(
    'code', '', 'name', '', 'starts_at', starts_at, 'ends_at', ends_at, 'capacity', NULL));
