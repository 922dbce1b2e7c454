"""A family signs a mandate, changes it, ends it; its account is nowhere to be read."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from contracts.events.accounts import FamiliesMerged
from contracts.events.treasury import (
    DirectDebitMandateEnds,
    DirectDebitMandateRevoked,
    DirectDebitMandateSigned,
)
from contracts.roles import AGENT, REGISSEUR
from services.billing.commands.keep_mandates import BANK, IBAN_PURPOSE
from services.chassis.testing import Reply, RunningService, guardian, staff
from tests.integration.billing.conftest import Town
from tests.integration.billing.town import Household, household, publish_canteen

IBAN = "FR1420041010050500013M02606"
OTHER_IBAN = "FR7630001007941234567890185"


async def a_family(billing: RunningService) -> Household:
    return await household(billing, await publish_canteen(billing))


async def sign(
    billing: RunningService, family_id: UUID, iban: str = IBAN, *, one_off: bool = False
) -> Reply:
    body = {"iban": iban, "holder": "Anne Martin", "one_off": one_off, "agreed": True}
    return await billing.post("/mandates", guardian(family_id), json=body)


async def mandates_of(billing: RunningService, family_id: UUID) -> list[dict[str, Any]]:
    reply = await billing.get(f"/mandates?family_id={family_id}", staff(REGISSEUR))
    found: list[dict[str, Any]] = reply.json["mandates"]
    return found


async def test_a_family_signs_a_mandate_and_is_told(billing: RunningService) -> None:
    family = await a_family(billing)
    reply = await sign(billing, family.family_id)
    assert reply.status == 201, reply.body
    assert reply.json["state"] == "active"
    assert reply.json["rum"] in reply.json["consent"]
    assert (reply.json["bic"], reply.json["expires_on"]) == ("PSSTFRPP", "2029-11-23")
    (told,) = [
        e for e in await billing.outbox(DirectDebitMandateSigned) if e.family_id == family.family_id
    ]
    assert (told.rum, told.signed_on) == (reply.json["rum"], date(2026, 11, 23))


async def test_the_account_is_kept_sealed_and_shown_masked(billing: RunningService) -> None:
    family = await a_family(billing)
    reply = await sign(billing, family.family_id)
    assert IBAN not in reply.body.decode()
    async with billing.database.connection() as connection:
        row = await connection.fetchrow(
            "SELECT mandate_id, iban, mandate::text AS all FROM mandate WHERE family_id = $1",
            family.family_id,
        )
    assert row
    assert IBAN not in row["all"]
    assert IBAN.encode() not in row["iban"]
    secrets = billing.app[BANK].secrets
    assert secrets.open(IBAN_PURPOSE, row["mandate_id"], row["iban"]) == IBAN


async def test_an_iban_with_a_wrong_key_is_refused_beside_its_field(
    billing: RunningService,
) -> None:
    family = await a_family(billing)
    reply = await sign(billing, family.family_id, "FR1520041010050500013M02606")
    assert reply.status == 422
    assert [error["field"] for error in reply.json["errors"]] == ["iban"]
    assert await mandates_of(billing, family.family_id) == []


async def test_a_second_mandate_takes_the_place_of_the_first(billing: RunningService) -> None:
    family = await a_family(billing)
    await sign(billing, family.family_id)
    await sign(billing, family.family_id, OTHER_IBAN)
    states = {m["masked"][-4:]: m["state"] for m in await mandates_of(billing, family.family_id)}
    assert states == {"2606": "revoked", "0185": "active"}


async def test_a_family_ends_its_mandate_and_another_family_cannot(
    billing: RunningService,
) -> None:
    family = await a_family(billing)
    mandate_id = (await sign(billing, family.family_id)).json["mandate_id"]
    path = f"/mandates/{mandate_id}/revocation"
    assert (await billing.post(path, guardian(uuid4()), json={})).status == 404
    assert (await billing.post(path, staff(AGENT), json={})).status == 403
    reply = await billing.post(path, guardian(family.family_id), json={})
    assert (reply.json["state"], reply.json["revoked_cause"]) == ("revoked", "family")
    assert (await billing.post(path, guardian(family.family_id), json={})).status == 404
    (told,) = [
        e
        for e in await billing.outbox(DirectDebitMandateRevoked)
        if e.family_id == family.family_id
    ]
    assert told.cause == "family"


async def test_a_mandate_that_ends_on_a_day_collects_until_then(town: Town) -> None:
    family = await a_family(town.billing)
    mandate_id = (await sign(town.billing, family.family_id)).json["mandate_id"]
    path, caller = f"/mandates/{mandate_id}/revocation", guardian(family.family_id)
    end = {"ends_on": "2027-06-30", "reason": "Changement de banque"}
    assert (await town.billing.post(path, guardian(uuid4()), json=end)).status == 404
    for past in ("2026-11-23", "2026-01-01", "2030-01-01"):
        refused = await town.billing.post(path, caller, json={"ends_on": past})
        assert (refused.status, refused.json["type"]) == (422, "/problems/bad-mandate-end")
    reply = await town.billing.post(path, caller, json=end)
    assert (reply.json["state"], reply.json["ends_on"]) == ("active", "2027-06-30")
    assert reply.json["revoked_reason"] == "Changement de banque"
    (told,) = [
        e
        for e in await town.billing.outbox(DirectDebitMandateEnds)
        if e.family_id == family.family_id
    ]
    assert (told.ends_on, told.decided_at) == (date(2027, 6, 30), town.clock.now)
    town.clock.now = datetime(2027, 7, 1, 12, tzinfo=UTC)
    (mandate,) = await mandates_of(town.billing, family.family_id)
    assert mandate["state"] == "expired"


async def test_a_mandate_dies_after_thirty_six_months_without_use(town: Town) -> None:
    family = await a_family(town.billing)
    await sign(town.billing, family.family_id)
    town.clock.now = datetime(2029, 11, 23, 12, tzinfo=UTC)
    (mandate,) = await mandates_of(town.billing, family.family_id)
    assert mandate["state"] == "active"
    town.clock.now = datetime(2029, 11, 24, 12, tzinfo=UTC)
    (mandate,) = await mandates_of(town.billing, family.family_id)
    assert mandate["state"] == "expired"


async def test_of_two_families_made_one_the_account_of_the_one_that_stays_is_debited(
    billing: RunningService,
) -> None:
    stays, goes = await a_family(billing), await a_family(billing)
    await sign(billing, stays.family_id)
    await sign(billing, goes.family_id, OTHER_IBAN)
    await billing.tell(
        FamiliesMerged(family_id=stays.family_id, merged_family_id=goes.family_id, children=())
    )
    states = {m["masked"][-4:]: m["state"] for m in await mandates_of(billing, stays.family_id)}
    assert states == {"2606": "active", "0185": "revoked"}


async def test_a_family_reads_its_own_mandates_alone(billing: RunningService) -> None:
    family = await a_family(billing)
    await sign(billing, family.family_id)
    own = await billing.get("/mandates", guardian(family.family_id))
    assert len(own.json["mandates"]) == 1
    assert (await billing.get("/mandates", guardian(uuid4()))).json["mandates"] == []
