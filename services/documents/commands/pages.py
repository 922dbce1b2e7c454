"""Several pages become one document, and one page of a document is looked at."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import Final, ParamSpec, TypeVar
from uuid import uuid4

from aiohttp import web

from services.chassis.processes import in_process
from services.documents import commands, sheets
from services.documents.commands import Ticket
from services.documents.errors import FileRefused, FileTooLarge
from services.documents.model import Document, State, too_large
from services.documents.storage import CHUNK, Storage, path_of

P = ParamSpec("P")
T = TypeVar("T")

MOST_FILES: Final = 20
TOO_MANY: Final = f"Envoyez au plus {MOST_FILES} fichiers à la fois."
NOT_TOGETHER: Final = "Cette pièce n’est pas attendue en PDF : envoyez un seul fichier."
UNREADABLE: Final = (
    "Le fichier est abîmé ou trop complexe. Enregistrez-le de nouveau, puis renvoyez-le."
)

Files = AsyncIterator[tuple[str, AsyncIterator[bytes]]]


class Press:
    """The process pool for foreign files. `place` is taken before a file is read whole."""

    AT_ONCE: Final = 2

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self.place = asyncio.Semaphore(self.AT_ONCE)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function of `sheets` gives. Raises FileRefused when the file cannot be read."""
        try:
            return await in_process(self._app, function, *args, **kwargs)
        except (sheets.Unreadable, BrokenProcessPool) as error:
            raise FileRefused.because(UNREADABLE) from error


@dataclass(frozen=True, slots=True)
class Wanted:
    """In which state a document begins, and how large it may be."""

    state: State
    max_bytes: int


PRESS = web.AppKey("press", Press)


async def store_files(
    storage: Storage, press: Press, ticket: Ticket, files: Files, now: datetime, wanted: Wanted
) -> Document:
    """Store one file as it is, or several as one PDF, in order. Raises FileRefused.

    Each is checked and encrypted as it comes in; only when there are several are they read
    again, together. A refusal anywhere on the way leaves none of them.
    """
    kept: list[Document] = []
    try:
        async for filename, content in files:
            kept.append(await _store_next(storage, ticket, filename, content, now, wanted, kept))
        if len(kept) == 1:
            return kept[0]
        bound = await _bound(storage, press, ticket, kept)
    except BaseException:
        # Cancelled as well: what a broken upload leaves must not wait for the daily cleaning.
        await _discard(storage, kept)
        raise
    await _discard(storage, kept)
    whole = replace(
        ticket, document_id=uuid4(), filename=PurePath(kept[0].filename).stem or "document"
    )
    return await _store(storage, whole, _in_parts(bound), now, wanted, room=wanted.max_bytes)


async def _store_next(
    storage: Storage,
    ticket: Ticket,
    filename: str,
    content: AsyncIterator[bytes],
    now: datetime,
    wanted: Wanted,
    kept: list[Document],
) -> Document:
    if len(kept) == MOST_FILES:
        raise FileRefused.because(TOO_MANY)
    # The first bears the document's own id: mostly it stays alone.
    document_id = uuid4() if kept else ticket.document_id
    page = replace(ticket, document_id=document_id, filename=filename)
    room = wanted.max_bytes - sum(document.size for document in kept)
    return await _store(storage, page, content, now, wanted, room=room)


async def _store(
    storage: Storage,
    page: Ticket,
    content: AsyncIterator[bytes],
    now: datetime,
    wanted: Wanted,
    *,
    room: int,
) -> Document:
    try:
        return await commands.store_content(
            storage, page, content, now, state=wanted.state, max_bytes=room
        )
    except FileTooLarge as refusal:
        # What is left is of no interest to the family: the limit is on all its files together.
        raise FileTooLarge.because(too_large(wanted.max_bytes)) from refusal


async def _bound(storage: Storage, press: Press, ticket: Ticket, pages: list[Document]) -> bytes:
    if not pages:
        raise FileRefused.because("Choisissez un fichier.")
    if sheets.PDF not in ticket.accepts:
        raise FileRefused.because(NOT_TOGETHER)
    whole = [(page.content_type, await _read(storage, page, ticket.family_key)) for page in pages]
    return await press.run(sheets.bind, whole)


async def count_pages(storage: Storage, press: Press, document: Document, key: bytes) -> int:
    """How many pages the document has. Raises FileRefused, DocumentDamaged."""
    async with press.place:
        content = await _read(storage, document, key)
        return await press.run(sheets.page_count, document.content_type, content)


async def look(
    storage: Storage, press: Press, document: Document, key: bytes, page: int
) -> bytes | None:
    """One page as a PNG; None past the last. Raises FileRefused, DocumentDamaged."""
    async with press.place:
        content = await _read(storage, document, key)
        return await press.run(sheets.look, document.content_type, content, page)


async def _read(storage: Storage, document: Document, key: bytes) -> bytes:
    parts = [part async for part in storage.content(document.key_family, document.document_id, key)]
    return b"".join(parts)


async def _discard(storage: Storage, pages: list[Document]) -> None:
    await storage.remove(*(path_of(page.family_id, page.document_id) for page in pages))


async def _in_parts(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), CHUNK):
        yield content[start : start + CHUNK]
