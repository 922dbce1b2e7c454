"""Money handed over at the till: cash, cheques, vouchers (CESU)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.billing.errors.till import BadTakings
from services.billing.model.payments import Method, Share

TILL_METHODS: Final = frozenset({Method.CASH, Method.CHEQUE, Method.CESU})
# An advance is for no invoice yet; it lies with the first of the town's registers.
ADVANCE_REGISTER: Final = "EJ"


@dataclass(frozen=True, slots=True)
class Cheque:
    """What a deposit slip says of a cheque; the number has seven digits."""

    number: str
    bank: str
    drawer: str


@dataclass(frozen=True, slots=True)
class Takings:
    """What somebody hands over for a family; without invoices it is an advance.

    `transmitted_confirmed`: taken even for an invoice that the accountant collects.
    """

    family_id: UUID
    method: Method
    amount_cents: int
    invoice_ids: tuple[UUID, ...] = ()
    cheque: Cheque | None = None
    cesu_number: str | None = None
    transmitted_confirmed: bool = False

    def check(self) -> None:
        """Raises BadTakings when the kind is none of the till's, or is described as another."""
        if self.method not in TILL_METHODS:
            raise BadTakings.because("method", "La caisse reçoit espèces, chèques et CESU.")
        if (self.method is Method.CHEQUE) != (self.cheque is not None):
            raise BadTakings.because("cheque", "Indiquez numéro, banque et tireur du chèque.")
        if self.cheque and not re.fullmatch(r"[0-9]{7}", self.cheque.number):
            raise BadTakings.because("cheque", "Le numéro d’un chèque a sept chiffres.")
        if (self.method is Method.CESU) != bool(self.cesu_number):
            raise BadTakings.because("cesu_number", "Indiquez le numéro du CESU.")


def allocated(balances: Sequence[tuple[UUID, int]], amount_cents: int) -> tuple[Share, ...]:
    """The money over these invoices in their order, each up to its balance; the rest is credit."""
    shares, left = [], amount_cents
    for invoice_id, balance in balances:
        part = min(balance, left)
        if part > 0:
            shares.append(Share(invoice_id, part))
            left -= part
    return tuple(shares)
