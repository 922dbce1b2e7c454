"""What the gateway must be told: where each service is, and its keys."""

from dataclasses import dataclass
from typing import Final

from pydantic import Field, SecretStr

from services.chassis.pictures import PicturePath
from services.chassis.settings import ProcessSettings

SERVICES: Final = (
    "accounts",
    "enrolment",
    "reservations",
    "billing",
    "documents",
    "notifications",
)


@dataclass(frozen=True, slots=True)
class Office:
    """The service that answers families, and how it is reached; what is empty is not shown."""

    name: str
    address: str
    phone: str = ""
    mail: str = ""
    hours: str = ""

    @property
    def phone_link(self) -> str:
        """The number as telephones dial it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


class GatewaySettings(ProcessSettings):
    """Read from PORTAIL_* variables; a missing one stops the gateway at start."""

    portal_url: str = Field(description="the public address; https makes cookies Secure")
    town_name: str
    town_mark: PicturePath | None = Field(
        default=None, description="a PNG or SVG file for the head of each page; ours without"
    )
    office_name: str = Field(description="who answers families")
    office_address: str = Field(description="where families come and write to")
    office_phone: str = Field(default="", description="as families read it; empty: not shown")
    office_mail: str = Field(default="", description="where families write; empty: not shown")
    office_hours: str = Field(default="", description="when someone answers; empty: not shown")

    accounts_url: str
    enrolment_url: str
    reservations_url: str
    billing_url: str
    documents_url: str
    notifications_url: str
    payment_url: str = Field(description="the payment server, where a form may lead")

    document_max_megabytes: int = Field(default=10, ge=1, le=100, description="as documents takes")
    france_connect_url: str = Field(
        default="", description="FranceConnect's issuer, as accounts has it; empty: not offered"
    )
    trusted_proxies: str = Field(
        default="",
        description="addresses or networks, comma-separated, whose X-Forwarded-For is believed",
    )

    waiting_room_level: int = Field(
        default=32,
        ge=0,
        description="families' requests answered at once; past it newcomers wait. 0: nobody waits",
    )
    waiting_room_seconds: float = Field(
        default=2.0, gt=0, description="past it an answer is slow: fewer are let in"
    )
    waiting_room_visit_minutes: float = Field(
        default=20, gt=0, description="who is inside stays so until silent for so long"
    )
    waiting_room_patience_minutes: float = Field(
        default=5, gt=0, description="who is away at their turn keeps it for so long"
    )

    caller_private_key: SecretStr = Field(description="Ed25519, base64url: signs who calls")
    session_public_key: str = Field(description="Ed25519, base64url: verifies session tokens")
    cookie_secret: SecretStr = Field(min_length=32, description="form tokens, flash messages")

    @property
    def office(self) -> Office:
        """Whom families turn to, for every page."""
        return Office(
            self.office_name,
            self.office_address,
            self.office_phone,
            self.office_mail,
            self.office_hours,
        )

    def service_urls(self) -> dict[str, str]:
        """Each service's name and base address."""
        return {name: str(getattr(self, f"{name}_url")).rstrip("/") for name in SERVICES}

    @property
    def leads_to(self) -> tuple[str, ...]:
        """Where else than to the portal itself a form or a redirect may lead."""
        return tuple(filter(None, (self.payment_url, self.france_connect_url)))

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the portal over TLS."""
        return self.portal_url.startswith("https://")
