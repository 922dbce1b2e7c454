"""What the staff writes to the families of an activity, over HTTP."""

from contracts.roles import OFFICE
from services.chassis.web import Call, get, post
from services.notifications import queries
from services.notifications.commands.broadcasting import reach_of, send_broadcast
from services.notifications.model import Audience
from services.notifications.schemas.broadcast import (
    AudienceQuery,
    BroadcastAnswer,
    BroadcastBody,
    BroadcastsAnswer,
    ReachAnswer,
    SentAnswer,
)


async def list_broadcasts(call: Call) -> BroadcastsAnswer:
    """What was written to many families, newest first."""
    rows = await queries.broadcasts(call.connection)
    return BroadcastsAnswer(broadcasts=[BroadcastAnswer(**row) for row in rows])


async def preview_broadcast(call: Call, query: AudienceQuery) -> ReachAnswer:
    """Whom a message would come to."""
    found = await reach_of(call.connection, _audience(call, query))
    return ReachAnswer(
        families=len(found.families),
        mails=found.mails,
        letters=found.letters,
        unknown=found.unknown,
        classes=found.classes,
    )


async def write_to_families(call: Call, body: BroadcastBody) -> SentAnswer:
    """Write to the families of an activity, each of them once."""
    broadcast, found = await send_broadcast(
        call.connection,
        _audience(call, body),
        body.subject,
        body.body,
        call.caller.account_id,
        call.now,
    )
    return SentAnswer(
        broadcast_id=broadcast.broadcast_id,
        families=broadcast.families,
        mails=found.mails,
        letters=found.letters,
        unknown=found.unknown,
    )


def _audience(call: Call, asked: AudienceQuery) -> Audience:
    return Audience(asked.activity_id, asked.day, asked.school_class, call.today)


ENDPOINTS = (
    get("/broadcasts", list_broadcasts, allow=OFFICE),
    get("/broadcasts/preview", preview_broadcast, allow=OFFICE),
    post(
        "/broadcasts",
        write_to_families,
        allow=OFFICE,
        status=201,
        summary="Écrire aux familles d’une activité",
    ),
)
