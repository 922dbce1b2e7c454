"""Waiting lists over HTTP."""

from uuid import UUID

from contracts.roles import OFFICE
from services.chassis import audit
from services.chassis.web import Call, delete, get, post
from services.reservations.asking import PARENTS, asker_of, family_of
from services.reservations.commands.answer_offer import accept_offer, decline_offer, give_up
from services.reservations.model.staffing import adults_for
from services.reservations.queries import waiting
from services.reservations.schemas.waiting import (
    AcceptedOffer,
    GroupAnswer,
    SessionLine,
    WaitAnswer,
    Waiting,
    WaitingQuery,
    Waits,
    WaitState,
)


async def list_waits(call: Call, query: WaitingQuery) -> Waits:
    """What a family waits for, at which rank, and what it is offered."""
    family_id = family_of(call, query.family_id)
    rows = await waiting.of_family(call.connection, family_id, with_ended=query.ended)
    return Waits(waiting=[WaitAnswer(**row) for row in rows])


async def accept(call: Call, waiting_id: UUID) -> AcceptedOffer:
    """Take the place that is offered."""
    await _about(call, waiting_id)
    outcome = await accept_offer(call.connection, waiting_id, asker_of(call, None), call.now)
    if outcome.reservation_id is None:
        raise RuntimeError("an offer that was taken is a reservation")
    return AcceptedOffer(waiting_id=waiting_id, reservation_id=outcome.reservation_id)


async def decline(call: Call, waiting_id: UUID) -> WaitState:
    """Leave the place that is offered to the next in line."""
    await _about(call, waiting_id)
    wait = await decline_offer(call.connection, waiting_id, asker_of(call, None), call.now)
    return WaitState(waiting_id=waiting_id, state=wait.state)


async def leave_line(call: Call, waiting_id: UUID) -> WaitState:
    """Wait no more."""
    await _about(call, waiting_id)
    wait = await give_up(call.connection, waiting_id, asker_of(call, None), call.now)
    return WaitState(waiting_id=waiting_id, state=wait.state)


async def show_line(call: Call, session_id: UUID) -> SessionLine:
    """The line of a session, in order, and how many adults its age groups need."""
    session, line, groups = await waiting.of_session(call.connection, session_id)
    return SessionLine(
        **session,
        line=[Waiting(**row) for row in line],
        groups=[
            GroupAnswer(**row, adults=adults_for(row["booked"], row["children_per_adult"]))
            for row in groups
        ],
    )


async def _about(call: Call, waiting_id: UUID) -> None:
    if call.caller.family_scope is None:
        audit.about(call, **await waiting.whose(call.connection, waiting_id))


ENDPOINTS = (
    get("/waiting", list_waits, allow=PARENTS, summary="Voir les attentes d’une famille"),
    post(
        "/waiting/{waiting_id}/accept",
        accept,
        allow=PARENTS,
        summary="Accepter une place proposée",
    ),
    post(
        "/waiting/{waiting_id}/decline",
        decline,
        allow=PARENTS,
        summary="Décliner une place proposée",
    ),
    delete(
        "/waiting/{waiting_id}", leave_line, allow=PARENTS, summary="Quitter une liste d’attente"
    ),
    get(
        "/sessions/{session_id}/waiting",
        show_line,
        allow=OFFICE,
        opens=True,
        summary="Ouvrir la liste d’attente d’une séance",
    ),
)
