"""What this service sends with: a mail server, words, and the key to what is sealed for it."""

import base64
import binascii
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from services.chassis.pictures import read_picture
from services.notifications.channels.mail import MailServer
from services.notifications.channels.wording import Sender, Writer
from services.notifications.errors import SealBroken
from services.notifications.settings import NotificationsSettings


@dataclass(frozen=True, slots=True)
class Post:
    """The means of sending."""

    server: MailServer
    writer: Writer
    mail_from: str
    key: PrivateKey
    keep_prints: timedelta

    @classmethod
    def from_settings(cls, settings: NotificationsSettings) -> "Post":
        """The means that the settings describe; nothing connects yet."""
        return cls(
            server=MailServer(
                host=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_username,
                password=settings.smtp_password.get_secret_value(),
                timeout_seconds=settings.smtp_timeout_seconds,
            ),
            writer=Writer(_sender(settings)),
            mail_from=settings.mail_from,
            key=settings.sealing_key,
            keep_prints=timedelta(days=settings.print_retention_days),
        )

    def open_password(self, sealed: str) -> str:
        """A password sealed for us. Raises SealBroken."""
        try:
            return SealedBox(self.key).decrypt(base64.b64decode(sealed)).decode()
        except (CryptoError, binascii.Error, UnicodeDecodeError) as error:
            raise SealBroken("the sealed password does not open") from error

    def seal(self, content: bytes) -> bytes:
        """Content that only this service can read again."""
        return bytes(SealedBox(self.key.public_key).encrypt(content))

    def unseal(self, sealed: bytes) -> bytes:
        """What `seal` sealed. Raises SealBroken when the key is another one by now."""
        try:
            return bytes(SealedBox(self.key).decrypt(sealed))
        except CryptoError as error:
            raise SealBroken("the print batch does not open") from error


def _sender(settings: NotificationsSettings) -> Sender:
    return Sender(
        town=settings.town_name,
        office=settings.office_name,
        portal_url=settings.portal_url,
        address=settings.office_address,
        phone=settings.office_phone,
        mail=settings.office_mail,
        hours=settings.office_hours,
        mark=read_picture(settings.town_mark).as_svg if settings.town_mark else "",
    )


POST = web.AppKey("post", Post)
