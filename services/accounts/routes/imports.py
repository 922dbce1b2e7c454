"""What accounts takes in and gives out as files: families and children, reports of imports."""

import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from uuid import UUID

from aiohttp import hdrs, web

from contracts.roles import OFFICE, OPERATOR
from services.accounts.commands.checked_files import kept_file
from services.accounts.commands.import_families import Import, ImportReport, import_families
from services.accounts.commands.means import MEANS
from services.accounts.model import export
from services.accounts.queries import imports as imports_queries
from services.accounts.schemas import imports as imports_schemas
from services.chassis.endpoints import Call, get, post
from services.chassis.errors import FieldError, NotFound, TooLarge

# About 300,000 children; the largest town there is has fewer.
LARGEST_FILE_BYTES = 64 * 1024 * 1024
READ_BYTES = 64 * 1024
CSV = "text/csv; charset=utf-8"


async def import_family_file(
    call: Call, query: imports_schemas.ImportQuery
) -> imports_schemas.ImportAnswer:
    """Importer les fiches famille (CSV)"""
    async with _uploaded(call.request) as file:
        asked = Import(
            file=file,
            now=call.now,
            today=call.today,
            by=call.caller.account_id,
            dry_run=query.dry_run,
            school_codes=query.schools,
        )
        import_id, done = await import_families(call.database, call.app[MEANS].secrets, asked)
    return _answer(import_id, done, dry_run=query.dry_run)


async def import_checked_file(
    call: Call, import_id: UUID, query: imports_schemas.CheckedImportQuery
) -> imports_schemas.ImportAnswer:
    """Importer un fichier de familles déjà vérifié"""
    account_id, secrets = call.caller.account_id, call.app[MEANS].secrets
    if account_id is None:
        raise NotFound
    kept = kept_file(call.database, secrets, import_id, by=account_id, now=call.now)
    async with kept as (checked, file):
        asked = Import(
            file=file,
            now=call.now,
            today=call.today,
            by=account_id,
            dry_run=query.dry_run,
            school_codes=checked.school_codes,
            checked=checked,
        )
        done_id, done = await import_families(call.database, secrets, asked)
    return _answer(done_id, done, dry_run=query.dry_run)


def _answer(import_id: UUID, done: ImportReport, *, dry_run: bool) -> imports_schemas.ImportAnswer:
    return imports_schemas.ImportAnswer(
        import_id=import_id,
        dry_run=dry_run,
        families=done.families,
        guardians=done.guardians,
        children=done.children,
        created=done.created,
        updated=done.updated,
        unchanged=done.unchanged,
        kept_until=done.kept_until,
    )


async def import_report(call: Call, import_id: UUID) -> web.StreamResponse:
    """Le compte rendu d’un import, ligne par ligne (CSV)"""
    packed = await imports_queries.report(call.connection, import_id)
    if packed is None:
        raise NotFound
    response = _csv("compte-rendu-import.csv")
    await response.prepare(call.request)
    unpacked = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    for start in range(0, len(packed), READ_BYTES):
        await response.write(unpacked.decompress(packed[start : start + READ_BYTES]))
    await response.write_eof()
    return response


async def export_family_file(call: Call) -> web.StreamResponse:
    """Exporter les fiches famille (CSV), telles qu’un import les relit"""
    response = _csv("familles.csv")
    await response.prepare(call.request)
    await response.write(export.heading_line().encode())
    async for records in imports_queries.all_families(call.database):
        await response.write(export.family_lines(records).encode())
    await response.write_eof()
    return response


@asynccontextmanager
async def _uploaded(request: web.Request) -> AsyncIterator[BinaryIO]:
    """The request's body on disk. Raises TooLarge."""
    with TemporaryFile() as file:
        size = 0
        async for chunk in request.content.iter_chunked(READ_BYTES):
            size += len(chunk)
            if size > LARGEST_FILE_BYTES:
                limit = LARGEST_FILE_BYTES // 1024 // 1024
                message = f"Le fichier dépasse {limit} Mo : partagez-le en plusieurs."
                raise TooLarge(message, errors=[FieldError("fichier", message)])
            file.write(chunk)
        file.seek(0)
        yield cast("BinaryIO", file)


def _csv(filename: str) -> web.StreamResponse:
    return web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: CSV,
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{filename}"',
        }
    )


ENDPOINTS = (
    post("/imports/families", import_family_file, allow=OFFICE | {OPERATOR}, bare=True),
    post("/imports/{import_id}/families", import_checked_file, allow=OFFICE, bare=True),
    get(
        "/imports/{import_id}/report.csv",
        import_report,
        allow=OFFICE,
        opens=True,
        summary="Ouvrir le compte rendu d’un import",
    ),
    get(
        "/exports/families.csv",
        export_family_file,
        allow=OFFICE,
        bare=True,
        opens=True,
        summary="Exporter toutes les fiches famille",
    ),
)
