-- What a reservation kept after the limit costs more: cents, or percent of the price.
ALTER TABLE tariff
    ADD COLUMN late_surcharge_cents integer NOT NULL DEFAULT 0 CHECK (late_surcharge_cents >= 0),
    ADD COLUMN late_surcharge_percent integer NOT NULL DEFAULT 0
        CHECK (late_surcharge_percent BETWEEN 0 AND 500);

ALTER TABLE unit
    DROP CONSTRAINT unit_reservation_state_check,
    ADD CONSTRAINT unit_reservation_state_check CHECK (reservation_state IN
        ('none', 'kept', 'kept_late', 'cancelled', 'cancelled_late', 'closed'));

-- Frozen with the price, for a unit that is invoiced may turn out to have been kept late.
ALTER TABLE open_charge ADD COLUMN late_surcharge_cents integer;
ALTER TABLE invoiced_charge ADD COLUMN late_surcharge_cents integer NOT NULL DEFAULT 0;
