"""What the books must satisfy: queries that find whatever does not.

Each is set-based, reads one snapshot, and returns a line of text for each disagreement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.billing.model.units import BASIS
from services.billing.repository.pricing import OF_MONTH
from services.chassis.database import Connection

# A town of 50,000 families has millions of charges.
PROOF_SECONDS = 600

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

INVOICES_ADD_UP = """
SELECT format('invoice %s: total %s, lines %s, charges %s cents', i.number, i.total_cents,
              l.cents, c.cents)
FROM invoice i
LEFT JOIN (SELECT invoice_id, sum(amount_cents) AS cents FROM invoice_line GROUP BY 1) l
    USING (invoice_id)
LEFT JOIN (SELECT invoice_id, sum(amount_cents) AS cents FROM invoiced_charge GROUP BY 1) c
    USING (invoice_id)
WHERE (l.cents, c.cents) IS DISTINCT FROM (i.total_cents::bigint, i.total_cents::bigint)
UNION ALL
SELECT format('invoice %s: charges of an invoice that does not exist', c.invoice_id)
FROM invoiced_charge c LEFT JOIN invoice i USING (invoice_id)
LEFT JOIN planned_invoice p USING (invoice_id)
WHERE i.invoice_id IS NULL AND p.invoice_id IS NULL GROUP BY c.invoice_id
"""

# What is put on one payer's account is taken off the child's family's, to the cent. Old years lose
# the rows of one family before those of another.
SHARES_ONLY_MOVE = """
SELECT format('sharing %s, activity %s, %s: its parts come to %s cents beyond the whole',
              c.rule ->> 'sharing_id', c.activity_id, to_char(c.date, 'YYYY-MM'),
              sum(c.amount_cents))
FROM (SELECT activity_id, date, basis, rule, amount_cents FROM open_charge
      UNION ALL
      SELECT activity_id, date, basis, rule, amount_cents FROM invoiced_charge) c
WHERE c.basis = 'share' AND c.date > now() - interval '9 years'
GROUP BY c.rule ->> 'sharing_id', c.activity_id, to_char(c.date, 'YYYY-MM')
HAVING sum(c.amount_cents) <> 0
"""

INVOICES_ARE_POSTED = """
SELECT format('invoice %s: total %s, posted as owed %s and as earned %s cents', i.number,
              i.total_cents, p.owed, p.earned)
FROM invoice i
LEFT JOIN (
    SELECT p.source_id AS invoice_id, e.register,
           sum(e.amount_cents) FILTER (WHERE e.account = 'receivable'
                                       AND e.invoice_id = p.source_id) AS owed,
           -sum(e.amount_cents) FILTER (WHERE e.account = 'revenue') AS earned
    FROM posting p JOIN ledger_entry e USING (posting_id)
    WHERE p.kind = 'invoice' GROUP BY 1, 2) p USING (invoice_id, register)
WHERE (p.owed, p.earned) IS DISTINCT FROM (i.total_cents::bigint, i.total_cents::bigint)
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

# A run at work has taken numbers that it has not written yet. Old years lose invoices, family by
# family, when the law no longer asks to keep them.
NUMBERS_ARE_GAPLESS = """
SELECT format('register %s, year %s: %s invoices, numbered %s to %s; the counter says %s',
              register, fiscal_year, i.invoices, i.first, i.last, k.last_number)
FROM (SELECT register, fiscal_year, count(*) AS invoices, min(sequence) AS first,
             max(sequence) AS last
      FROM (SELECT register, fiscal_year, sequence FROM invoice
            UNION ALL SELECT register, fiscal_year, sequence FROM planned_invoice) taken
      GROUP BY 1, 2) i
FULL JOIN invoice_counter k USING (register, fiscal_year)
WHERE fiscal_year > extract(year FROM now()) - 10
  AND (i.first, i.last, i.invoices)
      IS DISTINCT FROM (1, k.last_number, k.last_number::bigint)
  AND coalesce(k.last_number, 0) + coalesce(i.invoices, 0) > 0
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

SERIES_ARE_GAPLESS = """
WITH numbered AS (
    SELECT 'receipt' AS kind, reference AS number FROM payment
    WHERE method IN ('cash', 'cheque', 'cesu')
    UNION ALL SELECT 'slip', number FROM cheque_slip WHERE number IS NOT NULL
    UNION ALL SELECT 'credit_note', number FROM credit_note
), counted AS (
    SELECT kind, split_part(number, '-', 2) AS register,
           substr(split_part(number, '-', 1), 2)::integer AS fiscal_year,
           count(DISTINCT number) AS numbers, max(split_part(number, '-', 3)::integer) AS last
    FROM numbered GROUP BY 1, 2, 3
    UNION ALL SELECT 'bordereau', '', fiscal_year, count(*), max(number) FROM pes_batch GROUP BY 3
)
SELECT format('%s of register %s, year %s: %s numbers up to %s; the series says %s', kind,
              register, fiscal_year, c.numbers, c.last, s.last_number)
