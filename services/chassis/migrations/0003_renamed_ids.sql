-- Ids under which nothing is kept any more, each with the one that stands for it now.
CREATE TABLE renamed_id (
    old_id uuid PRIMARY KEY,
    new_id uuid NOT NULL
);
CREATE INDEX renamed_id_new ON renamed_id (new_id);
