"""What billing holds of a family: exported, kept for a time, erased."""

from typing import Final

from services.billing.repository.expiry import CARRIED, UNITS_EXPIRE
from services.chassis.personal_data import Holding, PersonalData, Retention

# The names stay while something is left to invoice: an invoice says whose child it is for.
PAYER = Holding(
    key="payer",
    label="Payeur : nom, adresse, mail, quotient familial",
    purpose="Appliquer le bon tarif et adresser les factures.",
    kept="Tant que la famille a une fiche.",
    tables=(
        "family",
        "child",
        "enrolled_child",
        "aid",
        "organisation_payer",
        "sharing",
        "third_party",
        "open_charge",
        "planned_invoice",
    ),
    export={
        "payer": """SELECT reference, label, resident, quotient, quotient_until, mail, addressee
                    FROM family WHERE family_id = $1""",
        "children": """SELECT child_id, first_name, last_name, birth_date, own_meal FROM child
                       WHERE family_id = $1 ORDER BY child_id""",
        "aids": """SELECT child_id, label, kinds, day_cents, month_cents, valid_from, valid_until,
                          ended_at
                   FROM aid WHERE family_id = $1 ORDER BY granted_at, aid_id""",
        "enrolments": """SELECT e.child_id, a.name AS activity, e.starts_on, e.ends_on
                         FROM enrolled_child e LEFT JOIN activity a USING (activity_id)
                         WHERE e.family_id = $1 ORDER BY e.starts_on, e.enrolment_id""",
        "organisations": """SELECT since, name, siret, service_code, engagement
                            FROM organisation_payer
                            WHERE family_id = $1 ORDER BY since""",
        "shared_payments": """SELECT s.child_id, a.name AS activity, s.valid_from, s.valid_until,
                                     p.part
                              FROM sharing_part p JOIN sharing s USING (sharing_id)
                              LEFT JOIN activity a ON a.activity_id = s.activity_id
                              WHERE p.payer_id = $1 ORDER BY s.valid_from, s.sharing_id""",
        "not_invoiced_yet": """SELECT c.child_id, a.name AS activity, c.date, c.basis,
                                      c.quotient, c.unit_cents, c.surcharge_cents, c.amount_cents
                               FROM open_charge c LEFT JOIN activity a USING (activity_id)
                               WHERE c.family_id = $1 ORDER BY c.date, c.session_id""",
    },
    erase=(
        """UPDATE billing_run r SET skipped = (
               SELECT coalesce(jsonb_agg(s), '[]') FROM jsonb_array_elements(r.skipped) s
               WHERE s ->> 'family_id' <> $1::uuid::text)
           WHERE r.skipped @> jsonb_build_array(jsonb_build_object('family_id', $1::uuid::text))""",
        # Who is no longer there takes on no further part; what was divided stays divided.
        """UPDATE sharing SET valid_until = greatest(valid_from, current_date)
           WHERE (family_id = $1
                  OR sharing_id IN (SELECT sharing_id FROM sharing_part WHERE payer_id = $1))
             AND coalesce(valid_until, 'infinity') > greatest(valid_from, current_date)""",
    ),
    retention=Retention(
        months=0,
        reason="Des prestations restent à facturer ou à rembourser.",
        last_day="""SELECT greatest(
                        (SELECT max(date) FROM open_charge
                         WHERE family_id = $1 AND amount_cents IS DISTINCT FROM 0),
                        (SELECT max(c.date) FROM sharing s JOIN sharing_part p USING (sharing_id)
                         JOIN open_charge c ON c.family_id = p.payer_id AND c.child_id = s.child_id
                         WHERE s.family_id = $1 AND c.basis = 'share'
                           AND c.rule ->> 'sharing_id' = s.sharing_id::text))""",
    ),
    expire=(
        "DELETE FROM child WHERE family_id = $1",
        "DELETE FROM enrolled_child WHERE family_id = $1",
        "DELETE FROM organisation_payer WHERE family_id = $1",
        "DELETE FROM aid WHERE family_id = $1",
        "DELETE FROM third_party WHERE payer_id = $1",
        """UPDATE family SET reference = '', label = '', resident = false, quotient = NULL,
                  quotient_until = NULL, mail = NULL, addressee = '{}'
           WHERE family_id = $1""",
    ),
)

# Invoices of others who pay for a child of the family: they name it as long as its own would.
OF_OTHER_PAYERS: Final = """
    SELECT l.invoice_id FROM sharing s JOIN sharing_part p USING (sharing_id)
    JOIN invoice o ON o.family_id = p.payer_id
    JOIN invoice_line l ON l.invoice_id = o.invoice_id AND l.child_id = s.child_id
    WHERE s.family_id = $1 AND p.payer_id <> $1
"""

