-- Another mail address is confirmed at both ends; `confirmed_at` is when the last one has.
ALTER TABLE mail_change
    ADD COLUMN old_confirms boolean NOT NULL DEFAULT false,
    ADD COLUMN new_confirmed_at timestamptz,
    ADD COLUMN old_confirmed_at timestamptz;
