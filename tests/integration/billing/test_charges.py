"""Charge lines follow what reservations tells, in whatever order and however often."""

import random
from dataclasses import asdict
from datetime import date
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from services.billing.model.tariffs import Band
from services.billing.subscribers import Told, units_told
from services.chassis.testing import RunningService
from tests.integration.billing.town import (
    TILL,
    Day,
    Household,
    charges_of,
    household,
    publish_canteen,
    tariff,
)


def amounts(charges: list[dict[str, Any]]) -> list[tuple[str, int | None]]:
    """Basis and amount of each."""
    return [(charge["basis"], charge["amount_cents"]) for charge in charges]


def story(day: Day, name: str) -> list[Told]:
    """What was told of a day."""
    stories: dict[str, list[Told]] = {
        "reserved": [day.made()],
        "present": [day.made(), day.marked("present")],
        "absent": [day.made(), day.marked("absent")],
        "excused": [day.made(), day.marked("excused")],
        "cancelled in time": [day.made(), day.cancelled()],
        "cancelled late": [day.made(), day.cancelled(late=True)],
        "reserved again": [day.made(), day.cancelled(), day.made(version=3)],
        "unreserved": [day.marked("present", reserved=False)],
        "reserved late": [day.made(late=True)],
        "reserved late and present": [day.made(late=True), day.marked("present")],
        "closed": [day.made(), day.cancelled(cause="closure")],
        "cancelled late, then closed": [
            day.made(),
            day.cancelled(late=True),
            day.cancelled(version=3, cause="closure"),
        ],
        "closed, and yet present": [
            day.made(),
            day.cancelled(cause="closure"),
            day.marked("present", reserved=False),
        ],
        "corrected roll": [day.made(), day.marked("absent"), day.marked("excused", version=2)],
    }
    return stories[name]


OUTCOMES = [
    ("reserved", [("reserved", 350)]),
    ("present", [("present", 350)]),
    ("absent", [("absent", 350)]),
    ("excused", []),
    ("cancelled in time", []),
    ("cancelled late", [("late_cancellation", 350)]),
    ("reserved again", [("reserved", 350)]),
    ("unreserved", [("unreserved", 550)]),
    ("reserved late", [("late_reservation", 500)]),
    ("reserved late and present", [("late_reservation", 500)]),
    ("closed", []),
    ("cancelled late, then closed", []),
    ("closed, and yet present", [("present", 350)]),
    ("corrected roll", []),
]


@pytest.fixture(scope="module")
async def canteen(billing: RunningService) -> Any:
    """One priced activity for all."""
    return await publish_canteen(billing, late_surcharge_cents=150)


@pytest.mark.parametrize(("name", "expected"), OUTCOMES)
async def test_a_day_is_charged_for_what_happened(
    billing: RunningService, canteen: Any, name: str, expected: list[tuple[str, int]]
) -> None:
    family = await household(billing, canteen)
    await billing.tell(*story(family.session(3), name))
    assert amounts(await charges_of(billing, family)) == expected


@pytest.mark.parametrize(("name", "expected"), OUTCOMES)
async def test_order_and_repetition_of_events_change_nothing(
    billing: RunningService, canteen: Any, name: str, expected: list[tuple[str, int]]
) -> None:
    family = await household(billing, canteen)
    orders = list(permutations(range(len(story(family.session(3), name)))))
    days = [family.session(3) for _ in orders]
    told = [
        story(day, name)[index]
        for day, order in zip(days, orders, strict=True)
        for index in (*order, *order)
    ]
    await billing.tell(*told)
    assert amounts(await charges_of(billing, family)) == expected * len(orders)


async def test_a_row_of_news_is_charged_as_if_each_had_come_alone(
    billing: RunningService, canteen: Any
) -> None:
    together, alone = await household(billing, canteen), await household(billing, canteen)
    row, one_by_one = (
        [
            event
            for day, (name, _) in enumerate(OUTCOMES, start=3)
            for event in story(family.session(day), name)
        ]
        for family in (together, alone)
    )
    random.Random(20261103).shuffle(row)
    async with billing.database.transaction() as connection:
        await units_told(connection, [*row, *row])
    for event in one_by_one:
        async with billing.database.transaction() as connection:
            await units_told(connection, [event])
    expected = [charge for _, charges in OUTCOMES for charge in charges]
    assert amounts(await charges_of(billing, together)) == expected
    assert amounts(await charges_of(billing, alone)) == expected


async def test_the_same_event_delivered_twice_is_one_charge(
    billing: RunningService, canteen: Any
) -> None:
    family, event_id = await household(billing, canteen), uuid4()
    day = family.session(3)
    await billing.publish(day.made(), event_id=event_id)
    await billing.publish(day.made(), event_id=event_id)
    await billing.handled(event_id)
    await billing.tell(day.marked("present"))
    assert amounts(await charges_of(billing, family)) == [("present", 350)]


