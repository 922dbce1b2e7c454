-- A tariff as the town wrote it (`model.tariffs.Tariff`), beside what prices are made with.
ALTER TABLE tariff
    ADD COLUMN definition jsonb,
    ADD COLUMN unreserved_surcharge_percent integer NOT NULL DEFAULT 0
        CHECK (unreserved_surcharge_percent BETWEEN 0 AND 500),
    ADD COLUMN outside_supplement_cents integer NOT NULL DEFAULT 0
        CHECK (outside_supplement_cents >= 0),
    ADD COLUMN cost_cents integer CHECK (cost_cents > 0),
    -- Which cases have a list of prices of their own.
    ADD COLUMN has_outside boolean NOT NULL DEFAULT false,
    ADD COLUMN has_own_meal boolean NOT NULL DEFAULT false;

UPDATE tariff t SET definition = jsonb_build_object(
    'activity_id', t.activity_id, 'valid_from', t.valid_from,
    'price', jsonb_build_object('kind', 'quotient', 'bands', (
        SELECT jsonb_agg(jsonb_build_object('from_quotient', b.from_quotient,
                   'to_quotient', b.to_quotient, 'price_cents', b.price_cents)
                   ORDER BY b.from_quotient)
        FROM tariff_band b WHERE b.tariff_id = t.tariff_id)),
    'unreserved', jsonb_build_object('cents', t.unreserved_surcharge_cents, 'percent', 0),
    'late', jsonb_build_object('cents', t.late_surcharge_cents,
                               'percent', t.late_surcharge_percent));
ALTER TABLE tariff ALTER COLUMN definition SET NOT NULL;

-- A band belongs to a list: of everyone, of who lives elsewhere, of who brings the meal. With a
-- rate (ten-thousandths of the quotient), price_cents is the ceiling.
ALTER TABLE tariff_band
    ADD COLUMN list text NOT NULL DEFAULT 'standard',
    ADD COLUMN rate integer CHECK (rate BETWEEN 1 AND 10000),
    ADD COLUMN floor_cents integer CHECK (floor_cents BETWEEN 0 AND price_cents),
    ADD CHECK ((rate IS NULL) = (floor_cents IS NULL)),
    DROP CONSTRAINT tariff_band_pkey,
    ADD PRIMARY KEY (tariff_id, list, from_quotient);
DROP INDEX tariff_band_open;
CREATE UNIQUE INDEX tariff_band_open ON tariff_band (tariff_id, list) WHERE to_quotient IS NULL;

ALTER TABLE child ADD COLUMN own_meal boolean NOT NULL DEFAULT false;

-- What else than the quotient made the price; null where nothing did.
ALTER TABLE open_charge ADD COLUMN rule jsonb;
ALTER TABLE invoiced_charge ADD COLUMN rule jsonb;
ALTER TABLE invoice_line ADD COLUMN rule jsonb, ADD COLUMN tariff_id uuid;
