"""One's own access over HTTP: sessions, the second factor, forgotten passwords, mail address."""

from uuid import UUID

from aiohttp import web

from contracts.roles import ADMIN, EVERYONE, GUARDIAN, SIGNED_IN
from services.accounts.commands import change_mail, forgotten_password, second_factor
from services.accounts.commands.means import MEANS
from services.accounts.model.throttling import Client
from services.accounts.model.tokens import Session, SessionSigner
from services.accounts.queries import access as access_queries
from services.accounts.schemas import SessionAnswer
from services.accounts.schemas.access import (
    AcceptedAnswer,
    AccessAnswer,
    EnrolledAnswer,
    FirstCodeBody,
    ForgottenBody,
    LinkBody,
    MailAnswer,
    NewMailBody,
    NewSecretAnswer,
    PasswordProof,
    RecoveryCodesAnswer,
    ResetAnswer,
    ResetBody,
    SessionRow,
    SessionsAnswer,
)
from services.chassis import audit
from services.chassis.endpoints import Call, delete, get, post
from services.chassis.errors import NotFound, Unauthorised

SESSION_SIGNER = web.AppKey("session_signer", SessionSigner)


async def list_sessions(call: Call) -> SessionsAnswer:
    """Mes sessions ouvertes"""
    rows = await access_queries.sessions(call.connection, own_account(call), call.now)
    mine = call.caller.session_id
    return SessionsAnswer(
        sessions=tuple(SessionRow(**row, current=row["session_id"] == mine) for row in rows)
    )


async def show_access(call: Call) -> AccessAnswer:
    """Mes moyens de connexion"""
    found = await access_queries.access(call.connection, own_account(call), call.now)
    if found is None:
        raise NotFound
    return AccessAnswer(**found)


async def begin_second_factor(call: Call, body: PasswordProof) -> NewSecretAnswer:
    """Préparer la double authentification"""
    made = await second_factor.begin_enrolment(
        call.database, call.app[MEANS], own_account(call), body.password, call.now
    )
    return NewSecretAnswer(secret=made.secret, address=made.address)


async def pending_second_factor(call: Call) -> NewSecretAnswer:
    """La double authentification en cours d’activation"""
    made = await second_factor.pending_enrolment(
        call.connection, call.app[MEANS], own_account(call), call.now
    )
    return NewSecretAnswer(secret=made.secret, address=made.address)


async def confirm_second_factor(call: Call, body: FirstCodeBody) -> EnrolledAnswer:
    """Activer la double authentification"""
    enrolled = await second_factor.confirm_enrolment(
        call.database, call.app[MEANS], own_account(call), body.code, call.now, body.device
    )
    answer = session_answer(call, enrolled.session)
    return EnrolledAnswer(**dict(answer), recovery_codes=tuple(enrolled.recovery_codes))


async def renew_recovery_codes(call: Call, body: PasswordProof) -> RecoveryCodesAnswer:
    """Remplacer les codes de secours"""
    codes = await second_factor.renew_recovery_codes(
        call.database, call.app[MEANS], own_account(call), body.password, call.now
    )
    return RecoveryCodesAnswer(recovery_codes=tuple(codes))


async def give_up_second_factor(call: Call, body: PasswordProof) -> None:
    """Désactiver la double authentification"""
    await second_factor.give_up(
        call.database, call.app[MEANS], own_account(call), body.password, call.now
    )


async def ask_for_reset(call: Call, body: ForgottenBody) -> AcceptedAnswer:
    """Demander un nouveau mot de passe"""
    client = Client(address=body.address)
    await forgotten_password.ask_for_link(call.connection, body.login, client, call.now)
    return AcceptedAnswer()


async def check_reset(call: Call, body: LinkBody) -> None:
    """Savoir si un lien de mot de passe oublié est encore valable"""
    await forgotten_password.check_link(call.connection, body.token, call.now)


async def reset_password(call: Call, body: ResetBody) -> ResetAnswer:
    """Choisir un nouveau mot de passe par le lien reçu"""
    token = await forgotten_password.choose_by_link(
        call.database, call.app[MEANS], body.token, body.new, body.repeated, call.now
    )
    return ResetAnswer(device_token=token)


async def ask_for_mail(call: Call, body: NewMailBody) -> AcceptedAnswer:
    """Demander à changer d’adresse mail"""
    await change_mail.ask_for_mail(
        call.database, call.app[MEANS], own_account(call), body.mail, body.password, call.now
    )
    return AcceptedAnswer()


async def give_mail_up(call: Call) -> None:
    """Renoncer à changer d’adresse mail"""
    await change_mail.give_mail_up(call.connection, own_account(call))


async def confirm_mail(call: Call, body: LinkBody) -> MailAnswer:
    """Confirmer une adresse mail par le lien reçu"""
    mail, waits_for = await change_mail.confirm_mail(call.connection, body.token, call.now)
    return MailAnswer(mail=mail, waits_for=waits_for)


async def refuse_mail(call: Call, body: LinkBody) -> MailAnswer:
    """Refuser un changement d’adresse mail par le lien reçu"""
    return MailAnswer(mail=await change_mail.refuse_mail(call.connection, body.token, call.now))


async def take_second_factor_away(call: Call, account_id: UUID) -> None:
    """Réinitialiser la double authentification d’un compte"""
    account = await second_factor.take_away(call.connection, account_id, call.now)
    audit.about(call, family_id=account.family_id)


def session_answer(call: Call, session: Session, device_token: str = "") -> SessionAnswer:
    """The session as its owner carries it away."""
    return SessionAnswer(
        access_token=call.app[SESSION_SIGNER].sign(session),
        must_change_password=session.must_change_password,
        must_enrol_second_factor=session.must_enrol_second_factor,
        expires_at=session.expires_at,
        device_token=device_token,
    )


def own_account(call: Call) -> UUID:
    """The caller's account. Raises Unauthorised."""
    if call.caller.account_id is None:
        raise Unauthorised
    return call.caller.account_id


ENDPOINTS = (
    get("/sessions", list_sessions, allow=SIGNED_IN),
    get("/access", show_access, allow=SIGNED_IN),
    post("/second-factor", begin_second_factor, allow=SIGNED_IN, status=201, bare=True),
    get("/second-factor", pending_second_factor, allow=SIGNED_IN),
    post(
        "/second-factor/confirmation",
        confirm_second_factor,
        allow=SIGNED_IN,
        status=201,
        bare=True,
    ),
    post(
        "/second-factor/recovery-codes",
        renew_recovery_codes,
        allow=SIGNED_IN,
        status=201,
        bare=True,
    ),
    post("/second-factor/removal", give_up_second_factor, allow=SIGNED_IN, bare=True),
    post("/password-resets", ask_for_reset, allow=EVERYONE, status=202),
    post("/password-resets/check", check_reset, allow=EVERYONE),
    post("/password-resets/completion", reset_password, allow=EVERYONE, bare=True),
    post("/mail-changes", ask_for_mail, allow={GUARDIAN}, status=202, bare=True),
    delete("/mail-changes", give_mail_up, allow={GUARDIAN}),
    post("/mail-changes/confirmation", confirm_mail, allow=EVERYONE),
    post("/mail-changes/cancellation", refuse_mail, allow=EVERYONE),
    delete("/accounts/{account_id}/second-factor", take_second_factor_away, allow={ADMIN}),
)
