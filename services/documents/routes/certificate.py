"""The HTTP side of certificates."""

from uuid import UUID

from aiohttp import web

from contracts.roles import EVERYONE, GUARDIAN, OFFICE
from services.chassis import audit
from services.chassis.processes import in_process
from services.chassis.web import Call, get, post
from services.documents import papers
from services.documents.commands import certificate as certificate_commands
from services.documents.commands import family_concerned
from services.documents.queries import certificate as certificate_queries
from services.documents.schemas.certificate import (
    CertificateAnswer,
    CertificateBody,
    CertificateChild,
    CertificatesAnswer,
    CertificatesQuery,
    CheckAnswer,
    CheckQuery,
)
from services.documents.serving import disposition
from services.documents.storage import STORAGE

OWNERS = OFFICE | {GUARDIAN}


async def list_certificates(call: Call, query: CertificatesQuery) -> CertificatesAnswer:
    """Lister les attestations d’une famille"""
    family_id = family_concerned(call.caller, query.family_id)
    master_key = call.app[STORAGE].master_key
    found = await certificate_commands.of_family(call.connection, master_key, family_id)
    household = await certificate_queries.household(call.connection, family_id)
    children = household.children if household else ()
    return CertificatesAnswer(
        certificates=[CertificateAnswer.of(c) for c in found],
        children=[CertificateChild(child_id=c.child_id, name=c.name) for c in children],
    )


async def issue_certificate(call: Call, body: CertificateBody) -> CertificateAnswer:
    """Délivrer une attestation"""
    master_key = call.app[STORAGE].master_key
    made = await certificate_commands.issue(
        call.connection, master_key, call.caller, body.wish(), call.now
    )
    return CertificateAnswer.of(made)


async def certificate_paper(call: Call, certificate_id: UUID) -> web.StreamResponse:
    """Ouvrir une attestation"""
    master_key = call.app[STORAGE].master_key
    async with call.database.transaction() as connection:
        found = await certificate_commands.find(connection, master_key, call.caller, certificate_id)
        audit.about(call, family_id=found.family_id)
        await audit.record(connection, call)
    sender = call.app[papers.SENDER]
    data = papers.certificate_data(found.paper, found.code, sender)
    pdf = await in_process(call.app, papers.set_certificate, data)
    headers = {
        "Content-Disposition": disposition(f"{found.paper.title}.pdf", "inline"),
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=pdf, content_type="application/pdf", headers=headers)


async def check_certificate(call: Call, query: CheckQuery) -> CheckAnswer:
    """Vérifier une attestation"""
    master_key = call.app[STORAGE].master_key
    checked = await certificate_commands.check(call.connection, master_key, query.code)
    return CheckAnswer.of(checked)


ENDPOINTS = (
    get("/certificates", list_certificates, allow=OWNERS, opens=True),
    post("/certificates", issue_certificate, allow=OWNERS, status=201),
    # Bare: a PDF is set while no connection is held.
    get(
        "/certificates/{certificate_id}/content",
        certificate_paper,
        allow=OWNERS,
        bare=True,
        opens=True,
    ),
    get("/certificate-checks", check_certificate, allow=EVERYONE),
)
