"""What a month adds to the uses of children or takes off them: caps, fees, formulas, aids."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.roles import AGENT, LEADER
from services.chassis.testing import RunningService, guardian, staff
from tests.integration.billing.town import (
    TILL,
    Day,
    Household,
    activity,
    charges_of,
    family_file,
    household,
    invoices_of,
    publish_canteen,
    run_month,
    tariff,
)

FLAT: dict[str, Any] = {"kind": "flat", "price_cents": 400, "bands": None}
CAP = {"rule": "cap", "kind": "flat", "price_cents": 1000}
BOTH = ["morning_care", "canteen"]


async def spent(service: RunningService, monthly: dict[str, Any] | None, days: int) -> Household:
    """A family that used an activity of 4,00 € so many days of November."""
    family = await household(service, await publish_canteen(service, **FLAT, monthly=monthly))
    await service.tell(*(family.session(day).made() for day in range(2, 2 + days)))
    return family


def said(invoice: dict[str, Any]) -> list[tuple[str, int]]:
    """The invoice's lines: their first words and amounts."""
    return [(line["reason"].split(" – ")[0], line["amount_cents"]) for line in invoice["lines"]]


async def test_a_month_costs_no_more_than_its_cap(billing: RunningService) -> None:
    few, many = await spent(billing, CAP, 2), await spent(billing, CAP, 4)
    await run_month(billing)
    [one], [other] = await invoices_of(billing, few), await invoices_of(billing, many)
    assert (one["total_cents"], other["total_cents"]) == (800, 1000)
    assert said(other) == [("Réservation", 1600), ("Plafond mensuel", -600)]


async def test_the_preview_of_a_month_knows_of_caps_and_keeps_nothing(
    billing: RunningService,
) -> None:
    family = await spent(billing, CAP, 4)
    before = (await billing.get("/billing-runs/preview?month=2026-11", TILL)).json["total_cents"]
    await billing.tell(family.session(20).made())
    reply = await billing.get("/billing-runs/preview?month=2026-11", TILL)
    assert reply.json["total_cents"] == before
    async with billing.database.connection() as connection:
        kept = "SELECT count(*) FROM open_charge WHERE family_id = $1"
        assert await connection.fetchval(kept, family.family_id) == 5


async def test_what_comes_after_the_invoice_is_capped_with_it(billing: RunningService) -> None:
    family = await spent(billing, CAP, 3)
    await run_month(billing)
    late = family.session(20)
    await billing.tell(late.marked("present", reserved=False))
    # 4,00 € and the surcharge of 2,00 €, which no cap holds; December pays for them.
    await billing.tell(family.session(1, month=12).made())
    await run_month(billing, "2026-12")
    totals = [invoice["total_cents"] for invoice in await invoices_of(billing, family)]
    assert totals == [1000, 400 - 400 + 200 + 400]


async def test_a_fee_takes_the_place_of_each_price(billing: RunningService) -> None:
    family = await spent(billing, {"rule": "fee", "kind": "flat", "price_cents": 2500}, 2)
    await run_month(billing)
    [invoice] = await invoices_of(billing, family)
    assert invoice["total_cents"] == 2500


async def test_a_second_run_changes_nothing(billing: RunningService) -> None:
    family = await spent(billing, CAP, 4)
    await run_month(billing)
    await run_month(billing)
    [invoice] = await invoices_of(billing, family)
    assert invoice["total_cents"] == 1000
    assert await charges_of(billing, family) == []


async def care_of_the_morning(service: RunningService) -> UUID:
    """An activity of another kind, at 4,00 €."""
    published = activity("Accueil du matin").model_copy(update={"kind": "morning_care"})
    await service.tell(published)
    await service.post("/tariffs", TILL, json=tariff(published.activity_id, **FLAT))
    return published.activity_id


def at(family: Household, activity_id: UUID, day: int) -> Day:
    """The family's child at another activity."""
    child = Household(activity_id, family.family_id, family.child_id)
    return Day(child, date(2026, 11, day))


