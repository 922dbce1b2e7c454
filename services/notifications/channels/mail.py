"""Mail: one message in two forms, one SMTP connection for many messages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from uuid import UUID

import aiosmtplib

from services.notifications.channels.wording import Wording, Writer, one_line
from services.notifications.errors import MailRefused, ServerAway
from services.notifications.model import Guardian

# "Closing the channel" is the server's way to say that it is going away, not a word on the mail.
CLOSING = 421
# The answers that a mail server gives to an address it does not take.
BAD_ADDRESS = 553


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    timeout_seconds: float = 10.0

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["MailConnection"]:
        """One connection for a batch. Raises ServerAway when it cannot be had.

        TLS is taken up whenever the server offers it.
        """
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            timeout=self.timeout_seconds,
            username=self.username or None,
            password=self.password or None,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ServerAway(repr(error)) from error
        try:
            yield MailConnection(client)
        finally:
            client.close()


class MailConnection:
    """An open connection to the mail server."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self._client = client

    async def send(self, mail: EmailMessage) -> None:
        """Hand in one mail. Raises MailRefused for this one, ServerAway for all."""
        try:
            await self._client.send_message(mail)
        except aiosmtplib.SMTPRecipientsRefused as error:
            first = error.recipients[0]
            raise _refused(first.code, first.message) from error
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPServerDisconnected) as error:
            raise ServerAway(repr(error)) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error.code, error.message) from error
        except aiosmtplib.SMTPNotSupported as error:
            raise MailRefused(BAD_ADDRESS, str(error)) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ServerAway(repr(error)) from error


def _refused(code: int, message: str) -> Exception:
    return ServerAway(message) if code == CLOSING else MailRefused(code, one_line(message))


def compose(
    writer: Writer,
    wording: Wording,
    *,
    sender: str,
    recipient: Guardian,
    message_id: UUID,
    created_at: datetime,
) -> EmailMessage:
    """The mail in text and HTML. Raises ValueError for an address that cannot be one.

    A repeated mail is the same one: same Message-ID, same date.
    """
    name, address = parseaddr(sender)
    local, _, domain = (recipient.mail or "").rpartition("@")
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = Address(one_line(recipient.full_name), local, _ascii_domain(domain))
    mail["Subject"] = wording.subject
    mail["Date"] = format_datetime(created_at)
    mail["Message-ID"] = f"<{message_id}@{address.rpartition('@')[2]}>"
    # So that holiday answers and the like are not sent back (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "fr"
    mail.set_content(writer.render("mail.txt.jinja", wording))
    mail.add_alternative(writer.render("mail.html.jinja", wording), subtype="html")
    return mail


def _ascii_domain(domain: str) -> str:
    """The domain as it travels. Raises ValueError when it cannot be one."""
    return domain if domain.isascii() else domain.encode("idna").decode()
