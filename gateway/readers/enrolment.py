"""What the portal reads of enrolment's answers."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from contracts.events.deadlines import Deadline
from contracts.events.enrolment import AbsenceRule, AfterDeadline, AgeGroup, Slot, WaitingList
from gateway.readers.reader import Reader


class SchoolYear(Reader):
    label: str
    starts_on: day
    ends_on: day


class SchoolYears(Reader):
    school_years: tuple[SchoolYear, ...] = ()


class School(Reader):
    code: str
    name: str
    address: str = ""


class Schools(Reader):
    schools: tuple[School, ...] = ()


class Activity(Reader):
    activity_id: UUID
    code: str = ""
    name: str
    kind: str  # canteen | wednesday | holiday | morning_care | evening_care
    school_year: str
    place: str = ""
    description: str = ""
    starts_on: day | None = None
    ends_on: day | None = None
    min_age: int | None = None
    max_age: int | None = None
    weekdays: tuple[int, ...] = ()
    days: str = "school_days"
    slots: tuple[Slot, ...] = ()
    starts_at: str = ""
    ends_at: str = ""
    capacity: int = 0
    age_groups: tuple[AgeGroup, ...] = ()
    classes: tuple[str, ...] = ()
    reserve_rule: Deadline | None = None
    cancel_rule: Deadline | None = None
    after_deadline: AfterDeadline = AfterDeadline()
    waiting_list: WaitingList = WaitingList()
    absence_rule: AbsenceRule = AbsenceRule()
    document_types: tuple[str, ...] = ()


class Activities(Reader):
    activities: tuple[Activity, ...] = ()


class AskingActivity(Reader):
    activity_id: UUID
    name: str


class Paper(Reader):
    """A paper that is asked of a family or of one child, and where the family stands."""

    document_type: str
    label: str
    help: str = ""
    per_child: bool = False
    compulsory: bool = True
    child_id: UUID | None = None
    activities: tuple[AskingActivity, ...] = ()
    standing: str  # missing | waiting | held | expiring | expired | rejected | infected
    valid_until: day | None = None
    document_id: UUID | None = None

    @property
    def is_met(self) -> bool:
        """Whether nothing more is asked of the family here."""
        return self.standing == "held"

    @property
    def is_owed(self) -> bool:
        """Whether the family has something to send."""
        return self.standing not in ("held", "waiting")


class Papers(Reader):
    papers: tuple[Paper, ...] = ()
    complete: bool = True


class EnrolmentStep(Reader):
    at: datetime
    status: str
    note: str | None = None
    actor: str = "family"  # family | staff | town


class Enrolment(Reader):
    enrolment_id: UUID
    status: str  # draft | submitted | returned | waiting | accepted | refused | withdrawn
    child_id: UUID
    child_name: str = ""
    birth_date: day | None = None
    school_class: str | None = None
    school_name: str | None = None
    family_id: UUID | None = None
    family_label: str = ""
    family_reference: str = ""
    activity_id: UUID
    activity_name: str = ""
    school_year: str = ""
    weekdays: tuple[int, ...] = ()
    starts_on: day | None = None
    ends_on: day | None = None
    left_on: day | None = None
    application_id: UUID | None = None
    together: bool = False
    declared: tuple[str, ...] = ()
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    rank: int | None = None
    explanation: str | None = None
    seed: str | None = None
    draw: str | None = None
    history: tuple[EnrolmentStep, ...] = ()
    papers: tuple[Paper, ...] = ()

    def age_on(self, today: day) -> int | None:
        """In whole years; None while the child's birth date is not known here."""
        if self.birth_date is None:
            return None
        born = self.birth_date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether there is something to withdraw from."""
        return self.status in ("submitted", "returned", "waiting", "accepted")


class Enrolments(Reader):
    enrolments: tuple[Enrolment, ...] = ()
    total: int = 0
    page: int = 1
    size: int = 200


class EnrolmentChild(Reader):
    child_id: UUID
    first_name: str
    last_name: str
    birth_date: day | None = None
    school_name: str | None = None
    school_class: str | None = None


class EnrolmentChildren(Reader):
    children: tuple[EnrolmentChild, ...] = ()
