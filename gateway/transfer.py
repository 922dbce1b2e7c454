"""Files on their way through: from a browser to a service and back, never held whole."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import aiohttp
import structlog
from aiohttp import hdrs, web

from gateway.forms import FORM_TOKEN, FieldRefused, Form
from services.chassis.auth import Caller
from services.chassis.errors import FieldError, Invalid
from services.chassis.http_client import ServiceClient, ServiceProblem, ServiceUnavailable

log = structlog.get_logger()

CHUNK = 64 * 1024
MAX_FILE_BYTES = 10 * 1024 * 1024
# The whole town's families; as much as accounts takes in.
MAX_IMPORT_BYTES = 64 * 1024 * 1024
MAX_FIELDS_BYTES = 64 * 1024  # the plain fields beside the file, and the parts' headers
FILE_FIELD = "fichier"
FILE_MISSING = "Choisissez un fichier."

KEPT_HEADERS = (
    hdrs.CONTENT_TYPE,
    hdrs.CONTENT_LENGTH,
    hdrs.CONTENT_DISPOSITION,
    "Content-Security-Policy",
    "X-Print-Batch",
    "X-Print-Letters",
    "X-Print-Pages",
)

# A service that is silent for so long while it sends will not send the rest.
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=2, sock_read=120)


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a service holds or makes."""

    service: ServiceClient
    session: aiohttp.ClientSession
    caller: Caller
    method: str
    path: str
    further_headers: Mapping[str, str] = field(default_factory=dict)

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Stream it to the browser. Raises ServiceProblem, ServiceUnavailable before it starts."""
        try:
            answer = await self.session.request(
                self.method,
                self.service.url(self.path),
                headers=self.service.headers(self.caller) | dict(self.further_headers),
                timeout=TIMEOUT,
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ServiceUnavailable(self.service.name) from error
        async with answer:
            await self._refuse(answer)
            kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
            response = web.StreamResponse(status=answer.status, headers=kept)
            await response.prepare(request)
            await _stream(request, response, answer)
            return response

    async def _refuse(self, answer: aiohttp.ClientResponse) -> None:
        if answer.status >= 500:
            raise ServiceUnavailable(self.service.name)
        if answer.status >= 400:
            try:
                problem = json.loads(await answer.read())
            except (ValueError, aiohttp.ClientError) as error:
                raise ServiceUnavailable(self.service.name) from error
            raise ServiceProblem(answer.status, problem)


async def _stream(
    request: web.Request, response: web.StreamResponse, answer: aiohttp.ClientResponse
) -> None:
    try:
        async for chunk in answer.content.iter_chunked(CHUNK):
            await response.write(chunk)
        await response.write_eof()
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        # The headers are gone: a cut connection is the only way left to say that this is not all.
        log.warning("download_broken_off", error=repr(error))
        if request.transport:
            request.transport.abort()


class Upload:
    """A multipart form whose plain fields come first and whose file is read as it arrives."""

    def __init__(
        self,
        form: Form,
        part: aiohttp.BodyPartReader | None,
        length: int,
        reader: aiohttp.MultipartReader | None = None,
    ) -> None:
        self.form = form
        self.length = length
        self.reader = reader
        self.filename = (part.filename or "") if part else ""
        self.content_type = part.headers.get(hdrs.CONTENT_TYPE, "") if part else ""
        self._part = part
        self._length = length

    @property
    def field(self) -> str:
        """The file field's name."""
        return (self._part.name if self._part else None) or FILE_FIELD

    def stream(self, most: int | None = MAX_FILE_BYTES) -> AsyncIterator[bytes]:
        """The file’s bytes. Raises FieldRefused when there is none, or it has more than `most`.

        Without a limit the service that takes it has one of its own.
        """
        if self._part is None or not self.filename:
            raise FieldRefused(self.field, FILE_MISSING)
        if most is not None and self._length > most + MAX_FIELDS_BYTES:
            raise FieldRefused(self.field, file_too_large(most))
        return _chunks(self._part)

    @property
    def part(self) -> aiohttp.BodyPartReader | None:
        """The first file, with its headers."""
        return self._part


async def read_upload(request: web.Request) -> Upload:
    """Read the fields before the file, and stop there. Raises Invalid when malformed."""
    if not request.content_type.startswith("multipart/"):
        raise malformed_form()
    try:
        return await _read_fields(request)
    except (ValueError, LookupError, AssertionError, aiohttp.http.HttpProcessingError) as error:
        raise malformed_form() from error


async def _read_fields(request: web.Request) -> Upload:
    values: dict[str, list[str]] = {}
    room = MAX_FIELDS_BYTES
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, aiohttp.BodyPartReader):
            raise malformed_form()
        if part.filename is not None:
            return Upload(Form(values), part, request.content_length or 0, reader)
        raw = b""
        while chunk := await part.read_chunk(CHUNK):
            raw += chunk
            room -= len(chunk)
            if room < 0:
                raise malformed_form()
        values.setdefault(part.name or "", []).append(raw.decode())
    return Upload(Form(values), None, 0)


async def _chunks(part: aiohttp.BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK):
        yield chunk


def file_too_large(most: int) -> str:
    """What to tell of a file of more than `most` bytes."""
    return f"Le fichier dépasse {most // 1024 // 1024} Mo. Choisissez-en un plus petit."


def malformed_form() -> Invalid:
    """The body is no form, or not the form that was shown."""
    return Invalid(
        "Le formulaire reçu est illisible.",
        errors=[FieldError(FORM_TOKEN, "Rechargez la page et recommencez.")],
    )
