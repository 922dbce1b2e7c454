"""Each register bills its own kinds of activities, under its own numbers; small sums wait."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.events.enrolment import ActivityPublished
from contracts.roles import AGENT
from services.billing.commands.run_month import plan_month, request_run
from services.billing.model.months import Month
from services.billing.repository.plans import Terms
from services.chassis.testing import RunningService, staff
from tests.integration.billing.town import (
    TILL,
    activity,
    household,
    invoices_of,
    publish_canteen,
    run_month,
    tariff,
)
from tests.unit.billing.builders import NOW

LEISURE = {"code": "CL", "label": "Régie des loisirs", "kinds": ["holiday"]}


@pytest.fixture
async def leisure(billing: RunningService) -> AsyncIterator[ActivityPublished]:
    """A holiday centre that the register CL bills."""
    reply = await billing.post("/registers", TILL, json=LEISURE)
    assert reply.status == 200, reply.body
    centre = activity("Centre de loisirs").model_copy(update={"kind": "holiday"})
    await billing.tell(centre)
    reply = await billing.post("/tariffs", TILL, json=tariff(centre.activity_id))
    assert reply.status == 201, reply.body
    yield centre
    await billing.post("/registers", TILL, json=LEISURE | {"kinds": []})


async def test_a_family_has_an_invoice_of_each_register_numbered_apart(
    billing: RunningService, leisure: ActivityPublished
) -> None:
    canteen = await publish_canteen(billing)
    family = await household(billing, canteen)
    meal, trip = family.session(3), family.session(4)
    outing = trip.made().model_copy(update={"activity_id": leisure.activity_id})
    await billing.tell(meal.made(), outing)
    await run_month(billing)
    found = {i["number"].split("-")[1]: i for i in await invoices_of(billing, family)}
    assert set(found) == {"EJ", "CL"}
    assert found["CL"]["number"] == "2026-CL-000001"
    assert [line["activity_name"] for line in found["CL"]["lines"]] == ["Centre de loisirs"]
    assert [line["dates"] for line in found["EJ"]["lines"]] == [["2026-11-03"]]
    assert found["EJ"]["total_cents"] == found["CL"]["total_cents"] == 350


async def test_registers_say_what_they_bill(
    billing: RunningService, leisure: ActivityPublished
) -> None:
    shown = (await billing.get("/registers", staff(AGENT))).json["registers"]
    assert [register["code"] for register in shown] == ["CL", "EJ"]
    leisures, rest = shown
    assert leisures["kinds"] == ["holiday"]
    assert (leisures["bills_the_rest"], rest["bills_the_rest"]) == (False, True)


async def test_registers_say_how_far_their_numbers_are(
    billing: RunningService, leisure: ActivityPublished
) -> None:
    family = await household(billing, await publish_canteen(billing))
    trip = family.session(4).made().model_copy(update={"activity_id": leisure.activity_id})
    await billing.tell(trip)
    await run_month(billing)
    (kept, *_) = (await billing.get("/registers", TILL)).json["registers"]
    (invoice,) = await invoices_of(billing, family)
    (year,) = kept["numbers"]
    assert invoice["number"] == f"{year['fiscal_year']}-CL-{year['last_number']:06}"


async def test_a_new_register_takes_no_others_code(
    billing: RunningService, leisure: ActivityPublished
) -> None:
    other = {"code": "CL", "label": "Régie du club", "kinds": [], "new": True}
    refused = await billing.post("/registers", TILL, json=other)
    assert refused.status == 409
    assert [error["field"] for error in refused.json["errors"]] == ["code"]
    (kept, *_) = (await billing.get("/registers", TILL)).json["registers"]
    assert (kept["label"], kept["kinds"]) == ("Régie des loisirs", ["holiday"])


async def test_a_register_lets_less_than_its_own_least_amount_wait(
    billing: RunningService, leisure: ActivityPublished
) -> None:
    await billing.post("/registers", TILL, json=LEISURE | {"least_cents": 500})
    family = await household(billing, await publish_canteen(billing))
    meal, trip = family.session(3), family.session(4)
    outing = trip.made().model_copy(update={"activity_id": leisure.activity_id})
    await billing.tell(meal.made(), outing)
    seen = (await billing.get("/billing-runs/preview?month=2026-11", TILL)).json
    assert "CL" not in [register["register_code"] for register in seen["registers"]]
    assert seen["least_cents"] is None
    await run_month(billing)
    (invoice,) = await invoices_of(billing, family)
    assert "-EJ-" in invoice["number"]


@pytest.mark.parametrize(
    "wrong",
    [{"code": "cl"}, {"label": ""}, {"kinds": ["Cantine !"]}, {"least_cents": -1}],
)
async def test_what_is_no_register_is_refused(
    billing: RunningService, wrong: dict[str, Any]
) -> None:
    reply = await billing.post("/registers", TILL, json=LEISURE | wrong)
    assert reply.status == 422


async def test_less_than_the_least_amount_waits_for_a_later_month(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing, valid_from="2025-12-01")
    small, enough = [await household(billing, canteen) for _ in range(2)]
    await billing.tell(small.session(5, month=1).made())
    await billing.tell(*(enough.session(day, month=1).made() for day in (5, 6, 7, 8, 9)))
    terms = Terms(payment_days=30, least_cents=1500, slice_families=10)
    async with billing.database.transaction() as connection:
        run_id = await request_run(connection, Month(date(2026, 1, 1)), now=NOW, by=uuid4())
        await plan_month(connection, run_id, now=NOW, terms=terms)
        planned = await connection.fetch("SELECT family_id, total_cents FROM planned_invoice")
        amounts = {row["family_id"]: row["total_cents"] for row in planned}
    assert amounts.get(enough.family_id) == 1750
    assert small.family_id not in amounts
    done = await run_month(billing, "2026-01")
    assert str(small.family_id) in [skipped["family_id"] for skipped in done["skipped"]]
    await billing.tell(*(small.session(day, month=11).made() for day in (5, 6, 10, 12)))
    await run_month(billing)
    (invoice,) = await invoices_of(billing, small)
    assert [line["period"] for line in invoice["lines"]] == ["2026-01", "2026-11"]
