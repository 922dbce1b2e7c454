"""From an event to a message with a recipient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.chassis import renamed
from services.chassis.database import Connection, Database
from services.notifications import repository
from services.notifications.channels.post import Post
from services.notifications.channels.wording import Background, Closure, Wording
from services.notifications.errors import SealBroken
from services.notifications.model import (
    LONGEST_WAIT_FOR_ACTIVITY,
    SECRET_KINDS,
    Channel,
    Draft,
    Family,
    Guardian,
    Message,
    Status,
    channel_for,
)

REPLACED = "Remplacé par un code d’accès plus récent."
OUT_OF_DATE = "Le code, le lien ou l’offre n’est plus valable."
UNREADABLE = "Le message n’a pas pu être composé."

RELEASE_BATCH = 200


async def keep_family(connection: Connection, family: Family) -> None:
    """Keep a family's names and addresses; an older file than ours changes nothing.

    The messages that wait for it are released by the job, which sees what is committed.
    """
    if await renamed.present_one(connection, family.family_id) == family.family_id:
        await repository.keep_family(connection, family)


async def merge_families(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """Make the messages of the family that goes the other's, those to come as well."""
    newest = await renamed.rename(connection, {gone: family_id, **children})
    family_id = newest.pop(gone, family_id)
    await repository.move_family(connection, family_id, gone)
    await repository.move_activities(connection, family_id, gone, newest)


async def keep_activity(connection: Connection, activity_id: UUID, version: int, name: str) -> None:
    """Keep what an activity is called."""
    await repository.keep_activity(connection, activity_id, version, name)


async def keep_invoice(connection: Connection, invoice_id: UUID, number: str) -> None:
    """Keep what an invoice is called."""
    await repository.keep_invoice(connection, invoice_id, number)


async def compose(connection: Connection, draft: Draft) -> None:
    """Make the message of a cause, once; it waits when its family is not known yet."""
    # An event of before a merger may come after it.
    family_id = await renamed.present_one(connection, draft.family_id)
    draft = replace(draft, family_id=family_id)
    if not await repository.add(connection, draft):
        return
    if draft.kind == "access_code":
        await repository.retire_older_codes(connection, draft.concerns, draft.family_id, REPLACED)
    message = await repository.lock(connection, draft.message_id)
    if message is not None and message.status == "waiting":
        await _address(connection, [message], message.created_at)


async def release_waiting(database: Database, now: datetime) -> None:
    """Address the messages whose family has become known since."""
    while True:
        async with database.transaction() as connection:
            messages = await repository.lock_ready_to_address(
                connection, now - LONGEST_WAIT_FOR_ACTIVITY, RELEASE_BATCH
            )
            released = await _address(connection, messages, now)
        if released < RELEASE_BATCH:
            return


async def _address(connection: Connection, messages: Sequence[Message], now: datetime) -> int:
    around = await surroundings(connection, messages)
    released = 0
    for message in messages:
        guardian = around.recipient(message)
        named = message.activity_id in around.activities
        if guardian and (named or message.may_leave_without_activity(now)):
            await settle(connection, message, guardian)
            released += 1
    return released


async def settle(
    connection: Connection,
    message: Message,
    guardian: Guardian,
    channel: Channel | None = None,
) -> None:
    """Give the message its recipient, and its place among the mails or in the print tray."""
    channel = channel or channel_for(message.wished_channel, guardian)
    status: Status = "queued" if channel == "mail" else "to_print"
    await repository.address(connection, message.message_id, channel, status, guardian.full_name)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What some messages speak of, read together."""

    families: Mapping[UUID, Family]
    activities: Mapping[UUID, str]
    invoices: Mapping[UUID, str]

    def recipient(self, message: Message) -> Guardian | None:
        """Whom the message is for, when we know."""
        if message.newcomer:
            return message.newcomer
        family = self.families.get(message.family_id)
        guardian = family.guardian(message.guardian_id) if family else None
        if guardian and message.mail_to:
            return replace(guardian, mail=message.mail_to)
        return guardian

    def background(self, message: Message, guardian: Guardian, password: str | None) -> Background:
        """What the wording needs besides the facts."""
        child_id = message.facts.get("child_id")
        family = self.families.get(message.family_id)
        children = family.children if family else {}
        return Background(
            guardian=guardian,
            child=children.get(UUID(child_id)) if child_id else None,
            activity=self.activities.get(message.activity_id) if message.activity_id else None,
            closures=self._closures(message, children),
            invoice_numbers=tuple(
                self.invoices[UUID(i)]
                for i in message.facts.get("invoice_ids", ())
                if UUID(i) in self.invoices
            ),
            password=password,
        )

    def _closures(self, message: Message, children: Mapping[UUID, str]) -> tuple[Closure, ...]:
        """Each day's closed activities once, with the children who would have gone."""
        found: dict[tuple[str, str, str | None], list[str]] = {}
        for place in message.facts.get("closed", ()):
            names = found.setdefault((place["day"], place["activity_id"], place["reason"]), [])
            names.append(children.get(UUID(place["child_id"]), "votre enfant"))
        return tuple(
            Closure(
                day=day,
                activity=self.activities.get(UUID(activity_id), "activité"),
                children=tuple(dict.fromkeys(names)),
                reason=reason,
            )
            for (day, activity_id, reason), names in found.items()
        )


def _password(message: Message, post: Post) -> str | None:
    if message.kind not in SECRET_KINDS:
        return None
    if message.sealed_password is None:
        raise SealBroken("the secret is erased already")
    return post.open_password(message.sealed_password)


async def surroundings(connection: Connection, messages: Sequence[Message]) -> Surroundings:
    """Read what these messages speak of."""
    invoice_ids = {UUID(i) for m in messages for i in m.facts.get("invoice_ids", ())}
    activity_ids = {m.activity_id for m in messages if m.activity_id}
    activity_ids |= {UUID(p["activity_id"]) for m in messages for p in m.facts.get("closed", ())}
    return Surroundings(
        families=await repository.families(connection, {m.family_id for m in messages}),
        activities=await repository.activities(connection, activity_ids) if activity_ids else {},
        invoices=await repository.invoice_numbers(connection, invoice_ids) if invoice_ids else {},
    )


def word(
    message: Message, channel: Channel, guardian: Guardian, around: Surroundings, post: Post
) -> Wording:
    """The message in French; the one place where a sealed password is opened.

    Raises SealBroken, jinja2.TemplateError.
    """
    background = around.background(message, guardian, _password(message, post))
    return post.writer.word(message.kind, channel, message.facts, background)
