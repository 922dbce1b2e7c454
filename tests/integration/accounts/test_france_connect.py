"""Signing in with FranceConnect, against a stand-in that speaks its protocol and can misbehave."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web

from contracts.events.access import FranceConnectLinked, FranceConnectUnlinked
from deploy.identity.behaviour import CLIENT_ID, CLIENT_SECRET, Mode
from deploy.identity.main import GRANTS
from deploy.identity.main import application as identity_application
from services.accounts.clients.france_connect import ClientOf, FranceConnect
from services.accounts.errors import ProviderAway
from services.chassis.testing import Reply
from tests.integration.accounts.conftest import Town, running_town
from tests.integration.accounts.people import (
    PASSWORD,
    STRANGER,
    SignedIn,
    caller_of,
    issue_code,
    new_family,
    new_parent,
    told,
)
from tests.integration.accounts.test_second_factor import enrolled

PORTAL = "https://famille.kerlann.example"


class Provider:
    """The stand-in, and a browser that goes there."""

    def __init__(self, app: web.Application, url: str, browser: aiohttp.ClientSession) -> None:
        self.app, self.url = app, url
        self._browser = browser

    def behave(self, mode: Mode) -> None:
        self.app[GRANTS].mode = mode

    async def identify(self, address: str, given: str, family: str, **more: str) -> dict[str, str]:
        """Say who one is; what comes back in the address: code and state."""
        async with self._browser.get(address) as page:
            text = await page.text()
            assert page.status == 200, text
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text))
        form = {**hidden, "given_name": given, "family_name": family, "birthdate": "1985-04-12"}
        async with self._browser.post(
            self.url + "/authorize", data={**form, **more}, allow_redirects=False
        ) as back:
            location = back.headers["Location"]
        assert location.startswith(f"{PORTAL}/connexion/franceconnect/retour?")
        return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@pytest.fixture(scope="module")
async def provider() -> AsyncIterator[Provider]:
    app = identity_application()
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as browser:
        yield Provider(app, url, browser)
    await runner.cleanup()


@pytest.fixture(scope="module")
async def linked_town(start_service: Any, provider: Provider) -> AsyncIterator[Town]:
    """A town that offers FranceConnect."""
    async for town in running_town(
        start_service,
        portal_url=PORTAL,
        france_connect_url=provider.url,
        france_connect_client_id=CLIENT_ID,
        france_connect_client_secret=CLIENT_SECRET,
    ):
        yield town


@pytest.fixture(autouse=True)
def behaves(provider: Provider) -> None:
    provider.behave(Mode.NORMAL)


async def depart(town: Town) -> Any:
    reply = await town.service.post("/france-connect/departures", STRANGER)
    assert reply.status == 201, reply.body
    return reply.json


async def arrive(town: Town, back: dict[str, str], browser_token: str) -> Reply:
    body = {**back, "browser_token": browser_token}
    return await town.service.post("/france-connect/arrivals", STRANGER, json=body)


async def round_trip(
    town: Town, provider: Provider, given: str = "Anne", family: str = "Le Goff", **more: str
) -> Reply:
    departure = await depart(town)
    back = await provider.identify(departure["url"], given, family, **more)
    return await arrive(town, back, departure["browser_token"])


async def prove(town: Town, ticket: str, login: str, password: str, **more: str) -> Reply:
    body = {"ticket": ticket, "login": login, "password": password, **more}
    return await town.service.post("/france-connect/links", STRANGER, json=body)


async def a_parent(town: Town) -> tuple[SignedIn, str]:
    """A parent, and a first name nobody else has, by which FranceConnect knows them."""
    name = "Anne" + "".join(chr(ord("a") + int(d, 16)) for d in uuid4().hex[:8])
    family = await new_family(town.service, resp1_prenom=name, resp1_nom="Le Goff")
    return await new_parent(town, family["family_id"]), name


async def linked(town: Town, provider: Provider) -> tuple[SignedIn, str, Any]:
    parent, name = await a_parent(town)
    arrival = await round_trip(town, provider, name)
    reply = await prove(town, arrival.json["ticket"], parent.login, PASSWORD)
    assert reply.status == 201, reply.body
    return parent, name, reply.json


async def test_the_first_time_the_account_is_proved_and_then_it_is_known(
    linked_town: Town, provider: Provider
) -> None:
    parent, name = await a_parent(linked_town)
    first = await round_trip(linked_town, provider, f"{name} Marie")
    assert first.json["session"] is None
    assert first.json["name"] == f"{name} Le Goff"
    proved = await prove(linked_town, first.json["ticket"], parent.login, PASSWORD)
    claims = linked_town.readers.claims(proved.json["access_token"])
    assert claims["sub"] == str(parent.caller.account_id)
    assert claims["fc"] is True
    again = await round_trip(linked_town, provider, f"{name} Marie")
    claims = linked_town.readers.claims(again.json["session"]["access_token"])
    assert claims["fam"] == str(parent.caller.family_id)


async def test_an_access_code_proves_the_account_as_well(
    linked_town: Town, provider: Provider
) -> None:
    family = await new_family(linked_town.service, resp1_prenom="Gwenn", resp1_nom="Évain-Le Bris")
    login, code = await issue_code(linked_town, family["family_id"])
    arrival = await round_trip(linked_town, provider, "GWENN Soazig", "EVAIN LE BRIS")
    proved = await prove(linked_town, arrival.json["ticket"], login, code)
    assert proved.status == 201, proved.body
    assert proved.json["must_change_password"] is True


async def test_a_wrong_password_links_nothing_and_the_ticket_still_serves(
    linked_town: Town, provider: Provider
) -> None:
    parent, name = await a_parent(linked_town)
    ticket = (await round_trip(linked_town, provider, name)).json["ticket"]
    assert (await prove(linked_town, ticket, parent.login, "Une-Autre-Phrase-12")).status == 401
    assert (await prove(linked_town, ticket, parent.login, PASSWORD)).status == 201
    assert (await prove(linked_town, ticket, parent.login, PASSWORD)).status == 410


async def test_somebody_elses_account_is_not_linked_even_with_its_password(
    linked_town: Town, provider: Provider
) -> None:
    parent, _name = await a_parent(linked_town)
    ticket = (await round_trip(linked_town, provider, "Marcel", "Inconnu")).json["ticket"]
    reply = await prove(linked_town, ticket, parent.login, PASSWORD)
    assert (reply.status, reply.json["type"]) == (409, "/problems/another-person")


async def test_a_name_in_use_counts_as_well_as_the_one_at_birth(
    linked_town: Town, provider: Provider
) -> None:
    parent, name = await a_parent(linked_town)
    arrival = await round_trip(linked_town, provider, name, "Kerbrat", preferred_username="LE GOFF")
    proved = await prove(linked_town, arrival.json["ticket"], parent.login, PASSWORD)
    assert proved.status == 201, proved.body


async def test_one_account_has_one_identity(linked_town: Town, provider: Provider) -> None:
    parent, name, _ = await linked(linked_town, provider)
    other = await round_trip(linked_town, provider, f"{name} Bis")
    reply = await prove(linked_town, other.json["ticket"], parent.login, PASSWORD)
    assert (reply.status, reply.json["type"]) == (409, "/problems/another-person")


@pytest.mark.parametrize(
    "mode",
    [
        Mode.WRONG_NONCE,
        Mode.WRONG_ISSUER,
        Mode.WRONG_AUDIENCE,
        Mode.EXPIRED,
        Mode.UNSIGNED,
        Mode.SHARED_SECRET,
        Mode.OTHER_KEY,
        Mode.OTHER_SUBJECT,
        Mode.PLAIN_PERSON,
    ],
)
async def test_what_is_not_signed_for_us_and_now_is_not_believed(
    linked_town: Town, provider: Provider, mode: Mode
) -> None:
    departure = await depart(linked_town)
    back = await provider.identify(departure["url"], "Anne", "Le Goff")
    provider.behave(mode)
    reply = await arrive(linked_town, back, departure["browser_token"])
    assert (reply.status, reply.json["type"]) == (401, "/problems/identity-refused")


async def test_a_state_serves_once(linked_town: Town, provider: Provider) -> None:
    departure = await depart(linked_town)
    back = await provider.identify(departure["url"], "Anne", "Le Goff")
    replies = await asyncio.gather(
        *(arrive(linked_town, back, departure["browser_token"]) for _ in range(3))
    )
    assert sorted(r.status for r in replies) == [201, 410, 410]


async def test_a_code_that_was_used_is_refused(linked_town: Town, provider: Provider) -> None:
    first, second = await depart(linked_town), await depart(linked_town)
    back = await provider.identify(first["url"], "Anne", "Le Goff")
    assert (await arrive(linked_town, back, first["browser_token"])).status == 201
    other = await provider.identify(second["url"], "Anne", "Le Goff")
    replayed = {"code": back["code"], "state": other["state"]}
    assert (await arrive(linked_town, replayed, second["browser_token"])).status == 401


async def test_a_code_of_another_sign_in_is_refused(linked_town: Town, provider: Provider) -> None:
    """An attacker's code slipped into somebody else's sign-in: the verifier does not fit."""
    mine, theirs = await depart(linked_town), await depart(linked_town)
    stolen = await provider.identify(theirs["url"], "Anne", "Le Goff")
    own = await provider.identify(mine["url"], "Anne", "Le Goff")
    mixed = {"code": stolen["code"], "state": own["state"]}
    assert (await arrive(linked_town, mixed, mine["browser_token"])).status == 401


@pytest.mark.parametrize("token", ["", "x", "A" * 43])
async def test_another_browser_does_not_come_back_in_ones_place(
    linked_town: Town, provider: Provider, token: str
) -> None:
    departure = await depart(linked_town)
    back = await provider.identify(departure["url"], "Anne", "Le Goff")
    assert (await arrive(linked_town, back, token)).status == 410
    assert (await arrive(linked_town, back, departure["browser_token"])).status == 410


async def test_a_forged_state_is_refused(linked_town: Town) -> None:
    reply = await arrive(linked_town, {"code": "x", "state": "y" * 43}, "z")
    assert reply.status == 410


async def test_coming_back_too_late_is_refused(linked_town: Town, provider: Provider) -> None:
    departure = await depart(linked_town)
    back = await provider.identify(departure["url"], "Anne", "Le Goff")
    linked_town.clock.turn(minutes=16)
    assert (await arrive(linked_town, back, departure["browser_token"])).status == 410


async def test_while_it_is_away_the_password_remains(linked_town: Town, provider: Provider) -> None:
    departure = await depart(linked_town)
    back = await provider.identify(departure["url"], "Anne", "Le Goff")
    provider.behave(Mode.DOWN)
    reply = await arrive(linked_town, back, departure["browser_token"])
    assert (reply.status, reply.json["type"]) == (503, "/problems/provider-away")
    assert "mot de passe" in reply.json["detail"]


async def test_a_second_factor_is_not_got_round(linked_town: Town, provider: Provider) -> None:
    _parent, name, session = await linked(linked_town, provider)
    await enrolled(linked_town, caller_of(linked_town, session["access_token"]))
    reply = await round_trip(linked_town, provider, name)
    assert (reply.status, reply.json["type"]) == (403, "/problems/password-needed")


async def test_it_can_be_undone(linked_town: Town, provider: Provider) -> None:
    parent, name, session = await linked(linked_town, provider)
    caller = caller_of(linked_town, session["access_token"])
    assert (await linked_town.service.get("/access", caller)).json["france_connect"] is True
    path = "/france-connect/removal"
    wrong = await linked_town.service.post(path, caller, json={"password": "x"})
    assert wrong.status == 422
    gone = await linked_town.service.post(path, caller, json={"password": PASSWORD})
    assert gone.status == 204
    assert (await round_trip(linked_town, provider, name)).json["session"] is None
    account_id = parent.caller.account_id
    (came,) = await told(linked_town.service, FranceConnectLinked, account_id=account_id)
    (went,) = await told(linked_town.service, FranceConnectUnlinked, account_id=account_id)
    assert came.family_id == went.family_id == parent.caller.family_id


async def test_signing_out_ends_the_other_session_too(
    linked_town: Town, provider: Provider
) -> None:
    parent, _name, session = await linked(linked_town, provider)
    caller = caller_of(linked_town, session["access_token"])
    reply = await linked_town.service.post("/france-connect/sign-outs", caller)
    query = parse_qs(urlsplit(reply.json["url"]).query)
    assert reply.json["url"].startswith(f"{provider.url}/session/end?")
    assert query["post_logout_redirect_uri"] == [f"{PORTAL}/deconnexion/franceconnect"]
    assert query["id_token_hint"][0].count(".") == 2
    other = await linked_town.service.post("/france-connect/sign-outs", parent.caller)
    assert other.json == {"url": None}


async def test_no_identity_stands_readable_in_the_database(
    linked_town: Town, provider: Provider
) -> None:
    await round_trip(linked_town, provider, "Prénomtrèsrare", "Nomtrèsrare")
    async with linked_town.service.database.connection() as connection:
        rows = await connection.fetch("SELECT external_ticket::text AS t FROM external_ticket")
    assert rows
    assert "rare" not in "".join(row["t"] for row in rows)


async def test_where_it_is_not_offered_there_is_nothing(town: Town) -> None:
    reply = await town.service.post("/france-connect/departures", STRANGER)
    assert reply.status == 404


async def test_discovery_in_another_issuers_name_is_not_followed(provider: Provider) -> None:
    client = FranceConnect(ClientOf(provider.url, CLIENT_ID, CLIENT_SECRET, PORTAL, PORTAL))
    await client.open()
    provider.behave(Mode.OTHER_DISCOVERY)
    with pytest.raises(ProviderAway):
        await client.authorization_url("state", "nonce", "verifier")
    await client.close()
