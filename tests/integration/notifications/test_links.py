"""Links that are mailed: to whom they are meant for, and their secret erased."""

import base64
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

from nacl.public import SealedBox

from contracts.events.accounts import MailChangeRequested, PasswordResetReady
from services.chassis.testing import staff
from tests.integration.notifications.conftest import (
    PORTAL,
    TOWN_KEY,
    PostOffice,
    a_home_with_mail,
)


async def test_a_link_to_another_password_goes_to_its_owner_and_its_secret_is_erased(
    office: PostOffice,
) -> None:
    home = a_home_with_mail()
    event = PasswordResetReady(
        account_id=home.account_id,
        family_id=home.family_id,
        guardian_id=home.guardian_id,
        reset_id=uuid4(),
        login="a.legoff",
        mail=str(home.mail),
        sealed_token=_sealed("un-jeton-secret"),
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )
    await office.service.tell(home.file(), event)
    mail = await office.server.mail_to(str(home.mail))
    text = _text(mail)
    assert f"{PORTAL}/mot-de-passe/nouveau?jeton=un-jeton-secret" in text
    assert "a.legoff" in text
    await office.statuses(home, "sent")
    kept = await office.fetchval(
        "SELECT count(*) FROM message WHERE family_id = $1"
        " AND (sealed_password IS NOT NULL OR mail_to IS NOT NULL)",
        home.family_id,
    )
    assert kept == 0


async def test_a_new_mail_address_is_asked_and_the_old_one_told(office: PostOffice) -> None:
    home, new = a_home_with_mail(), f"nouvelle-{uuid4().hex[:8]}@example.org"
    event = MailChangeRequested(
        change_id=uuid4(),
        account_id=home.account_id,
        family_id=home.family_id,
        guardian_id=home.guardian_id,
        new_mail=new,
        old_mail=home.mail,
        sealed_confirmation=_sealed("oui"),
        sealed_cancellation=_sealed("non"),
        expires_at=datetime.now(UTC) + timedelta(days=3),
    )
    await office.service.tell(home.file(), event)
    asked = _text(await office.server.mail_to(new))
    told = _text(await office.server.mail_to(str(home.mail)))
    assert f"{PORTAL}/compte/mail/confirmer?jeton=oui" in asked
    assert f"{PORTAL}/compte/mail/refuser?jeton=non" in told
    assert "non" not in re.findall(r"jeton=(\S+)", asked)
    assert new not in told
    assert "n…@example.org" in told


async def test_an_old_address_that_has_to_agree_is_asked_to(office: PostOffice) -> None:
    home = a_home_with_mail()
    event = MailChangeRequested(
        change_id=uuid4(),
        account_id=home.account_id,
        family_id=home.family_id,
        guardian_id=home.guardian_id,
        new_mail=f"nouvelle-{uuid4().hex[:8]}@example.org",
        old_mail=home.mail,
        sealed_confirmation=_sealed("oui"),
        sealed_cancellation=_sealed("reponse"),
        expires_at=datetime.now(UTC) + timedelta(days=3),
        old_confirms=True,
    )
    await office.service.tell(home.file(), event)
    asked = _text(await office.server.mail_to(str(home.mail)))
    assert f"{PORTAL}/compte/mail/repondre?jeton=reponse" in asked
    assert "sans votre accord, rien ne change" in asked


async def test_a_link_that_came_too_late_is_not_sent(office: PostOffice) -> None:
    home = a_home_with_mail()
    event = PasswordResetReady(
        account_id=home.account_id,
        family_id=home.family_id,
        guardian_id=home.guardian_id,
        reset_id=uuid4(),
        login="a.legoff",
        mail=str(home.mail),
        sealed_token=_sealed("x"),
        expires_at=datetime.now(UTC) - timedelta(seconds=1),
    )
    await office.service.tell(home.file(), event)
    await office.statuses(home, "failed")
    assert office.server.to(str(home.mail)) == []
    tray = await office.service.get("/letters", staff("agent"))
    assert str(home.family_id) not in tray.body.decode()


def _sealed(secret: str) -> str:
    return base64.b64encode(SealedBox(TOWN_KEY.public_key).encrypt(secret.encode())).decode()


def _text(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain
    content: str = plain.get_content()
    return content
