-- What an organisation is for the public accountant: a company, a CCAS, an association. Null of
-- persons, and of organisations kept before it was asked; the till says it when it corrects them.
ALTER TABLE third_party ADD COLUMN nature text CHECK (nature IN (
    'company', 'sole_trader', 'association', 'ccas', 'school_fund', 'municipality', 'grouping',
    'department', 'hospital', 'state', 'public_body', 'family_fund'));
