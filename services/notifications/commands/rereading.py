"""A message is read again: the words that were sent, and never a secret."""

from dataclasses import replace
from uuid import UUID

from jinja2 import TemplateError

from services.chassis.database import Connection
from services.notifications import repository
from services.notifications.channels.post import Post
from services.notifications.channels.wording import Wording
from services.notifications.commands.composing import surroundings
from services.notifications.errors import MessageNotFound, MessageUnreadable
from services.notifications.model import SECRET_KINDS, Guardian


async def reread(
    connection: Connection, post: Post, message_id: UUID, recipient: str | None
) -> Wording:
    """The message in words, with today's names; `recipient` is greeted who left the file since.

    A code or a link goes to its one reader and no other way; with it go the lines beside it,
    since they hold a login, or an address, which is not the other guardian's to read.
    Raises MessageNotFound, MessageUnreadable.
    """
    message = await repository.find(connection, message_id)
    if message is None:
        raise MessageNotFound
    around = await surroundings(connection, [message])
    guardian = around.recipient(message) or Guardian(message_id, "", recipient or "", None)
    background = around.background(message, guardian, password=None)
    channel = message.channel or "mail"
    try:
        wording = post.writer.word(message.kind, channel, message.facts, background)
    except TemplateError as error:
        raise MessageUnreadable from error
    return replace(wording, details=()) if message.kind in SECRET_KINDS else wording
