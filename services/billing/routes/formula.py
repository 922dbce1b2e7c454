"""Formulas and aids over HTTP."""

from uuid import UUID

from contracts.roles import OFFICE, STAFF, TILL
from services.billing.commands.set_month_rules import (
    end_aid,
    grant_aid,
    publish_formula,
    retire_formula,
)
from services.billing.queries import tariff as tariff_queries
from services.billing.schemas.formula import (
    AidAnswer,
    AidBody,
    AidsAnswer,
    AidsQuery,
    FormulaAnswer,
    FormulaBody,
    FormulasAnswer,
)
from services.chassis.web import Call, get, post


async def list_formulas(call: Call) -> FormulasAnswer:
    """The formulas that hold."""
    found = await tariff_queries.formulas(call.connection)
    return FormulasAnswer(formulas=[FormulaAnswer.of(*known) for known in found])


async def publish(call: Call, body: FormulaBody) -> FormulaAnswer:
    """Publish what activities of some kinds cost together."""
    formula_id = await publish_formula(
        call.connection, body.formula(), now=call.now, by=call.caller.account_id
    )
    (published,) = await tariff_queries.formulas(call.connection, formula_id)
    return FormulaAnswer.of(*published)


async def retire(call: Call, formula_id: UUID) -> None:
    """The formula holds no longer."""
    await retire_formula(call.connection, formula_id, now=call.now)


async def list_aids(call: Call, query: AidsQuery) -> AidsAnswer:
    """The aids of a family, or of all."""
    found = await tariff_queries.aids(call.connection, query.family_id)
    return AidsAnswer.model_validate({"aids": found})


async def grant(call: Call, body: AidBody) -> AidAnswer:
    """Take in an aid."""
    aid_id = await grant_aid(call.connection, body.aid(), now=call.now, by=call.caller.account_id)
    (granted,) = await tariff_queries.aids(call.connection, None, aid_id)
    return AidAnswer.model_validate(granted)


async def end(call: Call, aid_id: UUID) -> None:
    """The aid helps no longer."""
    await end_aid(call.connection, aid_id, now=call.now)


ENDPOINTS = (
    get("/formulas", list_formulas, allow=STAFF),
    post("/formulas", publish, allow=TILL, status=201, summary="Publier une formule"),
    post(
        "/formulas/{formula_id}/retire",
        retire,
        allow=TILL,
        status=204,
        summary="Retirer une formule",
    ),
    get("/aids", list_aids, allow=OFFICE | TILL, summary="Voir les aides d’une famille"),
    post("/aids", grant, allow=TILL, status=201, summary="Enregistrer une aide"),
    post("/aids/{aid_id}/end", end, allow=TILL, status=204, summary="Mettre fin à une aide"),
)
