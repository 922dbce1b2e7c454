"""What a service tells on its dead-letter topic."""

from uuid import UUID

from contracts.envelope import Event


class EventSetAside(Event, producer="chassis", key="dead_letter_id"):
    """A service could not take an event in, and keeps it whole in its own database.

    The event itself is not repeated here: it may be a private one, and of any size.
    """

    dead_letter_id: UUID
    consumer: str
    original_topic: str
    original_type: str
    original_id: UUID | None = None
    reason: str
    attempts: int
