"""Mails leave: one connection for a batch, one transaction a mail."""

import random
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

import structlog
from jinja2 import TemplateError

from services.chassis import outbox
from services.chassis.database import Connection, Database
from services.notifications import publishing, repository
from services.notifications.channels import mail
from services.notifications.channels.mail import MailConnection
from services.notifications.channels.post import Post
from services.notifications.commands.composing import (
    OUT_OF_DATE,
    UNREADABLE,
    Surroundings,
    settle,
    surroundings,
    word,
)
from services.notifications.errors import MailRefused, MessageGone, MessageNotFound, ServerAway
from services.notifications.model import (
    GIVE_UP_AFTER,
    Guardian,
    Message,
    is_lasting,
    pause_when_away,
    pause_when_put_off,
)

log = structlog.get_logger()

BATCH = 200
AWAY = "Le serveur de messagerie ne répond pas."


async def send_due(database: Database, post: Post, now: datetime) -> int:
    """Send the mails whose time has come; returns how many left, at most BATCH.

    A mail is handed in before its row says so: a crash between the two repeats it, with the
    same Message-ID, and never loses it.
    """
    async with database.connection() as connection:
        due = await repository.due_mails(connection, now, BATCH)
    if not due:
        return 0
    sent = 0
    try:
        async with post.server.connection() as server:
            for message_id in due:
                async with database.transaction() as connection:
                    sent += await _send_one(connection, server, post, message_id, now)
    except ServerAway as error:
        log.warning("mail_server_away", reason=str(error), sent=sent, due=len(due))
        await _postpone(database, due, now)
    return sent


async def _postpone(database: Database, due: Sequence[UUID], now: datetime) -> None:
    async with database.transaction() as connection:
        attempts = await repository.attempts_of(connection, due)
        until = {
            message_id: now + pause_when_away(count, random.random())  # noqa: S311 - jitter
            for message_id, count in attempts.items()
        }
        await repository.postpone(connection, until, AWAY)


async def _send_one(
    connection: Connection, server: MailConnection, post: Post, message_id: UUID, now: datetime
) -> bool:
    message = await repository.lock_queued(connection, message_id)
    if message is None:
        return False
    if message.is_out_of_date(now):
        await repository.mark_failed(connection, message_id, OUT_OF_DATE, keep_password=False)
        return False
    around = await surroundings(connection, [message])
    guardian = around.recipient(message)
    if guardian is None or not guardian.has_mail:
        await _to_tray(connection, message, guardian)
        return False
    try:
        composed = _compose(message, guardian, around, post)
    except (ValueError, TemplateError) as error:
        # This one's fault, not the others': they must not wait behind it.
        log.exception("mail_not_composed", message_id=str(message_id), error=repr(error))
        await repository.mark_failed(connection, message_id, UNREADABLE, keep_password=True)
        return False
    return await _hand_in(connection, server, message, composed, now)


async def _to_tray(connection: Connection, message: Message, guardian: Guardian | None) -> None:
    """The address was taken out of the family file meanwhile: the message goes by letter."""
    if guardian is None or message.mail_to:
        await repository.mark_failed(
            connection,
            message.message_id,
            "Le destinataire a quitté le dossier, ou son adresse ne peut pas en être une.",
            keep_password=False,
        )
    else:
        await settle(connection, message, guardian, "letter")


def _compose(
    message: Message, guardian: Guardian, around: Surroundings, post: Post
) -> EmailMessage:
    return mail.compose(
        post.writer,
        word(message, "mail", guardian, around, post),
        sender=post.mail_from,
        recipient=guardian,
        message_id=message.message_id,
        created_at=message.created_at,
    )


async def _hand_in(
    connection: Connection,
    server: MailConnection,
    message: Message,
    composed: EmailMessage,
    now: datetime,
) -> bool:
    try:
        await server.send(composed)
    except MailRefused as refusal:
        await _refused(connection, message, refusal, now)
        return False
    await repository.mark_sent(connection, message.message_id, now)
    await outbox.append(connection, publishing.sent(message, "mail"))
    return True


async def _refused(
    connection: Connection, message: Message, refusal: MailRefused, now: datetime
) -> None:
    log.warning("mail_refused", message_id=str(message.message_id), code=refusal.code)
    reason = f"Refusé par le serveur de messagerie : {refusal}"[:500]
    too_old = now - message.created_at > GIVE_UP_AFTER
    if too_old or is_lasting(refusal.code, refusal.reason):
        await repository.mark_failed(connection, message.message_id, reason, keep_password=True)
        return
    pause = pause_when_put_off(message.attempts, random.random())  # noqa: S311 - jitter
    await repository.postpone(connection, {message.message_id: now + pause}, reason)


async def move_to_tray(connection: Connection, message_id: UUID, now: datetime) -> None:
    """Print a message that does not get through by mail. Raises MessageNotFound, MessageGone."""
    message = await repository.lock(connection, message_id)
    if message is None:
        raise MessageNotFound
    guardian = (await surroundings(connection, [message])).recipient(message)
    if guardian is None or not message.may_be_posted(now):
        raise MessageGone
    await settle(connection, message, guardian, "letter")
