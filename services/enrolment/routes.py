"""Enrolment over HTTP."""

from uuid import UUID

from contracts.roles import DESK, GUARDIAN, OFFICE, OPERATOR, SIGNED_IN
from services.chassis.errors import NotFound
from services.chassis.web import Call, get, post
from services.enrolment import commands, papers_queries, papers_routes, queries
from services.enrolment.model import School, SchoolYear
from services.enrolment.offers_schemas import (
    Activities,
    ActivitiesQuery,
    ActivityAnswer,
    ActivityBody,
)
from services.enrolment.papers_schemas import paper_answer
from services.enrolment.schemas import (
    ChildAnswer,
    Children,
    EnrolmentAnswer,
    EnrolmentBody,
    Enrolments,
    EnrolmentsQuery,
    RefusalBody,
    RegulationsAnswer,
    RegulationsBody,
    RegulationsQuery,
    SchoolAnswer,
    SchoolBody,
    Schools,
    SchoolYearAnswer,
    SchoolYearBody,
    SchoolYears,
)

PUBLISHERS = OFFICE | {OPERATOR}
READERS = SIGNED_IN | {OPERATOR}


async def list_school_years(call: Call) -> SchoolYears:
    """The school years, the newest first."""
    years = await queries.school_years(call.connection)
    return SchoolYears(school_years=[SchoolYearAnswer.model_validate(year) for year in years])


async def open_school_year(call: Call, body: SchoolYearBody) -> SchoolYearAnswer:
    """Open a school year, or correct its dates while nothing rests on them."""
    year = SchoolYear(**body.model_dump())
    return SchoolYearAnswer.model_validate(await commands.open_school_year(call.connection, year))


async def list_schools(call: Call) -> Schools:
    """The town's schools."""
    schools = await queries.schools(call.connection)
    return Schools(schools=[SchoolAnswer.model_validate(school) for school in schools])


async def name_school(call: Call, body: SchoolBody) -> SchoolAnswer:
    """Add a school, or correct its name and address."""
    school = await commands.name_school(call.connection, School(**body.model_dump()))
    return SchoolAnswer.model_validate(school)


async def current_regulations(call: Call, query: RegulationsQuery) -> RegulationsAnswer:
    """The house rules in force in a school year."""
    found = await queries.regulations(call.connection, query.school_year)
    return RegulationsAnswer.model_validate(found)


async def publish_regulations(call: Call, body: RegulationsBody) -> RegulationsAnswer:
    """Publish a school year's house rules, or a new version of them."""
    published = await commands.publish_regulations(
        call.connection, label=body.school_year, title=body.title, text=body.text, now=call.now
    )
    return RegulationsAnswer.model_validate(published)


async def list_activities(call: Call, query: ActivitiesQuery) -> Activities:
    """The activities on offer."""
    rows = await queries.activities(call.connection, query.school_year)
    return Activities(activities=[ActivityAnswer(**row) for row in rows])


async def publish_activity(call: Call, body: ActivityBody) -> ActivityAnswer:
    """Publish an activity, or its change."""
    year = await queries.school_year(call.connection, body.school_year)
    offer = body.offer(year.starts_on, year.ends_on)
    activity = await commands.publish_activity(call.connection, offer)
    return ActivityAnswer(**await queries.activity(call.connection, activity.activity_id))


async def list_children(call: Call) -> Children:
    """The children of the caller's family."""
    if call.caller.family_id is None:
        raise NotFound
    rows = await queries.children(call.connection, call.caller.family_id)
    return Children(children=[ChildAnswer(**row) for row in rows])


async def list_enrolments(call: Call, query: EnrolmentsQuery) -> Enrolments:
    """Requests and enrolments with their history, the newest first."""
    family_id = call.caller.family_scope or query.family_id
    if call.caller.family_scope and query.child_id:
        await queries.require_child(call.connection, call.caller.family_scope, query.child_id)
    wanted = queries.Wanted(family_id, query.status, query.child_id, query.activity_id)
    found = await queries.enrolments(call.connection, wanted, page=query.page, size=query.size)
    papers = await papers_queries.papers_of_enrolments(
        call.connection, [row["enrolment_id"] for row in found.rows], call.today
    )
    rows = [
        EnrolmentAnswer(
            **row, papers=[paper_answer(need) for need in papers.get(row["enrolment_id"], ())]
        )
        for row in found.rows
    ]
    return Enrolments(enrolments=rows, total=found.total, page=query.page, size=query.size)


async def request_enrolment(call: Call, body: EnrolmentBody) -> EnrolmentAnswer:
    """Ask for a child's enrolment in an activity."""
    enrolment = await commands.request_enrolment(
        call.connection,
        family_id=call.caller.family_scope or body.family_id,
        child_id=body.child_id,
        activity_id=body.activity_id,
        regulations_accepted=body.regulations_accepted,
        now=call.now,
        by=call.caller.account_id,
    )
    return EnrolmentAnswer(**await queries.enrolment(call.connection, enrolment.enrolment_id))


async def accept_enrolment(call: Call, enrolment_id: UUID) -> EnrolmentAnswer:
    """Accept a request; the child may then reserve."""
    await commands.accept_enrolment(
        call.connection, enrolment_id, now=call.now, by=call.caller.account_id
    )
    return EnrolmentAnswer(**await queries.enrolment(call.connection, enrolment_id))


async def refuse_enrolment(call: Call, enrolment_id: UUID, body: RefusalBody) -> EnrolmentAnswer:
    """Refuse a request, with the reason that the family reads."""
    await commands.refuse_enrolment(
        call.connection,
        enrolment_id,
        reason=body.reason,
        now=call.now,
        by=call.caller.account_id,
    )
    return EnrolmentAnswer(**await queries.enrolment(call.connection, enrolment_id))


ENDPOINTS = (
    get("/school-years", list_school_years, allow=READERS),
    post(
        "/school-years",
        open_school_year,
        allow=PUBLISHERS,
        summary="Ouvrir ou corriger une année scolaire",
    ),
    get("/schools", list_schools, allow=READERS),
    post("/schools", name_school, allow=PUBLISHERS, summary="Ajouter ou corriger une école"),
    get("/regulations", current_regulations, allow=READERS),
    post(
        "/regulations",
        publish_regulations,
        allow=PUBLISHERS,
        summary="Publier le règlement intérieur",
    ),
    get("/activities", list_activities, allow=READERS),
    post("/activities", publish_activity, allow=PUBLISHERS, summary="Publier une activité"),
    get("/children", list_children, allow={GUARDIAN}),
    get(
        "/enrolments",
        list_enrolments,
        allow=DESK | {GUARDIAN},
        summary="Voir les inscriptions d’une famille",
    ),
    post(
        "/enrolments",
        request_enrolment,
        allow=OFFICE | {GUARDIAN},
        status=201,
        summary="Demander une inscription",
    ),
    post(
        "/enrolments/{enrolment_id}/accept",
        accept_enrolment,
        allow=OFFICE,
        summary="Accepter une inscription",
    ),
    post(
        "/enrolments/{enrolment_id}/refuse",
        refuse_enrolment,
        allow=OFFICE,
        summary="Refuser une inscription",
    ),
    *papers_routes.ENDPOINTS,
)
