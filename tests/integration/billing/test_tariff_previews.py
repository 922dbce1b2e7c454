"""A tariff seen on a month before it is published, and the report of the canteen's meals."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.roles import AGENT, LEADER
from services.chassis.testing import RunningService, guardian, staff
from tests.integration.billing.conftest import Town
from tests.integration.billing.town import (
    BANDS,
    TILL,
    Household,
    charges_of,
    household,
    publish_canteen,
    run_month,
    tariff,
)

DEARER = [
    {"from_quotient": 0, "to_quotient": 600, "price_cents": 80},
    {"from_quotient": 600, "to_quotient": None, "price_cents": 400},
]


async def month_of(service: RunningService, activity_id: UUID) -> list[Household]:
    """Families of 400, 720 and no quotient, with two meals each in November, one invoiced."""
    families = [await household(service, activity_id, quotient=q) for q in (400, 720, None)]
    for family in families:
        await service.tell(*(family.session(day).made() for day in (3, 5)))
    return families


async def preview(service: RunningService, activity_id: UUID, **changes: Any) -> Any:
    """What a tariff would have made of November."""
    body = {**tariff(activity_id, **changes), "month": "2026-11"}
    return await service.post("/tariffs/preview", TILL, json=body)


async def test_a_preview_tells_who_gains_and_who_loses_by_band(billing: RunningService) -> None:
    activity_id = await publish_canteen(billing)
    [poor, *_] = await month_of(billing, activity_id)
    before = await charges_of(billing, poor)
    reply = await preview(billing, activity_id, bands=DEARER)
    assert reply.status == 200, reply.body
    bounds, cents = ("from_quotient", "to_quotient"), ("today_cents", "new_cents")
    told = (*bounds, "families", "units", *cents, "gaining", "losing")
    assert [tuple(group[name] for name in told) for group in reply.json["groups"]] == [
        (0, 600, 1, 2, 200, 160, 1, 0),
        (600, None, 1, 2, 700, 800, 0, 1),
        (None, None, 1, 2, 1040, 800, 1, 0),
    ]
    assert (reply.json["today_cents"], reply.json["new_cents"]) == (1940, 1760)
    assert await charges_of(billing, poor) == before
    listed = await billing.get(f"/tariffs?activity_id={activity_id}", TILL)
    assert [found["bands"] for found in listed.json["tariffs"]] == [BANDS]


async def test_a_month_that_is_invoiced_is_previewed_all_the_same(
    billing: RunningService,
) -> None:
    activity_id = await publish_canteen(billing)
    await month_of(billing, activity_id)
    await run_month(billing)
    reply = await preview(billing, activity_id, bands=DEARER)
    assert (reply.json["today_cents"], reply.json["new_cents"]) == (1940, 1760)
    assert (reply.json["gaining"], reply.json["losing"]) == (2, 1)


async def test_the_same_tariff_changes_nothing_in_a_preview(billing: RunningService) -> None:
    activity_id = await publish_canteen(billing)
    await month_of(billing, activity_id)
    reply = await preview(billing, activity_id)
    assert reply.json["today_cents"] == reply.json["new_cents"]
    assert (reply.json["gaining"], reply.json["losing"]) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"bands": [BANDS[1]]}, "bands.0.to_quotient"), ({"month": "2026-13"}, "month")],
)
async def test_a_wrong_tariff_or_month_is_refused_in_a_preview(
    billing: RunningService, changes: dict[str, Any], field: str
) -> None:
    activity_id = await publish_canteen(billing)
    body = {**tariff(activity_id), "month": "2026-11", **changes}
    reply = await billing.post("/tariffs/preview", TILL, json=body)
    assert reply.status == 422
    assert field in [error["field"] for error in reply.json["errors"]]


@pytest.mark.parametrize("caller", [guardian(uuid4()), staff(AGENT), staff(LEADER)])
async def test_only_the_till_previews_tariffs(billing: RunningService, caller: Any) -> None:
    body = {**tariff(uuid4()), "month": "2026-11"}
    assert (await billing.post("/tariffs/preview", caller, json=body)).status == 403


async def meals(service: RunningService, month: str) -> list[dict[str, Any]]:
    """The canteen's meals of that month, by band."""
    reply = await service.get(f"/reports/canteen?first={month}&last={month}", staff(AGENT))
    assert reply.status == 200, reply.body
    found: list[dict[str, Any]] = reply.json["meals"]
    return found


async def test_meals_are_counted_by_band_as_they_were_eaten(own_town: Town) -> None:
    # The report is of the whole town.
    billing = own_town.billing
    activity_id = await publish_canteen(billing, valid_from="2026-01-01")
    poor = await household(billing, activity_id, quotient=400)
    rich = await household(billing, activity_id, quotient=2000)
    days = [poor.session(day, month=2) for day in (1, 2, 5)]
    await billing.tell(*(day.made() for day in days), rich.session(1, month=2).made())
    await billing.tell(days[0].marked("present"), days[1].marked("absent"))
    told = ("from_quotient", "to_quotient", "highest_cents", "meals", "at_most_a_euro")
    assert [tuple(row[name] for name in told) for row in await meals(billing, "2026-02")] == [
        (0, 600, 100, 2, 2),
        (1200, None, 520, 1, 0),
    ]
    await run_month(billing, "2026-02")
    assert [row["meals"] for row in await meals(billing, "2026-02")] == [2, 1]
    # The invoice is put right; so is the report.
    await billing.tell(days[2].cancelled(cause="closure"))
    assert [row["meals"] for row in await meals(billing, "2026-02")] == [1, 1]