FROM counted c FULL JOIN number_series s USING (kind, register, fiscal_year)
WHERE fiscal_year > extract(year FROM now()) - 10
  AND (c.numbers, c.last) IS DISTINCT FROM (s.last_number::bigint, s.last_number)
"""

EVENTS_AGREE = """
WITH told AS MATERIALIZED (
    SELECT type, body::jsonb AS body FROM outbox
    WHERE type LIKE 'portail.billing.invoice-issued.%'
       OR type LIKE 'portail.billing.payment-received.%'
), invoice_told AS (
    SELECT (body ->> 'invoice_id')::uuid AS invoice_id, type, body FROM told
    WHERE type LIKE '%.invoice-issued.%'
), payment_told AS (
    SELECT (body ->> 'payment_id')::uuid AS payment_id, type, body FROM told
    WHERE type LIKE '%.payment-received.%'
), kept AS (
    -- The outbox keeps events for a time; before this instant some may be gone already. The
    -- longest transaction takes ten minutes.
    SELECT CASE WHEN min(position) = 1 THEN '-infinity'
                ELSE min(created_at) + interval '10 minutes' END AS since FROM outbox
)
SELECT format('event on invoice %s: %s, %s cents; the row says %s, %s cents', t.invoice_id,
              t.body ->> 'number', t.body ->> 'total_cents', i.number, i.total_cents)
FROM invoice_told t LEFT JOIN invoice i USING (invoice_id)
WHERE (t.body ->> 'number', (t.body ->> 'total_cents')::integer, (t.body ->> 'due_on')::date)
      IS DISTINCT FROM (i.number, i.total_cents, i.due_on)
UNION ALL
SELECT format('event on payment %s: %s cents by %s; the row says %s, %s cents by %s',
              t.payment_id, t.body ->> 'amount_cents', t.body ->> 'method', p.status,
              p.amount_cents, p.method)
FROM payment_told t LEFT JOIN payment p USING (payment_id)
WHERE ('paid', (t.body ->> 'amount_cents')::integer, t.body ->> 'method')
      IS DISTINCT FROM (p.status, p.amount_cents, p.method)
UNION ALL
-- A fact may be told in several versions; in each of them once.
SELECT format('%s %s: posted, and told %s times', p.kind, p.source_id, count(t.id))
FROM posting p CROSS JOIN kept k
LEFT JOIN (SELECT 'invoice' AS kind, invoice_id AS id, type FROM invoice_told
           UNION ALL SELECT 'payment', payment_id, type FROM payment_told) t
    ON t.kind = p.kind AND t.id = p.source_id