async def test_a_new_quotient_reprices_what_is_open(billing: RunningService, canteen: Any) -> None:
    family = await household(billing, canteen)
    await billing.tell(*(family.session(day).made() for day in (3, 5, 6)))
    await billing.tell(family.file(version=2, quotient=450))
    charges = await charges_of(billing, family)
    assert amounts(charges) == [("reserved", 100)] * 3
    assert charges[0]["reason"] == (
        "Réservation – quotient familial 450, tranche de 0 à 599 (tarif du 01/09/2026)"
    )
    await billing.tell(family.file(version=1))
    assert amounts(await charges_of(billing, family)) == [("reserved", 100)] * 3


async def test_a_border_quotient_is_of_the_upper_band(
    billing: RunningService, canteen: Any
) -> None:
    for quotient, cents in ((599, 100), (600, 350), (1199, 350), (1200, 520)):
        family = await household(billing, canteen, quotient=quotient)
        await billing.tell(family.session(3).made())
        assert amounts(await charges_of(billing, family)) == [("reserved", cents)]


async def test_prices_are_those_of_the_bands_whatever_the_bands(billing: RunningService) -> None:
    dice = random.Random(20261123)
    borders = sorted(dice.sample(range(1, 2000), 7))
    bands = [
        Band(start, end, dice.randrange(0, 1000))
        for start, end in zip([0, *borders], [*borders, None], strict=True)
    ]
    activity_id = await publish_canteen(billing, bands=[asdict(band) for band in bands])
    quotients = {q for border in borders for q in (border - 1, border, border + 1)} | {0, 9999}
    families = [Household(activity_id, quotient=quotient) for quotient in sorted(quotients)]
    await billing.tell(*(f.file() for f in families), *(f.session(3).made() for f in families))
    for family in families:
        (band,) = [band for band in bands if band.holds(family.quotient or 0)]
        assert amounts(await charges_of(billing, family)) == [("reserved", band.price_cents)]


async def test_without_a_quotient_the_highest_band_holds_and_the_line_says_so(
    billing: RunningService, canteen: Any
) -> None:
    family = await household(billing, canteen, quotient=None)
    await billing.tell(family.session(3).made())
    (charge,) = await charges_of(billing, family)
    assert charge["amount_cents"] == 520
    assert "non communiqué" in charge["reason"]


async def test_a_quotient_counts_until_its_last_day(billing: RunningService, canteen: Any) -> None:
    family = Household(canteen)
    await billing.tell(family.file(quotient_valid_until="2026-11-04"))
    await billing.tell(*(family.session(day).made() for day in (4, 5)))
    last, after = await charges_of(billing, family)
    assert (last["amount_cents"], after["amount_cents"]) == (350, 520)
    assert "périmé depuis le 04/11/2026" in after["reason"]


async def test_a_charge_that_comes_before_its_family_and_its_tariff_is_priced_by_them(
    billing: RunningService,
) -> None:
    activity_id = await publish_canteen(billing, priced=False)
    family = Household(activity_id)
    await billing.tell(family.session(3).made())
    assert amounts(await charges_of(billing, family)) == [("reserved", None)]
    reply = await billing.post("/tariffs", TILL, json=tariff(activity_id))
    assert reply.status == 201
    assert amounts(await charges_of(billing, family)) == [("reserved", 520)]
    await billing.tell(family.file())
    assert amounts(await charges_of(billing, family)) == [("reserved", 350)]


async def test_a_child_of_two_homes_is_charged_to_the_one_that_reserved_last(
    billing: RunningService, canteen: Any
) -> None:
    first = await household(billing, canteen)
    second = await household(billing, canteen, child_id=first.child_id)
    ours = first.session(3)
    theirs = Day(second, ours.day, ours.session_id)
    await billing.tell(theirs.made(version=3))
    await billing.tell(ours.made(version=1), ours.cancelled(version=2))
    assert amounts(await charges_of(billing, first)) == []
    assert amounts(await charges_of(billing, second)) == [("reserved", 350)]


async def test_a_file_that_is_told_again_fills_what_was_not_kept_of_it_before(
    billing: RunningService,
) -> None:
    family = await household(billing, await publish_canteen(billing))

    async def known() -> tuple[date | None, bool]:
        async with billing.database.connection() as connection:
            row = await connection.fetchrow(
                "SELECT birth_date, own_meal FROM child WHERE child_id = $1", family.child_id
            )
        assert row
        return row["birth_date"], row["own_meal"]

    assert await known() == (date(2019, 5, 12), False)
    async with billing.database.transaction() as connection:
        await connection.execute(
            "UPDATE child SET birth_date = NULL WHERE child_id = $1", family.child_id
        )
    assert await known() == (None, False)
    await billing.tell(family.file(version=1))
    assert await known() == (date(2019, 5, 12), False)
