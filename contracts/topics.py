"""The topics on the bus and how many partitions each has."""

from typing import Final

from contracts.catalogue import EVENTS

SERVICES: Final = (
    "accounts",
    "enrolment",
    "reservations",
    "billing",
    "documents",
    "notifications",
)

# As many as the embedded broker gives a topic it makes by itself, so that a topic
# has the same count whichever way it came to be.
PARTITIONS: Final = 4


def dead_letter_topic(consumer: str) -> str:
    """Where a service puts the events it could not take in."""
    return f"portail.dead.{consumer}"


def internal_topic(service: str) -> str:
    """Where a service tells its own copies what there is to do; no contract describes it."""
    return f"portail.internal.{service}"


# Those whose copies share work out among them.
SHARING_WORK: Final = ("billing",)

ALL: Final[dict[str, int]] = {
    **dict.fromkeys(sorted({event.topic() for event in EVENTS}), PARTITIONS),
    **{dead_letter_topic(service): PARTITIONS for service in SERVICES},
    **{internal_topic(service): PARTITIONS for service in SHARING_WORK},
}
