-- Secret addresses of a family's agenda, which calendar programs read. Of the secret itself only a
-- digest is kept: whoever reads this table cannot read the agendas.
CREATE TABLE agenda_link (
    link_id uuid PRIMARY KEY,
    family_id uuid NOT NULL,
    account_id uuid NOT NULL,
    child_id uuid, -- null: all the family's children
    label text NOT NULL,
    token_digest bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    renewed_at timestamptz,
    last_read_on date
);
CREATE INDEX agenda_link_family ON agenda_link (family_id);

-- A feed tells what was given back lately, whatever the day of the session.
CREATE INDEX reservation_given_back ON reservation (family_id, changed_at) WHERE NOT confirmed;
