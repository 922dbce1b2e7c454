"""Mandates over HTTP."""

from uuid import UUID

from contracts.roles import GUARDIAN, OFFICE, TILL
from services.billing.commands.keep_mandates import BANK, end_mandate, revoke_mandate, sign_mandate
from services.billing.model.mandates import consent_text
from services.billing.queries import Page
from services.billing.queries import mandate as queries
from services.billing.schemas.mandate import (
    MandateAnswer,
    MandateBody,
    MandatesAnswer,
    MandatesQuery,
    RevocationBody,
    TermsAnswer,
)
from services.chassis.errors import NotFound
from services.chassis.web import Call, get, post

READERS = OFFICE | TILL | {GUARDIAN}


async def show_terms(call: Call) -> TermsAnswer:
    """What a family signs."""
    bank = call.app[BANK]
    return TermsAnswer(
        creditor_name=bank.creditor.name,
        creditor_id=bank.creditor.ics,
        text=consent_text(bank.creditor),
        one_off_text=consent_text(bank.creditor, one_off=True),
        notice_days=bank.notice_days,
    )


async def list_mandates(call: Call, query: MandatesQuery) -> MandatesAnswer:
    """Mandates, newest first."""
    found = await queries.mandates(
        call.connection,
        call.today,
        family_id=call.caller.family_scope or query.family_id,
        state=query.state,
        page=Page(query.page, query.size),
    )
    return MandatesAnswer.model_validate({"mandates": found})


async def sign_debit_mandate(call: Call, body: MandateBody) -> MandateAnswer:
    """Sign a mandate; the account given before is debited no more."""
    if call.caller.family_id is None:
        raise NotFound
    signed = await sign_mandate(
        call.connection,
        call.app[BANK],
        family_id=call.caller.family_id,
        account_id=call.caller.account_id,
        holder=body.holder,
        iban=body.iban,
        one_off=body.one_off,
        now=call.now,
    )
    found = await queries.mandate(call.connection, call.today, signed.mandate_id)
    return MandateAnswer.model_validate(found)


async def end_debit_mandate(call: Call, mandate_id: UUID, body: RevocationBody) -> MandateAnswer:
    """End a mandate, at once or on a day to come."""
    scope = call.caller.family_scope
    if body.ends_on:
        await end_mandate(
            call.connection,
            mandate_id,
            body.ends_on,
            reason=body.reason,
            family_scope=scope,
            now=call.now,
        )
    else:
        await revoke_mandate(
            call.connection,
            mandate_id,
            cause="family" if scope else "office",
            reason=body.reason,
            by=call.caller.account_id,
            family_scope=scope,
            now=call.now,
        )
    found = await queries.mandate(call.connection, call.today, mandate_id)
    return MandateAnswer.model_validate(found)


ENDPOINTS = (
    get("/mandates/terms", show_terms, allow=READERS),
    get("/mandates", list_mandates, allow=READERS, summary="Voir les mandats de prélèvement"),
    post(
        "/mandates",
        sign_debit_mandate,
        allow={GUARDIAN},
        status=201,
        summary="Signer un mandat de prélèvement",
    ),
    post(
        "/mandates/{mandate_id}/revocation",
        end_debit_mandate,
        allow=TILL | {GUARDIAN},
        summary="Mettre fin à un mandat de prélèvement",
    ),
)
