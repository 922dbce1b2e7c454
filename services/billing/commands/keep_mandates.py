"""A family signs a mandate or ends it; so may the till, and the bank by what it sends back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from aiohttp import web

from services.billing.model.mandates import Creditor, Mandate, bank_account, check_end, new_mandate
from services.billing.publishing import treasury as publishing
from services.billing.publishing.treasury import Cause
from services.billing.repository import mandates
from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.sealing import Secrets

IBAN_PURPOSE: Final = "mandate-iban"


@dataclass(frozen=True, slots=True)
class Bank:
    """What collecting needs: who the town is to banks, and the key that accounts are kept under."""

    creditor: Creditor
    secrets: Secrets
    notice_days: int
    format: str


BANK = web.AppKey("bank", Bank)


async def sign_mandate(
    connection: Connection,
    bank: Bank,
    *,
    family_id: UUID,
    account_id: UUID | None,
    holder: str,
    iban: str,
    one_off: bool = False,
    now: datetime,
) -> Mandate:
    """The family is debited by this mandate alone from now on. Raises BadIban, UnknownFamily."""
    account = bank_account(iban)
    await mandates.lock_family(connection, family_id)
    former = await mandates.in_force(connection, family_id)
    if former:
        await revoke_mandate(connection, former, cause="replaced", by=account_id, now=now)
    mandate = new_mandate(
        account,
        bank.creditor,
        family_id=family_id,
        account_id=account_id,
        holder=holder,
        signed_on=paris_date(now),
        one_off=one_off,
    )
    sealed = bank.secrets.seal(IBAN_PURPOSE, mandate.mandate_id, account.iban)
    await mandates.insert(connection, mandate, sealed_iban=sealed, signed_at=now)
    await outbox.append(connection, publishing.mandate_signed(mandate))
    return mandate


async def revoke_mandate(
    connection: Connection,
    mandate_id: UUID,
    *,
    cause: Cause,
    reason: str = "",
    by: UUID | None = None,
    family_scope: UUID | None = None,
    now: datetime,
) -> None:
    """End a mandate; what is at the bank already is still collected. Raises UnknownMandate."""
    ended = await mandates.revoke(
        connection,
        mandate_id,
        cause=cause,
        reason=reason,
        by=by,
        family_scope=family_scope,
        now=now,
    )
    await outbox.append(connection, publishing.mandate_revoked(ended, cause))


async def end_mandate(
    connection: Connection,
    mandate_id: UUID,
    ends_on: date,
    *,
    reason: str = "",
    family_scope: UUID | None = None,
    now: datetime,
) -> None:
    """A mandate collects until that day; the bank is told which collection is its last.

    Raises BadMandateEnd, UnknownMandate.
    """
    check_end(ends_on, paris_date(now))
    ended = await mandates.set_end(
        connection, mandate_id, ends_on, reason=reason, family_scope=family_scope
    )
    await outbox.append(connection, publishing.mandate_ends(ended, ends_on, now))
