"""What reservations would cost, over HTTP."""

from contracts.roles import GUARDIAN, OFFICE, TILL
from services.billing.queries import estimate as estimate_queries
from services.billing.queries.estimate import Planned
from services.billing.schemas.estimate import EstimateAnswer, EstimateBody
from services.chassis.errors import FieldError, Invalid
from services.chassis.web import Call, post


async def estimate(call: Call, body: EstimateBody) -> EstimateAnswer:
    """What these reservations would cost the family, as things stand. Raises UnknownChild."""
    family_id = call.caller.family_scope or body.family_id
    if family_id is None:
        raise Invalid(errors=[FieldError("family_id", "Précisez la famille.")])
    items = [Planned(i.child_id, i.activity_id, i.date, i.late) for i in body.items]
    if call.caller.family_scope:
        await estimate_queries.require_children(
            call.connection, family_id, {item.child_id for item in items}
        )
    found = await estimate_queries.estimates(call.connection, family_id, items)
    months = await estimate_queries.month_differences(call.connection, family_id, found)
    whole = sum(item["amount_cents"] or 0 for item in (*found, *months.differences))
    amounts = [item["amount_cents"] for item in found]
    return EstimateAnswer.model_validate(
        {
            "items": found,
            "months": months.differences,
            "total_cents": whole,
            "own_cents": whole + months.parts_cents,
            "complete": None not in amounts,
        }
    )


ENDPOINTS = (
    post(
        "/estimates",
        estimate,
        allow=OFFICE | TILL | {GUARDIAN},
        summary="Estimer le prix de réservations",
    ),
)
