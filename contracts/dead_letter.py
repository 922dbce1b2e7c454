"""The record that a service puts on its dead-letter topic."""

from uuid import UUID

from contracts.envelope import Event


class EventSetAside(Event, producer="chassis", key="dead_letter_id"):
    """An event that a service could not take in, with the reason; the original is kept whole.

    `headers` are the original CloudEvents headers, `body` the original body (Latin-1 text of
    its bytes, so that a body that is no JSON survives too).
    """

    dead_letter_id: UUID
    consumer: str
    original_topic: str
    key_text: str
    headers: dict[str, str]
    body: str
    reason: str
    attempts: int
