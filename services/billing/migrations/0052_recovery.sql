-- When a family that has not paid is reminded, in what words; the till may change both.
CREATE TABLE reminder_step (
    step integer PRIMARY KEY CHECK (step BETWEEN 1 AND 3),
    days integer NOT NULL CHECK (days BETWEEN 1 AND 365),
    subject text NOT NULL CHECK (subject <> ''),
    text text NOT NULL CHECK (text <> '')
);
INSERT INTO reminder_step (step, days, subject, text) VALUES
    (1, 8, 'Rappel : facture à régler',
     'Sauf erreur de notre part, nous n’avons pas encore reçu votre règlement. Il s’agit peut-être d’un oubli : merci de régler cette somme dès que possible. Si votre paiement vient de partir, ne tenez pas compte de ce message.'),
    (2, 30, 'Deuxième rappel : facture à régler',
     'Malgré notre premier rappel, cette somme reste à régler. Merci de le faire sous huit jours. En cas de difficulté, prenez contact avec la régie : un paiement en plusieurs fois est possible.'),
    (3, 60, 'Dernier rappel avant transmission au comptable public',
     'Sans règlement de votre part sous quinze jours, cette somme sera transmise au comptable public, qui en poursuivra le recouvrement. Si vous traversez une période difficile, le centre communal d’action sociale peut vous aider.');

-- One message to one family. Of one invoice a step is sent once, ever.
CREATE TABLE reminder (
    reminder_id uuid PRIMARY KEY,
    family_id uuid NOT NULL,
    step integer NOT NULL REFERENCES reminder_step,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    sent_at timestamptz NOT NULL,
    sent_by uuid
);
CREATE INDEX reminder_family ON reminder (family_id, sent_at);
CREATE TABLE reminder_invoice (
    invoice_id uuid NOT NULL,
    step integer NOT NULL,
    reminder_id uuid NOT NULL REFERENCES reminder ON DELETE CASCADE,
    PRIMARY KEY (invoice_id, step)
);
CREATE INDEX reminder_invoice_reminder ON reminder_invoice (reminder_id);

-- A debt that the town gives up, and why. Taken back by a reversal.
CREATE TABLE write_off (
    write_off_id uuid PRIMARY KEY,
    invoice_id uuid NOT NULL,
    family_id uuid NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    reason text NOT NULL CHECK (reason <> ''),
    decided_at timestamptz NOT NULL,
    decided_by uuid,
    reversed_at timestamptz,
    reversed_by uuid
);
CREATE INDEX write_off_family ON write_off (family_id);
CREATE INDEX write_off_decided ON write_off (decided_at);

-- The books of a period, for the town's accounts.
CREATE INDEX posting_posted ON posting (posted_at);
