"""What billing shows: tariffs, runs, charges, invoices, payments."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.billing.errors import UnknownInvoice, UnknownPayment, UnknownRun
from services.billing.model.months import Month
from services.billing.model.units import Basis
from services.billing.model.wording import NBSP, Grounds, euros
from services.billing.schemas import (
    BandAnswer,
    ChargeAnswer,
    ChargesAnswer,
    InvoiceAnswer,
    InvoiceDetailAnswer,
    InvoicesAnswer,
    InvoicesQuery,
    LineAnswer,
    PaidInvoice,
    PaymentAnswer,
    PaymentsAnswer,
    PaymentsQuery,
    RunAnswer,
    RunsAnswer,
    TariffAnswer,
    TariffsAnswer,
)
from services.chassis.database import Connection

# How many of the families that wait a run names; their number is always whole.
NAMED_SKIPPED = 500

TARIFFS = """
SELECT t.tariff_id, t.activity_id, a.name AS activity_name, t.valid_from,
       t.unreserved_surcharge_cents,
       jsonb_agg(jsonb_build_object('from_quotient', b.from_quotient,
           'to_quotient', b.to_quotient, 'price_cents', b.price_cents)
           ORDER BY b.from_quotient) AS bands
FROM tariff t JOIN activity a USING (activity_id) JOIN tariff_band b USING (tariff_id)
WHERE t.replaced_at IS NULL AND ($1::uuid IS NULL OR t.activity_id = $1)
  AND ($2::uuid IS NULL OR t.tariff_id = $2)
GROUP BY t.tariff_id, a.name
ORDER BY a.name, t.activity_id, t.valid_from DESC
"""

INVOICE = """
SELECT i.invoice_id, i.number, i.family_id, i.family_reference, f.label AS family_label,
       to_char(i.month, 'YYYY-MM') AS period, i.issued_on, i.due_on, i.total_cents,
       p.paid_cents, i.total_cents - p.paid_cents AS balance_cents,
       CASE WHEN p.paid_cents >= i.total_cents THEN 'paid'
            WHEN p.paid_cents > 0 THEN 'partly_paid' ELSE 'due' END AS status
FROM invoice i
JOIN family f USING (family_id)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(c.amount_cents), 0)::integer AS paid_cents
    FROM credit c WHERE c.invoice_id = i.invoice_id) p
"""
WANTED = """
WHERE ($1::uuid IS NULL OR i.family_id = $1)
  AND ($2::date IS NULL OR i.month = $2)
  AND ($3::boolean IS NULL OR $3 = (p.paid_cents >= i.total_cents))
"""
INVOICE_PAGE = INVOICE + WANTED + "ORDER BY i.month DESC, i.number DESC LIMIT $4 OFFSET $5"
INVOICE_COUNT = "SELECT count(*) FROM (" + INVOICE + WANTED + ") AS wanted"

LINES = """
SELECT child_id, child_name, activity_name, to_char(month, 'YYYY-MM') AS period, basis, corrects,
       quotient, quotient_until, quotient_state, band_from, band_to, surcharge_cents,
       quantity, unit_cents, amount_cents, dates
FROM invoice_line WHERE invoice_id = $1 ORDER BY position
"""

CHARGES = """
SELECT c.family_id, c.child_id, coalesce(k.first_name || ' ' || k.last_name, '') AS child_name,
       c.activity_id, coalesce(a.name, '') AS activity_name, c.session_id, c.date, c.basis,
       c.corrects, c.quotient, c.quotient_until, c.quotient_state, c.band_from, c.band_to,
       c.surcharge_cents, c.amount_cents
FROM charge c
LEFT JOIN child k USING (family_id, child_id)
LEFT JOIN activity a USING (activity_id)
WHERE c.invoice_id IS NULL AND ($1::uuid IS NULL OR c.family_id = $1)
  AND ($2::date IS NULL OR c.date >= $2) AND ($3::date IS NULL OR c.date < $3)
ORDER BY c.date, child_name, activity_name, c.charge_id LIMIT 2000
"""

PAYMENTS = """
SELECT p.payment_id, p.family_id, p.status, p.amount_cents, p.reference, p.started_at,
       p.received_at,
       (SELECT jsonb_agg(jsonb_build_object('invoice_id', i.invoice_id, 'number', i.number,
                   'period', to_char(i.month, 'YYYY-MM'), 'amount_cents', s.amount_cents)
                   ORDER BY i.number)
        FROM payment_invoice s JOIN invoice i USING (invoice_id)
        WHERE s.payment_id = p.payment_id) AS invoices
