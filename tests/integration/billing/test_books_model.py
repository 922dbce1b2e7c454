"""Whatever is told, priced, invoiced and paid in whatever order: the books balance after each step.

The rules do what the town's people and services do; the audit's proofs are the invariant.
"""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, pairwise
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import services.billing
from deploy.postgres import EmbeddedPostgres
from services.billing.commands import keep_copies, publish_tariff
from services.billing.commands.deposit_cheques import group_cheques, lock_slip, ungroup_cheques
from services.billing.commands.issue_credit_note import issue_credit_note
from services.billing.commands.issue_invoices import issue_slice
from services.billing.commands.keep_payers import end_sharing, share, take_back_sharing
from services.billing.commands.record_units import record_units
from services.billing.commands.refund_credit import refund_credit
from services.billing.commands.reverse_payment import reverse_payment
from services.billing.commands.run_month import plan_month, request_run
from services.billing.commands.settle_payment import apply_answer
from services.billing.commands.start_payment import begin_payment
from services.billing.commands.take_payment import take_payment
from services.billing.errors import AmountRefused, BillingUnderWay, NothingToPay, PaymentUnderWay
from services.billing.errors.payers import (
    BadSharing,
    MonthIssued,
    SharingsOverlap,
    UnknownSharing,
)
from services.billing.errors.till import (
    AlreadyReversed,
    ChequeNotWaiting,
    CreditNoteTooHigh,
    CreditSpent,
    CreditTooSmall,
    NotReversible,
)
from services.billing.errors.treasury import DebitUnderWay
from services.billing.model.families import Child, Family
from services.billing.model.months import Month
from services.billing.model.payers import ThirdParty
from services.billing.model.payments import Method, Outcome, Payment, ProviderAnswer
from services.billing.model.sharing import Part, Sharing
from services.billing.model.tariffs import Band, ByQuotient, Flat, Siblings, Surcharge, Tariff
from services.billing.model.tariffs.months import Monthly
from services.billing.model.till import TILL_METHODS, Cheque, Takings
from services.billing.model.units import Attended, Mark, Place, Reserved, Unit
from services.billing.model.wording import WHOLE
from services.billing.repository import payers
from services.billing.repository.plans import Terms
from services.chassis.database import Connection
from tests.integration.billing.books import books_balance, told_otherwise
from tests.integration.billing.treasury_rules import TreasuryRules
from tests.integration.machine_base import Base
from tests.unit.billing.builders import NOW

MIGRATIONS = Path(services.billing.__file__).parent / "migrations"
FAMILIES, DAYS = 3, 6
MONTHS = ("2026-10", "2026-11")

TERMS = Terms(payment_days=30, least_cents=0, slice_families=1)
OUTSIDER = ThirdParty("person", "Odile Martin", ("4 rue Haute",), "50300", "Avranches")

any_family = st.integers(0, FAMILIES - 1)
any_day = st.integers(0, DAYS - 1)
any_number = st.integers(0, 1000)
# Of the child's family, of two others and of a third party.
splits = st.lists(st.integers(0, WHOLE), min_size=3, max_size=3).map(
    lambda cuts: tuple(b - a for a, b in pairwise((0, *sorted(cuts), WHOLE)))
)
prices = st.integers(50, 900)
sibling_rules = st.none() | st.builds(Siblings, st.just("same_day"), st.tuples(st.integers(0, 100)))
month_rules = st.none() | st.builds(
    Monthly, st.sampled_from(["cap", "fee"]), st.builds(Flat, st.integers(0, 3000))
)


# Those at work last: there is one pass at a time, and to write one again that is done is no news.
SLICES = "SELECT slice_id FROM billing_slice ORDER BY done_at NULLS LAST, number"


@pytest.fixture(scope="module")
def base(postgres: EmbeddedPostgres) -> Iterator[Base]:
    with closing(Base(postgres, "books_model", MIGRATIONS)) as opened:
        yield opened


@dataclass
class Home:
    """A family with two children, and their days as reservations would tell them."""

    family: Family
    units: list[Unit]


