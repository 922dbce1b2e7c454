-- Which steps go out by themselves, and the days on which that was done: once a day, in the
-- transaction that sends. A town that did not ask for it goes on as before.
ALTER TABLE reminder_step ADD COLUMN automatic boolean NOT NULL DEFAULT false;
CREATE TABLE reminder_day (
    day date PRIMARY KEY,
    done_at timestamptz NOT NULL
);
