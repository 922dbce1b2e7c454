"""What enrolment tells the rest of the town."""

from contracts.envelope import Event
from contracts.events.enrolment import (
    ActivityPublished,
    DeadlineRule,
    EnrolmentAccepted,
    EnrolmentRefused,
    EnrolmentRequested,
    EnrolmentReturned,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
)
from services.enrolment import model
from services.enrolment.enrolments_model import Enrolment, Status
from services.enrolment.model import Activity


def published(activity: Activity) -> ActivityPublished:
    """The activity is on offer as described."""
    offer = activity.offer
    return ActivityPublished(
        activity_id=activity.activity_id,
        version=activity.version,
        name=offer.name,
        kind=offer.kind,
        school_year=offer.school_year,
        place=offer.place,
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
        days=offer.days,
        weekdays=offer.weekdays,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        capacity=offer.capacity,
        reserve_rule=_rule(offer.reserve_rule),
        cancel_rule=_rule(offer.cancel_rule),
    )


def _rule(rule: model.DeadlineRule) -> DeadlineRule:
    return DeadlineRule(kind=rule.kind, days=rule.days, at=rule.at)


def reached(enrolment: Enrolment) -> Event:
    """The event of the enrolment's newest step; a draft is told to nobody."""
    wish = enrolment.wish
    common = {
        "enrolment_id": enrolment.enrolment_id,
        "version": enrolment.version,
        "family_id": wish.family_id,
        "child_id": wish.child_id,
        "activity_id": wish.activity_id,
        "school_year": enrolment.school_year,
    }
    match enrolment.status:
        case Status.SUBMITTED:
            return EnrolmentRequested.model_validate(common)
        case Status.RETURNED:
            return EnrolmentReturned.model_validate(common)
        case Status.WAITING:
            return EnrolmentWaitlisted.model_validate(common)
        case Status.ACCEPTED:
            period = {"starts_on": enrolment.starts_on, "ends_on": enrolment.ends_on}
            return EnrolmentAccepted.model_validate(common | period)
        case Status.REFUSED:
            return EnrolmentRefused.model_validate(common)
        case Status.WITHDRAWN:
            return EnrolmentWithdrawn.model_validate(common | {"ends_on": enrolment.left_on})
        case Status.DRAFT:
            raise ValueError("a draft is the family's own")
