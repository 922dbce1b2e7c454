-- What an organisation asks its suppliers to quote: the service within it that pays (code service)
-- and the number under which it set the money aside (numéro d'engagement). Empty: nothing.
ALTER TABLE organisation_payer
    ADD COLUMN service_code text NOT NULL DEFAULT '',
    ADD COLUMN engagement text NOT NULL DEFAULT '';
