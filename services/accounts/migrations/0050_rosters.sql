-- Files say who may fetch a child, its care plan and what the home consents to since now: those
-- told before are told anew, a few at a time, and so are all when the town asks other consents.
ALTER TABLE family ADD COLUMN file_told boolean NOT NULL DEFAULT true;
UPDATE family SET file_told = false;
CREATE INDEX family_untold ON family (family_id) WHERE NOT file_told;
