"""What billing tells is what the published examples show; `InvoiceIssued`: see integration."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest

from contracts.envelope import Event
from services.billing import publishing
from services.billing.model.credit_notes import CreditNote
from services.billing.model.debits import Debit, SentDebit, Sequence
from services.billing.model.mandates import Ended, Mandate
from services.billing.model.months import Month
from services.billing.model.payers import KnownThirdParty, ThirdParty
from services.billing.model.payments import Method, Payment, PaymentStatus, Share
from services.billing.model.portions import InvoicedLine, Portion
from services.billing.model.recovery import Overdue, Reminder, Step, WriteOff
from services.billing.model.reversals import Refund
from services.billing.model.tariffs import Flat, Tariff
from services.billing.publishing import treasury
from tests.contract.published import example_id, example_of, written

FAMILY = example_id("1")
ACTIVITY = example_id("6")
INVOICE = example_id("c")
NUMBER = "2026-EJ-000123"
RUM = "PF20261128018F00000000"
NOVEMBER = Month(date(2026, 11, 1))
ON_THE_FIRST = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)

BY_CARD = Payment(
    payment_id=example_id("e"),
    family_id=FAMILY,
    account_id=None,
    amount_cents=4620,
    reference=NUMBER,
    status=PaymentStatus.PAID,
    started_at=datetime(2026, 12, 5, 18, 25, tzinfo=UTC),
    received_at=datetime(2026, 12, 5, 18, 30, tzinfo=UTC),
)
BY_CHEQUE = replace(BY_CARD, method=Method.CHEQUE)
WHOLE_INVOICE = (Share(INVOICE, 4620),)

PAYS_A_LINE = replace(
    BY_CARD,
    payment_id=example_id("d"),
    received_at=datetime(2026, 12, 3, 18, 42, 10, tzinfo=UTC),
)
LINE = InvoicedLine(example_id("b"), NUMBER, example_id("5"), ACTIVITY, NOVEMBER, 5000)
OLD_LINE = replace(LINE, invoice_number="EJ-2026-000123")

REFUND = Refund(example_id("f"), FAMILY, 1500)
CREDIT_NOTE = CreditNote(
    credit_note_id=example_id("aa"),
    invoice_id=INVOICE,
    register="EJ",
    number="A2026-EJ-000001",
    reason="Deux repas comptés en trop",
    total_cents=700,
    credited_cents=0,
    issued_on=date(2026, 12, 9),
)
CCAS = KnownThirdParty(
    example_id("31"),
    1,
    "T000001",
    ThirdParty(
        "organisation",
        "Centre communal d’action sociale",
        ("1 place de la Mairie",),
        "50890",
        "Saint-Aubin",
    ),
)
MANDATE = Mandate(
    mandate_id=example_id("21"),
    rum=RUM,
    family_id=FAMILY,
    account_id=None,
    holder="Camille Exemple",
    masked="FR76 •••• 0189",
    bic="CMBRFR2B",
    bank="Une banque",
    signed_on=date(2026, 11, 28),
    consent="J’autorise la commune…",
)
ENDED = Ended(MANDATE.mandate_id, FAMILY, RUM)
DEBIT = Debit(
    debit_id=example_id("22"),
    end_to_end_id="2026EJ000123B1",
    family_id=FAMILY,
    invoice_id=INVOICE,
    number=NUMBER,
    mandate_id=MANDATE.mandate_id,
    rum=RUM,
    sequence=Sequence.FIRST,
    amount_cents=4620,
)
SENT = SentDebit(
    debit_id=DEBIT.debit_id,
    end_to_end_id=DEBIT.end_to_end_id,
    family_id=FAMILY,
    invoice_id=INVOICE,
    number=NUMBER,
    mandate_id=MANDATE.mandate_id,
    amount_cents=4620,
    collected_at=None,
    returned_at=None,
)
COLLECTED_ON = date(2026, 12, 15)
REMINDER = Reminder(
    example_id("23"),
    FAMILY,
    Step(
        1,
        15,
        "Rappel : facture à régler",
        "Sauf erreur de notre part, nous n’avons pas encore reçu votre règlement.",
    ),
    (Overdue(INVOICE, NUMBER, date(2026, 12, 31), 4620),),
)
WRITE_OFF = WriteOff(example_id("24"), INVOICE, FAMILY, "EJ", 4620, "Décision du conseil")


def told_of_money() -> list[Event]:
    first_version, _ = publishing.payment_received(BY_CARD, WHOLE_INVOICE)
    lines_first_version, _ = publishing.charges_paid(PAYS_A_LINE, [Portion(OLD_LINE, 4250)])
    by_cesu = replace(PAYS_A_LINE, method=Method.CESU)
    taken_back = (Share(INVOICE, -4620),)
    reversed_at = datetime(2026, 12, 7, 8, 15, tzinfo=UTC)
    return [
        first_version,
        *publishing.payment_received(BY_CHEQUE, WHOLE_INVOICE),
        lines_first_version,
        *publishing.charges_paid(by_cesu, [Portion(LINE, 4250)]),
        publishing.payment_reversed(BY_CHEQUE, taken_back, reversed_at),
        publishing.payment_refunded(REFUND, datetime(2026, 12, 8, 9, tzinfo=UTC)),
        publishing.refund_reversed(REFUND, datetime(2026, 12, 10, 9, tzinfo=UTC)),
        publishing.credit_note_issued(CREDIT_NOTE, FAMILY),
    ]


def told_of_the_town() -> list[Event]:
    canteen = Tariff(ACTIVITY, date(2026, 9, 1), Flat(350))
    return [
        publishing.tariff_published(example_id("b"), canteen),
        publishing.run_completed(example_id("d"), NOVEMBER, invoices=412, total_cents=4620),
        publishing.third_party_updated(CCAS),
        publishing.third_party_erased(CCAS.payer_id, ON_THE_FIRST),
    ]


def told_of_debits_and_debts() -> list[Event]:
    return [
        treasury.mandate_signed(MANDATE),
        treasury.mandate_ends(ENDED, date(2027, 6, 30), ON_THE_FIRST),
        treasury.mandate_revoked(ENDED, "family"),
        treasury.debit_announced(DEBIT, COLLECTED_ON),
        treasury.debit_collected(DEBIT.debit_id, FAMILY, INVOICE, 4620, COLLECTED_ON),
        treasury.debit_returned(SENT, "AM04"),
        treasury.reminder_due(REMINDER),
        treasury.debt_written_off(WRITE_OFF),
        treasury.write_off_reversed(WRITE_OFF),
    ]


TOLD: Final = (*told_of_money(), *told_of_the_town(), *told_of_debits_and_debts())


@pytest.mark.parametrize("event", TOLD, ids=lambda event: type(event).__name__)
def test_what_is_told_is_the_published_example(event: Event) -> None:
    assert written(event) == example_of(type(event))


def test_why_a_bank_sent_a_dead_payer_s_debit_back_is_not_told() -> None:
    told = treasury.debit_returned(SENT, "MD07")
    assert (told.code, told.reason) == ("", "")


def test_an_advance_has_paid_no_line_yet() -> None:
    assert publishing.charges_paid(BY_CHEQUE, []) == ()
