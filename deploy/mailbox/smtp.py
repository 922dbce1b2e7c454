"""The SMTP side: takes every mail, or refuses it when a test asks for that."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Literal

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.mailbox.store import MailStore

Mode = Literal["accept", "refuse", "temporary"]

MAX_MAIL_BYTES = 10 * 1024 * 1024
ANSWERS: dict[Mode, str] = {
    "accept": "250 OK",
    "refuse": "550 5.1.1 No such mailbox here",
    "temporary": "451 4.3.0 Try again later",
}


class Catcher:
    """Answers SMTP as its mode says, and keeps what it accepts."""

    def __init__(self, store: MailStore) -> None:
        self._store = store
        self.mode: Mode = "accept"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Whether a recipient is known: a refusal comes here, as from a real server."""
        if self.mode == "accept":
            envelope.rcpt_tos.append(address)
        return ANSWERS[self.mode]

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail."""
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        self._store.add(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, datetime.now(UTC))
        return ANSWERS["accept"]

    async def serve(self, host: str, port: int) -> AsyncIterator[None]:
        """Listen while the surrounding application runs."""
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(
                self, data_size_limit=MAX_MAIL_BYTES, enable_SMTPUTF8=True, hostname="mailbox"
            ),
            host,
            port,
        )
        yield
        server.close()


CATCHER = web.AppKey("catcher", Catcher)
