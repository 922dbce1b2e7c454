-- Families that were erased. What the law makes the service keep of one goes when its time has
-- come; emptied_at tells that nothing is left. The row itself stays: it keeps an older file, late
-- or replayed, from bringing the family back.
CREATE TABLE erased_family (
    family_id uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL,
    emptied_at timestamptz
);
CREATE INDEX erased_family_left ON erased_family (erased_at) WHERE emptied_at IS NULL;
