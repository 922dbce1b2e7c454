"""Follow an online payment to its result and credit it once.

The provider is asked between two transactions, never inside one: it may take its time, and an
invoice must not stay locked meanwhile.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog
from aiohttp import web

from services.billing.clients import PaymentProvider, ProviderAway
from services.billing.commands.credit_payment import credit_payment
from services.billing.model.payments import (
    SETTLED_AFTER,
    Payment,
    PaymentStatus,
    ProviderAnswer,
)
from services.billing.repository import payments
from services.chassis.database import Connection, Database

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Desk:
    """What paying needs: the database, the provider, and where payers come back to.

    `takes_parts`: whether the provider lets an invoice be paid in parts.
    """

    database: Database
    provider: PaymentProvider
    portal_url: str
    fallback_mail: str
    takes_parts: bool = True


DESK = web.AppKey("desk", Desk)


async def settle_payment(desk: Desk, payment_id: UUID, now: datetime) -> None:
    """Read the result back from the provider and act on it; without an answer nothing changes."""
    async with desk.database.connection() as connection:
        payment = await payments.find(connection, payment_id)
    if payment.status is PaymentStatus.PAID:
        return
    if payment.idop is None:
        if payment.never_opened(now):
            await _expire(desk, payment_id)
        return
    try:
        answer = await desk.provider.result(payment.idop)
    except ProviderAway as error:
        log.warning("payment_result_unknown", payment_id=str(payment_id), error=str(error))
        return
    async with desk.database.transaction() as connection:
        await apply_answer(connection, payment, answer, now)


async def _expire(desk: Desk, payment_id: UUID) -> None:
    async with desk.database.transaction() as connection:
        payment = await payments.lock(connection, payment_id)
        if payment.status is PaymentStatus.PENDING and payment.idop is None:
            await payments.save(connection, replace(payment, status=PaymentStatus.EXPIRED))


async def settle_notified(desk: Desk, idop: str, now: datetime) -> None:
    """The provider (or somebody) says that this operation has a result: ask the provider."""
    async with desk.database.connection() as connection:
        payment_id = await payments.find_by_idop(connection, idop)
    if payment_id is None:
        log.info("notification_of_unknown_operation")
        return
    await settle_payment(desk, payment_id, now)


async def settle_waiting(desk: Desk, now: datetime) -> None:
    """Ask about every payment that may have a result nobody told us."""
    async with desk.database.connection() as connection:
        waiting = await payments.unsettled(connection, now=now, recent=SETTLED_AFTER)
    for payment_id in waiting:
        await settle_payment(desk, payment_id, now)


async def apply_answer(
    connection: Connection, seen: Payment, answer: ProviderAnswer, now: datetime
) -> None:
    """Act on what the provider says, once: a paid payment is credited and told one single time."""
    shares = await payments.shares(connection, seen.payment_id)
    invoices = await payments.lock_invoices(
        connection, [share.invoice_id for share in shares], seen.family_id
    )
    payment = await payments.lock(connection, seen.payment_id)
    if not payment.matches(answer):
        # Money may have come in for another debt: a person must look at it.
        log.error("payment_mismatch", payment_id=str(payment.payment_id))
        return
    after = payment.after(answer, now)
    if after.status is payment.status:
        return
    if after.status is PaymentStatus.PAID:
        await credit_payment(connection, after, shares, invoices, now)
    await payments.save(connection, after)
    log.info("payment_settled", payment_id=str(after.payment_id), status=after.status)
