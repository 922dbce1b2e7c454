"""What enrolment tells the rest of the town."""

from contracts.envelope import Event
from contracts.events.deadlines import Deadline, WorkingDaysBefore
from contracts.events.enrolment import (
    ActivityPublished,
    ActivityPublishedV2,
    DeadlineRule,
    EnrolmentAccepted,
    EnrolmentRefused,
    EnrolmentRequested,
    EnrolmentReturned,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
)
from services.enrolment.model.activities import Activity
from services.enrolment.model.enrolments import Enrolment, Status

USUALLY_NOT_COUNTED = frozenset(WorkingDaysBefore(days=0, at="00:00").not_counted)


def published(activity: Activity) -> tuple[ActivityPublished, ActivityPublishedV2]:
    """The activity is on offer as described: in both versions, for readers of either."""
    offer = activity.offer
    common = {
        "activity_id": activity.activity_id,
        "version": activity.version,
        "name": offer.name,
        "kind": offer.kind,
        "school_year": offer.school_year,
        "place": offer.place,
        "starts_on": offer.starts_on,
        "ends_on": offer.ends_on,
        "days": offer.days,
        "weekdays": offer.weekdays,
        "capacity": offer.capacity,
    }
    rules = {
        "reserve_rule": _simple(offer.reserve_rule),
        "cancel_rule": _simple(offer.cancel_rule),
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
    }
    rich = {
        "slots": offer.slots,
        "age_groups": offer.age_groups,
        "classes": offer.classes,
        "reserve_rule": offer.reserve_rule,
        "cancel_rule": offer.cancel_rule,
        "after_deadline": offer.after_deadline,
        "waiting_list": offer.waiting_list,
        "absence_rule": offer.absence_rule,
    }
    return (
        ActivityPublished.model_validate(common | rules),
        ActivityPublishedV2.model_validate(common | rich),
    )


def _simple(rule: Deadline) -> DeadlineRule:
    """The rule as version 1 can say it; one that it cannot say is none there."""
    if isinstance(rule, WorkingDaysBefore) and set(rule.not_counted) == USUALLY_NOT_COUNTED:
        return DeadlineRule(kind="working_days_before", days=rule.days, at=rule.at)
    return DeadlineRule(kind="none")


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
