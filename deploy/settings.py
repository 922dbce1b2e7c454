"""Every process of the town: its module, its ports, and what its environment tells it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from contracts.topics import SERVICES
from deploy.identity import behaviour as identity
from deploy.keys import Keys
from deploy.particulier import main as particulier
from deploy.ports import Ports

BusKind = Literal["embedded", "kafka"]

# Who the demo town is and who collects there. The services have no values of their own for these: a
# town that forgot one would write in another's name, keep another's holidays or have its money go
# elsewhere, and is told so at start.
TOWN_NAME = "Saint-Aubin-sur-Vire"
# Numbers of this range are kept for stories: nobody answers them.
OFFICE = {
    "office_name": "Service enfance et jeunesse",
    "office_address": "1, place de la Mairie",
    "office_phone": "02 61 91 00 10",
    "office_mail": "enfance@saint-aubin-sur-vire.example",
    "office_hours": "Du lundi au vendredi, 9\u00a0h – 12\u00a0h et 14\u00a0h – 17\u00a0h",
}
SCHOOL_ZONE = {"reservations_school_zone": "B"}
COLLECTOR = {
    "payfip_client": "123456",
    "creditor_id": "FR72ZZZ123456",
    "creditor_iban": "FR7630001007941234567890185",
    "creditor_bic": "BDFEFRPPCCT",
    "pes_post": "050001",
    "pes_siret": "21500000100019",
    "office_mail": "regie@saint-aubin-sur-vire.example",
}
MAIL_FROM = "Portail famille <portail-famille@saint-aubin-sur-vire.example>"

# PostgreSQL and the bus are no Python and stand apart.
MODULES: Final[dict[str, str]] = {
    "mailbox": "deploy.mailbox.main",
    "payments": "deploy.payments.main",
    **{service: f"services.{service}.main" for service in SERVICES},
    "gateway": "gateway.main",
}


def _unless_set(values: Mapping[str, str]) -> dict[str, object]:
    """The demo town's values, but for those that whoever runs it has set otherwise."""
    return {
        name: os.environ.get(f"PORTAIL_{name.upper()}", value) for name, value in values.items()
    }


@dataclass(frozen=True, slots=True)
class Process:
    """One process that the launcher starts with `python -m module`."""

    name: str
    module: str
    port: int
    settings: Mapping[str, object]

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Its settings as PORTAIL_* variables, over those that the user has set."""
        own = {f"PORTAIL_{name.upper()}": str(value) for name, value in self.settings.items()}
        # Compiled modules are kept: nine processes that compile them anew start seconds later.
        kept = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": ""}
        return {**os.environ, **kept, **own}


@dataclass(frozen=True, slots=True)
class Town:
    """What all processes have in common."""

    ports: Ports
    keys: Keys
    bus: BusKind
    databases: Mapping[str, str]  # URL by service
    documents: Path
    copies: Mapping[str, int]  # copies in all, of the services that have more than one

    def processes(self) -> list[Process]:
        """All of them: each once, then the further copies."""
        further = [name for name, count in self.copies.items() for _ in range(count - 1)]
        return [
            *(self._process(name) for name in MODULES),
            *(self._copy(name, number) for number, name in enumerate(further)),
        ]

    def _process(self, name: str) -> Process:
        return Process(name, MODULES[name], self.ports.of(name), self._settings(name))

    def _copy(self, name: str, number: int) -> Process:
        port = self.ports.of_copy(number)
        own = {"port": port, "metrics_port": 0}
        return Process(f"{name}-copy-{number + 1}", MODULES[name], port, self._settings(name) | own)

    def _settings(self, name: str) -> dict[str, object]:
        settings: dict[str, object] = {
            "port": self.ports.of(name),
            "portal_url": self.ports.url("gateway"),
            "payment_url": self.ports.url("payments"),
            "smtp_host": "127.0.0.1",
            "smtp_port": self.ports.of("smtp"),
            **_unless_set({"town_name": TOWN_NAME}),
        }
        if mark := os.environ.get("PORTAIL_TOWN_MARK"):
            settings["town_mark"] = str(Path(mark).resolve())
        if name in SERVICES:
            settings |= self._of_services(name)
        return settings | self._of_one(name)

    def _of_services(self, name: str) -> dict[str, object]:
        return {
            "metrics_port": self.ports.metrics_of(name),
            "database_url": self.databases[name],
            "bus_servers": f"127.0.0.1:{self.ports.of('bus')}",
            "bus_kind": self.bus,
            "caller_public_key": self.keys.caller_public,
        }

    def _previous_master_key(self) -> dict[str, object]:
        previous = self.keys.previous_master_key
        return {"previous_master_key": previous} if previous else {}

    @property
    def _france_connect(self) -> dict[str, object]:
        """The demo's stand-in, mounted beside the payment server's."""
        return {"france_connect_url": self.ports.url("payments") + identity.MOUNTED_AT}

    def _of_one(self, name: str) -> dict[str, object]:
        """Keys above all: each process is given those that it needs and no other."""
        own: dict[str, dict[str, object]] = {
            "accounts": {
                "session_private_key": self.keys.session_private,
                "sealing_public_key": self.keys.sealing_public,
                "secrets_key": self.keys.accounts_key,
                **self._france_connect,
                "france_connect_client_id": identity.CLIENT_ID,
                "france_connect_client_secret": identity.CLIENT_SECRET,
                # The demo's logins are everybody's: two people may sign in within one code.
                "totp_single_use": "false",
                "particulier_url": f"{self.ports.url('payments')}/particulier",
                "particulier_token": particulier.TOKEN,
                "particulier_siret": particulier.SIRET,
            },
            "billing": {
                **COLLECTOR,
                "secrets_key": self.keys.billing_key,
                # A single meal makes an invoice here, so that the whole way can be seen at once.
                "least_invoice_cents": 0,
            },
            "reservations": _unless_set(SCHOOL_ZONE),
            "documents": {
                **_unless_set({"office_name": OFFICE["office_name"]}),
                "storage_url": self.documents.as_uri(),
                "master_key": self.keys.master_key,
                **self._previous_master_key(),
            },
            "notifications": {
                "mail_from": MAIL_FROM,
                "sealing_private_key": self.keys.sealing_private,
                **_unless_set(OFFICE),
            },
            "gateway": {
                "metrics_port": self.ports.metrics_of("gateway"),
                "caller_private_key": self.keys.caller_private,
                "session_public_key": self.keys.session_public,
                "cookie_secret": self.keys.cookie_secret,
                **_unless_set(OFFICE),
                **self._france_connect,
                **{f"{service}_url": self.ports.url(service) for service in SERVICES},
            },
        }
        return own.get(name, {})
