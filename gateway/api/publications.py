"""What the town publishes: read by anyone it is for, published by the office."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import EVERYONE, OFFICE
from gateway.api.edge import clients, filed, forward, taking
from gateway.clients.area import Area
from gateway.readers.publications import Publication, Publications
from services.chassis.endpoints import Body, Call, get, post

CHUNK = 64 * 1024
PDF = "application/pdf"
FILE = {"type": "string", "format": "binary", "description": "a PDF of at most 10 MB"}


class PublishQuery(Body):
    """What the PDF in the request's body is."""

    title: str = Field(min_length=1, max_length=150)
    kind: Literal["rules", "menu", "calendar", "form", "other"]
    audience: Literal["everyone", "families"]
    valid_from: date
    valid_until: date | None = None
    filename: str = Field(default="", max_length=500)


class ReplaceQuery(Body):
    """The name of the PDF in the request's body."""

    filename: str = Field(default="", max_length=500)


async def publish_document(call: Call, query: PublishQuery) -> Publication:
    """Publish a document; the request's body is the PDF itself."""
    given = query.model_dump(mode="json")
    return await _documents(call).pour(Publication, "/publications", _body(call), PDF, **given)


async def replace_published_document(
    call: Call, publication_id: UUID, query: ReplaceQuery
) -> Publication:
    """Another file in its place; the request's body is the PDF itself."""
    path = f"/publications/{publication_id}/content"
    return await _documents(call).pour(Publication, path, _body(call), PDF, filename=query.filename)


async def read_published_document(call: Call, publication_id: UUID) -> web.StreamResponse:
    """The file that the town hands out."""
    return await clients(call).publications.content(publication_id).send(call.request)


def _documents(call: Call) -> Area:
    return clients(call).publications


def _body(call: Call) -> AsyncIterator[bytes]:
    return call.request.content.iter_chunked(CHUNK)


ENDPOINTS = (
    forward(
        "GET",
        "/publications",
        "list_publications",
        to="documents",
        allow=EVERYONE,
        answer=Publications,
        summary="What the town hands out to the caller today; all of it to the staff.",
    ),
    filed(
        get("/publications/{publication_id}/content", read_published_document, allow=EVERYONE),
        kind=PDF,
    ),
    taking(
        post("/staff/publications", publish_document, allow=OFFICE, status=201),
        kind="application/octet-stream",
        schema=FILE,
    ),
    taking(
        post(
            "/staff/publications/{publication_id}/content", replace_published_document, allow=OFFICE
        ),
        kind="application/octet-stream",
        schema=FILE,
    ),
    forward(
        "POST",
        "/staff/publications/{publication_id}/withdraw",
        "withdraw_publication",
        to="documents",
        at="/publications/{publication_id}/withdraw",
        allow=OFFICE,
        answer=Publication,
        summary="Hand the document out no longer.",
    ),
)
