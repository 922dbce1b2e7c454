-- What the books keep of invoices and payments that the law no longer asks to keep, so that they are
-- still proved: how many numbers of a series are gone, and what the parts of a sharing came to that
-- went before the others. Of nobody.
CREATE TABLE expired_number (
    kind text NOT NULL,
    register text NOT NULL,
    fiscal_year integer NOT NULL,
    numbers integer NOT NULL CHECK (numbers > 0),
    PRIMARY KEY (kind, register, fiscal_year)
);
CREATE TABLE expired_share (
    sharing_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    month date NOT NULL,
    amount_cents bigint NOT NULL,
    PRIMARY KEY (sharing_id, activity_id, month)
);

-- One of the invoices that charged it is gone with its payer, another one is kept.
ALTER TABLE unit ADD COLUMN partly_expired boolean NOT NULL DEFAULT false;
