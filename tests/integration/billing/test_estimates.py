"""What a family is told that its reservations would cost, before it makes them."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts.events.accounts import ChildFile
from services.chassis.testing import RunningService, guardian
from tests.integration.billing.town import (
    TILL,
    charges_of,
    family_file,
    household,
    publish_canteen,
)


async def estimate(
    service: RunningService, family_id: UUID, *items: tuple[UUID, UUID, str]
) -> dict[str, Any]:
    """Ask as the family's guardian: child, activity and day of each."""
    body = {
        "items": [
            {"child_id": str(child), "activity_id": str(activity), "date": day}
            for child, activity, day in items
        ]
    }
    reply = await service.post("/estimates", guardian(family_id), json=body)
    assert reply.status == 200, reply.body
    answer: dict[str, Any] = reply.json
    return answer


async def family_with_a_child(service: RunningService, **changes: Any) -> tuple[UUID, UUID]:
    """A family that billing knows, and its child."""
    family_id, child_id = uuid4(), uuid4()
    child = ChildFile(
        child_id=child_id, first_name="Léa", last_name="Martin", birth_date=date(2019, 5, 12)
    )
    await service.tell(family_file(family_id, children=(child,), **changes))
    return family_id, child_id


async def test_an_estimate_is_what_the_charge_will_be(billing: RunningService) -> None:
    activity_id = await publish_canteen(billing)
    family = await household(billing, activity_id)
    session = family.session(3)
    told = session.made()
    estimated = await estimate(
        billing, told.family_id, (told.child_id, activity_id, told.date.isoformat())
    )
    await billing.tell(told)
    [charge] = await charges_of(billing, family)
    [item] = estimated["items"]
    assert item["amount_cents"] == charge["amount_cents"] == estimated["total_cents"]
    assert item["reason"] == charge["reason"]
    assert estimated["complete"]


async def test_without_a_quotient_the_highest_band_is_said(billing: RunningService) -> None:
    activity_id = await publish_canteen(billing)
    family_id, child_id = await family_with_a_child(billing, quotient=None)
    answer = await estimate(billing, family_id, (child_id, activity_id, "2026-11-27"))
    assert answer["total_cents"] == 520
    assert "tarif le plus élevé" in answer["items"][0]["reason"]


async def test_the_child_of_another_family_has_no_price(billing: RunningService) -> None:
    activity_id = await publish_canteen(billing)
    family_id, _ = await family_with_a_child(billing)
    _, theirs = await family_with_a_child(billing)
    item = {"child_id": str(theirs), "activity_id": str(activity_id), "date": "2026-11-27"}
    reply = await billing.post("/estimates", guardian(family_id), json={"items": [item]})
    assert (reply.status, reply.json["type"]) == (404, "/problems/unknown-child")


async def test_a_day_without_a_tariff_has_no_amount(billing: RunningService) -> None:
    activity_id = await publish_canteen(billing)
    family_id, child_id = await family_with_a_child(billing, quotient=None)
    answer = await estimate(
        billing,
        family_id,
        (child_id, activity_id, "2026-11-27"),
        (child_id, activity_id, "2020-01-06"),
        (child_id, uuid4(), "2026-11-27"),
    )
    assert [item["amount_cents"] for item in answer["items"]] == [520, None, None]
    assert (answer["total_cents"], answer["complete"]) == (520, False)


async def test_the_staff_name_the_family(billing: RunningService) -> None:
    item = {"child_id": str(uuid4()), "activity_id": str(uuid4()), "date": "2026-11-27"}
    reply = await billing.post("/estimates", TILL, json={"items": [item]})
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, "family_id")
