-- The books, in double entry: each cent that moves has a source and a destination. What an
-- invoice still asks for, what a family has to its credit, what lies in the till: sums of these
-- entries and nothing else. source_id: the invoice, payment, … that the posting is about.
CREATE TABLE posting (
    posting_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL,
    source_id uuid NOT NULL,
    posted_at timestamptz NOT NULL,
    UNIQUE (kind, source_id)
);

-- Debit above zero, credit below. No foreign keys, as with charges: a month writes two entries
-- an invoice, in the statement that writes their posting.
CREATE TABLE ledger_entry (
    posting_id uuid NOT NULL,
    position integer NOT NULL,
    account text NOT NULL,
    register text NOT NULL,
    family_id uuid,
    invoice_id uuid,
    amount_cents integer NOT NULL CHECK (amount_cents <> 0),
    PRIMARY KEY (posting_id, position),
    CHECK (account <> 'receivable' OR invoice_id IS NOT NULL OR family_id IS NULL)
);
CREATE INDEX ledger_entry_receivable ON ledger_entry (invoice_id) INCLUDE (amount_cents)
    WHERE account = 'receivable';
CREATE INDEX ledger_entry_family ON ledger_entry (family_id, account);

-- All entries of a posting come in one statement, so that one look at the statement is enough.
CREATE FUNCTION refuse_unbalanced_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM written GROUP BY posting_id HAVING sum(amount_cents) <> 0) THEN
        RAISE EXCEPTION 'the entries of a posting do not add up to zero'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER balanced AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced_posting();

-- What is wrong is reversed by another posting. Families may merge or be forgotten; sums stay.
CREATE FUNCTION refuse_edited_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a ledger entry is never edited' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER immutable BEFORE UPDATE OF posting_id, account, register, amount_cents
    ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_edited_entry();

INSERT INTO posting (kind, source_id, posted_at)
SELECT 'invoice', invoice_id, issued_on::timestamp AT TIME ZONE 'Europe/Paris' FROM invoice;

INSERT INTO posting (kind, source_id, posted_at)
SELECT 'payment', payment_id, coalesce(received_at, started_at) FROM payment WHERE status = 'paid';

INSERT INTO ledger_entry (posting_id, position, account, register, family_id, invoice_id,
    amount_cents)
SELECT p.posting_id, e.position, e.account, i.register, i.family_id, i.invoice_id, e.amount_cents
FROM posting p JOIN invoice i ON i.invoice_id = p.source_id
CROSS JOIN LATERAL (VALUES (1, 'receivable', i.total_cents), (2, 'revenue', -i.total_cents))
    AS e (position, account, amount_cents)
WHERE p.kind = 'invoice';

-- Each part of a payment is a pair: what came in by card, and what it paid.
WITH part AS (
    SELECT c.payment_id, i.register, i.family_id, i.invoice_id, 'receivable' AS account,
           c.amount_cents
    FROM credit c JOIN invoice i USING (invoice_id)
    UNION ALL
    SELECT p.payment_id, (SELECT min(i.register) FROM payment_invoice s JOIN invoice i
                          USING (invoice_id) WHERE s.payment_id = p.payment_id),
           p.family_id, NULL, 'family_credit', p.excess_cents
    FROM payment p WHERE p.status = 'paid' AND p.excess_cents > 0
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY payment_id ORDER BY account DESC, invoice_id) AS rank
    FROM part
)
INSERT INTO ledger_entry (posting_id, position, account, register, family_id, invoice_id,
    amount_cents)
SELECT p.posting_id, e.position, e.account, n.register, n.family_id, e.invoice_id, e.amount_cents
FROM numbered n JOIN posting p ON p.kind = 'payment' AND p.source_id = n.payment_id
CROSS JOIN LATERAL (VALUES (2 * n.rank - 1, 'card', NULL::uuid, n.amount_cents),
                           (2 * n.rank, n.account, n.invoice_id, -n.amount_cents))
    AS e (position, account, invoice_id, amount_cents);

-- The ledger says both.
DROP TABLE credit;
ALTER TABLE payment DROP COLUMN excess_cents;
