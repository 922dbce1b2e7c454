"""What a billing run should tell the régisseur: doubts about the month, families left out."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.billing.model import doubts
from services.billing.model.doubts import counted
from services.billing.model.months import Month
from services.billing.model.registers import DEFAULT_REGISTER
from services.billing.model.wording import NBSP, euros
from services.billing.repository.plans import PLAN_SECONDS
from services.chassis.database import Connection

# How many of the families that wait a run names.
NAMED_SKIPPED = 500

# The months before $1 that have something open, of the accounts `owing` and the registers that they
# owe; $3: the register of what has none of its own.
EARLIER = """
SELECT count(*) OVER () AS count, e.month, e.cents,
       EXISTS (SELECT FROM billing_run r WHERE r.month = e.month) AS invoiced
FROM (
    SELECT date_trunc('month', c.date)::date AS month, sum(c.amount_cents)::bigint AS cents
    FROM open_charge c LEFT JOIN activity a USING (activity_id)
    LEFT JOIN register_of_kind k USING (kind)
    JOIN ({owing}) o ON o.family_id = c.family_id AND o.register = coalesce(k.register, $3)
    WHERE c.amount_cents IS NOT NULL AND c.date < $1
    GROUP BY 1) e
ORDER BY e.month
"""
# $2: the pass. What is planned takes in all that is open up to the month's end.
EARLIER_PLANNED = EARLIER.format(
    owing="SELECT family_id, register FROM planned_invoice WHERE pass_id = $2"
)


async def earlier(connection: Connection, month: Month, pass_id: UUID) -> list[str]:
    """The months before whose open charges the planned invoices are about to take in."""
    rows = await connection.fetch(
        EARLIER_PLANNED, month.first, pass_id, DEFAULT_REGISTER, timeout=PLAN_SECONDS
    )
    return [
        doubts.earlier(Month(row["month"]), row["cents"], invoiced=row["invoiced"]) for row in rows
    ]


async def before(connection: Connection, month: Month, today: date) -> list[str]:
    """What the régisseur should know of the charges that the month is about to take in."""
    row = await connection.fetchrow(
        """SELECT count(DISTINCT family_id) FILTER (WHERE quotient_state IN ('missing', 'expired'))
                      AS highest,
                  count(*) FILTER (WHERE basis = 'reserved' AND date < $2) AS unmarked
           FROM open_charge WHERE amount_cents IS NOT NULL AND date < $1""",
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
            f"{counted(row['highest'], 'famille')}."
        )
    if row and row["unmarked"]:
        found.append(
            f"{counted(row['unmarked'], 'réservation passée', 'réservations passées')} sans "
            f"pointage{NBSP}: facturation comme réservées."
        )
    return found


async def after(connection: Connection, month: Month) -> list[str]:
    """What the month could not take in."""
    unpriced = await connection.fetch(
        """SELECT coalesce(a.name, 'activité inconnue') AS name, count(*) AS units
           FROM open_charge c LEFT JOIN activity a USING (activity_id)
           WHERE c.amount_cents IS NULL AND c.date < $1
           GROUP BY 1 ORDER BY 1""",
        month.after,
    )
    late = await connection.fetchval(
        """SELECT count(*) FROM open_charge c JOIN invoice i USING (family_id)
           WHERE c.amount_cents IS NOT NULL AND c.date < $2
             AND i.month = $1""",
        month.first,
        month.after,
    )
    found = [
        f"Aucun tarif pour «{NBSP}{row['name']}{NBSP}»{NBSP}: {counted(row['units'], 'unité')} "
        "en attente."
        for row in unpriced
    ]
    if late:
        found.append(
            f"{counted(late, 'unité')} pour des familles déjà facturées ce mois{NBSP}: à la "
            "facture suivante."
        )
    return found


async def skipped(connection: Connection, month: Month) -> list[dict[str, str]]:
    """Families with open charges up to the month's end and no invoice for it, and why."""
    rows = await connection.fetch(
        """SELECT c.family_id, f.reference, f.label, f.record_version > 0 AS known,
                  count(c.amount_cents) AS priced, coalesce(sum(c.amount_cents), 0) AS total_cents
           FROM open_charge c JOIN family f USING (family_id)
           WHERE c.date < $2
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
            "reason": _why_skipped(dict(row)),
        }
        for row in rows
    ]


def _why_skipped(row: Mapping[str, Any]) -> str:
    if not row["known"]:
        return "La fiche de la famille n’est pas encore arrivée."
    if not row["priced"]:
        return "Aucun tarif ne couvre ces séances."
    if row["total_cents"] > 0:
        return f"Montant trop faible{NBSP}: {euros(row['total_cents'])} à la facture suivante."
    return f"Rien à payer{NBSP}: solde de {euros(row['total_cents'])} reporté."
