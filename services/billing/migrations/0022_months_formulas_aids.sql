-- What a month costs at most (cap), or whatever the number of uses (fee): the list `month`.
ALTER TABLE tariff ADD COLUMN monthly text CHECK (monthly IN ('cap', 'fee'));
CREATE INDEX tariff_monthly ON tariff (activity_id)
    WHERE monthly IS NOT NULL AND replaced_at IS NULL;

-- Activities of these kinds on one day of a child: one price (formule). Never edited: another one
-- of the same name and first day takes its place.
CREATE TABLE formula (
    formula_id uuid PRIMARY KEY,
    name text NOT NULL,
    kinds text[] NOT NULL CHECK (cardinality(kinds) >= 2),
    valid_from date NOT NULL,
    valid_until date CHECK (valid_until >= valid_from),
    definition jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    published_by uuid,
    replaced_at timestamptz
);
CREATE UNIQUE INDEX formula_in_force ON formula (name, valid_from) WHERE replaced_at IS NULL;

CREATE TABLE formula_band (
    formula_id uuid NOT NULL REFERENCES formula,
    from_quotient integer NOT NULL CHECK (from_quotient >= 0),
    to_quotient integer CHECK (to_quotient > from_quotient),
    price_cents integer NOT NULL CHECK (price_cents >= 0),
    rate integer CHECK (rate BETWEEN 1 AND 10000),
    floor_cents integer CHECK (floor_cents BETWEEN 0 AND price_cents),
    CHECK ((rate IS NULL) = (floor_cents IS NULL)),
    PRIMARY KEY (formula_id, from_quotient)
);

-- What CAF, CCAS … pays for a family: of one child or of each (child_id null), of activities of
-- these kinds or of all (kinds empty), at most so much a day and so much a month.
CREATE TABLE aid (
    aid_id uuid PRIMARY KEY,
    family_id uuid NOT NULL,
    child_id uuid,
    label text NOT NULL,
    kinds text[] NOT NULL DEFAULT '{}',
    day_cents integer CHECK (day_cents > 0),
    month_cents integer CHECK (month_cents > 0),
    valid_from date NOT NULL,
    valid_until date NOT NULL CHECK (valid_until >= valid_from),
    granted_at timestamptz NOT NULL,
    granted_by uuid,
    ended_at timestamptz,
    CHECK (day_cents IS NOT NULL OR month_cents IS NOT NULL)
);
CREATE INDEX aid_family ON aid (family_id);

-- What a month adds to uses or takes off: found to be reckoned anew.
CREATE INDEX open_charge_of_month ON open_charge (family_id)
    WHERE basis IN ('monthly_cap', 'monthly_fee', 'formula', 'aid');
