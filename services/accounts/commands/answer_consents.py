"""Consents: what the town asks, in which version, and what each home answers."""

from datetime import datetime
from uuid import UUID, uuid4

from services.accounts.commands.keep_record import tell_again
from services.accounts.errors import ConsentOutdated
from services.accounts.model.consents import ConsentAnswer, ConsentText
from services.accounts.publishing import access as publishing
from services.accounts.repository import consents, families
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import NotFound


async def publish_text(
    connection: Connection,
    title: str,
    body: str,
    *,
    consent_id: UUID | None,
    by: UUID | None,
    now: datetime,
) -> ConsentText:
    """Ask for another consent, or ask an old one again in another version. Raises NotFound."""
    version = 0
    if consent_id is not None:
        present = await consents.version_to_replace(connection, consent_id)
        if present is None:
            raise NotFound
        version = present
    text = ConsentText(consent_id or uuid4(), version + 1, title, body, now)
    await consents.publish(connection, text, by=by)
    await families.refresh_lacks(connection)
    await outbox.append(connection, publishing.consent_published(text))
    await families.tell_all_again(connection)
    return text


async def withdraw_text(connection: Connection, consent_id: UUID, now: datetime) -> None:
    """Ask a consent no more. Raises NotFound."""
    if await consents.version_to_replace(connection, consent_id) is None:
        raise NotFound
    await consents.withdraw(connection, consent_id, now)
    await families.refresh_lacks(connection)
    await outbox.append(connection, publishing.consent_withdrawn(consent_id))
    await families.tell_all_again(connection)


async def answer_consent(
    connection: Connection,
    answer: ConsentAnswer,
    *,
    guardian_id: UUID | None,
    account_id: UUID | None,
) -> None:
    """Keep a home's answer for its child, and tell whoever looks after it.

    Raises NotFound for another family's child, ConsentOutdated when a newer text is asked.
    """
    # The text first, then the family: who publishes a text locks them in this order.
    version = await consents.version_to_answer(connection, answer.consent_id)
    record = await families.lock(connection, answer.family_id)
    if record is None or record.child(answer.child_id) is None or version is None:
        raise NotFound
    if answer.version != version:
        raise ConsentOutdated
    await consents.answer(connection, answer, guardian_id=guardian_id, account_id=account_id)
    await families.refresh_lacks(connection, [answer.family_id])
    await outbox.append(connection, publishing.consent_answered(answer))
    await tell_again(connection, record)
