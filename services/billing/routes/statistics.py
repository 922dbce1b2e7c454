"""Statistics over HTTP."""

from contracts.roles import TILL
from services.billing.errors import BadMonth
from services.billing.model.months import Month
from services.billing.queries import statistics as statistics_queries
from services.billing.schemas.statistics import StatisticsAnswer, StatisticsQuery
from services.chassis.web import Call, get

MOST_MONTHS = 60


async def show_statistics(call: Call, query: StatisticsQuery) -> StatisticsAnswer:
    """What was invoiced, by month and activity."""
    first, last = Month.parse(query.first), Month.parse(query.last)
    if not 0 < first.until(last) <= MOST_MONTHS:
        raise BadMonth.because(
            f"Choisissez de 1 à {MOST_MONTHS} mois, le premier avant le dernier."
        )
    found = await statistics_queries.invoiced(call.connection, first, last)
    return StatisticsAnswer.model_validate(
        {
            "invoiced": found,
            "units": sum(line["units"] for line in found),
            "amount_cents": sum(line["amount_cents"] for line in found),
        }
    )


ENDPOINTS = (get("/statistics", show_statistics, allow=TILL),)
