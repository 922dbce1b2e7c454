"""What a message said, for the family it was sent to and for the office."""

from uuid import UUID

from contracts.roles import GUARDIAN, OFFICE
from services.chassis import audit
from services.chassis.endpoints import get
from services.chassis.web import Call
from services.notifications import commands, queries
from services.notifications.channels.post import POST
from services.notifications.errors import MessageNotFound
from services.notifications.model import SECRET_KINDS
from services.notifications.queries import ListedMessage
from services.notifications.schemas import LineAnswer, MessageAnswer, MessageTextAnswer


def listed(call: Call, message: ListedMessage) -> MessageAnswer:
    """A message as lists show it; some of it to the staff alone."""
    is_staff = call.caller.family_scope is None
    return MessageAnswer(
        message_id=message.message_id,
        family_id=message.family_id,
        subject=call.app[POST].writer.subject(message.kind, message.facts),
        child_name=message.child_name,
        activity_name=message.activity_name,
        page=call.app[POST].writer.page(message.kind, message.facts),
        kind=message.kind,
        channel=message.channel,
        status=message.status,
        recipient=message.recipient if is_staff else None,
        reason=message.reason if is_staff else None,
        may_be_posted=is_staff and message.may_be_posted(call.now),
        created_at=message.created_at,
        sent_at=message.sent_at,
    )


async def read_message(call: Call, message_id: UUID) -> MessageTextAnswer:
    """Lire un message envoyé à une famille"""
    found = await queries.message(call.connection, message_id)
    own = call.caller.family_scope
    if found is None or own not in (None, found.family_id):
        raise MessageNotFound
    audit.about(call, family_id=found.family_id)
    wording = await commands.reread(call.connection, call.app[POST], message_id, found.recipient)
    return MessageTextAnswer(
        message=listed(call, found),
        greeting=wording.greeting,
        opening=wording.opening,
        lines=[LineAnswer(label=line.label, value=line.value) for line in wording.details],
        closing=wording.closing,
        action=wording.action,
        withheld=found.kind in SECRET_KINDS,
    )


ENDPOINTS = (get("/messages/{message_id}", read_message, allow=OFFICE | {GUARDIAN}, opens=True),)
