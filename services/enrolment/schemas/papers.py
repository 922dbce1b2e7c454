"""Bodies of the papers that families owe."""

from datetime import date
from uuid import UUID

from services.chassis.web import Answer, Body
from services.enrolment.model.papers import Need, Standing


class PapersQuery(Body):
    """Whose papers: a guardian's own; the staff name the family.

    With a child and an activity: what that activity asks for that child.
    """

    family_id: UUID | None = None
    child_id: UUID | None = None
    activity_id: UUID | None = None


class AskingActivity(Answer):
    """An activity that asks for the paper."""

    activity_id: UUID
    name: str


class PaperAnswer(Answer):
    """A paper that is asked, and where the family stands; one deposit serves all activities."""

    document_type: str
    label: str
    help: str
    per_child: bool
    compulsory: bool
    child_id: UUID | None
    activities: list[AskingActivity]
    standing: Standing
    valid_until: date | None
    document_id: UUID | None


class PapersAnswer(Answer):
    """Everything that is asked; `complete` when each compulsory paper is there and holds."""

    papers: list[PaperAnswer]
    complete: bool


def paper_answer(need: Need) -> PaperAnswer:
    """A need as it is answered."""
    return PaperAnswer(
        document_type=need.kind.code,
        label=need.kind.label,
        help=need.kind.help,
        per_child=need.kind.per_child,
        compulsory=need.kind.compulsory,
        child_id=need.child_id,
        activities=[
            AskingActivity(activity_id=a.activity_id, name=a.activity_name) for a in need.activities
        ],
        standing=need.standing,
        valid_until=need.valid_until,
        document_id=need.paper.document_id if need.paper else None,
    )
