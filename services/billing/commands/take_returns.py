"""What the bank sends back: read first, which changes nothing, then booked once."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid4, uuid5

import structlog

from services.billing.commands.credit_payment import spread
from services.billing.commands.keep_mandates import revoke_mandate
from services.billing.errors.treasury import BadReturnsFile
from services.billing.files.returns import read_returns
from services.billing.model.debits import ReturnsFile, SentDebit, reason_of
from services.billing.model.payments import Method
from services.billing.model.reversals import come_back, taken_back
from services.billing.publishing import paid_lines
from services.billing.publishing import treasury as publishing
from services.billing.repository import charges, debit_returns, ledger, mandates, payments
from services.billing.repository.debit_returns import ToReturn
from services.chassis import outbox
from services.chassis.database import Connection

log = structlog.get_logger()

# As many reasons as a person reads at once.
MOST_REASONS = 20


async def read_file(
    connection: Connection, content: bytes, *, now: datetime, by: UUID | None
) -> UUID:
    """Read the bank's file and keep what it says, unbooked.

    Raises BadReturnsFile: unreadable, booked already, or with a line that is not to be believed.
    """
    file, digest = read_returns(content), hashlib.sha256(content).digest()
    if await debit_returns.was_applied(connection, digest, file.message_id):
        raise BadReturnsFile.because(f"Le message {file.message_id} a déjà été pris en compte.")
    sent = await debit_returns.sent(connection, {r.end_to_end_id for r in file.returned})
    if wrong := tuple(_wrong_lines(file, sent)):
        raise BadReturnsFile.because(*wrong[:MOST_REASONS])
    file_id = uuid4()
    await debit_returns.keep(
        connection,
        file_id,
        [(sent[line.end_to_end_id].debit_id, line.code) for line in file.returned],
        digest=digest,
        message_id=file.message_id,
        now=now,
        by=by,
    )
    return file_id


def _wrong_lines(file: ReturnsFile, sent: dict[str, SentDebit]) -> Iterator[str]:
    times = Counter(line.end_to_end_id for line in file.returned)
    for line in file.returned:
        reference = line.end_to_end_id or "(absente)"
        debit = sent.get(line.end_to_end_id)
        if debit is None:
            yield f"Référence {reference} : aucun prélèvement ne la porte."
        elif times[line.end_to_end_id] > 1:
            yield f"Référence {reference} : elle figure deux fois dans le fichier."
        elif debit.returned_at is not None:
            yield f"Référence {reference} : ce prélèvement a déjà été rejeté."
        elif line.amount_cents not in (None, debit.amount_cents):
            yield f"Référence {reference} : le montant n’est pas celui du prélèvement."


async def apply_file(
    connection: Connection, file_id: UUID, *, now: datetime, by: UUID | None
) -> None:
    """Book a file that was read: each invoice is due again, and its family told.

    Raises UnknownReturnsFile, AlreadyApplied, BadReturnsFile when a debit came back otherwise
    meanwhile.
    """
    await debit_returns.take(connection, file_id, now, by)
    await charges.share_books(connection)
    await charges.lock_families(connection, await debit_returns.families(connection, file_id))
    found = await debit_returns.lock_debits(connection, file_id)
    if any(one.sent.returned_at for one in found):
        raise BadReturnsFile.because("Un de ces prélèvements a été rejeté par un autre fichier.")
    for one in found:
        await _undo(connection, one, now)
    await debit_returns.mark(connection, found, now)
    for mandate_id in {o.sent.mandate_id for o in found if reason_of(o.code).ends_mandate}:
        if await mandates.is_in_force(connection, mandate_id):
            await revoke_mandate(connection, mandate_id, cause="bank", by=by, now=now)
    await outbox.append_all(
        connection, (publishing.debit_returned(one.sent, one.code) for one in found)
    )
    log.info("debits_returned", file_id=str(file_id), debits=len(found))


async def _undo(connection: Connection, one: ToReturn, now: datetime) -> None:
    """Reverse the posting of a debit, and what it told of paid lines.

    One that never was collected has neither. What was spent of the credit that it left is owed
    again: of the invoices which credit paid, else of the newest ones. What was refunded and no
    invoice holds is claimed on the invoice of the debit.
    """
    sent = one.sent
    booked = await ledger.find(connection, "direct_debit", sent.debit_id)
    if booked is None:
        return
    invoices = await payments.of_family(connection, sent.family_id)
    held = sorted((i.held for i in invoices), key=lambda h: h.invoice_id == sent.invoice_id)
    credit = await ledger.family_credit(connection, sent.family_id)
    reversal, claimed = come_back(booked, "direct_debit_return", sent.family_id, held, credit)
    await ledger.post(connection, reversal, at=now)
    if claimed:
        await ledger.post(connection, claimed, at=now)
    lines = await spread(connection, taken_back(reversal), invoices)
    fact = uuid5(sent.debit_id, "return")
    told = paid_lines(fact, sent.family_id, Method.DIRECT_DEBIT, now, lines)
    await outbox.append(connection, *told)
