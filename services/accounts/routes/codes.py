"""What accounts answers about access codes: preview, issue, plan, withdraw, make anew."""

from dataclasses import asdict
from uuid import UUID

from contracts.roles import OFFICE, OPERATOR
from services.accounts import schemas
from services.accounts.commands.hashing import HASHING
from services.accounts.commands.issue_codes import issue_access_codes, refuse_unknown
from services.accounts.commands.plan_codes import plan_codes, reissue_codes, withdraw_codes
from services.accounts.queries import codes as codes_queries
from services.accounts.schemas import codes as codes_schemas
from services.chassis.endpoints import Call, delete, get, post


async def preview_codes(call: Call, query: codes_schemas.PreviewQuery) -> schemas.CodePreviewAnswer:
    """Compter les codes d’accès à envoyer"""
    counted = await codes_queries.preview(call.connection, every_guardian=query.every_guardian)
    return schemas.CodePreviewAnswer(**counted)


async def list_recipients(
    call: Call, query: codes_schemas.RecipientsQuery
) -> codes_schemas.RecipientsAnswer:
    """Qui recevra un code d’accès, qui n’en recevra pas et pourquoi"""
    found = await codes_queries.recipients(
        call.connection,
        query.outcome,
        every_guardian=query.every_guardian,
        page=query.page,
        size=query.size,
    )
    rows = tuple(codes_schemas.RecipientRow(**row) for row in found.rows)
    return codes_schemas.RecipientsAnswer(
        families=rows, total=found.total, page=query.page, size=query.size
    )


async def issue_codes(call: Call, body: schemas.CodesBody) -> schemas.CodesAnswer:
    """Envoyer les codes d’accès, tout de suite ou à une date choisie"""
    by, addressees = call.caller.account_id, body.addressees
    await refuse_unknown(call.connection, addressees)
    if body.planned_for and body.planned_for > call.today:
        planned = await plan_codes(
            call.connection,
            body.planned_for,
            addressees,
            only=body.only,
            by=by,
            now=call.now,
        )
        return schemas.CodesAnswer(
            batch_id=planned.batch_id, by_mail=0, by_letter=0, planned_for=planned.planned_for
        )
    batch = await issue_access_codes(
        call.connection,
        call.app[HASHING],
        addressees,
        only=body.only,
        by=by,
        now=call.now,
    )
    return schemas.CodesAnswer(**asdict(batch))


async def list_batches(call: Call) -> codes_schemas.BatchesAnswer:
    """Les lots de codes d’accès"""
    rows = await codes_queries.batches(call.connection)
    return codes_schemas.BatchesAnswer(batches=tuple(codes_schemas.BatchRow(**row) for row in rows))


async def withdraw_batch(call: Call, batch_id: UUID) -> None:
    """Annuler un envoi programmé"""
    await withdraw_codes(call.connection, batch_id)


async def reissue_batch(
    call: Call, batch_id: UUID, body: codes_schemas.ReissueBody
) -> schemas.CodesAnswer:
    """Refaire les codes d’un lot qui n’ont pas servi"""
    batch = await reissue_codes(
        call.connection,
        call.app[HASHING],
        batch_id,
        only=body.only,
        by=call.caller.account_id,
        now=call.now,
    )
    return schemas.CodesAnswer(**asdict(batch))


ENDPOINTS = (
    get("/access-codes", preview_codes, allow=OFFICE),
    post("/access-codes", issue_codes, allow=OFFICE | {OPERATOR}, status=201),
    get("/access-codes/recipients", list_recipients, allow=OFFICE),
    get("/access-codes/batches", list_batches, allow=OFFICE),
    delete("/access-codes/batches/{batch_id}", withdraw_batch, allow=OFFICE),
    post("/access-codes/batches/{batch_id}/reissue", reissue_batch, allow=OFFICE, status=201),
)