WHERE p.kind IN ('invoice', 'payment') AND p.written_at > k.since
GROUP BY p.posting_id HAVING count(t.id) = 0 OR count(t.id) <> count(DISTINCT t.type)
"""

# $1 to $4: the table model.units.BASIS. What a unit's states say is to be charged to its payer,
# beside what invoices hold (at the price that the family's first invoice of it froze) and what
# is still open: charged once, to one family, whatever came in whatever order.
UNITS_ARE_CHARGED_ONCE = """
WITH rule AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[])
        AS r(reserved, attended, basis, charged)
), said AS (
    SELECT u.child_id, u.session_id, r.basis, r.charged,
           greatest(1, (u.left_minute - u.arrived_minute + 29) / 30) AS half_hours,
           u.arrived_minute + u.left_minute IS NOT NULL AS stay_known,
           CASE WHEN r.basis = 'unreserved' OR u.reservation_family_id IS NULL
                     OR (u.reservation_state = 'closed' AND u.attendance_state = 'present')
                THEN u.attendance_family_id ELSE u.reservation_family_id END AS family_id
    FROM unit u JOIN rule r ON r.attended = u.attendance_state
        AND r.reserved = CASE WHEN u.reservation_state = 'none' AND u.attendance_expected
                              THEN 'kept' ELSE u.reservation_state END
), held AS (
    SELECT c.child_id, c.session_id, c.family_id, sum(c.amount_cents) AS cents,
           (array_agg(c.unit_cents ORDER BY i.fiscal_year, i.sequence))[1] AS unit_cents,
           (array_agg((c.rule ->> 'half_hours')::integer
                      ORDER BY i.fiscal_year, i.sequence))[1] AS half_hours,
           (array_agg(c.surcharge_cents ORDER BY i.fiscal_year, i.sequence))[1]
               AS surcharge_cents,
           (array_agg(c.late_surcharge_cents ORDER BY i.fiscal_year, i.sequence))[1]
               AS late_surcharge_cents
    FROM invoiced_charge c LEFT JOIN invoice i USING (invoice_id) WHERE NOT {of_month}
    GROUP BY 1, 2, 3
), account AS (
    SELECT child_id, session_id, family_id, h.cents, o.amount_cents, o.basis AS open_basis,
           o.child_id IS NOT NULL AS open, o.corrects, s.basis,
           coalesce(s.charged, false) AS charged,
           CASE WHEN NOT coalesce(s.charged, false) THEN 0
                ELSE CASE WHEN s.stay_known AND h.half_hours IS NOT NULL
                          THEN h.unit_cents * s.half_hours / h.half_hours
                          ELSE h.unit_cents END
                     + CASE s.basis WHEN 'unreserved' THEN h.surcharge_cents
                                    WHEN 'late_reservation' THEN h.late_surcharge_cents
                                    ELSE 0 END END AS due_cents
    FROM held h
    FULL JOIN (SELECT * FROM open_charge c WHERE NOT {of_month}) o
        USING (child_id, session_id, family_id)
    FULL JOIN said s USING (child_id, session_id, family_id)
)
SELECT format('child %s at session %s, family %s: %s cents due, %s invoiced, %s open (%s)',
              child_id, session_id, family_id, due_cents, cents, amount_cents, open_basis)
FROM account
WHERE CASE WHEN cents IS NOT NULL THEN cents + coalesce(amount_cents, 0) <> due_cents
                                       OR (open AND corrects IS NULL)
           ELSE open <> charged OR corrects IS NOT NULL
                OR (open AND open_basis <> basis) END
"""

_CASES = [
    (str(reserved), str(attended), str(basis), basis.charged)
    for (reserved, attended), basis in BASIS.items()
]


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that must hold, and the query that finds where it does not."""

    claim: str
    query: str
    values: tuple[Sequence[object], ...] = ()


PROOFS = (
    Proof("every posting balances", POSTINGS_BALANCE),
    Proof("the ledger balances", LEDGER_BALANCES),
    Proof("every invoice is its lines and its charges", INVOICES_ADD_UP),
    Proof("every invoice is posted", INVOICES_ARE_POSTED),
    Proof("nothing is owed or credited below zero", BALANCES_HOLD),
    Proof("every payment is posted", PAYMENTS_ARE_POSTED),
    Proof("every direct debit is posted", DEBITS_ARE_POSTED),
    Proof("a refund is claimed of money that came back", CLAIMS_ARE_OF_RETURNS),
    Proof("every debt given up is posted", WRITE_OFFS_ARE_POSTED),
    Proof("every correction is posted", CORRECTIONS_ARE_POSTED),
    Proof("invoices have no gap in their numbers", NUMBERS_ARE_GAPLESS),
    Proof("receipts, slips, credit notes and bordereaux have none either", SERIES_ARE_GAPLESS),
    Proof("events say what the rows say", EVENTS_AGREE),
    Proof("what is divided among payers is the whole", SHARES_ONLY_MOVE),
    Proof(
        "every unit is charged once",
        UNITS_ARE_CHARGED_ONCE.format(of_month=OF_MONTH),
        tuple([case[column] for case in _CASES] for column in range(4)),
    ),
)


async def disagreements(connection: Connection, proof: Proof) -> list[str]:
    """One line for each place where the claim does not hold; none, and it is proved."""
    rows = await connection.fetch(proof.query, *proof.values, timeout=PROOF_SECONDS)
    return [row[0] for row in rows]
