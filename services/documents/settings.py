"""Where documents are kept, and the key that protects the families' keys."""

from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web
from pydantic import Field, SecretStr, field_validator

from services.chassis.auth import decode_key
from services.chassis.pictures import PicturePath
from services.chassis.settings import ServiceSettings

KEY_BYTES = 32


class DocumentsSettings(ServiceSettings):
    """PORTAIL_STORAGE_URL, PORTAIL_MASTER_KEY and so on, beside what every service needs."""

    storage_url: str = Field(description="file:///… or s3://bucket/prefix")
    master_key: SecretStr = Field(description="32 random bytes in base64")
    previous_master_key: SecretStr | None = Field(
        default=None, description="while keys are rotated: still opens what it wrapped"
    )
    portal_url: str = Field(description="where papers are checked")
    town_name: str
    town_mark: PicturePath | None = Field(
        default=None, description="a PNG or SVG file for the head of certificates; none without"
    )
    office_name: str = Field(description="who signs certificates")
    vault_file_megabytes: int = Field(default=200, ge=1, description="largest file of a vault")
    vault_quota_megabytes: int = Field(default=1024, ge=1, description="room of one family's vault")
    vault_minutes: int = Field(default=20, ge=1, description="an opened vault closes by itself")
    vault_invitation_days: int = Field(default=7, ge=1)

    document_max_megabytes: int = Field(default=10, ge=1, le=100)
    document_reminder_days: int = Field(default=30, ge=1, le=365)
    document_retention_days: int = Field(
        default=365, ge=30, description="how long what is expired, rejected or replaced is kept"
    )
    clamd_address: str = Field(
        default="",
        pattern=r"^(tcp://.+:\d+|unix:///.+)?$",
        description="tcp://host:3310 or unix:///path; empty: nothing is scanned",
    )
    clamd_timeout_seconds: float = Field(default=120.0, gt=0)

    @field_validator("master_key", "previous_master_key")
    @classmethod
    def _must_be_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        # Checked at start: a wrong key found at the first deposit would be found too late.
        if value is not None and len(decode_master_key(value)) != KEY_BYTES:
            raise ValueError(f"must be {KEY_BYTES} bytes in base64")
        return value

    @property
    def master_key_bytes(self) -> bytes:
        """The master key, raw."""
        return decode_master_key(self.master_key)

    @property
    def previous_master_key_bytes(self) -> bytes | None:
        """The master key before this one, raw, while keys are rotated."""
        previous = self.previous_master_key
        return decode_master_key(previous) if previous else None


def decode_master_key(value: SecretStr) -> bytes:
    """Raw bytes from either base64 alphabet. Raises ValueError."""
    return decode_key(value.get_secret_value().replace("+", "-").replace("/", "_"))


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be, when to remind of its end, how long to keep it after."""

    max_bytes: int
    reminder: timedelta
    retention: timedelta

    @classmethod
    def of(cls, settings: DocumentsSettings) -> "Limits":
        """The limits that the settings name."""
        return cls(
            settings.document_max_megabytes * 1024 * 1024,
            timedelta(days=settings.document_reminder_days),
            timedelta(days=settings.document_retention_days),
        )


LIMITS = web.AppKey("limits", Limits)
