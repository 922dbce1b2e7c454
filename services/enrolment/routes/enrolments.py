"""Requests over HTTP: from the draft to the last day."""

from collections.abc import Sequence
from uuid import UUID

from contracts.roles import DESK, GUARDIAN, OFFICE
from services.chassis.errors import NotFound
from services.chassis.web import Call, get, post
from services.enrolment.commands import decisions, requests
from services.enrolment.model.enrolments import Hand
from services.enrolment.queries import enrolments as queries
from services.enrolment.queries.papers import papers_of_enrolments
from services.enrolment.queries.town import require_child
from services.enrolment.schemas.enrolments import (
    BulkBody,
    BulkOutcome,
    BulkOutcomes,
    EnrolmentAnswer,
    EnrolmentBody,
    Enrolments,
    EnrolmentsQuery,
    NoteBody,
    RefusalBody,
    ReturnBody,
    WithdrawalBody,
)
from services.enrolment.schemas.papers import paper_answer

PARENTS = OFFICE | {GUARDIAN}


def hand_of(call: Call) -> Hand:
    """Who acts: the family for itself, or somebody of the staff."""
    return Hand("family" if call.caller.family_scope else "staff", call.caller.account_id)


def own_family(call: Call) -> UUID:
    """The guardian's own family. Raises NotFound when there is none."""
    if call.caller.family_id is None:
        raise NotFound
    return call.caller.family_id


async def list_enrolments(call: Call, query: EnrolmentsQuery) -> Enrolments:
    """Requests and enrolments with their history, the newest first; a family's drafts before."""
    own = call.caller.family_scope
    if own and query.child_id:
        await require_child(call.connection, own, query.child_id)
    wanted = queries.Wanted(
        family_id=own or query.family_id,
        status=query.status,
        child_id=query.child_id,
        activity_id=query.activity_id,
        school_year=query.school_year,
        with_drafts=own is not None,
    )
    found = await queries.enrolments(call.connection, wanted, page=query.page, size=query.size)
    rows = await _with_papers(call, found.rows)
    return Enrolments(enrolments=rows, total=found.total, page=query.page, size=query.size)


async def _with_papers(call: Call, rows: Sequence[queries.Row]) -> list[EnrolmentAnswer]:
    papers = await papers_of_enrolments(
        call.connection, [row["enrolment_id"] for row in rows], call.today
    )
    return [
        EnrolmentAnswer(
            **row, papers=[paper_answer(need) for need in papers.get(row["enrolment_id"], ())]
        )
        for row in rows
    ]


async def show_enrolment(call: Call, enrolment_id: UUID) -> EnrolmentAnswer:
    """One request with its history and its papers."""
    row = await queries.enrolment(call.connection, enrolment_id, call.caller.family_scope)
    return (await _with_papers(call, [row]))[0]


async def request_enrolment(call: Call, body: EnrolmentBody) -> EnrolmentAnswer:
    """Ask for a child's enrolment in an activity."""
    enrolment = await requests.request_enrolment(
        call.connection,
        family_id=call.caller.family_scope or body.family_id,
        child_id=body.child_id,
        activity_id=body.activity_id,
        regulations_accepted=body.regulations_accepted,
        now=call.now,
        hand=hand_of(call),
    )
    return await _answer(call, enrolment.enrolment_id)


async def complete_enrolment(call: Call, enrolment_id: UUID, body: NoteBody) -> EnrolmentAnswer:
    """Send a request again that was sent back to be completed."""
    await requests.complete_enrolment(
        call.connection,
        enrolment_id,
        family_id=call.caller.family_scope,
        note=body.note,
        now=call.now,
        hand=hand_of(call),
    )
    return await _answer(call, enrolment_id)


async def withdraw_enrolment(
    call: Call, enrolment_id: UUID, body: WithdrawalBody
) -> EnrolmentAnswer:
    """Withdraw a request, or leave an activity after a last day."""
    await decisions.withdraw_enrolment(
        call.connection,
        enrolment_id,
        family_id=call.caller.family_scope,
        ends_on=body.ends_on,
        note=body.note,
        now=call.now,
        hand=hand_of(call),
    )
    return await _answer(call, enrolment_id)


