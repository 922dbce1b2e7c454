"""What the portal reads of billing's answers."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class Band(Reader):
    from_quotient: int
    to_quotient: int | None = None
    price_cents: int


class Price(Reader):
    """By its kind; the fields of the other kinds are empty."""

    kind: str = "quotient"  # flat | quotient | effort_rate
    price_cents: int | None = None
    bands: tuple[Band, ...] = ()
    rate: int | None = None  # ten-thousandths of the quotient
    floor_cents: int | None = None
    ceiling_cents: int | None = None


class SiblingsRule(Reader):
    """What the second child, the third … pays."""

    counted: str = "enrolled"  # enrolled | same_day
    percents: tuple[int, ...] = ()
    prices: tuple[Price, ...] = ()


class TimeBand(Price):
    """A part of the day, HH:MM."""

    starts_at: str
    ends_at: str


class HoursRule(Reader):
    kind: str = "half_hours"  # half_hours | time_bands
    bands: tuple[TimeBand, ...] = ()


class MonthlyRule(Price):
    rule: str = "cap"  # cap | fee


class Tariff(Price):
    """`words` say it in French."""

    tariff_id: UUID
    activity_id: UUID
    activity_name: str = ""
    valid_from: day
    outside: Price | None = None
    outside_supplement_cents: int = 0
    own_meal: Price | None = None
    unreserved_surcharge_cents: int = 0
    unreserved_surcharge_percent: int = 0
    late_surcharge_cents: int = 0
    late_surcharge_percent: int = 0
    cost_cents: int | None = None
    siblings: SiblingsRule | None = None
    hours: HoursRule | None = None
    monthly: MonthlyRule | None = None
    words: tuple[str, ...] = ()


class Formula(Price):
    """One price for a child's day in activities of all these kinds."""

    formula_id: UUID
    name: str
    kinds: tuple[str, ...] = ()
    valid_from: day
    valid_until: day | None = None


class Formulas(Reader):
    formulas: tuple[Formula, ...] = ()


class Aid(Reader):
    """What a third party pays of a child, or of each child of the family."""

    aid_id: UUID
    family_id: UUID
    child_id: UUID | None = None
    child_name: str | None = None
    label: str
    kinds: tuple[str, ...] = ()
    day_cents: int | None = None
    month_cents: int | None = None
    valid_from: day
    valid_until: day


class Aids(Reader):
    aids: tuple[Aid, ...] = ()


class TariffGroup(Reader):
    """Families of a group of quotients, by today's tariff and another; no bounds: no quotient."""

    from_quotient: int | None = None
    to_quotient: int | None = None
    families: int
    units: int = 0
    today_cents: int
    new_cents: int
    gaining: int = 0
    losing: int = 0


class TariffPreview(Reader):
    """A month by today's tariff and by another one."""

    month: str
    families: int
    units: int
    today_cents: int
    new_cents: int
    gaining: int
    losing: int
    groups: tuple[TariffGroup, ...] = ()


class CanteenMeals(Reader):
    """Meals of a month that families of one band of quotients ate."""

    month: str
    from_quotient: int | None = None
    to_quotient: int | None = None
    lowest_cents: int
    highest_cents: int
    meals: int
    at_most_a_euro: int


class CanteenReport(Reader):
    """What the State asks of a town that has the canteen at 1 €."""

    meals: tuple[CanteenMeals, ...] = ()
    total: int = 0
    at_most_a_euro: int = 0


class Surcharge(Reader):
    """What a reservation kept after the limit costs more."""

    activity_id: UUID
    late_surcharge_cents: int = 0
    late_surcharge_percent: int = 0


class Surcharges(Reader):
    surcharges: tuple[Surcharge, ...] = ()


class Tariffs(Reader):
    tariffs: tuple[Tariff, ...] = ()


class EstimatedItem(Reader):
    child_id: UUID
    activity_id: UUID
    date: day
    amount_cents: int | None = None
    reason: str = ""


class EstimatedMonth(Reader):
    """What the items change of a child's month: a cap, a fee, a formula, an aid."""

    child_name: str | None = None
    period: str
    activity_name: str | None = None
    amount_cents: int
    reason: str = ""


