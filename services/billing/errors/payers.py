"""What can go wrong with who pays for a child."""

from services.chassis.errors import Conflict, FieldError, Invalid, NotFound


class UnknownPayer(NotFound):
    """No third party has this id."""

    slug, title = "unknown-payer", "Ce payeur n’existe pas"


class WrongPayerReference(Invalid):
    """The reference typed to confirm is not this payer's."""

    slug, title = "wrong-payer-reference", "La référence n’est pas celle de ce payeur"


class PayerInUse(Conflict):
    """It still pays for a child, or has something left to be invoiced, to pay or to get back."""

    slug, title = "payer-in-use", "Ce payeur ne peut pas encore être effacé"


class UnknownSharing(NotFound):
    """No sharing has this id."""

    slug, title = "unknown-sharing", "Cette répartition n’existe pas"


class BadThirdParty(Invalid):
    """An invoice could not reach this payer."""

    slug, title = "bad-payer", "Ce payeur ne peut pas être enregistré"


class BadSharing(Invalid):
    """The parts are not those of a whole, or nobody could pay one of them."""

    slug, title = "bad-sharing", "Cette répartition n’est pas valable"

    @classmethod
    def because(cls, field: str, message: str) -> "BadSharing":
        """The refusal, at its field."""
        return cls(message, errors=[FieldError(field, message)])


class SharingsOverlap(Conflict):
    """Of one child and one activity on one day only one sharing can hold."""

    slug = "sharings-overlap"
    title = "Une autre répartition vaut déjà pendant cette période"


class MonthIssued(Conflict):
    """What an invoice holds is not divided again."""

    slug, title = "month-issued", "Des jours de cette période sont déjà facturés"
