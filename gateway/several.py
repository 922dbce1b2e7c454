"""Several files of one form, passed on to a service as they arrive, in their order."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4

import aiohttp

from gateway.forms import FieldRefused
from gateway.transfer import CHUNK, FILE_MISSING, MAX_FIELDS_BYTES, Upload, malformed_form

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Files:
    """What a service is sent: a multipart body and its type."""

    content: AsyncIterator[bytes]
    kind: str


async def files_of(upload: Upload, max_megabytes: int) -> Files:
    """The files that were chosen; fields left empty are passed over.

    Raises FieldRefused when there is none, or when they are too large together.
    """
    try:
        first = await _next(upload, upload.part)
    except (ValueError, LookupError, AssertionError, aiohttp.http.HttpProcessingError) as error:
        raise malformed_form() from error
    if first is None:
        raise FieldRefused(upload.field, FILE_MISSING)
    if upload.length > max_megabytes * MEGABYTE + MAX_FIELDS_BYTES:
        message = f"L’envoi dépasse {max_megabytes} Mo. Choisissez des fichiers plus petits."
        raise FieldRefused(upload.field, message)
    boundary = uuid4().hex
    return Files(_framed(upload, first, boundary), f"multipart/form-data; boundary={boundary}")


async def _framed(
    upload: Upload, first: aiohttp.BodyPartReader, boundary: str
) -> AsyncIterator[bytes]:
    part: aiohttp.BodyPartReader | None = first
    while part is not None:
        # Percent-encoded: whatever a name holds, it stays within its header.
        name = quote(part.filename or "", safe="")
        yield (
            f"--{boundary}\r\n"
            f"Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''{name}\r\n\r\n"
        ).encode()
        while chunk := await part.read_chunk(CHUNK):
            yield chunk
        yield b"\r\n"
        part = await _next(upload, None)
    yield f"--{boundary}--\r\n".encode()


async def _next(
    upload: Upload, part: aiohttp.BodyPartReader | None
) -> aiohttp.BodyPartReader | None:
    """This file or the next one of the form; None past the last."""
    while upload.reader is not None:
        if part is not None and part.filename:
            return part
        found = await upload.reader.next()
        if found is None:
            return None
        # Plain fields after the first file are of no interest, nor are nested forms.
        part = found if isinstance(found, aiohttp.BodyPartReader) else None
    return None
