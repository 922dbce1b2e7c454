"""Settings that every process reads from PORTAIL_* variables; missing ones stop it at start."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ProcessSettings(BaseSettings):
    """What any process needs to listen and to log."""

    model_config = SettingsConfigDict(
        env_prefix="PORTAIL_",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # what is wrong is logged at start; keys among it must not be
    )

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    metrics_port: int = Field(default=0, ge=0, le=65535, description="0: no metrics are served")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class ServiceSettings(ProcessSettings):
    """What every service needs besides: its database, the bus, and whom to believe."""

    database_url: SecretStr
    # The relay keeps one connection, and each of three running jobs two.
    pool_size: int = Field(default=10, ge=8)
    bus_servers: str
    bus_replicas: int = Field(default=1, ge=1, description="copies of each topic; 3 on a cluster")
    bus_kind: Literal["embedded", "kafka"]
    bus_fetch_wait_ms: int = Field(
        default=0,
        ge=0,
        le=5_000,
        description="how long the bus may keep a reader's request (the embedded one also every "
        "event); 0: as long as suits the bus",
    )
    consumer_group: str = Field(default="", description="empty: the service's name")
    caller_public_key: str = Field(description="Ed25519, base64url: verifies who calls")
    outbox_retention_days: int = Field(default=30, ge=1)
    retention_months: dict[str, Annotated[int, Field(ge=1, le=1200)]] = Field(
        default_factory=dict,
        description='by kind of data, where the town keeps it otherwise: {"attendance": 36}',
    )