INVOICES = Holding(
    key="invoices",
    label="Factures et règlements",
    purpose="Facturer, encaisser, rendre compte au comptable public.",
    kept="10 ans, que la famille ait une fiche ou non.",
    tables=(
        "invoice",
        "invoice_line",
        "invoiced_charge",
        "payment",
        "payment_invoice",
        "cheque",
        "payment_reversal",
        "refund",
        "refund_reversal",
        "credit_note",
        "credit_note_line",
        "invoice_paper",
        "print_batch_invoice",
        "ledger_entry",
        "debit",
        "reminder",
        "write_off",
        "unit",
    ),
    export={
        "invoices": """SELECT invoice_id, number, month, issued_on, due_on, total_cents,
                              family_reference, addressee
                       FROM invoice WHERE family_id = $1 ORDER BY number""",
        "invoice_lines": """SELECT i.number, l.position, l.child_name, l.activity_name, l.month,
                                   l.basis, l.corrects, l.quotient, l.quantity, l.unit_cents,
                                   l.amount_cents, l.dates
                            FROM invoice_line l JOIN invoice i USING (invoice_id)
                            WHERE i.family_id = $1 ORDER BY i.number, l.position""",
        "payments": """SELECT p.payment_id, p.reference, p.method, p.amount_cents, p.status,
                              p.started_at, p.received_at, p.cesu_number,
                              c.number AS cheque_number, c.bank, c.drawer, r.reversed_at, r.reason
                       FROM payment p LEFT JOIN cheque c USING (payment_id)
                       LEFT JOIN payment_reversal r USING (payment_id)
                       WHERE p.family_id = $1 ORDER BY p.started_at, p.payment_id""",
        "credit_notes": """SELECT n.number, i.number AS invoice_number, n.reason, n.total_cents,
                                  n.issued_on
                           FROM credit_note n JOIN invoice i USING (invoice_id)
                           WHERE i.family_id = $1 ORDER BY n.issued_at, n.number""",
        "refunds": """SELECT f.refund_id, f.amount_cents, f.reason, f.refunded_at, r.reversed_at
                      FROM refund f LEFT JOIN refund_reversal r USING (refund_id)
                      WHERE f.family_id = $1 ORDER BY f.refunded_at, f.refund_id""",
        "direct_debits": """SELECT b.number AS batch, b.collected_on, i.number AS invoice,
                                   d.amount_cents, d.rum, d.collected_at, d.returned_at,
                                   d.return_code
                            FROM debit d JOIN debit_batch b USING (batch_id)
                            JOIN invoice i USING (invoice_id)
                            WHERE d.family_id = $1 ORDER BY b.number, i.number""",
        "reminders": """SELECT step, amount_cents, sent_at FROM reminder
                        WHERE family_id = $1 ORDER BY sent_at, reminder_id""",
        "write_offs": """SELECT i.number AS invoice, w.amount_cents, w.decided_at, w.reversed_at
                         FROM write_off w JOIN invoice i USING (invoice_id)
                         WHERE w.family_id = $1 ORDER BY w.decided_at, w.write_off_id""",
        "ledger": """SELECT p.kind, p.posted_at, e.account, e.invoice_id, e.register,
                            e.amount_cents
                     FROM ledger_entry e JOIN posting p USING (posting_id)
                     WHERE e.family_id = $1 ORDER BY p.posted_at, e.posting_id, e.position""",
    },
    retention=Retention(
        months=120,
        reason="Pièces comptables : factures, règlements et leurs justificatifs se gardent 10 ans.",
        last_day=f"""SELECT greatest(
                        (SELECT max(issued_on) FROM invoice WHERE family_id = $1),
                        (SELECT max(coalesce(received_at, started_at))::date FROM payment
                         WHERE family_id = $1),
                        (SELECT max(i.issued_on) FROM invoice i
                         WHERE i.invoice_id IN ({OF_OTHER_PAYERS})))""",  # noqa: S608 - a constant
    ),
    expire=(
        # The books stay balanced and their numbers whole: sums and counts are no family's.
        *CARRIED,
        "UPDATE ledger_entry SET family_id = NULL, invoice_id = NULL WHERE family_id = $1",
        "DELETE FROM payment_invoice WHERE payment_id IN (SELECT payment_id FROM payment"
        " WHERE family_id = $1)",
        "DELETE FROM cheque WHERE payment_id IN (SELECT payment_id FROM payment"
        " WHERE family_id = $1)",
        "DELETE FROM payment_reversal WHERE payment_id IN (SELECT payment_id FROM payment"
        " WHERE family_id = $1)",
        "DELETE FROM refund_reversal WHERE refund_id IN (SELECT refund_id FROM refund"
        " WHERE family_id = $1)",
        "DELETE FROM refund WHERE family_id = $1",
        "DELETE FROM payment WHERE family_id = $1",
        "DELETE FROM invoice_paper WHERE invoice_id IN (SELECT invoice_id FROM invoice"
        " WHERE family_id = $1)",
        "DELETE FROM print_batch_invoice WHERE invoice_id IN (SELECT invoice_id FROM invoice"
        " WHERE family_id = $1)",
        "DELETE FROM reminder WHERE family_id = $1",
        "DELETE FROM write_off WHERE family_id = $1",
        "DELETE FROM credit_note_line WHERE invoice_id IN (SELECT invoice_id FROM invoice"
        " WHERE family_id = $1)",
        "DELETE FROM credit_note WHERE invoice_id IN (SELECT invoice_id FROM invoice"
        " WHERE family_id = $1)",
        "DELETE FROM debit_return WHERE debit_id IN (SELECT debit_id FROM debit"
        " WHERE family_id = $1)",
        "DELETE FROM debit WHERE family_id = $1",
        "DELETE FROM invoice_line WHERE invoice_id IN (SELECT invoice_id FROM invoice"
        " WHERE family_id = $1)",
        # What it was invoiced of others' children is charged by nothing any more, or not wholly.
        """UPDATE unit u SET partly_expired = true FROM invoiced_charge c, invoiced_charge o
           WHERE c.invoice_id IN (SELECT invoice_id FROM invoice WHERE family_id = $1)
             AND c.family_id <> $1 AND c.child_id = u.child_id AND c.session_id = u.session_id
             AND o.child_id = c.child_id AND o.session_id = c.session_id
             AND o.invoice_id NOT IN (SELECT invoice_id FROM invoice WHERE family_id = $1)""",
        """DELETE FROM unit u USING invoiced_charge c
           WHERE c.invoice_id IN (SELECT invoice_id FROM invoice WHERE family_id = $1)
             AND c.family_id <> $1 AND c.child_id = u.child_id AND c.session_id = u.session_id
             AND NOT EXISTS (SELECT FROM invoiced_charge o
                             WHERE o.child_id = c.child_id AND o.session_id = c.session_id
                               AND o.invoice_id <> c.invoice_id)""",
        "DELETE FROM invoiced_charge WHERE family_id = $1 OR invoice_id IN"
        " (SELECT invoice_id FROM invoice WHERE family_id = $1)",
        "DELETE FROM invoice WHERE family_id = $1",
        # Set anew from lines without the name when asked for again.
        f"DELETE FROM invoice_paper WHERE invoice_id IN ({OF_OTHER_PAYERS})",  # noqa: S608 - a constant
        f"""UPDATE invoiced_charge SET rule = rule - 'child'
            WHERE invoice_id IN ({OF_OTHER_PAYERS}) AND rule ? 'child'
              AND child_id IN (SELECT child_id FROM sharing WHERE family_id = $1)""",  # noqa: S608 - a constant
        f"""UPDATE invoice_line SET child_name = 'Enfant', rule = rule - 'child'
            WHERE invoice_id IN ({OF_OTHER_PAYERS})
              AND child_id IN (SELECT child_id FROM sharing WHERE family_id = $1)""",  # noqa: S608 - a constant
        *UNITS_EXPIRE,
    ),
)

