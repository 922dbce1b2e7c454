"""Several children and activities asked for at once, over HTTP; what there is to choose from."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from contracts.roles import GUARDIAN
from services.chassis.web import Call, delete, get, post, put
from services.enrolment.commands import applications
from services.enrolment.commands.applications import Outcome
from services.enrolment.model.enrolments import Wish
from services.enrolment.queries import choices
from services.enrolment.routes.enrolments import hand_of, own_family
from services.enrolment.schemas import SchoolYearAnswer
from services.enrolment.schemas.applications import (
    Application,
    ApplicationBody,
    ChildChoices,
    ChoiceAnswer,
    Choices,
    ChoicesQuery,
    Renewal,
    Renewals,
    SendingBody,
    WishOutcome,
)


async def keep_application(call: Call, body: ApplicationBody) -> Application:
    """Keep a draft for several children and activities; nobody else sees it."""
    application_id = uuid4()
    outcomes = await applications.keep_drafts(
        call.connection, _wishes(call, application_id, body), call.now, hand_of(call)
    )
    return _application(application_id, outcomes)


async def change_application(
    call: Call, application_id: UUID, body: ApplicationBody
) -> Application:
    """Make the draft be this instead."""
    outcomes = await applications.replace_drafts(
        call.connection,
        application_id,
        own_family(call),
        _wishes(call, application_id, body),
        call.now,
        hand_of(call),
    )
    return _application(application_id, outcomes)


async def discard_application(call: Call, application_id: UUID) -> None:
    """Forget the draft."""
    await applications.discard_drafts(call.connection, application_id, own_family(call))


async def send_application(call: Call, application_id: UUID, body: SendingBody) -> Application:
    """Send the draft; each request has its own outcome, and one that is refused stays a draft."""
    outcomes = await applications.send_drafts(
        call.connection,
        application_id,
        own_family(call),
        regulations_accepted=body.regulations_accepted,
        now=call.now,
        hand=hand_of(call),
    )
    return _application(application_id, outcomes)


def _wishes(call: Call, application_id: UUID, body: ApplicationBody) -> list[Wish]:
    family_id = own_family(call)
    return [
        Wish(
            family_id=family_id,
            child_id=item.child_id,
            activity_id=item.activity_id,
            application_id=application_id,
            together=body.together,
            declared=item.declared,
        )
        for item in body.items
    ]


def _application(application_id: UUID, outcomes: Sequence[Outcome]) -> Application:
    items = [
        WishOutcome(
            child_id=outcome.wish.child_id,
            activity_id=outcome.wish.activity_id,
            enrolment_id=outcome.enrolment.enrolment_id if outcome.enrolment else None,
            status=outcome.enrolment.status if outcome.enrolment else None,
            reason=outcome.refusal.slug if outcome.refusal else None,
            detail=outcome.refusal.detail if outcome.refusal else None,
        )
        for outcome in outcomes
    ]
    return Application(application_id=application_id, items=items)


async def list_choices(call: Call, query: ChoicesQuery) -> Choices:
    """What the family may ask for: each child with the activities of its age."""
    found = await choices.choosing(call.connection, own_family(call), query.school_year, call.now)
    return Choices(
        school_year=found.year.label if found.year else None,
        school_years=[SchoolYearAnswer.model_validate(year) for year in found.years],
        children=[
            ChildChoices(
                child_id=child["child_id"],
                first_name=child["first_name"],
                last_name=child["last_name"],
                school_name=child["school_name"],
                school_class=child["school_class"],
                choices=[
                    ChoiceAnswer(
                        activity_id=choice.activity_id,
                        state=choice.state,
                        status=choice.status,
                        proposed=choice.proposed,
                    )
                    for choice in found.by_child.get(child["child_id"], ())
                ],
            )
            for child in found.children
        ],
    )


async def list_renewals(call: Call) -> Renewals:
    """What the family's children could go on with in the school year after theirs."""
    rows = await choices.renewals(call.connection, own_family(call), call.now)
    return Renewals(renewals=[Renewal(**row) for row in rows])


ENDPOINTS = (
    post(
        "/applications",
        keep_application,
        allow={GUARDIAN},
        status=201,
        summary="Commencer un brouillon de demande",
    ),
    put(
        "/applications/{application_id}",
        change_application,
        allow={GUARDIAN},
        summary="Modifier un brouillon de demande",
    ),
    delete(
        "/applications/{application_id}",
        discard_application,
        allow={GUARDIAN},
        summary="Supprimer un brouillon de demande",
    ),
    post(
        "/applications/{application_id}/send",
        send_application,
        allow={GUARDIAN},
        summary="Envoyer une demande d’inscription",
    ),
    get("/choices", list_choices, allow={GUARDIAN}),
    get("/renewals", list_renewals, allow={GUARDIAN}),
)
