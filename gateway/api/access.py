"""One's own access: sessions, second factor, forgotten password, mail address."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from contracts.roles import ADMIN, EVERYONE, GUARDIAN, SIGNED_IN
from gateway.api.edge import clients, forward
from gateway.portal import PORTAL
from gateway.readers.access import (
    Accepted,
    Access,
    Arrival,
    ConfirmedMail,
    Departure,
    Enrolled,
    NewSecret,
    OpenSessions,
    PasswordReset,
    RecoveryCodes,
)
from gateway.readers.accounts import Tokens
from gateway.visitor import visitor
from services.chassis.endpoints import Body, Call, delete, post

Secret = Annotated[str, Field(min_length=1, max_length=200)]
Token = Annotated[str, Field(min_length=1, max_length=100)]


class SecretBody(Body):
    model_config = ConfigDict(str_strip_whitespace=False)  # a space in a password counts


class PasswordProof(SecretBody):
    password: Secret


class FirstCodeBody(Body):
    code: Annotated[str, Field(min_length=1, max_length=20)]


class ForgottenBody(Body):
    """The login, or the mail address."""

    login: Annotated[str, Field(min_length=1, max_length=200)]


class ResetBody(SecretBody):
    token: Token
    new: Secret


class NewMailBody(SecretBody):
    mail: Annotated[str, Field(max_length=300)]
    password: Secret


class ArrivalBody(Body):
    code: Annotated[str, Field(min_length=1, max_length=2000)]
    state: Token
    browser_token: Token


class LinkedBody(SecretBody):
    ticket: Token
    login: Annotated[str, Field(min_length=1, max_length=200)]
    password: Secret
    totp: Annotated[str, Field(max_length=20)] | None = None


class LinkBody(Body):
    token: Token


async def begin_second_factor(call: Call, body: PasswordProof) -> NewSecret:
    """A secret for an authenticator application; it counts once its first code is confirmed."""
    return await clients(call).accounts.begin_second_factor(body.password)


async def confirm_second_factor(call: Call, body: FirstCodeBody) -> Enrolled:
    """Take the second factor up: another token, and ten recovery codes."""
    device = visitor(call.request, call.app[PORTAL].proxies, "").device
    enrolled = await clients(call).accounts.confirm_second_factor(body.code, device)
    call.app[PORTAL].identity.began(enrolled.access_token, call.now)
    return enrolled


async def renew_recovery_codes(call: Call, body: PasswordProof) -> RecoveryCodes:
    """Ten other recovery codes; those before no longer pass."""
    return await clients(call).accounts.renew_recovery_codes(body.password)


async def give_up_second_factor(call: Call, body: PasswordProof) -> None:
    """Do without a second factor; the staff may not."""
    await clients(call).accounts.give_up_second_factor(body.password)


async def depart(call: Call) -> Departure:
    """Where to go to be identified by FranceConnect, and what to bring back."""
    return await clients(call).accounts.depart()


async def arrive(call: Call, body: ArrivalBody) -> Arrival:
    """Back from FranceConnect: a session, or a ticket with which to prove one's account."""
    seen = visitor(call.request, call.app[PORTAL].proxies, "")
    return await clients(call).accounts.arrive(body.code, body.state, body.browser_token, seen)


async def link(call: Call, body: LinkedBody) -> Tokens:
    """Prove one's account, and sign in to it with FranceConnect from then on."""
    seen = visitor(call.request, call.app[PORTAL].proxies, "")
    return await clients(call).accounts.link_france_connect(
        body.ticket, body.login, body.password, body.totp, seen
    )


async def unlink(call: Call, body: PasswordProof) -> None:
    """Sign in with the password alone again."""
    await clients(call).accounts.unlink_france_connect(body.password)


async def ask_for_reset(call: Call, body: ForgottenBody) -> Accepted:
    """Have a link mailed, by which another password is chosen. The same answer for any login."""
    address = visitor(call.request, call.app[PORTAL].proxies, "").address
    await clients(call).accounts.ask_for_reset(body.login, address)
    return Accepted()


async def reset_password(call: Call, body: ResetBody) -> PasswordReset:
    """Choose another password by the link's token; every session ends."""
    return await clients(call).accounts.reset_password(body.token, body.new)


async def ask_for_mail(call: Call, body: NewMailBody) -> Accepted:
    """Have another mail address confirmed by a link; the present one may refuse it by another."""
    await clients(call).accounts.ask_for_mail(body.mail, body.password)
    return Accepted()


async def confirm_mail(call: Call, body: LinkBody) -> ConfirmedMail:
    """Confirm a mail address by the link's token."""
    return await clients(call).accounts.confirm_mail(body.token)


async def refuse_mail(call: Call, body: LinkBody) -> ConfirmedMail:
    """Refuse another mail address by the link's token: every session ends."""
    return await clients(call).accounts.refuse_mail(body.token)


async def end_sessions(call: Call) -> None:
    """Sign out everywhere."""
    await clients(call).accounts.sign_out_everywhere()
    if call.caller.session_id:
        call.app[PORTAL].identity.ended(call.caller.session_id)


async def end_session(call: Call, session_id: UUID) -> None:
    """Sign one of one's devices out."""
    await clients(call).accounts.sign_out(session_id)
    call.app[PORTAL].identity.ended(session_id)


def _own(method: Any, path: str, name: str, summary: str, **more: Any) -> Any:
    options = {"to": "accounts", "allow": SIGNED_IN} | more
    return forward(method, path, name, summary=summary, **options)


ENDPOINTS = (
    _own("GET", "/access", "read_own_access", "By which means one signs in.", answer=Access),
    _own("GET", "/sessions", "list_own_sessions", "One's own sessions.", answer=OpenSessions),
    delete("/sessions", end_sessions, allow=SIGNED_IN, status=204),
    delete("/sessions/{session_id}", end_session, allow=SIGNED_IN, status=204),
    post("/second-factor", begin_second_factor, allow=SIGNED_IN, status=201),
    post("/second-factor/confirmation", confirm_second_factor, allow=SIGNED_IN, status=201),
    post("/second-factor/recovery-codes", renew_recovery_codes, allow=SIGNED_IN, status=201),
    post("/second-factor/removal", give_up_second_factor, allow=SIGNED_IN, status=204),
    post("/france-connect/departures", depart, allow=EVERYONE, status=201),
    post("/france-connect/arrivals", arrive, allow=EVERYONE, status=201),
    post("/france-connect/links", link, allow=EVERYONE, status=201),
    post("/france-connect/removal", unlink, allow={GUARDIAN}, status=204),
    post("/password-resets", ask_for_reset, allow=EVERYONE, status=202),
    post("/password-resets/completion", reset_password, allow=EVERYONE),
    post("/mail-changes", ask_for_mail, allow={GUARDIAN}, status=202),
    _own(
        "DELETE",
        "/mail-changes",
        "give_mail_up",
        "Keep the mail address after all.",
        allow={GUARDIAN},
        status=204,
    ),
    post("/mail-changes/confirmation", confirm_mail, allow=EVERYONE),
    post("/mail-changes/cancellation", refuse_mail, allow=EVERYONE),
    forward(
        "DELETE",
        "/staff/accounts/{account_id}/second-factor",
        "reset_second_factor",
        to="accounts",
        at="/accounts/{account_id}/second-factor",
        allow={ADMIN},
        status=204,
        summary="Take a lost second factor away from an account.",
    ),
)
