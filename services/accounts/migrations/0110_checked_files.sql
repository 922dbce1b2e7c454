-- A file of families that was checked and may be imported without being chosen again: sealed, for an hour.
CREATE TABLE checked_file (
    import_id uuid PRIMARY KEY REFERENCES import_run ON DELETE CASCADE,
    checked_by uuid NOT NULL UNIQUE,
    kept_until timestamptz NOT NULL,
    school_codes text[] NOT NULL,
    -- What the check found, to tell whether importing would still do the same.
    finding bytea NOT NULL
);

CREATE TABLE checked_file_part (
    import_id uuid NOT NULL REFERENCES checked_file ON DELETE CASCADE,
    position integer NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (import_id, position)
);
