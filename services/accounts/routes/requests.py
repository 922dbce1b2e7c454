"""What accounts answers about newcomers' account requests."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from contracts.roles import EVERYONE, OFFICE
from services.accounts.commands.answer_request import Approval, approve_request, refuse_request
from services.accounts.commands.ask_for_account import ask_for_account, confirm_request
from services.accounts.commands.hashing import HASHING
from services.accounts.model.requests import AccountRequest
from services.accounts.model.values import BadValue, birth_date
from services.accounts.queries import requests as queries
from services.accounts.schemas import requests as schemas
from services.chassis.endpoints import Call, get, post
from services.chassis.errors import FieldError, Invalid, NotFound

# Whoever is signed in may ask as well: a relative for a family of their own, say.


async def ask(call: Call, body: schemas.AccountRequestBody) -> schemas.RequestReceivedAnswer:
    """Demander un compte"""
    refuse_births(call, body.children, "children.{}.birth_date")
    await ask_for_account(
        call.connection, call.app[HASHING], body.form, origin=body.origin, now=call.now
    )
    return schemas.RequestReceivedAnswer()


async def confirm(call: Call, body: schemas.ConfirmBody) -> None:
    """Confirmer l’adresse mail d’une demande de compte"""
    await confirm_request(call.connection, body.token, call.now)


async def list_requests(call: Call, query: schemas.RequestListQuery) -> schemas.RequestListAnswer:
    """Les demandes de compte"""
    found = await queries.list_requests(
        call.connection, query.status, page=query.page, size=query.size
    )
    return schemas.RequestListAnswer(
        requests=tuple(_row(row["request"]) for row in found.rows),
        total=found.total,
        page=query.page,
        size=query.size,
    )


async def show_request(call: Call, request_id: UUID) -> schemas.RequestAnswer:
    """Une demande de compte et les familles qui lui ressemblent"""
    request = await queries.account_request(call.connection, request_id)
    if request is None:
        raise NotFound
    alike = await queries.alike(call.connection, request)
    form = asdict(request.form)
    fields = {k: v for k, v in asdict(request).items() if k not in {"form", "link_expires_at"}}
    return schemas.RequestAnswer(**fields, **form, alike=tuple(_alike(a) for a in alike))


async def approve(
    call: Call, request_id: UUID, body: schemas.ApproveBody
) -> schemas.ApprovedAnswer:
    """Accepter une demande de compte"""
    record, batch = await approve_request(
        call.connection,
        call.app[HASHING],
        request_id,
        Approval(**body.model_dump()),
        by=call.caller.account_id,
        now=call.now,
    )
    return schemas.ApprovedAnswer(
        family_id=record.family_id,
        reference=record.reference,
        by_mail=batch.by_mail,
        by_letter=batch.by_letter,
    )


async def refuse(call: Call, request_id: UUID, body: schemas.RefuseBody) -> None:
    """Refuser une demande de compte"""
    await refuse_request(
        call.connection, request_id, body.reason, by=call.caller.account_id, now=call.now
    )


def refuse_births(call: Call, children: Sequence[schemas.ChildBody], field: str) -> None:
    """The model's own rule for birth dates, which needs to know the day."""
    errors = []
    for number, child in enumerate(children):
        try:
            birth_date(child.birth_date.isoformat(), call.today)
        except BadValue as bad:
            errors.append(FieldError(field.format(number), str(bad)))
    if errors:
        raise Invalid("Corrigez les champs signalés.", errors=errors)


def _row(request: AccountRequest) -> schemas.RequestRow:
    asker = request.form.asker
    return schemas.RequestRow.model_validate(
        {
            "request_id": request.request_id,
            "status": request.status,
            "name": f"{asker.first_name} {asker.last_name}",
            "mail": request.form.mail,
            "children": len(request.form.children),
            "city": request.form.address.city,
            "confirmed_at": request.confirmed_at,
            "decided_at": request.decided_at,
        }
    )


def _alike(alike: queries.Alike) -> schemas.AlikeAnswer:
    record, likeness = alike.record, alike.likeness
    return schemas.AlikeAnswer(
        family_id=record.family_id,
        reference=record.reference,
        label=record.label,
        city=record.address.city,
        children=tuple(f"{c.first_name} {c.last_name}" for c in record.children),
        guardians=tuple(f"{g.first_name} {g.last_name}" for g in record.guardians),
        score=likeness.score,
        likely=likeness.likely,
        reasons=likeness.reasons,
    )


ENDPOINTS = (
    post("/account-requests", ask, allow=EVERYONE, status=202),
    post("/account-requests/confirm", confirm, allow=EVERYONE),
    get("/account-requests", list_requests, allow=OFFICE),
    get(
        "/account-requests/{request_id}",
        show_request,
        allow=OFFICE,
        opens=True,
        summary="Ouvrir une demande de compte",
    ),
    post("/account-requests/{request_id}/approve", approve, allow=OFFICE),
    post("/account-requests/{request_id}/refuse", refuse, allow=OFFICE),
)
