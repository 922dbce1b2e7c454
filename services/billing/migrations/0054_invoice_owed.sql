-- What is owed of each invoice that is not paid, in one pass over the index of the ledger, however
-- many years of paid invoices there are.
CREATE VIEW invoice_owed AS
SELECT invoice_id, sum(amount_cents)::integer AS cents FROM ledger_entry
WHERE account = 'receivable' AND invoice_id IS NOT NULL
GROUP BY invoice_id HAVING sum(amount_cents) > 0;

-- What each family owes by the age of the debt: not due on that day, and overdue by up to $2, $3,
-- $4 and more days, counted from the day after the due date.
CREATE FUNCTION aged_balance(day date, up_to_1 integer, up_to_2 integer, up_to_3 integer)
RETURNS TABLE (family_id uuid, family_label text, family_reference text, not_due bigint,
    first bigint, second bigint, third bigint, fourth bigint, overdue bigint, total bigint)
LANGUAGE sql STABLE AS $$
    SELECT i.family_id, max(f.label), max(f.reference),
           coalesce(sum(o.cents) FILTER (WHERE d.days <= 0), 0)::bigint,
           coalesce(sum(o.cents) FILTER (WHERE d.days BETWEEN 1 AND up_to_1), 0)::bigint,
           coalesce(sum(o.cents) FILTER (WHERE d.days > up_to_1 AND d.days <= up_to_2), 0)::bigint,
           coalesce(sum(o.cents) FILTER (WHERE d.days > up_to_2 AND d.days <= up_to_3), 0)::bigint,
           coalesce(sum(o.cents) FILTER (WHERE d.days > up_to_3), 0)::bigint,
           coalesce(sum(o.cents) FILTER (WHERE d.days > 0), 0)::bigint,
           sum(o.cents)::bigint
    FROM invoice_owed o
    JOIN invoice i USING (invoice_id)
    JOIN family f USING (family_id)
    CROSS JOIN LATERAL (SELECT day - i.due_on AS days) d
    GROUP BY i.family_id
$$;
