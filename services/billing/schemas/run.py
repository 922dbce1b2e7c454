"""Bodies of the month's runs: what is asked, what one would issue, what one has issued."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.billing.model.doubts import DoubtKind
from services.billing.schemas import PERIOD
from services.chassis.web import Answer, Body

KindOfActivity = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class RunBody(Body):
    """The month to invoice."""

    month: str = Field(pattern=PERIOD)


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
    """A register, and the kinds of activities that it bills."""

    code: str = Field(pattern=r"^[A-Z0-9]{1,8}$")
    label: str = Field(min_length=1, max_length=100)
    kinds: tuple[KindOfActivity, ...] = Field(max_length=50)


class KeptRegisterAnswer(Answer):
    """A register; the kinds that no register names are billed by EJ."""

    code: str
    label: str
    kinds: Sequence[str]


class RegistersAnswer(Answer):
    """All registers."""

    registers: Sequence[KeptRegisterAnswer]


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
    carried over.
    """

    month: str
    over: bool
    run: RunAnswer | None
    families: int
    invoices: int
    total_cents: int
    registers: Sequence[RegisterAnswer]
    least_cents: int
    waiting_families: int
    waiting_cents: int
    doubts: Sequence[DoubtAnswer]
