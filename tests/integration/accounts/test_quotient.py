"""The quotient familial from API Particulier: what comes back, and everything that goes wrong."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from deploy.particulier.main import SIRET, TOKEN
from deploy.particulier.main import application as stand_in
from services.chassis.testing import guardian
from tests.integration.accounts.conftest import Town, running_town
from tests.integration.accounts.people import AGENT_CALLER, family_of, new_family

ANNE = {
    "agreed": True,
    "birth_name": "Le Goff",
    "first_names": ["Anne", "Marie"],
    "birth_date": "1985-03-09",
    "sex": "F",
    "birth_commune": "56178",
}


@dataclass(frozen=True)
class Funds:
    """A town that asks the stand-in, and the way to make that misbehave."""

    town: Town
    url: str

    async def behave(self, mode: str, **more: float) -> None:
        """Answer like this from now on."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/behaviour", json={"mode": mode, **more}) as response,
        ):
            assert response.status == 200

    async def fetch(self, family: dict[str, Any], **changes: Any) -> Any:
        """A parent's request for the quotient."""
        caller = guardian(UUID(family["family_id"]))
        path = f"/families/{family['family_id']}/quotient/fetch"
        return await self.town.service.post(path, caller, json={**ANNE, **changes})


def quotients(birth_name: str, _born: date) -> int | None:
    """The Le Goffs have one; nobody else is known."""
    return 612 if birth_name == "Le Goff" else None


@pytest.fixture(scope="module")
async def funds(start_service: Any) -> AsyncIterator[Funds]:
    """The stand-in and a town that knows it."""
    async with TestServer(stand_in(quotients)) as server:
        url = str(server.make_url("")).rstrip("/")
        access = {"particulier_url": url, "particulier_token": TOKEN, "particulier_siret": SIRET}
        async for town in running_town(start_service, particulier_timeout_seconds=0.5, **access):
            yield Funds(town, url)


async def test_the_quotient_of_the_funds_is_in_the_record_at_once(funds: Funds) -> None:
    family = await new_family(funds.town.service, quotient="", quotient_fin="")
    assert family["can_fetch_quotient"]
    reply = await funds.fetch(family)
    assert reply.status == 200, reply.body
    assert (reply.json["quotient"], reply.json["quotient_source"]) == (612, "api_particulier")
    assert reply.json["quotient_valid_until"].endswith("-12-31")
    assert reply.json["pending"] == []


async def test_what_the_funds_say_overtakes_what_a_parent_typed(funds: Funds) -> None:
    family = await new_family(funds.town.service)
    caller = guardian(UUID(family["family_id"]))
    path = f"/families/{family['family_id']}/quotient"
    typed = await funds.town.service.post(path, caller, json={"quotient": 1})
    assert len(typed.json["pending"]) == 1
    assert (await funds.fetch(family)).json["pending"] == []


async def test_the_family_must_agree(funds: Funds) -> None:
    family = await new_family(funds.town.service)
    refused = await funds.fetch(family, agreed=False)
    assert refused.status == 422
    assert refused.json["errors"][0]["field"] == "agreed"


async def test_somebody_unknown_to_the_funds_is_told_what_to_do(funds: Funds) -> None:
    family = await new_family(funds.town.service)
    reply = await funds.fetch(family, birth_name="Inconnue")
    assert (reply.status, reply.json["type"]) == (422, "/problems/quotient-not-found")
    assert "saisissez votre quotient" in reply.json["detail"]


async def test_a_wrong_parameter_is_told_beside_its_field(funds: Funds) -> None:
    family = await new_family(funds.town.service)
    reply = await funds.fetch(family, birth_commune="00000")
    assert [e["field"] for e in reply.json["errors"]] == ["birth_commune"]
    missing = await funds.fetch(family, birth_commune=None)
    assert "commune de naissance" in missing.json["errors"][0]["message"]


@pytest.mark.parametrize(
    "mode", ["down", "funds_down", "limited", "no_json", "empty", "float", "slow"]
)
async def test_whatever_the_funds_do_the_record_stays_and_the_family_may_type(
    funds: Funds, mode: str
) -> None:
    family = await new_family(funds.town.service)
    await funds.behave(mode, seconds=2)
    try:
        reply = await funds.fetch(family)
    finally:
        await funds.behave("normal")
    assert (reply.status, reply.json["type"]) == (409, "/problems/quotient-source-away")
    now = await family_of(funds.town.service, family["reference"])
    assert now["record_version"] == family["record_version"]


async def test_another_familys_quotient_is_not_asked_for(funds: Funds) -> None:
    mine, other = await new_family(funds.town.service), await new_family(funds.town.service)
    path = f"/families/{other['family_id']}/quotient/fetch"
    reply = await funds.town.service.post(path, guardian(UUID(mine["family_id"])), json=ANNE)
    assert reply.status == 404


async def test_a_town_that_has_not_set_it_up_says_so(town: Town) -> None:
    family = await new_family(town.service)
    assert not family["can_fetch_quotient"]
    path = f"/families/{family['family_id']}/quotient/fetch"
    reply = await town.service.post(path, AGENT_CALLER, json=ANNE)
    assert (reply.status, reply.json["type"]) == (409, "/problems/quotient-source-unset")
