"""The papers that families owe, over HTTP."""

from contracts.roles import DESK, GUARDIAN
from services.chassis.errors import FieldError, Invalid, NotFound
from services.chassis.web import Call, get
from services.enrolment.model.papers import is_complete
from services.enrolment.queries import papers
from services.enrolment.queries.town import require_child
from services.enrolment.schemas.papers import PapersAnswer, PapersQuery, paper_answer


async def list_papers(call: Call, query: PapersQuery) -> PapersAnswer:
    """Voir les pièces demandées à une famille"""
    own = call.caller.family_scope
    if own is not None and query.family_id not in (None, own):
        raise NotFound
    family_id = own or query.family_id
    if family_id is None:
        raise Invalid(errors=[FieldError("family_id", "Indiquez la famille concernée.")])
    if query.activity_id and query.child_id is None:
        raise Invalid(errors=[FieldError("child_id", "Indiquez l’enfant concerné.")])
    if query.child_id:
        await require_child(call.connection, family_id, query.child_id)
    if query.activity_id and query.child_id:
        found = await papers.papers_for_activity(
            call.connection, family_id, query.child_id, query.activity_id, call.today
        )
    else:
        found = await papers.papers_of_family(call.connection, family_id, call.today)
        if query.child_id:
            found = [need for need in found if need.child_id in (None, query.child_id)]
    return PapersAnswer(papers=[paper_answer(n) for n in found], complete=is_complete(found))


ENDPOINTS = (get("/papers", list_papers, allow=DESK | {GUARDIAN}, opens=True),)
