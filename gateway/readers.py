"""What the portal reads from each service's answers: only the fields that it shows."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Reader(BaseModel):
    """A part of an answer. Unknown fields are ignored, so that services may add theirs."""

    model_config = ConfigDict(extra="ignore", frozen=True)


# accounts


class Tokens(Reader):
    access_token: str
    must_change_password: bool = False
    expires_at: datetime | None = None


class SessionState(Reader):
    active: bool


class Me(Reader):
    account_id: UUID
    login: str
    name: str
    roles: tuple[str, ...]
    family_id: UUID | None = None


class Address(Reader):
    lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""


class GuardianAccount(Reader):
    account_id: UUID | None = None
    login: str | None = None
    state: str | None = None


class Guardian(Reader):
    guardian_id: UUID
    first_name: str
    last_name: str
    mail: str | None = None
    phone: str | None = None
    account: GuardianAccount | None = None


class FamilyChild(Reader):
    child_id: UUID
    first_name: str
    last_name: str
    birth_date: day
    school_code: str | None = None
    school_class: str | None = None
    diet: str = "standard"
    allergies: str | None = None


class Family(Reader):
    family_id: UUID
    reference: str
    label: str = ""
    resident: bool
    quotient: int | None = None
    quotient_valid_until: day | None = None
    complete: bool = True
    missing: tuple[str, ...] = ()
    address: Address
    guardians: tuple[Guardian, ...] = ()
    children: tuple[FamilyChild, ...] = ()


class FamilyLine(Reader):
    family_id: UUID
    reference: str
    label: str
    city: str = ""
    quotient: int | None = None
    children: int = 0
    mail: bool = False
    account: str = "none"  # none | issued | active
    complete: bool = True


class FamilyList(Reader):
    families: tuple[FamilyLine, ...]
    total: int
    page: int = 1
    size: int = 25


class ImportReport(Reader):
    dry_run: bool
    families: int
    guardians: int
    children: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0


class CodesPreview(Reader):
    by_mail: int
    by_letter: int
    incomplete: int = 0
    already: int = 0


class CodesIssued(Reader):
    batch_id: UUID
    by_mail: int
    by_letter: int


# enrolment


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


class Rule(Reader):
    kind: str  # working_days_before | none
    days: int = 0
    at: str = "23:59"


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
    starts_at: str = ""
    ends_at: str = ""
    capacity: int = 0
    reserve_rule: Rule | None = None
    cancel_rule: Rule | None = None
    document_types: tuple[str, ...] = ()


class Activities(Reader):
    activities: tuple[Activity, ...] = ()


class Regulations(Reader):
    school_year: str
    version: int
    title: str
    text: str


class EnrolmentStep(Reader):
    at: datetime
    status: str
    note: str | None = None


class Enrolment(Reader):
    enrolment_id: UUID
    status: str  # submitted | accepted | refused
    child_id: UUID
    child_name: str = ""
    family_id: UUID | None = None
    family_label: str = ""
    family_reference: str = ""
    activity_id: UUID
    activity_name: str = ""
    school_year: str = ""
    weekdays: tuple[int, ...] = ()
    starts_on: day | None = None
    ends_on: day | None = None
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    history: tuple[EnrolmentStep, ...] = ()


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


# reservations


class CalendarChild(Reader):
    child_id: UUID
    first_name: str
    last_name: str = ""


class CalendarEntry(Reader):
    session_id: UUID
    child_id: UUID
    activity_id: UUID
    activity_name: str
    kind: str = ""
    starts_at: str = ""
    ends_at: str = ""
    remaining: int = 0
    state: str  # free | reserved | full | closed
    reservation_id: UUID | None = None
    reserve_until: datetime | None = None
    cancel_until: datetime | None = None
    late_cancel: bool = False


class CalendarDay(Reader):
    date: day
    label: str | None = None
    entries: tuple[CalendarEntry, ...] = ()


class Calendar(Reader):
    children: tuple[CalendarChild, ...] = ()
    days: tuple[CalendarDay, ...]


class ReservationOutcome(Reader):
    child_id: UUID
    session_id: UUID
    outcome: str  # confirmed | refused
    reservation_id: UUID | None = None
    reason: str | None = None
    detail: str | None = None


class ReservationOutcomes(Reader):
    items: tuple[ReservationOutcome, ...]

    @property
    def confirmed(self) -> tuple[ReservationOutcome, ...]:
        return tuple(item for item in self.items if item.outcome == "confirmed")

    @property
    def refused(self) -> tuple[ReservationOutcome, ...]:
        return tuple(item for item in self.items if item.outcome != "confirmed")


class Cancellation(Reader):
    reservation_id: UUID
    charged: bool


class Reservation(Reader):
    reservation_id: UUID
    child_id: UUID
    first_name: str = ""
    session_id: UUID
    activity_id: UUID | None = None
    activity_name: str = ""
    kind: str = ""
    date: day
    starts_at: str = ""
    ends_at: str = ""
    state: str = "confirmed"  # confirmed | cancelled
    charged: bool = False
    cancel_until: datetime | None = None


class Reservations(Reader):
    reservations: tuple[Reservation, ...] = ()


class SessionLine(Reader):
    session_id: UUID
    activity_id: UUID
    activity_name: str
    kind: str = ""
    place: str = ""
    date: day
    starts_at: str = ""
    ends_at: str = ""
    capacity: int = 0
    booked: int = 0
    marked: int = 0
    open: bool = True


class SessionLines(Reader):
    sessions: tuple[SessionLine, ...] = ()


class RosterChild(Reader):
    child_id: UUID
    first_name: str
    last_name: str
    school_class: str | None = None
    diet: str = "standard"
    allergies: str | None = None
    reservation_id: UUID | None = None
    state: str | None = None  # present | absent | excused


class EnrolledChild(Reader):
    child_id: UUID
    first_name: str
    last_name: str
    school_class: str | None = None
    diet: str = "standard"
    allergies: str | None = None


class Roster(Reader):
    session: SessionLine
    children: tuple[RosterChild, ...] = ()
    enrolled: tuple[EnrolledChild, ...] = ()


class AttendanceMark(Reader):
    child_id: UUID
    state: str
    attendance_id: UUID
    version: int


class AttendanceMarks(Reader):
    session_id: UUID
    marks: tuple[AttendanceMark, ...] = ()


# billing


class Band(Reader):
    from_quotient: int
    to_quotient: int | None = None
    price_cents: int


class Tariff(Reader):
    tariff_id: UUID
    activity_id: UUID
    activity_name: str = ""
    valid_from: day
    bands: tuple[Band, ...]
    unreserved_surcharge_cents: int = 0


class Tariffs(Reader):
    tariffs: tuple[Tariff, ...] = ()


class SkippedFamily(Reader):
    family_id: UUID
    reference: str = ""
    label: str = ""
    reason: str


class BillingRun(Reader):
    run_id: UUID
    month: str
    status: str  # running | done
    requested_at: datetime | None = None
    finished_at: datetime | None = None
    families: int = 0
    invoices: int = 0
    issued: int = 0  # made by the last pass
    total_cents: int = 0
    skipped: tuple[SkippedFamily, ...] = ()
    warnings: tuple[str, ...] = ()


class BillingRuns(Reader):
    billing_runs: tuple[BillingRun, ...] = ()


class InvoiceLine(Reader):
    child_name: str = ""
    activity_name: str = ""
    dates: tuple[day, ...] = ()
    quantity: int
    unit_cents: int
    amount_cents: int
    reason: str = ""


class Invoice(Reader):
    invoice_id: UUID
    number: str
    family_id: UUID | None = None
    family_reference: str = ""
    family_label: str = ""
    period: str
    issued_on: day
    due_on: day
    total_cents: int
    paid_cents: int = 0
    balance_cents: int = 0
    status: str  # due | partly_paid | paid
    lines: tuple[InvoiceLine, ...] = ()


class Invoices(Reader):
    invoices: tuple[Invoice, ...] = ()
    total: int = 0
    page: int = 1
    size: int = 100


class Charge(Reader):
    child_name: str = ""
    activity_name: str = ""
    date: day
    amount_cents: int | None = None  # none while the tariff is missing
    reason: str = ""


class Charges(Reader):
    charges: tuple[Charge, ...] = ()
    total_cents: int = 0


class PaymentStart(Reader):
    payment_id: UUID
    redirect_url: str
    amount_cents: int


class PaidInvoice(Reader):
    invoice_id: UUID
    number: str = ""
    period: str = ""
    amount_cents: int = 0


class Payment(Reader):
    payment_id: UUID
    family_id: UUID | None = None
    status: str  # pending | paid | refused | cancelled | expired
    amount_cents: int
    reference: str = ""
    started_at: datetime | None = None
    received_at: datetime | None = None
    invoices: tuple[PaidInvoice, ...] = ()


class Payments(Reader):
    payments: tuple[Payment, ...] = ()


# documents


class DocumentType(Reader):
    code: str
    label: str
    per_child: bool = False


class DocumentTypes(Reader):
    types: tuple[DocumentType, ...] = ()


class Document(Reader):
    document_id: UUID
    document_type: str
    label: str = ""
    filename: str
    content_type: str = ""
    size: int = 0
    child_id: UUID | None = None
    deposited_at: datetime


class Documents(Reader):
    documents: tuple[Document, ...] = ()


# notifications


class Message(Reader):
    message_id: UUID
    subject: str
    kind: str = ""
    channel: str  # mail | letter
    status: str  # queued | sent | failed | to_print | printed
    reason: str | None = None  # why it has not left; the staff's alone
    created_at: datetime
    sent_at: datetime | None = None


class Messages(Reader):
    messages: tuple[Message, ...] = ()


class Letter(Reader):
    letter_id: UUID
    kind: str = ""
    recipient: str = ""
    status: str = "to_print"  # to_print | printed
    created_at: datetime
    printed_at: datetime | None = None


class LetterTray(Reader):
    letters: tuple[Letter, ...] = ()
    to_print: int = 0


class PrintBatch(Reader):
    batch_id: UUID
    printed_at: datetime
    letters: int = 0
    pages: int = 0
    can_be_reprinted: bool = True


class PrintBatches(Reader):
    print_batches: tuple[PrintBatch, ...] = ()
