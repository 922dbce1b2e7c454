"""Where the ledger does not balance, or says otherwise than what it was posted for."""

POSTINGS_BALANCE = """
SELECT format('posting %s (%s %s): its entries add up to %s cents', p.posting_id, p.kind,
              p.source_id, coalesce(sum(e.amount_cents), 0))
FROM posting p LEFT JOIN ledger_entry e USING (posting_id)
GROUP BY p.posting_id HAVING sum(e.amount_cents) IS DISTINCT FROM 0
UNION ALL
SELECT format('posting %s: %s entries and no posting', e.posting_id, count(*))
FROM ledger_entry e LEFT JOIN posting p USING (posting_id)
WHERE p.posting_id IS NULL GROUP BY e.posting_id
"""

LEDGER_BALANCES = """
SELECT format('the ledger: all entries together are %s cents', sum(amount_cents))
FROM ledger_entry HAVING sum(amount_cents) <> 0
"""

# A family's entries lose its name and their invoice when the law no longer asks to keep them.
# An invoice asks for what credit notes left of it, and for what of a refund is claimed on it.
BALANCES_HOLD = """
SELECT format('invoice %s: of %s cents less %s, with %s claimed, %s are still owed', i.number,
              i.total_cents, n.cents, b.claimed_cents, b.cents)
FROM invoice i
JOIN (SELECT e.invoice_id, sum(e.amount_cents) AS cents,
             coalesce(sum(e.amount_cents) FILTER (WHERE p.kind = 'refund_claim'), 0)
                 AS claimed_cents
      FROM ledger_entry e LEFT JOIN posting p USING (posting_id)
      WHERE e.account = 'receivable' AND e.invoice_id IS NOT NULL GROUP BY 1) b USING (invoice_id)
LEFT JOIN (SELECT invoice_id, sum(total_cents) AS cents FROM credit_note GROUP BY 1) c
    USING (invoice_id)
CROSS JOIN LATERAL (SELECT coalesce(c.cents, 0) AS cents) n
WHERE b.cents NOT BETWEEN 0 AND i.total_cents - n.cents + b.claimed_cents
UNION ALL
SELECT format('entry %s of posting %s: family or register is not the invoice''s',
              e.position, e.posting_id)
FROM ledger_entry e LEFT JOIN invoice i USING (invoice_id)
WHERE e.account = 'receivable' AND (e.invoice_id IS NOT NULL OR e.family_id IS NOT NULL)
  AND (e.family_id, e.register) IS DISTINCT FROM (i.family_id, i.register)
UNION ALL
SELECT format('family %s: its credit is %s cents', family_id, -sum(amount_cents))
FROM ledger_entry WHERE account = 'family_credit' AND family_id IS NOT NULL
GROUP BY family_id HAVING sum(amount_cents) > 0
"""

PAYMENTS_ARE_POSTED = """
WITH posted AS (
    SELECT p.source_id AS payment_id, sum(e.amount_cents) FILTER (WHERE e.amount_cents > 0) AS cents
    FROM posting p JOIN ledger_entry e USING (posting_id)
    WHERE p.kind = 'payment' AND e.family_id IS NOT NULL GROUP BY 1
)
SELECT format('payment %s: %s, %s cents, posted %s cents', coalesce(p.payment_id, l.payment_id),
              coalesce(p.status, 'unknown'), p.amount_cents, l.cents)
FROM (SELECT * FROM payment WHERE status = 'paid') p FULL JOIN posted l USING (payment_id)
WHERE p.amount_cents IS DISTINCT FROM l.cents
"""

# Booked on its day and, when the bank sends it back after that, booked back: each once, whole.
DEBITS_ARE_POSTED = """
WITH posted AS (
    SELECT p.source_id AS debit_id,
           sum(e.amount_cents) FILTER (WHERE p.kind = 'direct_debit') AS collected,
           -sum(e.amount_cents) FILTER (WHERE p.kind = 'direct_debit_return') AS returned
    FROM posting p JOIN ledger_entry e USING (posting_id)
    WHERE p.kind IN ('direct_debit', 'direct_debit_return') AND e.account = 'direct_debit'
      AND e.family_id IS NOT NULL
    GROUP BY 1
)
SELECT format('debit %s: %s cents, collected %s, returned %s; posted %s and back %s',
              debit_id, d.amount_cents, d.collected_at, d.returned_at, p.collected, p.returned)
FROM debit d FULL JOIN posted p USING (debit_id)
WHERE (p.collected, p.returned) IS DISTINCT FROM (
    CASE WHEN d.collected_at IS NOT NULL THEN d.amount_cents::bigint END,
    CASE WHEN d.collected_at IS NOT NULL AND d.returned_at IS NOT NULL
         THEN d.amount_cents::bigint END)
"""

