"""What the bank and the treasury do to the books: rules for the machine of the books."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from aiohttp import web
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from services.billing.commands.collect_debits import Wish, collect_due, make_batch
from services.billing.commands.keep_mandates import Bank, sign_mandate
from services.billing.commands.refund_credit import refund_credit
from services.billing.commands.remind_families import take_back_write_off, write_off
from services.billing.commands.reverse_refund import reverse_refund
from services.billing.commands.take_returns import apply_file, read_file
from services.billing.errors.till import CreditTooSmall, RefundReversedAlready
from services.billing.errors.treasury import (
    BadReturnsFile,
    DebitUnderWay,
    NothingToDebit,
    NothingToWriteOff,
    UnknownWriteOff,
)
from services.billing.model.debits import earliest_collection
from services.billing.model.mandates import Creditor
from services.billing.repository import ledger
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.processes import PROCESSES, Pool
from services.chassis.sealing import Secrets
from tests.integration.machine_base import Base
from tests.unit.billing.bank import camt_054

T = TypeVar("T")
IBAN = "FR1420041010050500013M02606"
BANK = Bank(
    Creditor("Ville de Saint-Aubin", "FR00ZZZ123456", IBAN, "PSSTFRPPPAR"),
    Secrets(b"k" * 32),
    notice_days=3,
    format="pain.008.001.08",
)

any_family = st.integers(0, 2)
any_number = st.integers(0, 1000)


class NoFile(Pool):
    """The bank's file is not written: its check against the schema takes longer than all else."""

    def __init__(self) -> None:
        """Start no process."""

    async def run(self, _: Callable[[], T]) -> T:
        return cast("T", (uuid4().hex, b"<Document/>"))


APP = web.Application()
APP[PROCESSES] = NoFile()


class TreasuryRules(RuleBasedStateMachine):
    """Debits, what comes back of them, refunds of all there is, debts given up and asked again."""

    base: Base
    now: datetime
    # Debits by their references, and debts given up, as they were decided.
    sent: list[tuple[str, int]]
    given_up: list[UUID]

    def family_id(self, family: int) -> UUID:
        """One of the families."""
        raise NotImplementedError

    def invoices(self, family_id: UUID) -> list[UUID]:
        """The family's invoices, the oldest first."""
        raise NotImplementedError

    def open_the_bank(self, families: int) -> None:
        """Every family signs a mandate."""
        self.sent, self.given_up = [], []

        async def sign(connection: Connection) -> None:
            for family in range(families):
                await sign_mandate(
                    connection,
                    BANK,
                    family_id=self.family_id(family),
                    account_id=None,
                    holder="Martin",
                    iban=IBAN,
                    now=self.now,
                )

        self.base.command(sign)

    @rule(family=any_family, which=any_number)
    def an_invoice_goes_to_the_bank(self, family: int, which: int) -> None:
        invoices = self.invoices(self.family_id(family))
        if not invoices:
            return
        day = earliest_collection(paris_date(self.now), BANK.notice_days)
        wish = Wish(day, [invoices[which % len(invoices)]], None)

        async def send(connection: Connection) -> Any:
            batch_id = await make_batch(APP, connection, BANK, wish, self.now)
            return await connection.fetchrow(
                "SELECT end_to_end_id, amount_cents FROM debit WHERE batch_id = $1", batch_id
            )

        with suppress(NothingToDebit):
            row = self.base.command(send)
            self.sent.append((row["end_to_end_id"], row["amount_cents"]))

    @rule()
    def the_day_of_the_debits_comes(self) -> None:
        day = earliest_collection(paris_date(self.now), BANK.notice_days)
        self.now = datetime.combine(day, time(6), UTC)
        self.base.run(collect_due(self.base.database, self.now))

    @rule(which=any_number)
    def the_bank_sends_a_debit_back(self, which: int) -> None:
        if not self.sent:
            return
        reference, cents = self.sent[which % len(self.sent)]
        file = camt_054(f"{reference}/{which}", [(reference, "AM04", cents)])

        async def book(connection: Connection) -> None:
            file_id = await read_file(connection, file, now=self.now, by=None)
            await apply_file(connection, file_id, now=self.now, by=None)

        with suppress(BadReturnsFile):
            self.base.command(book)

    @rule(family=any_family)
    def all_of_a_credit_is_paid_back(self, family: int) -> None:
        family_id = self.family_id(family)

        async def pay_back(connection: Connection) -> None:
            cents = await ledger.family_credit(connection, family_id)
            await refund_credit(connection, family_id, cents, "Départ", now=self.now, by=None)

        with suppress(CreditTooSmall):
            if self.base.command(lambda c: ledger.family_credit(c, family_id)):
                self.base.command(pay_back)

    @rule(which=any_number)
    def a_refund_comes_back(self, which: int) -> None:
        async def undo(connection: Connection) -> None:
            rows = await connection.fetch("SELECT refund_id FROM refund ORDER BY refunded_at")
            if rows:
                refund_id = rows[which % len(rows)]["refund_id"]
                await reverse_refund(connection, refund_id, "Revenu", now=self.now, by=None)

        with suppress(RefundReversedAlready):
            self.base.command(undo)

    @rule(family=any_family, which=any_number, cents=st.none() | st.integers(1, 900))
    def a_debt_is_given_up(self, family: int, which: int, cents: int | None) -> None:
        family_id = self.family_id(family)
        invoices = self.invoices(family_id)
        if not invoices:
            return
        invoice_id = invoices[which % len(invoices)]
        with suppress(NothingToWriteOff, DebitUnderWay):
            decided = self.base.command(
                lambda c: write_off(
                    c,
                    invoice_id,
                    family_id,
                    amount_cents=cents,
                    reason="Surendettement",
                    now=self.now,
                    by=None,
                )
            )
            self.given_up.append(decided.write_off_id)

    @rule(which=any_number)
    def a_debt_is_asked_for_after_all(self, which: int) -> None:
        if not self.given_up:
            return
        write_off_id = self.given_up[which % len(self.given_up)]
        with suppress(UnknownWriteOff):
            self.base.command(lambda c: take_back_write_off(c, write_off_id, now=self.now, by=None))
