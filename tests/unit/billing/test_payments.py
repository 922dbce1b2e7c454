"""What becomes of a payment, and how its money is credited."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.errors import AmountRefused
from services.billing.model.payments import (
    Outcome,
    PaymentStatus,
    ProviderAnswer,
    Share,
    check_amount,
    credited,
)
from tests.unit.billing.builders import NOW, payment

PAID = ProviderAnswer(Outcome.PAID, 1250, "2026EJ000001", "004217", NOW)
WAITING = ProviderAnswer(Outcome.WAITING)
LATER = NOW + timedelta(minutes=20)

answers = st.sampled_from([ProviderAnswer(outcome) for outcome in Outcome] + [PAID])


def test_a_paid_payment_keeps_what_the_provider_says_of_it() -> None:
    paid = payment().after(PAID, LATER)
    assert (paid.status, paid.authorisation, paid.received_at) == (
        PaymentStatus.PAID,
        "004217",
        NOW,
    )


@given(st.lists(answers), st.lists(answers))
def test_paid_is_for_ever(before: list[ProviderAnswer], after: list[ProviderAnswer]) -> None:
    told = payment()
    for answer in [*before, PAID, *after]:
        told = told.after(answer, LATER)
    assert told.status is PaymentStatus.PAID


def test_no_result_is_waited_for_twenty_minutes_and_then_expires() -> None:
    assert payment().after(WAITING, LATER - timedelta(seconds=1)).status is PaymentStatus.PENDING
    assert payment().after(WAITING, LATER).status is PaymentStatus.EXPIRED


def test_money_that_comes_after_all_is_not_lost() -> None:
    expired = payment().after(WAITING, LATER)
    assert expired.after(PAID, LATER).status is PaymentStatus.PAID


@pytest.mark.parametrize(
    ("status", "minutes", "may"),
    [
        (PaymentStatus.PENDING, 0, True),
        (PaymentStatus.PENDING, 60, True),
        (PaymentStatus.CANCELLED, 19, True),
        (PaymentStatus.CANCELLED, 20, False),
        (PaymentStatus.REFUSED, 0, False),
        (PaymentStatus.EXPIRED, 20, False),
    ],
)
def test_what_may_still_be_paid_holds_up_another_payment(
    status: PaymentStatus, minutes: int, may: bool
) -> None:
    now = NOW + timedelta(minutes=minutes)
    assert payment(status=status).may_still_be_paid(now) is may


def test_an_open_page_can_be_gone_back_to_for_a_quarter_of_an_hour() -> None:
    assert payment().can_resume(NOW + timedelta(minutes=14))
    assert not payment().can_resume(NOW + timedelta(minutes=15))
    assert not payment(redirect_url=None, idop=None).can_resume(NOW)


def test_a_payment_without_a_page_is_given_up_after_a_minute() -> None:
    unopened = payment(redirect_url=None, idop=None)
    assert not unopened.never_opened(NOW + timedelta(seconds=59))
    assert unopened.never_opened(NOW + timedelta(minutes=1))


def test_an_answer_about_another_debt_or_amount_is_not_believed() -> None:
    assert payment().matches(PAID)
    assert not payment().matches(ProviderAnswer(Outcome.PAID, 1, "2026EJ000001"))
    assert not payment().matches(ProviderAnswer(Outcome.PAID, 1250, "2026EJ000002"))


@pytest.mark.parametrize("cents", [0, 99, 10_000_001])
def test_the_provider_takes_no_such_amount(cents: int) -> None:
    with pytest.raises(AmountRefused, match="1,00"):
        check_amount(cents)


@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 5000)), max_size=6), st.data())
def test_money_is_credited_once_and_never_beyond_a_balance(
    wanted: list[tuple[int, int]], data: st.DataObject
) -> None:
    shares = [Share(uuid4(), amount) for amount, _ in wanted]
    balances = {share.invoice_id: left for share, (_, left) in zip(shares, wanted, strict=True)}
    received = data.draw(st.integers(0, sum(share.amount_cents for share in shares)))
    portions = credited(shares, balances, received)
    assert sum(portion.amount_cents for portion in portions) <= received
    assert all(0 < p.amount_cents <= balances[p.invoice_id] for p in portions)
