"""Signing in with FranceConnect, over HTTP."""

from typing import Annotated

from aiohttp import web
from pydantic import Field

from contracts.roles import EVERYONE, GUARDIAN, SIGNED_IN
from services.accounts.clients.france_connect import FranceConnect
from services.accounts.commands import france_connect
from services.accounts.commands.means import MEANS
from services.accounts.commands.sign_in import Credentials
from services.accounts.errors import ProviderUnknown
from services.accounts.routes.access import own_account, session_answer
from services.accounts.schemas import ClientBody, SessionAnswer, SignInBody
from services.accounts.schemas.access import PasswordProof
from services.chassis.endpoints import Answer, Body, Call, post
from services.chassis.errors import Unauthorised

FRANCE_CONNECT = web.AppKey("france_connect", FranceConnect)

Token = Annotated[str, Field(min_length=1, max_length=100)]


class DepartureAnswer(Answer):
    """Where to go; the browser keeps the token and brings it back."""

    url: str
    browser_token: str


class ArrivalBody(Body):
    """What FranceConnect sent along, and what the browser kept."""

    code: str = Field(min_length=1, max_length=2000)
    state: Token
    browser_token: str = Field(default="", max_length=100)
    client: ClientBody = ClientBody()


class ArrivalAnswer(Answer):
    """A session; or a ticket, with which to prove which account is one's own."""

    session: SessionAnswer | None = None
    ticket: str = ""
    name: str = ""


class LinkBody(SignInBody):
    """The ticket, and the account's own login and password or access code."""

    ticket: Token


class SignOutAnswer(Answer):
    """Where to end FranceConnect's own session, if there is one."""

    url: str | None


async def depart(call: Call) -> DepartureAnswer:
    """Partir s’identifier avec FranceConnect"""
    departure = await france_connect.depart(call.database, _provider(call), call.now)
    return DepartureAnswer(url=departure.url, browser_token=departure.browser_token)


async def arrive(call: Call, body: ArrivalBody) -> ArrivalAnswer:
    """Revenir de FranceConnect"""
    arrival = await france_connect.arrive(
        call.database,
        call.app[MEANS],
        _provider(call),
        code=body.code,
        state=body.state,
        browser_token=body.browser_token,
        client=body.client.value,
        now=call.now,
    )
    session = session_answer(call, arrival.session) if arrival.session else None
    return ArrivalAnswer(session=session, ticket=arrival.ticket, name=arrival.name)


async def link(call: Call, body: LinkBody) -> SessionAnswer:
    """Associer FranceConnect à son compte"""
    _provider(call)
    opened = await france_connect.link(
        call.database,
        call.app[MEANS],
        body.ticket,
        Credentials(body.login, body.password, body.totp),
        body.client.value,
        call.now,
    )
    return session_answer(call, opened.session, opened.device_token)


async def unlink(call: Call, body: PasswordProof) -> None:
    """Dissocier FranceConnect de son compte"""
    await france_connect.unlink(
        call.database, call.app[MEANS], own_account(call), body.password, call.now
    )


async def sign_out(call: Call) -> SignOutAnswer:
    """Se déconnecter aussi de FranceConnect"""
    if call.caller.session_id is None:
        raise Unauthorised
    async with call.database.transaction() as connection:
        url = await france_connect.sign_out_url(
            connection,
            call.app[MEANS],
            _provider(call),
            session_id=call.caller.session_id,
            account_id=own_account(call),
        )
    return SignOutAnswer(url=url)


def _provider(call: Call) -> FranceConnect:
    found = call.app.get(FRANCE_CONNECT)
    if found is None:
        raise ProviderUnknown
    return found


ENDPOINTS = (
    post("/france-connect/departures", depart, allow=EVERYONE, status=201, bare=True),
    post("/france-connect/arrivals", arrive, allow=EVERYONE, status=201, bare=True),
    post("/france-connect/links", link, allow=EVERYONE, status=201, bare=True),
    post("/france-connect/removal", unlink, allow={GUARDIAN}, bare=True),
    post("/france-connect/sign-outs", sign_out, allow=SIGNED_IN, bare=True),
)
