"""Distribute an activity's places by its criteria: previewed, then confirmed as previewed."""

from datetime import datetime
from secrets import token_hex
from uuid import UUID, uuid4

from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.enrolment import publishing
from services.enrolment.errors import NotByCriteria, RequestsChanged, WindowStillOpen
from services.enrolment.model.activities import Activity
from services.enrolment.model.admission import Admission, in_figures, places_left
from services.enrolment.model.allocation import Line, allocate, explanation, ranks_of_waiting
from services.enrolment.model.enrolments import Enrolment, Hand
from services.enrolment.repository import admissions, allocations, enrolments, offers
from services.enrolment.repository.allocations import Allocation

SEED_BYTES = 4


async def preview_allocation(
    connection: Connection, activity_id: UUID, *, seed: str, now: datetime, hand: Hand
) -> Allocation:
    """Who would get in and who would wait, were it decided now; nobody is told.

    The seed decides between equals: one that was drawn in public, or else a new one.
    """
    activity = await offers.activity(connection, activity_id)
    admission = await admissions.lock(connection, activity_id)
    seed = seed or token_hex(SEED_BYTES)
    places, lines = await _result(connection, activity, admission, seed, now)
    preview = Allocation(
        allocation_id=uuid4(),
        activity_id=activity_id,
        seed=seed,
        places=places,
        made_at=now,
        made_by=hand.account_id,
        confirmed_at=None,
        lines=tuple(lines),
    )
    words = {line.enrolment_id: explanation(line, lines, seed) for line in lines}
    await allocations.save(connection, preview, words)
    return preview


async def confirm_allocation(
    connection: Connection, allocation_id: UUID, *, now: datetime, hand: Hand
) -> Allocation:
    """Accept those with a place and rank the others, exactly as previewed; twice is once.

    Raises WindowStillOpen, or RequestsChanged when the same preview would now look different.
    """
    previewed = await allocations.lock(connection, allocation_id)
    if previewed.confirmed_at:
        return previewed
    activity = await offers.activity(connection, previewed.activity_id)
    admission = await admissions.lock(connection, previewed.activity_id)
    if admission.closes_at and admission.window(now) != "closed":
        closing = in_figures(admission.closes_at)
        raise WindowStillOpen(f"Les familles peuvent demander jusqu’au {closing}.")
    places, lines = await _result(connection, activity, admission, previewed.seed, now)
    if (places, tuple(lines)) != (previewed.places, previewed.lines):
        raise RequestsChanged("Refaites l’aperçu, puis confirmez-le.")
    await _apply(connection, activity, lines, now, hand)
    await allocations.confirm(connection, allocation_id, now, hand.account_id)
    return previewed


async def _result(
    connection: Connection, activity: Activity, admission: Admission, seed: str, now: datetime
) -> tuple[int, list[Line]]:
    if admission.mode != "allocation":
        raise NotByCriteria
    today = paris_date(now)
    stays = await admissions.stays(connection, activity.activity_id, today)
    places = places_left(admission, stays, today) or 0
    taking_part = await allocations.candidates(connection, activity.activity_id, admission.criteria)
    return places, allocate(taking_part, places, seed)


async def _apply(
    connection: Connection, activity: Activity, lines: list[Line], now: datetime, hand: Hand
) -> None:
    ranks = ranks_of_waiting(lines)
    before = await enrolments.lock_all(connection, [e.enrolment_id for e in lines])
    after = [_decided(enrolment, ranks, activity, now, hand) for enrolment in before]
    await enrolments.save(connection, *after)
    changed = [a for b, a in zip(before, after, strict=True) if a.version != b.version]
    await outbox.append_all(connection, map(publishing.reached, changed))


def _decided(
    enrolment: Enrolment, ranks: dict[UUID, int], activity: Activity, now: datetime, hand: Hand
) -> Enrolment:
    rank = ranks.get(enrolment.enrolment_id)
    if rank is None:
        return enrolment.accept(activity, now, hand)
    return enrolment.wait(now, hand, rank=rank)