# Of a debit that was collected, or of a cheque that the bank had.
CLAIMS_ARE_OF_RETURNS = """
WITH returned AS (
    SELECT debit_id AS source_id, amount_cents FROM debit
    WHERE collected_at IS NOT NULL AND returned_at IS NOT NULL
    UNION ALL
    SELECT y.payment_id, y.amount_cents FROM payment y JOIN payment_reversal USING (payment_id)
    JOIN cheque c USING (payment_id) JOIN cheque_slip s USING (slip_id)
    WHERE s.locked_at IS NOT NULL
)
SELECT format('debit or cheque %s: %s cents came back; %s claimed of what was refunded',
              p.source_id, r.amount_cents, sum(e.amount_cents))
FROM posting p JOIN ledger_entry e USING (posting_id) LEFT JOIN returned r USING (source_id)
WHERE p.kind = 'refund_claim' AND e.account = 'receivable' AND e.family_id IS NOT NULL
GROUP BY p.source_id, r.amount_cents
HAVING r.amount_cents IS NULL OR sum(e.amount_cents) NOT BETWEEN 1 AND r.amount_cents
"""

WRITE_OFFS_ARE_POSTED = """
WITH posted AS (
    SELECT p.source_id AS write_off_id,
           sum(e.amount_cents) FILTER (WHERE p.kind = 'write_off') AS given_up,
           -sum(e.amount_cents) FILTER (WHERE p.kind = 'write_off_reversal') AS taken_back
    FROM posting p JOIN ledger_entry e USING (posting_id)
    WHERE p.kind IN ('write_off', 'write_off_reversal') AND e.account = 'write_off'
      AND e.family_id IS NOT NULL
    GROUP BY 1
)
SELECT format('write-off %s: %s cents, reversed %s; posted %s and back %s', write_off_id,
              w.amount_cents, w.reversed_at, p.given_up, p.taken_back)
FROM write_off w FULL JOIN posted p USING (write_off_id)
WHERE (p.given_up, p.taken_back) IS DISTINCT FROM (
    w.amount_cents::bigint,
    CASE WHEN w.reversed_at IS NOT NULL THEN w.amount_cents::bigint END)
"""

# Receipts, slips and credit notes; a reversal, refund or credit note is posted at its amount. A
# reversal moves more than that from account to account where credit was spent: its money counts.
CORRECTIONS_ARE_POSTED = """
WITH fact AS (
    SELECT 'payment_reversal' AS kind, r.payment_id AS source_id, p.amount_cents
    FROM payment_reversal r JOIN payment p USING (payment_id)
    UNION ALL SELECT 'refund', refund_id, amount_cents FROM refund
    UNION ALL SELECT 'refund_reversal', r.refund_id, amount_cents
    FROM refund_reversal r JOIN refund USING (refund_id)
    UNION ALL SELECT 'credit_note', credit_note_id, total_cents FROM credit_note
), posted AS (
    SELECT p.kind, p.source_id,
           CASE p.kind WHEN 'payment_reversal'
                THEN -sum(e.amount_cents) FILTER (
                    WHERE e.account NOT IN ('receivable', 'family_credit'))
                ELSE sum(e.amount_cents) FILTER (WHERE e.amount_cents > 0) END AS cents
    FROM posting p JOIN ledger_entry e USING (posting_id)
    WHERE p.kind IN ('payment_reversal', 'refund', 'refund_reversal', 'credit_note')
      AND e.family_id IS NOT NULL
    GROUP BY 1, 2
)
SELECT format('%s %s: %s cents, posted %s cents', kind, source_id, f.amount_cents, p.cents)
FROM fact f FULL JOIN posted p USING (kind, source_id)
WHERE f.amount_cents IS DISTINCT FROM p.cents
UNION ALL
SELECT format('credit note %s: %s cents, its lines %s cents', n.number, n.total_cents,
              sum(l.amount_cents))
FROM credit_note n LEFT JOIN credit_note_line l USING (credit_note_id)
GROUP BY n.credit_note_id HAVING n.total_cents IS DISTINCT FROM sum(l.amount_cents)
UNION ALL
SELECT format('invoice %s: credit notes take off %s of %s cents', i.number, sum(n.total_cents),
              i.total_cents)
FROM credit_note n JOIN invoice i USING (invoice_id)
GROUP BY i.invoice_id HAVING sum(n.total_cents) > i.total_cents
"""
