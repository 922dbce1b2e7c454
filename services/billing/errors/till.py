"""What can go wrong at the till, with credits and with corrections."""

from services.chassis.errors import Conflict, FieldError, Invalid, NotFound


class BadTakings(Invalid):
    """What was handed over is not described as its kind asks."""

    slug, title = "bad-till-payment", "Ce règlement ne peut pas être enregistré"

    @classmethod
    def because(cls, field: str, message: str) -> "BadTakings":
        """The refusal, at its field."""
        return cls(message, errors=[FieldError(field, message)])


class NotReversible(Conflict):
    """Only money recorded at the till is undone there."""

    slug, title = "not-reversible", "Ce règlement ne peut pas être annulé à la caisse"


class AlreadyReversed(Conflict):
    """The payment was undone before."""

    slug, title = "already-reversed", "Ce règlement est déjà annulé"


class CreditSpent(Conflict):
    """What the payment left to the family's credit was used or paid back since.

    Of a cheque that the bank took back: only where no invoice could claim it.
    """

    slug, title = "credit-spent", "L’avance laissée par ce règlement a déjà été utilisée"


class CreditTooSmall(Conflict):
    """The family has less to its credit than is to be paid back."""

    slug, title = "credit-too-small", "La famille n’a pas autant d’avance"


class UnknownRefund(NotFound):
    """No refund has this id."""

    slug, title = "unknown-refund", "Ce remboursement n’existe pas"


class RefundReversedAlready(Conflict):
    """The refund was undone before."""

    slug, title = "refund-reversed-already", "Ce remboursement est déjà annulé"


class ChequeNotWaiting(Conflict):
    """A cheque that was deposited or undone goes on no slip."""

    slug, title = "cheque-not-waiting", "Un de ces chèques n’est plus à remettre"


class UnknownSlip(NotFound):
    """No deposit slip has this id."""

    slug, title = "unknown-cheque-slip", "Ce bordereau de remise n’existe pas"


class SlipLocked(Conflict):
    """A slip that went to the bank is not changed."""

    slug, title = "cheque-slip-locked", "Ce bordereau est clos"


class UnknownCreditNote(NotFound):
    """No credit note has this id, or it is another family's."""

    slug, title = "unknown-credit-note", "Cet avoir n’existe pas"


class CreditNoteTooHigh(Invalid):
    """More than the invoice, or one of its lines, still holds."""

    slug, title = "credit-note-too-high", "Cet avoir dépasse la facture"
