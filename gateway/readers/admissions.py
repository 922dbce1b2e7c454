"""What the portal reads of how children get into activities."""

from collections.abc import Mapping
from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class Regulations(Reader):
    school_year: str
    activity_id: UUID | None = None
    version: int
    title: str
    text: str
    published_at: datetime | None = None


class OwedRegulations(Regulations):
    """A text that the family is asked to accept."""

    activity_name: str | None = None
    accepted_version: int | None = None


class OwedRegulationsList(Reader):
    regulations: tuple[OwedRegulations, ...] = ()


class RegulationsVersion(Regulations):
    activity_name: str | None = None
    accepted_by: int = 0


class RegulationsVersions(Reader):
    versions: tuple[RegulationsVersion, ...] = ()


class Criterion(Reader):
    code: str
    label: str
    weight: int
    source: str  # declared | resident | sibling | school
    per_child: bool = False
    schools: tuple[str, ...] = ()


class Admission(Reader):
    """When families may ask for an activity, how many places there are and how they are given."""

    activity_id: UUID
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    window: str = "open"  # open | not_yet | closed
    mode: str = "first_come"  # first_come | allocation
    automatic: bool = False
    places: int | None = None
    papers: str = "show"  # show | complete | block
    criteria: tuple[Criterion, ...] = ()
    left: int | None = None
    counts: Mapping[str, int] = {}

    @property
    def declared(self) -> tuple[Criterion, ...]:
        """What the family is asked."""
        return tuple(one for one in self.criteria if one.source == "declared")


class Admissions(Reader):
    admissions: tuple[Admission, ...] = ()


class AllocationReason(Reader):
    label: str
    points: int


class AllocationLine(Reader):
    position: int
    enrolment_id: UUID
    child_name: str = ""
    family_id: UUID
    family_label: str = ""
    status: str = ""
    points: int
    draw: str
    outcome: str  # placed | short | group_too_large
    reasons: tuple[AllocationReason, ...] = ()
    explanation: str = ""


class Allocation(Reader):
    allocation_id: UUID
    activity_id: UUID
    activity_name: str = ""
    school_year: str = ""
    seed: str
    places: int
    made_at: datetime
    confirmed_at: datetime | None = None
    placed: int = 0
    waiting: int = 0
    lines: tuple[AllocationLine, ...] = ()


class Allocations(Reader):
    allocations: tuple[Allocation, ...] = ()


class Choice(Reader):
    activity_id: UUID
    state: str  # open | not_yet | closed | asked
    status: str | None = None
    proposed: bool = False


class ChildChoices(Reader):
    child_id: UUID
    first_name: str
    last_name: str
    school_name: str | None = None
    school_class: str | None = None
    choices: tuple[Choice, ...] = ()


class ChoiceYear(Reader):
    label: str
    starts_on: day
    ends_on: day


class Choices(Reader):
    school_year: str | None = None
    school_years: tuple[ChoiceYear, ...] = ()
    children: tuple[ChildChoices, ...] = ()


class Renewal(Reader):
    child_id: UUID
    child_name: str = ""
    activity_id: UUID
    activity_name: str = ""
    school_year: str


class Renewals(Reader):
    renewals: tuple[Renewal, ...] = ()


class WishOutcome(Reader):
    child_id: UUID
    activity_id: UUID
    enrolment_id: UUID | None = None
    status: str | None = None
    reason: str | None = None
    detail: str | None = None


class Application(Reader):
    application_id: UUID
    items: tuple[WishOutcome, ...] = ()


class BulkOutcome(Reader):
    enrolment_id: UUID
    outcome: str  # accepted | refused
    reason: str | None = None
    detail: str | None = None


class BulkOutcomes(Reader):
    items: tuple[BulkOutcome, ...] = ()
