"""All events by their type on the wire."""

from types import ModuleType
from typing import Final

from contracts.envelope import Event
from contracts.events import (
    access,
    accounts,
    audit,
    billing,
    documents,
    enrolment,
    notifications,
    reservations,
    treasury,
)

PRODUCERS: Final[tuple[ModuleType, ...]] = (
    accounts,
    access,
    enrolment,
    reservations,
    billing,
    treasury,
    documents,
    notifications,
    audit,
)


def _events_of(module: ModuleType) -> list[type[Event]]:
    classes = (value for value in vars(module).values() if isinstance(value, type))
    return [c for c in classes if issubclass(c, Event) and c.__module__ == module.__name__]


EVENTS: Final[tuple[type[Event], ...]] = tuple(
    event for module in PRODUCERS for event in _events_of(module)
)
BY_TYPE: Final[dict[str, type[Event]]] = {event.type_name(): event for event in EVENTS}
