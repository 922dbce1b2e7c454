"""The local mailbox catches mails, shows them, and fails on demand."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.message import EmailMessage

import aiosmtplib
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from deploy.mailbox.main import MailboxSettings, application
from deploy.mailbox.store import KEPT_MAILS, MailStore
from tests.conftest import free_port


class Box:
    """A running mailbox: send to it, read from it."""

    def __init__(self, client: "TestClient[web.Request, web.Application]", smtp_port: int) -> None:
        self.client = client
        self._smtp_port = smtp_port

    async def send(self, to: str, subject: str, text: str = "Bonjour") -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "portail@ville.example", to, subject
        mail.set_content(text)
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="été.pdf")
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=self._smtp_port)

    async def messages(self, to: str = "") -> list[dict[str, object]]:
        answer = await self.client.get("/messages.json", params={"to": to})
        messages: list[dict[str, object]] = (await answer.json())["messages"]
        return messages

    async def behave(self, mode: str) -> int:
        return (await self.client.post("/behaviour", json={"mode": mode})).status


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    settings = MailboxSettings(port=free_port(), smtp_port=free_port())
    async with TestClient(TestServer(application(settings))) as client:
        yield Box(client, settings.smtp_port)


async def test_a_mail_is_shown_to_people_and_to_tests(box: Box) -> None:
    await box.send("Parent@exemple.fr", "Vos codes d’accès", "Le code : <b>été</b>")

    (message,) = await box.messages(to="parent@EXEMPLE")

    assert message["subject"] == "Vos codes d’accès"
    assert message["text"] == "Le code : <b>été</b>\n"
    assert message["attachments"] == ["été.pdf"]
    page = await box.client.get(f"/messages/{message['id']}")
    assert "&lt;b&gt;été&lt;/b&gt;" in await page.text()
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Vos codes d’accès" in await (await box.client.get("/")).text()


async def test_another_recipients_mails_are_left_out(box: Box) -> None:
    await box.send("un@exemple.fr", "Un")
    await box.send("deux@exemple.fr", "Deux")

    assert [mail["subject"] for mail in await box.messages(to="deux@")] == ["Deux"]
    assert [mail["subject"] for mail in await box.messages()] == ["Deux", "Un"]


@pytest.mark.parametrize(("mode", "code"), [("temporary", 451), ("refuse", 550)])
async def test_it_fails_the_way_it_is_told_until_told_otherwise(
    box: Box, mode: str, code: int
) -> None:
    assert await box.behave(mode) == 200
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refusal:
        await box.send("un@exemple.fr", "Un")
    assert refusal.value.recipients[0].code == code
    assert await box.messages() == []

    await box.behave("accept")
    await box.send("un@exemple.fr", "Un")
    assert len(await box.messages()) == 1


async def test_an_unknown_behaviour_changes_nothing(box: Box) -> None:
    assert await box.behave("explode") == 422
    await box.send("un@exemple.fr", "Un")


async def test_forgetting_all_mails(box: Box) -> None:
    await box.send("un@exemple.fr", "Un")
    assert (await box.client.delete("/messages")).status == 204
    assert await box.messages() == []


async def test_an_unknown_mail_is_not_found(box: Box) -> None:
    for path in ("/messages/7", "/messages/7.json", "/messages/7/1"):
        assert (await box.client.get(path)).status == 404


def test_only_the_newest_mails_are_kept() -> None:
    store = MailStore()
    for _ in range(KEPT_MAILS + 5):
        store.add("a@b.fr", ("c@d.fr",), b"Subject: x\r\n\r\n", datetime.now(UTC))

    kept = [mail.id for mail in store.newest_first()]

    assert (len(kept), kept[0], kept[-1]) == (KEPT_MAILS, KEPT_MAILS + 5, 6)
