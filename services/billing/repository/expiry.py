"""What the books keep of an account that the law no longer asks to keep: sums that are nobody's."""

from typing import Final

# $1: the account. How many numbers go, and what its parts of sharings came to (`proofs`).
CARRIED: Final = (
    """INSERT INTO expired_number AS e (kind, register, fiscal_year, numbers)
       SELECT 'invoice', register, fiscal_year, count(*) FROM invoice
       WHERE family_id = $1 GROUP BY 2, 3
       UNION ALL
       SELECT 'receipt', split_part(reference, '-', 2),
              substr(split_part(reference, '-', 1), 2)::integer, count(*) FROM payment
       WHERE family_id = $1 AND method IN ('cash', 'cheque', 'cesu') GROUP BY 2, 3
       UNION ALL
       SELECT 'credit_note', split_part(n.number, '-', 2),
              substr(split_part(n.number, '-', 1), 2)::integer, count(*)
       FROM credit_note n JOIN invoice i USING (invoice_id) WHERE i.family_id = $1 GROUP BY 2, 3
       ON CONFLICT (kind, register, fiscal_year) DO UPDATE
           SET numbers = e.numbers + excluded.numbers""",
    """INSERT INTO expired_share AS e (sharing_id, activity_id, month, amount_cents)
       SELECT (rule ->> 'sharing_id')::uuid, activity_id, date_trunc('month', date)::date,
              sum(amount_cents)
       FROM invoiced_charge
       WHERE basis = 'share' AND (family_id = $1 OR invoice_id IN (
           SELECT invoice_id FROM invoice WHERE family_id = $1))
       GROUP BY 1, 2, 3
       ON CONFLICT (sharing_id, activity_id, month) DO UPDATE
           SET amount_cents = e.amount_cents + excluded.amount_cents""",
)

# A unit goes with whom it is charged to; of one that another family's invoices hold, where the roll
# or the place named this one too, the name goes.
UNITS_EXPIRE: Final = (
    """DELETE FROM unit u
       WHERE $1 IN (u.attendance_family_id, u.reservation_family_id)
         AND NOT EXISTS (SELECT FROM open_charge WHERE family_id = $1)
         AND NOT EXISTS (SELECT FROM open_charge c
                         WHERE (c.child_id, c.session_id) = (u.child_id, u.session_id))
         AND NOT EXISTS (SELECT FROM invoiced_charge c
                         WHERE (c.child_id, c.session_id) = (u.child_id, u.session_id))""",
    """UPDATE unit u SET partly_expired = true,
              attendance_family_id = nullif(attendance_family_id, $1),
              reservation_family_id = nullif(reservation_family_id, $1)
       WHERE $1 IN (u.attendance_family_id, u.reservation_family_id)
         AND NOT EXISTS (SELECT FROM open_charge WHERE family_id = $1)""",
)
