"""Erasure of a family's data over HTTP."""

from uuid import UUID

from contracts.roles import GUARDIAN, OFFICE
from services.accounts.commands import erase_family as commands
from services.accounts.commands.hashing import HASHING
from services.accounts.model.leaving import months_before
from services.accounts.personal_data import personal
from services.accounts.queries import erasure as queries
from services.accounts.routes.record import own_record
from services.accounts.schemas import erasure as schemas
from services.accounts.settings import AccountsSettings, accounts_settings
from services.chassis.app import SETTINGS
from services.chassis.endpoints import Call, delete, get, post
from services.chassis.errors import Unauthorised


async def ask_erasure(
    call: Call, family_id: UUID, body: schemas.ErasureBody
) -> schemas.ErasureAnswer:
    """Demander l’effacement de ses données"""
    request = await commands.ask_for_erasure(
        call.database,
        call.app[HASHING],
        family_id=family_id,
        account_id=_account_id(call),
        password=body.password,
        now=call.now,
    )
    return schemas.ErasureAnswer(status=request.status, asked_at=request.asked_at)


async def erasure_state(call: Call, family_id: UUID) -> schemas.ErasureAnswer:
    """Où en est la demande d’effacement"""
    await own_record(call.connection, call.caller, family_id)
    request = await queries.latest_request(call.connection, family_id)
    if request is None:
        return schemas.ErasureAnswer(status="none")
    return schemas.ErasureAnswer(
        status=request.status,
        asked_at=request.asked_at,
        decided_at=request.decided_at,
        reason=request.reason,
    )


async def withdraw_erasure(call: Call, family_id: UUID) -> None:
    """Renoncer à l’effacement"""
    await commands.withdraw_request(call.connection, family_id, _account_id(call), call.now)


async def list_erasures(call: Call) -> schemas.ErasuresAnswer:
    """Les familles à effacer"""
    months = _settings(call).departed_after_months
    asked = await queries.asked(call.connection)
    departed = await queries.departed(call.connection, months_before(call.today, months))
    return schemas.ErasuresAnswer(
        asked=tuple(schemas.ErasureLine(**row) for row in asked),
        departed=tuple(schemas.ErasureLine(**row) for row in departed),
        departed_after_months=months,
    )


async def approve_erasure(call: Call, family_id: UUID, body: schemas.ApprovalBody) -> None:
    """Effacer une famille"""
    settings = _settings(call)
    await commands.erase_family(
        call.connection,
        personal(settings.audit_retention_days),
        settings.retention_months,
        family_id,
        reference=body.reference,
        by=call.caller.account_id,
        now=call.now,
    )


async def refuse_erasure(call: Call, family_id: UUID, body: schemas.ErasureRefusalBody) -> None:
    """Refuser d’effacer une famille"""
    await commands.refuse_erasure(
        call.connection,
        family_id,
        reason=body.reason,
        by=call.caller.account_id,
        now=call.now,
    )


def _settings(call: Call) -> AccountsSettings:
    return accounts_settings(call.app[SETTINGS])


def _account_id(call: Call) -> UUID:
    if call.caller.account_id is None:
        raise Unauthorised
    return call.caller.account_id


ENDPOINTS = (
    get("/erasures", list_erasures, allow=OFFICE),
    get("/families/{family_id}/erasure", erasure_state, allow=OFFICE | {GUARDIAN}),
    # Bare: the password is hashed between two short transactions.
    post("/families/{family_id}/erasure", ask_erasure, allow={GUARDIAN}, status=201, bare=True),
    delete("/families/{family_id}/erasure", withdraw_erasure, allow={GUARDIAN}),
    post("/families/{family_id}/erasure/approve", approve_erasure, allow=OFFICE),
    post("/families/{family_id}/erasure/refuse", refuse_erasure, allow=OFFICE),
)
