"""The notifications service on a real database, bus and SMTP server."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from nacl.public import PrivateKey, SealedBox
from pypdf import PdfReader

from contracts.events.accounts import (
    AccessCodeReady,
    Address,
    ChildFile,
    FamilyFileUpdated,
    GuardianFile,
)
from contracts.events.billing import InvoiceIssued
from contracts.events.notifications import MessageSent
from deploy.settings import OFFICE
from services.chassis.testing import RunningService, eventually, guardian, staff
from services.notifications.main import application
from services.notifications.settings import NotificationsSettings
from tests.conftest import free_port

TOWN_KEY = PrivateKey(b"a key for tests, thirty-two long")
PORTAL = "https://famille.kerlann.example"


class MailServer:
    """A real SMTP server that can refuse, and can be stopped and started again."""

    def __init__(self) -> None:
        self.port = free_port()
        self.connections = 0
        self.answers: dict[str, str] = {}
        self.mails: list[EmailMessage] = []
        self._by_recipient: dict[str, list[EmailMessage]] = {}
        self._server: asyncio.Server | None = None

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Refuse whom the test wants refused."""
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail."""
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
        self.mails.append(mail)
        for address in envelope.rcpt_tos:
            self._by_recipient.setdefault(address, []).append(mail)
        return "250 OK"

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.get_running_loop().create_server(
            self._connected, "127.0.0.1", self.port
        )

    def stop(self) -> None:
        """Refuse connections."""
        if self._server:
            self._server.close()

    def _connected(self) -> SMTP:
        self.connections += 1
        return SMTP(self, enable_SMTPUTF8=True, hostname="mailbox")

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that came for an address."""
        return self._by_recipient.get(address, [])

    async def mail_to(self, address: str) -> EmailMessage:
        """Wait for the mail to an address."""
        found: list[EmailMessage] = await eventually(
            lambda: _found(self.to(address)), what=f"a mail to {address}"
        )
        return found[0]


async def _found(mails: list[EmailMessage]) -> list[EmailMessage]:
    return mails


@dataclass(frozen=True)
class Home:
    """A family of one guardian and one child; `mail` is the guardian's."""

    mail: str | None
    family_id: UUID = field(default_factory=uuid4)
    guardian_id: UUID = field(default_factory=uuid4)
    account_id: UUID = field(default_factory=uuid4)
    child_id: UUID = field(default_factory=uuid4)

    def file(self, version: int = 1, **changes: Any) -> FamilyFileUpdated:
        """Its family file."""
        person = GuardianFile(
            guardian_id=self.guardian_id,
            first_name="Anne",
            last_name=f"Le Goff {_letters(self.family_id)}",
            mail=changes.get("mail", self.mail),
        )
        child = ChildFile(
            child_id=self.child_id, first_name="Maëlys", last_name="N", birth_date="2019-03-01"
        )
        return FamilyFileUpdated(
            family_id=self.family_id,
            record_version=version,
            reference="D1",
            resident=True,
            address=Address(lines=("3 rue de l’Église",), postcode="56890", city="Plescop"),
            guardians=(person,),
            children=(child,),
        )

    def invoice(self, number: str = "2026-000123", total_cents: int = 4250) -> InvoiceIssued:
        """An invoice of this family."""
        return InvoiceIssued(
            invoice_id=uuid4(),
            family_id=self.family_id,
            number=number,
            period="2026-11",
            total_cents=total_cents,
            due_on="2026-12-31",
        )

    def access_code(
        self, password: str, *, channel: str = "mail", days: int = 30, **changes: Any
    ) -> AccessCodeReady:
        """A temporary password for this family's guardian."""
        sealed = SealedBox(TOWN_KEY.public_key).encrypt(password.encode())
        fields = {
            "account_id": self.account_id,
            "family_id": self.family_id,
            "guardian_id": self.guardian_id,
            "batch_id": uuid4(),
            "login": "a.legoff",
            "sealed_password": base64.b64encode(sealed).decode(),
            "expires_at": datetime.now(UTC) + timedelta(days=days),
            "channel": channel,
            **changes,
        }
        return AccessCodeReady.model_validate(fields)