FROM payment p
WHERE ($1::uuid IS NULL OR p.family_id = $1) AND ($2::uuid IS NULL OR p.payment_id = $2)
ORDER BY p.started_at DESC, p.payment_id LIMIT $3 OFFSET $4
"""


async def tariffs(
    connection: Connection, activity_id: UUID | None, tariff_id: UUID | None = None
) -> TariffsAnswer:
    """The tariffs that hold, by activity, the newest first."""
    rows = await connection.fetch(TARIFFS, activity_id, tariff_id)
    return TariffsAnswer(tariffs=[_tariff(row) for row in rows])


def _tariff(row: Mapping[str, Any]) -> TariffAnswer:
    values = dict(row)
    return TariffAnswer(bands=[BandAnswer(**b) for b in values.pop("bands")], **values)


async def runs(connection: Connection) -> RunsAnswer:
    """All billing runs, newest month first."""
    rows = await connection.fetch("SELECT * FROM billing_run ORDER BY month DESC")
    return RunsAnswer(billing_runs=[_run(row) for row in rows])


async def run(connection: Connection, run_id: UUID) -> RunAnswer:
    """One billing run. Raises UnknownRun."""
    row = await connection.fetchrow("SELECT * FROM billing_run WHERE run_id = $1", run_id)
    if row is None:
        raise UnknownRun
    return _run(row)


def _run(row: Mapping[str, Any]) -> RunAnswer:
    return RunAnswer.model_validate({**row, "month": str(Month(row["month"]))})


async def invoices(
    connection: Connection, query: InvoicesQuery, family_scope: UUID | None
) -> InvoicesAnswer:
    """Invoices of one family or of all, newest first."""
    wanted = (
        family_scope or query.family_id,
        Month.parse(query.period).first if query.period else None,
        query.archived,
    )
    offset = (query.page - 1) * query.size
    rows = await connection.fetch(INVOICE_PAGE, *wanted, query.size, offset)
    total = await connection.fetchval(INVOICE_COUNT, *wanted)
    found = [InvoiceAnswer(**dict(row)) for row in rows]
    return InvoicesAnswer(invoices=found, total=total, page=query.page, size=query.size)


async def invoice(
    connection: Connection, invoice_id: UUID, family_scope: UUID | None
) -> InvoiceDetailAnswer:
    """One invoice with its lines. Raises UnknownInvoice, also for another family's."""
    row = await connection.fetchrow(
        INVOICE + "WHERE i.invoice_id = $1 AND ($2::uuid IS NULL OR i.family_id = $2)",
        invoice_id,
        family_scope,
    )
    if row is None:
        raise UnknownInvoice
    lines = await connection.fetch(LINES, invoice_id)
    return InvoiceDetailAnswer(lines=[_line(line) for line in lines], **dict(row))


def _line(row: Mapping[str, Any]) -> LineAnswer:
    shown = {name: row[name] for name in LineAnswer.model_fields if name != "reason"}
    return LineAnswer(reason=_grounds(row).reason, **shown)


def _grounds(row: Mapping[str, Any]) -> Grounds:
    return Grounds(
        basis=Basis(row["basis"]),
        corrects=row["corrects"],
        quotient=row["quotient"],
        quotient_until=row["quotient_until"],
        quotient_state=row["quotient_state"],
        band_from=row["band_from"],
        band_to=row["band_to"],
        surcharge_cents=row["surcharge_cents"],
    )


async def addressee(connection: Connection, family_id: UUID) -> list[str]:
    """Whom a receipt is for, line by line, as the family's file stands."""
    lines: list[str] | None = await connection.fetchval(
        "SELECT addressee FROM family WHERE family_id = $1", family_id
    )
    return lines or []


async def invoice_addressee(connection: Connection, invoice_id: UUID) -> list[str]:
    """Whom an invoice is for, as it was when it was issued."""
    lines: list[str] = await connection.fetchval(
        "SELECT addressee FROM invoice WHERE invoice_id = $1", invoice_id
    )
    return lines


async def charges(
    connection: Connection, family_id: UUID | None, month: Month | None
) -> ChargesAnswer:
    """What is not invoiced yet, by day."""
    bounds = (month.first, month.after) if month else (None, None)
    rows = await connection.fetch(CHARGES, family_id, *bounds)
    found = [_charge(row) for row in rows]
    return ChargesAnswer(charges=found, total_cents=sum(c.amount_cents or 0 for c in found))


def _charge(row: Mapping[str, Any]) -> ChargeAnswer:
    shown = {name: row[name] for name in ChargeAnswer.model_fields if name != "reason"}
    return ChargeAnswer(reason=_grounds(row).reason, **shown)


