"""What a month of an activity costs a child: a cap on its uses, or a fee in their place."""

from dataclasses import dataclass
from typing import Literal

from services.billing.model.tariffs.prices import Price


@dataclass(frozen=True, slots=True)
class Monthly:
    """`cap`: the uses of a month cost no more; `fee`: a month with a use costs just that.

    Surcharges are beside it.
    """

    kind: Literal["cap", "fee"]
    price: Price


def adjustment(monthly: Monthly, used_cents: int, quotient: int | None) -> int:
    """What is added to the uses of a child's month, or below zero taken off them."""
    price = monthly.price.cents(quotient)
    return (min(used_cents, price) if monthly.kind == "cap" else price) - used_cents
