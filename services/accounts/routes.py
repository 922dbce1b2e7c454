"""What accounts answers over HTTP."""

import asyncio
from dataclasses import asdict
from uuid import UUID

from aiohttp import web

from contracts.roles import ADMIN, DESK, EVERYONE, GUARDIAN, OFFICE, OPERATOR, SIGNED_IN
from services.accounts import (
    access_routes,
    france_connect_routes,
    queries,
    schemas,
    staff_routes,
)
from services.accounts.access_routes import own_account, session_answer
from services.accounts.commands.amend_family import Amendment, amend_family
from services.accounts.commands.change_password import change_password
from services.accounts.commands.hashing import Hashing
from services.accounts.commands.import_families import import_families
from services.accounts.commands.issue_codes import issue_access_codes
from services.accounts.commands.keep_staff import StaffMember, keep_staff_account
from services.accounts.commands.means import MEANS
from services.accounts.commands.sign_in import (
    Credentials,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from services.accounts.model.family import MISSING_LABELS, FamilyRecord
from services.accounts.model.family_file import read_families
from services.chassis.auth import Caller
from services.chassis.endpoints import Call, delete, get, patch, post
from services.chassis.errors import FieldError, Invalid, NotFound, TooLarge

HASHING = web.AppKey("hashing", Hashing)

# About 150,000 children; the largest town there is has fewer.
LARGEST_FILE_BYTES = 40 * 1024 * 1024


async def import_family_file(call: Call, query: schemas.ImportQuery) -> schemas.ImportAnswer:
    """Importer les fiches famille (CSV)"""
    data = await _file(call.request)
    # In a thread, so that requests are answered while a large file is read.
    reading = await asyncio.to_thread(read_families, data, call.today)
    async with call.database.transaction() as connection:
        report = await import_families(connection, reading, dry_run=query.dry_run)
    return schemas.ImportAnswer(dry_run=query.dry_run, **asdict(report))


async def list_families(call: Call, query: schemas.FamilyListQuery) -> schemas.FamilyListAnswer:
    """Rechercher des familles"""
    found = await queries.list_families(
        call.connection, query.search, page=query.page, size=query.size
    )
    rows = tuple(schemas.FamilyRow(**row) for row in found.rows)
    return schemas.FamilyListAnswer(
        families=rows, total=found.total, page=query.page, size=query.size
    )


async def show_family(call: Call, family_id: UUID) -> schemas.FamilyAnswer:
    """La fiche d’une famille"""
    _refuse_other_families(call.caller, family_id)
    record = await queries.family(call.connection, family_id)
    if record is None:
        raise NotFound
    return await _family_answer(call, record)


async def patch_family(
    call: Call, family_id: UUID, body: schemas.FamilyPatch
) -> schemas.FamilyAnswer:
    """Modifier une fiche famille"""
    _refuse_other_families(call.caller, family_id)
    guardian_id = body.guardian_id
    if call.caller.has(GUARDIAN):
        guardian_id = await queries.guardian_of(call.connection, call.caller.account_id)
        await _refuse_other_mail(call, family_id, guardian_id, body)
    amendment = Amendment(
        contacts=body.contacts, address=body.address.value if body.address else None
    )
    record = await amend_family(call.connection, family_id, guardian_id, amendment)
    return await _family_answer(call, record)


async def preview_codes(call: Call) -> schemas.CodePreviewAnswer:
    """Compter les codes d’accès à envoyer"""
    return schemas.CodePreviewAnswer(**await queries.code_preview(call.connection))


async def issue_codes(call: Call, body: schemas.CodesBody) -> schemas.CodesAnswer:
    """Envoyer les codes d’accès"""
    batch = await issue_access_codes(
        call.connection,
        call.app[HASHING],
        body.family_ids,
        by=call.caller.account_id,
        now=call.now,
    )
    return schemas.CodesAnswer(**asdict(batch))


async def open_session(call: Call, body: schemas.SignInBody) -> schemas.SessionAnswer:
    """Se connecter"""
    credentials = Credentials(body.login, body.password, body.totp)
    opened = await sign_in(call.database, call.app[MEANS], credentials, body.client.value, call.now)
    return session_answer(call, opened.session, opened.device_token)


async def session_state(call: Call, session_id: UUID) -> schemas.SessionStateAnswer:
    """La session est-elle encore ouverte ?"""
    active = await queries.session_is_active(call.connection, session_id, call.now)
    return schemas.SessionStateAnswer(active=active)


async def close_session(call: Call, session_id: UUID) -> None:
    """Se déconnecter"""
    if not await sign_out(call.connection, session_id, own_account(call), call.now):
        raise NotFound


async def close_sessions(call: Call) -> None:
    """Se déconnecter partout"""
    await sign_out_everywhere(call.connection, own_account(call), call.now)


async def set_password(call: Call, body: schemas.PasswordBody) -> schemas.SessionAnswer:
    """Changer de mot de passe"""
    session = await change_password(
        call.database,
        call.app[MEANS],
        own_account(call),
        body.current,
        body.new,
        call.now,
        device=body.device,
    )
    return session_answer(call, session)


async def me(call: Call) -> schemas.MeAnswer:
    """Mon compte"""
    account = await queries.account(call.connection, own_account(call))
    if account is None:
        raise NotFound
    return schemas.MeAnswer(
        account_id=account.account_id,
        login=account.login,
        name=account.name,
        roles=account.roles,
        family_id=account.family_id,
        guardian_id=account.guardian_id,
    )


async def keep_staff(call: Call, body: schemas.StaffBody) -> schemas.StaffAnswer:
    """Créer ou modifier un compte d’agent"""
    member = StaffMember(**body.model_dump())
    account = await keep_staff_account(call.database, call.app[MEANS], member, call.now)
    return schemas.StaffAnswer(
        account_id=account.account_id,
        login=account.login,
        name=account.name,
        roles=account.roles,
        totp=account.totp_sealed is not None,
    )


async def list_staff(call: Call) -> schemas.StaffListAnswer:
    """Les comptes des agents"""
    rows = await queries.staff_accounts(call.connection)
    return schemas.StaffListAnswer(accounts=tuple(schemas.StaffRow(**row) for row in rows))


async def _file(request: web.Request) -> bytes:
    data = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        data += chunk
        if len(data) > LARGEST_FILE_BYTES:
            limit = LARGEST_FILE_BYTES // 1024 // 1024
            message = f"Le fichier dépasse {limit} Mo : partagez-le en plusieurs."
            raise TooLarge(message, errors=[FieldError("fichier", message)])
    return bytes(data)


async def _family_answer(call: Call, record: FamilyRecord) -> schemas.FamilyAnswer:
    accounts = await queries.guardian_accounts(call.connection, record.family_id)
    if call.caller.has(GUARDIAN):
        # The other parent's login is not this one's to know.
        accounts = {g: a for g, a in accounts.items() if a.account_id == call.caller.account_id}
    fields = asdict(record)
    for guardian in fields["guardians"]:
        account = accounts.get(guardian["guardian_id"])
        guardian["account"] = asdict(account) if account else None
    return schemas.FamilyAnswer(
        **fields,
        label=record.label,
        complete=not record.missing,
        missing=tuple(MISSING_LABELS[what] for what in record.missing),
    )


async def _refuse_other_mail(
    call: Call, family_id: UUID, guardian_id: UUID | None, body: schemas.FamilyPatch
) -> None:
    """A guardian's mail changes by links to both addresses, since whoever reads it may get in."""
    record = await queries.family(call.connection, family_id)
    guardian = record and guardian_id and record.guardian(guardian_id)
    if guardian and "mail" in body.contacts and body.contacts["mail"] != guardian.mail:
        message = "Changez d’adresse mail depuis « Mon compte » : un lien la confirmera."
        raise Invalid(errors=[FieldError("mail", message)])


def _refuse_other_families(caller: Caller, family_id: UUID) -> None:
    if caller.family_scope not in (None, family_id):
        raise NotFound


ENDPOINTS = (
    post("/imports/families", import_family_file, allow=OFFICE | {OPERATOR}, bare=True),
    get("/families", list_families, allow=DESK | {OPERATOR}),
    get("/families/{family_id}", show_family, allow=DESK | {GUARDIAN}),
    patch("/families/{family_id}", patch_family, allow=OFFICE | {GUARDIAN}),
    get("/access-codes", preview_codes, allow=OFFICE),
    post("/access-codes", issue_codes, allow=OFFICE | {OPERATOR}, status=201),
    post("/sessions", open_session, allow=EVERYONE, status=201, bare=True),
    delete("/sessions", close_sessions, allow=SIGNED_IN),
    get("/sessions/{session_id}", session_state, allow=EVERYONE),
    delete("/sessions/{session_id}", close_session, allow=SIGNED_IN),
    post("/password", set_password, allow=SIGNED_IN, status=201, bare=True),
    get("/me", me, allow=SIGNED_IN),
    post("/staff-accounts", keep_staff, allow={ADMIN, OPERATOR}, status=201, bare=True),
    get("/staff-accounts", list_staff, allow={ADMIN, OPERATOR}),
    *access_routes.ENDPOINTS,
    *staff_routes.ENDPOINTS,
    *france_connect_routes.ENDPOINTS,
)
