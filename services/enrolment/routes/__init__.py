"""Enrolment over HTTP."""

from contracts.roles import GUARDIAN, OFFICE, OPERATOR, SIGNED_IN
from services.chassis.errors import NotFound
from services.chassis.web import Call, get, post
from services.enrolment.commands import town as commands
from services.enrolment.model.activities import School
from services.enrolment.model.years import SchoolYear
from services.enrolment.queries import town as queries
from services.enrolment.routes import admission as admission_routes
from services.enrolment.routes import applications as applications_routes
from services.enrolment.routes import enrolments as enrolments_routes
from services.enrolment.routes import papers as papers_routes
from services.enrolment.routes import regulations as regulations_routes
from services.enrolment.schemas import (
    ChildAnswer,
    Children,
    SchoolAnswer,
    SchoolBody,
    Schools,
    SchoolYearAnswer,
    SchoolYearBody,
    SchoolYears,
)
from services.enrolment.schemas.offers import (
    Activities,
    ActivitiesQuery,
    ActivityAnswer,
    ActivityBody,
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
    get("/activities", list_activities, allow=READERS),
    post("/activities", publish_activity, allow=PUBLISHERS, summary="Publier une activité"),
    get("/children", list_children, allow={GUARDIAN}),
    *enrolments_routes.ENDPOINTS,
    *applications_routes.ENDPOINTS,
    *regulations_routes.ENDPOINTS,
    *admission_routes.ENDPOINTS,
    *papers_routes.ENDPOINTS,
)
