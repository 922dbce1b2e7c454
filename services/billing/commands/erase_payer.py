"""Erase a payer who is no family: billing's own to forget, as accounts forgets a family."""

from datetime import datetime
from uuid import UUID

from services.billing import publishing
from services.billing.commands.issue_invoices import lock_accounts
from services.billing.errors.payers import PayerInUse, WrongPayerReference
from services.billing.repository import charges, payers
from services.chassis import outbox, personal_data
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.errors import FieldError
from services.chassis.personal_data import Held


async def erase_third_party(
    connection: Connection, held: Held, payer_id: UUID, *, reference: str, now: datetime
) -> None:
    """Erase it here, but for invoices and payments, and tell who writes to it to do the same.

    `reference` is its own, typed again: there is no way back.
    Raises UnknownPayer, WrongPayerReference, PayerInUse.
    """
    called = await payers.require_third_party(connection, payer_id)
    if called != reference.strip().upper():
        message = f"Recopiez la référence du payeur à effacer\u00a0: {called}."
        raise WrongPayerReference(message, errors=[FieldError("reference", message)])
    await charges.share_books(connection)
    # What is planned for it is written first, and is then to be paid.
    await lock_accounts(connection, [payer_id])
    await _require_done(connection, payer_id, now)
    await personal_data.erase(connection, held.data, held.months, payer_id, now)
    await outbox.append(connection, publishing.third_party_erased(payer_id, now))


async def _require_done(connection: Connection, payer_id: UUID, now: datetime) -> None:
    if await payers.shares_from(connection, payer_id, paris_date(now)):
        raise PayerInUse("Il paie encore une part pour un enfant\u00a0: mettez-y fin d’abord.")
    if await payers.has_open(connection, payer_id):
        raise PayerInUse("Des prestations dont il paie une part restent à facturer.")
    if await payers.owes_or_is_owed(connection, payer_id):
        raise PayerInUse("Une facture reste à payer, ou une somme à lui rendre.")
