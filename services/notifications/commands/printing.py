"""Letters are printed: all that wait, as one file, which can be had again for a time."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import structlog
from jinja2 import TemplateError

from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.notifications import publishing, repository
from services.notifications.channels.letters import Letter, Printed
from services.notifications.channels.post import Post
from services.notifications.channels.wording import day
from services.notifications.commands.composing import (
    OUT_OF_DATE,
    UNREADABLE,
    Surroundings,
    surroundings,
    word,
)
from services.notifications.errors import (
    LetterGone,
    LetterNotFound,
    PrintBatchErased,
    PrintBatchNotFound,
    SealBroken,
)
from services.notifications.model import Kind, Message, PrintBatch, address_block, places

log = structlog.get_logger()

# Sets letters as one PDF, in other processes.
SetLetters = Callable[[Sequence[Letter]], Awaitable[Printed]]

# What a clerk can put into envelopes in a day, and a few seconds of setting; the rest stays
# in the tray for the next batch.
LARGEST_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Sheaf:
    """A print batch and its file."""

    batch: PrintBatch
    pdf: bytes


async def print_waiting(
    connection: Connection,
    post: Post,
    set_letters: SetLetters,
    printed_by: UUID | None,
    now: datetime,
    kind: Kind | None = None,
) -> Sheaf | None:
    """Print the letters in the tray, all or of one kind; None when there is none.

    They are marked printed with the file kept beside: a file that gets lost on its way to the
    printer is had again from the batch.
    """
    messages = await repository.lock_to_print(connection, LARGEST_BATCH, kind)
    return await _print(connection, post, set_letters, messages, printed_by, now)


async def print_one(
    connection: Connection,
    post: Post,
    set_letters: SetLetters,
    letter_id: UUID,
    printed_by: UUID | None,
    now: datetime,
) -> Sheaf | None:
    """Print one letter of the tray, as a batch of its own; None when it is of no use any more.

    Raises LetterNotFound, LetterGone.
    """
    message = await repository.lock(connection, letter_id)
    if message is None or message.channel != "letter":
        raise LetterNotFound
    if message.status != "to_print":
        raise LetterGone
    return await _print(connection, post, set_letters, [message], printed_by, now)


async def _print(
    connection: Connection,
    post: Post,
    set_letters: SetLetters,
    messages: Sequence[Message],
    printed_by: UUID | None,
    now: datetime,
) -> Sheaf | None:
    ready = await _ready(connection, post, messages, now)
    if not ready:
        return None
    printed = await set_letters([letter for _, letter in ready])
    batch = PrintBatch(uuid4(), len(ready), printed.pages, printed_by, now)
    await repository.add_print_batch(connection, batch, post.seal(printed.pdf))
    message_ids = [message.message_id for message, _ in ready]
    await repository.mark_printed(
        connection, batch, places(message_ids, printed.first_pages, printed.pages)
    )
    await outbox.append_all(connection, [publishing.sent(m, "letter") for m, _ in ready])
    log.info("letters_printed", batch_id=str(batch.batch_id), letters=batch.letters)
    return Sheaf(batch, printed.pdf)


async def _ready(
    connection: Connection, post: Post, messages: Sequence[Message], now: datetime
) -> list[tuple[Message, Letter]]:
    """The messages that can be printed, as letters; the others are marked failed."""
    around = await surroundings(connection, messages)
    ready = []
    for message in messages:
        reason = OUT_OF_DATE if message.is_out_of_date(now) else UNREADABLE
        letter = None if message.is_out_of_date(now) else _letter(message, around, post, now)
        if letter:
            ready.append((message, letter))
        else:
            await repository.mark_failed(
                connection, message.message_id, reason, keep_password=False
            )
    return ready


def _letter(message: Message, around: Surroundings, post: Post, now: datetime) -> Letter | None:
    guardian, family = around.recipient(message), around.families.get(message.family_id)
    if guardian is None or family is None:
        return None
    try:
        wording = word(message, "letter", guardian, around, post)
    except (ValueError, TemplateError) as error:
        log.exception("letter_not_composed", message_id=str(message.message_id), error=repr(error))
        return None
    return Letter(
        address=address_block(guardian, family),
        date=day(paris_date(now)),
        reference=str(message.message_id)[:8].upper(),
        wording=wording,
    )


async def letter_pdf(
    connection: Connection,
    post: Post,
    set_letters: SetLetters,
    extract: Callable[[bytes, int, int], Awaitable[bytes]],
    letter_id: UUID,
    now: datetime,
) -> bytes:
    """One letter: as it was printed, or as it will be. Raises LetterNotFound, PrintBatchErased."""
    printed = await repository.printed_letter(connection, letter_id)
    if printed is not None:
        batch_id, place = printed
        pdf = await reprint(connection, post, batch_id)
        return await extract(pdf, place.first_page, place.pages)
    message = await repository.letter_in_tray(connection, letter_id)
    if message is None:
        raise LetterNotFound
    letter = _letter(message, await surroundings(connection, [message]), post, now)
    if letter is None:
        raise LetterNotFound
    return (await set_letters([letter])).pdf


async def reprint(connection: Connection, post: Post, batch_id: UUID) -> bytes:
    """The file of a batch again. Raises PrintBatchNotFound, PrintBatchErased."""
    print_file = await repository.print_file(connection, batch_id)
    if print_file is None:
        raise PrintBatchNotFound
    if print_file.sealed_pdf is None:
        raise PrintBatchErased
    try:
        return post.unseal(print_file.sealed_pdf)
    except SealBroken as error:
        # The service was given another key since: the file is as good as erased.
        raise PrintBatchErased from error


async def erase_old_secrets(connection: Connection, post: Post, now: datetime) -> None:
    """Erase print files whose time is over, and the passwords of codes that have expired."""
    await repository.erase_prints(connection, now - post.keep_prints)
    await repository.retire_expired_codes(connection, now, OUT_OF_DATE)
