"""The mails that were caught, the newest ones only."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from functools import cached_property

KEPT_MAILS = 2000
KEPT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail as it came over SMTP; its parts are read once."""

    id: int
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @cached_property
    def subject(self) -> str:
        """The subject, decoded."""
        return str(self._message.get("Subject", ""))

    @cached_property
    def text(self) -> str:
        """The readable part: plain text, else the HTML source."""
        part = self._message.get_body(("plain", "html"))
        return _bytes_of(part).decode(errors="replace").replace("\r\n", "\n") if part else ""

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that came with it, in order."""
        return tuple(
            Attachment(part.get_filename() or f"piece-{number}", _bytes_of(part))
            for number, part in enumerate(self._message.iter_attachments(), start=1)
        )

    @property
    def _message(self) -> EmailMessage:
        return BytesParser(EmailMessage, policy=policy.default).parsebytes(self.raw)


def _bytes_of(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


class MailStore:
    """The newest mails; the oldest go when there are too many, or too many bytes."""

    def __init__(self) -> None:
        self._mails: deque[Mail] = deque()
        self._bytes = 0
        self._next_id = 1

    def add(
        self, sender: str, recipients: tuple[str, ...], raw: bytes, received_at: datetime
    ) -> Mail:
        """Keep a mail."""
        mail = Mail(self._next_id, received_at, sender, recipients, raw)
        self._next_id += 1
        self._mails.append(mail)
        self._bytes += len(raw)
        while len(self._mails) > KEPT_MAILS or (self._bytes > KEPT_BYTES and len(self._mails) > 1):
            self._bytes -= len(self._mails.popleft().raw)
        return mail

    def newest_first(self, recipient: str = "") -> Iterator[Mail]:
        """The mails whose recipients' addresses contain this text, whatever its case."""
        wanted = recipient.strip().lower()
        for mail in reversed(self._mails):
            if any(wanted in address.lower() for address in mail.recipients):
                yield mail

    def find(self, mail_id: int) -> Mail | None:
        """The mail of this number, None when there is none or no longer."""
        return next((mail for mail in self._mails if mail.id == mail_id), None)

    def clear(self) -> None:
        """Forget all mails; numbers go on."""
        self._mails.clear()
        self._bytes = 0
