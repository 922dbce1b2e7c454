"""An estimate and a preview tell what the invoice will: caps, fees, formulas and aids included."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.testing import RunningService, guardian
from tests.integration.billing.test_month_rules import (
    CAP,
    FLAT,
    aid,
    at,
    care_of_the_morning,
    formula,
    spent,
)
from tests.integration.billing.test_sharing import shared
from tests.integration.billing.town import (
    TILL,
    Day,
    Household,
    charges_of,
    household,
    invoices_of,
    publish_canteen,
    run_month,
    tariff,
)

FEE = {"rule": "fee", "kind": "flat", "price_cents": 2500}
DAYS = st.lists(st.integers(2, 20), unique=True, max_size=5)


async def estimated(service: RunningService, family: Household, *days: Day) -> dict[str, Any]:
    """What these days would cost, as the family is told."""
    told = [day.made() for day in days]
    items = [
        {"child_id": str(t.child_id), "activity_id": str(t.activity_id), "date": str(t.date)}
        for t in told
    ]
    reply = await service.post("/estimates", guardian(family.family_id), json={"items": items})
    assert reply.status == 200, reply.body
    answer: dict[str, Any] = reply.json
    return answer


async def asked(service: RunningService, family: Household) -> int:
    """What the family's invoices ask for in all."""
    return sum(invoice["total_cents"] for invoice in await invoices_of(service, family))


@asynccontextmanager
async def day_at(service: RunningService, cents: int | None) -> AsyncIterator[None]:
    """Meanwhile a morning and a meal of one day cost so much; None: what they cost."""
    if cents is None:
        yield
        return
    published = await formula(service, price_cents=cents)
    try:
        yield
    finally:
        # Formulas are the whole town's: other tests must not meet this one.
        await service.post(f"/formulas/{published.json['formula_id']}/retire", TILL)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    meals=DAYS,
    mornings=DAYS,
    more_meals=DAYS,
    monthly=st.sampled_from([None, CAP, FEE]),
    ceilings=st.none()
    | st.fixed_dictionaries({"day_cents": st.integers(1, 900)})
    | st.fixed_dictionaries({"month_cents": st.integers(1, 3000)}),
    day_cents=st.none() | st.integers(0, 900),
)
async def test_an_estimate_is_what_the_invoice_asks_for_more(
    billing: RunningService,
    meals: list[int],
    mornings: list[int],
    more_meals: list[int],
    monthly: dict[str, Any] | None,
    ceilings: dict[str, int] | None,
    day_cents: int | None,
) -> None:
    family = await household(billing, await publish_canteen(billing, **FLAT, monthly=monthly))
    morning = await care_of_the_morning(billing)
    if ceilings:
        await aid(billing, family, **ceilings)
    async with day_at(billing, day_cents):
        first = [
            *(family.session(day) for day in meals),
            *(at(family, morning, d) for d in mornings),
        ]
        second = [family.session(day) for day in more_meals if day not in meals]
        total = 0
        for days in (first, second):
            if days:
                total += (await estimated(billing, family, *days))["total_cents"]
                await billing.tell(*(day.made() for day in days))
        charged = await charges_of(billing, family)
        assert sum(charge["amount_cents"] for charge in charged) == total
        await run_month(billing)
        assert await asked(billing, family) == max(0, total)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    meals=DAYS,
    more_meals=DAYS,
    monthly=st.sampled_from([None, CAP, FEE]),
    part=st.integers(0, 100),
    since=st.integers(1, 20),
)
async def test_an_estimate_and_what_is_open_tell_the_familys_own_part(
    billing: RunningService,
    meals: list[int],
    more_meals: list[int],
    monthly: dict[str, Any] | None,
    part: int,
    since: int,
) -> None:
    canteen = await publish_canteen(billing, **FLAT, monthly=monthly)
    mother, father = [await household(billing, canteen) for _ in range(2)]
    parts = [(who, cents) for who, cents in ((mother, part), (father, 100 - part)) if cents]
    await shared(billing, mother, *parts, valid_from=f"2026-11-{since:02}")
    whole = own = 0
    for days in (meals, [day for day in more_meals if day not in meals]):
        if days:
            told = await estimated(billing, mother, *(mother.session(day) for day in days))
            whole, own = whole + told["total_cents"], own + told["own_cents"]
            await billing.tell(*(mother.session(day).made() for day in days))
    reply = await billing.get("/charges", guardian(mother.family_id))
    assert (reply.json["whole_cents"], reply.json["total_cents"]) == (whole, own)
    await run_month(billing)
    assert await asked(billing, mother) == own
    assert await asked(billing, father) == whole - own


