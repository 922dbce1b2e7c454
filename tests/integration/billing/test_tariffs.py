"""Tariffs: published, replaced, refused; what is open follows them."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.billing import TariffPublished
from contracts.roles import AGENT, LEADER
from services.chassis.testing import RunningService, guardian, staff
from tests.integration.billing.town import (
    BANDS,
    TILL,
    charges_of,
    household,
    invoices_of,
    publish_canteen,
    run_month,
    tariff,
)

FLAT = [{"from_quotient": 0, "to_quotient": None, "price_cents": 400}]


async def published(service: RunningService, activity_id: UUID) -> list[dict[str, Any]]:
    """The tariffs of an activity."""
    reply = await service.get(f"/tariffs?activity_id={activity_id}", staff(AGENT))
    found: list[dict[str, Any]] = reply.json["tariffs"]
    return found


async def test_a_tariff_is_listed_and_told(billing: RunningService) -> None:
    activity_id = await publish_canteen(billing)
    (listed,) = await published(billing, activity_id)
    assert listed["bands"] == BANDS
    assert listed["activity_name"] == "Restaurant scolaire du Bourg"
    told = [t for t in await billing.outbox(TariffPublished) if t.activity_id == activity_id]
    assert [str(t.tariff_id) for t in told] == [listed["tariff_id"]]


async def test_the_same_tariff_again_is_no_news(billing: RunningService) -> None:
    activity_id = await publish_canteen(billing)
    reply = await billing.post("/tariffs", TILL, json=tariff(activity_id, bands=BANDS[::-1]))
    assert reply.status == 201
    told = [t for t in await billing.outbox(TariffPublished) if t.activity_id == activity_id]
    assert len(told) == 1


async def test_a_tariff_of_the_same_day_takes_the_place_of_the_other(
    billing: RunningService,
) -> None:
    activity_id = await publish_canteen(billing)
    family = await household(billing, activity_id)
    await billing.tell(family.session(3).made())
    await billing.post("/tariffs", TILL, json=tariff(activity_id, bands=FLAT))
    (listed,) = await published(billing, activity_id)
    assert listed["bands"] == FLAT
    assert [c["amount_cents"] for c in await charges_of(billing, family)] == [400]


async def test_a_tariff_holds_from_its_first_day(billing: RunningService) -> None:
    activity_id = await publish_canteen(billing)
    family = await household(billing, activity_id)
    await billing.tell(*(family.session(day).made() for day in (9, 10)))
    await billing.post(
        "/tariffs", TILL, json=tariff(activity_id, bands=FLAT, valid_from="2026-11-10")
    )
    assert [c["amount_cents"] for c in await charges_of(billing, family)] == [350, 400]


async def test_half_as_much_again_after_the_limit_to_the_nearest_cent(
    billing: RunningService,
) -> None:
    activity_id = await publish_canteen(billing, bands=FLAT, late_surcharge_percent=50)
    family = await household(billing, activity_id)
    day = family.session(9)
    await billing.tell(day.made(late=True))
    [charge] = await charges_of(billing, family)
    assert (charge["basis"], charge["amount_cents"]) == ("late_reservation", 600)
    assert charge["reason"].startswith("Réservation après le délai, dont majoration de 2,00")
    await run_month(billing)
    [invoice] = await invoices_of(billing, family)
    assert "dont majoration de 2,00" in invoice["lines"][0]["reason"]
    # The town closed after all: the invoice is put right at its own price.
    await billing.tell(day.cancelled(cause="closure"))
    [correction] = await charges_of(billing, family)
    assert correction["amount_cents"] == -600
    anyone = guardian(family.family_id)
    told = (await billing.get("/surcharges", anyone)).json["surcharges"]
    assert [s for s in told if s["activity_id"] == str(activity_id)] == [
        {
            "activity_id": str(activity_id),
            "late_surcharge_cents": 0,
            "late_surcharge_percent": 50,
        }
    ]


EFFORT: dict[str, Any] = {
    "kind": "effort_rate",
    "rate": 50,
    "floor_cents": 100,
    "ceiling_cents": 500,
}


async def test_each_shape_of_price_is_listed_as_published_and_in_words(
    billing: RunningService,
) -> None:
    shapes: dict[str, Any] = {
        **EFFORT,
        "bands": None,
        "outside": {"kind": "quotient", "bands": BANDS},
        "own_meal": {"kind": "flat", "price_cents": 145},
        "unreserved_surcharge_cents": 0,
        "unreserved_surcharge_percent": 50,
        "cost_cents": 900,
    }
    activity_id = await publish_canteen(billing, **shapes)
    (listed,) = await published(billing, activity_id)
    assert {name: listed[name] for name in EFFORT} == EFFORT
    assert listed["outside"]["bands"] == BANDS
    assert listed["own_meal"]["price_cents"] == 145
    assert listed["words"][0].startswith("Taux d’effort")


async def test_what_is_open_follows_home_and_meal_until_the_invoice(
    billing: RunningService,
) -> None:
    activity_id = await publish_canteen(
        billing,
        **{**EFFORT, "bands": None},
        outside_supplement_cents=80,
        own_meal={"kind": "flat", "price_cents": 145},
    )
    family = await household(billing, activity_id)
    await billing.tell(family.session(3).made())
    told = family.file(version=2, resident=False)
    await billing.tell(told)
    [charge] = await charges_of(billing, family)
    assert charge["amount_cents"] == 440
    assert charge["reason"].replace("\u00a0", " ") == (
        "Réservation – quotient familial 720, taux d’effort de 0,50 %, "
        "dont supplément hors commune de 0,80 € (tarif du 01/09/2026)"
    )
    child = told.children[0].model_copy(update={"diet": "own_meal"})
    await billing.tell(family.file(version=3, children=(child,)))
    [charge] = await charges_of(billing, family)
    assert charge["amount_cents"] == 145
    await run_month(billing)
    [invoice] = await invoices_of(billing, family)
    assert "repas apporté (PAI), tarif unique" in invoice["lines"][0]["reason"]
    await billing.tell(family.file(version=4))
    assert await charges_of(billing, family) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({**EFFORT, "bands": None, "ceiling_cents": 50}, "ceiling_cents"),
        ({**EFFORT, "bands": None, "rate": 0}, "rate"),
        ({**EFFORT}, "bands"),
        ({"kind": "flat", "bands": None}, "price_cents"),
        ({"outside": {"kind": "flat"}}, "outside.price_cents"),
        ({"outside": {"kind": "quotient", "bands": [BANDS[1]]}}, "outside.bands.0.to_quotient"),
        ({"outside_supplement_cents": -1}, "outside_supplement_cents"),
        ({"unreserved_surcharge_percent": 50}, "unreserved_surcharge_percent"),
        ({"cost_cents": 400}, "bands.2.price_cents"),
        ({"bands": [*BANDS[:1], {**BANDS[2]}]}, "bands.1.from_quotient"),
        ({"bands": [{**BANDS[0], "price_cents": -1}]}, "bands.0.price_cents"),
        ({"bands": []}, "bands"),
        ({"valid_from": "bientôt"}, "valid_from"),
        ({"unreserved_surcharge_cents": -5}, "unreserved_surcharge_cents"),
        ({"late_surcharge_cents": -5}, "late_surcharge_cents"),
        ({"late_surcharge_percent": 501}, "late_surcharge_percent"),
        (
            {"late_surcharge_cents": 50, "late_surcharge_percent": 50},
            "late_surcharge_percent",
        ),
        ({"price": 3}, "price"),
    ],
)
async def test_a_wrong_tariff_is_refused_at_its_field_and_changes_nothing(
    billing: RunningService, changes: dict[str, Any], field: str
) -> None:
    activity_id = await publish_canteen(billing)
    before = await published(billing, activity_id)
    reply = await billing.post("/tariffs", TILL, json=tariff(activity_id, **changes))
    assert reply.status == 422
    assert field in [error["field"] for error in reply.json["errors"]]
    assert await published(billing, activity_id) == before


async def test_a_tariff_of_an_unknown_activity_is_refused(billing: RunningService) -> None:
    reply = await billing.post("/tariffs", TILL, json=tariff(uuid4()))
    assert (reply.status, reply.json["type"]) == (404, "/problems/unknown-activity")


@pytest.mark.parametrize("caller", [guardian(uuid4()), staff(AGENT), staff(LEADER)])
async def test_only_the_till_publishes_tariffs(billing: RunningService, caller: Any) -> None:
    reply = await billing.post("/tariffs", caller, json=tariff(uuid4()))
    assert reply.status == 403