# A debit can be contested for 13 months (article L133-24 of the Code monétaire et financier).
MANDATES = Holding(
    key="mandates",
    label="Mandats de prélèvement : titulaire et compte bancaire (chiffré)",
    purpose="Prélever les factures sur le compte que la famille a indiqué.",
    kept="14 mois après le dernier prélèvement ; aussitôt effacé si rien n’a été prélevé.",
    tables=("mandate",),
    export={
        "mandates": """SELECT rum, holder, masked AS account, bank, bic, signed_on, one_off,
                              ends_on, last_used_on, consent, revoked_at, revoked_cause,
                              revoked_reason
                       FROM mandate WHERE family_id = $1 ORDER BY signed_at""",
    },
    erase=(
        """UPDATE mandate SET revoked_at = now(), revoked_cause = 'office',
                  revoked_reason = 'Dossier effacé'
           WHERE family_id = $1 AND revoked_at IS NULL""",
    ),
    retention=Retention(
        months=14,
        reason="Un prélèvement peut être contesté pendant 13 mois.",
        last_day="SELECT max(last_used_on) FROM mandate WHERE family_id = $1",
    ),
    expire=("DELETE FROM mandate WHERE family_id = $1",),
)

PERSONAL = PersonalData((PAYER, MANDATES, INVOICES))
