"""Getting in and out: tokens, the password, who one is."""

from typing import Annotated

from pydantic import ConfigDict, Field

from contracts.roles import EVERYONE, SIGNED_IN
from gateway.api.edge import clients, forward
from gateway.portal import PORTAL
from gateway.readers import Me, Tokens
from gateway.visitor import visitor
from services.chassis.endpoints import Body, Call, delete, post
from services.chassis.errors import Unauthorised

Secret = Annotated[str, Field(min_length=1, max_length=200)]


class SignInBody(Body):
    """`totp` is the second factor, or a recovery code; `device_token` the last answer's, if any."""

    model_config = ConfigDict(str_strip_whitespace=False)  # a space in a password counts

    login: Annotated[str, Field(min_length=1, max_length=200)]
    password: Secret
    totp: Annotated[str, Field(max_length=20)] | None = None
    device_token: Annotated[str, Field(max_length=200)] = ""


class PasswordBody(Body):
    model_config = ConfigDict(str_strip_whitespace=False)

    current: Secret
    new: Secret


async def sign_in(call: Call, body: SignInBody) -> Tokens:
    """Exchange login and password for a token."""
    seen = visitor(call.request, call.app[PORTAL].proxies, body.device_token)
    tokens = await clients(call).accounts.sign_in(body.login, body.password, body.totp, seen)
    session = call.app[PORTAL].identity.began(tokens.access_token, call.now)
    call.app[PORTAL].entrance.welcome(session, call.now)
    return tokens


async def sign_out(call: Call) -> None:
    """End the session of this token."""
    if call.caller.session_id is None:
        raise Unauthorised
    accounts, session_id = clients(call).accounts, call.caller.session_id
    await call.app[PORTAL].identity.end(session_id, lambda: accounts.sign_out(session_id))


async def change_password(call: Call, body: PasswordBody) -> Tokens:
    """Choose a new password; the answer's token replaces every earlier one."""
    device = visitor(call.request, call.app[PORTAL].proxies, "").device
    tokens = await clients(call).accounts.change_password(body.current, body.new, device)
    call.app[PORTAL].identity.began(tokens.access_token, call.now)
    return tokens


ENDPOINTS = (
    post("/tokens", sign_in, allow=EVERYONE, status=201),
    delete("/tokens", sign_out, allow=SIGNED_IN, status=204),
    post("/password", change_password, allow=SIGNED_IN, status=201),
    forward(
        "GET",
        "/me",
        "read_me",
        to="accounts",
        allow=SIGNED_IN,
        answer=Me,
        summary="Who is signed in.",
    ),
)
