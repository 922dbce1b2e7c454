"""A family's data as one ZIP: each service's part, a summary to read, the documents themselves."""

import os
import re
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import IO, Any, Final
from uuid import UUID

import aiohttp
from aiohttp import hdrs, web

from gateway.archive.words import cell, columns, word
from gateway.clients import Clients
from gateway.clients.personal_data import export_of
from gateway.portal import Portal
from gateway.readers.personal_data import Export
from gateway.transfer import CHUNK, TIMEOUT
from services.chassis.clock import paris_date
from services.chassis.http_client import ServiceUnavailable

SUMMARY: Final = "resume.html"
# Beyond this the archive goes on in a file without a name, which ends with the request.
HELD_BYTES: Final = 1024 * 1024
LONGEST_NAME: Final = 100


@asynccontextmanager
async def family_archive(
    portal: Portal, clients: Clients, family_id: UUID, now: datetime
) -> AsyncIterator[IO[bytes]]:
    """The archive, complete; it is gone when the block ends.

    Raises ServiceUnavailable when any part cannot be had: no archive is better than half of one.
    """
    with tempfile.SpooledTemporaryFile(HELD_BYTES) as file:
        async with portal.archives:
            await _fill(file, portal, clients, family_id, now)
        yield file


async def send_archive(request: web.Request, file: IO[bytes], now: datetime) -> web.StreamResponse:
    """Stream the archive to the browser."""
    headers = {
        hdrs.CONTENT_TYPE: "application/zip",
        hdrs.CONTENT_LENGTH: str(file.seek(0, os.SEEK_END)),
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="mes-donnees-{paris_date(now)}.zip"',
        hdrs.CACHE_CONTROL: "private, no-store",
    }
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    file.seek(0)
    while chunk := file.read(CHUNK):
        await response.write(chunk)
    await response.write_eof()
    return response


async def _fill(
    file: IO[bytes], portal: Portal, clients: Clients, family_id: UUID, now: datetime
) -> None:
    replies = await clients.personal_data.exports(family_id)
    exports = [export_of(reply) for reply in replies]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for export, reply in zip(exports, replies, strict=True):
            archive.writestr(f"donnees/{export.service}.json", reply.body)
        shown = {"exports": exports, "made_at": now}
        wording = {"word": word, "cell": cell, "columns": columns}
        archive.writestr(SUMMARY, portal.templates.render("archive.html", shown | wording))
        for row in documents_of(exports):
            await _add_document(archive, clients, row)


def documents_of(exports: Iterable[Export]) -> list[dict[str, Any]]:
    """The rows of the supporting documents."""
    return [
        row
        for export in exports
        if export.service == "documents"
        for kind in export.kinds
        for row in kind.records.get("documents", ())
    ]


async def _add_document(archive: zipfile.ZipFile, clients: Clients, row: dict[str, Any]) -> None:
    """Pour one document's content into the archive, a chunk at a time."""
    download = clients.documents.content(UUID(row["document_id"]))
    name = entry_name(row["document_id"], row["filename"])
    try:
        answer = await download.session.request(
            download.method,
            download.service.url(download.path),
            headers=download.service.headers(download.caller),
            timeout=TIMEOUT,
        )
        async with answer:
            if answer.status != 200:
                raise ServiceUnavailable(download.service.name)
            # PDF and pictures are compressed already.
            with archive.open(zipfile.ZipInfo(name), "w") as entry:
                async for chunk in answer.content.iter_chunked(CHUNK):
                    entry.write(chunk)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise ServiceUnavailable(download.service.name) from error


def entry_name(document_id: str, filename: str) -> str:
    """A name in the archive that no other document has, and that leads nowhere else."""
    plain = re.sub(r"[^\w .()-]+", "_", filename).strip(" .")[-LONGEST_NAME:]
    return f"documents/{document_id[:8]}-{plain or 'document'}"