class BooksMachine(TreasuryRules):
    """Three families of two children, an activity, six uses in two months, who pays, and the till.

    The same choices must lead to the same books whenever hypothesis comes by again: each town is
    built on an empty database, its ids are counted (twins are ranked and slices made by them), and
    no rule waits for what the database decided.
    """

    @initialize(
        price=prices,
        siblings=sibling_rules,
        monthly=month_rules,
        paid=st.tuples(*(st.integers(1, 9000) for _ in range(FAMILIES))),
        least=st.sampled_from([0, 1500]),
    )
    def open_the_town(
        self,
        price: int,
        siblings: Siblings | None,
        monthly: Monthly | None,
        paid: tuple[int, ...],
        least: int,
    ) -> None:
        self.base.empty()
        self.terms = replace(TERMS, least_cents=least)
        self.now = NOW
        self.ids = count(1)
        self.activity, self.payments = self._id(), list[Payment]()
        self.told: list[tuple[Unit, Place | Mark]] = []
        self.homes = [self._home() for _ in range(FAMILIES)]
        self.outsider, self.sharings = self._id(), list[UUID]()
        self.base.command(self._open)
        self.open_the_bank(FAMILIES)
        self.reprice(price, siblings, monthly)
        for family in range(FAMILIES):
            for day in range(DAYS):
                self.a_place_is_told(family, day, Reserved.KEPT, 1)
        self.a_month_is_invoiced(MONTHS[0])
        # So that there is something to undo and to correct from the first step on.
        for family, cents in enumerate(paid):
            self.an_invoice_goes_to_the_bank(family, 0)
            self.the_till_takes_money(family, cents, 0, Method.CASH)

    def _id(self) -> UUID:
        return UUID(int=next(self.ids))

    def family_id(self, family: int) -> UUID:
        return self.homes[family].family.family_id

    async def _write_all_slices(self, connection: Connection) -> None:
        for row in await connection.fetch(SLICES):
            await issue_slice(connection, row["slice_id"], now=self.now)

    async def _open(self, connection: Connection) -> None:
        await keep_copies.keep_activity(
            connection, self.activity, version=1, name="Cantine", kind="canteen", school_year=""
        )
        for home in self.homes:
            await keep_copies.keep_family(connection, home.family)
        # By a number of the town, which is counted.
        await payers.keep_third_party(
            connection, self.outsider, OUTSIDER, called="T000001", now=self.now, by=None
        )

    def _home(self) -> Home:
        twins = tuple(Child(self._id(), name, "Martin") for name in ("Léa", "Tom"))
        family = Family(self._id(), 1, "F1", "MARTIN", True, 700, None, None, ("MARTIN",), twins)
        # Both come on each of three days.
        days = [date(2026, 10 + n // 2 % 2, 3 + n // 2) for n in range(DAYS)]
        units = [
            Unit(twins[n % 2].child_id, self._id(), self.activity, day)
            for n, day in enumerate(days)
        ]
        return Home(family, units)

    @rule(family=any_family, day=any_day, state=st.sampled_from(Reserved), step=st.integers(1, 3))
    def a_place_is_told(self, family: int, day: int, state: Reserved, step: int) -> None:
        if state is not Reserved.NONE:
            version = sum(isinstance(news, Place) for _, news in self.told) + step
            payer = self.family_id(family)
            self._tell(self.homes[family].units[day], Place(version, state, payer))

    @rule(
        family=any_family,
        day=any_day,
        state=st.sampled_from([Attended.PRESENT, Attended.ABSENT, Attended.EXCUSED]),
        guest=st.booleans(),
        expected=st.booleans(),
    )
    def the_roll_is_told(
        self, family: int, day: int, state: Attended, *, guest: bool, expected: bool
    ) -> None:
        # A child in two homes: the roll may name the other one.
        payer = self.homes[(family + guest) % FAMILIES].family.family_id
        version = sum(isinstance(news, Mark) for _, news in self.told) + 1
        self._tell(self.homes[family].units[day], Mark(version, state, payer, expected=expected))

    @rule(
        family=any_family,
        child=st.integers(0, 1),
        parts=splits,
        first=st.integers(0, 40),
        days=st.none() | st.integers(0, 40),
    )
    def a_child_is_shared(
        self, family: int, child: int, parts: tuple[int, ...], first: int, days: int | None
    ) -> None:
        home = self.homes[family].family
        others = [other.family.family_id for other in self.homes if other.family is not home]
        # Its own family, both others, and somebody who is no family.
        payers = (home.family_id, *others, self.outsider)
        since = date(2026, 10, 1) + timedelta(days=first)
        sharing = Sharing(
            home.family_id,
            home.children[child].child_id,
            None,
            tuple(Part(who, part) for who, part in zip(payers, parts, strict=True) if part),
            since,
            since + timedelta(days=days) if days is not None else None,
        )
        with suppress(SharingsOverlap, MonthIssued):
            decided = self.base.command(lambda c: share(c, sharing, now=self.now, by=None))
            self.sharings.append(decided)

    @rule(which=any_number, days=st.integers(0, 60), mistaken=st.booleans())
    def a_sharing_ends(self, which: int, days: int, *, mistaken: bool) -> None:
        if not self.sharings:
            return
        sharing_id = self.sharings[which % len(self.sharings)]
        last_day = date(2026, 10, 1) + timedelta(days=days)
        with suppress(BadSharing, MonthIssued, UnknownSharing):
            self.base.command(
                lambda c: (
                    take_back_sharing(c, sharing_id)
                    if mistaken
                    else end_sharing(c, sharing_id, last_day)
                )
            )

    @precondition(lambda self: self.told)
    @rule(which=any_number)
    def an_old_event_comes_again(self, which: int) -> None:
        unit, news = self.told[which % len(self.told)]
        self.base.command(lambda c: record_units(c, [(unit, news)]))

    def _tell(self, unit: Unit, news: Place | Mark) -> None:
        self.told.append((unit, news))
        self.base.command(lambda c: record_units(c, [(unit, news)]))

    @rule(family=any_family, quotient=st.one_of(st.none(), st.integers(0, 2000)))
    def a_quotient_changes(self, family: int, quotient: int | None) -> None:
        home = self.homes[family]
        version = home.family.record_version + 1
        home.family = replace(home.family, record_version=version, quotient=quotient)
        self.base.command(lambda c: keep_copies.keep_family(c, home.family))

    @rule(price=prices, siblings=sibling_rules, monthly=month_rules)
    def reprice(self, price: int, siblings: Siblings | None, monthly: Monthly | None) -> None:
        bands = ByQuotient((Band(0, 600, price), Band(600, None, 2 * price)))
        since, more = date(2026, 9, 1), Surcharge(200)
        tariff = Tariff(
            self.activity,
            since,
            bands,
            unreserved=more,
            late=Surcharge(150),
            siblings=siblings,
            monthly=monthly,
        )
        with suppress(BillingUnderWay):
            self.base.command(
                lambda c: publish_tariff.publish_tariff(c, tariff, now=self.now, by=None)
            )

    @rule(month=st.sampled_from(MONTHS))
    def a_month_is_planned(self, month: str) -> None:
        async def plan(connection: Connection) -> None:
            run_id = await request_run(
                connection,
                Month.parse(month),
                now=self.now,
                by=None,
                not_over_confirmed=True,
            )
            await plan_month(connection, run_id, now=self.now, terms=self.terms)

        self.base.command(plan)

    @rule(month=st.sampled_from(MONTHS))
    def a_month_is_invoiced(self, month: str) -> None:
        self.a_month_is_planned(month)
        self.base.command(self._write_all_slices)

    @rule(which=any_number)
    def a_slice_is_written(self, which: int) -> None:
        # Any slice, one that is written already among them.
        async def write(connection: Connection) -> None:
            if rows := await connection.fetch(SLICES):
                slice_id = rows[which % len(rows)]["slice_id"]
                await issue_slice(connection, slice_id, now=self.now)

        self.base.command(write)

    @rule(family=any_family, which=any_number)
    def a_payment_begins(self, family: int, which: int) -> None:
        family_id = self.family_id(family)
        invoices = self.invoices(family_id)
        wanted = invoices[which % (len(invoices) + 1) :]
        if not wanted:
            return

        async def begin(connection: Connection) -> Payment | None:
            try:
                payment, _ = await begin_payment(
                    connection,
                    family_id=family_id,
                    account_id=None,
                    invoice_ids=wanted,
                    now=self.now,
                )
            except (AmountRefused, DebitUnderWay, NothingToPay, PaymentUnderWay):
                return None
            return payment

        if payment := self.base.command(begin):
            self.payments.append(payment)

    @rule(which=any_number, outcome=st.sampled_from(Outcome), wrong=st.booleans())
    def the_provider_answers(self, which: int, outcome: Outcome, *, wrong: bool) -> None:
        if not self.payments:
            return
        payment = self.payments[which % len(self.payments)]
        amount = payment.amount_cents + wrong
        answer = ProviderAnswer(outcome, amount, payment.reference, "123456", self.now)
        self.base.command(lambda c: apply_answer(c, payment, answer, self.now))

    @rule(
        family=any_family,
        cents=st.integers(1, 9000),
        which=any_number,
        method=st.sampled_from(sorted(TILL_METHODS)),
    )
    def the_till_takes_money(self, family: int, cents: int, which: int, method: Method) -> None:
        family_id = self.family_id(family)
        invoices = self.invoices(family_id)
        takings = Takings(
            family_id=family_id,
            method=method,
            amount_cents=cents,
            invoice_ids=tuple(invoices[which % (len(invoices) + 1) :]),
            cheque=Cheque("0001234", "La Banque", "Martin") if method is Method.CHEQUE else None,
            cesu_number="17" if method is Method.CESU else None,
        )
        taken = self.base.command(lambda c: take_payment(c, takings, now=self.now, by=None))
        self.payments.append(taken)

    @rule(which=any_number)
    def a_payment_is_undone(self, which: int) -> None:
        if not self.payments:
            return
        payment_id = self.payments[which % len(self.payments)].payment_id
        with suppress(NotReversible, AlreadyReversed, CreditSpent):
            self.base.command(
                lambda c: reverse_payment(c, payment_id, "Erreur", now=self.now, by=None)
            )

    @rule(which=any_number, lock=st.booleans())
    def cheques_go_to_the_bank(self, which: int, *, lock: bool) -> None:
        if not self.payments:
            return
        payment_id = self.payments[which % len(self.payments)].payment_id

        async def deposit(connection: Connection) -> None:
            slip = await group_cheques(connection, [payment_id], now=self.now, by=None)
            if lock:
                await lock_slip(connection, slip, now=self.now)
            else:
                await ungroup_cheques(connection, slip)

        with suppress(ChequeNotWaiting):
            self.base.command(deposit)

    @rule(family=any_family, cents=st.integers(1, 3000))
    def a_credit_is_paid_back(self, family: int, cents: int) -> None:
        family_id = self.family_id(family)
        with suppress(CreditTooSmall):
            self.base.command(
                lambda c: refund_credit(c, family_id, cents, "Départ", now=self.now, by=None)
            )

    @rule(
        family=any_family,
        which=any_number,
        lines=st.none() | st.dictionaries(st.integers(1, 3), st.integers(1, 700), min_size=1),
    )
    def an_invoice_is_corrected(
        self, family: int, which: int, lines: dict[int, int] | None
    ) -> None:
        invoices = self.invoices(self.family_id(family))
        if not invoices:
            return
        invoice_id = invoices[which % len(invoices)]
        with suppress(CreditNoteTooHigh):
            self.base.command(
                lambda c: issue_credit_note(c, invoice_id, lines, "Geste", now=self.now, by=None)
            )

    @rule(minutes=st.integers(1, 60))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def the_books_balance(self) -> None:
        assert self.base.run(books_balance(self.base.database))

    @invariant()
    def what_is_certified_is_what_was_paid(self) -> None:
        async def read(connection: Connection) -> None:
            assert await told_otherwise(connection) == []

        self.base.command(read)

    def invoices(self, family_id: UUID) -> list[UUID]:
        async def read(connection: Connection) -> list[UUID]:
            rows = await connection.fetch(
                "SELECT invoice_id FROM invoice WHERE family_id = $1 ORDER BY number", family_id
            )
            return [row["invoice_id"] for row in rows]

        return self.base.command(read)


@pytest.mark.timeout(600)
def test_the_books_balance_whatever_happens(base: Base, pytestconfig: pytest.Config) -> None:
    class Machine(BooksMachine):
        pass

    Machine.base = base
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=pytestconfig.getoption("--hypothesis-seed") is None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
