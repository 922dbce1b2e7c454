-- Who pays for a family in its place: a business or another public body (child welfare, a works
-- council, another town's CCAS). siret null: from that day the family pays itself again. An
-- invoice goes by what held on the day it was issued.
CREATE TABLE organisation_payer (
    family_id uuid NOT NULL,
    since date NOT NULL,
    name text NOT NULL,
    siret text CHECK (siret ~ '^[0-9]{14}$'),
    decided_at timestamptz NOT NULL,
    decided_by uuid,
    PRIMARY KEY (family_id, since)
);
