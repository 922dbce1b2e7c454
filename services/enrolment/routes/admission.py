"""How children get into activities, and how places are distributed, over HTTP."""

from uuid import UUID

from contracts.roles import DESK, OFFICE, SIGNED_IN
from services.chassis.web import Call, get, post, put
from services.enrolment.commands.admission import settle_admission
from services.enrolment.commands.allocation import confirm_allocation, preview_allocation
from services.enrolment.model.admission import Admission
from services.enrolment.model.allocation import Criterion
from services.enrolment.model.enrolments import Status
from services.enrolment.queries import admissions, allocations
from services.enrolment.queries.admissions import Figures
from services.enrolment.routes.enrolments import hand_of
from services.enrolment.schemas.admission import (
    AdmissionAnswer,
    AdmissionBody,
    Admissions,
    AdmissionsQuery,
    AllocationAnswer,
    AllocationBody,
    Allocations,
    AllocationsQuery,
    AllocationSummary,
    CriterionAnswer,
)


async def list_admissions(call: Call, query: AdmissionsQuery) -> Admissions:
    """When families may ask for each activity, how many places there are and are left."""
    settled = await admissions.by_activity(call.connection, query.school_year)
    figures = await admissions.figures(call.connection, settled, query.school_year, call.today)
    return Admissions(
        admissions=[_answer(call, one, figures[one.activity_id]) for one in settled.values()]
    )


async def save_admission(call: Call, activity_id: UUID, body: AdmissionBody) -> AdmissionAnswer:
    """Settle when families may ask, how many places there are and how they are given."""
    values = body.model_dump(exclude={"criteria"})
    criteria = tuple(Criterion(**criterion.model_dump()) for criterion in body.criteria)
    admission = Admission(activity_id=activity_id, criteria=criteria, **values)
    await settle_admission(call.connection, admission, call.now)
    figures = await admissions.figures(call.connection, {activity_id: admission}, None, call.today)
    return _answer(call, admission, figures[activity_id])


def _answer(call: Call, admission: Admission, figures: Figures) -> AdmissionAnswer:
    return AdmissionAnswer(
        activity_id=admission.activity_id,
        opens_at=admission.opens_at,
        closes_at=admission.closes_at,
        window=admission.window(call.now),
        mode=admission.mode,
        automatic=admission.automatic,
        places=admission.places,
        papers=admission.papers,
        criteria=[CriterionAnswer.model_validate(criterion) for criterion in admission.criteria],
        left=figures.left,
        counts={Status(status): count for status, count in figures.by_status.items()},
    )


async def list_allocations(call: Call, query: AllocationsQuery) -> Allocations:
    """Previews and confirmed distributions of places, the newest first."""
    rows = await allocations.allocations(call.connection, query.activity_id)
    return Allocations(allocations=[AllocationSummary(**row) for row in rows])


async def show_allocation(call: Call, allocation_id: UUID) -> AllocationAnswer:
    """Who gets a place and who waits, child by child, and why."""
    return AllocationAnswer(**await allocations.allocation(call.connection, allocation_id))


async def preview(call: Call, body: AllocationBody) -> AllocationAnswer:
    """Preview who would get a place by the criteria; nobody is told."""
    made = await preview_allocation(
        call.connection, body.activity_id, seed=body.seed, now=call.now, hand=hand_of(call)
    )
    return await show_allocation(call, made.allocation_id)


async def confirm(call: Call, allocation_id: UUID) -> AllocationAnswer:
    """Confirm a preview: exactly what it shows is decided, and families are told."""
    await confirm_allocation(call.connection, allocation_id, now=call.now, hand=hand_of(call))
    return await show_allocation(call, allocation_id)


ENDPOINTS = (
    get("/admissions", list_admissions, allow=SIGNED_IN),
    put(
        "/admissions/{activity_id}",
        save_admission,
        allow=OFFICE,
        summary="Fixer les modalités d’inscription d’une activité",
    ),
    get("/allocations", list_allocations, allow=DESK),
    post(
        "/allocations",
        preview,
        allow=OFFICE,
        status=201,
        summary="Préparer une attribution de places",
    ),
    get("/allocations/{allocation_id}", show_allocation, allow=DESK),
    post(
        "/allocations/{allocation_id}/confirm",
        confirm,
        allow=OFFICE,
        summary="Confirmer une attribution de places",
    ),
)
