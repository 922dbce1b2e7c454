"""What only accounts needs to be told at start."""

from pydantic import Field, SecretStr, field_validator

from services.chassis.auth import decode_key
from services.chassis.settings import ServiceSettings

KEY_BYTES = 32


class AccountsSettings(ServiceSettings):
    """The keys of accounts, besides what every service needs."""

    session_private_key: SecretStr = Field(description="Ed25519, base64url: signs session tokens")
    sealing_public_key: str = Field(
        description="Curve25519, base64url: seals temporary passwords for notifications"
    )
    secrets_key: SecretStr = Field(
        description="32 bytes, base64url: encrypts second factors, proves devices"
    )
    portal_url: str = Field(
        default="http://127.0.0.1:8080", description="where sign-in elsewhere leads back to"
    )
    france_connect_url: str = Field(
        default="", description="its issuer, where discovery begins; empty: not offered"
    )
    france_connect_client_id: str = ""
    france_connect_client_secret: SecretStr = SecretStr("")
    town_name: str = Field(default="famille", description="shown by authenticator applications")
    longest_sign_in_wait: float = Field(
        default=5.0, gt=0, description="seconds; who would wait longer is told to come back"
    )
    totp_single_use: bool = Field(
        default=True,
        description="refuse a second-factor code that was used already (RFC 6238, 5.2)",
    )

    @field_validator("session_private_key", "sealing_public_key", "secrets_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | str) -> SecretStr | str:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if len(decode_key(text)) != KEY_BYTES:
            raise ValueError(f"{KEY_BYTES} bytes in base64url are expected")
        return value