async def accept_enrolment(call: Call, enrolment_id: UUID) -> EnrolmentAnswer:
    """Accept a request; the child may then reserve."""
    await decisions.accept_enrolment(
        call.connection, enrolment_id, now=call.now, hand=hand_of(call)
    )
    return await _answer(call, enrolment_id)


async def accept_enrolments(call: Call, body: BulkBody) -> BulkOutcomes:
    """Accept several requests; each has its own outcome."""
    outcomes = await decisions.accept_several(
        call.connection, body.enrolment_ids, now=call.now, hand=hand_of(call)
    )
    return BulkOutcomes(
        items=[
            BulkOutcome(
                enrolment_id=enrolment_id,
                outcome="refused" if refusal else "accepted",
                reason=refusal.slug if refusal else None,
                detail=refusal.detail if refusal else None,
            )
            for enrolment_id, refusal in outcomes
        ]
    )


async def return_enrolment(call: Call, enrolment_id: UUID, body: ReturnBody) -> EnrolmentAnswer:
    """Send a request back to the family, with what lacks."""
    await decisions.return_enrolment(
        call.connection, enrolment_id, note=body.note, now=call.now, hand=hand_of(call)
    )
    return await _answer(call, enrolment_id)


async def refuse_enrolment(call: Call, enrolment_id: UUID, body: RefusalBody) -> EnrolmentAnswer:
    """Refuse a request, with the reason that the family reads."""
    await decisions.refuse_enrolment(
        call.connection, enrolment_id, reason=body.reason, now=call.now, hand=hand_of(call)
    )
    return await _answer(call, enrolment_id)


async def put_on_waiting_list(call: Call, enrolment_id: UUID, body: NoteBody) -> EnrolmentAnswer:
    """Put a request on the waiting list, in the order of its arrival."""
    await decisions.put_on_waiting_list(
        call.connection, enrolment_id, note=body.note, now=call.now, hand=hand_of(call)
    )
    return await _answer(call, enrolment_id)


async def _answer(call: Call, enrolment_id: UUID) -> EnrolmentAnswer:
    return EnrolmentAnswer(**await queries.enrolment(call.connection, enrolment_id))


ENDPOINTS = (
    get(
        "/enrolments",
        list_enrolments,
        allow=DESK | {GUARDIAN},
        summary="Voir les inscriptions d’une famille",
    ),
    get(
        "/enrolments/{enrolment_id}",
        show_enrolment,
        allow=DESK | {GUARDIAN},
        summary="Voir une inscription",
    ),
    post(
        "/enrolments",
        request_enrolment,
        allow=PARENTS,
        status=201,
        summary="Demander une inscription",
    ),
    post(
        "/enrolments/{enrolment_id}/completion",
        complete_enrolment,
        allow=PARENTS,
        summary="Renvoyer une demande complétée",
    ),
    post(
        "/enrolments/{enrolment_id}/withdrawal",
        withdraw_enrolment,
        allow=PARENTS,
        summary="Retirer une demande ou mettre fin à une inscription",
    ),
    post(
        "/enrolments/{enrolment_id}/accept",
        accept_enrolment,
        allow=OFFICE,
        summary="Accepter une inscription",
    ),
    post(
        "/acceptances",
        accept_enrolments,
        allow=OFFICE,
        summary="Accepter plusieurs inscriptions",
    ),
    post(
        "/enrolments/{enrolment_id}/return",
        return_enrolment,
        allow=OFFICE,
        summary="Demander à la famille de compléter sa demande",
    ),
    post(
        "/enrolments/{enrolment_id}/refuse",
        refuse_enrolment,
        allow=OFFICE,
        summary="Refuser une inscription",
    ),
    post(
        "/enrolments/{enrolment_id}/wait",
        put_on_waiting_list,
        allow=OFFICE,
        summary="Mettre une demande en liste d’attente",
    ),
)