async def formula(service: RunningService, **changes: Any) -> Any:
    """Publish a day of 6,00 € for morning and meal."""
    body = {
        "name": f"Journée {uuid4().hex[:6]}",
        "kinds": BOTH,
        "kind": "flat",
        "price_cents": 600,
        "valid_from": "2026-09-01",
        **changes,
    }
    return await service.post("/formulas", TILL, json=body)


async def test_uses_that_make_a_day_have_one_price(billing: RunningService) -> None:
    published = await formula(billing)
    assert published.status == 201, published.body
    try:
        family = await spent(billing, None, 2)
        morning = await care_of_the_morning(billing)
        await billing.tell(at(family, morning, 2).made(), at(family, morning, 9).made())
        await run_month(billing)
        [invoice] = await invoices_of(billing, family)
        # Of four uses at 4,00 €, the two of the 2nd make a day of 6,00 €.
        assert invoice["total_cents"] == 1400
        [line] = [line for line in invoice["lines"] if line["reason"].startswith("Formule")]
        assert (line["dates"], line["amount_cents"]) == (["2026-11-02"], -200)
        assert published.json["name"] in line["reason"]
    finally:
        # Formulas are the whole town's: other tests must not meet this one.
        retired = f"/formulas/{published.json['formula_id']}/retire"
        assert (await billing.post(retired, TILL)).status == 204
    assert (await billing.post(retired, TILL)).status == 404


async def aid(service: RunningService, family: Household, **changes: Any) -> Any:
    """Take in an aid of CAF for the school year."""
    body = {
        "family_id": str(family.family_id),
        "label": "CAF",
        "valid_from": "2026-09-01",
        "valid_until": "2027-08-31",
        **changes,
    }
    return await service.post("/aids", TILL, json=body)


@pytest.mark.parametrize(
    ("ceilings", "total"),
    [
        ({"day_cents": 150}, 1600 - 600),
        ({"day_cents": 500}, None),
        ({"month_cents": 1000}, 600),
        ({"day_cents": 300, "month_cents": 1000}, 600),
        ({"day_cents": 150, "kinds": ["wednesday"]}, 1600),
        ({"day_cents": 150, "valid_until": "2026-11-03"}, 1300),
    ],
)
async def test_an_aid_is_deducted_up_to_its_ceilings(
    billing: RunningService, ceilings: dict[str, Any], total: int | None
) -> None:
    family = await spent(billing, None, 4)
    assert (await aid(billing, family, **ceilings)).status == 201
    await run_month(billing)
    totals = [invoice["total_cents"] for invoice in await invoices_of(billing, family)]
    assert totals == ([] if total is None else [total])


async def test_two_aids_never_give_more_than_the_month_asks_for(billing: RunningService) -> None:
    family = await spent(billing, CAP, 4)
    for month_cents in (700, 700):
        await aid(billing, family, month_cents=month_cents)
    await run_month(billing)
    assert await invoices_of(billing, family) == []
    assert sum(c["amount_cents"] for c in await charges_of(billing, family)) == 0


async def test_a_ceiling_holds_over_several_invoices_of_a_month(billing: RunningService) -> None:
    family = await spent(billing, None, 2)
    granted = await aid(billing, family, month_cents=300)
    await run_month(billing)
    await billing.tell(family.session(20).made(), family.session(1, month=12).made())
    await run_month(billing, "2026-12")
    totals = [invoice["total_cents"] for invoice in await invoices_of(billing, family)]
    assert totals == [500, 400 + 100]
    assert (await billing.post(f"/aids/{granted.json['aid_id']}/end", TILL)).status == 204
    listed = await billing.get(f"/aids?family_id={family.family_id}", staff(AGENT))
    assert listed.json["aids"] == []