async def test_what_is_given_back_of_anothers_child_stays_beside_rules_of_the_month(
    billing: RunningService,
) -> None:
    canteen = await publish_canteen(billing, monthly=CAP)
    mother, father = [await household(billing, canteen) for _ in range(2)]
    await shared(billing, mother, (mother, 50), (father, 50), valid_until="2026-11-30")
    day = mother.session(3)
    await billing.tell(day.made())
    await run_month(billing)
    await billing.tell(day.marked("excused"))
    await billing.tell(mother.session(1, month=12).made())
    await run_month(billing, "2026-12")
    # His half of what is given back waits for an invoice; now he has a day of his own.
    await billing.tell(father.session(8, month=12).made())
    assert [charge["amount_cents"] for charge in await charges_of(billing, father)] == [-175, 350]


async def test_an_estimate_says_what_the_month_takes_off(billing: RunningService) -> None:
    family = await spent(billing, CAP, 2)
    told = await estimated(billing, family, *(family.session(day) for day in (10, 12)))
    assert [item["amount_cents"] for item in told["items"]] == [400, 400]
    (month,) = told["months"]
    assert (month["period"], month["amount_cents"], month["child_name"]) == ("2026-11", -600, "Léa")
    assert month["reason"].startswith("Plafond mensuel – ")
    assert told["total_cents"] == 200
    assert len(await charges_of(billing, family)) == 2


async def test_a_place_after_the_cap_costs_nothing_more(billing: RunningService) -> None:
    family = await spent(billing, CAP, 3)
    await run_month(billing)
    told = await estimated(billing, family, family.session(20))
    assert told["total_cents"] == 0


async def preview(service: RunningService, activity_id: UUID, **changes: Any) -> tuple[int, int]:
    """What November comes to today, and by that tariff."""
    body = {**tariff(activity_id, **changes), "month": "2026-11"}
    reply = await service.post("/tariffs/preview", TILL, json=body)
    assert reply.status == 200, reply.body
    return reply.json["today_cents"], reply.json["new_cents"]


async def test_a_preview_counts_caps_of_today_and_of_tomorrow(billing: RunningService) -> None:
    family = await spent(billing, CAP, 4)
    dearer = {**FLAT, "monthly": CAP | {"price_cents": 1200}}
    assert await preview(billing, family.activity_id, **dearer) == (1000, 1200)
    assert await preview(billing, family.activity_id, **FLAT) == (1000, 1600)
    await run_month(billing)
    assert await preview(billing, family.activity_id, **dearer) == (1000, 1200)
    assert await asked(billing, family) == 1000


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    meals=DAYS.filter(bool),
    mornings=DAYS,
    cents=st.integers(0, 900),
    monthly=st.sampled_from([None, CAP, FEE]),
    month_cents=st.none() | st.integers(1, 3000),
    day_cents=st.none() | st.integers(0, 900),
)
async def test_a_preview_tells_what_publishing_changes_on_the_invoice(
    billing: RunningService,
    meals: list[int],
    mornings: list[int],
    cents: int,
    monthly: dict[str, Any] | None,
    month_cents: int | None,
    day_cents: int | None,
) -> None:
    family = await household(billing, await publish_canteen(billing, **FLAT))
    morning = await care_of_the_morning(billing)
    if month_cents:
        await aid(billing, family, month_cents=month_cents)
    told = [*(family.session(day) for day in meals), *(at(family, morning, d) for d in mornings)]
    await billing.tell(*(day.made() for day in told))
    other = {"kind": "flat", "price_cents": cents, "bands": None, "monthly": monthly}
    async with day_at(billing, day_cents):
        before = sum(charge["amount_cents"] for charge in await charges_of(billing, family))
        today, new = await preview(billing, family.activity_id, **other)
        published = await billing.post("/tariffs", TILL, json=tariff(family.activity_id, **other))
        assert published.status == 201, published.body
        after = sum(charge["amount_cents"] for charge in await charges_of(billing, family))
        assert new - today == after - before
        today, new = await preview(billing, family.activity_id, **other)
        assert new == today  # it is in force by now
        # What a formula takes off for a whole day hangs on the meal, and may be more than it costs.
        assert today >= 0 or day_cents is not None


async def test_an_aid_and_a_formula_show_on_what_is_not_invoiced_yet(
    billing: RunningService,
) -> None:
    family = await spent(billing, None, 2)
    granted = await aid(billing, family, day_cents=150)
    shown = await charges_of(billing, family)
    assert sum(charge["amount_cents"] for charge in shown) == 800 - 300
    assert [c["reason"] for c in shown if c["basis"] == "aid"] == ["Aide «\u00a0CAF\u00a0»"] * 2
    await billing.post(f"/aids/{granted.json['aid_id']}/end", TILL)
    assert sum(charge["amount_cents"] for charge in await charges_of(billing, family)) == 800
