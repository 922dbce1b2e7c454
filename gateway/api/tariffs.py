"""Tariffs, for the till."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.events.enrolment import ActivityKind
from contracts.roles import DESK, STAFF, TILL
from gateway.api.edge import Month, forward
from gateway.readers import (
    Aid,
    Aids,
    CanteenReport,
    Formula,
    Formulas,
    Tariff,
    TariffPreview,
    Tariffs,
)
from services.chassis.endpoints import Body

# Far above any price of a town, far below what a database's integer holds.
Cents = Annotated[int, Field(ge=0, le=10_000_000)]
Quotient = Annotated[int, Field(ge=0, le=1_000_000)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Kinds = Annotated[tuple[ActivityKind, ...], Field(max_length=10)]
WallTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Percent = Annotated[int, Field(ge=0, le=500)]


class BandBody(Body):
    """From the first quotient to below the second; the last band has no end."""

    from_quotient: Quotient
    to_quotient: Quotient | None
    price_cents: Cents


class PriceBody(Body):
    """`flat`: price_cents; `quotient`: bands; `effort_rate`: rate (ten-thousandths of the
    quotient), floor_cents and ceiling_cents."""

    kind: Literal["flat", "quotient", "effort_rate"] = "quotient"
    price_cents: Cents | None = None
    bands: Annotated[tuple[BandBody, ...], Field(min_length=1, max_length=30)] | None = None
    rate: Annotated[int, Field(ge=1, le=10_000)] | None = None
    floor_cents: Cents | None = None
    ceiling_cents: Cents | None = None


class SiblingsBody(Body):
    """From the second child on, percent off or prices; the last holds for all further children."""

    counted: Literal["enrolled", "same_day"]
    percents: Annotated[tuple[Percent, ...], Field(max_length=6)] = ()
    prices: Annotated[tuple[PriceBody, ...], Field(max_length=6)] = ()


class TimeBandBody(PriceBody):
    """A part of the day and its price; the end is excluded."""

    starts_at: WallTime
    ends_at: WallTime


class HoursBody(Body):
    """A price for each half-hour begun, or for each part of the day that was used."""

    kind: Literal["half_hours", "time_bands"]
    bands: Annotated[tuple[TimeBandBody, ...], Field(max_length=12)] = ()


class MonthlyBody(PriceBody):
    """A cap on a child's uses of a month, or a fee in their place."""

    rule: Literal["cap", "fee"]


class FormulaBody(PriceBody):
    """One price for a child's day in activities of all these kinds."""

    name: Name
    kinds: Kinds
    valid_from: date
    valid_until: date | None = None


class AidBody(Body):
    """What a third party pays (CAF, CCAS), at most so much a day and so much a month of a child."""

    family_id: UUID
    child_id: UUID | None = None
    label: Name
    kinds: Kinds = ()
    day_cents: Cents | None = None
    month_cents: Cents | None = None
    valid_from: date
    valid_until: date


class AidsQuery(Body):
    family_id: UUID | None = None


class TariffBody(PriceBody):
    """A price for everyone; others for families that live elsewhere and for meals brought (PAI).

    Surcharges in cents or in percent of the price, never beyond `cost_cents`, the cost to the town.
    """

    activity_id: UUID
    valid_from: date
    outside: PriceBody | None = None
    outside_supplement_cents: Cents = 0
    own_meal: PriceBody | None = None
    unreserved_surcharge_cents: Cents = 0
    unreserved_surcharge_percent: Percent = 0
    late_surcharge_cents: Cents = 0
    late_surcharge_percent: Percent = 0
    cost_cents: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    siblings: SiblingsBody | None = None
    hours: HoursBody | None = None
    monthly: MonthlyBody | None = None


class TariffPreviewBody(TariffBody):
    """A tariff that is thought of, and the month to see it on."""

    month: Month


class MealsQuery(Body):
    """From one month to another, both included."""

    first: Month
    last: Month


ENDPOINTS = (
    forward(
        "GET",
        "/staff/tariffs",
        "list_tariffs",
        to="billing",
        at="/tariffs",
        allow=STAFF,
        answer=Tariffs,
        summary="Every tariff, by activity and date.",
    ),
    forward(
        "POST",
        "/staff/tariffs",
        "save_tariff",
        to="billing",
        at="/tariffs",
        allow=TILL,
        body=TariffBody,
        answer=Tariff,
        status=201,
        summary="Publish a tariff from a date on.",
    ),
    forward(
        "POST",
        "/staff/tariffs/preview",
        "preview_tariff",
        to="billing",
        at="/tariffs/preview",
        allow=TILL,
        body=TariffPreviewBody,
        answer=TariffPreview,
        summary="What a tariff would have made of a month; nothing is published.",
    ),
    forward(
        "GET",
        "/staff/reports/canteen",
        "canteen_report",
        to="billing",
        at="/reports/canteen",
        allow=DESK,
        query=MealsQuery,
        answer=CanteenReport,
        summary="The canteen's meals by month and band of quotients, those at 1 € among them.",
    ),
    forward(
        "GET",
        "/staff/formulas",
        "list_formulas",
        to="billing",
        at="/formulas",
        allow=STAFF,
        answer=Formulas,
        summary="The formulas that hold: activities of some kinds on one day at one price.",
    ),
    forward(
        "POST",
        "/staff/formulas",
        "save_formula",
        to="billing",
        at="/formulas",
        allow=TILL,
        body=FormulaBody,
        answer=Formula,
        status=201,
        summary="Publish a formula; one of the same name and first day gives way.",
    ),
    forward(
        "POST",
        "/staff/formulas/{formula_id}/retire",
        "retire_formula",
        to="billing",
        at="/formulas/{formula_id}/retire",
        allow=TILL,
        status=204,
        summary="A formula holds no longer.",
    ),
    forward(
        "GET",
        "/staff/aids",
        "list_aids",
        to="billing",
        at="/aids",
        allow=DESK,
        query=AidsQuery,
        answer=Aids,
        summary="What third parties pay, of one family or of all.",
    ),
    forward(
        "POST",
        "/staff/aids",
        "grant_aid",
        to="billing",
        at="/aids",
        allow=TILL,
        body=AidBody,
        answer=Aid,
        status=201,
        summary="Take in an aid; it counts from the next invoice.",
    ),
    forward(
        "POST",
        "/staff/aids/{aid_id}/end",
        "end_aid",
        to="billing",
        at="/aids/{aid_id}/end",
        allow=TILL,
        status=204,
        summary="An aid helps no longer.",
    ),
)
