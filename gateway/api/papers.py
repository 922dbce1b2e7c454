"""Statements of a year; invoices printed for the post."""

from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import DESK, GUARDIAN, TILL
from gateway.api.edge import Month, clients, filed, forward
from gateway.clients.area import TRANSFER
from gateway.readers.organisations import Organisation
from gateway.readers.papers import PrintBatches
from services.chassis.endpoints import Body, Call, get
from services.chassis.errors import NotFound

PDF = "application/pdf"


class PrintsQuery(Body):
    month: Month | None = None


class PrintBody(Body):
    """Those of families without a mail address, or all."""

    month: Month
    without_mail: bool = True


class OrganisationBody(Body):
    """A business or public body, by its SIRET.

    Where it wants them quoted (Chorus Pro): `service_code`, 100 characters at most, and
    `engagement`, 50 at most.
    """

    name: Annotated[str, Field(min_length=2, max_length=70)]
    siret: Annotated[str, Field(min_length=14, max_length=20)]
    service_code: Annotated[str, Field(max_length=200)] = ""
    engagement: Annotated[str, Field(max_length=200)] = ""


class YearQuery(Body):
    year: Annotated[int, Field(ge=2000, le=2100)]


async def read_print_file(call: Call, batch_id: UUID) -> web.StreamResponse:
    """The invoices of a print batch as one PDF, in postal order."""
    return await clients(call).papers.print_file(batch_id).send(call.request)


async def read_statement(call: Call, query: YearQuery) -> web.StreamResponse:
    """The family's account over a year, as PDF."""
    if call.caller.family_id is None:
        raise NotFound
    return (
        await clients(call).papers.statement(call.caller.family_id, query.year).send(call.request)
    )


async def read_family_statement(
    call: Call, query: YearQuery, family_id: UUID
) -> web.StreamResponse:
    """A family's account over a year, as PDF."""
    return await clients(call).papers.statement(family_id, query.year).send(call.request)


ENDPOINTS = (
    filed(get("/statement.pdf", read_statement, allow={GUARDIAN}), kind=PDF),
    filed(
        get("/staff/families/{family_id}/statement.pdf", read_family_statement, allow=DESK),
        kind=PDF,
    ),
    forward(
        "GET",
        "/staff/families/{family_id}/organisation",
        "read_organisation",
        to="billing",
        at="/families/{family_id}/organisation",
        allow=DESK,
        answer=Organisation,
        summary="The organisation that pays for a family; empty: it pays itself.",
    ),
    forward(
        "PUT",
        "/staff/families/{family_id}/organisation",
        "name_organisation",
        to="billing",
        at="/families/{family_id}/organisation",
        allow=TILL,
        body=OrganisationBody,
        answer=Organisation,
        summary="From today it pays the family's invoices, which carry their data as Factur-X.",
    ),
    forward(
        "DELETE",
        "/staff/families/{family_id}/organisation",
        "end_organisation",
        to="billing",
        at="/families/{family_id}/organisation",
        allow=TILL,
        summary="From today the family pays itself again.",
    ),
    forward(
        "GET",
        "/staff/invoice-prints",
        "list_invoice_prints",
        to="billing",
        at="/print-batches",
        allow=DESK,
        query=PrintsQuery,
        answer=PrintBatches,
        summary="Invoices printed for the post, newest first, and how far each batch is.",
    ),
    forward(
        "POST",
        "/staff/invoice-prints",
        "print_invoices",
        to="billing",
        at="/print-batches",
        allow=DESK,
        body=PrintBody,
        answer=PrintBatches,
        status=201,
        deadline=TRANSFER,
        summary="Print a month's invoices in postal order; under way already, nothing is added.",
    ),
    filed(get("/staff/invoice-prints/{batch_id}.pdf", read_print_file, allow=DESK), kind=PDF),
)
