"""What becomes of requests: each step in the transaction that its edge opened.

Locks are taken in one order everywhere: the activity, its admission, then enrolments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.errors import DomainError
from services.enrolment import publishing
from services.enrolment.errors import (
    ActivityFull,
    UnknownEnrolment,
)
from services.enrolment.model.activities import Activity
from services.enrolment.model.admission import Admission, first_free_day
from services.enrolment.model.enrolments import TOWN, Enrolment, Hand
from services.enrolment.repository import admissions, enrolments, offers


@dataclass(frozen=True, slots=True)
class Held:
    """An enrolment with what decides about it, all locked."""

    enrolment: Enrolment
    activity: Activity
    admission: Admission


async def accept_enrolment(
    connection: Connection, enrolment_id: UUID, *, now: datetime, hand: Hand
) -> Enrolment:
    """The child is enrolled over the activity's period. Raises ActivityFull."""
    held = await hold(connection, enrolment_id)
    accepted = held.enrolment.accept(held.activity, now, hand)
    if accepted is held.enrolment:
        return accepted
    day = await free_day(connection, held, now)
    if day is None:
        places = held.admission.places
        raise ActivityFull(f"Les {places} places sont prises : mettez la demande en attente.")
    accepted = held.enrolment.accept(held.activity, now, hand, from_day=later_than_today(day, now))
    return await decide(connection, held.enrolment, accepted)


async def accept_several(
    connection: Connection, enrolment_ids: Sequence[UUID], *, now: datetime, hand: Hand
) -> list[tuple[UUID, DomainError | None]]:
    """Accept each of these; those that cannot be are told with why."""
    outcomes: list[tuple[UUID, DomainError | None]] = []
    for enrolment_id in await enrolments.in_lock_order(connection, enrolment_ids):
        refusal = None
        try:
            await accept_enrolment(connection, enrolment_id, now=now, hand=hand)
        except DomainError as error:
            refusal = error
        outcomes.append((enrolment_id, refusal))
    return outcomes


async def return_enrolment(
    connection: Connection, enrolment_id: UUID, *, note: str, now: datetime, hand: Hand
) -> Enrolment:
    """Ask the family to complete its request; it reads what lacks."""
    before = (await hold(connection, enrolment_id)).enrolment
    return await decide(connection, before, before.send_back(note, now, hand))


async def refuse_enrolment(
    connection: Connection, enrolment_id: UUID, *, reason: str, now: datetime, hand: Hand
) -> Enrolment:
    """The request is refused, with a reason that the family reads."""
    before = (await hold(connection, enrolment_id)).enrolment
    return await decide(connection, before, before.refuse(reason, now, hand))


async def put_on_waiting_list(
    connection: Connection, enrolment_id: UUID, *, note: str, now: datetime, hand: Hand
) -> Enrolment:
    """There is no place for the child now; it keeps the rank of its arrival."""
    before = (await hold(connection, enrolment_id)).enrolment
    return await decide(connection, before, before.wait(now, hand, note=note))


async def withdraw_enrolment(
    connection: Connection,
    enrolment_id: UUID,
    *,
    family_id: UUID | None,
    ends_on: date | None,
    note: str,
    now: datetime,
    hand: Hand,
) -> Enrolment:
    """The child leaves after this day; its place goes to who waits, where the town does so."""
    held = await hold(connection, enrolment_id, family_id)
    gone = held.enrolment.withdraw(ends_on, now, hand, note=note)
    await decide(connection, held.enrolment, gone)
    await fill_places(connection, held.activity, held.admission, now)
    return gone


async def fill_places(
    connection: Connection, activity: Activity, admission: Admission, now: datetime
) -> None:
    """Give free places to those who wait, in their order, where the town does so by itself."""
    if not admission.automatic or paris_date(now) > activity.offer.ends_on:
        return
    for enrolment_id in await enrolments.waiting(connection, activity.activity_id):
        waiting = await enrolments.lock(connection, enrolment_id)
        day = await free_day(connection, Held(waiting, activity, admission), now)
        if day is None:
            return
        accepted = waiting.accept(activity, now, TOWN, from_day=later_than_today(day, now))
        await decide(connection, waiting, accepted)


async def hold(connection: Connection, enrolment_id: UUID, family_id: UUID | None = None) -> Held:
    """The enrolment, locked; of this family when one is given. Raises UnknownEnrolment."""
    activity_id = await enrolments.activity_of(connection, enrolment_id)
    activity = await offers.activity(connection, activity_id)
    admission = await admissions.lock(connection, activity_id)
    enrolment = await enrolments.lock(connection, enrolment_id)
    if family_id not in (None, enrolment.wish.family_id):
        raise UnknownEnrolment
    return Held(enrolment, activity, admission)


async def decide(connection: Connection, before: Enrolment, after: Enrolment) -> Enrolment:
    """Store the newest step and tell it, if there is one."""
    if after.version != before.version:
        await enrolments.save(connection, after)
        await outbox.append(connection, publishing.reached(after))
    return after


def later_than_today(day: date, now: datetime) -> date | None:
    """The day when a place becomes free; None when it is free already."""
    return day if day > paris_date(now) else None


async def free_day(connection: Connection, held: Held, now: datetime) -> date | None:
    """From which day one more child has a place to the end; None when there is none."""
    if held.admission.places is None:
        return paris_date(now)
    today = paris_date(now)
    stays = await admissions.stays(connection, held.activity.activity_id, today)
    return first_free_day(held.admission.places, stays, today, held.activity.offer.ends_on)
