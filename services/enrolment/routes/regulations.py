"""House rules over HTTP."""

from contracts.roles import DESK, GUARDIAN, OFFICE, OPERATOR, SIGNED_IN
from services.chassis.web import Call, get, post
from services.enrolment.commands import regulations as commands
from services.enrolment.queries import regulations as queries
from services.enrolment.routes.enrolments import hand_of, own_family
from services.enrolment.schemas.regulations import (
    AcceptanceBody,
    OwedRegulations,
    OwedRegulationsAnswer,
    RegulationsAnswer,
    RegulationsBody,
    RegulationsQuery,
    RegulationsVersion,
    RegulationsVersions,
)


async def current_regulations(call: Call, query: RegulationsQuery) -> RegulationsAnswer:
    """The house rules in force in a school year, or in one activity."""
    found = await queries.current(call.connection, query.school_year, query.activity_id)
    return RegulationsAnswer.model_validate(found)


async def publish_regulations(call: Call, body: RegulationsBody) -> RegulationsAnswer:
    """Publish house rules, or a new version of them; families are asked to accept it."""
    published = await commands.publish_regulations(
        call.connection,
        label=body.school_year,
        title=body.title,
        text=body.text,
        now=call.now,
        activity_id=body.activity_id,
    )
    return RegulationsAnswer.model_validate(published)


async def list_versions(call: Call) -> RegulationsVersions:
    """Every version, and how many families accepted it."""
    rows = await queries.versions(call.connection)
    return RegulationsVersions(versions=[RegulationsVersion(**row) for row in rows])


async def list_owed(call: Call) -> OwedRegulations:
    """The house rules that the family is asked to accept."""
    rows = await queries.owed(call.connection, own_family(call), call.today)
    return OwedRegulations(regulations=[OwedRegulationsAnswer(**row) for row in rows])


async def accept_regulations(call: Call, body: AcceptanceBody) -> RegulationsAnswer:
    """Accept the house rules in force."""
    accepted = await commands.accept_regulations(
        call.connection,
        own_family(call),
        label=body.school_year,
        activity_id=body.activity_id,
        version=body.version,
        now=call.now,
        hand=hand_of(call),
    )
    return RegulationsAnswer.model_validate(accepted)


ENDPOINTS = (
    get(
        "/regulations",
        current_regulations,
        allow=SIGNED_IN | {OPERATOR},
        summary="Lire le règlement intérieur",
    ),
    post(
        "/regulations",
        publish_regulations,
        allow=OFFICE | {OPERATOR},
        summary="Publier le règlement intérieur",
    ),
    get("/regulations/versions", list_versions, allow=DESK),
    get("/regulations/owed", list_owed, allow={GUARDIAN}),
    post(
        "/regulations/acceptances",
        accept_regulations,
        allow={GUARDIAN},
        summary="Accepter le règlement intérieur",
    ),
)
