"""What accounts answers over HTTP."""

from uuid import UUID

from contracts.roles import ADMIN, DESK, EVERYONE, GUARDIAN, OFFICE, OPERATOR, SIGNED_IN
from services.accounts import queries, schemas
from services.accounts.commands.change_password import change_password
from services.accounts.commands.change_record import Author, change_record
from services.accounts.commands.keep_staff import StaffMember, keep_staff_account
from services.accounts.commands.means import MEANS
from services.accounts.commands.sign_in import (
    Credentials,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from services.accounts.routes import access as access_routes
from services.accounts.routes import classes as classes_routes
from services.accounts.routes import codes as codes_routes
from services.accounts.routes import erasure as erasure_routes
from services.accounts.routes import france_connect as france_connect_routes
from services.accounts.routes import imports as imports_routes
from services.accounts.routes import joining as joining_routes
from services.accounts.routes import overview as overview_routes
from services.accounts.routes import people as people_routes
from services.accounts.routes import requests as requests_routes
from services.accounts.routes import staff as staff_routes
from services.accounts.routes import trail as trail_routes
from services.accounts.routes.access import own_account, session_answer
from services.accounts.routes.record import ENDPOINTS as RECORD_ENDPOINTS
from services.accounts.routes.record import family_answer, wishes
from services.chassis.auth import Caller
from services.chassis.endpoints import Call, delete, get, patch, post
from services.chassis.errors import NotFound


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
    return await family_answer(call, call.connection, record)


async def patch_family(
    call: Call, family_id: UUID, body: schemas.FamilyPatch
) -> schemas.FamilyAnswer:
    """Modifier une fiche famille"""
    _refuse_other_families(call.caller, family_id)
    guardian_id = body.guardian_id
    if call.caller.has(GUARDIAN):
        guardian_id = await queries.guardian_of(call.connection, call.caller.account_id)
    wanted = [
        *wishes("guardian", body.contacts, guardian_id),
        *wishes("family", body.household, None),
    ]
    by = Author(call.caller.account_id, is_staff=call.caller.family_scope is None)
    record = await change_record(call.connection, family_id, wanted, by, call.now)
    return await family_answer(call, call.connection, record)


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
        repeated=body.repeated,
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


def _refuse_other_families(caller: Caller, family_id: UUID) -> None:
    if caller.family_scope not in (None, family_id):
        raise NotFound


ENDPOINTS = (
    get("/families", list_families, allow=DESK | {OPERATOR}),
    get(
        "/families/{family_id}",
        show_family,
        allow=DESK | {GUARDIAN},
        opens=True,
        summary="Ouvrir une fiche famille",
    ),
    patch("/families/{family_id}", patch_family, allow=OFFICE | {GUARDIAN}),
    post("/sessions", open_session, allow=EVERYONE, status=201, bare=True),
    delete("/sessions", close_sessions, allow=SIGNED_IN),
    get("/sessions/{session_id}", session_state, allow=EVERYONE),
    delete("/sessions/{session_id}", close_session, allow=SIGNED_IN),
    post("/password", set_password, allow=SIGNED_IN, status=201, bare=True),
    get("/me", me, allow=SIGNED_IN),
    post("/staff-accounts", keep_staff, allow={ADMIN, OPERATOR}, status=201, bare=True),
    get("/staff-accounts", list_staff, allow={ADMIN, OPERATOR}),
    *RECORD_ENDPOINTS,
    *requests_routes.ENDPOINTS,
    *codes_routes.ENDPOINTS,
    *imports_routes.ENDPOINTS,
    *classes_routes.ENDPOINTS,
    *joining_routes.ENDPOINTS,
    *people_routes.ENDPOINTS,
    *trail_routes.ENDPOINTS,
    *erasure_routes.ENDPOINTS,
    *access_routes.ENDPOINTS,
    *staff_routes.ENDPOINTS,
    *france_connect_routes.ENDPOINTS,
    *overview_routes.ENDPOINTS,
)
