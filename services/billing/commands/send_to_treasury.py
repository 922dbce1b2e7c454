"""Unpaid invoices are handed to the public accountant: numbered, written, kept, once."""

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

import structlog
from aiohttp import web

from services.billing.commands.keep_mandates import IBAN_PURPOSE, Bank
from services.billing.errors.treasury import BadBordereau, NothingToSend
from services.billing.files.pes import Malformed, write_pes
from services.billing.model.debits import check_collection_date
from services.billing.model.months import Month
from services.billing.model.payments import SETTLED_AFTER
from services.billing.model.portions import InvoicedLine, paid_portions
from services.billing.model.treasury import (
    Account,
    Bordereau,
    Debtor,
    Office,
    Piece,
    as_organisation,
    debtor,
    lines_by_product,
)
from services.billing.repository import numbering, treasury
from services.billing.repository.portions import lines_of
from services.billing.repository.treasury import Sent, Unpaid
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.processes import in_process

log = structlog.get_logger()

FILE_PURPOSE: Final = "pes-file"
# With papers a file grows by a tenth of a megabyte a piece.
MOST_PIECES, MOST_WITH_PAPERS = 2000, 200


@dataclass(frozen=True, slots=True)
class Treasury:
    """How the town is known to its accounts and to the accountant."""

    account_codes: Mapping[str, str]
    office: Office


TREASURY = web.AppKey("treasury", Treasury)
# Draws an invoice as PDF.
Draw = Callable[[Connection, UUID], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What to hand over: what was due by that day, with its papers where they are drawn.

    `debited_on`: the accountant collects by the families' mandates.
    """

    register: str
    due_by: date
    draw: Draw | None
    debited_on: date | None
    by: UUID | None

    @property
    def with_papers(self) -> bool:
        """Whether the invoices themselves go with the debts."""
        return self.draw is not None


async def make_bordereau(
    app: web.Application, connection: Connection, bank: Bank, wish: Wish, now: datetime
) -> UUID:
    """The file for the accountant, who collects these invoices from now on.

    Written while the invoices are held. Raises BadCollectionDate, NothingToSend, BadBordereau.
    """
    today = paris_date(now)
    if wish.debited_on:
        check_collection_date(wish.debited_on, today, bank.notice_days)
    found = await _held(connection, wish, now)
    pieces = await _pieces(connection, bank, app[TREASURY].office, found, wish)
    number = await numbering.next_bordereau(connection, today.year)
    bordereau = Bordereau(
        fiscal_year=today.year,
        number=number,
        issued_on=today,
        subject=f"Factures {wish.register} échues au {wish.due_by:%d %m %Y}",
        pieces=pieces,
        debited_on=wish.debited_on,
    )
    sent = _sent(bordereau, wish)
    file = await _written(app, bordereau, sent.filename)
    sealed = bank.secrets.seal(FILE_PURPOSE, sent.batch_id, base64.b64encode(file).decode())
    kept = [(invoice.invoice_id, invoice.balance_cents) for invoice in found]
    await treasury.insert(connection, sent, kept, sealed_file=sealed, now=now, by=wish.by)
    if wish.debited_on:
        used = [invoice.mandate_id for invoice in found if invoice.mandate_id]
        await treasury.use_mandates(connection, used, wish.debited_on)
    log.info("pes_written", number=number, pieces=len(kept), total_cents=sent.total_cents)
    return sent.batch_id


def _sent(bordereau: Bordereau, wish: Wish) -> Sent:
    return Sent(
        batch_id=uuid4(),
        fiscal_year=bordereau.fiscal_year,
        number=bordereau.number,
        register=wish.register,
        # The file's Id is its name: 21 signs at most.
        filename=f"ORMC{bordereau.fiscal_year}{bordereau.number:07}.xml",
        total_cents=bordereau.total_cents,
        with_papers=wish.with_papers,
        debited_on=wish.debited_on,
    )


async def _written(app: web.Application, bordereau: Bordereau, filename: str) -> bytes:
    try:
        return await in_process(app, write_pes, app[TREASURY].office, bordereau, filename)
    except Malformed as error:
        log.warning("pes_malformed", faults=str(error))
        raise BadBordereau(str(error)) from error


def open_file(bank: Bank, batch_id: UUID, sealed: bytes) -> bytes:
    """The file of a bordereau as it was written."""
    return base64.b64decode(bank.secrets.open(FILE_PURPOSE, batch_id, sealed))


async def _held(connection: Connection, wish: Wish, now: datetime) -> list[Unpaid]:
    most = MOST_WITH_PAPERS if wish.with_papers else MOST_PIECES
    since = now - SETTLED_AFTER
    seen = await treasury.unpaid(connection, wish.register, wish.due_by, most=most, since=since)
    await treasury.lock_invoices(connection, [invoice.invoice_id for invoice in seen])
    # A statement of its own: it must see what was paid while the locks were waited for.
    found = await treasury.unpaid(connection, wish.register, wish.due_by, most=most, since=since)
    held = {invoice.invoice_id for invoice in seen}
    found = [invoice for invoice in found if invoice.invoice_id in held]
    if not found:
        raise NothingToSend
    return found


async def _pieces(
    connection: Connection,
    bank: Bank,
    office: Office,
    found: Sequence[Unpaid],
    wish: Wish,
) -> tuple[Piece, ...]:
    ids = [invoice.invoice_id for invoice in found]
    lines = await lines_of(connection, ids)
    kinds = await treasury.kinds_of_lines(connection, ids)
    made = []
    for invoice in found:
        products = _products(lines[invoice.invoice_id], kinds[invoice.invoice_id], invoice)
        piece = Piece(
            invoice_number=invoice.number,
            subject=f"Facture {invoice.number} {Month(invoice.month)}",
            debtor=_debtor(invoice),
            lines=lines_by_product(products, invoice.balance_cents, office),
            account=_account(bank, invoice) if wish.debited_on else None,
        )
        if wish.draw:
            piece = replace(piece, paper=await wish.draw(connection, invoice.invoice_id))
        made.append(piece)
    return tuple(made)


def _debtor(invoice: Unpaid) -> Debtor:
    known = debtor(invoice.family_reference, invoice.addressee)
    if not invoice.is_organisation or not invoice.addressee:
        return known
    return as_organisation(known, invoice.addressee[0], invoice.nature, invoice.siret or "")


def _products(
    lines: Sequence[InvoicedLine], kinds: Sequence[str], invoice: Unpaid
) -> list[tuple[str, int]]:
    """What is not paid yet of each line, with its kind of activity."""
    kind_of = dict(zip(map(id, lines), kinds, strict=True))
    left = paid_portions(lines, invoice.balance_cents, invoice.balance_cents)
    return [(kind_of[id(portion.line)], portion.amount_cents) for portion in left]


def _account(bank: Bank, invoice: Unpaid) -> Account | None:
    if invoice.mandate_id is None or invoice.iban is None or invoice.signed_on is None:
        return None
    return Account(
        iban=bank.secrets.open(IBAN_PURPOSE, invoice.mandate_id, invoice.iban),
        bic=invoice.bic or "",
        holder=invoice.holder or "",
        rum=invoice.rum or "",
        signed_on=invoice.signed_on,
        is_first=invoice.is_first,
    )
