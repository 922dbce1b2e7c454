"""The scanner stand-in: `python -m deploy.clamd.main`, with PORTAIL_PORT.

It speaks what the portal uses of clamd's protocol (PING, VERSION, INSTREAM, with the prefixes
`z` and `n`) and finds one signature: EICAR's harmless test string.
"""

import asyncio
import signal
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.chassis.settings import ProcessSettings

# Split, so that this very file is none: other scanners would take it away.
EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE: Final = "Eicar-Test-Signature"
# clamd's own default of StreamMaxLength.
STREAM_MAX_BYTES: Final = 100 * 1024 * 1024


class Mode(StrEnum):
    """How to behave."""

    NORMAL = "normal"
    SLOW = "slow"  # the answer comes after a while
    CUT = "cut"  # hangs up in the middle of the content
    ERROR = "error"  # answers without a verdict
    LIMIT = "limit"  # finds every content too long, and hangs up at once
    GARBAGE = "garbage"  # answers what is no answer


@dataclass(slots=True)
class StandIn:
    """One scanner: how it behaves, and how many contents it judged."""

    mode: Mode = Mode.NORMAL
    seconds: float = 1.0
    judged: int = 0
    server: asyncio.Server | None = None

    async def listen(self, *, port: int = 0, path: str = "") -> str:
        """Listen on a TCP port, or on a Unix socket at this path; return the address."""
        if path:
            self.server = await asyncio.start_unix_server(self._serve, path)
            return f"unix://{path}"
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        return f"tcp://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        """Refuse connections."""
        if self.server:
            self.server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            ending = b"\0" if await reader.readexactly(1) == b"z" else b"\n"
            command = (await reader.readuntil(ending)).rstrip(ending)
            match command:
                case b"PING":
                    answer = "PONG"
                case b"VERSION":
                    answer = "ClamAV 1.4.1/27400/stand-in"
                case b"INSTREAM":
                    answer = await self._judge(reader)
                case _:
                    answer = "UNKNOWN COMMAND"
            writer.write(answer.encode() + ending)
            await writer.drain()
        except (EOFError, ConnectionError, asyncio.LimitOverrunError):
            pass  # the other side is gone, or speaks another language
        finally:
            writer.close()

    async def _judge(self, reader: asyncio.StreamReader) -> str:
        if self.mode is Mode.LIMIT:
            return "INSTREAM size limit exceeded. ERROR"
        content = await self._content(reader)
        self.judged += 1
        match self.mode:
            case Mode.SLOW:
                await asyncio.sleep(self.seconds)
            case Mode.ERROR:
                return "stream: Can't allocate memory ERROR"
            case Mode.GARBAGE:
                return "\x16\x03\x01 hello"
            case _:
                pass
        return f"stream: {SIGNATURE} FOUND" if EICAR in content else "stream: OK"

    async def _content(self, reader: asyncio.StreamReader) -> bytes:
        content = bytearray()
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            if self.mode is Mode.CUT or len(content) + length > STREAM_MAX_BYTES:
                raise ConnectionError("hung up")
            content += await reader.readexactly(length)
        return bytes(content)


async def serve(port: int) -> None:
    """Serve until told to stop."""
    stand_in, stopped = StandIn(), asyncio.Event()
    await stand_in.listen(port=port)
    loop = asyncio.get_running_loop()
    for told in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(told, stopped.set)
    await stopped.wait()
    stand_in.stop()


def main() -> None:
    """Serve until told to stop."""
    asyncio.run(serve(ProcessSettings().port))


if __name__ == "__main__":
    main()
