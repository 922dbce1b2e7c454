"""What each process must be told, and that a town which forgets itself is told so at start."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

from contracts.topics import SERVICES
from deploy.keys import kept_keys
from deploy.ports import Ports
from deploy.settings import COLLECTOR, OFFICE, SCHOOL_ZONE, TOWN_NAME, Process, Town
from gateway.settings import GatewaySettings
from services.accounts.settings import AccountsSettings
from services.billing.settings import BillingSettings
from services.chassis.settings import ProcessSettings, ServiceSettings
from services.documents.settings import DocumentsSettings
from services.notifications.settings import NotificationsSettings
from services.reservations.settings import ReservationsSettings

SETTINGS: Mapping[str, type[ProcessSettings]] = {
    "gateway": GatewaySettings,
    "accounts": AccountsSettings,
    "enrolment": ServiceSettings,
    "reservations": ReservationsSettings,
    "billing": BillingSettings,
    "documents": DocumentsSettings,
    "notifications": NotificationsSettings,
}
# Whose name, address, holidays and money it is: no process may make these up.
OWN: Mapping[str, set[str]] = {
    "gateway": {"portal_url", "town_name", "office_name", "office_address"},
    "accounts": {"portal_url", "town_name"},
    "enrolment": set(),
    "reservations": {"reservations_school_zone"},
    "billing": {"portal_url", "town_name", *COLLECTOR},
    "documents": {"portal_url", "town_name", "office_name"},
    "notifications": {"portal_url", "town_name", "mail_from", "office_name", "office_address"},
}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """The demo town, nothing of which runs."""
    databases = {service: f"postgresql://127.0.0.1/{service}" for service in SERVICES}
    keys = kept_keys(tmp_path / "secrets")
    return Town(Ports(8080), keys, "embedded", databases, tmp_path / "documents", {})


def process(town: Town, name: str) -> Process:
    (found,) = [process for process in town.processes() if process.name == name]
    return found


def told(monkeypatch: pytest.MonkeyPatch, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"PORTAIL_{name.upper()}", str(value))


@pytest.mark.parametrize("name", SETTINGS)
def test_the_launcher_tells_each_process_what_it_must_know(
    town: Town, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    told(monkeypatch, process(town, name).settings)
    assert SETTINGS[name]().port == town.ports.of(name)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_town_that_forgets_who_it_is_is_told_all_of_it_at_start(
    town: Town, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    settings = process(town, name).settings
    told(monkeypatch, {key: value for key, value in settings.items() if key not in OWN[name]})
    missing: set[str] = set()
    try:
        SETTINGS[name]()
    except ValidationError as error:
        missing = {str(fault["loc"][0]).lower() for fault in error.errors()}
    assert missing == OWN[name]


def test_a_refused_start_does_not_write_its_keys_into_the_log(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = dict(process(town, "documents").settings)
    told(monkeypatch, settings | {"master_key": "half-a-key", "bus_kind": "pigeon"})
    with pytest.raises(ValidationError, match="master_key") as refused:
        DocumentsSettings()
    assert "half-a-key" not in str(refused.value)
    assert "pigeon" not in str(refused.value)


@pytest.mark.parametrize("name", SETTINGS)
def test_nothing_of_the_demo_town_is_a_default(name: str) -> None:
    of_the_demo = {TOWN_NAME, *OFFICE.values(), *COLLECTOR.values(), *SCHOOL_ZONE.values()}
    defaults = {str(field.default) for field in SETTINGS[name].model_fields.values()}
    assert defaults.isdisjoint(of_the_demo)


def test_a_name_that_whoever_runs_the_demo_has_set_is_kept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(monkeypatch, {"town_name": "Kerlann", "office_address": "2, quai du Port"})
    settings = process(town, "gateway").settings
    assert (settings["town_name"], settings["office_address"]) == ("Kerlann", "2, quai du Port")
    assert settings["office_name"] == OFFICE["office_name"]
