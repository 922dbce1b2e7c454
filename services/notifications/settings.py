"""How messages leave, and what opens the passwords that accounts seals for us."""

from email.utils import parseaddr

from nacl.public import PrivateKey
from pydantic import Field, SecretStr, field_validator

from services.chassis.auth import decode_key
from services.chassis.pictures import PicturePath
from services.chassis.settings import ServiceSettings


class NotificationsSettings(ServiceSettings):
    """PORTAIL_SMTP_HOST and so on, beside what every service needs."""

    smtp_host: str
    smtp_port: int = Field(ge=1, le=65535)
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_timeout_seconds: float = Field(default=10.0, gt=0)
    mail_from: str = Field(description="Portail famille <ne-pas-repondre@…>")
    sealing_private_key: SecretStr = Field(description="X25519, 32 bytes in base64")
    portal_url: str
    town_name: str
    town_mark: PicturePath | None = Field(
        default=None, description="a PNG or SVG file for the head of letters; none without"
    )
    office_name: str = Field(description="who signs mails and letters")
    office_address: str = Field(description="where families come and write to")
    office_phone: str = Field(default="", description="as families read it; empty: not told")
    office_mail: str = Field(default="", description="where families write; empty: not told")
    office_hours: str = Field(default="", description="when someone answers; empty: not told")
    print_retention_days: int = Field(default=14, ge=1, description="then no reprint is possible")

    @field_validator("mail_from")
    @classmethod
    def _must_be_an_address(cls, value: str) -> str:
        if "@" not in parseaddr(value)[1]:
            raise ValueError("must hold a mail address")
        return value

    @field_validator("sealing_private_key")
    @classmethod
    def _must_be_a_key(cls, value: SecretStr) -> SecretStr:
        # Checked at start: a wrong key found at the first access code would be found too late.
        if len(_decoded(value)) != PrivateKey.SIZE:
            raise ValueError(f"must be {PrivateKey.SIZE} bytes in base64")
        return value

    @property
    def sealing_key(self) -> PrivateKey:
        """The key that opens what is sealed for this service."""
        return PrivateKey(_decoded(self.sealing_private_key))


def _decoded(value: SecretStr) -> bytes:
    return decode_key(value.get_secret_value().replace("+", "-").replace("/", "_"))
