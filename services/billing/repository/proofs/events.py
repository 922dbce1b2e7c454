"""Where events say otherwise than the rows."""

# What the law no longer asks to keep has lost its row, and its entries their family; an event that
# is kept longer has nothing to agree with.
EVENTS_AGREE = """
WITH told AS MATERIALIZED (
    SELECT type, body::jsonb AS body FROM outbox
    WHERE type LIKE 'portail.billing.invoice-issued.%'
       OR type LIKE 'portail.billing.payment-received.%'
), expired AS MATERIALIZED (
    SELECT DISTINCT p.source_id FROM posting p JOIN ledger_entry e USING (posting_id)
    WHERE p.kind IN ('invoice', 'payment') AND e.family_id IS NULL
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
  AND NOT (i.invoice_id IS NULL AND t.invoice_id IN (SELECT source_id FROM expired))
UNION ALL
SELECT format('event on payment %s: %s cents by %s; the row says %s, %s cents by %s',
              t.payment_id, t.body ->> 'amount_cents', t.body ->> 'method', p.status,
              p.amount_cents, p.method)
FROM payment_told t LEFT JOIN payment p USING (payment_id)
WHERE ('paid', (t.body ->> 'amount_cents')::integer, t.body ->> 'method')
      IS DISTINCT FROM (p.status, p.amount_cents, p.method)
  AND NOT (p.payment_id IS NULL AND t.payment_id IN (SELECT source_id FROM expired))
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
