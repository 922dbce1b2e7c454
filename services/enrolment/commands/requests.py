"""Requests as families hand them in and complete them, each in the transaction of its edge."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.errors import FieldError
from services.enrolment import publishing
from services.enrolment.commands.decisions import Held, decide, free_day, hold, later_than_today
from services.enrolment.commands.regulations import accept_with_request
from services.enrolment.errors import (
    PapersMissing,
    RegulationsNotAccepted,
    UnknownChild,
)
from services.enrolment.model.activities import Activity, Child
from services.enrolment.model.enrolments import TOWN, Enrolment, Hand, Status, Wish
from services.enrolment.model.papers import Asking, missing
from services.enrolment.repository import admissions, enrolments, offers, papers, town


async def request_enrolment(
    connection: Connection,
    *,
    family_id: UUID | None,
    child_id: UUID,
    activity_id: UUID,
    regulations_accepted: bool,
    now: datetime,
    hand: Hand,
) -> Enrolment:
    """Hand in one request. Without a family (staff), the child's only home is meant."""
    check_accepted(regulations_accepted)
    home, child = await home_of(connection, child_id, family_id)
    return await hand_in(connection, Wish(home, child_id, activity_id), child, now, hand)


def check_accepted(regulations_accepted: bool) -> None:
    """Raises RegulationsNotAccepted."""
    if not regulations_accepted:
        message = "Acceptez le règlement intérieur pour inscrire l’enfant."
        raise RegulationsNotAccepted(errors=[FieldError("regulations_accepted", message)])


async def hand_in(
    connection: Connection,
    wish: Wish,
    child: Child,
    now: datetime,
    hand: Hand,
    draft: Enrolment | None = None,
) -> Enrolment:
    """Send a request, or a draft; where the town decides at once, it is answered here.

    A family is held to the window and to the papers that the activity insists on.
    """
    activity = await open_activity(connection, wish.activity_id, child, now)
    admission = await admissions.lock(connection, wish.activity_id)
    if not hand.is_staff:
        admission.check_open(now)
    lacking = [] if hand.is_staff else await _lacking(connection, wish, activity, now)
    if lacking and admission.papers == "block":
        raise PapersMissing(f"Il manque : {', '.join(lacking)}.")
    version = await accept_with_request(connection, wish.family_id, activity, now, hand)
    if draft:
        await enrolments.delete_drafts(connection, [draft.enrolment_id])
        sent = draft.submit(now, hand, regulations_version=version)
    else:
        sent = Enrolment.begun(
            uuid4(),
            wish,
            activity,
            status=Status.SUBMITTED,
            now=now,
            hand=hand,
            regulations_version=version,
        )
    await enrolments.insert(connection, sent)
    await outbox.append(connection, publishing.reached(sent))
    return await _answer_at_once(connection, Held(sent, activity, admission), lacking, now)


async def open_activity(
    connection: Connection, activity_id: UUID, child: Child, now: datetime
) -> Activity:
    """The activity, if it takes the child. Raises ActivityOver, AgeOutOfRange, ClassNotAdmitted."""
    activity = await offers.activity(connection, activity_id)
    year = await town.school_year(connection, activity.offer.school_year)
    activity.check_open_to(child, year, paris_date(now))
    return activity


async def _answer_at_once(
    connection: Connection, held: Held, lacking: Sequence[str], now: datetime
) -> Enrolment:
    sent, admission = held.enrolment, held.admission
    if lacking and admission.papers == "complete":
        note = f"Il manque : {', '.join(lacking)}."
        return await decide(connection, sent, sent.send_back(note, now, TOWN))
    if not admission.decides_at_once:
        return sent
    day = await free_day(connection, held, now)
    answered = (
        sent.wait(now, TOWN)
        if day is None
        else sent.accept(held.activity, now, TOWN, from_day=later_than_today(day, now))
    )
    return await decide(connection, sent, answered)


async def complete_enrolment(
    connection: Connection,
    enrolment_id: UUID,
    *,
    family_id: UUID | None,
    note: str,
    now: datetime,
    hand: Hand,
) -> Enrolment:
    """Send again what was sent back. Raises PapersMissing while the activity insists on one."""
    held = await hold(connection, enrolment_id, family_id)
    before = held.enrolment
    after = before.submit(now, hand, regulations_version=before.regulations_version, note=note)
    if after.version == before.version:
        return before
    if not hand.is_staff and held.admission.papers != "show":
        lacking = await _lacking(connection, before.wish, held.activity, now)
        if lacking:
            raise PapersMissing(f"Il manque : {', '.join(lacking)}.")
    await decide(connection, before, after)
    return await _answer_at_once(connection, Held(after, held.activity, held.admission), (), now)


async def home_of(
    connection: Connection, child_id: UUID, family_id: UUID | None
) -> tuple[UUID, Child]:
    """The family that asks, and its child. Raises UnknownChild."""
    homes = await town.homes_of(connection, child_id, family_id)
    if not homes:
        raise UnknownChild
    if len(homes) > 1:
        raise UnknownChild(
            "L’enfant a deux foyers : précisez lequel.",
            errors=[FieldError("family_id", "Précisez la famille qui demande.")],
        )
    return homes[0]


async def _lacking(
    connection: Connection, wish: Wish, activity: Activity, now: datetime
) -> list[str]:
    """The compulsory papers that the activity asks for and the family has not handed in."""
    offer = activity.offer
    if not offer.document_types:
        return []
    asking = Asking(wish.child_id, activity.activity_id, offer.name, offer.document_types)
    kinds = await papers.document_types(connection)
    held = await papers.papers(connection, [wish.family_id])
    return missing(kinds, held[wish.family_id], asking, paris_date(now))
