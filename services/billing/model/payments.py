"""A payment, and what the provider says of an online one (PayFiP régie web service)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.billing.errors import AmountRefused
from services.billing.model.ledger import Account
from services.billing.model.wording import euros

# What PayFiP takes, in cents.
LEAST_CENTS, MOST_CENTS = 100, 10_000_000
# The payment page stays open that long; after SETTLED_AFTER no result can come any more, and
# until then a second operation on the same debt might pay it twice.
PAGE_LIFE = timedelta(minutes=15)
SETTLED_AFTER = timedelta(minutes=20)
# An operation that has no page after this long never got one: the process ended meanwhile.
OPENING_LIFE = timedelta(minutes=1)


class PaymentStatus(StrEnum):
    """Where a payment stands."""

    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Method(StrEnum):
    """How the money comes in."""

    CARD = "card"
    DIRECT_DEBIT = "direct_debit"
    CASH = "cash"
    CHEQUE = "cheque"
    CESU = "cesu"

    @property
    def account(self) -> Account:
        """Where the money is once it has come in."""
        return Account(self.value)


class Outcome(StrEnum):
    """What the provider says when asked: WAITING, no result yet; UNKNOWN, no such operation."""

    PAID = "paid"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """The result of an operation as read back from the provider."""

    outcome: Outcome
    amount_cents: int = 0
    reference: str = ""
    authorisation: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What a payment pays of one invoice."""

    invoice_id: UUID
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A family's attempt to pay some invoices online, or money that the till has taken.

    `account_id`: who began or recorded it.
    """

    payment_id: UUID
    family_id: UUID
    account_id: UUID | None
    amount_cents: int
    reference: str
    status: PaymentStatus
    started_at: datetime
    idop: str | None = None
    redirect_url: str | None = None
    authorisation: str | None = None
    received_at: datetime | None = None
    method: Method = Method.CARD
    cesu_number: str | None = None

    def matches(self, answer: ProviderAnswer) -> bool:
        """Whether the answer is about this payment: a paid one names its amount and debt."""
        return answer.outcome is not Outcome.PAID or (
            answer.amount_cents == self.amount_cents and answer.reference == self.reference
        )

    def after(self, answer: ProviderAnswer, now: datetime) -> "Payment":
        """The payment once the provider has said this. Paid is for ever, and may come late."""
        if self.status is PaymentStatus.PAID:
            return self
        match answer.outcome:
            case Outcome.PAID:
                return replace(
                    self,
                    status=PaymentStatus.PAID,
                    authorisation=answer.authorisation,
                    received_at=answer.at or now,
                )
            case Outcome.REFUSED:
                return replace(self, status=PaymentStatus.REFUSED)
            case Outcome.CANCELLED:
                return replace(self, status=PaymentStatus.CANCELLED)
        if self.status is PaymentStatus.PENDING and now >= self.started_at + SETTLED_AFTER:
            return replace(self, status=PaymentStatus.EXPIRED)
        return self

    def may_still_be_paid(self, now: datetime) -> bool:
        """Whether its page may yet take money: then no other may be opened for the same debt.

        A payer who cancelled can go back to the page; a refusal is the end of it.
        """
        if self.status is PaymentStatus.PENDING:
            return True
        return self.status is PaymentStatus.CANCELLED and now < self.started_at + SETTLED_AFTER

    def can_resume(self, now: datetime) -> bool:
        """Whether its page still stands open."""
        return (
            self.may_still_be_paid(now)
            and self.redirect_url is not None
            and now < self.started_at + PAGE_LIFE
        )

    def never_opened(self, now: datetime) -> bool:
        """Whether it has no page and will get none."""
        return (
            self.status is PaymentStatus.PENDING
            and self.idop is None
            and now >= self.started_at + OPENING_LIFE
        )


def check_amount(amount_cents: int) -> None:
    """Raises AmountRefused when the provider takes no such amount."""
    if not LEAST_CENTS <= amount_cents <= MOST_CENTS:
        least, most = euros(LEAST_CENTS), euros(MOST_CENTS)
        raise AmountRefused(f"Le paiement en ligne est possible de {least} à {most}.")


def check_part(amount_cents: int, balance_cents: int) -> None:
    """Raises AmountRefused when a part payment is more than the invoice still asks for."""
    if amount_cents > balance_cents:
        raise AmountRefused(f"Il reste {euros(balance_cents)} à payer sur cette facture.")


def credited(
    shares: Sequence[Share], balances: dict[UUID, int], received_cents: int
) -> tuple[Share, ...]:
    """How money received is credited: each invoice as intended, never beyond its balance."""
    portions, left = [], received_cents
    for share in shares:
        amount = min(share.amount_cents, balances[share.invoice_id], left)
        if amount > 0:
            portions.append(Share(share.invoice_id, amount))
            left -= amount
    return tuple(portions)
