"""What the books must satisfy: queries that find whatever does not.

Each is set-based, reads one snapshot, and returns a line of text for each disagreement. They hold
as well when the law no longer asks to keep an account's invoices: what goes is carried as a number
or a sum that is nobody's, or the proof says what it does not see any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.billing.model.units import BASIS
from services.billing.repository.pricing import OF_MONTH
from services.billing.repository.proofs import events, invoices, ledger, numbers, units
from services.chassis.database import Connection

# A town of 50,000 families has millions of charges.
PROOF_SECONDS = 600

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
    Proof("every posting balances", ledger.POSTINGS_BALANCE),
    Proof("the ledger balances", ledger.LEDGER_BALANCES),
    Proof("every invoice is its lines and its charges", invoices.INVOICES_ADD_UP),
    Proof("every invoice is posted", invoices.INVOICES_ARE_POSTED),
    Proof("nothing is owed or credited below zero", ledger.BALANCES_HOLD),
    Proof("every payment is posted", ledger.PAYMENTS_ARE_POSTED),
    Proof("every direct debit is posted", ledger.DEBITS_ARE_POSTED),
    Proof("a refund is claimed of money that came back", ledger.CLAIMS_ARE_OF_RETURNS),
    Proof("every debt given up is posted", ledger.WRITE_OFFS_ARE_POSTED),
    Proof("every correction is posted", ledger.CORRECTIONS_ARE_POSTED),
    Proof("invoices have no gap in their numbers", numbers.NUMBERS_ARE_GAPLESS),
    Proof(
        "receipts, slips, credit notes and bordereaux have none either", numbers.SERIES_ARE_GAPLESS
    ),
    Proof("events say what the rows say", events.EVENTS_AGREE),
    Proof("what is divided among payers is the whole", invoices.SHARES_ONLY_MOVE),
    Proof(
        "every unit is charged once",
        units.UNITS_ARE_CHARGED_ONCE.format(of_month=OF_MONTH),
        tuple([case[column] for case in _CASES] for column in range(4)),
    ),
)


async def disagreements(connection: Connection, proof: Proof) -> list[str]:
    """One line for each place where the claim does not hold; none, and it is proved."""
    rows = await connection.fetch(proof.query, *proof.values, timeout=PROOF_SECONDS)
    return [row[0] for row in rows]
