"""What notifications tells the rest of the town."""

from contracts.events.notifications import MessageSent
from services.notifications.model import Channel, Message


def sent(message: Message, channel: Channel) -> MessageSent:
    """The fact that a message left; not what it says, nor to whom."""
    return MessageSent(
        message_id=message.message_id,
        family_id=message.family_id,
        subject_kind=message.kind,
        channel=channel,
    )
