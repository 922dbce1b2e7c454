"""Families, activities and days for the tests, told as the other services tell them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts.events.accounts import Address, ChildFile, FamilyFileUpdated, GuardianFile
from contracts.events.enrolment import ActivityPublished, DeadlineRule
from contracts.events.reservations import (
    AttendanceRecorded,
    AttendanceState,
    CancellationCause,
    ReservationCancelled,
    ReservationMade,
)
from contracts.roles import REGISSEUR
from services.chassis.testing import RunningService, eventually, staff

TILL = staff(REGISSEUR)
NOVEMBER = "2026-11"
BANDS: list[dict[str, Any]] = [
    {"from_quotient": 0, "to_quotient": 600, "price_cents": 100},
    {"from_quotient": 600, "to_quotient": 1200, "price_cents": 350},
    {"from_quotient": 1200, "to_quotient": None, "price_cents": 520},
]


def family_file(
    family_id: UUID, *, version: int = 1, quotient: int | None = 720, **changes: Any
) -> FamilyFileUpdated:
    """A family as accounts tells it, with one child."""
    values: dict[str, Any] = {
        "family_id": family_id,
        "record_version": version,
        "reference": f"F{family_id.hex[:6].upper()}",
        "resident": True,
        "quotient": quotient,
        "address": Address(lines=("3 rue du Lavoir",), postcode="50890", city="Saint-Aubin"),
        "guardians": (
            GuardianFile(
                guardian_id=uuid4(),
                first_name="Anne",
                last_name="Martin",
                mail="anne.martin@mail.example",
            ),
        ),
        "children": (),
    }
    return FamilyFileUpdated(**{**values, **changes})


def activity(name: str = "Restaurant scolaire du Bourg") -> ActivityPublished:
    """An activity as enrolment tells it."""
    rule = DeadlineRule(kind="none")
    return ActivityPublished(
        activity_id=uuid4(),
        version=1,
        name=name,
        kind="canteen",
        school_year="2026-2027",
        place="École du Bourg",
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 7, 2),
        days="school_days",
        weekdays=(1, 2, 4, 5),
        starts_at="11:45",
        ends_at="13:30",
        capacity=120,
        reserve_rule=rule,
        cancel_rule=rule,
    )


def tariff(activity_id: UUID, **changes: Any) -> dict[str, Any]:
    """The body that publishes a tariff."""
    return {
        "activity_id": str(activity_id),
        "valid_from": "2026-09-01",
        "bands": BANDS,
        "unreserved_surcharge_cents": 200,
        **changes,
    }


async def publish_canteen(service: RunningService, *, priced: bool = True, **changes: Any) -> UUID:
    """An activity of its own with the tariff of the tests; returns its id."""
    published = activity()
    await service.tell(published)
    if priced:
        reply = await service.post("/tariffs", TILL, json=tariff(published.activity_id, **changes))
        assert reply.status == 201, reply.body
    return published.activity_id


@dataclass
class Household:
    """A family of the tests, its child, and what is told of them."""

    activity_id: UUID
    family_id: UUID = field(default_factory=uuid4)
    child_id: UUID = field(default_factory=uuid4)
    first_name: str = "Léa"
    quotient: int | None = 720

    def file(self, version: int = 1, **changes: Any) -> FamilyFileUpdated:
        """Its file."""
        child = ChildFile(
            child_id=self.child_id,
            first_name=self.first_name,
            last_name="Martin",
            birth_date=date(2019, 5, 12),
        )
        known = {"quotient": self.quotient, "children": (child,)}
        return family_file(self.family_id, version=version, **{**known, **changes})

    def session(self, day: int, month: int = 11) -> "Day":
        """The child at a session of its own that day."""
        return Day(self, date(2026, month, day))


@dataclass
class Day:
    """One child at one session."""

    household: Household
    day: date
    session_id: UUID = field(default_factory=uuid4)
    reservation_id: UUID = field(default_factory=uuid4)
    attendance_id: UUID = field(default_factory=uuid4)

    def _common(self, version: int) -> dict[str, Any]:
        return {
            "version": version,
            "family_id": self.household.family_id,
            "child_id": self.household.child_id,
            "activity_id": self.household.activity_id,
            "session_id": self.session_id,
            "date": self.day,
        }

    def made(self, version: int = 1, *, late: bool = False) -> ReservationMade:
        """The place is reserved."""
        return ReservationMade(
            reservation_id=self.reservation_id, late=late, **self._common(version)
        )

    def cancelled(
        self, version: int = 2, *, late: bool = False, cause: CancellationCause = "family"
    ) -> ReservationCancelled:
        """The place is given back."""
        return ReservationCancelled(
            reservation_id=self.reservation_id, late=late, cause=cause, **self._common(version)
        )

    def marked(
        self, state: AttendanceState, version: int = 1, *, reserved: bool = True
    ) -> AttendanceRecorded:
        """The roll says this."""
        return AttendanceRecorded(
            attendance_id=self.attendance_id,
            state=state,
            reservation_id=self.reservation_id if reserved else None,
            **self._common(version),
        )


async def household(service: RunningService, activity_id: UUID, **changes: Any) -> Household:
    """A family whose file has arrived."""
    made = Household(activity_id, **changes)
    await service.tell(made.file())
    return made


async def charges_of(service: RunningService, family: Household) -> list[dict[str, Any]]:
    """What is not invoiced yet."""
    reply = await service.get(f"/charges?family_id={family.family_id}", TILL)
    assert reply.status == 200, reply.body
    found: list[dict[str, Any]] = reply.json["charges"]
    return found


async def run_month(service: RunningService, month: str = NOVEMBER) -> dict[str, Any]:
    """Invoice the month; the run, once nothing of it is left."""
    reply = await service.post(
        "/billing-runs", TILL, json={"month": month, "not_over_confirmed": True}
    )
    assert reply.status == 200, reply.body
    return await run_done(service, reply.json["run_id"])


async def run_done(service: RunningService, run_id: UUID | str) -> dict[str, Any]:
    """The run, once nothing of it is left."""

    async def done() -> dict[str, Any] | None:
        reply = await service.get(f"/billing-runs/{run_id}", TILL)
        return reply.json if reply.json["status"] == "done" else None

    found: dict[str, Any] = await eventually(done, what="the run's end")
    return found


async def invoices_of(service: RunningService, family: Household) -> list[dict[str, Any]]:
    """The family's invoices with their lines, oldest first."""
    reply = await service.get(f"/invoices?family_id={family.family_id}", TILL)
    found = sorted(reply.json["invoices"], key=lambda invoice: invoice["period"])
    return [(await service.get(f"/invoices/{i['invoice_id']}", TILL)).json for i in found]


async def invoiced_household(service: RunningService, **changes: Any) -> Household:
    """A family with an invoice of 3,50 € for one day of November."""
    family = await household(service, await publish_canteen(service), **changes)
    day = family.session(3)
    await service.tell(day.made(), day.marked("present"))
    await run_month(service)
    return family
