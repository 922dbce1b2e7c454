"""Papers that certify something: made for a family, checked by anyone."""

from datetime import date
from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import EVERYONE, GUARDIAN, OFFICE
from gateway.api.edge import clients, filed, forward
from gateway.portal import PORTAL
from gateway.readers.certificates import Certificate, Certificates, Check
from gateway.visitor import network_address
from services.chassis.endpoints import Body, Call, get

OWNERS = OFFICE | {GUARDIAN}


class CertificatesQuery(Body):
    """The office names the family; a guardian's is its own."""

    family_id: UUID | None = None


class CertificateBody(Body):
    """A child for enrolment and attendance, two days for attendance and payment, a year for tax."""

    kind: Literal["enrolment", "attendance", "payment", "childcare_tax"]
    family_id: UUID | None = None
    child_id: UUID | None = None
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    year: int | None = Field(default=None, ge=1900, le=2200)


class CheckQuery(Body):
    """The code printed on the paper."""

    code: str = Field(max_length=100)


async def read_certificate(call: Call, certificate_id: UUID) -> web.StreamResponse:
    """The paper itself, as PDF."""
    return await clients(call).certificates.paper(certificate_id).send(call.request)


async def check_certificate(call: Call, query: CheckQuery) -> Check:
    """What the paper with this code says, initials instead of names."""
    portal = call.app[PORTAL]
    portal.checks.count(network_address(call.request, portal.proxies), call.now)
    return await clients(call).certificates.check(query.code)


ENDPOINTS = (
    forward(
        "GET",
        "/certificates",
        "list_certificates",
        to="documents",
        allow=OWNERS,
        query=CertificatesQuery,
        answer=Certificates,
        summary="A family's papers, newest first.",
    ),
    forward(
        "POST",
        "/certificates",
        "issue_certificate",
        to="documents",
        allow=OWNERS,
        body=CertificateBody,
        answer=Certificate,
        status=201,
        summary="Certify an enrolment, attendance, payments or the year's childcare.",
    ),
    filed(
        get("/certificates/{certificate_id}/content", read_certificate, allow=OWNERS),
        kind="application/pdf",
    ),
    get("/certificate-checks", check_certificate, allow=EVERYONE),
)
