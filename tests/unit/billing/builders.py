"""Units, tariffs and payments with what a test does not care about filled in."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.billing.model.payments import Payment, PaymentStatus
from services.billing.model.tariffs import Band, ByQuotient, Surcharge, Tariff
from services.billing.model.units import Attended, Mark, Place, Reserved, Unit

CHILD = UUID("00000000-0000-4000-8000-0000000000c1")
SESSION = UUID("00000000-0000-4000-8000-0000000000e1")
CANTEEN = UUID("00000000-0000-4000-8000-0000000000a1")
MARTIN = UUID("00000000-0000-4000-8000-0000000000f1")
DURAND = UUID("00000000-0000-4000-8000-0000000000f2")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 3)


def unit(
    reserved: Reserved = Reserved.NONE,
    attended: Attended = Attended.UNKNOWN,
    *,
    by: UUID = MARTIN,
    marked_for: UUID | None = None,
    expected: bool = False,
) -> Unit:
    """A unit of which this was told."""
    place = Place() if reserved is Reserved.NONE else Place(1, reserved, by)
    mark = (
        Mark()
        if attended is Attended.UNKNOWN
        else Mark(1, attended, marked_for or by, expected=expected)
    )
    return Unit(CHILD, SESSION, CANTEEN, DAY, place, mark)


def tariff(*bands: tuple[int, int | None, int]) -> Tariff:
    """A tariff of these bands."""
    price = ByQuotient(tuple(Band(*band) for band in bands))
    return Tariff(CANTEEN, DAY, price, unreserved=Surcharge(200))


def payment(**changes: Any) -> Payment:
    """A pending payment of 12,50 €, its page open."""
    values: dict[str, Any] = {
        "payment_id": UUID("00000000-0000-4000-8000-0000000000b1"),
        "family_id": MARTIN,
        "account_id": None,
        "amount_cents": 1250,
        "reference": "2026EJ000001",
        "status": PaymentStatus.PENDING,
        "started_at": NOW,
        "idop": "abc",
        "redirect_url": "https://payment.example/abc",
    }
    return Payment(**{**values, **changes})
