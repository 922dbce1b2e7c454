"""Where an invoice is not its lines, its charges and its posting."""

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

# What is put on one payer's account is taken off the child's family's, to the cent. The rows of one
# may be gone before those of another (`personal_data`): `expired_share` carries what they came to.
SHARES_ONLY_MOVE = """
SELECT format('sharing %s, activity %s, %s: its parts come to %s cents beyond the whole',
              c.sharing_id, c.activity_id, to_char(c.month, 'YYYY-MM'), sum(c.amount_cents))
FROM (SELECT (rule ->> 'sharing_id')::uuid AS sharing_id, activity_id,
             date_trunc('month', date)::date AS month, amount_cents
      FROM open_charge WHERE basis = 'share'
      UNION ALL
      SELECT (rule ->> 'sharing_id')::uuid, activity_id, date_trunc('month', date)::date,
             amount_cents
      FROM invoiced_charge WHERE basis = 'share'
      UNION ALL
      SELECT sharing_id, activity_id, month, amount_cents FROM expired_share) c
GROUP BY c.sharing_id, c.activity_id, c.month HAVING sum(c.amount_cents) <> 0
"""
