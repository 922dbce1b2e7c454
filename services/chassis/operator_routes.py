"""What an operator asks of any service: dead letters, and refilling the bus."""

from datetime import datetime
from uuid import UUID

from aiohttp import web

from contracts.roles import OPERATOR
from services.chassis import dead_letters
from services.chassis.intake import Intake
from services.chassis.web import Answer, Body, Call, Endpoint, get, post

INTAKE = web.AppKey("intake", Intake)


class DeadLetterLine(Answer):
    """One event that waits for a decision."""

    id: UUID
    event_id: UUID | None
    topic: str
    key: str
    headers: dict[str, str]
    reason: str
    attempts: int
    created_at: datetime


class DeadLetter(DeadLetterLine):
    """The same, whole."""

    body: str


class DeadLetterList(Answer):
    """Waiting dead letters, oldest first."""

    dead_letters: list[DeadLetterLine]


class Replayed(Answer):
    """How many events will be published again."""

    events: int


class ReplayRequest(Body):
    """Publish again what was published since this instant; everything kept when absent."""

    since: datetime | None = None


async def list_dead_letters(call: Call) -> DeadLetterList:
    """The events that this service could not take in."""
    rows = await dead_letters.waiting(call.connection)
    return DeadLetterList(dead_letters=[DeadLetterLine(**row) for row in rows])


async def show_dead_letter(call: Call, dead_letter_id: UUID) -> DeadLetter:
    """One waiting event, with its body."""
    row = await dead_letters.waiting_one(call.connection, dead_letter_id)
    return DeadLetter(**{**row, "body": row["body"].decode(errors="replace")})


async def replay_dead_letter(call: Call, dead_letter_id: UUID) -> None:
    """Take the event in now; when it fails again it stays where it was."""
    record = await dead_letters.take_back(call.connection, dead_letter_id, call.now)
    await call.app[INTAKE].replay(call.connection, record)


async def replay_outbox(call: Call, body: ReplayRequest) -> Replayed:
    """Refill a bus that lost events: subscribers skip those that they know."""
    status = await call.connection.execute(
        """UPDATE outbox SET published_at = NULL
           WHERE published_at IS NOT NULL
             AND created_at >= coalesce($1, '-infinity'::timestamptz)""",
        body.since,
    )
    return Replayed(events=int(status.rpartition(" ")[2]))


ENDPOINTS: tuple[Endpoint, ...] = (
    get("/dead-letters", list_dead_letters, allow={OPERATOR}),
    get("/dead-letters/{dead_letter_id}", show_dead_letter, allow={OPERATOR}),
    post("/dead-letters/{dead_letter_id}/replay", replay_dead_letter, allow={OPERATOR}),
    post("/outbox/replay", replay_outbox, allow={OPERATOR}),
)
