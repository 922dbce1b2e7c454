"""The till over HTTP: takings, corrections, deposit slips, credits."""

from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE, TILL
from services.billing import queries
from services.billing.commands import deposit_cheques
from services.billing.commands.refund_credit import refund_credit
from services.billing.commands.reverse_payment import reverse_payment
from services.billing.commands.reverse_refund import reverse_refund
from services.billing.commands.take_payment import take_payment
from services.billing.model.payments import Method
from services.billing.model.till import Cheque, Takings
from services.billing.papers.sending import SENDER, send_paper
from services.billing.papers.till import slip_data
from services.billing.queries import Page
from services.billing.queries import till as till_queries
from services.billing.schemas import PaymentAnswer
from services.billing.schemas.till import (
    ChequesAnswer,
    CreditAnswer,
    CreditQuery,
    JournalAnswer,
    JournalQuery,
    ReasonBody,
    RefundAnswer,
    RefundBody,
    SlipAnswer,
    SlipBody,
    SlipDetailAnswer,
    SlipsAnswer,
    SlipsQuery,
    TakingsBody,
)
from services.chassis.errors import NotFound
from services.chassis.web import Call, delete, get, post


async def record(call: Call, body: TakingsBody) -> PaymentAnswer:
    """Record money handed over at the till."""
    cheque = body.cheque
    takings = Takings(
        family_id=body.family_id,
        method=Method(body.method),
        amount_cents=body.amount_cents,
        invoice_ids=body.invoice_ids,
        cheque=Cheque(cheque.number, cheque.bank, cheque.drawer) if cheque else None,
        cesu_number=body.cesu_number,
        transmitted_confirmed=body.transmitted_confirmed,
    )
    payment = await take_payment(call.connection, takings, now=call.now, by=call.caller.account_id)
    found = await queries.payment(call.connection, payment.payment_id, None)
    return PaymentAnswer.model_validate(found)


async def undo(call: Call, payment_id: UUID, body: ReasonBody) -> PaymentAnswer:
    """Undo a payment recorded at the till."""
    await reverse_payment(
        call.connection, payment_id, body.reason, now=call.now, by=call.caller.account_id
    )
    found = await queries.payment(call.connection, payment_id, None)
    return PaymentAnswer.model_validate(found)


async def refund(call: Call, body: RefundBody) -> RefundAnswer:
    """Pay back what a family has to its credit."""
    refund_id = await refund_credit(
        call.connection,
        body.family_id,
        body.amount_cents,
        body.reason,
        now=call.now,
        by=call.caller.account_id,
    )
    return RefundAnswer.model_validate(await till_queries.refund(call.connection, refund_id))


async def show_refund(call: Call, refund_id: UUID) -> RefundAnswer:
    """What was paid back, once."""
    return RefundAnswer.model_validate(await till_queries.refund(call.connection, refund_id))


async def undo_refund(call: Call, refund_id: UUID, body: ReasonBody) -> RefundAnswer:
    """Undo a refund that came back."""
    await reverse_refund(
        call.connection, refund_id, body.reason, now=call.now, by=call.caller.account_id
    )
    return RefundAnswer.model_validate(await till_queries.refund(call.connection, refund_id))


async def show_credit(call: Call, query: CreditQuery) -> CreditAnswer:
    """What a family has to its credit."""
    family_id = call.caller.family_scope or query.family_id
    if family_id is None:
        raise NotFound
    found = await till_queries.family_credit(call.connection, family_id)
    return CreditAnswer.model_validate(found)


async def show_journal(call: Call, query: JournalQuery) -> JournalAnswer:
    """The till's day, by means of payment."""
    found = await till_queries.journal(call.connection, query.day or call.today)
    return JournalAnswer.model_validate(found)


async def list_cheques(call: Call) -> ChequesAnswer:
    """The cheques that wait for a deposit slip."""
    found = await till_queries.cheques(call.connection)
    return ChequesAnswer.model_validate({"cheques": found})


async def list_slips(call: Call, query: SlipsQuery) -> SlipsAnswer:
    """The deposit slips."""
    found = await till_queries.slips(call.connection, Page(query.page, query.size))
    return SlipsAnswer.model_validate({"slips": found})


async def make_slip(call: Call, body: SlipBody) -> SlipDetailAnswer:
    """Put cheques on a deposit slip."""
    slip_id = await deposit_cheques.group_cheques(
        call.connection, body.payment_ids, now=call.now, by=call.caller.account_id
    )
    found = await till_queries.slip(call.connection, slip_id)
    return SlipDetailAnswer.model_validate(found)


async def show_slip(call: Call, slip_id: UUID) -> SlipDetailAnswer:
    """One deposit slip with its cheques."""
    found = await till_queries.slip(call.connection, slip_id)
    return SlipDetailAnswer.model_validate(found)


async def drop_slip(call: Call, slip_id: UUID) -> None:
    """Undo a deposit slip that is still open."""
    await deposit_cheques.ungroup_cheques(call.connection, slip_id)


async def lock(call: Call, slip_id: UUID) -> SlipAnswer:
    """Lock a deposit slip: its cheques are at the bank."""
    await deposit_cheques.lock_slip(call.connection, slip_id, now=call.now)
    return SlipAnswer.model_validate(await till_queries.slip(call.connection, slip_id))


async def slip_paper(call: Call, slip_id: UUID) -> web.StreamResponse:
    """A deposit slip as PDF."""
    async with call.database.connection() as connection:
        found = await till_queries.slip(connection, slip_id)
    slip = SlipDetailAnswer.model_validate(found)
    data = slip_data(slip, call.app[SENDER])
    return await send_paper(call.app, "slip", data, f"remise-{slip.number or 'brouillon'}.pdf")


ENDPOINTS = (
    post(
        "/till-payments",
        record,
        allow=TILL,
        status=201,
        summary="Enregistrer un règlement à la caisse",
    ),
    post(
        "/payments/{payment_id}/reversal",
        undo,
        allow=TILL,
        summary="Annuler un règlement de caisse",
    ),
    post("/refunds", refund, allow=TILL, status=201, summary="Rembourser une avance"),
    get("/refunds/{refund_id}", show_refund, allow=TILL, summary="Voir un remboursement"),
    post(
        "/refunds/{refund_id}/reversal",
        undo_refund,
        allow=TILL,
        summary="Annuler un remboursement",
    ),
    get(
        "/credit",
        show_credit,
        allow=OFFICE | TILL | {GUARDIAN},
        summary="Voir l’avance d’une famille",
    ),
    get("/till-journal", show_journal, allow=TILL, summary="Voir le journal de caisse"),
    get("/cheques", list_cheques, allow=TILL),
    get("/cheque-slips", list_slips, allow=TILL),
    post(
        "/cheque-slips",
        make_slip,
        allow=TILL,
        status=201,
        summary="Préparer une remise de chèques",
    ),
    get("/cheque-slips/{slip_id}.pdf", slip_paper, allow=TILL, bare=True),
    get("/cheque-slips/{slip_id}", show_slip, allow=TILL),
    delete("/cheque-slips/{slip_id}", drop_slip, allow=TILL, summary="Défaire une remise"),
    post(
        "/cheque-slips/{slip_id}/lock",
        lock,
        allow=TILL,
        summary="Clore une remise de chèques",
    ),
)
