-- Where a message goes that is meant for one address alone: a link that proves who reads there.
-- Erased with the secret that it carries.
ALTER TABLE message ADD COLUMN mail_to text;
