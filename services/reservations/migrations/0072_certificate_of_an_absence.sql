-- The absence that a certificate was handed in for; empty: the one that its days fit.
ALTER TABLE certificate ADD COLUMN absence_id uuid;
