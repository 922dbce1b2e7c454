"""Prices by the rank among brothers and sisters, and by the time spent."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from contracts.events.accounts import ChildFile, FamilyFileUpdated
from contracts.events.enrolment import EnrolmentAccepted, EnrolmentWithdrawn
from services.chassis.testing import RunningService, guardian
from tests.integration.billing.town import (
    Day,
    Household,
    charges_of,
    family_file,
    invoices_of,
    publish_canteen,
    run_month,
)

PARIS = ZoneInfo("Europe/Paris")
FLAT: dict[str, Any] = {"kind": "flat", "price_cents": 400, "bands": None}


@dataclass
class Twosome:
    """A family with an elder and a younger child."""

    activity_id: UUID
    family_id: UUID = field(default_factory=uuid4)
    elder_id: UUID = field(default_factory=uuid4)
    younger_id: UUID = field(default_factory=uuid4)

    def file(self, version: int = 1) -> FamilyFileUpdated:
        """Its file, the younger child first."""
        known = (("Léa", self.younger_id, 2019), ("Tom", self.elder_id, 2016))
        children = tuple(
            ChildFile(
                child_id=child_id,
                first_name=name,
                last_name="Martin",
                birth_date=date(year, 5, 12),
            )
            for name, child_id, year in known
        )
        return family_file(self.family_id, version=version, children=children)

    @property
    def elder(self) -> Household:
        """The family, as of its elder child."""
        return Household(self.activity_id, self.family_id, self.elder_id)

    @property
    def younger(self) -> Household:
        """The family, as of its younger child."""
        return Household(self.activity_id, self.family_id, self.younger_id)

    def enrolled(self, child_id: UUID, enrolment_id: UUID) -> EnrolmentAccepted:
        """The child is enrolled."""
        return EnrolmentAccepted(
            enrolment_id=enrolment_id,
            version=1,
            family_id=self.family_id,
            child_id=child_id,
            activity_id=self.activity_id,
            school_year="2026-2027",
            starts_on=date(2026, 9, 1),
            ends_on=date(2027, 7, 2),
        )


async def twosome(service: RunningService, **tariff: Any) -> Twosome:
    """A family of two children, and an activity with this tariff."""
    family = Twosome(await publish_canteen(service, **FLAT, **tariff))
    await service.tell(family.file())
    return family


async def amounts(service: RunningService, family: Twosome) -> dict[UUID, int]:
    """What is open, by child."""
    charges = await charges_of(service, family.elder)
    return {UUID(charge["child_id"]): charge["amount_cents"] for charge in charges}


async def test_the_younger_pays_less_the_days_that_both_come(billing: RunningService) -> None:
    family = await twosome(billing, siblings={"counted": "same_day", "percents": [25]})
    younger, elder = family.younger.session(3), family.elder.session(3)
    await billing.tell(younger.made())
    assert await amounts(billing, family) == {family.younger_id: 400}
    await billing.tell(elder.made())
    assert await amounts(billing, family) == {family.younger_id: 300, family.elder_id: 400}
    [reason] = [c["reason"] for c in await charges_of(billing, family.elder) if "ᵉ" in c["reason"]]
    assert "2ᵉ enfant, tarif unique, réduction de 25" in reason
    await billing.tell(elder.cancelled())
    assert await amounts(billing, family) == {family.younger_id: 400}


async def test_an_invoiced_day_does_not_follow_the_others(billing: RunningService) -> None:
    family = await twosome(billing, siblings={"counted": "same_day", "percents": [25]})
    younger, elder = family.younger.session(3), family.elder.session(3)
    await billing.tell(younger.made(), elder.made())
    await run_month(billing)
    [invoice] = await invoices_of(billing, family.elder)
    assert invoice["total_cents"] == 700
    # The elder's place is taken off at its own price; the younger's stays as it was invoiced.
    await billing.tell(elder.cancelled())
    assert await amounts(billing, family) == {family.elder_id: -400}


async def test_enrolments_make_ranks_until_their_last_day(billing: RunningService) -> None:
    prices = [{"kind": "flat", "price_cents": 250}]
    family = await twosome(billing, siblings={"counted": "enrolled", "prices": prices})
    await billing.tell(family.younger.session(3).made())
    assert await amounts(billing, family) == {family.younger_id: 400}
    accepted = family.enrolled(family.elder_id, uuid4())
    await billing.tell(accepted)
    assert await amounts(billing, family) == {family.younger_id: 250}
    known = accepted.model_dump(exclude={"starts_on", "ends_on", "version"})
    await billing.tell(EnrolmentWithdrawn(**known, version=2, ends_on=date(2026, 11, 2)))
    assert await amounts(billing, family) == {family.younger_id: 400}


async def test_an_estimate_counts_the_children_that_are_planned_together(
    billing: RunningService,
) -> None:
    family = await twosome(billing, siblings={"counted": "same_day", "percents": [25]})
    items = [
        {"child_id": str(child), "activity_id": str(family.activity_id), "date": "2026-11-27"}
        for child in (family.younger_id, family.elder_id)
    ]
    reply = await billing.post("/estimates", guardian(family.family_id), json={"items": items})
    assert [item["amount_cents"] for item in reply.json["items"]] == [300, 400]


@pytest.mark.parametrize("monthly", [None, {"rule": "cap", "kind": "flat", "price_cents": 900}])
async def test_an_estimate_counts_the_younger_who_has_a_place_already(
    billing: RunningService, monthly: dict[str, Any] | None
) -> None:
    siblings = {"counted": "same_day", "percents": [25]}
    family = await twosome(billing, siblings=siblings, monthly=monthly)
    await billing.tell(*(family.younger.session(day).made() for day in (2, 3, 4)))
    before = sum(c["amount_cents"] for c in await charges_of(billing, family.elder))
    day = family.elder.session(3)
    item = {
        "child_id": str(family.elder_id),
        "activity_id": str(family.activity_id),
        "date": str(day.day),
    }
    reply = await billing.post("/estimates", guardian(family.family_id), json={"items": [item]})
    assert [each["amount_cents"] for each in reply.json["items"]] == [400]
    [told] = [m for m in reply.json["months"] if m["reason"].startswith("Tarif fratrie")]
    assert (told["child_name"], told["amount_cents"]) == ("Léa", -100)
    await billing.tell(day.made())
    after = sum(c["amount_cents"] for c in await charges_of(billing, family.elder))
    assert reply.json["total_cents"] == after - before


def stayed(day: Day, arrived: str, left: str, version: int = 1) -> Any:
    """The roll says from when to when the child was there."""
    arrived_at, left_at = (
        datetime.fromisoformat(f"{day.day}T{at}").replace(tzinfo=PARIS) for at in (arrived, left)
    )
    told = {"arrived_at": arrived_at, "left_at": left_at}
    return day.marked("present", version=version).model_copy(update=told)


async def test_half_hours_begun_are_those_of_the_roll(billing: RunningService) -> None:
    family = await twosome(billing, hours={"kind": "half_hours"})
    day = family.elder.session(3)
    await billing.tell(day.made())
    # Nobody knows yet: from 11:45 to 13:30, as the activity says.
    assert await amounts(billing, family) == {family.elder_id: 1600}
    await billing.tell(stayed(day, "11:45", "12:16"))
    [charge] = await charges_of(billing, family.elder)
    assert charge["amount_cents"] == 800
    assert "2 demi-heures" in charge["reason"]
    await run_month(billing)
    await billing.tell(stayed(day, "11:45", "12:15", version=2))
    assert await amounts(billing, family) == {family.elder_id: -400}


async def test_the_parts_of_the_day_that_were_used_are_added_up(billing: RunningService) -> None:
    bands = [
        {"starts_at": "11:00", "ends_at": "12:30", "kind": "flat", "price_cents": 150},
        {"starts_at": "12:30", "ends_at": "14:00", "kind": "flat", "price_cents": 100},
    ]
    family = await twosome(billing, hours={"kind": "time_bands", "bands": bands})
    day = family.elder.session(3)
    await billing.tell(stayed(day, "11:45", "13:00"))
    assert await amounts(billing, family) == {family.elder_id: 250}
    await billing.tell(stayed(day, "12:30", "13:00", version=2))
    [charge] = await charges_of(billing, family.elder)
    assert charge["amount_cents"] == 100
    assert "présence de 12 h 30 à 14 h 00" in charge["reason"].replace("\u00a0", " ")
