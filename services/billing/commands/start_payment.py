"""Open an online payment of invoices, or go on with the one that stands open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import structlog

from services.billing.clients import Order, ProviderAway, ProviderRefused
from services.billing.commands.settle_payment import Desk, settle_payment
from services.billing.errors import AmountRefused, NothingToPay, PaymentServerAway, PaymentUnderWay
from services.billing.errors.treasury import DebitUnderWay, Transmitted
from services.billing.model.payments import (
    SETTLED_AFTER,
    Payment,
    PaymentStatus,
    Share,
    check_amount,
    check_part,
)
from services.billing.repository import debits, payments, treasury
from services.billing.repository.payments import LockedInvoice
from services.chassis.clock import PARIS, paris_date
from services.chassis.database import Connection

log = structlog.get_logger()


async def start_payment(
    desk: Desk,
    *,
    family_id: UUID,
    account_id: UUID | None,
    invoice_ids: Sequence[UUID],
    part_cents: int | None = None,
    now: datetime,
) -> Payment:
    """A payment whose page stands open: a new one, or the family's own that is still open.

    `part_cents`: pay only so much of the one invoice.
    """
    if part_cents is not None and not desk.takes_parts:
        raise AmountRefused("Une facture se paie en ligne en une seule fois.")
    await _settle_earlier(desk, invoice_ids, now)
    async with desk.database.transaction() as connection:
        payment, invoices = await begin_payment(
            connection,
            family_id=family_id,
            account_id=account_id,
            invoice_ids=invoice_ids,
            part_cents=part_cents,
            now=now,
        )
        mail = await payments.payer_mail(connection, family_id)
    if payment.redirect_url:
        return payment
    order = _order(desk, payment, invoices, mail or desk.fallback_mail)
    return await _open_page(desk, payment, order)


async def _open_page(desk: Desk, payment: Payment, order: Order) -> Payment:
    try:
        idop = await desk.provider.open(order)
    except (ProviderAway, ProviderRefused) as error:
        log.warning("payment_not_opened", payment_id=str(payment.payment_id), error=str(error))
        async with desk.database.transaction() as connection:
            await payments.save(connection, replace(payment, status=PaymentStatus.EXPIRED))
        raise PaymentServerAway("Rien n’a été débité. Réessayez dans quelques minutes.") from error
    opened = replace(payment, idop=idop, redirect_url=desk.provider.page(idop))
    async with desk.database.transaction() as connection:
        await payments.save(connection, opened)
    return opened


async def begin_payment(
    connection: Connection,
    *,
    family_id: UUID,
    account_id: UUID | None,
    invoice_ids: Sequence[UUID],
    part_cents: int | None = None,
    now: datetime,
) -> tuple[Payment, list[LockedInvoice]]:
    """Write down the attempt, or find the open one for the very same debt."""
    invoices = await payments.lock_invoices(connection, invoice_ids, family_id)
    if any(invoice.balance_cents <= 0 for invoice in invoices):
        raise NothingToPay
    if await treasury.is_transmitted(connection, invoice_ids):
        raise Transmitted("Réglez-la auprès de lui, comme l’indique son avis.")
    if day := await debits.under_way(connection, invoice_ids):
        raise DebitUnderWay(f"Elle sera prélevée sur votre compte le {day:%d/%m/%Y}.")
    shares = _shares(invoices, part_cents)
    if resumed := await _resume(connection, shares, now):
        return resumed, invoices
    amount = sum(share.amount_cents for share in shares)
    check_amount(amount)
    payment_id = uuid4()
    payment = Payment(
        payment_id=payment_id,
        family_id=family_id,
        account_id=account_id,
        amount_cents=amount,
        reference=_reference(payment_id, invoices),
        status=PaymentStatus.PENDING,
        started_at=now,
    )
    await payments.insert(connection, payment, shares)
    return payment, invoices


def _shares(invoices: Sequence[LockedInvoice], part_cents: int | None) -> list[Share]:
    if part_cents is None:
        return [Share(invoice.invoice_id, invoice.balance_cents) for invoice in invoices]
    if len(invoices) > 1:
        raise AmountRefused("Un paiement partiel porte sur une seule facture.")
    check_part(part_cents, invoices[0].balance_cents)
    return [Share(invoices[0].invoice_id, part_cents)]


def _reference(payment_id: UUID, invoices: Sequence[LockedInvoice]) -> str:
    """refdet: the invoice's number, or one of our own for several; letters and digits only."""
    if len(invoices) == 1:
        return invoices[0].number.replace("-", "")
    return f"P{payment_id.hex[:24]}".upper()


async def _resume(connection: Connection, shares: Sequence[Share], now: datetime) -> Payment | None:
    """The attempt to go on with, if one stands open. Raises PaymentUnderWay when one must wait."""
    invoice_ids = [share.invoice_id for share in shares]
    attempts = await payments.attempts_on(connection, invoice_ids, since=now - SETTLED_AFTER)
    for attempt in attempts:
        if attempt.never_opened(now):
            expired = replace(attempt, status=PaymentStatus.EXPIRED)
            await payments.save(connection, expired)
        elif attempt.may_still_be_paid(now):
            known = await payments.shares(connection, attempt.payment_id)
            if not attempt.can_resume(now) or set(known) != set(shares):
                raise PaymentUnderWay(_wait(attempt, now))
            resumed = replace(attempt, status=PaymentStatus.PENDING)
            await payments.save(connection, resumed)
            return resumed
    return None


def _wait(attempt: Payment, now: datetime) -> str:
    begun = attempt.started_at.astimezone(PARIS)
    over = (attempt.started_at + SETTLED_AFTER).astimezone(PARIS)
    if now >= over:
        return (
            "Le résultat d’un paiement précédent n’est pas encore connu. "
            "Réessayez dans quelques minutes."
        )
    return (
        f"Un paiement de cette facture a commencé à {begun:%H:%M}. Pour ne pas payer deux fois, "
        f"terminez-le, ou attendez {over:%H:%M} avant d’en commencer un autre."
    )


def _order(desk: Desk, payment: Payment, invoices: Sequence[LockedInvoice], mail: str) -> Order:
    numbers = ", ".join(invoice.number for invoice in invoices)
    label = "Facture" if len(invoices) == 1 else "Factures"
    portal = desk.portal_url.rstrip("/")
    return Order(
        reference=payment.reference,
        subject=f"{label} {numbers}",
        fiscal_year=paris_date(payment.started_at).year,
        amount_cents=payment.amount_cents,
        mail=mail,
        notify_url=f"{portal}/paiement/notification",
        return_url=f"{portal}/paiement/retour?payment={payment.payment_id}",
    )


async def _settle_earlier(desk: Desk, invoice_ids: Sequence[UUID], now: datetime) -> None:
    """Ask what became of earlier attempts on these invoices before another one begins."""
    async with desk.database.connection() as connection:
        attempts = await payments.attempts_on(connection, invoice_ids, since=now - SETTLED_AFTER)
    for attempt in attempts:
        if not attempt.can_resume(now):
            await settle_payment(desk, attempt.payment_id, now)