def _letters(family_id: UUID) -> str:
    return "".join(chr(ord("A") + int(digit, 16)) for digit in family_id.hex[:8])


def a_home_with_mail() -> Home:
    """A family that is written to by mail."""
    return Home(f"anne-{uuid4().hex[:12]}@example.org")


def a_home_without_mail() -> Home:
    """A family that is written to by letter."""
    return Home(None)


@dataclass(frozen=True)
class PostOffice:
    """The running service and the SMTP server that it hands its mails to."""

    service: RunningService
    server: MailServer

    async def messages(self, home: Home) -> list[dict[str, Any]]:
        """The family's messages as it sees them."""
        reply = await self.service.get("/messages", guardian(home.family_id))
        found: list[dict[str, Any]] = reply.json["messages"]
        return found

    async def statuses(self, home: Home, *statuses: str) -> None:
        """Wait until the family's messages stand so, newest first."""

        async def stand_so() -> bool:
            return [m["status"] for m in await self.messages(home)] == list(statuses)

        await eventually(stand_so, what=f"messages being {statuses}")

    async def sent(self, home: Home) -> list[MessageSent]:
        """What the service told of this family."""
        events = await self.service.outbox(MessageSent)
        return [event for event in events if event.family_id == home.family_id]

    async def all_stand(self, homes: Sequence[Home], status: str) -> None:
        """Wait until every message of these families stands so, with one look at them all."""

        async def stand_so() -> bool:
            families = [home.family_id for home in homes]
            return bool(
                await self.fetchval(
                    "SELECT count(DISTINCT family_id) = $3 AND bool_and(status = $2) "
                    "FROM message WHERE family_id = ANY($1)",
                    families,
                    status,
                    len(homes),
                )
            )

        await eventually(stand_so, what=f"all messages being {status}")

    async def sealed_passwords(self, *homes: Home) -> int:
        """How many passwords are still kept for these homes."""
        count = "SELECT count(*) FROM message WHERE sealed_password NOTNULL AND family_id = ANY($1)"
        return int(await self.fetchval(count, [home.family_id for home in homes]))

    async def fetchval(self, query: str, *args: Any) -> Any:
        """Look into the database."""
        async with self.service.database.connection() as connection:
            return await connection.fetchval(query, *args)

    async def execute(self, query: str, *args: Any) -> None:
        """Bring about in the database what would take days."""
        async with self.service.database.transaction() as connection:
            await connection.execute(query, *args)

    async def print_tray(self) -> tuple[str, Sequence[str]]:
        """Print all that waits: the batch, and its pages' texts."""
        reply = await self.service.post("/letters/print", staff("agent"))
        assert reply.status == 200, reply.body
        return reply.headers["X-Print-Batch"], page_texts(reply.body)


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, with plain spaces."""
    return [page.extract_text().replace("\u00a0", " ") for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture(scope="package")
async def mail_server() -> AsyncIterator[MailServer]:
    """One SMTP server for all these tests."""
    server = MailServer()
    await server.start()
    yield server
    server.stop()


@pytest.fixture(scope="package")
async def running_office(start_service: Any, mail_server: MailServer) -> AsyncIterator[PostOffice]:
    """One running service for all these tests; each has its own families."""
    async with await start_service(
        "notifications",
        application,
        NotificationsSettings,
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        mail_from="Portail famille <ne-pas-repondre@kerlann.example>",
        sealing_private_key=base64.b64encode(bytes(TOWN_KEY)).decode(),
        portal_url=PORTAL,
        town_name="Kerlann",
        **OFFICE,
    ) as service:
        yield PostOffice(service, mail_server)


@pytest.fixture
async def office(running_office: PostOffice) -> PostOffice:
    """The post office with an empty print tray, and a server that takes everything."""
    running_office.server.answers.clear()
    await running_office.execute("DELETE FROM message WHERE status = 'to_print'")
    return running_office
