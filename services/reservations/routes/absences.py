"""Absences over HTTP: families declare them, the office decides."""

from uuid import UUID

from contracts.roles import GUARDIAN, OFFICE
from services.chassis.errors import FieldError, Invalid
from services.chassis.web import Call, delete, get, post
from services.reservations.commands import absences as commands
from services.reservations.model.absences import Absence
from services.reservations.model.periods import Period
from services.reservations.queries import absences as queries
from services.reservations.schemas.absences import (
    AbsenceAnswer,
    AbsenceBody,
    Absences,
    AbsencesQuery,
    AbsenceStated,
    ConfirmationBody,
    MissedAnswer,
    RefusalBody,
)

PARENTS = OFFICE | {GUARDIAN}
LONGEST_ABSENCE = 93
MAX_LISTED = 300


async def list_absences(call: Call, query: AbsencesQuery) -> Absences:
    """A family's absences; for the office everybody's."""
    family_id = call.caller.family_scope or query.family_id
    found = await queries.listed(call.connection, family_id, query.state, limit=MAX_LISTED)
    return Absences(absences=[_answer(one) for one in found])


async def declare_absence(call: Call, body: AbsenceBody) -> AbsenceStated:
    """Declare that a child will not come, or did not."""
    family_id = call.caller.family_scope or body.family_id
    if family_id is None:
        raise Invalid(errors=[FieldError("family_id", "Précisez la famille.")])
    absence = await commands.declare(
        call.connection,
        family_id,
        body.child_id,
        Period.between(body.from_day, body.to_day, longest=LONGEST_ABSENCE),
        body.reason_kind,
        by=call.caller.account_id,
        by_staff=call.caller.family_scope is None,
        now=call.now,
    )
    return _stated(absence)


async def withdraw_absence(call: Call, absence_id: UUID) -> AbsenceStated:
    """Take a declaration back: the child comes after all."""
    absence = await commands.withdraw(
        call.connection,
        absence_id,
        call.caller.family_scope,
        by=call.caller.account_id,
        now=call.now,
    )
    return _stated(absence)


async def excuse_absence(call: Call, absence_id: UUID, body: ConfirmationBody) -> AbsenceStated:
    """Excuse an absence by hand."""
    absence = await commands.confirm(
        call.connection,
        absence_id,
        body.certificate_on or call.today,
        override=body.override,
        by=call.caller.account_id,
        now=call.now,
    )
    return _stated(absence)


async def refuse_absence(call: Call, absence_id: UUID, body: RefusalBody) -> AbsenceStated:
    """Refuse to excuse an absence."""
    absence = await commands.refuse(
        call.connection, absence_id, body.reason, by=call.caller.account_id, now=call.now
    )
    return _stated(absence)


def _stated(absence: Absence) -> AbsenceStated:
    return AbsenceStated(
        absence_id=absence.absence_id,
        family_id=absence.family_id,
        child_id=absence.child_id,
        state=absence.state,
        refusal=absence.refusal,
    )


def _answer(listed: queries.Listed) -> AbsenceAnswer:
    is_open = listed.absence["state"] == "declared"
    return AbsenceAnswer(
        **listed.absence,
        certificate_due=listed.due,
        certificate_prompt=listed.prompt,
        sessions=[_missed(session, is_open=is_open) for session in listed.sessions],
    )


def _missed(session: queries.Row, *, is_open: bool) -> MissedAnswer:
    if session["attendance"] == "present":
        outcome = "came"
    elif session["attendance"] == "excused":
        outcome = "excused"
    else:
        outcome = "waiting" if is_open else "charged"
    return MissedAnswer.model_validate({**session, "outcome": outcome})


ENDPOINTS = (
    get("/absences", list_absences, allow=PARENTS, summary="Voir les absences déclarées"),
    post(
        "/absences",
        declare_absence,
        allow=PARENTS,
        status=201,
        summary="Déclarer l’absence d’un enfant",
    ),
    delete(
        "/absences/{absence_id}",
        withdraw_absence,
        allow=PARENTS,
        summary="Retirer une absence déclarée",
    ),
    post(
        "/absences/{absence_id}/excuse",
        excuse_absence,
        allow=OFFICE,
        summary="Justifier une absence",
    ),
    post(
        "/absences/{absence_id}/refuse",
        refuse_absence,
        allow=OFFICE,
        summary="Refuser de justifier une absence",
    ),
)
