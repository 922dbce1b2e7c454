-- A medical certificate is handed in for one absence: for another one it is another document.
ALTER TABLE document ADD COLUMN absence_id uuid;
DROP INDEX document_once;
CREATE UNIQUE INDEX document_once
    ON document (family_id, document_type, child_id, absence_id, fingerprint) NULLS NOT DISTINCT
    WHERE state IN ('quarantined', 'submitted', 'accepted', 'expiring');