@pytest.mark.parametrize(
    ("path", "changes", "field"),
    [
        ("/aids", {}, "day_cents"),
        ("/aids", {"day_cents": 500, "month_cents": 400}, "month_cents"),
        ("/aids", {"day_cents": 5, "valid_until": "2026-08-01"}, "valid_until"),
        ("/formulas", {"kinds": ["canteen"]}, "kinds"),
        ("/formulas", {"price_cents": -1}, "price_cents"),
        ("/tariffs", {"monthly": {"rule": "cap", "kind": "flat"}}, "monthly.price_cents"),
    ],
)
async def test_what_cannot_hold_is_refused_at_its_field(
    billing: RunningService, path: str, changes: dict[str, Any], field: str
) -> None:
    family = await household(billing, await publish_canteen(billing))
    match path:
        case "/aids":
            reply = await aid(billing, family, **changes)
        case "/formulas":
            reply = await formula(billing, **changes)
        case _:
            reply = await billing.post(path, TILL, json=tariff(family.activity_id, **changes))
    assert reply.status == 422
    assert field in [error["field"] for error in reply.json["errors"]]


async def test_an_aid_is_of_a_family_and_a_child_that_are_known(billing: RunningService) -> None:
    family = await household(billing, await publish_canteen(billing))
    stranger = Household(family.activity_id)
    assert (await aid(billing, stranger, day_cents=100)).status == 404
    assert (await aid(billing, family, day_cents=100, child_id=str(uuid4()))).status == 404


@pytest.mark.parametrize("caller", [guardian(uuid4()), staff(AGENT), staff(LEADER)])
async def test_only_the_till_decides(billing: RunningService, caller: Any) -> None:
    for path in ("/formulas", "/aids", f"/aids/{uuid4()}/end", f"/formulas/{uuid4()}/retire"):
        assert (await billing.post(path, caller, json={})).status == 403


async def test_a_formula_and_an_aid_of_before_the_invoice_count_on_it(
    billing: RunningService,
) -> None:
    family = await spent(billing, None, 2)
    morning = await care_of_the_morning(billing)
    await billing.tell(at(family, morning, 2).made())
    await billing.get("/billing-runs/preview?month=2026-11", TILL)
    published = await formula(billing)
    try:
        await aid(billing, family, day_cents=100)
        await run_month(billing)
        [invoice] = await invoices_of(billing, family)
        # 12,00 € of uses, 2,00 € less for the day, 1,00 € a day from CAF.
        assert invoice["total_cents"] == 1200 - 200 - 200
    finally:
        await billing.post(f"/formulas/{published.json['formula_id']}/retire", TILL)


async def test_an_aid_of_after_the_invoice_changes_nothing_of_it(billing: RunningService) -> None:
    family = await spent(billing, None, 2)
    await run_month(billing)
    await aid(billing, family, day_cents=150)
    assert await charges_of(billing, family) == []
    await billing.tell(family.session(1, month=12).made())
    await run_month(billing, "2026-12")
    totals = [invoice["total_cents"] for invoice in await invoices_of(billing, family)]
    assert totals == [800, 400 - 150]


async def test_a_day_that_is_invoiced_keeps_its_formula(billing: RunningService) -> None:
    published = await formula(billing)
    family = await spent(billing, None, 1)
    morning = await care_of_the_morning(billing)
    coming = at(family, morning, 2)
    await billing.tell(coming.made())
    await run_month(billing)
    await billing.post(f"/formulas/{published.json['formula_id']}/retire", TILL)
    # The morning is given back: of the day at 6,00 € the meal at 4,00 € stays.
    await billing.tell(coming.cancelled(cause="closure"))
    charged = await charges_of(billing, family)
    assert sorted(charge["amount_cents"] for charge in charged) == [-400, 200]


async def test_a_cap_takes_no_more_off_what_an_invoice_holds(billing: RunningService) -> None:
    bands = [
        {"from_quotient": 0, "to_quotient": 600, "price_cents": 500},
        {"from_quotient": 600, "to_quotient": None, "price_cents": 1000},
    ]
    cap = {"rule": "cap", "kind": "quotient", "bands": bands, "price_cents": None}
    family = await household(
        billing, await publish_canteen(billing, **FLAT, monthly=cap), quotient=None
    )
    await billing.tell(*(family.session(day).made() for day in (2, 3, 4)))
    await run_month(billing)
    await billing.tell(family_file(family.family_id, version=2, quotient=400))
    await billing.tell(family.session(20).made())
    assert sum(charge["amount_cents"] for charge in await charges_of(billing, family)) == 0
    [invoice] = await invoices_of(billing, family)
    assert invoice["total_cents"] == 1000