class Estimate(Reader):
    """The total counts what the months' rules change; others may pay a part of it."""

    items: tuple[EstimatedItem, ...] = ()
    months: tuple[EstimatedMonth, ...] = ()
    total_cents: int = 0
    own_cents: int | None = None
    complete: bool = True

    @property
    def is_divided(self) -> bool:
        """Whether somebody else pays a part."""
        return self.own_cents is not None and self.own_cents != self.total_cents


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
    planned: int | None = None  # that the pass at work has decided
    slices: int = 0
    slices_done: int = 0
    total_cents: int = 0
    skipped: tuple[SkippedFamily, ...] = ()
    warnings: tuple[str, ...] = ()


class BillingRuns(Reader):
    billing_runs: tuple[BillingRun, ...] = ()


class RegisterTotal(Reader):
    """What one register would invoice."""

    register_code: str
    label: str = ""
    invoices: int = 0
    total_cents: int = 0


class Numbers(Reader):
    """How far a register's numbers of a year have come."""

    fiscal_year: int
    last_number: int


class KeptRegister(Reader):
    """A register, the kinds of activities that it bills, from which amount on."""

    code: str
    label: str = ""
    kinds: tuple[str, ...] = ()
    bills_the_rest: bool = False  # what no register is named for
    least_cents: int | None = None
    numbers: tuple[Numbers, ...] = ()


class Registers(Reader):
    """`least_cents` is that of the registers without one of their own."""

    registers: tuple[KeptRegister, ...] = ()
    least_cents: int = 0


class DoubtInstance(Reader):
    text: str
    family_id: UUID | None = None
    day: str | None = None


class Doubt(Reader):
    """What should be looked at before a month is invoiced."""

    kind: str  # unmarked | quotient | jump | unpriced | no_file | earlier
    title: str
    count: int
    instances: tuple[DoubtInstance, ...] = ()


class BillingPreview(Reader):
    """What a run of the month would issue."""

    month: str
    over: bool = True
    run: BillingRun | None = None
    families: int = 0
    invoices: int = 0
    total_cents: int = 0
    registers: tuple[RegisterTotal, ...] = ()
    least_cents: int | None = None
    waiting_families: int = 0
    waiting_cents: int = 0
    doubts: tuple[Doubt, ...] = ()


class CreditNote(Reader):
    """A correction of an invoice; `credited_cents` of it went to the family's credit."""

    credit_note_id: UUID
    number: str
    reason: str = ""
    total_cents: int
    credited_cents: int = 0
    issued_on: day


class InvoiceLine(Reader):
    position: int = 0
    child_name: str = ""
    activity_name: str = ""
    dates: tuple[day, ...] = ()
    quantity: int
    unit_cents: int
    amount_cents: int
    left_cents: int = 0  # what credit notes have left of it
    reason: str = ""
    basis: str = ""


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
    credited_cents: int = 0
    claimed_cents: int = 0  # refunded of a debit that the bank took back since, and asked again
    written_off_cents: int = 0  # given up by the town: nobody paid it
    paid_cents: int = 0
    balance_cents: int = 0
    status: str  # due | partly_paid | paid | written_off
    credit_notes: tuple[CreditNote, ...] = ()
    debited_on: day | None = None  # the bank collects it then; it is not to be paid online
    transmitted: bool = False  # the accountant collects it
    takes_parts: bool = True  # whether it may be paid online in parts
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
    total_cents: int = 0  # with the parts that others pay taken off
    whole_cents: int | None = None


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
    method: str = "card"
    amount_cents: int
    credit_cents: int = 0  # what no invoice took of it
    reversed_at: datetime | None = None
    reversal_reason: str | None = None
    owed_again_cents: int | None = None  # by its invoices; the rest was taken from the credit
    reference: str = ""
    started_at: datetime | None = None
    received_at: datetime | None = None
    invoices: tuple[PaidInvoice, ...] = ()


class Payments(Reader):
    payments: tuple[Payment, ...] = ()
