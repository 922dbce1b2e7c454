"""Who listens to what: the table that readers trust is what the services subscribe to."""

import importlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import contracts
from contracts.catalogue import EVENTS
from contracts.envelope import Event
from contracts.topics import SERVICES
from services.accounts.personal_data import personal
from services.chassis import erasure
from services.chassis.clock import utc_now
from services.chassis.intake import Subscription
from services.chassis.personal_data import Held, PersonalData
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.official_calendar import SHIPPED
from services.reservations.subscribers import subscriptions

README = Path(contracts.__file__).parent / "README.md"
ROW = re.compile(r"^\| ([A-Z][^|]+) \| `([\w.]+)` \|[^|]*\|([^|]*)\|$", re.MULTILINE)


def title(event: type[Event]) -> str:
    """The event as the table calls it: `ActivityPublished version 2`."""
    version = event.version_of_contract
    name = event.__name__.removesuffix(f"V{version}")
    return name if version == 1 else f"{name} version {version}"


def rows() -> Iterator[tuple[str, str, set[str]]]:
    """Event, topic and subscribers, an event at a time."""
    for names, topic, listeners in ROW.findall(README.read_text(encoding="utf-8")):
        heard_by = SERVICES if "every service" in listeners else re.findall(r"\w+", listeners)
        for name in re.sub(r"\([^)]*\)", "", names).split(","):
            yield name.strip(), topic, set(heard_by)


def held_by(service: str) -> PersonalData:
    if service == "accounts":
        return personal(audit_days=365)
    data: PersonalData = importlib.import_module(f"services.{service}.personal_data").PERSONAL
    return data


def own_subscriptions(service: str) -> Iterable[Subscription]:
    if service == "reservations":
        zone = json.loads((SHIPPED / "zone-b.json").read_text(encoding="utf-8"))
        return subscriptions(SchoolCalendar.from_data(zone), utc_now)
    own: Iterable[Subscription] = importlib.import_module(
        f"services.{service}.subscribers"
    ).SUBSCRIPTIONS
    return own


def heard_by(service: str) -> set[type[Event]]:
    """What the service subscribes to, and what the chassis does in its name."""
    erased = erasure.subscriptions(Held(service, held_by(service), {}))
    return {subscription.event for subscription in (*own_subscriptions(service), *erased)}


def test_the_table_names_every_event_once_and_its_topic() -> None:
    told = sorted((name, topic) for name, topic, _ in rows())
    assert told == sorted((title(event), event.topic()) for event in EVENTS)


def test_the_table_tells_who_listens() -> None:
    heard = {service: heard_by(service) for service in SERVICES}
    listeners = {title(e): {s for s in SERVICES if e in heard[s]} for e in EVENTS}
    assert {name: told for name, _, told in rows()} == listeners
