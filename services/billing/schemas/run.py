"""Bodies of the month's runs: what is asked, what one would issue, what one has issued."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.billing.model.doubts import DoubtKind
from services.billing.model.registers import Register
from services.billing.schemas import PERIOD
from services.chassis.web import Answer, Body

# A register that lets more than that wait would not bill at all.
MOST_LEAST_CENTS = 1_000_00
KindOfActivity = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class RunBody(Body):
    """The month to invoice. `not_over_confirmed`: although its reservations may still change."""

    month: str = Field(pattern=PERIOD)
    not_over_confirmed: bool = False


class PreviewQuery(Body):
    """The month to look at before it is invoiced."""

    month: str = Field(pattern=PERIOD)


class SkippedAnswer(Answer):
    """A family whose charges wait, and why."""

    family_id: UUID
    reference: str
    label: str
    reason: str


class RunAnswer(Answer):
    """A month's run. `issued`: invoices made by its last pass; `invoices`: all of the month.

    While it is running `slices_done` of its `slices` are issued, and `planned` invoices decided.
    """

    run_id: UUID
    month: str
    status: Literal["running", "done"]
    requested_at: datetime
    finished_at: datetime | None
    families: int
    invoices: int
    issued: int
    planned: int | None
    slices: int
    slices_done: int
    total_cents: int
    skipped: Sequence[SkippedAnswer]
    warnings: Sequence[str]


class RunsAnswer(Answer):
    """The runs, newest month first."""

    billing_runs: Sequence[RunAnswer]


class RegisterAnswer(Answer):
    """What one register would invoice."""

    register_code: str
    label: str
    invoices: int
    total_cents: int


class RegisterBody(Body):
    """A register, and the kinds of activities that it bills.

    Less than `least_cents` waits for a later month; without it as the town's setting says.
    `new`: a code that is known is refused instead of changed.
    """

    code: str = Field(pattern=r"^[A-Z0-9]{1,8}$")
    label: str = Field(min_length=1, max_length=100)
    kinds: tuple[KindOfActivity, ...] = Field(max_length=50)
    least_cents: int | None = Field(default=None, ge=0, le=MOST_LEAST_CENTS)
    new: bool = False

    def register(self) -> Register:
        """The register as it should be."""
        return Register(self.code, self.label, self.kinds, self.least_cents)


class NumbersAnswer(Answer):
    """How far the numbers of a year have come."""

    fiscal_year: int
    last_number: int


class KeptRegisterAnswer(Answer):
    """A register, its numbers by year, the newest first.

    `bills_the_rest`: the kinds of activities that no register names.
    """

    code: str
    label: str
    kinds: Sequence[str]
    bills_the_rest: bool
    least_cents: int | None
    numbers: Sequence[NumbersAnswer]


class RegistersAnswer(Answer):
    """All registers; `least_cents` holds for those that have none of their own."""

    registers: Sequence[KeptRegisterAnswer]
    least_cents: int


class InstanceAnswer(Answer):
    """One case of a doubt: in words, and what it is about."""

    text: str
    family_id: UUID | None = None
    session_id: UUID | None = None
    day: date | None = None


class DoubtAnswer(Answer):
    """What should be looked at before the month is invoiced; the first cases are named."""

    kind: DoubtKind
    title: str
    count: int
    instances: Sequence[InstanceAnswer]


class PreviewAnswer(Answer):
    """What a run of the month would issue now. `run`: the month was invoiced before.

    `waiting_families` owe less than `least_cents`, or the town owes them: their charges are
    carried over. Without that figure each register has its own.
    """

    month: str
    over: bool
    run: RunAnswer | None
    families: int
    invoices: int
    total_cents: int
    registers: Sequence[RegisterAnswer]
    least_cents: int | None
    waiting_families: int
    waiting_cents: int
    doubts: Sequence[DoubtAnswer]
