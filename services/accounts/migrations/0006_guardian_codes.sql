-- Codes for every guardian of a family, not for its first one alone.
ALTER TABLE code_batch
    ADD COLUMN every_guardian boolean NOT NULL DEFAULT false,
    ADD COLUMN guardian_ids uuid[];

-- What an issue of codes to every guardian would do for each of them.
CREATE VIEW guardian_code_outcome AS
SELECT f.family_id, f.reference, f.label, f.missing, g.guardian_id, g.position,
       g.first_name || ' ' || upper(g.last_name) AS guardian,
       CASE WHEN EXISTS (SELECT FROM account a WHERE a.guardian_id = g.guardian_id) THEN 'already'
            WHEN f.missing <> '{}' THEN 'incomplete'
            WHEN g.mail IS NOT NULL THEN 'mail'
            ELSE 'letter' END AS outcome
FROM family f JOIN guardian g USING (family_id);
