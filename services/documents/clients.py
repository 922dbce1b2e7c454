"""The malware scanner: a ClamAV daemon, asked over its socket."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from aiohttp import web

from services.documents.errors import ScanFailed, ScannerAway

# clamd reads a chunk whole before it looks at the next.
CHUNK: Final = 64 * 1024
LONGEST_ANSWER: Final = 4096


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner says of a content; `signature` names what it found, if anything."""

    signature: str | None = None

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return self.signature is None


class Clamd:
    """One clamd, at `tcp://host:port` or `unix:///path`, asked by its INSTREAM command."""

    def __init__(self, address: str, timeout_seconds: float) -> None:
        self._address = urlsplit(address)
        self._timeout = timeout_seconds

    async def scan(self, content: AsyncIterator[bytes]) -> Verdict:
        """Have the content judged as it passes by.

        Raises ScannerAway when there is no answer, ScanFailed when there is one without a verdict.
        """
        try:
            async with asyncio.timeout(self._timeout):
                reader, writer = await self._connect()
                try:
                    return verdict_of(await self._ask(reader, writer, content))
                finally:
                    writer.close()
        except (OSError, TimeoutError, EOFError, asyncio.LimitOverrunError) as error:
            raise ScannerAway(repr(error)) from error

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.scheme == "unix":
            path = unquote(self._address.path)
            return await asyncio.open_unix_connection(path, limit=LONGEST_ANSWER)
        host, port = self._address.hostname or "", self._address.port or 3310
        return await asyncio.open_connection(host, port, limit=LONGEST_ANSWER)

    async def _ask(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        content: AsyncIterator[bytes],
    ) -> bytes:
        try:
            writer.write(b"zINSTREAM\0")
            async for part in content:
                for start in range(0, len(part), CHUNK):
                    chunk = part[start : start + CHUNK]
                    writer.write(len(chunk).to_bytes(4, "big") + chunk)
                    await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
        except ConnectionError:
            # It may have answered before it hung up: a content over its limit, for one.
            if not (said := await reader.read(LONGEST_ANSWER)):
                raise
            return said
        return await reader.readuntil(b"\0")


def scanner_at(address: str, timeout_seconds: float) -> Clamd | None:
    """The scanner that the settings name, if any."""
    return Clamd(address, timeout_seconds) if address else None


def verdict_of(answer: bytes) -> Verdict:
    """What clamd's answer means. Raises ScanFailed when it holds no verdict."""
    text = answer.rstrip(b"\0\n").decode(errors="replace")
    if text == "stream: OK":
        return Verdict()
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        return Verdict(text.removeprefix("stream: ").removesuffix(" FOUND")[:200])
    raise ScanFailed(text[:200])


SCANNER: web.AppKey[Clamd | None] = web.AppKey("scanner")
