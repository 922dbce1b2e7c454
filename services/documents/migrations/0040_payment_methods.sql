-- Money comes in by other ways than the card. A name of what certificates say, not a state:
-- 'credit' is an advance that was used.
ALTER TABLE certified_payment ADD COLUMN method text NOT NULL DEFAULT 'card';