async def payments(
    connection: Connection, query: PaymentsQuery, family_scope: UUID | None
) -> PaymentsAnswer:
    """Payments of one family or of all, newest first."""
    family_id, offset = family_scope or query.family_id, (query.page - 1) * query.size
    rows = await connection.fetch(PAYMENTS, family_id, None, query.size, offset)
    return PaymentsAnswer(payments=[_payment(row) for row in rows])


async def payment(
    connection: Connection, payment_id: UUID, family_scope: UUID | None
) -> PaymentAnswer:
    """One payment. Raises UnknownPayment, also for another family's."""
    row = await connection.fetchrow(PAYMENTS, family_scope, payment_id, 1, 0)
    if row is None:
        raise UnknownPayment
    return _payment(row)


def _payment(row: Mapping[str, Any]) -> PaymentAnswer:
    values = dict(row)
    return PaymentAnswer(invoices=[PaidInvoice(**i) for i in values.pop("invoices")], **values)


async def warnings_before(connection: Connection, month: Month, today: date) -> list[str]:
    """What the régisseur should know of the charges that the month is about to take in."""
    row = await connection.fetchrow(
        """SELECT count(DISTINCT family_id) FILTER (WHERE quotient_state IN ('missing', 'expired'))
                      AS highest,
                  count(*) FILTER (WHERE basis = 'reserved' AND date < $2) AS unmarked
           FROM charge WHERE invoice_id IS NULL AND amount_cents IS NOT NULL AND date < $1""",
        month.after,
        today,
    )
    found = []
    if today < month.after:
        found.append(
            f"Le mois de {month.label} n’est pas terminé{NBSP}: ce qui arrivera après cette "
            "facturation figurera sur la facture suivante."
        )
    if row and row["highest"]:
        found.append(
            f"Quotient familial absent ou périmé{NBSP}: le tarif le plus élevé s’applique à "
            f"{_count(row['highest'], 'famille')}."
        )
    if row and row["unmarked"]:
        found.append(
            f"{_count(row['unmarked'], 'réservation passée', 'réservations passées')} sans "
            f"pointage{NBSP}: facturation comme réservées."
        )
    return found


async def warnings_after(connection: Connection, month: Month) -> list[str]:
    """What the month could not take in."""
    unpriced = await connection.fetch(
        """SELECT coalesce(a.name, 'activité inconnue') AS name, count(*) AS units
           FROM charge c LEFT JOIN activity a USING (activity_id)
           WHERE c.invoice_id IS NULL AND c.amount_cents IS NULL AND c.date < $1
           GROUP BY 1 ORDER BY 1""",
        month.after,
    )
    late = await connection.fetchval(
        """SELECT count(*) FROM charge c JOIN invoice i USING (family_id)
           WHERE c.invoice_id IS NULL AND c.amount_cents IS NOT NULL AND c.date < $2
             AND i.month = $1""",
        month.first,
        month.after,
    )
    found = [
        f"Aucun tarif pour «{NBSP}{row['name']}{NBSP}»{NBSP}: {_count(row['units'], 'unité')} "
        "en attente."
        for row in unpriced
    ]
    if late:
        found.append(
            f"{_count(late, 'unité')} pour des familles déjà facturées ce mois{NBSP}: à la "
            "facture suivante."
        )
    return found


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


async def skipped(connection: Connection, month: Month) -> list[dict[str, str]]:
    """Families with open charges up to the month's end and no invoice for it, and why."""
    rows = await connection.fetch(
        """SELECT c.family_id, f.reference, f.label, f.record_version > 0 AS known,
                  count(c.amount_cents) AS priced, coalesce(sum(c.amount_cents), 0) AS total_cents
           FROM charge c JOIN family f USING (family_id)
           WHERE c.invoice_id IS NULL AND c.date < $2
             AND NOT EXISTS (SELECT FROM invoice i
                             WHERE i.family_id = c.family_id AND i.month = $1)
           GROUP BY c.family_id, f.reference, f.label, f.record_version
           ORDER BY f.reference, c.family_id LIMIT $3""",
        month.first,
        month.after,
        NAMED_SKIPPED,
    )
    return [
        {
            "family_id": str(row["family_id"]),
            "reference": row["reference"],
            "label": row["label"],
            "reason": _why_skipped(row),
        }
        for row in rows
    ]


def _why_skipped(row: Mapping[str, Any]) -> str:
    if not row["known"]:
        return "La fiche de la famille n’est pas encore arrivée."
    if not row["priced"]:
        return "Aucun tarif ne couvre ces séances."
    return f"Rien à payer{NBSP}: solde de {euros(row['total_cents'])} reporté."
