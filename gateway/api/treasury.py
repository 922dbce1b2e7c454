"""Direct debits; for the till exports to the treasury and unpaid invoices."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.roles import DESK, GUARDIAN, TILL
from gateway.api.edge import forward
from gateway.readers.treasury import Mandate, Mandates, MandateTerms
from services.chassis.endpoints import Body


class MandateBody(Body):
    iban: Annotated[str, Field(min_length=1, max_length=60)]
    holder: Annotated[str, Field(min_length=2, max_length=70)]
    agreed: Literal[True]


class MandatesQuery(Body):
    family_id: UUID | None = None
    state: Literal["active", "expired", "revoked"] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 100


class RevocationBody(Body):
    reason: Annotated[str, Field(max_length=300)] = ""


ENDPOINTS = (
    forward(
        "GET",
        "/mandates/terms",
        "read_mandate_terms",
        to="billing",
        allow=DESK | {GUARDIAN},
        answer=MandateTerms,
        summary="What a family signs to have its invoices debited.",
    ),
    forward(
        "GET",
        "/mandates",
        "list_mandates",
        to="billing",
        allow={GUARDIAN},
        answer=Mandates,
        summary="The family's direct debit mandates, newest first.",
    ),
    forward(
        "POST",
        "/mandates",
        "sign_mandate",
        to="billing",
        allow={GUARDIAN},
        body=MandateBody,
        answer=Mandate,
        status=201,
        summary="Sign a direct debit mandate, in place of the one before.",
    ),
    forward(
        "POST",
        "/mandates/{mandate_id}/revocation",
        "end_mandate",
        to="billing",
        allow=TILL | {GUARDIAN},
        body=RevocationBody,
        answer=Mandate,
        summary="End a direct debit mandate.",
    ),
    forward(
        "GET",
        "/staff/mandates",
        "list_all_mandates",
        to="billing",
        at="/mandates",
        allow=DESK,
        query=MandatesQuery,
        answer=Mandates,
        summary="Every family's direct debit mandates.",
    ),
)
