"""Several children and activities asked for at once: kept as drafts, then sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.chassis.database import Connection
from services.chassis.errors import DomainError, NotFound
from services.enrolment.commands.requests import (
    check_accepted,
    hand_in,
    home_of,
    open_activity,
)
from services.enrolment.errors import UnknownApplication
from services.enrolment.model.enrolments import Enrolment, Hand, Status, Wish
from services.enrolment.repository import enrolments


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one wish: the request or draft, or why there is none."""

    wish: Wish
    enrolment: Enrolment | None = None
    refusal: DomainError | None = None


async def keep_drafts(
    connection: Connection, wishes: Sequence[Wish], now: datetime, hand: Hand
) -> list[Outcome]:
    """Keep each wish as a draft of one application, if the child may be enrolled there.

    A child that is not the family's, or an activity that is none, refuses the whole.
    """
    return [await _keep_draft(connection, wish, now, hand) for wish in _in_lock_order(wishes)]


async def replace_drafts(
    connection: Connection,
    application_id: UUID,
    family_id: UUID,
    wishes: Sequence[Wish],
    now: datetime,
    hand: Hand,
) -> list[Outcome]:
    """Make the family's draft be these wishes instead. Raises UnknownApplication."""
    await discard_drafts(connection, application_id, family_id)
    return await keep_drafts(connection, wishes, now, hand)


async def discard_drafts(connection: Connection, application_id: UUID, family_id: UUID) -> None:
    """Forget a draft; nobody but the family ever saw it. Raises UnknownApplication."""
    drafts = await _drafts(connection, application_id, family_id)
    await enrolments.delete_drafts(connection, [d.enrolment_id for d in drafts])


async def send_drafts(
    connection: Connection,
    application_id: UUID,
    family_id: UUID,
    *,
    regulations_accepted: bool,
    now: datetime,
    hand: Hand,
) -> list[Outcome]:
    """Send each draft of the application; one that is refused stays a draft.

    Raises UnknownApplication, RegulationsNotAccepted.
    """
    check_accepted(regulations_accepted)
    drafts = await _drafts(connection, application_id, family_id)
    by_activity = sorted(drafts, key=lambda d: (d.wish.activity_id, d.enrolment_id))
    return [await _send(connection, draft, now, hand) for draft in by_activity]


async def _keep_draft(connection: Connection, wish: Wish, now: datetime, hand: Hand) -> Outcome:
    _home, child = await home_of(connection, wish.child_id, wish.family_id)
    try:
        activity = await open_activity(connection, wish.activity_id, child, now)
    except NotFound:
        raise
    except DomainError as refusal:
        return Outcome(wish, refusal=refusal)
    draft = Enrolment.begun(uuid4(), wish, activity, status=Status.DRAFT, now=now, hand=hand)
    await enrolments.insert(connection, draft)
    return Outcome(wish, draft)


async def _send(connection: Connection, draft: Enrolment, now: datetime, hand: Hand) -> Outcome:
    wish = draft.wish
    try:
        # What is refused half-way must leave the draft as it was.
        async with connection.transaction():
            _home, child = await home_of(connection, wish.child_id, wish.family_id)
            sent = await hand_in(connection, wish, child, now, hand, draft)
    except DomainError as refusal:
        return Outcome(wish, draft, refusal)
    return Outcome(wish, sent)


async def _drafts(connection: Connection, application_id: UUID, family_id: UUID) -> list[Enrolment]:
    found = await enrolments.drafts(connection, application_id, family_id)
    if not found:
        raise UnknownApplication
    return found


def _in_lock_order(wishes: Sequence[Wish]) -> list[Wish]:
    once = {(wish.activity_id, wish.child_id): wish for wish in wishes}
    return [once[pair] for pair in sorted(once)]
