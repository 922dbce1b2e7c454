"""What only accounts needs to be told at start."""

from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from services.chassis.auth import decode_key
from services.chassis.settings import ServiceSettings

KEY_BYTES = 32
# What the OWASP's password storage cheat sheet asks of argon2id at the least: 19 MiB.
LEAST_PASSWORD_MEMORY_KIB = 19 * 1024


class AccountsSettings(ServiceSettings):
    """The keys of accounts, besides what every service needs."""

    session_private_key: SecretStr = Field(description="Ed25519, base64url: signs session tokens")
    sealing_public_key: str = Field(
        description="Curve25519, base64url: seals temporary passwords for notifications"
    )
    secrets_key: SecretStr = Field(
        description="32 bytes, base64url: encrypts second factors, proves devices"
    )
    portal_url: str = Field(description="where sign-in elsewhere leads back to")
    france_connect_url: str = Field(
        default="", description="its issuer, where discovery begins; empty: not offered"
    )
    france_connect_client_id: str = ""
    france_connect_client_secret: SecretStr = SecretStr("")
    password_memory_kib: int = Field(
        default=65_536,
        ge=LEAST_PASSWORD_MEMORY_KIB,
        description="argon2id's memory for one password",
    )
    town_name: str = Field(description="shown by authenticator applications")
    longest_sign_in_wait: float = Field(
        default=5.0, gt=0, description="seconds; who would wait longer is told to come back"
    )
    totp_single_use: bool = Field(
        default=True,
        description="refuse a second-factor code that was used already (RFC 6238, 5.2)",
    )

    old_mail_confirms: bool = Field(
        default=True,
        description="another mail address needs the old one's yes; without, it may only refuse",
    )

    audit_retention_days: int = Field(
        default=365,
        ge=180,
        description="of the audit trail; the CNIL asks for 180 to 365",
    )

    departed_after_months: int = Field(
        default=24, ge=1, description="without enrolment or login, a family is proposed for erasure"
    )

    particulier_url: str = Field(
        default="", description="API Particulier v3, without a path; empty: quotients are typed"
    )
    particulier_token: SecretStr = Field(
        default=SecretStr(""), description="the town's token for API Particulier"
    )
    particulier_siret: str = Field(
        default="", pattern=r"^(\d{14})?$", description="the town's SIRET, told as recipient"
    )
    particulier_timeout_seconds: float = Field(default=6.0, gt=0)

    @model_validator(mode="after")
    def _asks_in_somebody_s_name(self) -> Self:
        given = (self.particulier_token.get_secret_value(), self.particulier_siret)
        if self.particulier_url and not all(given):
            raise ValueError("particulier_token and particulier_siret go with particulier_url")
        return self

    @field_validator("session_private_key", "sealing_public_key", "secrets_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | str) -> SecretStr | str:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if len(decode_key(text)) != KEY_BYTES:
            raise ValueError(f"{KEY_BYTES} bytes in base64url are expected")
        return value


def accounts_settings(settings: ServiceSettings) -> AccountsSettings:
    """The settings that the application of accounts was made with."""
    if not isinstance(settings, AccountsSettings):
        raise TypeError("accounts runs with its own settings")
    return settings
