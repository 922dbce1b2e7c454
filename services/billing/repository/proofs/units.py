"""Where a unit is charged otherwise than its states say."""

# $1 to $4: the table model.units.BASIS. What a unit's states say is to be charged to its payer,
# beside what invoices hold (at the price that the family's first invoice of it froze) and what
# is still open: charged once, to one family, whatever came in whatever order. Not seen any more is
# a unit of which one payer's invoice is gone and another's is kept (`partly_expired`).
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
  AND NOT EXISTS (SELECT FROM unit u
                  WHERE (u.child_id, u.session_id) = (account.child_id, account.session_id)
                    AND u.partly_expired)
"""
