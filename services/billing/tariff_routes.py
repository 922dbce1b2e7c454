"""Tariffs over HTTP."""

from contracts.roles import OPERATOR, SIGNED_IN, STAFF, TILL
from services.billing import tariff_queries
from services.billing.commands.publish_tariff import publish_tariff
from services.billing.tariff_schemas import (
    SurchargesAnswer,
    TariffAnswer,
    TariffBody,
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
)
