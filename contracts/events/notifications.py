"""What notifications tells: messages that left."""

from typing import Literal
from uuid import UUID

from contracts.envelope import Event


class MessageSent(Event, producer="notifications"):
    """A message left for a family: accepted by the mail server, or printed."""

    message_id: UUID
    family_id: UUID
    subject_kind: str
    channel: Literal["mail", "letter"]
