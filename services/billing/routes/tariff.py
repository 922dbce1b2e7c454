"""Tariffs over HTTP."""

from contracts.roles import OFFICE, OPERATOR, SIGNED_IN, STAFF, TILL
from services.billing.commands.preview_tariff import preview_tariff
from services.billing.commands.publish_tariff import publish_tariff
from services.billing.model.months import Month
from services.billing.queries import tariff as tariff_queries
from services.billing.schemas.tariff import (
    CanteenAnswer,
    MealsQuery,
    SurchargesAnswer,
    TariffAnswer,
    TariffBody,
    TariffPreviewAnswer,
    TariffPreviewBody,
    TariffsAnswer,
    TariffsQuery,
)
from services.chassis.web import Call, get, post


async def list_tariffs(call: Call, query: TariffsQuery) -> TariffsAnswer:
    """The tariffs of the activities."""
    found = await tariff_queries.tariffs(call.connection, query.activity_id)
    return TariffsAnswer(tariffs=[TariffAnswer.of(*known) for known in found])


async def publish(call: Call, body: TariffBody) -> TariffAnswer:
    """Publish what an activity costs from a day on."""
    tariff_id = await publish_tariff(
        call.connection, body.tariff(), now=call.now, by=call.caller.account_id
    )
    (published,) = await tariff_queries.tariffs(call.connection, None, tariff_id)
    return TariffAnswer.of(*published)


async def preview(call: Call, body: TariffPreviewBody) -> TariffPreviewAnswer:
    """What a tariff would have made of a month; nothing is published."""
    month = Month.parse(body.month)
    found = await preview_tariff(call.connection, body.tariff(), month, now=call.now)
    return TariffPreviewAnswer.of(body.month, found)


async def count_meals(call: Call, query: MealsQuery) -> CanteenAnswer:
    """The canteen's meals by month and band."""
    first, last = Month.parse(query.first), Month.parse(query.last)
    found = await tariff_queries.meals(call.connection, first, last)
    return CanteenAnswer.model_validate(
        {
            "meals": found,
            "total": sum(row["meals"] for row in found),
            "at_most_a_euro": sum(row["at_most_a_euro"] for row in found),
        }
    )


async def list_surcharges(call: Call) -> SurchargesAnswer:
    """What reserving after the limit costs more today."""
    found = await tariff_queries.late_surcharges(call.connection, call.today)
    return SurchargesAnswer.model_validate({"surcharges": found})


ENDPOINTS = (
    get("/tariffs", list_tariffs, allow=STAFF | {OPERATOR}),
    get("/surcharges", list_surcharges, allow=SIGNED_IN),
    post(
        "/tariffs",
        publish,
        allow=TILL | {OPERATOR},
        status=201,
        summary="Publier un tarif",
    ),
    post("/tariffs/preview", preview, allow=TILL, summary="Simuler un tarif sur un mois"),
    get("/reports/canteen", count_meals, allow=OFFICE | TILL),
)
